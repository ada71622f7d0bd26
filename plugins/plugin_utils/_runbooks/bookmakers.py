# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which accounts are at the bookmakers that a person names, and what keeps that from being known. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from ...module_utils._errors import InputError
from . import names

OPTION = "bookie_bookmakers"
# As many as one reads in a message.
_MOST_SHOWN = 20


@dataclass(frozen=True)
class Chosen:
    """The accounts at the bookmakers; `problems`: sentences, each a reason why accounts that are meant may be missing among them."""

    account_ids: tuple[str, ...]
    problems: tuple[str, ...]


def accounts_at(account_list: Mapping[str, Any], value: Any) -> Chosen:
    """Return the accounts at the bookmakers; a name is compared letter by letter. What is not a name keeps no other one back.

    :param account_list: what bookie_account_info returned for all accounts
    :param value: a list of names, or a text with commas
    """
    usable, slips = _divided(value)
    try:
        wanted = named(usable or value)
    except InputError as error:
        return Chosen((), (f"{error}.",))
    if account_list.get("failed") or "accounts" not in account_list:
        why = account_list.get("msg") or "the list of accounts was not read."
        return Chosen((), (f"Which accounts are at {', '.join(wanted)} is not known: {why}",))
    rows = account_list["accounts"]
    said = (f"{OPTION} has {', '.join(map(repr, slips))}: this is not the name of a bookmaker.",) if slips else ()
    return Chosen(tuple(row["account_id"] for row in rows if row["bookie"] in wanted), (*said, *problems(rows, wanted)))


def _divided(value: Any) -> tuple[list[Any], list[Any]]:
    """Return what can be a name, and what else stands there."""
    parts = value.split(",") if isinstance(value, str) else list(value) if isinstance(value, (list, tuple)) else []
    can_be = [names.is_name(one) and bool(str(one).strip()) for one in parts]
    return [one for one, is_one in zip(parts, can_be) if is_one], [one for one, is_one in zip(parts, can_be) if not is_one]


def named(value: Any) -> list[str]:
    """Return the names, each once; raises InputError where there is none, or an empty one: no name never means every bookmaker."""
    if value is None or value in ("", []):
        raise InputError(f"{OPTION} names no bookmaker: name at least one, or leave it out")
    return some_named(value)


def some_named(value: Any) -> list[str]:
    """Return the names as `named` does, or none for an empty list."""
    wanted = names.listed(value, OPTION)
    if "" in wanted:
        raise InputError(f"{OPTION} has an empty name: write each bookmaker's name as the service does, or leave the option out")
    return wanted


def problems(rows: Sequence[Mapping[str, Any]], wanted: Sequence[str]) -> tuple[str, ...]:
    """Say which bookmakers no account of the list has, and which accounts may be at any: the list tells no bookmaker of theirs."""
    known = {row["bookie"] for row in rows if row["bookie"]}
    absent = [name for name in wanted if name not in known]
    unclear = [row["account_id"] for row in rows if not row["bookie"]]
    has = f"It has {_some(sorted(known))}" if known else "It names no bookmaker at all"
    said = (f"{OPTION}: the list has no account at {', '.join(absent)}. {has}. Write the name as the service does.",) if absent else ()
    return (*said, f"The list does not tell the bookmaker of {_some(unclear)}: name such accounts by their ids.") if unclear else said


def _some(found: Sequence[str]) -> str:
    more = f" and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
    return ", ".join(found[:_MOST_SHOWN]) + more
