# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The declared fleet: the text of a fleet file -> accounts with their wanted states. Pure."""

from __future__ import annotations

from typing import Any

import yaml

from ...module_utils._api.documents import COMMANDS, is_account_id, two_spellings
from ...module_utils._errors import InputError

_KEYS = ("account_id", "state", "display_name")


class _Loader(yaml.BaseLoader):
    """Keeps every scalar as its text, and refuses a key that a mapping has twice."""

    def construct_mapping(self, node, deep=False):
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a mapping has the same key twice", node.start_mark)
        return mapping


def read(text: str) -> list[dict[str, str]]:
    """Return the accounts of a fleet file's text in its order, ready for `bookie_bot`; raises InputError."""
    try:
        document = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        # Not the error's own text: it shows what the file holds, and that may be another file than was meant.
        problem = getattr(error, "problem", None) or "it holds characters that YAML does not allow"
        mark = getattr(error, "problem_mark", None)
        raise InputError(f"is not valid YAML: {problem}{f', line {mark.line + 1}' if mark else ''}") from None
    return _accounts(document)


def _accounts(document: Any) -> list[dict[str, str]]:
    if not document:
        raise InputError("is empty: begin with 'accounts:' and give each account an entry with account_id and state")
    if not isinstance(document, dict):
        raise InputError("is not a mapping: begin with 'accounts:' and give each account an entry with account_id and state")
    unknown = [str(key) for key in document if key != "accounts"]
    if unknown:
        raise InputError(f"has the unknown key {unknown[0]!r}: 'accounts' is the only one")
    entries = document["accounts"]
    if not isinstance(entries, list) or not entries:
        raise InputError("names no account under 'accounts': give a list of entries with account_id and state")
    accounts = [_account(number, entry) for number, entry in enumerate(entries, 1)]
    _refuse_repeated(accounts)
    return accounts


def _account(number: int, entry: Any) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise InputError(f"entry {number} is not a mapping: give it account_id and state")
    unknown = [str(key) for key in entry if key not in _KEYS]
    if unknown:
        raise InputError(f"entry {number} has the unknown key {unknown[0]!r}: use account_id, state and display_name")
    account_id, state = _text(number, entry, "account_id"), _text(number, entry, "state")
    if account_id is None or not is_account_id(account_id):
        raise InputError(f"entry {number} has the account_id {account_id!r}: give 1 to 64 letters, digits, '_' or '-'")
    if state not in COMMANDS:
        raise InputError(f"entry {number} (account {account_id}) has the state {state!r}: write on or off")
    account = {"account_id": account_id, "state": state}
    name = _text(number, entry, "display_name")
    if name is not None:
        if not name.strip():
            raise InputError(f"entry {number} (account {account_id}) has an empty display_name: give the account's name or leave it out")
        account["display_name"] = name
    return account


def _text(number: int, entry: dict[str, Any], key: str) -> str | None:
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        raise InputError(f"entry {number} has a {key} that is not a text: write one word or one line")
    return value


def _refuse_repeated(accounts: list[dict[str, str]]) -> None:
    seen: dict[str, None] = {}
    for account in accounts:
        if account["account_id"] in seen:
            raise InputError(f"names account {account['account_id']} twice: keep one of the entries")
        seen[account["account_id"]] = None
    both = two_spellings(seen)
    if both:
        raise InputError(f"names {both[0]!r} and {both[1]!r}, which may be one account for the service: keep one of the entries, as the service writes it")
