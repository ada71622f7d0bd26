# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the audit trail is written, and what happens where it cannot be."""

from __future__ import annotations

import json
import os
import re
import stat
import sys

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import MODULE, command
from ansible_collections.bookieops.betmatic.tests.integration.support.trail import PLUGIN, RUNNING, play, task, trail


def test_the_file_by_default_and_from_the_environment(simulator, tmp_path):
    off = task("Off", {"account_id": "123", "state": "off"})
    play(tmp_path, simulator, off, path=None)
    assert len(trail(tmp_path, simulator, "home/.ansible/bookie_audit.jsonl")) == 1
    play(tmp_path, simulator, off, more={"BOOKIE_AUDIT_PATH": str(tmp_path / "new" / "folder" / "trail.jsonl")})
    assert len(trail(tmp_path, simulator, "new/folder/trail.jsonl")) == 1
    assert stat.S_IMODE(tmp_path.joinpath("new", "folder").stat().st_mode) == 0o700
    assert not tmp_path.joinpath("trail.jsonl").exists()


def test_an_empty_path_is_said_and_is_not_the_current_folder(simulator, tmp_path):
    shown = play(tmp_path, simulator, task("Off", {"account_id": "123", "state": "off"}), path=None, more={"BOOKIE_AUDIT_PATH": ""})
    assert "BOOKIE_AUDIT_PATH is empty and counts as not set" in " ".join(shown.split()) and "NOT WRITTEN" not in shown
    assert len(trail(tmp_path, simulator, "home/.ansible/bookie_audit.jsonl")) == 1


def test_without_being_enabled_it_writes_nothing(simulator, tmp_path):
    tmp_path.joinpath("play.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [
        task("Off", {"account_id": "123", "state": "off"})]}]), encoding="utf-8")
    command(tmp_path, simulator, "playbook", "play.yml", more={"BOOKIE_AUDIT_PATH": str(tmp_path / "trail.jsonl")})
    assert not tmp_path.joinpath("trail.jsonl").exists()


@pytest.mark.parametrize("loads", [{}, {"ANSIBLE_LOAD_CALLBACK_PLUGINS": "1"}])
def test_the_command_ansible_leaves_a_line_only_where_it_loads_callbacks(loads, simulator, tmp_path):
    trail_of = {"ANSIBLE_CALLBACKS_ENABLED": PLUGIN, "BOOKIE_AUDIT_PATH": str(tmp_path / "trail.jsonl"), "ANSIBLE_PYTHON_INTERPRETER": sys.executable}
    command(tmp_path, simulator, "adhoc", "localhost", "-m", MODULE, "-a", "account_id=125 state=on reason=CHG-1042", more={**trail_of, **loads})
    assert simulator.bots()["125"] == "RUNNING"
    if loads:
        (entry,) = trail(tmp_path, simulator)
        assert [entry[field] for field in ("account_id", "state", "outcome", "reason", "host")] == ["125", "on", "ok", "CHG-1042", "localhost"]
        assert entry["playbook"] == str(tmp_path / "__adhoc_playbook__")
    else:
        assert not tmp_path.joinpath("trail.jsonl").exists()


def test_a_second_run_appends_behind_what_a_crash_left(simulator, tmp_path):
    off = task("Off", {"account_id": "123", "state": "off"})
    tmp_path.joinpath("trail.jsonl").write_text('{"time": "2026-', encoding="ascii")
    tmp_path.joinpath("trail.jsonl").chmod(0o640)
    for _run in range(2):
        play(tmp_path, simulator, off)
    lines = tmp_path.joinpath("trail.jsonl").read_text(encoding="ascii").splitlines()
    assert lines[0] == '{"time": "2026-' and [json.loads(line)["account_id"] for line in lines[1:]] == [None, "123"] * 2
    assert stat.S_IMODE(tmp_path.joinpath("trail.jsonl").stat().st_mode) == 0o640


@pytest.mark.parametrize("kind", ["folder", "below a file", "pipe that nobody reads"])
def test_a_trail_that_cannot_be_written_is_a_warning_and_the_bots_are_stopped(kind, simulator, tmp_path):
    simulator.patch_accounts(*RUNNING, {"id": 125, "display_name": "Name {{ x }}", "bot": "RUNNING"})
    path = tmp_path / "no" / "trail"
    if kind == "folder":
        path.mkdir(parents=True)
    elif kind == "below a file":
        path.parent.write_text("", encoding="ascii")
    else:
        path.parent.mkdir()
        os.mkfifo(path)
    every = {"all_accounts": True, "state": "off"}
    shown = play(tmp_path, simulator, task("Emergency stop", every), task("Once more", every), task("Refused", {"state": "off"}), path=path)
    assert set(simulator.bots().values()) == {"STOPPED"}
    words = re.sub(r"\s+", " ", shown)
    assert words.count("AUDIT TRAIL NOT WRITTEN") == 6
    for name in ("Emergency stop", "Once more"):
        assert re.search(f"the task '{name}' on localhost, started at 20[0-9TZ:.-]+: intent", words)
        assert re.search(f"the task '{name}' on localhost, ended at 20[0-9TZ:.-]+: 123 off: ok, 124 off: ok, 125 off: ok", words)
    assert re.search("the task 'Refused' .*: no account named, failed", words)
    warned = "".join(re.findall(r"AUDIT TRAIL.*?make the file writable", words))
    assert "TAB Main" not in warned and "Name" not in warned and "turned" not in warned
