# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tables of verdicts: what an answer or a reading makes of an account's record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import (
    AccountList,
    BulkAnswer,
    BulkRow,
    ControlAnswer,
    ListedAccount,
    Maybe,
    NotSent,
    Refusal,
)
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import bulk, verdicts
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.predictions import predict
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.proof import reading_of
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import OUTCOMES, Record, Target, new_record

FRESH = {state: Record("123", state) for state in ("on", "off")}


def answer(status="success", bot=None, before=None, **more):
    return ControlAnswer("123", status, bot_status=bot, previous_status=before, **more)


# (what the service answers, outcome, changed)
ANSWERS_TO_OFF = {
    "stopped from running": (answer(bot="STOPPED", before="RUNNING"), "ok", True),
    "stopped from stopped": (answer(bot="STOPPED", before="STOPPED"), "ok", False),
    "stopped from nobody knows": (answer(bot="STOPPED"), "ok", True),
    "failed, was and is stopped": (answer("failed", bot="STOPPED", before="STOPPED"), "ok", False),
    "failed, is stopped, before unknown": (answer("failed", bot="STOPPED"), "rejected", False),
    "failed, but it says that it stopped": (answer("failed", bot="STOPPED", before="RUNNING"), "unknown", True),
    "failed, still running": (answer("failed", bot="RUNNING", before="RUNNING"), "rejected", False),
    "failed with words alone": (answer("failed", message="Bot already stopped"), "rejected", False),
    "success, still running": (answer(bot="RUNNING", before="RUNNING"), "unknown", True),
    "success, stopping": (answer(bot="STOPPING", before="RUNNING"), "unknown", True),
    "success in lower case": (answer(bot="stopped", before="RUNNING"), "unknown", True),
    "success without a status": (answer(), "unknown", True),
    "stopped with sessions": (answer(bot="STOPPED", before="RUNNING", no_sessions=False), "unknown", True),
    "400": (Refusal(400), "rejected", False),
    "401": (Refusal(401), "rejected", False),
    "404": (Refusal(404), "rejected", False),
    "406": (Refusal(406), "rejected", False),
    "302": (Refusal(302), "rejected", False),
    "500": (Maybe("500 from the service", 500), "unknown", True),
    "no answer": (Maybe("no complete answer within 10 s"), "unknown", True),
    "never left": (NotSent("the connection was refused"), "not_sent", False),
    "another account": (replace(answer(bot="STOPPED", before="RUNNING"), account_id="124"), "unknown", True),
}
ANSWERS_TO_ON = {
    "running from stopped": (answer(bot="RUNNING", before="STOPPED"), "ok", True),
    "running from running": (answer(bot="RUNNING", before="RUNNING"), "ok", False),
    "failed, was and is running": (answer("failed", bot="RUNNING", before="RUNNING"), "ok", False),
    "failed, is running": (answer("failed", bot="RUNNING"), "ok", False),
    "failed, but it says that it started": (answer("failed", bot="RUNNING", before="STOPPED"), "ok", True),
    "failed with words alone": (answer("failed", message="Bot already running"), "rejected", False),
    "failed, still stopped": (answer("failed", bot="STOPPED", before="STOPPED"), "rejected", False),
    "starting": (answer(bot="STARTING", before="STOPPED"), "pending", True),
    "success, still stopped": (answer(bot="STOPPED", before="STOPPED"), "unknown", True),
    "a word that nobody knows": (answer(bot="WARMING", before="STOPPED"), "pending", True),
    "success without a status": (answer(), "pending", True),
    "406": (Refusal(406), "rejected", False),
    "503": (Maybe("503 from the service", 503, retry_after=1.0), "unknown", True),
    "never left": (NotSent("the connection was refused"), "not_sent", False),
    "another account": (replace(answer(bot="RUNNING", before="STOPPED"), account_id="124"), "unknown", True),
}


@pytest.mark.parametrize("got,outcome,changed", ANSWERS_TO_OFF.values(), ids=ANSWERS_TO_OFF)
def test_answer_to_off(got, outcome, changed):
    record = verdicts.after_answer(FRESH["off"], got)
    assert (record.outcome, record.changed) == (outcome, changed)


@pytest.mark.parametrize("got,outcome,changed", ANSWERS_TO_ON.values(), ids=ANSWERS_TO_ON)
def test_answer_to_on(got, outcome, changed):
    record = verdicts.after_answer(FRESH["on"], got)
    assert (record.outcome, record.changed) == (outcome, changed)


def test_an_answer_is_taken_over_into_the_record():
    got = answer(bot="RUNNING", before="STOPPED", display_name="TAB", message="done", timestamp="now", session_info={"active_sessions": 1})
    record = verdicts.after_answer(FRESH["on"], got)
    assert (record.display_name, record.message, record.timestamp, record.session_info) == ("TAB", "done", "now", {"active_sessions": 1})
    assert (record.previous_status, record.bot_status, record.http_status, record.attempts) == ("STOPPED", "RUNNING", 200, 1)


@pytest.mark.parametrize("state,word", [("on", "RUNNING"), ("off", "STOPPED")])
def test_after_a_maybe_already_so_does_not_take_the_change_back(state, word):
    lost = verdicts.after_answer(FRESH[state], Maybe("lost"))
    record = verdicts.after_answer(lost, answer(bot=word, before=word))
    assert (record.outcome, record.changed, record.previous_status, record.attempts) == ("ok", True, None, 2)


def test_a_later_refusal_keeps_the_change_of_an_earlier_maybe():
    record = verdicts.after_answer(verdicts.after_answer(FRESH["off"], Maybe("lost")), Refusal(406))
    assert (record.outcome, record.changed) == ("rejected", True)


def test_what_never_left_does_not_undo_what_did():
    lost = verdicts.after_answer(FRESH["off"], Maybe("lost"))
    assert verdicts.after_answer(lost, NotSent("refused")) == lost
    rejected = verdicts.after_answer(FRESH["off"], Refusal(406))
    assert verdicts.after_answer(rejected, NotSent("refused")) == rejected


def test_the_first_previous_status_stays():
    first = verdicts.after_answer(FRESH["off"], answer(bot="RUNNING", before="RUNNING"))
    second = verdicts.after_answer(first, answer(bot="STOPPED", before="STOPPED"))
    assert (second.outcome, second.changed, second.previous_status) == ("ok", True, "RUNNING")


def test_a_command_under_way_counts_as_perhaps_applied():
    record = verdicts.before_command(FRESH["off"])
    assert (record.outcome, record.changed, record.attempts, record.failed) == ("unknown", True, 1, True)


# (row of the list, record before it, outcome)
ROW_STOPPED = ListedAccount("123", bot_running=False)
ROW_RUNNING = ListedAccount("123", bot_running=True, running_sessions=1, no_sessions=False)
OPEN_OFF = verdicts.after_answer(FRESH["off"], Maybe("lost"))
ACCEPTED = verdicts.after_answer(FRESH["off"], answer())
OPEN_ON = verdicts.after_answer(FRESH["on"], Maybe("lost"))
READINGS = {
    "off that was accepted is read": (ROW_STOPPED, ACCEPTED, "ok"),
    "off after a lost answer is no proof": (ROW_STOPPED, OPEN_OFF, "unknown"),
    "off after a refusal is no proof": (ROW_STOPPED, verdicts.after_answer(FRESH["off"], Refusal(406)), "rejected"),
    "off after 200 with status failed is no proof": (ROW_STOPPED, verdicts.after_answer(FRESH["off"], answer("failed")), "rejected"),
    "off that was accepted, then refused": (ROW_STOPPED, verdicts.after_answer(ACCEPTED, Refusal(406)), "ok"),
    "off that was lost, then accepted": (ROW_STOPPED, verdicts.after_answer(OPEN_OFF, answer()), "ok"),
    "still running": (ROW_RUNNING, ACCEPTED, "unknown"),
    "stopped with sessions": (replace(ROW_STOPPED, no_sessions=False), ACCEPTED, "unknown"),
    "running is not said": (replace(ROW_STOPPED, bot_running=None), ACCEPTED, "unknown"),
    "off after another word": (ROW_STOPPED, verdicts.after_answer(FRESH["off"], answer(bot="STOPPING")), "unknown"),
    "off after another word and a lost answer": (
        ROW_STOPPED,
        verdicts.after_answer(verdicts.after_answer(FRESH["off"], answer(bot="STARTING")), Maybe("lost")),
        "unknown",
    ),
    "off after RUNNING": (ROW_STOPPED, verdicts.after_answer(FRESH["off"], answer(bot="RUNNING")), "ok"),
    "off that never left": (ROW_STOPPED, verdicts.after_answer(FRESH["off"], NotSent("refused")), "not_sent"),
    "off that was not attempted": (ROW_STOPPED, FRESH["off"], "not_attempted"),
    "off after an answer about another account": (
        ROW_STOPPED,
        verdicts.after_answer(FRESH["off"], replace(answer(bot="STOPPED"), account_id="124")),
        "unknown",
    ),
    "on is read": (ROW_RUNNING, OPEN_ON, "ok"),
    "on is not running yet": (ROW_STOPPED, verdicts.after_answer(FRESH["on"], answer(bot="STARTING")), "pending"),
    "on after a lost answer is not running": (ROW_STOPPED, OPEN_ON, "unknown"),
    "on after a refusal is running": (ROW_RUNNING, verdicts.after_answer(FRESH["on"], Refusal(400)), "ok"),
}


@pytest.mark.parametrize("row,before,outcome", READINGS.values(), ids=READINGS)
def test_reading(row, before, outcome):
    record = verdicts.after_reading(before, reading_of(AccountList((row,))))
    assert record.outcome == outcome
    assert record.changed == before.changed


def test_an_account_that_is_missing_or_listed_twice_is_not_proven():
    assert verdicts.after_reading(ACCEPTED, reading_of(AccountList())).outcome == "unknown"
    assert verdicts.after_reading(ACCEPTED, reading_of(AccountList((ROW_STOPPED, ROW_STOPPED)))).outcome == "unknown"


# (rows of the list, what the reason says of them)
SHOWN = {
    "stopped": ((ROW_STOPPED,), "the list shows it stopped, as it does a bot that is starting"),
    "running": ((ROW_RUNNING,), "the list shows it running"),
    "sessions": ((replace(ROW_STOPPED, no_sessions=False),), "the list shows running sessions"),
    "nothing": ((replace(ROW_STOPPED, bot_running=None),), "the list does not say whether it runs"),
    "no row": ((), "the list does not name it"),
    "two rows": ((ROW_STOPPED, ROW_STOPPED), "the list names it more than once"),
}


@pytest.mark.parametrize("rows,words", SHOWN.values(), ids=SHOWN)
def test_where_no_off_was_accepted_the_reason_says_what_the_list_shows(rows, words):
    refused = verdicts.after_answer(FRESH["off"], Refusal(406))
    read = verdicts.after_reading(refused, reading_of(AccountList(rows)))
    assert (read.outcome, read.why) == ("rejected", "406 the bot cannot be controlled; " + words)
    assert verdicts.after_reading(read, reading_of(AccountList(rows))).why == read.why
    # What an older reading showed is not told of a later command.
    assert words not in verdicts.after_answer(read, Maybe("lost")).why and words not in verdicts.before_command(read).why
    assert verdicts.after_answer(read, answer(bot="STOPPED")).why == ""
    assert verdicts.after_reading(OPEN_ON, reading_of(AccountList(rows[:1]))).why in ("lost", "")


# (state, what the bulk answer says of the account, outcome, changed, needs the single command)
BULK_ROWS = {
    "off answered success": ("off", BulkRow("123", "success"), "unknown", True, True),
    "off answered failed": ("off", BulkRow("123", "failed", message="Bot already stopped"), "rejected", False, True),
    "off not named": ("off", None, "unknown", True, True),
    "on answered success": ("on", BulkRow("123", "success"), "pending", True, False),
    "on answered already": ("on", BulkRow("123", "failed", message="Bot already running"), "rejected", False, True),
    "on answered failed": ("on", BulkRow("123", "failed", message="Bot in maintenance"), "rejected", False, False),
    "on not named": ("on", None, "pending", True, False),
}


@pytest.mark.parametrize("state,row,outcome,changed,single", BULK_ROWS.values(), ids=BULK_ROWS)
def test_bulk_row(state, row, outcome, changed, single):
    record = bulk.after_bulk("123", state, row, BulkAnswer("success"), maybe=False)
    assert (record.outcome, record.changed, bulk.needs_single(record)) == (outcome, changed, single)
    assert record.attempts == (1 if row else 0)


@pytest.mark.parametrize(
    "got,outcome,changed", [(Refusal(403), "rejected", False), (NotSent("refused"), "not_sent", False), (Maybe("lost"), "unknown", True)]
)
def test_a_bulk_command_without_a_valid_answer(got, outcome, changed):
    record = bulk.after_bulk("123", "off", None, got, maybe=False)
    assert (record.outcome, record.changed, record.attempts) == (outcome, changed, 0)


def test_an_earlier_lost_bulk_answer_keeps_the_change():
    record = bulk.after_bulk("123", "off", BulkRow("123", "failed"), BulkAnswer("success"), maybe=True)
    assert (record.changed, record.evidence.maybe_applied) == (True, True)


def test_the_list_proves_success_of_the_bulk_but_not_what_it_called_failed():
    reading = reading_of(AccountList((ROW_STOPPED,)))
    success = bulk.after_bulk("123", "off", BulkRow("123", "success"), BulkAnswer("success"), maybe=False)
    failed = bulk.after_bulk("123", "off", BulkRow("123", "failed"), BulkAnswer("success"), maybe=False)
    assert verdicts.after_reading(success, reading).outcome == "ok"
    assert verdicts.after_reading(failed, reading).outcome == "rejected"
    assert verdicts.after_reading(verdicts.after_answer(failed, Refusal(406)), reading).outcome == "rejected"
    assert verdicts.after_answer(failed, answer(bot="STOPPED", before="STOPPED")).outcome == "ok"
    # The account's own OFF was accepted since.
    assert verdicts.after_reading(verdicts.after_answer(failed, answer(bot="RUNNING", before="RUNNING")), reading).outcome == "ok"


@pytest.mark.parametrize("row,got", [
    (None, Refusal(403)), (None, Maybe("lost")), (None, NotSent("refused")), (None, BulkAnswer("success")), (BulkRow("123", "success"), BulkAnswer("failed")),
])
def test_after_a_bulk_off_that_was_not_accepted_the_list_proves_nothing(row, got):
    reading = reading_of(AccountList((ROW_STOPPED,)))
    record = bulk.after_bulk("123", "off", row, got, maybe=False)
    assert bulk.needs_single(record)
    assert verdicts.after_reading(record, reading).outcome == record.outcome != "ok"
    assert verdicts.after_reading(verdicts.before_command(record), reading).outcome == "unknown"
    assert verdicts.after_reading(verdicts.after_answer(record, Maybe("lost")), reading).outcome == "unknown"
    assert verdicts.after_reading(verdicts.after_answer(record, answer()), reading).outcome == "ok"


GUARDED = new_record(Target("123", "off", display_name="TAB Main Account"))


@pytest.mark.parametrize("name,outcome", [("TAB Main Account", "not_attempted"), ("WishBet", "rejected"), (None, "not_attempted")])
def test_the_guard_refuses_before_anything_is_sent(name, outcome):
    reading = reading_of(AccountList((replace(ROW_STOPPED, display_name=name),)))
    record = verdicts.guarded(GUARDED, reading)
    assert (record.outcome, record.attempts, record.changed) == (outcome, 0, False)
    assert verdicts.guarded(GUARDED, None) == GUARDED


def test_the_guard_refuses_an_account_that_is_listed_twice():
    rows = (replace(ROW_STOPPED, display_name="TAB Main Account"), replace(ROW_STOPPED, display_name="WishBet"))
    record = verdicts.guarded(GUARDED, reading_of(AccountList(rows)))
    assert (record.outcome, record.attempts, record.evidence.final) == ("rejected", 0, True) and "more than once" in record.evidence.reason


def test_without_a_list_another_name_in_the_answer_is_unknown_for_good():
    record = verdicts.after_answer(GUARDED, answer(bot="STOPPED", before="RUNNING", display_name="WishBet"))
    assert (record.outcome, record.changed) == ("unknown", True)
    assert verdicts.after_reading(record, reading_of(AccountList((ROW_STOPPED,)))).outcome == "unknown"
    assert "WishBet" in record.evidence.reason and "TAB Main Account" in record.evidence.reason


def test_waiting_ends_with_unknown():
    pending = verdicts.after_answer(FRESH["on"], answer(bot="STARTING", before="STOPPED"))
    assert verdicts.is_waited_for(pending)
    assert (verdicts.after_waiting(pending).outcome, verdicts.after_waiting(pending).changed) == ("unknown", True)
    rejected = verdicts.after_answer(FRESH["on"], Refusal(406))
    assert not verdicts.is_waited_for(rejected)
    assert verdicts.after_waiting(rejected) == rejected


# (row, state, outcome, changed)
PREDICTIONS = {
    "is off, wants off": (ROW_STOPPED, "off", "ok", False),
    "is on, wants off": (ROW_RUNNING, "off", "would_send", True),
    "is off, wants on": (ROW_STOPPED, "on", "would_send", True),
    "is on, wants on": (ROW_RUNNING, "on", "ok", False),
    "does not say": (ListedAccount("123"), "off", "would_send", True),
}


@pytest.mark.parametrize("row,state,outcome,changed", PREDICTIONS.values(), ids=PREDICTIONS)
def test_prediction(row, state, outcome, changed):
    record = predict(FRESH[state], reading_of(AccountList((row,))))
    assert (record.outcome, record.changed, record.failed) == (outcome, changed, False)


def test_prediction_without_a_list_without_a_row_and_for_another_name():
    assert predict(FRESH["off"], None).changed is True
    missing = predict(FRESH["off"], reading_of(AccountList()))
    assert (missing.outcome, missing.changed, missing.failed) == ("rejected", False, True)
    other = predict(GUARDED, reading_of(AccountList((replace(ROW_STOPPED, display_name="WishBet"),))))
    assert (other.outcome, other.failed) == ("rejected", True)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_which_outcomes_fail(outcome):
    assert Record("123", "off", outcome=outcome).failed is (outcome not in ("ok", "pending", "would_send"))
