# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a roll-out is asked for -> its batches. Everything is checked here, before the first batch is sent."""

from __future__ import annotations

import re
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


def read_accounts(entries: Sequence[Entry], state: str | None = None) -> tuple[Target, ...]:
    """Return the targets in the order given, each account once; raises InputError.

    :param entries: ids, or what the module takes as `accounts`
    :param state: for every entry that has none of its own
    """
    return read_targets({"account_id": None, "accounts": [_entry(entry) for entry in entries], "state": None if state is None else _state(state)})


def batches(targets: Sequence[Target], canary: int, size: int) -> list[list[Target]]:
    """Return the batches: every OFF before the first ON, each direction with its canary first, the order of the targets kept."""
    result: list[list[Target]] = []
    for state in (OFF, ON):
        same = [target for target in targets if target.state == state]
        result.append(same[:canary])
        result += [same[start : start + size] for start in range(canary, len(same), size)]
    return [batch for batch in result if batch]


def share(value: Any, whole: int, option: str, least: int) -> int:
    """Return a number, or a percentage of the whole rounded down, but not less than `least`; raises InputError."""
    text = str(value)
    percentage = _PERCENTAGE.fullmatch(text)
    if not isinstance(value, bool) and _NUMBER.fullmatch(text) and int(text) >= least:
        return int(text)
    if percentage and float(percentage.group(1)) <= 100:
        return max(least, int(whole * float(percentage.group(1)) / 100))
    raise InputError(f'{option} is {value!r}: give a whole number from {least} on, or a percentage such as "10%"')


def as_entry(target: Target) -> dict[str, str]:
    """Return a target as the module takes it."""
    guard = {} if target.display_name is None else {"display_name": target.display_name}
    return dict(guard, account_id=target.account_id, state=target.state)


def as_targets(entries: Sequence[Sequence[Mapping[str, str]]]) -> list[list[Target]]:
    """Return batches of entries as batches of targets."""
    return [[Target(entry["account_id"], entry["state"], entry.get("display_name")) for entry in batch] for batch in entries]


def _entry(entry: Entry) -> dict[str, Any]:
    if not isinstance(entry, Mapping):
        return {"account_id": str(entry)}
    unknown = sorted(str(key) for key in set(entry) - _KEYS)
    if unknown or entry.get("account_id") is None:
        raise InputError(
            "an entry of the accounts {0}: give account_id, state and, as a guard, display_name".format(
                f"has {', '.join(unknown)}, which is not known" if unknown else "has no account_id"
            )
        )
    state, guard = entry.get("state"), entry.get("display_name")
    return {
        "account_id": str(entry["account_id"]),
        "state": None if state is None else _state(state),
        "display_name": None if guard is None else str(guard),
    }


def _state(value: Any) -> str:
    # A number is no state, or 0 and 1 would be taken for one.
    if not isinstance(value, (bool, str)) or value not in _STATES:
        raise InputError(f"state is {value!r}: say on or off")
    return _STATES[value]
