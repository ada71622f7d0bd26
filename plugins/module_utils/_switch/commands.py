# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is sent: the single command to each account that is due, and the bulk command."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Iterable

from .._api.documents import BULK_COMMANDS, COMMANDS, Maybe, NotSent
from . import verdicts
from .records import OK, Record
from .retries import Next, ends_run
from .service import BulkResult, ControlResult, Service
from .task import Task

Records = Dict[str, Record]


class SingleCommands:
    """The single command, to many accounts at once."""

    def __init__(self, service: Service, task: Task) -> None:
        self._service = service
        self._task = task

    def send(self, records: Records, account_ids: Iterable[str], until: float | None = None, retries: int | None = None) -> None:
        """Send each account its command until its record needs no other try; updates `records`.

        :param until: nothing is sent after it, None: as long as the task may send
        :param retries: further tries, None: as many as the task has
        """
        task = self._task
        until = task.budget.send_until if until is None else until
        if not task.is_over:
            one_round = _Round(self._service, task, records, until, task.limits.retries if retries is None else retries)
            due = list(account_ids)
            states = {records[account_id].state for account_id in due}
            task.engine.run(due, one_round.work, one_round.started, one_round.finished, until, stopped=lambda: not all(map(task.may_send, states)))


class _Round:
    """One round of single commands, as the engine asks for them; `started` and `finished` are called in one thread, `work` in many."""

    def __init__(self, service: Service, task: Task, records: Records, until: float, retries: int) -> None:
        self._service = service
        self._task = task
        self._records = records
        self._until = until
        self._retries = retries
        self._before: Records = {}
        self._tries: Dict[str, int] = {}

    def started(self, account_id: str) -> None:
        """Put the account on record as perhaps switched, before anything leaves."""
        record = self._before[account_id] = self._records[account_id]
        self._records[account_id] = verdicts.before_command(record)
        self._tries[account_id] = self._tries.get(account_id, 0) + 1
        self._task.log(f"{COMMANDS[record.state]} to account {account_id}, try {self._tries[account_id]}")

    def work(self, account_id: str) -> ControlResult:
        """Send one command and wait for its answer."""
        return self._service.control_one(account_id, COMMANDS[self._records[account_id].state], self._task.budget.of_attempt(self._until))

    def finished(self, account_id: str, answer: ControlResult) -> Next:
        """Put the answer on record; return whether another try follows."""
        record = verdicts.after_answer(self._before[account_id], answer)
        following = self._task.following(record.state, answer, self._tries[account_id], self._retries, self._until)
        if following.not_kept is not None:
            record = record.noting(reason=f"{record.evidence.reason}; it asks to wait {following.not_kept:.0f} s, which is too long")
        self._records[account_id] = record
        self._task.ended = self._task.ended or ends_run(record.state, answer)
        settled = record.outcome == OK or record.evidence.final
        return replace(following, delay=None) if settled else following


class BulkCommand:
    """all_on or all_off. `maybe` tells whether any try may have been applied without a valid answer."""

    def __init__(self, service: Service, task: Task, state: str) -> None:
        self.maybe = False
        self._service = service
        self._task = task
        self._state = state
        self._tries = 0

    def send(self, retries: int) -> BulkResult:
        """Send it and return its last answer."""
        until = self._task.budget.send_until
        if not self._task.may_send(self._state):
            return NotSent(self._task.why_not_tried())
        answers = self._task.ask(lambda: self._request(until), until, retries, self._state, self._started)
        self.maybe = self.maybe or any(isinstance(answer, Maybe) for answer in answers)
        self._task.ended = ends_run(self._state, answers[-1])
        return answers[-1]

    def send_again(self, answer: BulkResult) -> BulkResult:
        """Repeat it after an answer that proved nothing, where no list names the accounts; return the last answer."""
        task = self._task
        following = task.following(self._state, answer, 1, task.limits.retries, task.budget.send_until)
        if following.delay is None or task.is_over:
            return answer
        task.engine.pause(following.delay)
        return self.send(task.limits.retries - 1)

    def _request(self, until: float) -> BulkResult:
        return self._service.control_all(BULK_COMMANDS[self._state], self._task.budget.of_attempt(until))

    def _started(self) -> None:
        self._tries += 1
        self._task.log(f"{BULK_COMMANDS[self._state]} to all accounts, try {self._tries}")
