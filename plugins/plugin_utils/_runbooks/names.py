# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a variable names, as a list. Pure."""

from __future__ import annotations

from typing import Any

from ...module_utils._errors import InputError


def listed(value: Any, option: str) -> list[str]:
    """Return the names, each once, in their order; raises InputError.

    A text is divided at its commas, as Ansible does it for an option of a module: `-e` makes texts, and a text that is taken
    for a list falls apart into its characters.

    :param value: a list of texts and numbers, a number, or a text
    """
    if isinstance(value, str):
        value = value.split(",")
    elif _is_name(value):
        value = [value]
    if not isinstance(value, (list, tuple)) or not all(_is_name(one) for one in value):
        raise InputError(f"{option} is {value!r}: give a list, or a text with commas")
    return list(dict.fromkeys(str(one).strip() for one in value))


def _is_name(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)
