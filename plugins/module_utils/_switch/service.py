# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the sequences ask of the service: each call bounds its own time and ends in an answer, or in one of the ways to have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Protocol, Tuple, Union

from .._api.documents import AccountList, BulkAnswer, ControlAnswer, Maybe, NotSent, Refusal


@dataclass(frozen=True)
class KeptBack:
    """An ON that was not sent. `reason` says who keeps it back, since when and why; `holds` are their documents."""

    reason: str
    way_out: str
    holds: Tuple[Mapping[str, Any], ...] = ()


NoAnswer = Union[Refusal, NotSent, Maybe, KeptBack]
ControlResult = Union[ControlAnswer, NoAnswer]
BulkResult = Union[BulkAnswer, NoAnswer]
ListResult = Union[AccountList, NoAnswer]


class Service(Protocol):
    """The API as `_api.client` offers it, and the service in memory of the tests."""

    def control_one(self, account_id: str, command: str, seconds: float) -> ControlResult:
        """Send ON or OFF to one account."""

    def control_all(self, command: str, seconds: float) -> BulkResult:
        """Send all_on or all_off."""

    def list_accounts(self, seconds: float) -> ListResult:
        """Read the list of accounts."""
