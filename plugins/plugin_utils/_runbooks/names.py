# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a variable names, as a list: bookmakers, or account ids. Pure."""

from __future__ import annotations

from typing import Any

from ...module_utils._api import documents
from ...module_utils._errors import InputError


def listed(value: Any, option: str) -> list[str]:
    """Return the names, each once, in their order; raises InputError.

    A text is divided at its commas, as Ansible does it for an option of a module: `-e` makes texts, and a text that is taken
    for a list falls apart into its characters.

    :param value: a list of texts and numbers, a number, or a text
    """
    if isinstance(value, str):
        value = value.split(",")
    elif is_name(value):
        value = [value]
    if not isinstance(value, (list, tuple)) or not all(is_name(one) for one in value):
        raise InputError(f"{option} is {value!r}: give a list, or a text with commas")
    return list(dict.fromkeys(str(one).strip() for one in value))


def account_ids(value: Any, option: str) -> list[str]:
    """Return the account ids, each once, in their order; raises InputError for what is not one.

    :param value: as for `listed`
    """
    names = listed(value, option)
    wrong = [name for name in names if not is_account_id(name)]
    if wrong:
        raise InputError(
            f"{option} names {', '.join(map(repr, wrong))}: a valid account id has 1 to 64 letters, digits, '_' or '-'."
            " Put ids in quotes, so that YAML keeps them as they are"
        )
    both = documents.two_spellings(names)
    if both:
        raise InputError(f"{option} names {both[0]!r} and {both[1]!r}, which may be one account for the service: list it once, as the service writes it")
    return names


def is_account_id(value: Any) -> bool:
    """Tell whether a text or a number can be an account id."""
    return is_name(value) and documents.is_account_id(str(value))


def is_name(value: Any) -> bool:
    """Tell whether it can be a name at all: a text or a number."""
    return isinstance(value, (str, int)) and not isinstance(value, bool)
