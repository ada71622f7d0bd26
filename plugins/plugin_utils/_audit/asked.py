# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a task of bookie_bot -> whom it is for, as far as it is known."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from ...module_utils._api.documents import OFF, ON, is_account_id

_STATES = {True: ON, False: OFF, ON: ON, OFF: OFF}
ALL = "all"


def state_of(state: Any) -> str | None:
    """Return the state that an option gives, None for a template and for anything else."""
    return _STATES.get(state) if isinstance(state, (bool, str)) else None


def accounts_of(options: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return account and state of each account that the options name, none when not each of them is clear."""
    given, accounts = options.get("account_id", options.get("account_ids")), options.get("accounts")
    if options.get("all_accounts") or (given is None) == (accounts is None):
        return []
    if given is not None:
        # As core reads a list.
        given = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else [given]
        accounts = [{"account_id": one} for one in given]
    found = {}
    for one in accounts if isinstance(accounts, list) else [None]:
        if not isinstance(one, Mapping):
            return []
        account_id = one.get("account_id")
        if account_id is None or not is_account_id(str(account_id)):
            return []
        state = state_of(options.get("state") if one.get("state") is None else one["state"])
        if state is None:
            return []
        found[str(account_id)] = {"account_id": str(account_id), "state": state}
    return list(found.values())


def asked_for(options: Mapping[str, Any]) -> Dict[str, Any] | None:
    """Return what an intent says of the options: `{"off": ["123"]}`, `{"off": "all"}`, None where a template decides."""
    state = state_of(options.get("state"))
    if options.get("all_accounts") is True and state:
        return {state: ALL}
    found: Dict[str, List[str]] = {}
    for one in accounts_of(options):
        found.setdefault(one["state"], []).append(one["account_id"])
    return found or None
