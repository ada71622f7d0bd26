# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sequences: these accounts, all accounts, check mode. Knows no HTTP and no Ansible.

Each works in rounds: send to all that are due, one reading for all that are open, settle.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Sequence, Tuple

from .._api.documents import OFF, ON, BulkAnswer, NotSent
from . import verdicts
from .bulk import ALL_ACCOUNTS, count_unlisted, needs_single, own_record, records_after
from .commands import BulkCommand, Records, SingleCommands
from .engine import Engine
from .gate import Gate, OpenGate, Placing
from .predictions import foresee, predict, without_a_token
from .proof import Reading
from .reader import AccountReader
from .records import (
    NOT_ATTEMPTED,
    OK,
    Findings,
    Limits,
    Record,
    Target,
    new_record,
)
from .service import BulkResult, KeptBack, Service
from .task import Task

# Seconds: a signal is seen this soon while a hold is placed.
_NAP = 0.05
_OPEN = OpenGate()


def switch_accounts(service: Service, engine: Engine, limits: Limits, targets: Sequence[Target], log: Callable[[str], None]) -> Findings:
    """Bring each target into its state: every OFF before the first ON.

    :param log: called with one line before each command
    """
    run = _Run(service, engine, limits, log)
    records = {target.account_id: new_record(target) for target in targets}
    try:
        _switch(run, records)
    except Exception as error:  # pylint: disable=broad-except
        # What was sent must be told whatever breaks here.
        return run.findings(records, fault=error)
    return run.findings(records)


def switch_all(service: Service, engine: Engine, limits: Limits, state: str, log: Callable[[str], None]) -> Findings:
    """Bring every account into the state: the bulk command first, then whatever it takes to prove it."""
    return _all(_Run(service, engine, limits, log), service, state, {})


def _all(run: _Run, service: Service, state: str, first: Records) -> Findings:
    """Send the bulk command and prove it.

    :param first: what an earlier sweep of the same task left
    """
    bulk = BulkCommand(service, run.task, state)
    records = dict(first)
    own = new_record(Target(ALL_ACCOUNTS, state))
    unlisted = 0
    fault = None
    try:
        answer, reading = _bulk_off(run, bulk) if state == OFF else _bulk_on(run, bulk)
        after = records_after(answer, state, reading, bulk.maybe)
        records.update({key: verdicts.carried(first.get(key), record) for key, record in after.items()})
        unlisted = count_unlisted(answer, records)
        own = own_record(state, answer, bulk.maybe, records, unlisted, reading)
        due = [key for key, record in records.items() if needs_single(record)]
        run.singles.send(records, due)
        is_unread = state == OFF and reading is None
        if is_unread:
            run.listed = lambda later: records_after(answer, state, later, bulk.maybe)
            run.stop_others(records)
        elif due:
            run.settle(records)
        run.wait(records)
        if is_unread:
            unlisted = count_unlisted(answer, records)
            own = own_record(state, answer, bulk.maybe, records, unlisted, run.last)
    except Exception as error:  # pylint: disable=broad-except
        fault = error
        own = verdicts.before_command(own)
    return run.findings(records, verdicts.after_waiting(own) if run.task.limits.wait else own, unlisted, fault)


def stop_accounts(
    service: Service, engine: Engine, limits: Limits, targets: Sequence[Target], log: Callable[[str], None], placing: Placing
) -> Findings:
    """Switch the targets off while a hold is placed, and once more when no ON can be under way any more."""
    run = _Run(service, engine, limits, log)
    records = {target.account_id: new_record(target) for target in targets}
    try:
        _send(run, records, run.task.budget.first_sweep_until())
        in_time = run.is_settled(placing)
        if placing.stands():
            records.update({key: verdicts.reopened(record) for key, record in records.items()})
        _switch(run, records)
        if not in_time:
            # What was sent until now may have come before the hold, or before an ON that it waits for.
            records.update({key: verdicts.reopened(record) for key, record in records.items()})
    except Exception as error:  # pylint: disable=broad-except
        return run.findings(records, fault=error)
    return run.findings(records)


def stop_all(service: Service, engine: Engine, limits: Limits, log: Callable[[str], None], placing: Placing) -> Findings:
    """Switch every account off while a hold is placed, and once more when no ON can be under way any more."""
    run = _Run(service, engine, limits, log)
    first: Records = {}
    own = new_record(Target(ALL_ACCOUNTS, OFF))
    try:
        bulk = BulkCommand(service, run.task, OFF)
        answer = bulk.send(retries=0)
        reading = run.reader.glance()
        first = records_after(answer, OFF, reading, bulk.maybe)
        own = own_record(OFF, answer, bulk.maybe, first, count_unlisted(answer, first), reading)
        due = [key for key, record in first.items() if needs_single(record)]
        run.singles.send(first, due, run.task.budget.first_sweep_until())
        in_time = run.is_settled(placing)
        if placing.stands():
            first = {key: verdicts.reopened(record) for key, record in first.items()}
            own = verdicts.reopened(own)
    except Exception as error:  # pylint: disable=broad-except
        return run.findings(first, verdicts.before_command(own), fault=error)
    findings = run.findings(first, own) if run.task.is_over else _all(run, service, OFF, first)
    return findings if in_time else _reopened(findings)


def _reopened(findings: Findings) -> Findings:
    """Return what was found where the hold came too late for the second sweep: nothing is proven."""
    bulk = findings.bulk and verdicts.reopened(findings.bulk)
    return replace(findings, records=tuple(verdicts.reopened(record) for record in findings.records), bulk=bulk)


def check_accounts(service: Service, engine: Engine, limits: Limits, targets: Sequence[Target], gate: Gate = _OPEN) -> Findings:
    """Predict `switch_accounts` from the list and the holds; sends no command."""
    run = _Run(service, engine, limits, _no_log)
    predicted = _predict(run, run.reader.read())
    records = {target.account_id: predicted(new_record(target)) for target in targets}
    return run.findings({key: foresee(record, gate.look(key)) if record.state == ON else record for key, record in records.items()})


def check_all(service: Service, engine: Engine, limits: Limits, state: str, gate: Gate = _OPEN) -> Findings:
    """Predict `switch_all` from the list and the holds; sends no command."""
    run = _Run(service, engine, limits, _no_log)
    held = foresee(new_record(Target(ALL_ACCOUNTS, state)), gate.look(None)) if state == ON else None
    if held is not None and held.held:
        return run.findings({}, held)
    reading = run.reader.read()
    predicted = _predict(run, reading)
    records = {account_id: predicted(new_record(Target(account_id, state))) for account_id in (reading.rows if reading else ())}
    own = new_record(Target(ALL_ACCOUNTS, state))
    return run.findings(records, replace(own, outcome=OK) if reading else predicted(own))


def _predict(run: _Run, reading: Reading | None) -> Callable[[Record], Record]:
    """Return what tells an account's fate from the reading, or from the token's refusal."""
    return without_a_token if run.reader.unauthorized else lambda record: predict(record, reading)


def _switch(run: _Run, records: Records) -> None:
    _send(run, records)
    run.settle(records)
    run.wait(records)


def _send(run: _Run, records: Records, until: float | None = None) -> None:
    """Send each account that is not proven its command, every OFF before the first ON."""
    due = [key for key, record in records.items() if record.outcome != OK and not record.evidence.final]
    run.singles.send(records, [key for key in due if records[key].state == OFF and not records[key].evidence.guard], until)
    if any(records[key].evidence.guard for key in due):
        reading = run.reader.glance()
        records.update({key: verdicts.guarded(records[key], reading) for key in due})
    due = [key for key in due if not records[key].evidence.final]
    run.singles.send(records, [key for key in due if records[key].state == OFF and records[key].evidence.guard], until)
    run.singles.send(records, [key for key in due if records[key].state == ON], until)


def _bulk_off(run: _Run, bulk: BulkCommand) -> Tuple[BulkResult, Reading | None]:
    """Send all_off, and again where neither its answer nor a list names the accounts; returns the answer and the reading."""
    answer = bulk.send(retries=0)
    reading = run.reader.glance()
    if reading is None and not isinstance(answer, BulkAnswer):
        answer = bulk.send_again(answer)
        if not isinstance(answer, BulkAnswer):
            reading = run.reader.read(run.task.budget.send_until)
    return answer, reading


def _bulk_on(run: _Run, bulk: BulkCommand) -> Tuple[BulkResult, Reading | None]:
    """Send all_on; returns the answer and the reading, None where no command has left."""
    answer = bulk.send(run.task.limits.retries)
    return answer, run.reader.read() if bulk.maybe or not isinstance(answer, (NotSent, KeptBack)) else None


class _Run:
    """One task's commands and readings, and what is done with them in every sequence."""

    def __init__(self, service: Service, engine: Engine, limits: Limits, log: Callable[[str], None]) -> None:
        self.task = Task(engine, limits, log)
        self.singles = SingleCommands(service, self.task)
        self.reader = AccountReader(service, self.task)
        # What was folded into the records last; and the records that it may add: none, but where all are meant and no list has named them yet.
        self.last: Reading | None = None
        self.listed: Callable[[Reading], Records] = lambda reading: {}

    def is_settled(self, placing: Placing) -> bool:
        """Wait until the hold is placed and no ON that asked before is under way, or that has failed; tell whether it is so in time."""
        placing.begin()
        until = self.task.budget.first_sweep_until()
        while not placing.wait(_NAP):
            if self.task.is_over or self.task.budget.left(until) <= 0:
                return False
        return True

    def settle(self, records: Records, until: float | None = None) -> None:
        """Take one reading if a record is open, and fold it into all of them."""
        if any(verdicts.is_open(record) for record in records.values()):
            self._read(records, until)

    def stop_others(self, records: Records) -> None:
        """Read the list that could not be read before, and send their OFF to the accounts that nothing has named yet."""
        known = frozenset(records)
        self._read(records)
        due = [key for key, record in records.items() if key not in known and needs_single(record)]
        if due:
            self.singles.send(records, due)
            self.settle(records)

    def _read(self, records: Records, until: float | None = None) -> None:
        reading = self.reader.read(until)
        if reading:
            self.last = reading
            folded = {key: verdicts.after_reading(record, reading) for key, record in records.items()}
            records.update({**self.listed(reading), **folded})

    def wait(self, records: Records) -> None:
        """Go on until every account is proven, `wait_timeout` is over, or the run has ended."""
        task = self.task
        if not task.limits.wait:
            return
        until, pause = task.budget.wait_until(), task.limits.wait_sleep
        while not task.is_over and task.budget.left(until) > pause:
            waiting = [key for key, record in records.items() if verdicts.is_waited_for(record)]
            if not waiting or (self.reader.refused and all(records[key].state == ON for key in waiting)):
                break
            task.engine.pause(pause)
            self.singles.send(records, self._to_repeat(records, waiting), min(until, task.budget.send_until), retries=0)
            self.settle(records, until)
        records.update({key: verdicts.after_waiting(record) for key, record in records.items()})

    def _to_repeat(self, records: Records, waiting: Sequence[str]) -> Sequence[str]:
        """Return the accounts whose OFF no reading will prove."""
        return [key for key in waiting if records[key].state == OFF and (self.reader.no_list or not verdicts.list_can_prove(records[key]))]

    def findings(self, records: Records, bulk: Record | None = None, unlisted: int = 0, fault: Exception | None = None) -> Findings:
        """Return what was found; a record to which nothing was sent says why."""
        why = self.task.why_not_tried() if fault is None else "an internal error of bookieops.betmatic ended the run"
        tried = tuple(record.noting(reason=record.why or why) if record.outcome == NOT_ATTEMPTED else record for record in records.values())
        return Findings(tried, bulk, unlisted, self.reader.no_list, fault)


def _no_log(line: str) -> None:
    pass
