# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What decides whether a module's work is done in this process, and what is masked in its result."""

from __future__ import annotations

import json
import os
import signal
import sys
from types import SimpleNamespace

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils import _in_process
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import entries, interrupted
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit.connection import Connection
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit.surroundings import surroundings
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._in_process import Surroundings, Task, as_modules_see_them, masked, why_shipped


@pytest.mark.parametrize("interpreter", [None, "", "auto", "auto_silent", "auto_legacy", "auto_legacy_silent", sys.executable])
def test_it_is_done_here_on_this_machine_as_this_user_with_this_python(interpreter):
    assert why_shipped(Surroundings(interpreter=interpreter)) is None


@pytest.mark.parametrize(("found", "why"), [
    (Surroundings(allowed=False), "bookie_in_process"),
    (Surroundings(system="darwin"), "darwin"),
    (Surroundings(system="win32"), "win32"),
    (Surroundings(in_main_thread=False), "main thread"),
    (Surroundings(connection="ansible.plugins.connection.ssh"), "connection"),
    (Surroundings(connection="ansible_collections.somebody.tools.plugins.connection.local"), "connection"),
    (Surroundings(become=True), "become"),
    (Surroundings(in_background=True), "background"),
    (Surroundings(environment=("HTTPS_PROXY",)), "HTTPS_PROXY"),
    (Surroundings(keeps_files=True), "ANSIBLE_KEEP_REMOTE_FILES"),
    (Surroundings(interpreter="/usr/bin/another-python"), "interpreter"),
    (Surroundings(has_requests=False), "requests"),
])
def test_each_condition_alone_ships_the_module(found, why):
    assert why in why_shipped(found)


def test_another_path_to_the_same_python_is_another_python(tmp_path):
    link = tmp_path / "python"
    link.symlink_to(sys.executable)
    assert why_shipped(Surroundings(interpreter=str(link))) is not None


def test_options_are_plain_data_as_modules_see_them():
    class Text(str):
        pass

    seen = as_modules_see_them({"account_id": [Text("123"), 124], "state": "off", "reason": None})
    assert seen == {"account_id": ["123", 124], "state": "off", "reason": None}
    assert not isinstance(seen["account_id"][0], Text)


def _task(**more):
    return Task("bookie_bot", {}, {}, False, False, False, **more)


def test_secrets_are_masked_wherever_they_stand_and_booleans_stay(monkeypatch):
    monkeypatch.setattr(_in_process._module, "mask_secrets", None)
    monkeypatch.setattr(_in_process._module, "register_secrets", None)
    result = masked({"changed": True, "msg": "it says token-of-the-task", "accounts": [{"message": "token-of-the-task"}], "reason": None},
                    _task(no_log_values={"token-of-the-task", "True"}))
    assert "token-of-the-task" not in str(result)
    assert (result["changed"], result["reason"]) == (True, None)


def test_from_core_2_22_on_core_masks_what_is_registered(monkeypatch):
    registered = []
    monkeypatch.setattr(_in_process._module, "register_secrets", registered.extend)
    monkeypatch.setattr(_in_process._module, "mask_secrets", lambda text: text.replace("token-of-the-task", "$REDACTED$"))
    result = masked({"changed": False, "msg": "it says token-of-the-task", "accounts": [{"message": "token-of-the-task"}]},
                    _task(no_log_values={"token-of-the-task"}))
    assert registered == ["token-of-the-task"]
    assert result == {"changed": False, "msg": "it says $REDACTED$", "accounts": [{"message": "$REDACTED$"}]}


# --- what ends a task

HOST, UUID = "localhost", "uuid-of-the-task"


def account(account_id, outcome="unknown"):
    return {"account_id": account_id, "state": "off", "outcome": outcome, "changed": True, "failed": True}


def action(work, **keywords):
    """An action whose module does this work: `work(task)` returns the accounts."""

    def result_of(task):
        return {"changed": True, "failed": True, "msg": "1 account NOT proven off", "accounts": work(task)}

    one = object.__new__(type("Action", (_in_process.InProcess,), {"module": SimpleNamespace(argument_spec=dict, result_of=result_of)}))
    keywords = {"no_log": False, "loop": None, "loop_with": None, **keywords}
    one._task = SimpleNamespace(_uuid=UUID, action="bookie_bot", args={}, check_mode=False, diff=False, timeout=0, **keywords)
    one._loader = SimpleNamespace(get_basedir=lambda: "/nowhere")
    return one


@pytest.fixture(name="ended")
def _ended():
    """The signals that this process got once the handlers of the task were gone."""
    seen = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: seen.append(number))
    yield seen
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(name="trail")
def _trail(tmp_path):
    """The file of a trail in which the task has begun."""
    where = Connection("https://betmatic.app/api", None, ("token-of-the-task",))
    task = entries.Task("0011", surroundings({}, {}), where, "/stop.yml", "Stop", "Off", HOST, False)
    interrupted.note((HOST, UUID), str(tmp_path / "trail.jsonl"), task)
    yield tmp_path / "trail.jsonl"
    interrupted.forget((HOST, UUID))


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()] if path.exists() else []


def catching(task):
    """Catch SIGTERM as the engine does; returns what is caught."""
    caught = []
    signal.signal(signal.SIGTERM, lambda number, frame: caught.append(number))
    task.caught = lambda: caught[0] if caught else None


def test_a_signal_at_the_very_end_of_a_task_is_not_swallowed(ended, monkeypatch):
    real = _in_process.masked

    def masked_late(result, task):
        os.kill(os.getpid(), signal.SIGTERM)
        return real(result, task)

    monkeypatch.setattr(_in_process, "masked", masked_late)
    result = action(lambda task: catching(task) or [account("123")])._done_here({"inventory_hostname": HOST})
    assert ended == [signal.SIGTERM] and result["accounts"]


def interrupted_after(accounts, **keywords):
    def work(task):
        catching(task)
        os.kill(os.getpid(), signal.SIGTERM)
        return accounts

    return action(work, **keywords)._done_here({"inventory_hostname": HOST})


def test_after_a_signal_each_account_has_its_line_in_the_trail(ended, trail):
    interrupted_after([account("123", "ok"), account("124")])
    told = [(one["event"], one["task_id"], one["account_id"], one["outcome"]) for one in lines(trail)]
    assert told == [("result", "0011", "123", "ok"), ("result", "0011", "124", "unknown")] and ended == [signal.SIGTERM]


def test_an_item_that_a_signal_ends_leaves_the_intent_of_its_loop_open(ended, trail):
    interrupted_after([account("123")], loop=["123", "124"])
    assert [one["event"] for one in lines(trail)] == ["item"] and ended


def test_what_no_log_hides_stays_hidden_in_the_trail(ended, trail):
    interrupted_after([account("123")], no_log=True)
    (line,) = lines(trail)
    assert (line["account_id"], line["outcome"], line["changed"]) == (None, "unknown", True) and "hidden by no_log" in line["msg"] and ended


def test_a_trail_that_cannot_be_written_keeps_no_worker(ended, trail):
    trail.mkdir()
    interrupted_after([account("123")])
    assert ended == [signal.SIGTERM]


def test_once_ansible_is_gone_the_lines_are_written_though_no_signal_came(trail, monkeypatch):
    monkeypatch.setattr(_in_process, "is_orphan", lambda: True)
    action(lambda task: [account("123", "ok")])._done_here({"inventory_hostname": HOST})
    assert [one["account_id"] for one in lines(trail)] == ["123"]


def test_a_task_that_ends_as_it_should_is_left_to_the_callback(trail, monkeypatch):
    monkeypatch.setattr(_in_process, "is_orphan", lambda: False)
    action(lambda task: [account("123", "ok")])._done_here({"inventory_hostname": HOST})
    assert lines(trail) == []
