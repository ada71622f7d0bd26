# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a roll-out is asked for -> its plan. Everything is checked here, before the first batch is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Mapping, Sequence, Union

from ...module_utils._api.documents import OFF, ON
from ...module_utils._arguments import read_targets
from ...module_utils._errors import InputError
from ...module_utils._switch.records import Target

_NUMBER = re.compile("[0-9]{1,9}", re.ASCII)
_PERCENTAGE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)%", re.ASCII)
_KEYS = frozenset(("account_id", "state", "display_name"))
# What YAML makes of an unquoted on and off.
_STATES = {True: ON, False: OFF, ON: ON, OFF: OFF}

Entry = Union[str, int, Mapping[str, Any]]


@dataclass(frozen=True)
class Plan:
    """The batches in their order, and how many accounts may fail before the roll-out stops."""

    batches: tuple[tuple[Target, ...], ...]
    most_failures: int


def plan(entries: Sequence[Entry], state: str | None, canary: Any, batch_size: Any, max_failures: Any) -> Plan:
    """Return the plan; raises InputError.

    :param entries: ids, or what the module takes as `accounts`
    :param state: for every entry that has none of its own
    """
    targets = read_accounts(entries, state)
    first = some(canary, len(targets), "bookie_canary", 0)
    following = some(batch_size, len(targets), "bookie_batch_size", 1)
    return Plan(batches(targets, first, following), at_most(max_failures, len(targets), "bookie_max_failures"))


def read_accounts(entries: Sequence[Entry], state: str | None = None) -> tuple[Target, ...]:
    """Return the targets in the order given, each account once; raises InputError."""
    # A text would fall apart into its digits, and each of them into an account that nobody named.
    if not isinstance(entries, (list, tuple)):
        raise InputError(f"the accounts are {entries!r}, which is not a list: give a list of ids or entries, such as ['123', '124']")
    return read_targets({"account_id": None, "accounts": [_entry(entry) for entry in entries], "state": None if state is None else _state(state)})


def batches(targets: Sequence[Target], canary: int, size: int) -> tuple[tuple[Target, ...], ...]:
    """Return the batches: every OFF before the first ON, each direction with its canary first, the order of the targets kept."""
    result: list[tuple[Target, ...]] = []
    for state in (OFF, ON):
        same = tuple(target for target in targets if target.state == state)
        result.append(same[:canary])
        result += [same[start : start + size] for start in range(canary, len(same), size)]
    return tuple(batch for batch in result if batch)


def some(value: Any, whole: int, option: str, least: int) -> int:
    """Return how many go together: of a percentage above zero at least one, so that a small fleet keeps its canary; raises InputError."""
    number = _number(value, whole)
    if number is None or (number < least and number == 0):
        raise _not_usable(value, option, least)
    return int(number) if number >= 1 or number == 0 else 1


def at_most(value: Any, whole: int, option: str) -> int:
    """Return how many may: a percentage is rounded down; raises InputError."""
    number = _number(value, whole)
    if number is None:
        raise _not_usable(value, option, 0)
    return int(number)


def _number(value: Any, whole: int) -> float | None:
    """Return a number, or a percentage of the whole; None for anything else."""
    text = str(value)
    if isinstance(value, bool):
        return None
    if _NUMBER.fullmatch(text):
        return int(text)
    percentage = _PERCENTAGE.fullmatch(text)
    if percentage is None or float(percentage.group(1)) > 100:
        return None
    return whole * float(percentage.group(1)) / 100


def _not_usable(value: Any, option: str, least: int) -> InputError:
    return InputError(f'{option} is {value!r}: give a whole number from {least} on, or a percentage such as "10%"')


def as_entry(target: Target) -> dict[str, str]:
    """Return a target as the module takes it."""
    guard = {} if target.display_name is None else {"display_name": target.display_name}
    return dict(guard, account_id=target.account_id, state=target.state)


def as_dict(whole: Plan) -> dict[str, Any]:
    """Return the plan as a variable holds it."""
    return {"batches": [[as_entry(target) for target in batch] for batch in whole.batches], "most_failures": whole.most_failures}


def from_dict(whole: Mapping[str, Any]) -> Plan:
    """Return the plan that a variable holds."""
    targets = [[Target(entry["account_id"], entry["state"], entry.get("display_name")) for entry in batch] for batch in whole["batches"]]
    return Plan(tuple(tuple(batch) for batch in targets), int(whole["most_failures"]))


def _entry(entry: Entry) -> dict[str, Any]:
    if not isinstance(entry, Mapping):
        return {"account_id": str(entry)}
    unknown = sorted(str(key) for key in set(entry) - _KEYS)
    if unknown or entry.get("account_id") is None:
        raise InputError(
            "an entry of the accounts {0}: give account_id, state and, as a guard, display_name".format(
                f"has the unknown key {unknown[0]!r}" if unknown else "has no account_id"
            )
        )
    state, guard = entry.get("state"), entry.get("display_name")
    return {
        "account_id": str(entry["account_id"]),
        "state": None if state is None else _state(state),
        "display_name": None if guard is None else str(guard),
    }


def _state(value: Any) -> str:
    # A number is not a state, or 0 and 1 would be taken for one.
    if not isinstance(value, (bool, str)) or value not in _STATES:
        raise InputError(f"state is {value!r}: say on or off")
    return _STATES[value]
