# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is set for good of the options of the role emergency_stop -> the findings. Pure.

The role goes out with its defaults where it cannot use one, and fails at the end: that is better known before the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.common.validation import check_type_float

from ...module_utils._api.documents import is_account_id
from ...module_utils._preflight.findings import WARNING, Finding
from .._options import shown, why_refused

# What stands for a variable that cannot be rendered.
UNREADABLE = object()
SUBJECT = "options of the stop"
_ALL_GO_OUT = "so the OFFs would go out with the defaults, and the emergency stop would fail at the end"
_NO = ("false", "no", "off", "0", "0.0", "n", "f")
_YES = ("true", "yes", "on", "1", "1.0", "y", "t")
_PACE = ("bookie_concurrency", "bookie_retries", "bookie_wait_timeout", "bookie_deadline")
NAMES = ("bookie_hold", "bookie_reason", *_PACE, "bookie_known_accounts")

# As in defaults/main.yml of the role: less time than that proves less.
LEAST_SECONDS: Mapping[str, float] = {"bookie_wait_timeout": 120.0, "bookie_deadline": 600.0}


def longest_task(found: Mapping[str, Any]) -> float:
    """Return for how many seconds a task of the emergency stop may run: bookie_deadline, the default where it is not set or cannot be used."""
    default = LEAST_SECONDS["bookie_deadline"]
    value = found.get("bookie_deadline", default)
    try:
        return default if why_refused("bookie_deadline", value) else check_type_float(value)
    except (TypeError, ValueError):
        return default


def findings(found: Mapping[str, Any]) -> list[Finding]:
    """Return a warning for each that would make the emergency stop a weaker one; none where all is well.

    :param found: the options that are set for the host, rendered, or UNREADABLE
    """
    return [Finding(WARNING, SUBJECT, text) for text in _words(found)]


def _words(found: Mapping[str, Any]) -> Iterator[str]:
    if "bookie_hold" in found:
        yield from _of_hold(found["bookie_hold"])
    for name in ("bookie_reason", *_PACE):
        if name in found:
            yield from _of_pace(name, found[name])
    if "bookie_known_accounts" in found:
        yield from _of_known(found["bookie_known_accounts"])


def _of_hold(value: Any) -> Iterator[str]:
    said = "" if value is UNREADABLE else str(value).strip().lower()
    if said in _NO:
        yield (
            "bookie_hold is false for this host, so an emergency stop would place no hold, and whatever runs later could turn the bots on again: remove"
            " it from the inventory, and give it with -e to the runs that are meant."
        )
    elif said not in _YES:
        yield f"bookie_hold {_what(value)}, so a hold would be placed, and the emergency stop would fail at the end: say true, or remove it."


def _of_pace(name: str, value: Any) -> Iterator[str]:
    if value is UNREADABLE:
        yield f"{name} cannot be rendered, {_ALL_GO_OUT}: correct it, or remove it."
        return
    if name not in _PACE:
        return  # every value can be a reason
    try:
        why = why_refused(name, value)
    except (TypeError, ValueError):
        yield f"{name} is {shown(value)}, which is not a number, {_ALL_GO_OUT}: correct it, or remove it."
        return
    if why:
        yield f"{why}. Until then the OFFs would go out with the defaults, and the emergency stop would fail at the end."
    else:
        yield from _of_patience(name, value)


def _of_patience(name: str, value: Any) -> Iterator[str]:
    least = LEAST_SECONDS.get(name)
    if least is not None and check_type_float(value) < least:
        yield (
            f"{name} is {shown(value)} for this host, and {least:g} by default: an emergency stop could end before each bot is proven off. Remove it from"
            " the inventory, and give it with -e to the runs that are meant."
        )


def _of_known(value: Any) -> Iterator[str]:
    if value is UNREADABLE:
        yield "bookie_known_accounts cannot be rendered, so no account in it would get an OFF of its own: correct it."
        return
    wrong = [one for one in _flat(value.split(",") if isinstance(value, str) else value) if not is_account_id(one)]
    if wrong:
        yield (
            f"bookie_known_accounts names what is not a valid account id: {shown(wrong)}. No OFF of its own would be sent to it, and the emergency stop"
            " would fail at the end: correct it, and put ids in quotes."
        )


def _flat(value: Any) -> Iterator[str]:
    """Give each thing in a value as the role reads it: nested lists count as one list."""
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _flat(one)
    else:
        yield str(value).strip()


def _what(value: Any) -> str:
    return "cannot be rendered" if value is UNREADABLE else f"is {shown(value)}, which is neither true nor false"
