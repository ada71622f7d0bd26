# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The holds as the sequences know them: each ON asks a gate in its worker, right before it is sent; no OFF and no reading ever does."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import Any, Callable, ContextManager, Optional, Protocol, TypeVar

from .._api.documents import BULK_COMMANDS, COMMANDS, ON, NotSent
from .service import BulkResult, ControlResult, KeptBack, ListResult, Service

_Result = TypeVar("_Result")


class Gate(Protocol):
    """What keeps ONs back."""

    def ask(self, account_id: Optional[str]) -> ContextManager[Optional[KeptBack]]:
        """Ask for one attempt, None for all_on; the attempt is under way to the end of the block."""

    def look(self, account_id: Optional[str]) -> Optional[KeptBack]:
        """Say what asking would bring, for check mode."""


class Placing(Protocol):
    """A hold that is placed while OFFs are under way."""

    def begin(self) -> None:
        """Place it in the background; an OFF is about to be sent. Does nothing the second time."""

    def wait(self, seconds: float) -> bool:
        """Wait for so long; tell whether the hold is placed, and every ON that asked before is answered, or whether that has failed."""

    def stands(self) -> bool:
        """Tell whether a hold stands."""


class OpenGate:
    """Keeps nothing back."""

    def ask(self, account_id: Optional[str]) -> ContextManager[Optional[KeptBack]]:
        """Let the attempt go."""
        return nullcontext()

    def look(self, account_id: Optional[str]) -> Optional[KeptBack]:
        """Say that nothing keeps it back."""
        return None


class GatedService:
    """The service as a run may use it: an ON asks first, and the first OFF lets the placing of a hold begin."""

    def __init__(self, service: Service, gate: Gate, off_begins: Callable[[], None] = lambda: None, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._gate = gate
        self._off_begins = off_begins
        self._clock = clock

    def control_one(self, account_id: str, command: str, seconds: float) -> ControlResult:
        """Send ON or OFF to one account; an ON that a hold keeps back ends in KeptBack."""
        if command == COMMANDS[ON]:
            return self._asked(account_id, seconds, lambda left: self._service.control_one(account_id, command, left))
        self._off_begins()
        return self._service.control_one(account_id, command, seconds)

    def control_all(self, command: str, seconds: float) -> BulkResult:
        """Send all_on or all_off; all_on that any hold keeps back ends in KeptBack."""
        if command == BULK_COMMANDS[ON]:
            return self._asked(None, seconds, lambda left: self._service.control_all(command, left))
        self._off_begins()
        return self._service.control_all(command, seconds)

    def list_accounts(self, seconds: float) -> ListResult:
        """Read the list of accounts."""
        return self._service.list_accounts(seconds)

    def _asked(self, account_id: Optional[str], seconds: float, send: Callable[[float], _Result]) -> Any:
        began = self._clock()
        with self._gate.ask(account_id) as kept_back:
            if kept_back is not None:
                return kept_back
            left = seconds - (self._clock() - began)
            if left <= 0:
                return NotSent("the holds took as long to read as the attempt may take")
            return send(left)
