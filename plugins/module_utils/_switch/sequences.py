# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sequences: these accounts, all accounts, check mode. Knows no HTTP and no Ansible.

Each works in rounds: send to all that are due, one reading for all that are open, settle.
"""

from __future__ import annotations

import random
import signal
from dataclasses import replace
from typing import Any, Callable, Iterable, Sequence

from .._api.documents import (
    BULK_COMMANDS,
    COMMANDS,
    OFF,
    ON,
    AccountList,
    BulkAnswer,
    Maybe,
    NotSent,
    Refusal,
)
from . import verdicts
from .bulk import ALL_ACCOUNTS, count_unlisted, needs_single, own_record, records_after, why
from .engine import Engine
from .records import (
    NOT_ATTEMPTED,
    OK,
    Findings,
    Limits,
    Record,
    Target,
    new_record,
)
from .retries import Next, back_off_seconds, ends_run, send_again
from .verdicts import Reading

# Refusals that mean: this token has no list, so that nobody asks again.
_NO_LIST = frozenset((401, 403, 404))


def switch_accounts(service: Any, engine: Engine, limits: Limits, targets: Sequence[Target], log: Callable[[str], None]) -> Findings:
    """Bring each target into its state: every OFF before the first ON.

    :param service: has `control_one`, `control_all` and `list_accounts`, each given its seconds
    :param log: called with one line before each command
    """
    run = _Run(service, engine, limits, log)
    records = {target.account_id: new_record(target) for target in targets}
    try:
        _switch(run, records)
    except Exception as error:  # pylint: disable=broad-except
        # What was sent must be told whatever breaks here.
        run.fault = error
    return run.findings(records)


def switch_all(service: Any, engine: Engine, limits: Limits, state: str, log: Callable[[str], None]) -> Findings:
    """Bring every account into the state: the bulk command first, then whatever it takes to prove it."""
    run = _Run(service, engine, limits, log)
    records: dict[str, Record] = {}
    bulk = new_record(Target(ALL_ACCOUNTS, state))
    unlisted = 0
    try:
        answer, reading = _bulk_off(run) if state == OFF else _bulk_on(run)
        records.update(records_after(answer, state, reading, run.bulk_maybe))
        unlisted = count_unlisted(answer, records)
        bulk = own_record(state, answer, run.bulk_maybe, records, unlisted, reading)
        due = [key for key, record in records.items() if needs_single(record)]
        run.send(records, due)
        if due:
            run.settle(records)
        run.wait(records)
    except Exception as error:  # pylint: disable=broad-except
        run.fault = error
        bulk = verdicts.before_command(bulk)
    return run.findings(records, verdicts.after_waiting(bulk) if limits.wait else bulk, unlisted)


def check_accounts(service: Any, engine: Engine, limits: Limits, targets: Sequence[Target]) -> Findings:
    """Predict `switch_accounts` from the list; sends no command."""
    run = _Run(service, engine, limits, _no_log)
    reading = run.read(run.deadline)
    return run.findings({target.account_id: verdicts.predict(new_record(target), reading) for target in targets})


def check_all(service: Any, engine: Engine, limits: Limits, state: str) -> Findings:
    """Predict `switch_all` from the list; sends no command."""
    run = _Run(service, engine, limits, _no_log)
    reading = run.read(run.deadline)
    targets = [Target(account_id, state) for account_id in (reading.rows if reading else ())]
    records = {target.account_id: verdicts.predict(new_record(target), reading) for target in targets}
    bulk = new_record(Target(ALL_ACCOUNTS, state))
    return run.findings(records, replace(bulk, outcome=OK) if reading else verdicts.predict(bulk, None))


def list_accounts(service: Any, limits: Limits) -> Any:
    """Read the list of accounts; returns AccountList, or the Refusal, NotSent or Maybe that came instead."""
    run = _Run(service, Engine(1), limits, _no_log)
    return run.ask_for_list(run.deadline, limits.retries)


def _switch(run: _Run, records: dict[str, Record]) -> None:
    run.send(records, [key for key, record in records.items() if record.state == OFF and not record.guard])
    if any(record.guard for record in records.values()):
        reading = run.glance()
        records.update({key: verdicts.guarded(record, reading) for key, record in records.items()})
    run.send(records, [key for key, record in records.items() if record.state == OFF and record.guard and not record.final])
    run.send(records, [key for key, record in records.items() if record.state == ON and not record.final])
    run.settle(records)
    run.wait(records)


def _bulk_off(run: _Run) -> tuple[Any, Reading | None]:
    """Send all_off, and again where neither its answer nor a list names the accounts; returns the answer and the reading."""
    answer = run.bulk(OFF, retries=0)
    reading = run.glance()
    if reading is None and not isinstance(answer, BulkAnswer):
        answer = run.bulk_again(OFF, answer)
        if not isinstance(answer, BulkAnswer):
            reading = run.read(run.send_until)
    return answer, reading


def _bulk_on(run: _Run) -> tuple[Any, Reading | None]:
    """Send all_on; returns the answer and the reading, None after a command that never left."""
    answer = run.bulk(ON, run.limits.retries)
    return answer, None if isinstance(answer, NotSent) else run.read(run.deadline)


class _Run:
    """One task: its service, its bounds on the clock, and what ended it or took the list away."""

    def __init__(self, service: Any, engine: Engine, limits: Limits, log: Callable[[str], None]) -> None:
        self.service = service
        self.engine = engine
        self.limits = limits
        self.log = log
        self.deadline = engine.clock() + limits.deadline
        # The rest is kept for the reading at the end.
        self.send_until = self.deadline - min(limits.timeout, limits.deadline / 4)
        self.ended: str | None = None
        self.no_list: str | None = None
        self.list_refused = False
        self.bulk_maybe = False
        self.bulk_tries = 0
        self.fault: Exception | None = None

    def send(self, records: dict[str, Record], account_ids: Iterable[str], until: float | None = None, retries: int | None = None) -> None:
        """Send each account its single command until its record needs no other try; updates `records`."""
        until = self.send_until if until is None else until
        retries = self.limits.retries if retries is None else retries
        before: dict[str, Record] = {}
        tries: dict[str, int] = {}

        def started(account_id: str) -> None:
            before[account_id] = records[account_id]
            records[account_id] = verdicts.before_command(records[account_id])
            tries[account_id] = tries.get(account_id, 0) + 1
            self.log(f"{COMMANDS[records[account_id].state]} to account {account_id}, try {tries[account_id]}")

        def work(account_id: str) -> Any:
            return self.service.control_one(account_id, COMMANDS[records[account_id].state], self._seconds(until))

        def finished(account_id: str, answer: Any) -> Next:
            record = verdicts.after_answer(before[account_id], answer)
            following = self._following(record.state, answer, tries[account_id], retries, until)
            if following.not_kept is not None:
                record = replace(record, reason=f"{record.reason}; it asks to wait {following.not_kept:.0f} s, which is too long")
            records[account_id] = record
            self.ended = self.ended or ends_run(record.state, answer)
            settled = record.outcome == OK or record.final
            return replace(following, delay=None) if settled else following

        if not self._is_over():
            self.engine.run(account_ids, work, started, finished, until, stopped=self._is_over)

    def bulk(self, state: str, retries: int) -> Any:
        """Send the bulk command and return its last answer."""
        answers = self._ask(
            lambda: self.service.control_all(BULK_COMMANDS[state], self._seconds(self.send_until)),
            lambda: self._log_bulk(state),
            state, retries, self.send_until,
        )
        self.bulk_maybe = self.bulk_maybe or any(isinstance(answer, Maybe) for answer in answers)
        self.ended = ends_run(state, answers[-1])
        return answers[-1]

    def _log_bulk(self, state: str) -> None:
        self.bulk_tries += 1
        self.log(f"{BULK_COMMANDS[state]} to all accounts, try {self.bulk_tries}")

    def bulk_again(self, state: str, answer: Any) -> Any:
        """Repeat a bulk command that proved nothing where no list names the accounts."""
        following = self._following(state, answer, 1, self.limits.retries, self.send_until)
        if following.delay is None or self._is_over():
            return answer
        self.engine.pause(following.delay)
        return self.bulk(state, self.limits.retries - 1)

    def glance(self) -> Reading | None:
        """Read the list while commands are still due: one try, so that a list that hangs does not keep them back."""
        left = self.send_until - self.engine.clock()
        return self.read(self.engine.clock() + min(self.limits.timeout, left / 4), retries=0)

    def read(self, until: float, retries: int | None = None) -> Reading | None:
        """Read the list once; None where there is none."""
        if self._is_over() or self.list_refused:
            return None
        answer = self.ask_for_list(until, self.limits.retries if retries is None else retries)
        if isinstance(answer, AccountList):
            self.no_list = None
            return verdicts.reading_of(answer)
        self.no_list = why(answer)
        self.list_refused = isinstance(answer, Refusal) and answer.http_status in _NO_LIST
        return None

    def ask_for_list(self, until: float, retries: int) -> Any:
        """Send the GET until it is answered; a reading may be repeated as freely as an OFF."""
        return self._ask(lambda: self.service.list_accounts(self._seconds(until)), lambda: None, OFF, retries, until)[-1]

    def settle(self, records: dict[str, Record], until: float | None = None) -> None:
        """Take one reading if a record is open, and fold it into all of them."""
        if any(verdicts.is_open(record) for record in records.values()):
            reading = self.read(self.deadline if until is None else until)
            if reading:
                records.update({key: verdicts.after_reading(record, reading) for key, record in records.items()})

    def wait(self, records: dict[str, Record]) -> None:
        """Go on until every account is proven, `wait_timeout` is over, or the run has ended."""
        if not self.limits.wait:
            return
        until = min(self.engine.clock() + self.limits.wait_timeout, self.deadline)
        while not self._is_over() and self.engine.clock() + self.limits.wait_sleep < until:
            waiting = [key for key, record in records.items() if verdicts.is_waited_for(record)]
            if not waiting or (self.list_refused and all(records[key].state == ON for key in waiting)):
                break
            self.engine.pause(self.limits.wait_sleep)
            unreadable = [key for key in waiting if records[key].state == OFF and (self.no_list or not verdicts.list_can_prove(records[key]))]
            self.send(records, unreadable, min(until, self.send_until), retries=0)
            self.settle(records, until)
        records.update({key: verdicts.after_waiting(record) for key, record in records.items()})

    def findings(
        self,
        records: dict[str, Record],
        bulk: Record | None = None,
        unlisted: int = 0,
    ) -> Findings:
        """Return what was found; a record to which nothing was sent says why."""
        why = self.ended or f"the deadline of {self.limits.deadline:g} s came first"
        if self.engine.signal is not None:
            why = f"the run was stopped by {signal.Signals(self.engine.signal).name}"
        if self.fault is not None:
            why = "a fault of this collection ended the run"
        tried = tuple(replace(record, reason=why) if _never_tried(record) else record for record in records.values())
        return Findings(tried, bulk, unlisted, self.no_list, self.fault)

    def _is_over(self) -> bool:
        return self.ended is not None or self.engine.signal is not None

    def _seconds(self, until: float) -> float:
        return max(0.1, min(self.limits.timeout, until - self.engine.clock()))

    def _following(self, state: str, answer: Any, tries: int, retries: int, until: float) -> Next:
        left = until - self.engine.clock()
        following = send_again(state, answer, left, back_off_seconds(tries, random.random()))
        return following if tries <= retries else replace(following, delay=None)

    def _ask(self, request: Callable[[], Any], started: Callable[[], None], state: str, retries: int, until: float) -> list[Any]:
        """Send one request until it is answered or may not be sent again; return all answers, at least one."""
        answers: list[Any] = []
        tries: list[str] = []

        def begin(job: str) -> None:
            tries.append(job)
            started()

        def finished(job: str, answer: Any) -> Next:
            answers.append(answer)
            if isinstance(answer, (AccountList, BulkAnswer)):
                return Next()
            return self._following(state, answer, len(tries), retries, until)

        self.engine.run(("request",), lambda job: request(), begin, finished, until)
        if len(answers) < len(tries):
            answers.append(Maybe("no answer came before the run ended"))
        return answers or [NotSent("the run ended before it")]


def _no_log(line: str) -> None:
    pass


def _never_tried(record: Record) -> bool:
    return record.outcome == NOT_ATTEMPTED and not record.predicted
