# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What everything that is sent in one task shares: the engine, the time, and what ended it."""

from __future__ import annotations

import random
import signal
from dataclasses import replace
from typing import Any, Callable, List, TypeVar, Union

from .._api.documents import OFF, AccountList, BulkAnswer, Maybe, NotSent, Refusal
from .budget import Budget
from .engine import Engine
from .records import Limits
from .retries import Next, back_off_seconds, send_again
from .service import NoAnswer

_Document = TypeVar("_Document", AccountList, BulkAnswer)


class Task:
    """One run of a sequence. `ended` says why nothing more may be sent, None while it may."""

    def __init__(self, engine: Engine, limits: Limits, log: Callable[[str], None]) -> None:
        self.engine = engine
        self.limits = limits
        self.log = log
        self.budget = Budget(limits, engine.clock)
        self.ended: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more may be sent, whatever time is left."""
        return self.ended is not None or self.engine.signal is not None

    def may_send(self, state: str) -> bool:
        """Whether a command to this state may be sent: no ON once what started the run is gone, while an OFF goes on."""
        return not self.is_over and (state == OFF or not self.engine.is_orphan())

    def why_not_tried(self) -> str:
        """Say why an account to which nothing was sent had no turn."""
        if self.engine.signal is not None:
            return f"the run was stopped by {_name_of(self.engine.signal)}"
        if self.engine.is_orphan():
            return "ansible-playbook was killed"
        return self.ended or f"the deadline of {self.limits.deadline:g} s came first"

    def following(self, state: str, answer: object, tries: int, retries: int, until: float) -> Next:
        """Return what follows an answer to the try of that number."""
        following = send_again(state, answer, self.budget.left(until), back_off_seconds(tries, random.random()))
        return following if tries <= retries else replace(following, delay=None)

    def ask(
        self,
        request: Callable[[], Union[_Document, NoAnswer]],
        until: float,
        retries: int,
        state: str = OFF,
        started: Callable[[], None] = lambda: None,
    ) -> List[Union[_Document, NoAnswer]]:
        """Send one request until it is answered or may not be sent again; return all answers, at least one.

        :param state: whose rule of repetition holds; a reading may be repeated as freely as an OFF
        :param started: called before each try
        """
        answers: List[Union[_Document, NoAnswer]] = []
        tries: List[str] = []

        def begin(job: str) -> None:
            tries.append(job)
            started()

        def finished(job: str, answer: Any) -> Next:
            answers.append(answer)
            if not isinstance(answer, (Refusal, NotSent, Maybe)):
                return Next()
            return self.following(state, answer, len(tries), retries, until)

        # A reading goes on after everything, an OFF as long as the run, an ON as long as somebody is there.
        stopped = (lambda: not self.may_send(state)) if state != OFF else (lambda: False)
        self.engine.run(("request",), lambda job: request(), begin, finished, until, stopped=stopped)
        if len(answers) < len(tries):
            answers.append(Maybe("no answer came before the run ended"))
        return answers or [NotSent("the run ended before it")]


def _name_of(number: int) -> str:
    # SIGALRM is how core's task keyword `timeout` ends a task.
    return "the task's timeout" if number == getattr(signal, "SIGALRM", None) else signal.Signals(number).name
