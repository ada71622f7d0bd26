# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The accounts that bookie_bot returned -> what an operator reads, a line an account."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ...module_utils._switch import report


def verdict_lines(accounts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return `123 TAB Main Account: off` for each account, or why it is not so."""
    return [f"{_name(account)}: {verdict(account)}" for account in accounts]


def _name(account: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (account["account_id"], account["display_name"])))


def verdict(account: Mapping[str, Any]) -> str:
    """Return what became of one account, without its name, as bookie_bot returned it."""
    return account.get("verdict") or report.verdict(account)
