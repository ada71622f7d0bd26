# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds in every history of one account, none left out: each first state, each answer, each reading, one command of somebody else."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any, Callable, Sequence

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import (
    OFF,
    ON,
    STATUSES,
    AccountList,
    ControlAnswer,
    Maybe,
    NotSent,
    Refusal,
)
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import sequences
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import OUTCOMES, Findings, Limits, Record, Target
from ansible_collections.bookieops.betmatic.tests.unit.support.service_in_memory import STARTING, VirtualEngine
from ansible_collections.bookieops.betmatic.tests.unit.support.walked import (
    ACCOUNT,
    ALL,
    BULK_FATES,
    FEW_FATES,
    FEW_READINGS,
    FEWEST_FATES,
    LIST,
    ONE,
    READINGS,
    SINGLE_FATES,
    STATES,
    TRUE_READINGS,
    Bound,
    Choices,
    Walked,
    WalkedService,
    every_run,
)

# Two attempts; and two rounds of waiting, in which every command is sent once.
TWICE = Limits(retries=1)
WAITING = Limits(retries=0, wait=True, wait_timeout=5.0, wait_sleep=2.0)
ROUNDS = {TWICE: 0, WAITING: 2}


def one_account(state: str) -> Callable[..., Findings]:
    return lambda service, engine, limits: sequences.switch_accounts(service, engine, limits, (Target(ACCOUNT, state),), lambda line: None)


def all_accounts(state: str) -> Callable[..., Findings]:
    return lambda service, engine, limits: sequences.switch_all(service, engine, limits, state, lambda line: None)


def check_one(state: str) -> Callable[..., Findings]:
    return lambda service, engine, limits: sequences.check_accounts(service, engine, limits, (Target(ACCOUNT, state),))


def check_all(state: str) -> Callable[..., Findings]:
    return lambda service, engine, limits: sequences.check_all(service, engine, limits, state)


SEQUENCES = {"one account": one_account, "all accounts": all_accounts, "check mode": check_one, "check mode, all accounts": check_all}


def walk(sequence: Callable[..., Findings], limits: Limits, bound: Bound, state: str, is_check: bool, begun: Sequence[int]) -> Counter:
    """Play every history and look at each; return how many there were, and how many of a kind that is told."""

    def play(choices: Choices) -> Walked:
        engine = VirtualEngine(1)
        service = WalkedService(choices, bound)
        findings = sequence(service, engine, limits)
        service.end()
        return Walked(service, findings, tuple(choices.taken))

    counted: Counter = Counter()
    for walked in every_run(play, begun):
        counted["histories"] += 1
        try:
            look_at(walked, limits, state, is_check, counted)
        except AssertionError as error:
            raise AssertionError(f"{error}\nfirst state {walked.service.first}, choices {walked.choices}\n" + "\n".join(map(str, walked.log))) from error
    return counted


def look_at(walked: Walked, limits: Limits, state: str, is_check: bool, counted: Counter) -> None:
    assert walked.findings.fault is None
    for record in walked.findings.records + ((walked.findings.bulk,) if walked.findings.bulk else ()):
        assert record.outcome in OUTCOMES
        assert record.why or not record.failed
        assert record.changed or record.outcome not in ("unknown", "would_send")
    for record in walked.findings.records:
        assert record.outcome != "ok" or is_proven(walked, record, is_check, counted)
    commands = [moment for moment in walked.log if moment.answer is None and moment.to != LIST]
    if is_check:
        assert not commands and not walked.service.world.switched
        return
    everything = walked.findings.records + ((walked.findings.bulk,) if walked.findings.bulk else ())
    if walked.service.world.switched and not any(record.changed for record in everything):
        raise AssertionError("a command of the task switched the bot, and nothing is changed")
    assert len([moment for moment in commands if moment.to == ONE]) <= 1 + limits.retries + (ROUNDS[limits] if state == OFF else 0)
    assert len([moment for moment in commands if moment.to == ALL]) <= 1 + limits.retries
    no_second_on_after_a_maybe(walked)


def is_proven(walked: Walked, record: Record, is_check: bool, counted: Counter) -> bool:
    """Whether something was said of the bot, since the last command to it, when it was in the wanted state."""
    sent = max((number for number, moment in enumerate(walked.log) if moment.answer is None and moment.to != LIST), default=-1)
    assert is_check or sent >= 0
    met = [moment for moment in walked.log[sent + 1:] if says_something(moment.answer)]
    if any(moment.state == STATUSES[record.state] for moment in met):
        return True
    # A starting bot looks stopped. Check mode has nothing but the list; after an OFF that was applied only somebody else can have started it.
    assert record.state == OFF and met and met[-1].state == STARTING
    started = walked.service.world.on_by_another
    counted["in which check mode takes a starting bot for a stopped one" if is_check else "in which somebody else's ON came after the OFF"] += 1
    return is_check or (started is not None and was_off_before(walked, started))


def says_something(answer: Any) -> bool:
    if isinstance(answer, AccountList):
        return len(answer.rows) == 1
    return isinstance(answer, ControlAnswer) and answer.account_id == ACCOUNT


def was_off_before(walked: Walked, number: int) -> bool:
    """Whether an OFF was accepted, and the bot stopped by then, before that request."""
    return any(moment.answer is not None and moment.to != LIST and moment.state == STATUSES[OFF] for moment in walked.log[:number])


def no_second_on_after_a_maybe(walked: Walked) -> None:
    for to in (ONE, ALL):
        is_open = False
        for moment in walked.log:
            if moment.to == to and moment.command in ("ON", "all_on"):
                assert not (is_open and moment.answer is None), "ON again after a maybe"
                is_open = is_open or (moment.answer is not None and not is_surely_not_applied(moment.answer))


def is_surely_not_applied(answer: Any) -> bool:
    if isinstance(answer, Maybe):
        return answer.http_status == 503 and answer.retry_after is not None
    return isinstance(answer, NotSent) or (isinstance(answer, Refusal) and answer.http_status == 429)


@pytest.fixture(autouse=True)
def _no_jitter(monkeypatch: Any) -> None:
    # The same choices must lead to the same history.
    monkeypatch.setattr(random, "random", lambda: 0.0)


# (first command in full and the later ones in part, the same for readings), by whether the bulk command comes first.
SHORT = {
    (TWICE, False): Bound((SINGLE_FATES, FEWEST_FATES), (), (FEW_READINGS, TRUE_READINGS), somebody_else=False),
    (WAITING, False): Bound((FEW_FATES, FEWEST_FATES), (), (FEW_READINGS, TRUE_READINGS), somebody_else=False),
    (TWICE, True): Bound((FEWEST_FATES,), BULK_FATES, (FEW_READINGS, TRUE_READINGS), somebody_else=False),
    (WAITING, True): Bound((FEWEST_FATES,), BULK_FATES, (TRUE_READINGS,), somebody_else=False),
}
WHOLE = {
    (TWICE, False): Bound((SINGLE_FATES, FEW_FATES), (), (READINGS, FEW_READINGS)),
    (WAITING, False): Bound((SINGLE_FATES, FEWEST_FATES), (), (READINGS, TRUE_READINGS)),
    (TWICE, True): Bound((FEW_FATES, FEWEST_FATES), BULK_FATES, (FEW_READINGS, TRUE_READINGS)),
    (WAITING, True): Bound((FEWEST_FATES,), BULK_FATES, (FEW_READINGS, TRUE_READINGS)),
}


def told(record_property: Any, name: str, counted: Counter) -> None:
    record_property(f"histories walked, {name}", ", ".join(f"{number} {kind}" for kind, number in counted.items()))


def walked(name: str, state: str, limits: Limits, bounds: Any, record_property: Any, begun: Sequence[int] = ()) -> None:
    bound = bounds[limits, name.startswith("all")]
    kind = "two rounds of wait" if limits.wait else "two attempts"
    counted = walk(SEQUENCES[name](state), limits, bound, state, name.startswith("check"), begun)
    told(record_property, ", ".join([name, state, kind, *[f"first {STATES[number]}" for number in begun]]), counted)


@pytest.mark.parametrize("name", SEQUENCES)
@pytest.mark.parametrize("state", [OFF, ON])
@pytest.mark.parametrize("limits", [TWICE, WAITING], ids=["two attempts", "two rounds of wait"])
def test_the_histories_without_somebody_else(name: str, state: str, limits: Limits, record_property: Any) -> None:
    walked(name, state, limits, SHORT, record_property)


@pytest.mark.long
@pytest.mark.parametrize("name", SEQUENCES)
@pytest.mark.parametrize("state", [OFF, ON])
@pytest.mark.parametrize("limits", [TWICE, WAITING], ids=["two attempts", "two rounds of wait"])
@pytest.mark.parametrize("first", range(len(STATES)), ids=STATES)
def test_every_history(name: str, state: str, limits: Limits, first: int, record_property: Any) -> None:
    walked(name, state, limits, WHOLE, record_property, (first,))
