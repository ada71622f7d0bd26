# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The audit trail of what did not end by itself: each account that may have got a command has a line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import MODULE, PATIENCE, clean_environment, command, descendants, killed_once
from ansible_collections.bookieops.betmatic.tests.integration.support.trail import PLUGIN, RUNNING, play, task, trail, whole_trail
from ansible_collections.bookieops.betmatic.tests.simulator.harness import delay


@pytest.mark.parametrize("in_process", ["true", "false"])
def test_a_task_that_is_cut_off_by_its_timeout_may_have_changed_its_account(in_process, simulator, tmp_path):
    simulator.plan(delay(10, on="control_one", apply="before"))
    play(tmp_path, simulator, task("Cut off", {"account_id": 125, "state": True}, timeout=8), more={"BETMATIC_IN_PROCESS": in_process})
    (entry,) = trail(tmp_path, simulator)
    assert [entry[field] for field in ("account_id", "state", "outcome", "changed", "failed")] == ["125", "on", "unknown", True, True]
    limit = time.monotonic() + PATIENCE
    while simulator.bots()["125"] != "RUNNING":
        assert time.monotonic() < limit, "the module went on"
        time.sleep(0.05)


def killed_while_it_sends(folder, simulator):
    """Run an OFF that the server takes and never answers, and end ansible-playbook; returns the trail's entries."""
    simulator.patch_accounts(*RUNNING)
    simulator.plan(delay(10, on="control_one"))
    text = {"hosts": "localhost", "gather_facts": False, "vars": {"ansible_python_interpreter": sys.executable},
            "tasks": [{"name": "Off", MODULE: {"account_id": ["123"], "state": "off"}}]}
    folder.joinpath("play.yml").write_text(json.dumps([text]), encoding="utf-8")
    environment = clean_environment(folder, {
        "BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token, "ANSIBLE_CALLBACKS_ENABLED": PLUGIN,
        "BOOKIE_AUDIT_PATH": str(folder / "trail.jsonl"),
    })
    seen = []

    def reached():
        # The intent is on the disk when the first byte is: not before the task, and not after it.
        sent = simulator.requests("POST")
        seen.append((bool(sent), folder.joinpath("trail.jsonl").exists()))
        return bool(sent)

    killed_once(reached, [sys.executable, "-m", "ansible", "playbook", "play.yml"], folder, environment)
    assert (True, False) not in seen
    return whole_trail(folder, simulator)


def test_a_playbook_that_was_killed_leaves_its_intent_and_the_page_says_not_known(simulator, tmp_path):
    (entry,) = killed_while_it_sends(tmp_path, simulator)
    assert (entry["event"], entry["asked"], entry["task"]) == ("intent", {"off": ["123"]}, "Off")
    command(tmp_path, simulator, "playbook", "bookieops.betmatic.audit_page", "-e", f"bookie_audit_file={tmp_path / 'trail.jsonl'}")
    page = tmp_path.joinpath("trail.html").read_text(encoding="utf-8")
    assert "Not known: may have sent commands" in page and "OFF for 123" in page


def interrupt(process):
    """Ctrl-C: a terminal sends SIGINT to the process group."""
    os.killpg(process.pid, signal.SIGINT)


def end_worker(process):
    """SIGTERM to the worker alone, as some platforms end what they do not know."""
    os.kill(descendants(process.pid)[0], signal.SIGTERM)


def kill(process):
    """SIGKILL to the process group, as a cancelled job gets it: a worker has a group of its own, and its OFFs go on."""
    os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("end,outcomes", [(interrupt, ["unknown", "not_attempted"]), (end_worker, ["unknown", "not_attempted"]), (kill, ["ok", "ok"])])
def test_what_was_ended_while_it_sent_leaves_a_line_for_each_account(end, outcomes, simulator, tmp_path):
    simulator.patch_accounts(*RUNNING)
    simulator.plan(delay(1.5, on="control_one", times=None))
    off = {"name": "Off", MODULE: {"account_id": ["123", "124"], "state": "off", "concurrency": 1, "api_token": simulator.token, "reason": "CHG-7"}}
    tmp_path.joinpath("play.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [off]}]), encoding="utf-8")
    environment = clean_environment(tmp_path, {
        "BETMATIC_API_URL": simulator.url, "ANSIBLE_CALLBACKS_ENABLED": PLUGIN, "BOOKIE_AUDIT_PATH": str(tmp_path / "trail.jsonl"),
    })
    process = subprocess.Popen(
        [sys.executable, "-m", "ansible", "playbook", "play.yml"], cwd=tmp_path, env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    limit = time.monotonic() + PATIENCE
    while not simulator.requests("POST") and time.monotonic() < limit:
        time.sleep(0.02)
    end(process)
    process.wait(PATIENCE)
    while len(entries := whole_trail(tmp_path, simulator)) < 3 and time.monotonic() < limit:
        time.sleep(0.05)
    assert [(one["event"], one["account_id"], one["outcome"]) for one in entries] == [
        ("intent", None, None), ("result", "123", outcomes[0]), ("result", "124", outcomes[1]),
    ]
    assert len({one["task_id"] for one in entries}) == 1 and {one["reason"] for one in entries} == {"CHG-7"}
