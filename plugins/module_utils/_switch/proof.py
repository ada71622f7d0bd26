# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pure: what a row of the list of accounts proves, and whether it is the account that is meant.

The one place for both. A row is a ListedAccount, or a dictionary as bookie_account_info returns it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, Mapping, Optional, TypeVar, Union

from .._api.documents import RUNNING, STATUSES, STOPPED, AccountList, ListedAccount, clean

Row = Union[ListedAccount, Mapping[str, Any]]
_AnyRow = TypeVar("_AnyRow", ListedAccount, Mapping[str, Any], Dict[str, Any])


# --- what proves a state ---------------------------------------------------------------------------------------


def status_of(row: Row | None) -> str | None:
    """Return RUNNING or STOPPED as far as the row proves it, else None.

    STOPPED needs `bot_running` exactly false and no running sessions. None stands for no row, too.
    """
    if row is None:
        return None
    if isinstance(row, ListedAccount):
        return RUNNING if row.bot_running is True else STOPPED if row.bot_running is False and row.no_sessions else None
    # Sessions are null where there are none to count; a count that could not be read has made the status null.
    proven = row["bot_status"] == RUNNING or (row["bot_status"] == STOPPED and row["running_sessions"] in (0, None))
    return row["bot_status"] if proven else None


def as_wanted(row: Row | None, state: str) -> bool:
    """Tell whether the row shows the wanted state, on or off; no row (None) shows nothing."""
    return status_of(row) == STATUSES[state]


def by_id(rows: Iterable[_AnyRow]) -> dict[str, _AnyRow | None]:
    """Return the rows by account id, None for an id that is listed twice: two rows prove nothing."""
    found: dict[str, _AnyRow | None] = {}
    for row in rows:
        account_id = row.account_id if isinstance(row, ListedAccount) else row["account_id"]
        found[account_id] = None if account_id in found else row
    return found


@dataclass(frozen=True)
class Reading:
    """The list of accounts by id; None stands for an id that is listed more than once."""

    rows: dict[str, Optional[ListedAccount]]


def reading_of(accounts: AccountList) -> Reading:
    """Return the list as a reading: only an account with exactly one row can be proven by it."""
    return Reading(by_id(accounts.rows))


# --- the guard by display_name ---------------------------------------------------------------------------------


def is_another_name(guard: str | None, name: str | None) -> bool:
    """Tell whether the service's name is another one than the guard's; what is not known is no other name."""
    # Names of the service are cleaned before they are kept.
    return guard is not None and name is not None and (clean(guard) or guard) != name


def another_name(guard: str | None, name: str | None) -> str:
    """Say that the guard by display_name found another name."""
    return f"display_name is '{name}' there, not '{guard}'"
