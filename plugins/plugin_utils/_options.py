# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options that roles hand on to the modules -> what the modules would refuse, before a role does anything. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible.module_utils.common.validation import check_type_float, check_type_int

from ..module_utils import _arguments
from ..module_utils._errors import InputError
from ..module_utils._token_source import FILE_VARIABLE, TOKEN_VARIABLE

_LONGEST_TEXT = 60
# A line of a file that a shell reads, with a value that it takes as it stands: one word, plain or in quotes, and nothing behind it but a comment.
_LINE = re.compile(r"[ \t]*(?:export[ \t]+)?(BETMATIC_[A-Z_]+)=(.*)", re.ASCII)
_VALUE = re.compile(r"""(?:'([^']*)'|"([^"$`\\]*)"|([^\s'"\\$`;&|<>()]*))(?:[ \t]+\#.*|[ \t]*)""")


def _retries(value: Any) -> object:
    return _arguments.read_reading_limits({"timeout": 1.0, "retries": check_type_int(value)})


def _concurrency(value: Any) -> object:
    return _arguments.read_concurrency({"concurrency": check_type_int(value)})


def _min_days(value: Any) -> object:
    return _arguments.read_min_days({"min_days": check_type_float(value)})


def _url(value: Any) -> object:
    try:
        return _arguments.read_url({"api_url": value})
    except InputError as error:
        # A token in the wrong line of the file would be shown: nothing masks it here, as it is masked in a module.
        raise InputError(str(error).replace(f"{value.strip()!r} ", "")) from None


def _token_file(value: Any) -> None:
    if value.strip():
        raise InputError(f"api_token_file stands beside {TOKEN_VARIABLE}, and only one of them can be used: remove one of the two")


def _seconds(option: str) -> Callable[[Any], object]:
    return lambda value: _arguments.read_seconds({option: check_type_float(value)}, option)


# As a user names it: the module's option, with which the message of its check begins, and the check.
_CHECKS: Mapping[str, tuple[str, Callable[[Any], object]]] = {
    "bookie_concurrency": ("concurrency", _concurrency),
    "bookie_retries": ("retries", _retries),
    "bookie_wait_timeout": ("wait_timeout", _seconds("wait_timeout")),
    "bookie_deadline": ("deadline", _seconds("deadline")),
    "bookie_token_min_days": ("min_days", _min_days),
    "BETMATIC_TIMEOUT": ("timeout", _seconds("timeout")),
    "BETMATIC_API_URL": ("api_url", _url),
    FILE_VARIABLE: ("api_token_file", _token_file),
}


def why_refused(name: str, value: Any) -> str:
    """Return what the modules would say of a value that they refuse, without a full stop; empty where they take it.

    Raises TypeError or ValueError for what is not a number and has to be one.
    """
    option, check = _CHECKS[name]
    try:
        check(value)
    except InputError as error:
        return name + str(error)[len(option):]
    return ""


def unusable(options: Mapping[str, Any], settings: str = "") -> str:
    """Return a sentence for each option that cannot be used, and for each line of a file of settings; empty where there is none."""
    return " ".join(f"{why}." for why in _reasons({**options, **_settings_of(settings)}))


def _reasons(options: Mapping[str, Any]) -> Iterator[str]:
    for name, value in options.items():
        try:
            why = why_refused(name, value)
        except (TypeError, ValueError):
            # As above: a line of a file is not shown.
            said = f"{shown(value)}, which is not a number" if name.startswith("bookie_") else "not a number"
            why = f"{name} is {said}: correct it, or remove it"
        if why:
            yield why


def _settings_of(text: str) -> dict[str, str]:
    """Return the settings that a check knows. Of several lines the last counts; one that the shell has to work out is not judged."""
    found: dict[str, str] = {}
    for line in map(_LINE.fullmatch, text.splitlines()):
        if line and line.group(1) in _CHECKS:
            value = _VALUE.fullmatch(line.group(2))
            found.pop(line.group(1), None)
            found.update({line.group(1): "".join(part or "" for part in value.groups())} if value else {})
    return found


def shown(value: Any) -> str:
    """Return a value as a message shows it."""
    text = json.dumps(value, default=str)
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "..."
