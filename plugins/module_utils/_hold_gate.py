# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The holds of a task of bookie_bot: the gate that its ONs ask, and the hold that its OFFs place.

`_holds` is imported when an ON is due or a hold is placed, and never before: no OFF waits for it.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import Any, Callable, Collection, Iterator, Mapping, Sequence

from ._api.documents import ON
from ._arguments import is_a_default_holds_path, named_holds_path, read_url
from ._errors import InputError
from ._switch.records import Target
from ._switch.service import KeptBack

# Seconds in which the first OFF gets away before anything is done for the hold.
_HEAD_START = 0.05
# Seconds that a list which is there already waits for the folder: a local one has answered long since.
_GRACE = 0.25
# Seconds: an ON of another run may take as long as the default of `timeout`.
_LONGEST_ATTEMPT = 10.0


class FolderGate:
    """Asks the folder of the holds, anew for each attempt."""

    def __init__(self, path: str, api_url: str, override: str | None) -> None:
        self._given = (path, api_url, override)
        self._elsewhere = named_holds_path(path)
        self._guard = threading.Lock()
        self._opened: Any = None

    @contextmanager
    def ask(self, account_id: str | None) -> Iterator[KeptBack | None]:
        """Ask for one attempt, None for all_on; whoever places a hold waits to the end of the block."""
        with self._door().ask(account_id) as keepers:
            yield _kept_back(keepers, self._elsewhere)

    def look(self, account_id: str | None) -> KeptBack | None:
        """Say what asking would bring; leaves no trace."""
        return _kept_back(self._door().look(account_id), self._elsewhere)

    def tell_missing(self, tell: Callable[[str], None]) -> None:
        """Tell that a folder which is named was not there when an ON asked first; nothing where it was, nobody asked, or none is named."""
        if self._elsewhere is not None and not is_a_default_holds_path(self._elsewhere) and self._opened is not None and self._opened.was_missing:
            from ._holds.missing import WAY_OUT

            why = "a hold in another folder, or on storage that is not mounted, keeps nothing back"
            tell(f"holds_path {self._elsewhere} was not there when an ON looked first, so that no hold was seen: {why}. The way out: {WAY_OUT}.")

    def _door(self) -> Any:
        with self._guard:
            if self._opened is None:
                from ._holds.door import Door

                self._opened = Door(*self._given)
            return self._opened


def _kept_back(keepers: Sequence[Any], elsewhere: str | None) -> KeptBack | None:
    from ._holds import decisions

    if not keepers:
        return None
    reason = "; ".join(decisions.words(one) for one in keepers)
    ways_out = [decisions.way_out(one, elsewhere) for one in keepers]
    documents = tuple(dict(decisions.document(one), way_out=words) for one, words in zip(keepers, ways_out))
    return KeptBack(reason, " ".join(ways_out), documents)


class HeldLook:
    """Reads the folder while the list of accounts is on the wire, so that no list waits for a folder that hangs."""

    def __init__(self, path: str, api_url: str) -> None:
        self._api_url = api_url
        self._wait: Any = None
        try:
            self._wait = _begun(path)
        except RuntimeError:
            # No thread is to be had: the list must not fail for that.
            pass

    def held(self, account_ids: Sequence[str]) -> frozenset[str]:
        """Return the accounts to which no ON would go now: every one where the folder could not be read by now."""
        from ._holds import decisions, folder

        try:
            standing = None if self._wait is None else self._wait(_GRACE)
        except OSError:
            standing = None
        if standing is None:
            return frozenset(account_ids)
        now = folder.now()
        return frozenset(one for one in account_ids if decisions.keepers(standing, self._api_url, one, now))


def _begun(path: str) -> Any:
    from ._holds import folder

    return folder.started(lambda: folder.read(path))


class FolderPlacing:
    """Places one hold in the background, once, and waits until no ON that asked before is under way."""

    def __init__(self, name: str, path: str, api_url: str, scope: tuple[str, ...] | None, reason: str | None, timeout: float) -> None:
        self._given, self._reason = (name, api_url, scope), reason
        self._path = path
        self._seconds = max(timeout, _LONGEST_ATTEMPT)
        self._guard = threading.Lock()
        self._began = False
        self._done = threading.Event()
        self._placed: Any = None
        self._under_way: str | None = "it is not known yet whether an ON is under way"
        self._why = "it was not placed before the run ended"

    def begin(self) -> None:
        """Place it in the background; does nothing the second time."""
        with self._guard:
            if self._began:
                return
            self._began = True
        try:
            threading.Thread(target=self._work, daemon=True).start()
        except RuntimeError:
            # No thread is to be had: the OFF must not wait for that.
            self._why = "the machine gives no thread to place it"
            self._done.set()

    def wait(self, seconds: float) -> bool:
        """Tell whether it is placed, and every ON that asked before is answered, or whether that has failed."""
        return self._done.wait(seconds)

    def stands(self) -> bool:
        """Tell whether a hold stands."""
        return self._placed is not None and self._placed.hold is not None

    def _work(self) -> None:
        try:
            # What is imported here must not take the processor from the first OFF.
            self._done.wait(_HEAD_START)
            self._place()
        except Exception as error:  # pylint: disable=broad-except
            self._why = f"internal error in bookieops.betmatic ({type(error).__name__})"
        finally:
            self._done.set()

    def _place(self) -> None:
        from ._holds import door, folder

        now = folder.now()
        try:
            wanted = folder.new_hold(*self._given, now, reason=self._reason)
        except InputError as error:
            self._why = str(error)
            return
        self._placed = door.place(self._path, wanted, now)
        if self._placed.hold is None:
            self._why = self._placed.why
            return
        self._under_way = door.everybody_is_out(self._path, self._seconds)

    def result(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return the result of the OFFs with that of the hold; begins with the hold where it failed."""
        self.begin()
        known = self._done.wait(_LONGEST_ATTEMPT) and (self._placed is None or self._placed.known)
        from ._holds import folder, tasks

        there = folder.is_there(self._path, self._placed.hold.id) if self.stands() else None
        if there is False:
            return dict(result, failed=True, changed=True, hold_id=None, msg=self._lifted_meanwhile(result))
        if not self.stands() and not known:
            msg = f"{tasks.NOT_KNOWN}: {self._why}. {tasks.LOOK}. {result['msg']}"
            return dict(result, failed=True, changed=True, hold_id=None, msg=msg)
        if not self.stands():
            return dict(result, failed=True, hold_id=None, msg=f"NO HOLD stands: {self._why}. {result['msg']}")
        placed = tasks.result_of_placing(self._placed, False, self._under_way, named_holds_path(self._path))
        words = (placed["msg"], result["msg"]) if placed["failed"] else (result["msg"], placed["msg"])
        return dict(
            result,
            failed=result["failed"] or placed["failed"],
            changed=result["changed"] or placed["changed"],
            hold_id=placed["hold_id"],
            msg=" ".join(words),
        )

    def _lifted_meanwhile(self, result: Mapping[str, Any]) -> str:
        hold_id = self._placed.hold.id
        return f"NO HOLD stands: somebody lifted {hold_id} while this ran, so that a bot may start again. Run it again to place one. {result['msg']}"

    def prediction(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return the result of check mode with what would become of the hold."""
        from ._holds import decisions, folder, records, tasks

        now = folder.now()
        try:
            wanted = folder.new_hold(*self._given, now, reason=self._reason)
        except InputError as error:
            return dict(result, failed=True, hold_id=None, msg=f"NO HOLD would stand: {error}. {result['msg']}")
        found = decisions.found(folder.read_in_time(self._path), wanted, now)
        placed = tasks.result_of_placing(records.Placed(found or wanted, found=found is not None), True, path=named_holds_path(self._path))
        return dict(result, changed=result["changed"] or placed["changed"], hold_id=placed["hold_id"], msg=f"{result['msg']} {placed['msg']}")


def read_placing(params: Mapping[str, Any], given: Collection[str], targets: Sequence[Target] | None) -> FolderPlacing | None:
    """Return the hold that the task is to place, None for none; raises InputError where it switches anything on.

    :param given: the options that the task names. A hold that is null keeps no OFF back: where the task switches nothing on, it fails in the end as one
        without a name.
    :param targets: None for all accounts
    """
    switches_on = params["state"] == ON if targets is None else any(target.state == ON for target in targets)
    if params["hold"] is None and (switches_on or "hold" not in given):
        return None
    if switches_on:
        raise InputError("hold is for state=off: use bookie_hold to place a hold without switching, and another task for ON")
    scope = None if targets is None else tuple(target.account_id for target in targets)
    return FolderPlacing(params["hold"] or "", params["holds_path"], read_url(params), scope, params["reason"], params["timeout"])
