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

    check_mode, delegate_to, _uuid, connection, no_log, until, loop_control = False, None, "task-1", "ssh", None, [], None
    module_defaults, environment = (), ()

    def __init__(self, resolved="bookieops.betmatic.bookie_bot", attribute="_resolved_action", action="bookie_bot", **args):
        setattr(self, attribute, resolved)
        self.action, self.args, self.when = action, args, []

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

    monkeypatch.setattr(bookie_audit.audit_entries, "results", fail)
    callback.v2_runner_on_ok(result(Task()))
    assert len(callback.warnings) == 1 and "AUDIT TRAIL NOT WRITTEN" in callback.warnings[0] and "RuntimeError" in callback.warnings[0]
    assert "token-of-the-task" not in callback.warnings[0]


def test_an_entry_that_cannot_be_written_is_a_warning_each_time(callback, monkeypatch):
    def full(_path, _data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bookie_audit, "append", full)
    callback.v2_runner_on_ok(result(Task()))
    assert "No space left on device" in callback.warnings[0] and "123 off: ok" in callback.warnings[0]


# --- before a task begins


HOST = SimpleNamespace(get_name=lambda: "localhost")


def events(callback):
    return [(line["event"], line["task_id"]) for line in callback.lines()]


def test_an_intent_is_written_before_the_worker_starts_and_its_result_names_it(callback):
    task = Task(state="off", account_id="123")
    for end in (lambda: callback.v2_runner_on_ok(result(task)), lambda: callback.v2_runner_on_unreachable(result(task, {"msg": "gone"}))):
        callback.v2_runner_on_start(HOST, task)
        assert callback.lines()[-1]["asked"] == {"off": ["123"]}
        end()
    (first, one), (second, two), (third, three), (fourth, four) = events(callback)
    assert (first, second, third, fourth) == ("intent", "result") * 2 and one == two and three == four and one != three


@pytest.mark.parametrize("task,count", [
    (Task(), 1), (Task(None, action="bookie_bot"), 1), (Task(None, action="{{ module }}"), 1),
    (Task("bookieops.betmatic.bookie_hold"), 0), (Task("bookieops.betmatic.bookie_account_info"), 0), (Task("ansible.builtin.async_status"), 0),
])
def test_only_what_may_send_has_an_intent(task, count, callback):
    callback.v2_runner_on_start(HOST, task)
    assert len(callback.lines()) == count


def test_a_task_that_is_sure_to_be_skipped_leaves_nothing(callback):
    task = Task()
    task.when = ["x", False]
    callback.v2_runner_on_start(HOST, task)
    callback.v2_runner_on_skipped(result(task, {}))
    assert callback.lines() == []


def test_a_task_that_was_skipped_or_ran_another_module_settles_its_intent(callback):
    callback.v2_runner_on_start(HOST, Task())
    callback.v2_runner_on_skipped(result(Task(), {}))
    callback.v2_runner_on_start(HOST, Task(None, action="{{ module }}"))
    callback.v2_runner_on_ok(result(Task(None, action="ansible.builtin.debug"), {}))
    assert [event for event, _id in events(callback)] == ["intent", "skipped", "intent", "end"]
    assert events(callback)[2][1] == events(callback)[3][1]


def test_a_loop_and_its_attempts_settle_their_intent_at_the_end(callback):
    task = Task()
    callback.v2_runner_on_start(HOST, task)
    callback.v2_runner_retry(result(task, FAILED))
    callback.v2_runner_item_on_ok(result(task))
    callback.v2_runner_item_on_skipped(result(task))
    assert [event for event, _id in events(callback)] == ["intent", "attempt", "item"]
    callback.v2_runner_on_ok(result(task, {"results": []}))
    assert [event for event, _id in events(callback)][3:] == ["end"] and len({task_id for _event, task_id in events(callback)}) == 1


def test_what_no_log_hides_is_not_in_an_intent(callback):
    for no_log in (True, "{{ x }}"):
        task = Task(state="off", account_id="123", reason="secret")
        task.no_log = no_log
        callback.v2_runner_on_start(HOST, task)
    assert [(line["asked"], line["state"], line["reason"]) for line in callback.lines()] == [(None, None, None)] * 2


def test_an_intent_that_cannot_be_written_is_a_warning_and_the_task_goes_on(callback, monkeypatch):
    def full(_path, _data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bookie_audit, "append", full)
    callback.v2_runner_on_start(HOST, Task())
    assert "AUDIT TRAIL NOT WRITTEN" in callback.warnings[0] and "No space left on device" in callback.warnings[0] and ": intent." in callback.warnings[0]


def test_a_job_s_result_names_the_intent_that_started_it(callback):
    callback.v2_runner_on_start(HOST, Task())
    callback.v2_runner_on_ok(result(Task(state="off"), {"ansible_job_id": "j1", "finished": 0, "changed": True}))
    callback.v2_runner_on_ok(result(Task("ansible.builtin.async_status"), {"ansible_job_id": "j1", "finished": 1, **CONTENT}))
    assert [event for event, _id in events(callback)] == ["intent", "background", "result"] and len({task_id for _event, task_id in events(callback)}) == 1


def test_a_hold_is_recorded_with_what_the_module_says(callback):
    task = Task("bookieops.betmatic.bookie_hold", state="present", reason="CHG-1")
    callback.v2_runner_on_ok(result(task, {"changed": True, "hold_id": "20261121T080002-kqzt", "msg": "Placed."}))
    callback.v2_runner_on_failed(result(task, {"msg": "No such folder."}))
    assert [(line["event"], line["hold"], line["changed"], line["failed"], line["msg"]) for line in callback.lines()] == [
        ("hold", "20261121T080002-kqzt", True, False, "Placed."), ("hold", None, False, True, "No such folder."),
    ]


def test_an_empty_path_counts_as_not_set_and_is_said(monkeypatch):
    shown = []
    monkeypatch.setattr(bookie_audit.CallbackBase, "set_options", lambda *_arguments, **_keywords: None)
    for value in ("", "  ", "set"):
        monkeypatch.setenv("BOOKIE_AUDIT_PATH", value)
        bookie_audit.CallbackModule(display=SimpleNamespace(verbosity=0, warning=shown.append)).set_options()
        assert bookie_audit.os.environ.get("BOOKIE_AUDIT_PATH", "") == value.strip()
    assert len(shown) == 2 and "BOOKIE_AUDIT_PATH is empty and counts as not set" in shown[0]
