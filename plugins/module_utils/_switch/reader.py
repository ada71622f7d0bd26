# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of accounts: read once, or as the sequences read it, once a round and never again where this token has none."""

from __future__ import annotations

from .._api.documents import AccountList, Refusal
from .bulk import why
from .engine import Engine
from .proof import Reading, reading_of
from .records import Limits
from .service import ListResult, Service
from .task import Task

# Refusals that mean: this token has no list, so that nobody asks again.
_NO_LIST = frozenset((401, 403, 404))


class AccountReader:
    """Reads the list. `no_list` says why the last reading failed; `refused`: the service has none for this token.

    `unauthorized`: the token itself is invalid or expired.
    """

    def __init__(self, service: Service, task: Task) -> None:
        self.no_list: str | None = None
        self.refused = False
        self.unauthorized = False
        self._service = service
        self._task = task

    def glance(self) -> Reading | None:
        """Read the list while commands are still due: one short try."""
        return self.read(self._task.budget.glance_until(), retries=0)

    def read(self, until: float | None = None, retries: int | None = None) -> Reading | None:
        """Read the list once; None where there is none.

        :param until: None: as long as the task lasts
        :param retries: further tries, None: as many as the task has
        """
        if self._task.is_over or self.refused:
            return None
        answer = self.ask(until, retries)
        if isinstance(answer, AccountList):
            self.no_list = None
            return reading_of(answer)
        self.no_list = why(answer)
        status = answer.http_status if isinstance(answer, Refusal) else None
        self.refused, self.unauthorized = status in _NO_LIST, status == 401
        return None

    def ask(self, until: float | None = None, retries: int | None = None) -> ListResult:
        """Send the GET until it is answered; returns AccountList, or the Refusal, NotSent or Maybe that came instead."""
        budget = self._task.budget
        end = budget.deadline if until is None else until
        tries = self._task.limits.retries if retries is None else retries
        return self._task.ask(lambda: self._service.list_accounts(budget.of_attempt(end)), end, tries)[-1]


def list_accounts(service: Service, limits: Limits) -> ListResult:
    """Read the list of accounts; returns AccountList, or the Refusal, NotSent or Maybe that came instead."""
    engine = Engine(1)
    try:
        return AccountReader(service, Task(engine, limits, lambda line: None)).ask()
    finally:
        engine.close()
