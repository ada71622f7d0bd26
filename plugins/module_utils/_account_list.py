# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of accounts as users see it: which rows, in which order, with which fields. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Collection, Iterable, Mapping

from ._api.documents import AccountList, ListedAccount, Refusal
from ._errors import InputError
from ._switch.proof import by_id, status_of

# What a selection goes by, and what its values are called.
_FILTERS = {"account_id": "account", "bookie": "bookmaker", "bot_id": "bot", "display_name": "account of the name"}


@dataclass(frozen=True)
class Selection:
    """Which accounts: each field narrows the list, None does not."""

    account_id: tuple[str, ...] | None = None
    bookie: tuple[str, ...] | None = None
    bot_id: tuple[str, ...] | None = None
    display_name: tuple[str, ...] | None = None
    bot_status: str | None = None

    def takes(self, row: ListedAccount) -> bool:
        """Tell whether the row is one of those asked for, whatever its status."""
        wanted = ((getattr(self, name), getattr(row, name)) for name in _FILTERS)
        return all(values is None or value in values for values, value in wanted)


@dataclass(frozen=True)
class Selected:
    """The accounts asked for; `unclear`: those that would be asked for but for a status that is not proven; `twice`: ids that are listed twice."""

    rows: tuple[ListedAccount, ...]
    unclear: tuple[str, ...]
    twice: tuple[str, ...]
    listed: int


def read_selection(params: Mapping[str, Any], given: Collection[str]) -> Selection:
    """Return which accounts of the list are asked for; raises InputError for what selects every account by a slip, or none."""
    for option in (*_FILTERS, "bot_status"):
        if option in given and params[option] is None:
            raise InputError(f"{option} is null, which would select every account: give a value, or leave the option out")
        if params[option] == []:
            raise InputError(f"{option} is an empty list, which matches no account: give a value, or leave the option out")
    return Selection(**{option: _tuple_or_none(params[option]) for option in _FILTERS}, bot_status=params["bot_status"])


def _tuple_or_none(values: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def unknown(accounts: AccountList, selection: Selection) -> str | None:
    """Say which values no account has, None where there is none: a slip must not leave an account out, or leave nothing to switch."""
    said = []
    for option, noun in _FILTERS.items():
        known = {getattr(row, option) for row in accounts.rows}
        missing = [value for value in getattr(selection, option) or () if value not in known]
        said += [f"no {noun} {', '.join(map(repr, missing))}"] if missing else []
    return " and ".join(said) or None


def select(accounts: AccountList, selection: Selection) -> Selected:
    """Return the accounts asked for, each once, sorted by id: numbers by value, then texts."""
    taken = {row.account_id for row in accounts.rows if selection.takes(row)}
    found = by_id(accounts.rows)
    twice = tuple(account_id for account_id, row in found.items() if row is None)
    every = [row or _merged([one for one in accounts.rows if one.account_id == account_id]) for account_id, row in found.items()]
    rows = sorted((row for row in every if row.account_id in taken), key=_order)
    return Selected(
        rows=tuple(row for row in rows if selection.bot_status in (None, status_of(row))),
        unclear=tuple(row.account_id for row in rows if status_of(row) is None),
        twice=twice,
        listed=len(every),
    )


def _merged(rows: list[ListedAccount]) -> ListedAccount:
    """Return the rows of one account as one, with what they agree on; two rows prove nothing of the bot."""
    first = rows[0]
    differing: dict[str, Any] = {one.name: None for one in fields(first) if any(getattr(row, one.name) != getattr(first, one.name) for row in rows)}
    return replace(first, **{**differing, "bot_running": None, "no_sessions": False, "running_sessions": None})


def words(selected: Selected) -> str:
    """Say how many accounts match, and of which the list proves nothing."""
    chosen = len(selected.rows)
    sentences = [f"{chosen} of {selected.listed} account{'' if selected.listed == 1 else 's'} {'matches' if chosen == 1 else 'match'}."]
    if selected.unclear:
        count = len(selected.unclear)
        sentences.append(f"{count} {'is' if count == 1 else 'are'} neither proven RUNNING nor STOPPED: {', '.join(selected.unclear)}.")
    if selected.twice:
        sentences.append(f"Listed twice by the service: {', '.join(selected.twice)}.")
    return " ".join(sentences)


def _order(row: ListedAccount) -> tuple[bool, int, str]:
    number = row.account_id.isdigit()
    return not number, int(row.account_id) if number else 0, row.account_id


def as_dict(row: ListedAccount, balances: bool, network: bool) -> dict[str, Any]:
    """Return the fields that users see; money and addresses only where asked for."""
    account: dict[str, Any] = {
        "account_id": row.account_id,
        "bookie": row.bookie,
        "display_name": row.display_name,
        "bot_id": row.bot_id,
        "bot_status": status_of(row),
        "running_sessions": row.running_sessions,
        "update_time": row.update_time,
    }
    if balances:
        account.update(balance=row.balance, bonus_balance=row.bonus_balance)
    if network:
        account.update(bot_ip=row.bot_ip)
    return account


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
