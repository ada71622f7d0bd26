# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A service in memory that keeps to a generated history, and an engine on a virtual clock.

The real Engine decides; only its threads and its waiting are replaced: each request is a future event, and the
clock jumps from one event to the next.
"""

from __future__ import annotations

import heapq
import itertools
import math
import signal
import threading
from dataclasses import dataclass, field
from typing import Any, Callable

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import (
    RUNNING,
    STOPPED,
    AccountList,
    BulkAnswer,
    BulkRow,
    ControlAnswer,
    ListedAccount,
    Maybe,
    NotSent,
    Refusal,
)
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import engine
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Limits

# What a bot can be beside RUNNING and STOPPED. LINGERING calls itself STOPPED and still has a session.
STARTING, STOPPING, LINGERING = "STARTING", "STOPPING", "LINGERING"
# What becomes of a request. LATE: applied after the caller gave up. STUCK: answered long after its time.
ANSWERED, REFUSED, NOT_SENT, LOST, LATE, STUCK = "answered", "refused", "not sent", "lost", "late", "stuck"
TRUE_WORD = "the true word"
ALL = "all accounts"
LIST = "the list"
PHANTOM = "999"


# --- a history, as generated -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fate:
    """What becomes of one request; the default is a service that behaves."""

    kind: str = ANSWERED
    delay: float = 0.25
    applied: bool = True
    http_status: int | None = None
    retry_after: float | None = None
    status: str = "success"
    word: str | None = TRUE_WORD
    previous: str | None = TRUE_WORD
    answers_for: str | None = None
    answers_name: str | None = None
    twice: bool = False
    # Of the bulk command: what its answer leaves out, turns round, adds and counts.
    not_applied_to: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    lied_about: tuple[str, ...] = ()
    phantom: bool = False
    count: int | None = None
    # Of the list.
    doubled: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drift:
    """Somebody else switches a bot."""

    at: float
    account_id: str
    state: str


@dataclass(frozen=True)
class History:
    """A service, what becomes of each request, and the limits of the task."""

    bots: dict[str, str]
    limits: Limits = Limits()
    concurrency: int = 2
    single: dict[str, tuple[Fate, ...]] = field(default_factory=dict)
    bulk: tuple[Fate, ...] = ()
    lists: tuple[Fate, ...] = ()
    no_list: int | None = None
    startup: float = 0.0
    stopping: float = 0.0
    lingering: float = 0.0
    drifts: tuple[Drift, ...] = ()
    signal_at: float = math.inf


# --- the world -------------------------------------------------------------------------------------------------


class World:
    """The bots, and everything that will happen to them on the clock."""

    def __init__(self, history: History) -> None:
        self.states = dict(history.bots)
        self.switched_by_us: dict[str, bool] = {}
        self._history = history
        self._future: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = itertools.count()
        self._turns = dict.fromkeys(history.bots, 0)
        for drift in history.drifts:
            self.at(drift.at, lambda now, drift=drift: self._set(drift.account_id, drift.state))
        for account_id, state in history.bots.items():
            if state == STARTING:
                self._later(account_id, STARTING, RUNNING, 0.0, history.startup or math.inf)

    def at(self, moment: float, event: Callable[[float], None]) -> None:
        heapq.heappush(self._future, (moment, next(self._order), event))

    def advance(self, now: float) -> None:
        """Let everything happen that is due; what takes for ever never happens."""
        while self._future and self._future[0][0] <= now and self._future[0][0] < math.inf:
            moment, _order, event = heapq.heappop(self._future)
            event(moment)

    def command(self, account_id: str, on: bool, now: float) -> None:
        """Apply a command of the task."""
        state = self.states[account_id]
        if on and state not in (RUNNING, STARTING):
            self._switch(account_id, ((STARTING, self._history.startup),), RUNNING, now)
        elif not on and state in (RUNNING, STARTING):
            self._switch(account_id, ((STOPPING, self._history.stopping), (LINGERING, self._history.lingering)), STOPPED, now)

    def _switch(self, account_id: str, passing: tuple[tuple[str, float], ...], last: str, now: float) -> None:
        self.switched_by_us[account_id] = True
        steps = [state for state, seconds in passing if seconds] + [last]
        self._set(account_id, steps[0])
        moment = now
        for (state, seconds), following in zip([step for step in passing if step[1]], steps[1:]):
            moment += seconds
            self._later(account_id, state, following, moment, 0.0)

    def _later(self, account_id: str, old: str, new: str, now: float, seconds: float) -> None:
        turn = self._turns[account_id]

        def event(moment: float) -> None:
            if self._turns[account_id] == turn and self.states[account_id] == old:
                self.states[account_id] = new

        self.at(now + seconds, event)

    def _set(self, account_id: str, state: str) -> None:
        self._turns[account_id] += 1
        self.states[account_id] = state


def name_of(account_id: str) -> str:
    return "Account " + account_id


def word_of(state: str) -> str:
    return STOPPED if state == LINGERING else state


# --- the service -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Later:
    """An answer that comes after so many seconds, made when it comes."""

    seconds: float
    answer: Callable[[], Any]


@dataclass(frozen=True)
class Entry:
    """One line of the log: a request that was sent (answer is None), or an answer that came."""

    time: float
    to: str
    command: str
    answer: Any = None
    states: dict[str, str] = field(default_factory=dict)


class Service:
    """Has the three methods of the client; each returns a Later."""

    def __init__(self, history: History, clock: Callable[[], float]) -> None:
        self.history = history
        self.world = World(history)
        self.clock = clock
        self.log: list[Entry] = []
        self._used: dict[str, int] = {}

    def control_one(self, account_id: str, command: str, seconds: float) -> Later:
        fate = self._fate(account_id, self.history.single.get(account_id, ()))
        return self._request(account_id, command, seconds, fate, lambda now: self._one(account_id, command, fate, now))

    def control_all(self, command: str, seconds: float) -> Later:
        fate = self._fate(ALL, self.history.bulk)
        return self._request(ALL, command, seconds, fate, lambda now: self._all(command, fate, now))

    def list_accounts(self, seconds: float) -> Later:
        fate = self._fate(LIST, self.history.lists)
        return self._request(LIST, "GET", seconds, fate, lambda now: self._list(fate))

    def _fate(self, to: str, fates: tuple[Fate, ...]) -> Fate:
        number = self._used[to] = self._used.get(to, 0) + 1
        return fates[number - 1] if number <= len(fates) else Fate()

    def _request(self, to: str, command: str, seconds: float, fate: Fate, make: Callable[[float], Any]) -> Later:
        self.log.append(Entry(self.clock(), to, command))
        made: list[Any] = []

        def answer() -> Any:
            self.world.advance(self.clock())
            result = made[0] if made else make(self.clock())
            self.log.append(Entry(self.clock(), to, command, result, dict(self.world.states)))
            return result

        if fate.kind == STUCK:
            # Done in time, answered when nobody listens any more.
            self.world.at(self.clock() + fate.delay, lambda now: made.append(make(now)))
            return Later(seconds + 1000.0, answer)
        if fate.kind == LATE or fate.delay > seconds:
            self.world.at(self.clock() + seconds + fate.delay, make)
            made.append(Maybe(f"no complete answer within {seconds:g} s"))
            return Later(seconds, answer)
        return Later(fate.delay, answer)

    def _instead(self, fate: Fate) -> Any:
        """Return what comes in place of a document, None when a document comes."""
        if fate.kind == REFUSED:
            return Refusal(fate.http_status, "no", fate.retry_after)
        if fate.kind == NOT_SENT:
            return NotSent("the connection was refused")
        if fate.kind == LOST:
            return Maybe("the connection broke", fate.http_status, None, fate.retry_after)
        return None

    def _applies(self, fate: Fate) -> bool:
        return fate.applied and fate.kind not in (REFUSED, NOT_SENT)

    def _one(self, account_id: str, command: str, fate: Fate, now: float) -> Any:
        instead = self._instead(fate)
        if account_id not in self.world.states:
            return instead or Refusal(404, "no such account")
        before = self.world.states[account_id]
        if self._applies(fate):
            self.world.command(account_id, command == "ON", now)
            if fate.twice:
                self.world.command(account_id, command == "ON", now)
        if instead:
            return instead
        state = self.world.states[account_id]
        return ControlAnswer(
            account_id=fate.answers_for or account_id,
            status=fate.status,
            bot_status=word_of(state) if fate.word == TRUE_WORD else fate.word,
            previous_status=word_of(before) if fate.previous == TRUE_WORD else fate.previous,
            no_sessions=state not in (RUNNING, STOPPING, LINGERING),
            display_name=fate.answers_name or name_of(account_id),
        )

    def _all(self, command: str, fate: Fate, now: float) -> Any:
        instead = self._instead(fate)
        if instead and not self._applies(fate):
            return instead
        on = command == "all_on"
        rows = []
        for account_id, before in list(self.world.states.items()):
            applied = fate.applied and account_id not in fate.not_applied_to
            if applied:
                self.world.command(account_id, on, now)
            switched = applied and self.world.states[account_id] != before
            words = "Bot turned" if switched else f"Bot already {'running' if on else 'stopped'}"
            succeeded = (applied and switched) != (account_id in fate.lied_about)
            rows.append(BulkRow(account_id, "success" if succeeded else "failed", name_of(account_id), words))
        rows = [row for row in rows if row.account_id not in fate.hidden]
        if fate.phantom:
            rows.append(BulkRow(PHANTOM, "success"))
        return instead or BulkAnswer(fate.status, None, fate.count, tuple(rows))

    def _list(self, fate: Fate) -> Any:
        if self.history.no_list:
            return Refusal(self.history.no_list)
        instead = self._instead(fate)
        if instead:
            return instead
        shown = [account_id for account_id in self.world.states if account_id not in fate.hidden]
        return AccountList(tuple(_row(key, self.world.states[key], fate) for key in shown + [key for key in fate.doubled if key in shown]))


def _row(account_id: str, state: str, fate: Fate) -> ListedAccount:
    # A starting bot looks like a stopped one.
    return ListedAccount(
        account_id=account_id,
        bot_running=state in (RUNNING, STOPPING),
        no_sessions=state in (STOPPED, STARTING),
        display_name=fate.answers_name or name_of(account_id),
    )


class Prompt:
    """The same service for the real engine: every answer comes at once, from any thread."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()

    def close(self) -> None:
        """Nothing is kept running."""

    def control_one(self, account_id: str, command: str, seconds: float) -> Any:
        return self._at_once(self._service.control_one, account_id, command, seconds)

    def control_all(self, command: str, seconds: float) -> Any:
        return self._at_once(self._service.control_all, command, seconds)

    def list_accounts(self, seconds: float) -> Any:
        return self._at_once(self._service.list_accounts, seconds)

    def _at_once(self, request: Callable[..., Later], *arguments: Any) -> Any:
        with self._lock:
            return request(*arguments).answer()


# --- the engine ------------------------------------------------------------------------------------------------


class VirtualEngine(engine.Engine):
    """The real engine's decisions on a virtual clock, in one thread."""

    def __init__(self, concurrency: int, signal_at: float = math.inf) -> None:
        super().__init__(concurrency, lambda: self.now)
        self.now = 0.0
        self._signal_at = signal_at
        self._coming: list[tuple[float, int, int, Any, Callable[[], Any]]] = []
        self._order = itertools.count()

    def _dispatch(self, job: Any, work: Callable[[Any], Later]) -> None:
        later = work(job)
        heapq.heappush(self._coming, (self.now + later.seconds, next(self._order), self._run, job, later.answer))

    def _event(self, wake_at: float) -> Any:
        coming = self._coming[0][0] if self._coming else math.inf
        if self._signal_at <= min(coming, wake_at):
            self._to(self._signal_at)
            self._signal_at = math.inf
            self.signal = int(signal.SIGTERM)
            return None
        if coming > wake_at:
            self._to(wake_at)
            return None
        _time, _order, run, job, answer = heapq.heappop(self._coming)
        self._to(coming)
        return engine._Done(run, job, answer())

    def _to(self, moment: float) -> None:
        self.now = max(self.now, moment)
