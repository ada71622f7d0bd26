# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a task returned -> lines of the trail."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import entries as audit_entries
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit.connection import Connection
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit.surroundings import Surroundings

TOKEN = "eyJhbGciOi.short.eyJ1c2VyX2lk"
TIME = "2026-11-21T08:00:00.000Z"
TASK = audit_entries.Task(
    task_id="0123456789abcdef", who=Surroundings("anna", 1000), where=Connection("https://betmatic.app/api", "user_id:3f2a9c0d1e4b", ()),
    playbook="/srv/race_day.yml", play="Race day", task="Off", host="localhost", check_mode=False,
    options={"account_id": ["123"], "state": "off", "reason": "asked"},
)
ENDED = (TASK, audit_entries.Ended(TIME, "result", False))
FAILED = (TASK, audit_entries.Ended(TIME, "result", True))


def changed(ended, **fields):
    """The same end of a task with other fields."""
    return (replace(ended[0], **fields), ended[1])


def account(account_id="123", **fields):
    known = {"display_name": "TAB", "state": "off", "outcome": "ok", "changed": True, "failed": False, "previous_status": "RUNNING",
             "bot_status": "STOPPED", "http_status": 200, "message": "Bot turned OFF", "attempts": 1, "session_info": None, "timestamp": None}
    return {"account_id": account_id, **known, **fields}


def result(*accounts, **more):
    return {"changed": any(one["changed"] for one in accounts), "msg": "the task's words", "accounts": list(accounts), "reason": "returned", **more}


def entries(ended, returned, *tokens):
    task = replace(ended[0], where=replace(ended[0].where, tokens=tokens))
    return audit_entries.results(task, ended[1], returned)


def test_an_entry_has_the_fields_in_their_order_and_no_others():
    (entry,) = entries(ENDED, result(account()))
    assert tuple(entry) == audit_entries.FIELDS
    assert entry == {
        "time": TIME, "event": "result", "task_id": "0123456789abcdef", "user": "anna", "uid": 1000, "sudo_user": None, "platform": None,
        "platform_user": None, "platform_job": None, "api_url": "https://betmatic.app/api", "token_account": "user_id:3f2a9c0d1e4b",
        "playbook": "/srv/race_day.yml", "play": "Race day", "task": "Off", "host": "localhost",
        "account_id": "123", "display_name": "TAB", "state": "off", "outcome": "ok", "changed": True, "failed": False, "previous_status": "RUNNING",
        "bot_status": "STOPPED", "http_status": 200, "message": "Bot turned OFF", "reason": "returned", "hold": None,
        "override_hold": None, "check_mode": False,
    }


def test_failed_and_changed_are_the_account_s_own():
    some = entries(FAILED, result(account(), account("124", failed=True, changed=False, outcome="rejected")))
    assert [(entry["account_id"], entry["changed"], entry["failed"]) for entry in some] == [("123", True, False), ("124", False, True)]


@pytest.mark.parametrize(
    "ended,returned",
    [
        (FAILED, result(account(), summary={"unlisted": 2})),
        (ENDED, result(account(), summary={"unlisted": 2})),
        (FAILED, result(account())),
        (changed(FAILED, options={"all_accounts": True}), result(account(failed=True))),
        (ENDED, result(account(changed=False), changed=True)),
    ],
)
def test_what_the_accounts_do_not_tell_has_an_entry_of_its_own(ended, returned):
    first, whole = entries(ended, returned)
    assert first["account_id"] == "123" and "msg" not in first
    assert whole["account_id"] is None and whole["outcome"] is None and whole["msg"] == "the task's words"
    assert (whole["failed"], whole["changed"]) == (ended[1].failed, returned["changed"])


@pytest.mark.parametrize(
    "ended,returned,msg",
    [
        (FAILED, {"msg": "deadline is -1. Nothing was sent.\n"}, "deadline is -1. Nothing was sent.\n"),
        (FAILED, {"accounts": [], "msg": "empty"}, "empty"),
        (FAILED, {"accounts": [None, "text"], "msg": "odd"}, "odd"),
        (ENDED, {"accounts": [], "msg": "an empty fleet"}, "an empty fleet"),
        (ENDED, {"censored": "hidden"}, "hidden"),
        (changed(FAILED, check_mode=True), {"msg": "Timed out"}, "Timed out"),
        (ENDED, {}, "The task left no message."),
        (ENDED, {"msg": ["a", "list"]}, "The task left no message."),
    ],
)
def test_without_accounts_there_is_one_entry_that_says_why(ended, returned, msg):
    (entry,) = entries(ended, returned)
    assert tuple(entry) == (*audit_entries.FIELDS, "msg")
    assert (entry["account_id"], entry["outcome"], entry["changed"], entry["failed"], entry["msg"]) == (None, None, False, ended[1].failed, msg)
    assert (entry["state"], entry["reason"]) == ("off", "asked")


STARTED = "Started in the background. Its result is recorded where the playbook reads it with async_status."


@pytest.mark.parametrize(
    "ended,returned,msg",
    [
        (FAILED, {"msg": "Timed out", "changed": False}, "Timed out"),
        (FAILED, {"msg": "gone", "unreachable": True}, "gone"),
        (FAILED, {"accounts": "no list", "msg": "MODULE FAILURE", "rc": 1}, "MODULE FAILURE"),
        (FAILED, {"accounts": [], "changed": True, "msg": "NOT proven: a fault"}, "NOT proven: a fault"),
        (FAILED, {}, "The task left no message."),
        (ENDED, {"ansible_job_id": "j1", "started": 1, "changed": True}, STARTED),
        (FAILED, {"ansible_job_id": "j1", "finished": 0}, "It was not over when the playbook last read it with async_status."),
    ],
)
def test_what_may_have_been_sent_is_unknown_for_each_account_asked_for(ended, returned, msg):
    some = entries(changed(ended, options={"account_id": ["123", 124], "state": False, "reason": "asked"}), returned)
    assert [entry["account_id"] for entry in some] == ["123", "124"]
    for entry in some:
        assert tuple(entry) == (*audit_entries.FIELDS, "msg")
        assert (entry["state"], entry["outcome"], entry["changed"], entry["failed"], entry["msg"]) == ("off", "unknown", True, ended[1].failed, msg)
        assert (entry["http_status"], entry["message"], entry["reason"]) == (None, None, "asked")


TWO = [{"account_id": 1, "state": "on"}, {"account_id": "2", "state": None}]


@pytest.mark.parametrize(
    "options,asked",
    [
        ({"account_id": 123, "state": "on"}, [("123", "on")]),
        ({"account_ids": "123,124", "state": True}, [("123", "on"), ("124", "on")]),
        ({"accounts": TWO, "state": "off"}, [("1", "on"), ("2", "off")]),
        ({"accounts": TWO}, [(None, None)]),
        ({"accounts": [TWO[0], {"account_id": "{{ x }}", "state": "on"}]}, [(None, None)]),
        ({"accounts": [TWO[0], "odd"], "state": "on"}, [(None, "on")]),
        ({"accounts": "{{ x }}", "state": "on"}, [(None, "on")]),
        ({"accounts": TWO, "account_id": "3", "state": "on"}, [(None, "on")]),
        ({"account_id": "123, 124", "state": "off"}, [(None, "off")]),
        ({"account_id": [], "state": "off"}, [(None, "off")]),
        ({"account_id": [True], "state": "off"}, [(None, "off")]),
        ({"account_id": "123", "state": "{{ x }}"}, [(None, None)]),
        ({"account_id": "eyJhbGciOi", "state": "off"}, [(None, "off")]),
        ({"all_accounts": True, "state": "off"}, [(None, "off")]),
        ({"all_accounts": "yes", "account_id": "1", "state": "off"}, [(None, "off")]),
        ({}, [(None, None)]),
    ],
)
def test_whom_a_task_that_was_cut_off_was_for(options, asked):
    some = entries(changed(FAILED, options=options), {"msg": "Timed out"}, TOKEN)
    assert [(entry["account_id"], entry["state"]) for entry in some] == asked
    assert all(entry["outcome"] == "unknown" and entry["changed"] for entry in some)


def test_what_is_hidden_and_failed_may_have_been_sent():
    (entry,) = entries(changed(FAILED, options={}), {"censored": "hidden", "changed": False})
    assert (entry["account_id"], entry["outcome"], entry["changed"], entry["msg"]) == (None, "unknown", True, "hidden")


@pytest.mark.parametrize("given,state", [(True, "on"), (False, "off"), ("on", "on"), ("{{ x }}", None), (None, None), (["on"], None), (1.5, None)])
def test_the_state_that_was_asked_for(given, state):
    assert entries(changed(FAILED, options={"state": given}), {})[0]["state"] == state


def test_the_token_and_its_long_parts_are_masked_in_every_text():
    words = f"a {TOKEN} b eyJhbGciOi c eyJ1c2VyX2lk d short"
    texts = dict.fromkeys(("playbook", "play", "task", "host"), words)
    told = result(account(display_name=words, previous_status=words, bot_status=words, message=words), reason=words)
    for entry in entries(changed(ENDED, **texts), told, TOKEN) + entries(changed(ENDED, **texts), {"msg": words}, TOKEN):
        line = audit_entries.lines([entry]).decode()
        assert "eyJhbGciOi" not in line and "eyJ1c2VyX2lk" not in line
        assert entry["task"] == "a ******** b ******** c ******** d short"


def test_a_line_is_ascii_json_whatever_the_text():
    odd = "Zo\u00eb \u202e \ud800 \x1b[31m \n \u2028"
    data = audit_entries.lines(entries(ENDED, result(account(display_name=odd), account("124"))))
    assert data.isascii() and data.count(b"\n") == 2 and data.endswith(b"\n") and b"\x1b" not in data
    assert json.loads(data.splitlines()[0])["display_name"] == odd


def test_the_warning_names_what_is_lost_and_no_word_of_the_service():
    some = entries(ENDED, result(*(account(str(1000 + number), display_name="{{ evil }}", message="evil") for number in range(25))))
    text = audit_entries.not_recorded(some, "/the/path", "No space left on device")
    assert "AUDIT TRAIL NOT WRITTEN to /the/path: No space left on device" in text
    assert "'Off' on localhost, ended at 2026-11-21T08:00:00.000Z: 1000 off: ok, " in text and "1019 off: ok and 5 more" in text
    assert "evil" not in text and "TAB" not in text
    assert "no account named, failed" in audit_entries.not_recorded(entries(FAILED, {"msg": "evil. Nothing was sent."}), "p", "w")
    assert "123 off: unknown" in audit_entries.not_recorded(entries(FAILED, {"msg": "evil"}), "p", "w")
    assert "123 off: ok in check mode" in audit_entries.not_recorded(entries(changed(ENDED, check_mode=True), result(account())), "p", "w")


# --- before and around a result


@pytest.mark.parametrize(
    "options,asked,state",
    [
        ({"account_id": ["123", 124], "state": "off"}, {"off": ["123", "124"]}, "off"),
        ({"accounts": [{"account_id": "1", "state": "on"}, {"account_id": "2", "state": "off"}]}, {"on": ["1"], "off": ["2"]}, None),
        ({"all_accounts": True, "state": False}, {"off": "all"}, "off"),
        ({"all_accounts": "{{ x }}", "state": "on"}, None, "on"),
        ({"account_id": "{{ item }}", "state": "off"}, None, "off"),
        ({"account_id": "eyJhbGciOi", "state": "off"}, None, "off"),
        ({}, None, None),
    ],
)
def test_an_intent_says_what_is_asked_for_where_no_template_decides(options, asked, state):
    task = replace(TASK, options=options, where=replace(TASK.where, tokens=(TOKEN,)))
    entry = audit_entries.intent(task, TIME)
    assert tuple(entry) == (*audit_entries.FIELDS, "asked")
    assert (entry["event"], entry["asked"], entry["state"], entry["task_id"]) == ("intent", asked, state, "0123456789abcdef")
    # What is not known yet is neither a success nor a failure.
    assert (entry["outcome"], entry["changed"], entry["failed"], entry["account_id"]) == (None, None, None, None)


def test_an_intent_holds_no_template_and_no_token():
    options = {"reason": "{{ x }}", "override_hold": "{{ y }}"}
    entry = audit_entries.intent(replace(TASK, options=options, play=f"with {TOKEN}", where=replace(TASK.where, tokens=(TOKEN,))), TIME)
    assert (entry["reason"], entry["override_hold"], entry["play"]) == (None, None, "with ********")
    assert audit_entries.intent(replace(TASK, options={"reason": "CHG-1", "override_hold": "h1"}), TIME)["override_hold"] == "h1"


def test_what_ended_without_a_result_says_so():
    entry = audit_entries.closing(TASK, TIME, "skipped", "The task was skipped. Nothing was sent.")
    assert (entry["event"], entry["changed"], entry["failed"], entry["msg"]) == ("skipped", None, None, "The task was skipped. Nothing was sent.")


@pytest.mark.parametrize("late,outcome,said", [(False, None, "Nothing was sent."), (True, "unknown", "undefined")])
def test_what_core_refused_was_not_sent_unless_core_may_have_said_it_later(late, outcome, said):
    (entry,) = entries(changed(FAILED, late_templates=late), {"msg": "'acount' is undefined"})
    assert (entry["outcome"], entry["changed"]) == (outcome, outcome is not None) and entry["msg"].endswith(said)
    assert entries(FAILED, {"msg": "value of state must be one of: on, off, got: aus"})[0]["msg"].endswith("got: aus. Nothing was sent.")


def test_where_it_went_is_what_the_module_says():
    (entry,) = entries(ENDED, result(account(), api_url="http://127.0.0.1:8080/api", hold_id="h1"))
    assert (entry["api_url"], entry["hold"]) == ("http://127.0.0.1:8080/api", "h1")


def test_a_task_of_bookie_hold_is_one_entry():
    task = replace(TASK, options={"name": "maintenance", "state": "absent", "id": "20261121T080002-kqzt", "reason": "over"})
    entry = audit_entries.hold(task, audit_entries.Ended(TIME, "result", False), {"changed": True, "msg": "Lifted."})
    assert (entry["event"], entry["state"], entry["hold"], entry["reason"], entry["changed"]) == ("hold", "absent", "20261121T080002-kqzt", "over", True)
    task = replace(TASK, options={"name": "maintenance"})
    placed = audit_entries.hold(task, audit_entries.Ended(TIME, "result", True), {"hold_id": "h2", "reason": None, "msg": "No."})
    hidden = audit_entries.hold(replace(TASK, options={}), audit_entries.Ended(TIME, "result", False), {"censored": "hidden"})
    assert (hidden["state"], hidden["hold"], hidden["msg"]) == (None, None, "hidden")
    assert (placed["hold"], placed["state"], placed["reason"], placed["failed"], placed["msg"]) == ("h2", "present", None, True, "No.")


def test_the_warning_of_an_intent_says_started():
    words = audit_entries.not_recorded([audit_entries.intent(TASK, TIME)], "/the/path", "full")
    assert f"the task 'Off' on localhost, started at {TIME}: intent. " in words
