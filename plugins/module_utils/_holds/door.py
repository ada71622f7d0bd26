# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What happens at the folder: an ON asks and goes in, a hold is placed, and who places it waits until everybody is out."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import datetime
from typing import Callable, Iterator

from .. import _parent
from .._errors import InputError
from . import claims, decisions, folder, missing
from .decisions import Keeper
from .locks import PLACING, Lock
from .records import Broken, Hold, Placed, Standing


class Door:
    """The folder of one task. Safe to be used from many threads."""

    def __init__(self, path: str, api_url: str, override: str | None = None, seconds: float = folder.PATIENCE) -> None:
        self.path = path
        self.api_url = api_url
        self._override = override
        self._run = _parent.of_this_run() if override else None
        self._seconds = seconds
        self._hangs = False
        # Whether the folder was not there when an ON looked first, of this task or of an earlier one, so that it holds nothing.
        self.was_missing = False

    @contextmanager
    def ask(self, account_id: str | None) -> Iterator[tuple[Keeper, ...]]:
        """Ask for one ON attempt, None for all_on, and give what keeps it back; to the end of the block whoever places a hold waits for it."""
        standing, passed, lock = self._standing_and_lock()
        try:
            yield decisions.keepers(standing, self.api_url, account_id, folder.now(), passed)
        finally:
            if lock is not None:
                lock.close()

    def look(self, account_id: str | None) -> tuple[Keeper, ...]:
        """Return what would keep an ON back, for check mode; makes no folder, takes no lock, and does not ask which run works under a hold."""
        return decisions.keepers(self._read(), self.api_url, account_id, folder.now(), self._override)

    def _standing_and_lock(self) -> tuple[Standing, str | None, Lock | None]:
        if self._hangs:
            return self._hanging(), None, None
        try:
            return folder.in_time(self._go_in, self._seconds, late=_let_go)
        except TimeoutError:
            # Each further ON of the task would wait as long for nothing.
            self._hangs = True
            return self._hanging(), None, None

    def _note_missing(self) -> None:
        self.was_missing = self.was_missing or os.path.isabs(self.path) and missing.is_missing(self.path)

    def _hanging(self) -> Standing:
        return Standing(broken=(Broken(None, self.path, f"did not answer within {self._seconds:g} s"),))

    def _read(self) -> Standing:
        def work() -> Standing:
            self._note_missing()
            return folder.read(self.path)

        if self._hangs:
            return self._hanging()
        try:
            return folder.in_time(work, self._seconds)
        except TimeoutError:
            return self._hanging()

    def _go_in(self) -> tuple[Standing, str | None, Lock | None]:
        """Take the lock first and read then: a hold that is placed in between is either read, or waits for this ON."""
        lock, why = None, None
        self._note_missing()
        try:
            missing.make(self.path)
            lock = Lock(self.path)
            lock.share()
        except OSError as error:
            why = error.strerror or str(error)
        standing = folder.read(self.path)
        if why is not None and not standing.broken and os.path.lexists(self.path):
            standing = Standing(standing.holds, (Broken(None, self.path, f"cannot be locked ({why})"),))
        return standing, self._passed(standing), lock

    def _passed(self, standing: Standing) -> str | None:
        """Return the id of the hold that this ON passes: one that remembers what ran only while this run works under it."""
        remembering = any(hold.id == self._override and hold.ran is not None for hold in standing.holds)
        if remembering and self._override and not is_of(self.path, self._override, self._run):
            return None
        return self._override


def _let_go(entered: tuple[Standing, str | None, Lock | None]) -> None:
    if entered[2] is not None:
        entered[2].close()


def place(path: str, wanted: Hold, now: datetime, seconds: float = folder.PATIENCE) -> Placed:
    """Place the hold, or find the one that stands already; never raises, and never waits for longer than `seconds` three times."""
    found = decisions.found(folder.read_in_time(path, seconds), wanted, now)
    if found is not None:
        return Placed(found, found=True)
    try:
        folder.in_time(lambda: _write(path, wanted), seconds)
    except OSError as error:
        return after_failure(path, wanted, error, seconds)
    return Placed(wanted)


def _write(path: str, wanted: Hold) -> None:
    folder.place(path, wanted)
    missing.forget(path)


def after_failure(path: str, wanted: Hold, error: OSError, seconds: float = folder.PATIENCE) -> Placed:
    """Return what became of a hold whose placing failed or took too long: its file may be there all the same."""
    standing = folder.read_in_time(path, seconds)
    if any(one.id == wanted.id for one in standing.holds) and not isinstance(error, FileExistsError):
        return Placed(wanted)
    if isinstance(error, TimeoutError):
        # The file may still come.
        return Placed(why=f"{path} did not answer within {seconds:g} s", known=False)
    return Placed(why=f"{path}: {error.strerror or error}", known=all(one.id != wanted.id for one in standing.broken))


def place_alone(path: str, wanted: Hold, run: str | None, choose: Callable[[Standing], Placed | None], seconds: float = folder.PATIENCE) -> Placed:
    """Place a hold that this run works under, or take over the one that `choose` finds, while nobody else does so.

    Raises what `choose` raises, and InputError for a hold that this run may not take over.

    :param run: which run this is; None where that is not known
    :param choose: sees what stands; returns what stands already, None for placing
    """

    def work() -> Placed:
        folder.make(path)
        with _placing(path):
            found = choose(folder.read(path))
            if found is not None and found.hold is not None:
                _take_over(path, found.hold.id, run)
                return found
            # Before the hold is there: a run that is killed in between leaves no hold of which nobody knows who works under it.
            claims.write(path, wanted.id, run)
            _write(path, wanted)
            return Placed(wanted)

    try:
        return folder.in_time(work, seconds)
    except OSError as error:
        return after_failure(path, wanted, error, seconds)


@contextmanager
def _placing(path: str) -> Iterator[None]:
    """Have the right to say which run works under a hold; raises OSError."""
    lock = Lock(path, PLACING)
    try:
        lock.alone()
        yield
    finally:
        lock.close()


def take_over(path: str, run: str | None, choose: Callable[[Standing], Hold]) -> Hold:
    """Have this run work under the hold that `choose` finds, while nobody else does so, and return it.

    Raises what `choose` raises, and InputError where it cannot be taken over.
    """

    def work() -> Hold:
        with _placing(path):
            hold = choose(folder.read(path))
            _take_over(path, hold.id, run)
            return hold

    try:
        return folder.in_time(work, folder.PATIENCE)  # type: ignore[no-any-return]
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}. Fix the folder of the holds (holds_path), then run the task again") from None


def is_of(path: str, hold_id: str, run: str | None) -> bool:
    """Tell whether the run works under the hold. One that is not known, None, is told from others by nothing, and works under holds of such runs."""
    return claims.read(path, hold_id) == run


def _take_over(path: str, hold_id: str, run: str | None) -> None:
    try:
        claims.write(path, hold_id, run)
    except OSError as error:
        why = error.strerror or error
        raise InputError(f"The hold {hold_id} stands, and this run may not go on from it ({why}): see who owns {path} and its files") from None


def lift(path: str, hold_id: str, reason: str, now: datetime) -> None:
    """Lift one hold and forget which run worked under it; raises OSError as `folder.lift` does."""
    folder.lift(path, hold_id, reason, now)
    claims.remove(path, hold_id)


def lift_own(path: str, hold_id: str, run: str | None, reason: str, now: datetime) -> None:
    """Lift one hold while this run works under it; raises InputError where another one does, and OSError as `lift` does."""
    with _placing(path):
        if not is_of(path, hold_id, run):
            raise InputError(f"The hold {hold_id} was not lifted: another run works under it now, or did. Look with bookieops.betmatic.bookie_hold_info")
        lift(path, hold_id, reason, now)


def everybody_is_out(path: str, seconds: float) -> str | None:
    """Wait until no ON that asked before is under way; returns None, or why that is not known."""

    def work() -> Lock:
        lock = Lock(path)
        try:
            lock.alone()
        except BaseException:
            lock.close()
            raise
        return lock

    try:
        folder.in_time(work, seconds, late=Lock.close).close()
    except TimeoutError:
        return f"an ON of another run was still under way after {seconds:g} s"
    except OSError as error:
        return f"{path} cannot be locked ({error.strerror or error})"
    return None
