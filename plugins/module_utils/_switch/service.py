# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the sequences ask of the service: each call bounds its own time and ends in one of four ways."""

from __future__ import annotations

from typing import Protocol, Union

from .._api.documents import AccountList, BulkAnswer, ControlAnswer, Maybe, NotSent, Refusal

NoAnswer = Union[Refusal, NotSent, Maybe]
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
