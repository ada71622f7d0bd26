# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sequences: which request follows which, and what is found in the end."""

from __future__ import annotations

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
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import retries, sequences
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.engine import Engine
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Target

LOST = Maybe("no complete answer within 10 s")
NO_LIST = Refusal(404)


class Script:
    """A service that answers from an ordered script; every request must be in it, and all of it must be used."""

    def __init__(self, *expected):
        self.expected = list(expected)
        self.seconds = []

    def control_one(self, account_id, command, seconds):
        return self._answer(command + " " + account_id, seconds)

    def control_all(self, command, seconds):
        return self._answer(command, seconds)

    def list_accounts(self, seconds):
        return self._answer("list", seconds)

    def _answer(self, request, seconds):
        self.seconds.append(seconds)
        wanted, answer = self.expected.pop(0) if self.expected else (None, LOST)
        assert request == wanted
        return answer


@pytest.fixture(autouse=True)
def no_back_off(monkeypatch):
    monkeypatch.setattr(retries, "_FIRST_BACK_OFF", 0.0)


def off(account_id, before="RUNNING"):
    return ControlAnswer(account_id, "success", bot_status="STOPPED", previous_status=before)


def on(account_id, bot="RUNNING", before="STOPPED"):
    return ControlAnswer(account_id, "success", bot_status=bot, previous_status=before)


def listed(**bots):
    return AccountList(tuple(ListedAccount(key[1:], bot_running=running, display_name="name " + key[1:]) for key, running in bots.items()))


def bulk(affected=None, status="success", **rows):
    return BulkAnswer(status, affected_accounts=affected, rows=tuple(BulkRow(key[1:], *row) for key, row in rows.items()))


def outcomes(findings):
    return {record.account_id: (record.outcome, record.changed) for record in findings.records}


def switch(script, targets, **limits):
    lines = []
    findings = sequences.switch_accounts(script, Engine(1), sequences.Limits(**limits), targets, lines.append)
    assert script.expected == [] and findings.fault is None, findings.fault
    return findings, lines


def switch_all(script, state, **limits):
    findings = sequences.switch_all(script, Engine(1), sequences.Limits(**limits), state, lambda line: None)
    assert script.expected == [] and findings.fault is None, findings.fault
    return findings


# --- these accounts ---


def test_every_off_goes_before_the_first_on_and_proven_accounts_need_no_list():
    script = Script(("OFF 2", off("2")), ("OFF 4", off("4", "STOPPED")), ("ON 1", on("1")), ("ON 3", on("3", before="RUNNING")))
    findings, lines = switch(script, [Target("1", "on"), Target("2", "off"), Target("3", "on"), Target("4", "off")])
    assert list(outcomes(findings).items()) == [("1", ("ok", True)), ("2", ("ok", True)), ("3", ("ok", False)), ("4", ("ok", False))]
    assert lines[0] == "OFF to account 2, try 1" and len(lines) == 4


def test_off_is_sent_again_at_most_retries_times_then_read():
    script = Script(*[("OFF 1", LOST)] * 3, ("list", listed(_1=False)))
    findings, lines = switch(script, [Target("1", "off")], retries=2)
    assert outcomes(findings) == {"1": ("unknown", True)} and findings.records[0].attempts == 3 and lines[-1].endswith("try 3")


def test_on_is_not_sent_again_after_a_lost_answer_but_read_back():
    findings, _lines = switch(Script(("ON 1", LOST), ("list", listed(_1=False))), [Target("1", "on")])
    assert outcomes(findings) == {"1": ("unknown", True)}
    findings, _lines = switch(Script(("ON 1", LOST), ("list", listed(_1=True))), [Target("1", "on")])
    assert outcomes(findings) == {"1": ("ok", True)}


def test_one_reading_serves_all_open_accounts():
    script = Script(("OFF 1", Refusal(404)), ("OFF 2", off("2")), ("OFF 3", on("3", None, None)), ("list", listed(_2=False, _3=False)))
    findings, _lines = switch(script, [Target("1", "off"), Target("2", "off"), Target("3", "off")], retries=0)
    assert outcomes(findings) == {"1": ("rejected", False), "2": ("ok", True), "3": ("ok", True)}


def test_401_stops_the_run_and_reads_nothing():
    script = Script(("OFF 1", off("1")), ("OFF 2", Refusal(401)))
    findings, _lines = switch(script, [Target("1", "off"), Target("2", "off"), Target("3", "off"), Target("4", "on")])
    assert outcomes(findings) == {"1": ("ok", True), "2": ("rejected", False), "3": ("not_attempted", False), "4": ("not_attempted", False)}
    assert "401" in findings.records[2].evidence.reason


def test_403_stops_on_but_not_off():
    findings, _lines = switch(Script(("ON 1", Refusal(403))), [Target("1", "on"), Target("2", "on")])
    assert outcomes(findings) == {"1": ("rejected", False), "2": ("not_attempted", False)}
    script = Script(("OFF 1", Refusal(403)), ("OFF 2", off("2")), ("list", NO_LIST))
    findings, _lines = switch(script, [Target("1", "off"), Target("2", "off")])
    assert outcomes(findings) == {"1": ("rejected", False), "2": ("ok", True)}


def test_the_guard_is_read_after_the_other_offs_and_before_its_own_account():
    script = Script(("OFF 2", off("2")), ("list", listed(_1=True, _3=True)), ("OFF 3", off("3")))
    findings, _lines = switch(script, [Target("1", "off", "another"), Target("2", "off"), Target("3", "off", "name 3")])
    assert outcomes(findings) == {"1": ("rejected", False), "2": ("ok", True), "3": ("ok", True)}
    assert findings.records[0].attempts == 0


def test_a_guard_without_a_list_does_not_hold_the_off_back():
    findings, _lines = switch(Script(("list", NO_LIST), ("OFF 1", off("1"))), [Target("1", "off", "name 1")])
    assert outcomes(findings) == {"1": ("ok", True)}


def test_before_a_command_the_list_is_tried_only_once():
    script = Script(("list", Maybe("500", 500)), ("OFF 1", off("1")))
    findings, _lines = switch(script, [Target("1", "off", "name 1")], timeout=7.0, deadline=20.0)
    assert outcomes(findings) == {"1": ("ok", True)} and 3.0 < script.seconds[0] < 4.0


def test_a_fault_of_this_collection_keeps_what_was_sent():
    class Broken(Script):
        def control_one(self, account_id, command, seconds):
            if account_id == "2":
                raise ZeroDivisionError
            return super().control_one(account_id, command, seconds)

    targets = [Target("1", "off"), Target("2", "off"), Target("3", "off")]
    findings = sequences.switch_accounts(Broken(("OFF 1", off("1"))), Engine(1), sequences.Limits(), targets, lambda line: None)
    assert outcomes(findings) == {"1": ("ok", True), "2": ("unknown", True), "3": ("not_attempted", False)}
    assert isinstance(findings.fault, ZeroDivisionError)


def test_a_list_that_fails_in_passing_is_asked_again():
    script = Script(("OFF 1", Refusal(404)), ("list", Maybe("500", 500)), ("list", listed(_1=False)))
    findings, _lines = switch(script, [Target("1", "off")])
    assert outcomes(findings) == {"1": ("rejected", False)} and findings.no_list is None
    assert findings.records[0].why.endswith("; the list shows it stopped, as it does a bot that is starting")


def test_a_retry_after_that_is_not_kept_is_told():
    findings, _lines = switch(Script(("OFF 1", Refusal(429, retry_after=90.0)), ("list", NO_LIST)), [Target("1", "off")])
    assert "asks to wait 90 s" in findings.records[0].evidence.reason and findings.records[0].attempts == 1


def test_what_never_left_is_not_read():
    findings, _lines = switch(Script(*[("OFF 1", NotSent("the connection was refused"))] * 2), [Target("1", "off")], retries=1)
    assert outcomes(findings) == {"1": ("not_sent", False)}


def test_each_attempt_gets_its_timeout_or_what_is_left():
    script = Script(("OFF 1", off("1")))
    switch(script, [Target("1", "off")], timeout=7.0)
    assert script.seconds == [7.0]
    script = Script(("OFF 1", LOST), ("list", listed(_1=False)))
    switch(script, [Target("1", "off")], timeout=7.0, deadline=4.0, retries=0)
    assert 2.5 < script.seconds[0] <= 3.0 < script.seconds[1] <= 4.0


# --- waiting ---


def test_wait_reads_until_the_bot_runs():
    script = Script(("ON 1", on("1", "STARTING")), ("list", listed(_1=False)), ("list", listed(_1=False)), ("list", listed(_1=True)))
    findings, _lines = switch(script, [Target("1", "on")], wait=True, wait_sleep=0.01)
    assert outcomes(findings) == {"1": ("ok", True)}


def test_wait_without_a_list_repeats_off_but_not_on():
    script = Script(("OFF 1", LOST), ("ON 2", on("2", "STARTING")), ("list", NO_LIST), ("OFF 1", LOST), ("OFF 1", off("1")))
    findings, _lines = switch(script, [Target("1", "off"), Target("2", "on")], wait=True, wait_sleep=0.01, retries=0)
    assert outcomes(findings) == {"1": ("ok", True), "2": ("unknown", True)}


def test_wait_repeats_off_where_the_list_cannot_prove_it():
    stopping = ControlAnswer("1", "success", bot_status="STOPPING", previous_status="RUNNING")
    script = Script(("OFF 1", stopping), ("list", listed(_1=False)), ("OFF 1", off("1", "STOPPING")))
    findings, _lines = switch(script, [Target("1", "off")], wait=True, wait_sleep=0.01, retries=0)
    assert outcomes(findings) == {"1": ("ok", True)} and findings.records[0].previous_status == "RUNNING"


def test_wait_repeats_off_until_one_is_accepted_and_then_reads():
    accepted = ControlAnswer("1", "success", bot_status="RUNNING")
    script = Script(
        ("OFF 1", LOST), ("list", listed(_1=False)), ("OFF 1", LOST), ("list", listed(_1=False)), ("OFF 1", accepted), ("list", listed(_1=True)),
        ("list", listed(_1=False)),
    )
    findings, _lines = switch(script, [Target("1", "off")], wait=True, wait_sleep=0.01, retries=0)
    assert outcomes(findings) == {"1": ("ok", True)} and findings.records[0].attempts == 3


def test_rejected_is_not_waited_for():
    findings, _lines = switch(Script(("ON 1", Refusal(406)), ("list", listed(_1=False))), [Target("1", "on")], wait=True)
    assert outcomes(findings) == {"1": ("rejected", False)}


def test_at_the_end_of_waiting_pending_is_unknown():
    class Never(Script):
        def list_accounts(self, seconds):
            return listed(_1=False)

    findings, _lines = switch(Never(("ON 1", on("1", "STARTING"))), [Target("1", "on")], wait=True, wait_sleep=0.01, wait_timeout=0.05)
    assert outcomes(findings) == {"1": ("unknown", True)} and "still so" in findings.records[0].evidence.reason


# --- all accounts ---


def test_all_off_is_the_bulk_command_one_reading_and_the_single_command_where_needed():
    already = ("failed", None, "Bot already stopped")
    script = Script(
        ("all_off", bulk(3, _1=("success",), _2=("success",), _3=already)),
        ("list", listed(_1=False, _2=True, _3=False)),
        ("OFF 2", off("2")),
        ("OFF 3", off("3", "STOPPED")),
    )
    assert outcomes(switch_all(script, "off")) == {"1": ("ok", True), "2": ("ok", True), "3": ("ok", False)}


def test_all_off_without_a_list_sends_to_every_account_that_the_answer_names():
    named = bulk(2, _1=("success",), _2=("success",))
    script = Script(("all_off", named), ("list", NO_LIST), ("OFF 1", off("1", "STOPPED")), ("OFF 2", LOST), ("OFF 2", LOST))
    findings = switch_all(script, "off", retries=1)
    assert outcomes(findings) == {"1": ("ok", True), "2": ("unknown", True)} and findings.unlisted == 0


def test_all_off_names_accounts_that_only_the_list_knows():
    script = Script(("all_off", bulk(1, _1=("success",))), ("list", listed(_1=False, _9=True)), ("OFF 9", off("9")))
    assert outcomes(switch_all(script, "off")) == {"1": ("ok", True), "9": ("ok", True)}


ACCEPTED = ControlAnswer("1", "success")


def test_all_off_reaches_accounts_that_only_a_later_reading_names():
    named = bulk(2, _1=("success",), _2=("success",))
    singles = [("OFF 1", off("1")), ("OFF 2", off("2"))]
    script = Script(("all_off", named), ("list", LOST), *singles, ("list", listed(_1=False, _2=False, _3=True)), ("OFF 3", off("3")))
    findings = switch_all(script, "off")
    assert outcomes(findings) == {"1": ("ok", True), "2": ("ok", True), "3": ("ok", True)}
    assert findings.bulk.outcome == "ok" and findings.no_list is None


def test_an_account_that_only_a_later_reading_names_is_settled_by_one_more():
    script = Script(
        ("all_off", bulk(2, _1=("success",))), ("list", LOST), *[("OFF 1", ACCEPTED)] * 2, ("list", LOST), ("list", listed(_1=False, _3=True)),
        *[("OFF 3", Refusal(406))] * 2, ("list", listed(_1=False, _3=True)),
    )
    findings = switch_all(script, "off", retries=1)
    assert outcomes(findings)["1"] == ("ok", True) and findings.unlisted == 0
    assert findings.records[1].failed and findings.records[1].why.endswith("the list shows it running")


def test_a_later_reading_counts_and_names_what_the_bulk_answer_did_not():
    findings = switch_all(Script(("all_off", bulk(0)), ("list", LOST), ("list", listed(_1=True)), ("OFF 1", off("1"))), "off")
    assert outcomes(findings) == {"1": ("ok", True)} and findings.bulk.outcome == "ok"


def test_waiting_reaches_accounts_that_only_its_own_reading_names():
    script = Script(
        ("all_off", bulk(1, _1=("success",))), ("list", LOST), ("OFF 1", ACCEPTED), ("list", LOST), ("OFF 1", ACCEPTED),
        ("list", listed(_1=False, _3=True)), ("OFF 3", off("3")),
    )
    findings = switch_all(script, "off", retries=0, wait=True, wait_sleep=0.01)
    assert outcomes(findings) == {"1": ("ok", True), "3": ("ok", True)} and not findings.bulk.failed


FAILED_BULK = [(Refusal(400), False), (Refusal(403), False), (NotSent("refused"), False), (LOST, True), (bulk(status="failed"), True)]


@pytest.mark.parametrize("answer,changed", FAILED_BULK)
def test_a_failed_bulk_off_is_followed_by_single_offs_for_all_that_the_list_names(answer, changed):
    script = Script(("all_off", answer), ("list", listed(_1=False, _2=True)), ("OFF 1", off("1", "STOPPED")), ("OFF 2", off("2")))
    findings = switch_all(script, "off")
    assert outcomes(findings) == {"1": ("ok", changed), "2": ("ok", True)}


def test_a_failed_bulk_off_without_a_list_is_repeated():
    again = [("all_off", Maybe("500", 500)), ("all_off", bulk(1, _1=("failed",)))]
    script = Script(("all_off", LOST), ("list", NO_LIST), *again, ("OFF 1", off("1", "STOPPED")))
    findings = switch_all(script, "off", retries=2)
    assert outcomes(findings) == {"1": ("ok", True)} and findings.bulk.outcome == "ok"


def test_a_bulk_off_that_stays_without_an_answer_and_a_list_is_a_failure():
    findings = switch_all(Script(("all_off", LOST), ("list", NO_LIST), ("all_off", LOST)), "off", retries=1)
    assert findings.records == () and findings.no_list
    assert (findings.bulk.outcome, findings.bulk.changed) == ("unknown", True)


def test_401_on_the_bulk_command_ends_the_task():
    findings = switch_all(Script(("all_off", Refusal(401))), "off")
    assert findings.records == () and (findings.bulk.outcome, findings.bulk.changed, findings.bulk.http_status) == ("rejected", False, 401)


def test_counted_accounts_that_nobody_names_are_told():
    findings = switch_all(Script(("all_off", bulk(5, _1=("success",))), ("list", NO_LIST), ("OFF 1", off("1", "STOPPED"))), "off")
    assert findings.unlisted == 4 and findings.bulk.changed


def test_an_empty_fleet_is_off_only_where_a_list_shows_it():
    findings = switch_all(Script(("all_off", bulk(0)), ("list", AccountList())), "off")
    assert (findings.records, findings.bulk.outcome, findings.bulk.changed) == ((), "ok", False)
    findings = switch_all(Script(("all_off", bulk(0)), ("list", NO_LIST)), "off")
    assert (findings.records, findings.bulk.outcome, findings.bulk.failed) == ((), "unknown", True)


def test_a_failed_bulk_off_asks_again_for_a_list_that_failed_in_passing():
    script = Script(("all_off", Maybe("500", 500)), ("list", LOST), ("all_off", Refusal(400)), ("list", listed(_1=True)), ("OFF 1", off("1")))
    assert outcomes(switch_all(script, "off", retries=1)) == {"1": ("ok", True)}


def test_a_refused_all_on_sends_no_single_on_whatever_it_says():
    script = Script(("all_on", Refusal(409, "all_off is already in progress")), ("list", listed(_1=False)))
    assert outcomes(switch_all(script, "on")) == {"1": ("rejected", False)}


@pytest.mark.parametrize("wait", [False, True])
def test_an_all_on_that_the_service_calls_failed_is_a_failure(wait):
    findings = switch_all(Script(("all_on", bulk(0, status="failed")), ("list", NO_LIST)), "on", wait=wait)
    assert findings.records == () and findings.bulk.failed
    findings = switch_all(Script(("all_on", bulk(status="success")), ("list", NO_LIST)), "on", wait=wait)
    assert (findings.bulk.outcome, findings.bulk.changed) == ("unknown" if wait else "pending", True)


@pytest.mark.parametrize("rows", [{}, {"_1": ("failed",)}])
def test_without_a_count_and_a_list_nobody_knows_whether_all_are_off(rows):
    singles = [("OFF " + key[1:], off(key[1:], "STOPPED")) for key in rows]
    findings = switch_all(Script(("all_off", bulk(**rows)), ("list", NO_LIST), *singles), "off")
    assert (findings.bulk.outcome, findings.bulk.changed, findings.bulk.failed) == ("unknown", True, True)


def test_all_on_reads_once_and_forgives_already():
    script = Script(
        ("all_on", bulk(3, _1=("success",), _2=("failed", None, "Bot already running"), _3=("success",))),
        ("list", listed(_1=True, _2=True, _3=False)),
    )
    assert outcomes(switch_all(script, "on")) == {"1": ("ok", True), "2": ("ok", False), "3": ("pending", True)}


def test_all_on_without_a_list_proves_already_by_the_single_command():
    rows = {"_1": ("success",), "_2": ("failed", None, "Bot already running"), "_3": ("failed", None, "Bot in maintenance")}
    script = Script(("all_on", bulk(3, **rows)), ("list", NO_LIST), ("ON 2", on("2", before="RUNNING")))
    assert outcomes(switch_all(script, "on")) == {"1": ("pending", True), "2": ("ok", False), "3": ("rejected", False)}


def test_a_lost_all_on_is_never_repeated_but_read_back():
    findings = switch_all(Script(("all_on", LOST), ("list", listed(_1=True, _2=False))), "on")
    assert outcomes(findings) == {"1": ("ok", True), "2": ("unknown", True)}


def test_an_all_on_that_never_left_is_repeated():
    script = Script(("all_on", NotSent("refused")), ("all_on", bulk(1, _1=("success",))), ("list", listed(_1=True)))
    assert outcomes(switch_all(script, "on", retries=1)) == {"1": ("ok", True)}


# --- check mode ---


def test_check_mode_reads_once_and_sends_nothing():
    script = Script(("list", listed(_1=True, _2=False)))
    findings = sequences.check_accounts(script, Engine(1), sequences.Limits(), [Target("1", "off"), Target("2", "off"), Target("3", "on")])
    assert outcomes(findings) == {"1": ("would_send", True), "2": ("ok", False), "3": ("rejected", False)} and script.expected == []
    script = Script(("list", listed(_1=True, _2=False)))
    assert outcomes(sequences.check_all(script, Engine(1), sequences.Limits(), "on")) == {"1": ("ok", False), "2": ("would_send", True)}


def test_check_mode_without_a_list_would_send():
    findings = sequences.check_accounts(Script(("list", NO_LIST)), Engine(1), sequences.Limits(), [Target("1", "off")])
    assert outcomes(findings) == {"1": ("would_send", True)} and findings.no_list
    findings = sequences.check_all(Script(("list", NO_LIST)), Engine(1), sequences.Limits(), "off")
    assert findings.records == () and findings.bulk.changed and findings.bulk.outcome == "would_send"


def test_check_mode_fails_where_the_token_is_refused():
    unauthorized = Refusal(401)
    findings = sequences.check_accounts(Script(("list", unauthorized)), Engine(1), sequences.Limits(), [Target("1", "off"), Target("2", "on")])
    assert outcomes(findings) == {"1": ("not_attempted", False), "2": ("not_attempted", False)}
    assert all(record.failed and "401" in record.why for record in findings.records)
    findings = sequences.check_all(Script(("list", unauthorized)), Engine(1), sequences.Limits(), "off")
    assert findings.records == () and findings.bulk.failed and "401" in findings.bulk.why


# --- after ansible-playbook was killed ---


def test_nobody_left_to_answer_to_sends_no_on_and_every_off():
    script = Script(("OFF 2", LOST), ("OFF 2", off("2")))
    targets = [Target("1", "on"), Target("2", "off")]
    findings = sequences.switch_accounts(script, Engine(1, is_orphan=lambda: True), sequences.Limits(), targets, lambda line: None)
    assert script.expected == [] and outcomes(findings) == {"1": ("not_attempted", False), "2": ("ok", True)}


@pytest.mark.parametrize(("state", "sent"), [("on", 0), ("off", 1)])
def test_nobody_left_to_answer_to_sends_no_all_on_and_every_all_off(state, sent):
    script = Script(*[("all_" + state, bulk(1, _1=("success",))), ("list", listed(_1=state == "on"))][: 2 * sent])
    findings = sequences.switch_all(script, Engine(1, is_orphan=lambda: True), sequences.Limits(), state, lambda line: None)
    assert script.expected == [] and findings.bulk.failed is not bool(sent)
