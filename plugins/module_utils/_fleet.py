# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The declared fleet: the document of a fleet file -> accounts with their wanted states. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.bookieops.betmatic.plugins.module_utils._answers import COMMANDS, is_account_id

_KEYS = ("account_id", "state", "display_name")


class BadFleet(ValueError):
    """A fleet file that cannot be used; the text names the entry, the value and the way out."""


def declared_accounts(document: Any) -> List[Dict[str, str]]:
    """Return the accounts of a fleet file in its order, ready for `bookie_bot`; raises BadFleet.

    :param document: the parsed file, every scalar as the text that stands there
    """
    if not document:
        raise BadFleet("is empty: begin with 'accounts:' and give each account an entry with account_id and state")
    if not isinstance(document, dict):
        raise BadFleet("is no mapping: begin with 'accounts:' and give each account an entry with account_id and state")
    unknown = [str(key) for key in document if key != "accounts"]
    if unknown:
        raise BadFleet("has the unknown key {0!r}: 'accounts' is the only one".format(unknown[0]))
    entries = document["accounts"]
    if not isinstance(entries, list) or not entries:
        raise BadFleet("names no account under 'accounts': give a list of entries with account_id and state")
    accounts = [_account(number, entry) for number, entry in enumerate(entries, 1)]
    _refuse_repeated(accounts)
    return accounts


def _account(number: int, entry: Any) -> Dict[str, str]:
    if not isinstance(entry, dict):
        raise BadFleet("entry {0} is no mapping: give it account_id and state".format(number))
    unknown = [str(key) for key in entry if key not in _KEYS]
    if unknown:
        raise BadFleet("entry {0} has the unknown key {1!r}: use account_id, state and display_name".format(number, unknown[0]))
    account_id, state = _text(number, entry, "account_id"), _text(number, entry, "state")
    if account_id is None or not is_account_id(account_id):
        raise BadFleet("entry {0} has the account_id {1!r}: give 1 to 64 letters, digits, '_' or '-'".format(number, account_id))
    if state not in COMMANDS:
        raise BadFleet("entry {0} (account {1}) has the state {2!r}: write on or off".format(number, account_id, state))
    account = {"account_id": account_id, "state": state}
    name = _text(number, entry, "display_name")
    if name is not None:
        if not name.strip():
            raise BadFleet("entry {0} (account {1}) has an empty display_name: give the account's name or leave it out".format(number, account_id))
        account["display_name"] = name
    return account


def _text(number: int, entry: Dict[str, Any], key: str) -> Optional[str]:
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        raise BadFleet("entry {0} has a {1} that is no text: write one word or one line".format(number, key))
    return value


def _refuse_repeated(accounts: List[Dict[str, str]]) -> None:
    seen = set()
    for account in accounts:
        if account["account_id"] in seen:
            raise BadFleet("names account {0} twice: keep one of the entries".format(account["account_id"]))
        seen.add(account["account_id"])
