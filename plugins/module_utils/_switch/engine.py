# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many jobs at once: workers, deadline, order of repetition, signals. Knows no bots and no HTTP.

Every decision is taken in the calling thread, one event at a time: workers only do the work, and both
they and the signal handler put on one queue.
"""

from __future__ import annotations

import heapq
import itertools
import signal
import threading
import time
from collections import deque
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Callable, Iterable

from .retries import Next
from .throttle import Throttle

# Seconds that a worker is waited for past its bound before its job is given up.
GRACE = 0.5
# Seconds: a signal that the system gives to a worker is handled only when this thread wakes.
_LONGEST_NAP = 0.25
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGALRM") if hasattr(signal, name))


@dataclass(frozen=True)
class _Done:
    run: int
    job: Any
    result: Any = None
    error: BaseException | None = None


class Engine:
    """Runs jobs in daemon threads, at most `concurrency` at once; slows down when told of congestion.

    :param is_orphan: tells whether what started the run is gone
    """

    def __init__(self, concurrency: int, clock: Callable[[], float] = time.monotonic, is_orphan: Callable[[], bool] = lambda: False) -> None:
        self.clock = clock
        self.is_orphan = is_orphan
        self.signal: int | None = None
        self.throttle = Throttle(concurrency, concurrency)
        self._events: Any = SimpleQueue()
        self._work: Any = SimpleQueue()
        self._idle = 0
        self._workers = 0
        self._run = 0
        self._retry_next = True

    def catch_signals(self) -> None:
        """From now on these signals, SIGALRM of a task's `timeout` among them, end the run instead of the process."""
        for number in _SIGNALS:
            # What nohup or a caller has switched off stays off.
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._signalled)

    def _signalled(self, number: int, frame: Any) -> None:
        # At once, so that nothing more is started; the event only wakes the main thread.
        self.signal = number
        self._events.put(None)

    def run(
        self,
        jobs: Iterable[Any],
        work: Callable[[Any], Any],
        started: Callable[[Any], None],
        finished: Callable[[Any, Any], Next],
        until: float,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """Work on every job, each until `finished` wants it no more.

        :param jobs: distinct hashable things, taken in order
        :param work: called in a worker; must bound its own time
        :param started: called here before each try
        :param finished: called here with (job, result); returns what follows
        :param until: clock time after which nothing is started and nobody is waited for
        :param stopped: asked before each start; once true, the jobs under way are finished and no more started
        :raises: what `work` raised, which is a fault of this collection
        """
        self._run += 1
        fresh: deque[Any] = deque(jobs)
        later: list[tuple[float, int, Any]] = []
        order = itertools.count()
        under_way: dict[Any, float] = {}
        while self.signal is None:
            now = self.clock()
            while self.signal is None and not stopped() and self.throttle.may_start(len(under_way), now, until):
                job = self._next(fresh, later, now)
                if job is None:
                    break
                under_way[job] = self.clock()
                started(job)
                self._dispatch(job, work)
            waiting = bool(fresh or later) and not stopped() and now < until
            if not under_way and not waiting:
                return
            event = self._event(self._wake_at(fresh, later, under_way, now, until, waiting))
            if isinstance(event, _Done) and event.run == self._run:
                if event.error is not None:
                    raise event.error
                began = under_way.pop(event.job)
                following = finished(event.job, event.result)
                self.throttle = self.throttle.after(following, began, self.clock())
                if following.delay is not None:
                    heapq.heappush(later, (self.clock() + following.delay, next(order), event.job))
            elif event is None and self.clock() >= until + GRACE:
                return

    def pause(self, seconds: float) -> None:
        """Wait, unless a signal comes first."""
        end = self.clock() + seconds
        while self.signal is None and self.clock() < end:
            self._event(end)

    def _next(self, fresh: deque[Any], later: list[tuple[float, int, Any]], now: float) -> Any:
        """Take the next job: what is due again and what was never tried take turns, so that neither keeps the other back."""
        due = bool(later) and later[0][0] <= now
        if due and (self._retry_next or not fresh):
            self._retry_next = False
            return heapq.heappop(later)[2]
        self._retry_next = True
        return fresh.popleft() if fresh else None

    def _wake_at(self, fresh: Any, later: Any, under_way: Any, now: float, until: float, waiting: bool) -> float:
        """Return when something other than an event is to be done next."""
        end = until + GRACE if under_way else until
        if not waiting or len(under_way) >= self.throttle.allowed:
            return end
        due = now if fresh else later[0][0]
        return min(end, max(due, self.throttle.closed_until))

    def _event(self, wake_at: float) -> Any:
        try:
            event = self._events.get(timeout=min(_LONGEST_NAP, max(0.0, wake_at - self.clock())))
        except Empty:
            return None
        if event is not None:
            self._idle += 1
        return event

    def _dispatch(self, job: Any, work: Callable[[Any], Any]) -> None:
        if self._idle:
            self._idle -= 1
        else:
            self._start_worker()
        self._work.put((self._run, job, work))

    def _start_worker(self) -> None:
        try:
            threading.Thread(target=self._worker, daemon=True).start()
        except RuntimeError:
            # The machine gives no more threads: those that there are do the work, one after the other.
            if not self._workers:
                raise
            return
        self._workers += 1

    def close(self) -> None:
        """Let the workers end, each after the job that it may still have; nothing can be run any more."""
        for _worker in range(self._workers):
            self._work.put(None)

    def _worker(self) -> None:
        for run, job, work in iter(self._work.get, None):
            try:
                done = _Done(run, job, work(job))
            except BaseException as error:  # pylint: disable=broad-except
                done = _Done(run, job, error=error)
            self._events.put(done)
