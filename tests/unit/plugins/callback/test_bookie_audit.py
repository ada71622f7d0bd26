# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The callback's edge: what it reads of a result in each version of core, and that nothing stops a run."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from ansible_collections.bookieops.betmatic.plugins.callback import bookie_audit

CONTENT = {"changed": True, "accounts": [{"account_id": "123", "state": "off", "outcome": "ok", "changed": True, "failed": False}], "reason": None}
FAILED = {"accounts": [{"account_id": "124", "state": "off", "outcome": "rejected", "changed": False, "failed": True}]}


class Task:
    """As much of a task as the callback looks at."""

    check_mode, delegate_to, _uuid = False, None, "task-1"

    def __init__(self, resolved="bookieops.betmatic.bookie_bot", attribute="_resolved_action", action="bookie_bot", **args):
        setattr(self, attribute, resolved)
        self.action, self.args = action, args

    def get_name(self):
        return "Off"


def result(task, content=None, underscored=False):
    parts = {"host": SimpleNamespace(get_name=lambda: "localhost"), "task": task, "result": CONTENT if content is None else content}
    return SimpleNamespace(**{("_" if underscored else "") + name: part for name, part in parts.items()})


@pytest.fixture(name="callback")
def _callback(tmp_path, monkeypatch):
    """A callback that writes to a file of the test; `warnings` are what it shows, `lines` what it wrote."""
    shown, path = [], tmp_path / "trail"
    display = SimpleNamespace(verbosity=0, warning=shown.append, vvvv=shown.append)
    callback = bookie_audit.CallbackModule(display=display)
    monkeypatch.setattr(callback, "get_option", lambda name: str(path))
    callback.warnings = shown
    callback.lines = lambda: [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return callback


@pytest.mark.parametrize("underscored,attribute", [(True, "resolved_action"), (False, "_resolved_action")])
def test_results_of_old_and_new_versions_of_core(underscored, attribute, callback):
    callback.v2_runner_on_ok(result(Task(attribute=attribute), underscored=underscored))
    callback.v2_runner_on_failed(result(Task(attribute=attribute), FAILED, underscored=underscored))
    callback.v2_runner_retry(result(Task(attribute=attribute), FAILED, underscored=underscored))
    callback.v2_runner_on_unreachable(result(Task(attribute=attribute), {"msg": "gone"}, underscored=underscored))
    assert [(line["account_id"], line["failed"], line["host"]) for line in callback.lines()] == [
        ("123", False, "localhost"), ("124", True, "localhost"), ("124", True, "localhost"), (None, True, "localhost"),
    ]


@pytest.mark.parametrize(
    "resolved,action,count",
    [
        ("bookieops.betmatic.bookie_bot", "anything", 1),
        (None, "bookieops.betmatic.bookie_bot", 1),
        (None, "bookie_bot", 1),
        ("other.collection.bookie_bot", "bookie_bot", 0),
        ("bookieops.betmatic.bookie_account_info", "bookie_account_info", 0),
        ("ansible.builtin.async_status", "async_status", 0),
        (None, "{{ template }}", 0),
    ],
)
def test_only_the_switch_is_recorded(resolved, action, count, callback):
    callback.v2_runner_on_ok(result(Task(resolved, action=action)))
    assert len(callback.lines()) == count


def test_a_loop_is_recorded_item_by_item_and_the_next_run_of_it_again(callback):
    task = Task()
    for _run in range(2):
        callback.v2_runner_item_on_ok(result(task))
        callback.v2_runner_item_on_failed(result(task, FAILED))
        callback.v2_runner_item_on_skipped(result(task))
        callback.v2_runner_on_failed(result(task, {"results": [CONTENT, CONTENT]}))
    assert len(callback.lines()) == 4
    callback.v2_runner_on_ok(result(task))
    assert len(callback.lines()) == 5


def test_a_job_is_recorded_when_it_is_over_and_once(callback):
    callback.v2_runner_on_ok(result(Task(state="off", reason="why"), {"ansible_job_id": "j1", "finished": 0, "changed": True}))
    poll = Task("ansible.builtin.async_status")
    callback.v2_runner_retry(result(poll, {"ansible_job_id": "j1", "finished": 0}))
    callback.v2_runner_on_ok(result(poll, {"ansible_job_id": "another", "finished": 1, **CONTENT}))
    for _time in range(2):
        callback.v2_runner_on_ok(result(poll, {"ansible_job_id": "j1", "finished": 1, **CONTENT}))
    assert [(line["task"], line["account_id"]) for line in callback.lines()] == [("Off", None), ("Off", "123")]


def test_a_job_that_is_lost_is_said(callback):
    callback.v2_runner_on_ok(result(Task(state="off"), {"ansible_job_id": "j1", "finished": False}))
    callback.v2_runner_on_failed(result(Task("ansible.legacy.async_status"), {"ansible_job_id": "j1", "msg": "could not find job"}))
    assert [(line["failed"], line["msg"]) for line in callback.lines()[1:]] == [(True, "could not find job")]


def test_a_job_that_was_not_over_in_time_is_recorded_when_it_is_read_later(callback):
    callback.v2_runner_on_ok(result(Task(state="off", account_id="123"), {"ansible_job_id": "j1", "finished": 0, "changed": True}))
    poll = Task("ansible.builtin.async_status")
    callback.v2_runner_on_failed(result(poll, {"ansible_job_id": "j1", "finished": 0, "started": 1}))
    callback.v2_runner_on_ok(result(poll, {"ansible_job_id": "j1", "finished": 1, **CONTENT}))
    assert [(line["account_id"], line["outcome"], line["failed"]) for line in callback.lines()] == [
        ("123", "unknown", False), ("123", "unknown", True), ("123", "ok", False),
    ]
    assert "not over" in callback.lines()[1]["msg"]


def test_the_tokens_that_the_run_knows_are_masked(callback, monkeypatch):
    monkeypatch.setenv("BETMATIC_API_TOKEN", "token-of-the-environment")
    callback.v2_runner_on_failed(result(Task(api_token="token-of-the-task"), {"msg": "token-of-the-task, token-of-the-environment"}))
    assert callback.lines()[0]["msg"] == "********, ********"


def test_what_no_log_hides_is_not_taken_from_the_options(callback):
    callback.v2_runner_on_ok(result(Task(state="off", reason="secret"), {"censored": "hidden by no_log", "changed": True}))
    assert [(line["reason"], line["state"], line["msg"], line["changed"]) for line in callback.lines()] == [(None, None, "hidden by no_log", True)]


def test_a_fault_of_its_own_is_a_warning_without_its_text(callback, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("token-of-the-task")

    monkeypatch.setattr(bookie_audit.audit_entries, "entries", fail)
    callback.v2_runner_on_ok(result(Task()))
    assert len(callback.warnings) == 1 and "AUDIT TRAIL NOT WRITTEN" in callback.warnings[0] and "RuntimeError" in callback.warnings[0]
    assert "token-of-the-task" not in callback.warnings[0]


def test_an_entry_that_cannot_be_written_is_a_warning_each_time(callback, monkeypatch):
    def full(_path, _data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bookie_audit, "append", full)
    callback.v2_runner_on_ok(result(Task()))
    assert "No space left on device" in callback.warnings[0] and "123 off: ok" in callback.warnings[0]


def test_a_user_without_a_name_is_a_number(monkeypatch):
    def unknown(_uid):
        raise KeyError

    monkeypatch.setattr(bookie_audit.pwd, "getpwuid", unknown)
    assert bookie_audit._user() == f"uid {bookie_audit.os.getuid()}"
