# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds whatever the service does: the sequences against generated histories on a virtual clock."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import dataclass, replace
from typing import Any, Callable, List, Optional, Tuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.module_utils import _control, _engine, _module, _report, _sending
from ansible_collections.bookieops.betmatic.plugins.module_utils._answers import (
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
from ansible_collections.bookieops.betmatic.plugins.module_utils._control import Findings, Limits
from ansible_collections.bookieops.betmatic.plugins.module_utils._engine import GRACE, Engine
from ansible_collections.bookieops.betmatic.plugins.module_utils._outcomes import Record, Target
from ansible_collections.bookieops.betmatic.plugins.modules import bookie_bot
from ansible_collections.bookieops.betmatic.tests.unit.plugins.module_utils.generated import load_profile
from ansible_collections.bookieops.betmatic.tests.unit.plugins.module_utils.service_in_memory import (
    ALL,
    LATE,
    LIST,
    LOST,
    NOT_SENT,
    PHANTOM,
    REFUSED,
    STARTING,
    STOPPING,
    STUCK,
    TRUE_WORD,
    Drift,
    Entry,
    Fate,
    History,
    Prompt,
    Service,
    VirtualEngine,
    name_of,
)

load_profile()

MANY = settings(max_examples=6 * settings().max_examples)

IDS = ("1", "2", "3")
NOBODYS = "404"
REFUSALS = (301, 302, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409, 418, 429, 451)
FREQUENT = (401, 403, 406, 429)
# outcome -> failed, and what `changed` may be.
TABLE = {
    "ok": (False, (False, True)),
    "pending": (False, (True, False)),
    "rejected": (True, (False, True)),
    "not_sent": (True, (False,)),
    "not_attempted": (True, (False,)),
    "unknown": (True, (True,)),
}


# --- histories -------------------------------------------------------------------------------------------------

waits = st.sampled_from((None, 0.0, 0.5, 5.0, 29.0, 31.0, 7200.0))
delays = st.sampled_from((0.25, 0.25, 0.0, 1.0, 9.0, 60.0))
lost = st.builds(Fate, kind=st.just(LOST), delay=delays, applied=st.booleans(), http_status=st.sampled_from((None, 200, 201, 204, 500, 502, 504)))
# 503 that names a Retry-After says that nothing was done.
unavailable = st.builds(Fate, kind=st.just(LOST), applied=st.just(False), http_status=st.just(503), retry_after=waits)
refused = st.builds(Fate, kind=st.just(REFUSED), delay=delays, http_status=st.sampled_from(FREQUENT) | st.sampled_from(REFUSALS), retry_after=waits)
never_left = st.just(Fate(NOT_SENT))
late = st.builds(Fate, kind=st.sampled_from((LATE, STUCK)), delay=delays, applied=st.booleans())
bad_luck = st.one_of(lost, unavailable, refused, never_left, late)
words = st.sampled_from((TRUE_WORD, STARTING, STOPPING, "PAUSED", None))
answered = st.builds(Fate, delay=delays, word=words, previous=st.sampled_from((TRUE_WORD, None, "PAUSED")), twice=st.booleans())
failed = st.builds(Fate, applied=st.just(False), status=st.sampled_from(("failed", "error")), previous=st.sampled_from((TRUE_WORD, None)))
elsewhere = st.one_of(
    st.builds(Fate, answers_for=st.sampled_from((*IDS, PHANTOM)), applied=st.booleans()),
    st.builds(Fate, answers_name=st.just("Somebody Else"), applied=st.booleans()),
)
single_fates = st.one_of(st.just(Fate()), answered, failed, bad_luck, elsewhere)
some_ids = st.lists(st.sampled_from(IDS), max_size=2, unique=True).map(tuple)
bulk_answers = st.builds(
    Fate,
    delay=delays,
    applied=st.booleans(),
    status=st.sampled_from(("success", "success", "failed")),
    not_applied_to=some_ids,
    hidden=some_ids,
    lied_about=some_ids,
    phantom=st.booleans(),
    count=st.sampled_from((None, 0, 1, 3, 5)),
)
bulk_fates = st.one_of(st.just(Fate(count=3)), bulk_answers, bad_luck)
list_fates = st.one_of(
    st.just(Fate()), st.builds(Fate, delay=delays, hidden=some_ids, doubled=some_ids, answers_name=st.sampled_from((None, None, "Somebody Else"))), bad_luck
)
limits = st.builds(
    Limits,
    deadline=st.sampled_from((600.0, 600.0, 600.0, 40.0, 7.0, 0.4)),
    timeout=st.sampled_from((10.0, 1.0)),
    retries=st.integers(0, 3),
    wait=st.booleans(),
    wait_timeout=st.sampled_from((20.0, 3.0)),
    wait_sleep=st.sampled_from((2.0, 0.7)),
)
drifts = st.builds(Drift, st.sampled_from((0.1, 0.6, 3.0, 12.0)), st.sampled_from(IDS), st.sampled_from((RUNNING, STOPPED)))
histories = st.builds(
    History,
    bots=st.fixed_dictionaries({key: st.sampled_from((RUNNING, STOPPED, STARTING)) for key in IDS}),
    limits=limits,
    concurrency=st.integers(1, 3),
    single=st.fixed_dictionaries({key: st.lists(single_fates, max_size=4).map(tuple) for key in IDS}),
    bulk=st.lists(bulk_fates, max_size=3).map(tuple),
    lists=st.lists(list_fates, max_size=3).map(tuple),
    no_list=st.sampled_from((None, None, None, 401, 403, 404, 406)),
    startup=st.sampled_from((0.0, 3.0, 100.0)),
    stopping=st.sampled_from((0.0, 3.0, 100.0)),
    lingering=st.sampled_from((0.0, 3.0)),
    drifts=st.lists(drifts, max_size=1).map(tuple),
    signal_at=st.sampled_from((math.inf,) * 9 + (0.1, 1.1, 11.0)),
)
guards = st.sampled_from((None, None, None, "right", "wrong"))


def _targets(chosen: Any) -> Tuple[Target, ...]:
    names = {"right": name_of, "wrong": lambda account_id: "Another Name"}
    return tuple(Target(key, state, names[guard](key) if guard else None) for key, (state, guard) in chosen.items())


wanted = st.tuples(st.sampled_from((OFF, ON)), guards)
targets = st.dictionaries(st.sampled_from((*IDS, *IDS, NOBODYS)), wanted, min_size=2).map(_targets)
states = st.sampled_from((OFF, ON))


# --- one run ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Played:
    """What a sequence found, and what really happened."""

    history: History
    service: Service
    findings: Findings
    ended_at: float
    bulk_state: Optional[str] = None

    @property
    def log(self) -> List[Entry]:
        return self.service.log

    def record(self, account_id: str) -> Record:
        return next(record for record in self.findings.records if record.account_id == account_id)

    def commands(self, to: Optional[str] = None) -> List[Entry]:
        return [entry for entry in self.log if entry.answer is None and entry.to != LIST and to in (None, entry.to)]

    def answers(self, to: str) -> List[Any]:
        return [entry.answer for entry in self.log if entry.answer is not None and entry.to == to]


def play(history: History, sequence: Callable[..., Findings], *arguments: Any, bulk_state: Optional[str] = None) -> Played:
    engine = VirtualEngine(history.concurrency, history.signal_at)
    service = Service(history, engine.clock)
    findings = sequence(service, engine, history.limits, *arguments)
    played = Played(history, service, findings, engine.clock(), bulk_state)
    service.world.advance(engine.clock())
    return played


def switch(history: History, chosen: Tuple[Target, ...]) -> Played:
    return play(history, _control.switch_accounts, chosen, lambda line: None)


def switch_all(history: History, state: str) -> Played:
    return play(history, _control.switch_all, state, lambda line: None, bulk_state=state)


# --- properties of every run -----------------------------------------------------------------------------------


def ok_is_true(played: Played) -> None:
    """`ok`: after the last command was sent, an answer or a reading met the bot in the wanted state."""
    for record in played.findings.records:
        if record.outcome == "ok" and not is_blind_spot(played, record):
            assert STATUSES[record.state] in states_met(played, record)
            if not played.history.drifts:
                assert played.service.world.states[record.account_id] == STATUSES[record.state]


def states_met(played: Played, record: Record) -> List[str]:
    """Return the bot's true state whenever something usable was said of it since the last command to it."""
    return [entry.states[record.account_id] for entry in evidence(played, record)]


def evidence(played: Played, record: Record) -> List[Entry]:
    mine = (record.account_id, ALL)
    sent = max(number for number, entry in enumerate(played.log) if entry.answer is None and entry.to in mine)
    return [entry for entry in played.log[sent:] if _says_something(entry, record.account_id)]


def _says_something(entry: Entry, account_id: str) -> bool:
    if isinstance(entry.answer, AccountList):
        return [row.account_id for row in entry.answer.rows].count(account_id) == 1
    return isinstance(entry.answer, ControlAnswer) and entry.to == entry.answer.account_id == account_id


def is_blind_spot(played: Played, record: Record) -> bool:
    """Whether a starting bot, which the list shows as stopped, was not stopped by an OFF, and nobody said so.

    Accepted, and kept below as a test of its own: only a service that does not apply OFF can bring it about.
    """
    seen_starting = any(isinstance(entry.answer, AccountList) and entry.states[record.account_id] == STARTING for entry in evidence(played, record))
    if record.state != OFF or not seen_starting:
        return False
    named = [answer.bot_status for answer in played.answers(record.account_id) if isinstance(answer, ControlAnswer) and answer.bot_status]
    if named and named[-1] not in (RUNNING, STOPPED):
        return False
    if played.bulk_state is None:
        return True
    bulk = next(reversed(played.answers(ALL)), None)
    if not isinstance(bulk, BulkAnswer):
        return bool(played.commands(record.account_id))
    called_failed = any(row.account_id == record.account_id and row.status != "success" for row in bulk.rows)
    return not called_failed and (bulk.status == "success" or bool(played.commands(record.account_id)))


def unchanged_is_true(played: Played) -> None:
    """`changed: false`: no command of this task changed the bot, and none will."""
    played.service.world.advance(math.inf)
    switched = played.service.world.switched_by_us
    for record in played.findings.records:
        if not record.changed and not was_lied_about(played, record):
            assert record.account_id not in switched
    if switched and not is_misled(played):
        assert _report.report(played.findings, False)["changed"]


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
    assert all(record.reason for record in played.findings.records if record.failed)


def deadline_is_kept(played: Played) -> None:
    limits_ = played.history.limits
    commands_until = limits_.deadline - min(limits_.timeout, limits_.deadline / 4)
    assert all(entry.time < commands_until for entry in played.commands())
    assert all(entry.time < limits_.deadline for entry in played.log if entry.answer is None)
    assert played.ended_at <= limits_.deadline + GRACE


def a_signal_ends_it(played: Played) -> None:
    assert all(entry.time <= played.history.signal_at for entry in played.log)
    assert played.ended_at <= played.history.signal_at or played.history.signal_at <= 0


def wrong_names_are_guarded(played: Played, chosen: Tuple[Target, ...]) -> None:
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
    result = _report.report(played.findings, False)
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
def test_accounts_that_are_named(history: History, chosen: Tuple[Target, ...]) -> None:
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
    if played.bulk_state != OFF or played.history.drifts or _report.report(played.findings, False)["failed"]:
        return
    bulk = next(reversed(played.answers(ALL)), None)
    whole = any(isinstance(answer, AccountList) and {row.account_id for row in answer.rows} >= set(IDS) for answer in played.answers(LIST)[:1])
    if whole or (isinstance(bulk, BulkAnswer) and bulk.affected_accounts in (3, 5) and not played.history.bulk[0].phantom):
        assert {record.account_id for record in played.findings.records} >= set(IDS)


def what_is_counted_and_not_named_is_told(played: Played) -> None:
    last = next(reversed(played.answers(ALL)), None)
    counted = (last.affected_accounts or 0) if isinstance(last, BulkAnswer) else 0
    assert played.findings.unlisted == max(0, counted - len(played.findings.records))
    if played.findings.unlisted:
        result = _report.report(played.findings, False)
        assert result["changed"] and (result["failed"] or played.bulk_state == ON)


# --- check mode ------------------------------------------------------------------------------------------------

quiet = st.builds(History, bots=st.fixed_dictionaries({key: st.sampled_from((RUNNING, STOPPED)) for key in IDS}))


@given(histories, targets, states)
def test_check_mode_sends_no_command(history: History, chosen: Tuple[Target, ...], state: str) -> None:
    for played in (play(history, _control.check_accounts, chosen), play(history, _control.check_all, state)):
        assert not played.commands()
        assert not played.service.world.switched_by_us
        deadline_is_kept(played)


@given(quiet, targets)
def test_check_mode_predicts_named_accounts(history: History, chosen: Tuple[Target, ...]) -> None:
    predicted = play(history, _control.check_accounts, chosen).findings.records
    for before, after in zip(predicted, switch(history, chosen).findings.records):
        assert (before.account_id, before.changed) == (after.account_id, after.changed)
        assert before.outcome == after.outcome or (before.outcome, after.outcome) == ("not_attempted", "ok")
        assert before.failed == after.failed
        assert before.previous_status == after.previous_status


@given(quiet, states)
def test_check_mode_predicts_all_accounts(history: History, state: str) -> None:
    predicted = play(history, _control.check_all, state).findings.records
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
    monkeypatch.setattr(_sending, "_FIRST_BACK_OFF", 0.0)
    monkeypatch.setattr(_engine, "_FIRST_BRAKE", 0.0)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(prompt, targets)
def test_the_real_engine_with_threads(no_waiting: None, history: History, chosen: Tuple[Target, ...]) -> None:
    engine = Engine(history.concurrency)
    service = Service(history, lambda: 0.0)
    findings = _control.switch_accounts(Prompt(service), engine, history.limits, chosen, lambda line: None)
    played = Played(history, service, findings, 0.0)
    assert [record.account_id for record in findings.records] == [target.account_id for target in chosen]
    for holds in (ok_is_true, unchanged_is_true, outcomes_keep_to_the_table, attempts_are_counted, on_is_not_repeated, off_goes_first, tries_are_bounded):
        holds(played)


# --- the module around it --------------------------------------------------------------------------------------

TOKEN = "header12.payload34.signature56"
OPTIONS = {
    "api_token": " " + TOKEN + " ", "api_url": "https://betmatic.app/api", "timeout": 10.0, "retries": 1, "validate_certs": True, "ca_path": None,
    "account_id": None, "accounts": None, "all_accounts": False, "state": OFF, "reason": None,
    "wait": False, "wait_timeout": 120.0, "wait_sleep": 2.0, "concurrency": 2, "deadline": 600.0,
}


class Ended(Exception):
    """In the place of the process's end."""


class Module:
    """In the place of AnsibleModule."""

    def __init__(self, check_mode: bool = False, diff: bool = False, **options: Any) -> None:
        self.params = dict(OPTIONS, **options)
        self.check_mode, self._diff = check_mode, diff
        self.no_log_values: set = set()
        self.logged: List[str] = []
        self.result: Any = None

    def log(self, line: str) -> None:
        self.logged.append(line)

    def exit_json(self, **result: Any) -> None:
        self.result = result
        raise Ended

    def fail_json(self, **result: Any) -> None:
        self.exit_json(failed=True, **result)


@pytest.fixture(name="main")
def _main(monkeypatch: Any) -> Any:
    """Run the module's main against a service in memory; returns the service, None if no client was made."""

    def main(module: Module, history: History) -> Optional[Service]:
        services: List[Service] = []
        service = Service(history, lambda: 0.0)
        monkeypatch.setattr(bookie_bot, "AnsibleModule", lambda *args, **kwargs: module)
        monkeypatch.setattr(_module, "Client", lambda *args: services.append(service) or Prompt(service))
        caught: List[Engine] = []

        def catch_signals(engine: Engine) -> None:
            caught.append(engine)

        monkeypatch.setattr(Engine, "catch_signals", catch_signals)
        with pytest.raises(Ended):
            bookie_bot.main()
        assert len(caught) == len(services)
        return services[0] if services else None

    return main


SELECTIONS = ({"account_id": ["1"]}, {"accounts": [{"account_id": "1", "state": None, "display_name": None}]}, {"all_accounts": True})


@pytest.mark.parametrize("selection", SELECTIONS, ids=lambda selection: next(iter(selection)))
@pytest.mark.parametrize("check_mode", (False, True))
@pytest.mark.parametrize("state", (OFF, ON))
def test_the_module_switches_and_in_check_mode_only_predicts(main: Any, selection: Any, check_mode: bool, state: str) -> None:
    before = RUNNING if state == OFF else STOPPED
    module = Module(check_mode, True, state=state, **selection)
    service = main(module, History({"1": before}))
    assert service.world.states["1"] == (before if check_mode else STATUSES[state])
    assert bool(module.logged) is not check_mode
    assert (module.result["changed"], module.result["failed"]) == (True, False)
    assert module.result["diff"]["after"] == "1 Account 1: {0}\n".format(STATUSES[state])


def test_the_module_masks_the_token_and_its_parts(main: Any) -> None:
    module = Module(account_id=["1"])
    main(module, History({"1": STOPPED}))
    assert module.no_log_values == {TOKEN, *TOKEN.split(".")}
    assert "diff" not in module.result


@pytest.mark.parametrize("options", ({}, {"account_id": ["1", "."]}, {"account_id": ["1"], "api_token": "two words"}, {"account_id": ["1"], "deadline": 0.0}))
def test_the_module_sends_nothing_with_a_bad_option(main: Any, options: Any) -> None:
    module = Module(**options)
    assert main(module, History({"1": RUNNING})) is None
    assert module.result["failed"] and not module.result["changed"]


def test_the_module_is_changed_and_failed_after_a_fault_of_its_own(main: Any, monkeypatch: Any) -> None:
    def fault(*arguments: Any) -> None:
        raise RuntimeError(TOKEN)

    monkeypatch.setattr(_control, "switch_accounts", fault)
    module = Module(account_id=["1"])
    main(module, History({"1": RUNNING}))
    assert module.result["failed"] and module.result["changed"]
    assert TOKEN not in json.dumps(module.result)


# --- what no answer of this service can tell: known, accepted, and kept in sight ------------------------------

ONE_OFF = (Target("1", OFF),)
STARTING_BOT = History({"1": STARTING}, limits=Limits(retries=0))


@pytest.mark.parametrize(
    "fate",
    (
        Fate(REFUSED, http_status=406),
        Fate(REFUSED, http_status=429),
        Fate(LOST, applied=False),
        Fate(LOST, applied=False, http_status=503),
        Fate(LATE, applied=False),
        Fate(applied=False, status="failed", word=None, previous=None),
    ),
    ids=("406", "429", "lost before it was applied", "503", "timeout", "failed without a word"),
)
def test_known_gap_a_starting_bot_to_which_off_was_not_applied_looks_stopped_in_the_list(fate: Fate) -> None:
    played = switch(replace(STARTING_BOT, single={"1": (fate,)}), ONE_OFF)
    assert played.record("1").outcome == "ok"
    assert played.service.world.states["1"] == STARTING
    assert is_blind_spot(played, played.record("1"))


@pytest.mark.parametrize("fate", (Fate(not_applied_to=("1",), lied_about=("1",)), Fate(not_applied_to=("1",), hidden=("1",))), ids=("success", "not named"))
def test_known_gap_the_bulk_command_is_accepted_and_leaves_a_starting_bot_alone(fate: Fate) -> None:
    played = switch_all(replace(STARTING_BOT, bulk=(fate,)), OFF)
    assert played.record("1").outcome == "ok"
    assert played.service.world.states["1"] == STARTING
    assert is_blind_spot(played, played.record("1"))


def test_no_gap_where_the_service_named_the_starting_bot() -> None:
    named = Fate(applied=False, status="failed")
    called_failed = Fate(not_applied_to=("1",))
    refused_ = Fate(REFUSED, http_status=406)
    assert switch(replace(STARTING_BOT, single={"1": (named,)}), ONE_OFF).record("1").outcome == "rejected"
    assert switch_all(replace(STARTING_BOT, bulk=(called_failed,), single={"1": (refused_,)}), OFF).record("1").outcome == "rejected"


def test_known_gap_the_bulk_answer_calls_failed_what_it_did() -> None:
    played = switch_all(History({"1": RUNNING}, bulk=(Fate(lied_about=("1",)),)), OFF)
    assert not played.record("1").changed
    assert "1" in played.service.world.switched_by_us


def test_known_gap_a_command_that_was_doubled_on_its_way_and_answered_the_second_time() -> None:
    played = switch(History({"1": RUNNING}, single={"1": (Fate(twice=True, previous=STOPPED),)}), ONE_OFF)
    assert not played.record("1").changed
    assert "1" in played.service.world.switched_by_us
