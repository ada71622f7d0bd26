# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds whatever the service does: the sequences against generated histories on a virtual clock."""

from __future__ import annotations

import itertools
import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import (
    OFF,
    ON,
    RUNNING,
    STATUSES,
    STOPPED,
    AccountList,
    BulkAnswer,
    ControlAnswer,
    Maybe,
    NotSent,
    Refusal,
)
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import report, retries, sequences
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import throttle as _throttle
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.engine import GRACE, Engine
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Record, Target
from ansible_collections.bookieops.betmatic.tests.unit.support.generated import load_profile
from ansible_collections.bookieops.betmatic.tests.unit.support.histories import (
    IDS,
    answered,
    elsewhere,
    failed,
    histories,
    states,
    targets,
)
from ansible_collections.bookieops.betmatic.tests.unit.support.played import (
    Played,
    evidence,
    is_blind_spot,
    play,
    switch,
    switch_all,
)
from ansible_collections.bookieops.betmatic.tests.unit.support.service_in_memory import (
    ALL,
    LIST,
    REFUSED,
    Fate,
    History,
    Prompt,
    Service,
)

load_profile()

MANY = settings(max_examples=6 * settings().max_examples)

# outcome -> failed, and what `changed` may be.
TABLE = {
    "ok": (False, (False, True)),
    "pending": (False, (True, False)),
    "rejected": (True, (False, True)),
    "would_send": (False, ()),
    "not_sent": (True, (False,)),
    "not_attempted": (True, (False,)),
    "unknown": (True, (True,)),
}


def ok_is_true(played: Played) -> None:
    """`ok`: after the last command was sent, an answer or a reading met the bot in the wanted state."""
    for record in played.findings.records:
        if record.outcome == "ok" and not is_blind_spot(played, record):
            assert STATUSES[record.state] in states_met(played, record)
            if not played.history.drifts:
                assert played.service.world.states[record.account_id] == STATUSES[record.state]


def states_met(played: Played, record: Record) -> list[str]:
    """Return the bot's true state whenever something usable was said of it since the last command to it."""
    return [entry.states[record.account_id] for entry in evidence(played, record)]


def unchanged_is_true(played: Played) -> None:
    """`changed: false`: no command of this task changed the bot, and none will."""
    played.service.world.advance(math.inf)
    switched = played.service.world.switched_by_us
    for record in played.findings.records:
        if not record.changed and not was_lied_about(played, record):
            assert record.account_id not in switched
    if switched and not is_misled(played):
        assert report.report(played.findings, False)["changed"]


def was_lied_about(played: Played, record: Record) -> bool:
    """Whether the bulk command's answer called the account failed though it was applied to it."""
    return any(record.account_id in fate.lied_about for fate in played.history.bulk)


def is_misled(played: Played) -> bool:
    """Whether, without a list, the bulk command's answer counts too few, names strangers, or turns rows round."""
    listed = any(isinstance(answer, AccountList) for answer in played.answers(LIST))
    return any(fate.lied_about or (not listed and (fate.count in (0, 1) or fate.phantom)) for fate in played.history.bulk)


def outcomes_keep_to_the_table(played: Played) -> None:
    assert played.findings.fault is None
    for record in played.findings.records:
        fails, may_change = TABLE[record.outcome]
        assert record.failed is fails
        assert record.changed in may_change
        if record.outcome == "rejected" and record.changed:
            assert len(played.commands(record.account_id)) + len(played.commands(ALL)) > 1
        if record.outcome == "pending":
            assert record.state == ON and not played.history.limits.wait


def previous_is_null_after_a_maybe(played: Played) -> None:
    for record in played.findings.records:
        if any(isinstance(answer, Maybe) for answer in played.answers(record.account_id)):
            assert record.previous_status is None


def attempts_are_counted(played: Played) -> None:
    for record in played.findings.records:
        sent = len(played.commands(record.account_id)) - sum(isinstance(answer, NotSent) for answer in played.answers(record.account_id))
        assert record.attempts - sent in ((0, 1) if played.bulk_state else (0,))


def on_is_not_repeated(played: Played) -> None:
    """No ON, alone or for all, after an answer that leaves open whether the last one was applied."""
    for to in {entry.to for entry in played.commands()}:
        open_question = False
        for entry in played.log:
            if entry.to == to and entry.command in ("ON", "all_on"):
                assert not (open_question and entry.answer is None)
                open_question = open_question or (entry.answer is not None and not surely_not_applied(entry.answer))
    if played.bulk_state == ON and played.answers(ALL):
        last = played.answers(ALL)[-1]
        allowed = [row.account_id for row in last.rows if row.status != "success"] if isinstance(last, BulkAnswer) else []
        for entry in played.commands():
            assert entry.to in (ALL, *allowed) or isinstance(last, Refusal)


def surely_not_applied(answer: Any) -> bool:
    if isinstance(answer, Maybe):
        return answer.http_status == 503 and answer.retry_after is not None
    return isinstance(answer, NotSent) or (isinstance(answer, Refusal) and answer.http_status == 429)


def off_goes_first(played: Played) -> None:
    """Every OFF before the first ON; with `wait`, where OFF is repeated later, every account's first OFF."""
    sent = [entry for entry in played.commands() if entry.to != ALL]
    first_on = next((number for number, entry in enumerate(sent) if entry.command == "ON"), len(sent))
    before = {entry.to for entry in sent[:first_on]}
    for entry in sent[first_on:]:
        assert entry.command == "ON" or (played.history.limits.wait and entry.to in before)


def tries_are_bounded(played: Played) -> None:
    limits_ = played.history.limits
    assert len(played.commands(ALL)) <= 1 + limits_.retries
    rounds = limits_.wait_timeout / limits_.wait_sleep if limits_.wait else 0
    for record in played.findings.records:
        repeats = rounds if record.state == OFF else 0
        assert len(played.commands(record.account_id)) <= 1 + limits_.retries + repeats


def what_ends_the_run_ends_it(played: Played) -> None:
    """Nothing is sent after a 401 to a command, or a 403 to ON, and no account stays without a reason."""
    for number, entry in enumerate(played.log):
        status = entry.answer.http_status if isinstance(entry.answer, Refusal) and entry.to != LIST else None
        if status == 401 or (status == 403 and entry.command in ("ON", "all_on")):
            assert all(later.answer is not None for later in played.log[number:])
    assert all(record.evidence.reason for record in played.findings.records if record.failed)


def deadline_is_kept(played: Played) -> None:
    limits_ = played.history.limits
    commands_until = limits_.deadline - min(limits_.timeout, limits_.deadline / 4)
    assert all(entry.time < commands_until for entry in played.commands())
    assert all(entry.time < limits_.deadline for entry in played.log if entry.answer is None)
    assert played.ended_at <= limits_.deadline + GRACE


def a_signal_ends_it(played: Played) -> None:
    assert all(entry.time <= played.history.signal_at for entry in played.log)
    assert played.ended_at <= played.history.signal_at or played.history.signal_at <= 0


def wrong_names_are_guarded(played: Played, chosen: tuple[Target, ...]) -> None:
    for target in chosen:
        record = played.record(target.account_id)
        if target.display_name is None:
            continue
        if _shown_before(played, target):
            assert not played.commands(target.account_id)
            assert record.outcome in ("rejected", "not_attempted")
        names = [answer.display_name for answer in played.answers(target.account_id) if isinstance(answer, ControlAnswer)]
        if any(name != target.display_name for name in names):
            assert record.outcome == "unknown"


def _shown_before(played: Played, target: Target) -> bool:
    """Whether a reading showed another name before anything could have been sent to the account."""
    before = list(itertools.takewhile(lambda entry: entry.to != target.account_id, played.log))
    reading = next((entry.answer for entry in before if entry.to == LIST and entry.answer is not None), None)
    rows = [row for row in reading.rows if row.account_id == target.account_id] if isinstance(reading, AccountList) else []
    return len(rows) == 1 and rows[0].display_name != target.display_name


def the_report_agrees(played: Played) -> None:
    result = report.report(played.findings, False)
    records = played.findings.records
    json.dumps(result, allow_nan=False).encode("utf-8")
    assert result["failed"] or not any(record.failed for record in records)
    assert result["changed"] or not any(record.changed for record in records)
    unproven = [record.account_id for record in records if record.failed and record.state == OFF]
    assert not unproven or result["msg"].startswith("NOT proven off: ")
    assert all(account_id in result["msg"] for account_id in unproven)
    assert result["summary"]["total"] == len(records) == sum(result["summary"][outcome] for outcome in TABLE)


OF_EVERY_RUN = (
    ok_is_true,
    unchanged_is_true,
    outcomes_keep_to_the_table,
    previous_is_null_after_a_maybe,
    attempts_are_counted,
    on_is_not_repeated,
    off_goes_first,
    tries_are_bounded,
    what_ends_the_run_ends_it,
    deadline_is_kept,
    a_signal_ends_it,
    the_report_agrees,
)


@MANY
@given(histories, targets)
def test_accounts_that_are_named(history: History, chosen: tuple[Target, ...]) -> None:
    played = switch(history, chosen)
    assert [record.account_id for record in played.findings.records] == [target.account_id for target in chosen]
    assert {entry.to for entry in played.commands()} <= {target.account_id for target in chosen}
    wrong_names_are_guarded(played, chosen)
    for holds in OF_EVERY_RUN:
        holds(played)


@MANY
@given(histories, states)
def test_all_accounts(history: History, state: str) -> None:
    played = switch_all(history, state)
    ids = [record.account_id for record in played.findings.records]
    named = {row.account_id for entry in played.log if isinstance(entry.answer, (BulkAnswer, AccountList)) for row in entry.answer.rows}
    assert len(set(ids)) == len(ids)
    assert {entry.to for entry in played.commands()} - {ALL} <= set(ids) <= named
    assert played.log == [] or played.log[0].to == ALL
    nobody_is_forgotten(played)
    what_is_counted_and_not_named_is_told(played)
    for holds in OF_EVERY_RUN:
        holds(played)


def nobody_is_forgotten(played: Played) -> None:
    """All accounts off, and no failure: every bot is, where the list was whole or the count was true."""
    if played.bulk_state != OFF or played.history.drifts or report.report(played.findings, False)["failed"]:
        return
    bulk = next(reversed(played.answers(ALL)), None)
    first = next((answer for answer in played.answers(LIST) if isinstance(answer, AccountList)), AccountList())
    whole = {row.account_id for row in first.rows} >= set(IDS)
    if whole or (isinstance(bulk, BulkAnswer) and bulk.affected_accounts in (3, 5) and not played.history.bulk[0].phantom):
        assert {record.account_id for record in played.findings.records} >= set(IDS)


def what_is_counted_and_not_named_is_told(played: Played) -> None:
    last = next(reversed(played.answers(ALL)), None)
    counted = (last.affected_accounts or 0) if isinstance(last, BulkAnswer) else 0
    assert played.findings.unlisted == max(0, counted - len(played.findings.records))
    if played.findings.unlisted:
        result = report.report(played.findings, False)
        assert result["changed"] and (result["failed"] or played.bulk_state == ON)


# --- check mode ------------------------------------------------------------------------------------------------

quiet = st.builds(History, bots=st.fixed_dictionaries({key: st.sampled_from((RUNNING, STOPPED)) for key in IDS}))


@given(histories, targets, states)
def test_check_mode_sends_no_command(history: History, chosen: tuple[Target, ...], state: str) -> None:
    for played in (play(history, sequences.check_accounts, chosen), play(history, sequences.check_all, state)):
        assert not played.commands()
        assert not played.service.world.switched_by_us
        deadline_is_kept(played)


@given(quiet, targets)
def test_check_mode_predicts_named_accounts(history: History, chosen: tuple[Target, ...]) -> None:
    predicted = play(history, sequences.check_accounts, chosen).findings.records
    for before, after in zip(predicted, switch(history, chosen).findings.records):
        assert (before.account_id, before.changed) == (after.account_id, after.changed)
        assert before.outcome == after.outcome or (before.outcome, after.outcome) == ("would_send", "ok")
        assert before.failed == after.failed
        assert before.previous_status == after.previous_status


@given(quiet, states)
def test_check_mode_predicts_all_accounts(history: History, state: str) -> None:
    predicted = play(history, sequences.check_all, state).findings.records
    real = switch_all(history, state).findings.records
    assert [(record.account_id, record.changed, record.failed) for record in predicted] == [
        (record.account_id, record.changed, record.failed) for record in real
    ]


# --- the real engine -------------------------------------------------------------------------------------------

prompt_fates = st.one_of(
    st.just(Fate()), answered, failed, elsewhere, st.builds(Fate, kind=st.just(REFUSED), http_status=st.sampled_from((401, 403, 404, 406, 408)))
)
prompt = st.builds(
    History,
    bots=st.fixed_dictionaries({key: st.sampled_from((RUNNING, STOPPED)) for key in IDS}),
    concurrency=st.integers(1, 3),
    single=st.dictionaries(st.sampled_from(IDS), st.lists(prompt_fates, max_size=3).map(tuple), max_size=3),
    no_list=st.sampled_from((None, 403)),
)


@pytest.fixture(name="no_waiting")
def _no_waiting(monkeypatch: Any) -> None:
    monkeypatch.setattr(retries, "_FIRST_BACK_OFF", 0.0)
    monkeypatch.setattr(_throttle, "_FIRST_BRAKE", 0.0)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(prompt, targets)
def test_the_real_engine_with_threads(no_waiting: None, history: History, chosen: tuple[Target, ...]) -> None:
    engine = Engine(history.concurrency)
    service = Service(history, lambda: 0.0)
    findings = sequences.switch_accounts(Prompt(service), engine, history.limits, chosen, lambda line: None)
    played = Played(history, service, findings, 0.0)
    assert [record.account_id for record in findings.records] == [target.account_id for target in chosen]
    for holds in (ok_is_true, unchanged_is_true, outcomes_keep_to_the_table, attempts_are_counted, on_is_not_repeated, off_goes_first, tries_are_bounded):
        holds(played)
