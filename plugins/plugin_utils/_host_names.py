# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The names that accounts and bookmakers have as hosts and groups: a pattern must reach the account that it seems to name, and no other. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any, Callable, Collection, Mapping, Sequence

from ..module_utils._errors import InputError


def host_names(accounts: Sequence[Mapping[str, Any]], hostname: str, taken: Collection[str]) -> list[str]:
    """Return a safe and unique host name for each account, in their order; raises InputError where there is none.

    :param accounts: each id once
    :param hostname: which field names the hosts, account_id or display_name
    :param taken: names that no host may have: those of groups, as Ansible would take the host for the group, and of hosts that others have made
    """
    ids = [account["account_id"] for account in accounts]
    plain = [safe_name(account[hostname] or account["account_id"]) for account in accounts]
    longer = [f"{name}_{account_id}" for name, account_id in zip(plain, ids)]
    seen, known = Counter(plain + longer), frozenset(ids)

    def is_free(name: str, account_id: str) -> bool:
        # A number, or an id of the list, is for the account that has it: `--limit 124` must not reach account 123.
        return name not in taken and (name == account_id or not (name in known or name.isdigit()))

    names = [short if seen[short] == 1 and is_free(short, one) else long for short, long, one in zip(plain, longer, ids)]
    often = Counter(names)
    for name, account_id in zip(names, ids):
        # Two accounts in one host would hide one of them.
        if often[name] > 1 or not is_free(name, account_id):
            raise InputError(
                f"account {account_id} would be the host {name!r}, and another account, host or group has that name:"
                f" rename that one{'' if hostname == 'account_id' else ', or set hostname to account_id'}"
            )
    return names


def safe_name(text: str) -> str:
    """Return text that no part of Ansible takes for a pattern, a range or a path."""
    return re.sub("[^A-Za-z0-9_-]+", "_", text).strip("_") or "account"


def bookmaker_groups(bookmakers: Collection[str], sanitized: Callable[[str], str]) -> dict[str, str]:
    """Return the group of each bookmaker; names that would share one are told apart by a piece of their hash."""
    groups = {name: sanitized("bookie_" + name) for name in bookmakers}
    shared = Counter(groups.values())
    return {name: group if shared[group] == 1 else f"{group}_{_hash(name)}" for name, group in groups.items()}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:6]
