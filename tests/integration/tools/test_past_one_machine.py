# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Several nodes and several tokens: the emergency stop on a node of its own, a node that dies, two accounts on one controller."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.pages import block_with, blocks
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, clean_environment, command, descendants
from ansible_collections.bookieops.betmatic.tests.integration.support.rulebooks import temporary_folder
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import run, running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, delay

PAGE = "docs/past_one_machine.md"
SIDE_BY_SIDE, (TRANSMIT, WORKER, PROCESS) = blocks(PAGE, "shell")[0], blocks(PAGE, "shell")[1].splitlines()


@pytest.fixture(name="node")
def _node(fleet, tmp_path):
    """The environment of a node: its token is in a file, outside of what the runner keeps."""
    with temporary_folder() as temporary:
        (tmp_path / "job" / "project").mkdir(parents=True)
        file = tmp_path / "secret" / "token"
        file.parent.mkdir()
        file.write_text(fleet.token + "\n", encoding="utf-8")
        settings = {"BETMATIC_API_URL": fleet.url, "BETMATIC_API_TOKEN_FILE": str(file), "BETMATIC_HOLDS": str(tmp_path / "holds"), "TMPDIR": temporary}
        yield clean_environment(tmp_path, {**settings, "TERM": "dumb"})


def shell(folder, environment, line):
    """Run a line of the page; returns its code and what it shows."""
    ran = subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False, timeout=PATIENCE,
    )
    return ran.returncode, ran.stdout


def assert_no_token(folder, token):
    kept = [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "secret"]
    assert {"request", "answer", "rc", "command"} <= {path.name for path in kept}
    for path in kept:
        rules.assert_no_leak(path.read_text(encoding="utf-8", errors="replace"), token)


def test_a_stop_on_another_node_and_one_that_fails_there(fleet, node, tmp_path):
    for line in (TRANSMIT, WORKER):
        assert shell(tmp_path, node, line)[0] == 0
    code, shown = shell(tmp_path, node, PROCESS)
    assert code == 0 and "6 of 6 accounts as wanted" in shown and set(fleet.bots().values()) == {"STOPPED"}
    assert_no_token(tmp_path, fleet.token)
    fleet.patch_accounts({"id": 203, "maintenance": True, "bot": "RUNNING"})
    assert shell(tmp_path, node, WORKER)[0] == 2
    # What ansible-runner itself makes of it, and what the page does.
    assert shell(tmp_path, node, PROCESS.split(" &&")[0])[0] == 0
    code, shown = shell(tmp_path, node, PROCESS)
    assert code != 0 and "NOT proven off: 203 (406" in shown


def started(folder, environment, fleet):
    """Start the worker, and wait until it has sent three OFFs."""
    # One after the other, each slowly, so that there is a middle.
    fleet.plan(answer(500, on="control_all", times=None), delay(0.3, command="OFF", times=None))
    assert shell(folder, environment, TRANSMIT.replace(" >", " --cmdline '-e bookie_concurrency=1' >"))[0] == 0
    arguments = ["bash", "-c", "exec " + WORKER]
    worker = subprocess.Popen(arguments, cwd=folder, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
    limit = time.monotonic() + PATIENCE
    while [entry["command"] for entry in fleet.requests("POST")].count("OFF") < 3:
        assert worker.poll() is None and time.monotonic() < limit
        time.sleep(0.02)
    return worker


def test_a_node_that_dies_in_the_middle_sends_nothing_more_and_another_one_completes_the_stop(fleet, node, tmp_path, record_property):
    worker = started(tmp_path, node, fleet)
    for pid in [worker.pid, *descendants(worker.pid)]:
        os.kill(pid, signal.SIGKILL)
    worker.wait()
    sent = len(fleet.requests("POST"))
    assert set(fleet.bots().values()) == {"RUNNING", "STOPPED"}
    assert shell(tmp_path, node, PROCESS)[0] != 0 and not tmp_path.joinpath("result", "artifacts", "rc").exists()
    assert len(fleet.requests("POST")) == sent
    fleet.clear_plan()
    began = time.monotonic()
    run(tmp_path, fleet, "emergency_stop", more={"BETMATIC_HOLDS": node["BETMATIC_HOLDS"]})
    record_property("a stop on a second node, from its start to every bot proven off, s", round(time.monotonic() - began, 1))
    assert set(fleet.bots().values()) == {"STOPPED"}


def test_a_runner_that_dies_leaves_a_stop_that_completes(fleet, node, tmp_path):
    worker = started(tmp_path, node, fleet)
    below = descendants(worker.pid)
    worker.kill()
    worker.wait()
    limit = time.monotonic() + PATIENCE
    while any(os.path.exists(f"/proc/{pid}") for pid in below):
        assert time.monotonic() < limit
        time.sleep(0.05)
    assert set(fleet.bots().values()) == {"STOPPED"} and list(tmp_path.glob("holds/*.json"))
    assert shell(tmp_path, node, PROCESS)[0] != 0


def folders(home, **tokens):
    for name, token in tokens.items():
        folder = home / "fleets" / name
        folder.mkdir(parents=True, exist_ok=True)
        folder.joinpath("token").write_text(token + "\n", encoding="utf-8")


def test_two_tokens_side_by_side_and_one_of_them_has_expired(fleet, tmp_path):
    folders(tmp_path / "home", north=fleet.token, south="expired-or-mistyped-token")
    code, shown = shell(tmp_path, clean_environment(tmp_path, {"BETMATIC_API_URL": fleet.url}), SIDE_BY_SIDE)
    assert code == 123 and "401" in shown and "6 of 6 accounts as wanted" in shown
    assert set(fleet.bots().values()) == {"STOPPED"}
    assert [len(list((tmp_path / "home" / "fleets" / name).glob("holds/*.json"))) for name in ("north", "south")] == [1, 1]
    rules.assert_no_leak(shown, fleet.token)


def test_an_inventory_of_two_tokens_switches_each_account_with_its_own(simulator_of, tmp_path):
    north, south = simulator_of(number=11), simulator_of(number=12, token="the-token-of-the-south-0123456789")
    north.put_accounts(running(2))
    south.put_accounts(running(2, first=301))
    folders(tmp_path / "home", north=north.token, south=south.token)
    source = block_with(PAGE, "plugin")
    for name, service in (("north", north), ("south", south)):
        text = source.replace("north", name) + f"  betmatic_url: \"'{service.url}'\"\napi_url: {service.url}\n"
        tmp_path.joinpath(f"{name}.bookie_accounts.yml").write_text(text, encoding="utf-8")
    [play] = [block for block in blocks(PAGE, "yaml") if "hosts:" in block]
    # Each service knows but its own token.
    play = play.replace("api_token_file:", 'api_url: "{{ betmatic_url }}"\n        api_token_file:')
    tmp_path.joinpath("off.yml").write_text(play, encoding="utf-8")
    sources = [argument for name in ("north", "south") for argument in ("-i", f"{name}.bookie_accounts.yml")]
    shown = command(tmp_path, north, "playbook", "off.yml", *sources, more={"ANSIBLE_NOCOLOR": "1"})
    assert json.dumps([north.bots(), south.bots()]).count("STOPPED") == 4
    for service in (north, south):
        assert service.violations() == [] and {entry["command"] for entry in service.requests("POST")} == {"OFF"}
        rules.assert_no_leak(shown, service.token)
    # North's token expires. Without the settings of the page, the name that both have becomes south's, and the run ends as if all were well.
    for service, file in ((north, "north"), (south, "south")):
        service.put_accounts([{**running(1)[0], "id": 7 if service is north else 9, "display_name": "TAB Main"}])
        service.clear_log()
        source = tmp_path / f"{file}.bookie_accounts.yml"
        source.write_text(source.read_text(encoding="utf-8") + "hostname: display_name\n", encoding="utf-8")
    folders(tmp_path / "home", north="expired-or-mistyped-token")
    pattern = ("playbook", "off.yml", *sources, "--limit", "TAB_Main")
    command(tmp_path, north, *pattern)
    assert south.bots() == {"9": "STOPPED"} and north.bots() == {"7": "RUNNING"}
    (settings,) = blocks(PAGE, "ini")
    tmp_path.joinpath("ansible.cfg").write_text(settings, encoding="utf-8")
    south.patch_accounts({"id": 9, "bot": "RUNNING"})
    shown = command(tmp_path, north, *pattern, code=1)
    assert "north.bookie_accounts.yml" in shown and south.bots() == {"9": "RUNNING"}
