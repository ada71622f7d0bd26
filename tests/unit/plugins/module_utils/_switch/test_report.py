# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the task returns: its shape, and a message that begins with what failed."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import report as _report
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Evidence, Findings, Record

OK = Record("123", "off", display_name="TAB", outcome="ok", changed=True, previous_status="RUNNING", bot_status="STOPPED")
SAME = Record("125", "off", outcome="ok", previous_status="STOPPED", bot_status="STOPPED")
REJECTED = Record("124", "off", outcome="rejected", http_status=406, evidence=Evidence("406 the bot cannot be controlled"))
PENDING = Record("126", "on", outcome="pending", changed=True, evidence=Evidence("ON is accepted, the bot is STARTING"))
UNKNOWN = Record("127", "on", outcome="unknown", changed=True, bot_status="RUNNING", evidence=Evidence("no complete answer within 10 s"))


def report(*records, check_mode=False, **findings):
    return _report.report(Findings(tuple(records), **findings), check_mode)


def bulk(state="off", outcome="ok", **more):
    return Record("all accounts", state, outcome=outcome, **more)


def test_the_shape_is_the_same_for_nothing_and_for_something():
    keys = {"changed", "failed", "msg", "accounts", "holds", "summary", "diff"}
    assert set(report()) == set(report(OK, REJECTED)) == set(_report.refused("no")) == keys
    assert report(OK)["accounts"][0] == {
        "account_id": "123",
        "display_name": "TAB",
        "state": "off",
        "outcome": "ok",
        "changed": True,
        "failed": False,
        "previous_status": "RUNNING",
        "bot_status": "STOPPED",
        "message": None,
        "http_status": None,
        "attempts": 0,
        "session_info": None,
        "timestamp": None,
        "verdict": "off",
        "held": False,
    }


def test_the_summary_counts():
    assert report(OK, SAME, REJECTED, PENDING, UNKNOWN, unlisted=2)["summary"] == {
        "total": 5,
        "changed": 3,
        "ok": 2,
        "pending": 1,
        "rejected": 1,
        "held": 0,
        "would_send": 0,
        "not_sent": 0,
        "not_attempted": 0,
        "unknown": 1,
        "unlisted": 2,
    }


@pytest.mark.parametrize(
    "records,changed,failed",
    [((), False, False), ((SAME,), False, False), ((OK, SAME), True, False), ((OK, REJECTED), True, True), ((PENDING,), True, False), ((UNKNOWN,), True, True)],
)
def test_failed_never_hides_changed(records, changed, failed):
    result = report(*records)
    assert (result["changed"], result["failed"]) == (changed, failed)


def test_the_message_begins_with_what_is_not_off_and_names_the_next_step():
    msg = report(UNKNOWN, OK, REJECTED)["msg"]
    assert msg.startswith("NOT proven off: 124 (406 the bot cannot be controlled). Not on: 127 (no complete answer within 10 s). 1 of 3 accounts as wanted")
    assert "406: the bot is not configured, in maintenance" in msg and "unknown: ON may have been applied. Check" in msg


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 429])
def test_each_refusal_has_its_own_next_step(status):
    msg = report(Record("124", "on", outcome="rejected", http_status=status, evidence=Evidence(f"{status} words")))["msg"]
    assert msg.startswith(f"Not on: 124 ({status} words).") and f" {status}: " in msg


@pytest.mark.parametrize(
    "record,words",
    [
        (Record("1", "off", outcome="unknown", changed=True, evidence=Evidence("about account 2", final=True)), "Do not run the task again before"),
        (Record("1", "on", outcome="rejected", evidence=Evidence("another name", final=True)), "display_name: nothing was sent."),
        (Record("1", "on", outcome="unknown", changed=True, evidence=Evidence("lost")), "before you send ON again."),
        (Record("1", "off", outcome="unknown", changed=True, evidence=Evidence("lost")), "Run the task again"),
        (Record("1", "off", outcome="rejected", http_status=301, evidence=Evidence("301")), "rejected: check the account"),
        (Record("1", "off", outcome="rejected", http_status=200, evidence=Evidence("200 with status failed")), "rejected: check the account"),
        (Record("all accounts", "off", outcome="rejected", http_status=404, evidence=Evidence("404")), "404: check api_url."),
        (Record("1", "off", outcome="not_sent", evidence=Evidence("refused")), "not_sent: check api_url"),
    ],
)
def test_every_failure_has_a_next_step(record, words):
    assert words in report(record)["msg"]


def test_a_fault_keeps_what_is_known_of_each_account():
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError("a token stands here")
    result = report(OK, Record("128", "off", evidence=Evidence("a fault")), fault=caught.value)
    assert result["failed"] and len(result["accounts"]) == 2 and "The run ended early: internal error in bookieops.betmatic" in result["msg"]
    assert "token" not in result["msg"]


def test_accounts_with_the_same_reason_stand_together():
    rest = [Record(str(number), "off", evidence=Evidence("the token was refused (401)")) for number in (1, 2, 3)]
    assert report(*rest)["msg"].startswith("NOT proven off: 1, 2, 3 (not attempted: the token was refused (401)).")


def test_unlisted_accounts_fail_off_but_not_on():
    off = report(OK, bulk=bulk(changed=True), unlisted=2)
    assert off["failed"] and off["msg"].startswith("NOT proven off: 2 more accounts that the service counted and did not name.")
    on = report(PENDING, bulk=bulk("on"), unlisted=1)
    assert not on["failed"] and "1 more account counted by the service and not named." in on["msg"]


@pytest.mark.parametrize("state,words", [("off", "NOT proven off: all accounts (500)."), ("on", "Not on: all accounts (500).")])
def test_a_bulk_command_that_leaves_nothing_proven_fails(state, words):
    result = report(bulk=bulk(state, "unknown", changed=True, http_status=500, evidence=Evidence("500")), no_list="404")
    assert result["failed"] and result["changed"] and result["accounts"] == []
    assert result["msg"].startswith(words + " There was no list to read: 404.") and f"{state.upper()} may have been applied." in result["msg"]


def test_a_refused_bulk_command_names_the_next_step():
    result = report(bulk=bulk("off", "rejected", http_status=401, evidence=Evidence("401 token invalid or expired")))
    assert result["msg"].startswith("NOT proven off: all accounts (401 token invalid or expired).") and "401: nothing more was sent." in result["msg"]
    assert result["failed"] and not result["changed"]


def test_no_account_at_all_is_no_failure():
    result = report(bulk=bulk())
    assert not result["failed"] and not result["changed"] and result["msg"] == "No account is named."


def test_pending_is_told_with_what_to_do():
    assert "Pending: 126 (ON is accepted, the bot is STARTING). Use wait" in report(PENDING)["msg"]
    assert "Pending: 126" in report(REJECTED, PENDING)["msg"]


@pytest.mark.parametrize(
    "record,words",
    [
        (OK, "off"),
        (Record("1", "on", outcome="ok"), "on"),
        (PENDING, "ON was accepted, not proven yet"),
        (Record("1", "off", outcome="would_send", changed=True), "would be sent OFF"),
        (Record("1", "off", outcome="rejected", http_status=406, message="Bot in maintenance"), "NOT proven off (406, Bot in maintenance)"),
        (Record("1", "off", outcome="rejected", evidence=Evidence("another name")), "NOT proven off (rejected, another name)"),
        (Record("1", "on", outcome="unknown", http_status=200, bot_status="STOPPED"), "NOT proven on (unknown, 200, STOPPED)"),
        (Record("1", "off", outcome="unknown", evidence=Evidence("the connection broke", "the list does not name it")),
         "NOT proven off (unknown, the connection broke; the list does not name it)"),
        (Record("1", "on", evidence=Evidence("401")), "NOT proven on (not attempted, 401)"),
    ],
)
def test_the_verdict_is_the_result_in_words(record, words):
    assert report(record)["accounts"][0]["verdict"] == words


def test_a_verdict_of_an_account_as_it_was_returned():
    account = {"state": "off", "outcome": "not_attempted", "http_status": None, "bot_status": None, "message": None}
    assert _report.verdict(account) == "NOT proven off (not attempted)"


def test_check_mode_with_a_refused_token_names_the_way_out():
    refused = Record("1", "off", http_status=401, evidence=Evidence("the token was refused (401)"))
    result = report(refused, no_list="401 token invalid or expired", check_mode=True)
    assert result["failed"] and not result["changed"]
    assert result["msg"].startswith("NOT proven off: 1 (not attempted: the token was refused (401)).")
    assert "Log in again or refresh the token" in result["msg"] and "api_token, or the token's file" in result["msg"]


WOULD = Record("124", "off", display_name="WishBet", outcome="would_send", changed=True, previous_status="RUNNING", bot_status="RUNNING")


def test_check_mode_says_what_it_would_send():
    result = report(SAME, WOULD, check_mode=True)
    assert not result["failed"] and result["changed"]
    assert result["msg"] == "Would send OFF to 124. 1 of 2 accounts as wanted, 1 to change."


def test_check_mode_without_a_list_says_so():
    would = bulk(outcome="would_send", changed=True)
    msg = report(bulk=would, no_list="404 the service has no such address", check_mode=True)["msg"]
    assert msg == "Would send OFF to all accounts. There is no list to read the present state from: 404 the service has no such address."


def test_the_diff_is_text_with_a_line_for_each_account_that_changes():
    assert report(OK, SAME, UNKNOWN)["diff"] == {
        "before": "123 TAB: RUNNING\n127: unknown\n",
        "after": "123 TAB: STOPPED\n127: unknown\n",
    }
    assert report(WOULD, check_mode=True)["diff"] == {"before": "124 WishBet: RUNNING\n", "after": "124 WishBet: STOPPED\n"}


def test_a_refused_option_sent_nothing():
    result = _report.refused("state is missing")
    assert (result["failed"], result["changed"], result["msg"]) == (True, False, "state is missing")


def test_a_fault_of_our_own_is_failed_and_changed_and_shows_no_text_of_the_exception():
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError("a token stands here")
    result = _report.broken(caught.value)
    assert result["failed"] and result["changed"] and "RuntimeError in test_report.py" in result["msg"] and "token" not in result["msg"]
