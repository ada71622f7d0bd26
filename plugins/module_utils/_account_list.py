# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of accounts as users see it: which rows, in which order, with which fields. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterable, Mapping

from ._api.documents import AccountList, ListedAccount, Refusal
from ._errors import InputError
from ._switch.proof import status_of


@dataclass(frozen=True)
class Selection:
    """Which accounts: each field narrows the list, None does not."""

    account_id: tuple[str, ...] | None = None
    bookie: tuple[str, ...] | None = None
    bot_id: tuple[str, ...] | None = None
    display_name: tuple[str, ...] | None = None
    bot_status: str | None = None

    def takes(self, row: ListedAccount) -> bool:
        """Tell whether the row is one of those asked for."""
        wanted = (self.account_id, self.bookie, self.bot_id, self.display_name)
        given = (row.account_id, row.bookie, row.bot_id, row.display_name)
        if any(values is not None and value not in values for values, value in zip(wanted, given)):
            return False
        return self.bot_status is None or status_of(row) == self.bot_status


def read_selection(params: Mapping[str, Any]) -> Selection:
    """Return which accounts of the list are asked for; raises InputError for an empty list."""
    for option in ("account_id", "bookie", "bot_id", "display_name"):
        if params[option] == []:
            raise InputError(f"{option} is an empty list, which matches no account: give a value or leave the option out")
    return Selection(
        account_id=_tuple_or_none(params["account_id"]),
        bookie=_tuple_or_none(params["bookie"]),
        bot_id=_tuple_or_none(params["bot_id"]),
        display_name=_tuple_or_none(params["display_name"]),
        bot_status=params["bot_status"],
    )


def _tuple_or_none(values: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def select(accounts: AccountList, selection: Selection) -> tuple[ListedAccount, ...]:
    """Return the rows asked for, sorted by id: numbers by value, then texts."""
    return tuple(sorted(filter(selection.takes, accounts.rows), key=_order))


def _order(row: ListedAccount) -> tuple[bool, int, str]:
    number = row.account_id.isdigit()
    return not number, int(row.account_id) if number else 0, row.account_id


def as_dict(row: ListedAccount, balances: bool, network: bool) -> dict[str, Any]:
    """Return the fields that users see; money and addresses only where asked for."""
    fields: dict[str, Any] = {
        "account_id": row.account_id,
        "bookie": row.bookie,
        "display_name": row.display_name,
        "bot_id": row.bot_id,
        "bot_status": status_of(row),
        "running_sessions": row.running_sessions,
        "update_time": row.update_time,
    }
    if balances:
        fields.update(balance=row.balance, bonus_balance=row.bonus_balance)
    if network:
        fields.update(bot_ip=row.bot_ip)
    return fields


def why_no_list(answer: Any) -> str:
    """Say what came instead of the list, and what to do."""
    if isinstance(answer, Refusal) and answer.http_status == 401:
        return "The list of accounts was not given: 401 token invalid or expired. Log in again or refresh the token."
    if isinstance(answer, Refusal) and answer.http_status in (403, 404):
        return (
            "The service has no list of accounts for this token ({0}). It is not on the vendor's pages of the control API:"
            " name the accounts by their ids, for example in a static inventory.".format(answer.http_status)
        )
    reason = f"{answer.http_status} from the service" if isinstance(answer, Refusal) else answer.reason
    return f"The list of accounts could not be read: {reason}. Check api_url, network and token, then run again."
