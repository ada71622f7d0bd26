# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world: accounts and their bots. Pure state, no input or output."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

RUNNING, STOPPED, STARTING = "RUNNING", "STOPPED", "STARTING"
BOOKIES = ("TAB", "WishBet", "Sportsbet", "Ladbrokes", "Neds", "Bet365", "Unibet", "PointsBet")


@dataclass(frozen=True)
class Account:
    """One bookie account with its bot; ready_at is when a starting bot runs, since is when its session began."""

    id: int
    bookie: str = "TAB"
    display_name: str = ""
    bot_id: str = "bot-1"
    bot_ip: str = "192.0.2.1"
    balance: float = 100.0
    bonus_balance: float = 0.0
    bot: str = STOPPED
    maintenance: bool = False
    ready_at: float | None = None
    since: float | None = None
    commands_applied: int = 0


FIELDS = frozenset(field.name for field in fields(Account))
PAGES = (
    Account(123, "TAB", "TAB Main Account", "bot-17", "192.0.2.17", 1250.5, 50.0),
    Account(124, "WishBet", "WishBet Secondary", "bot-17", "192.0.2.17", 310.25, 0.0),
    Account(125, "Sportsbet", "Sportsbet Premium", "bot-18", "192.0.2.18", 8000.0, 25.0),
)


def generated(count):
    """As many accounts as asked for, several bookmakers, unique names, two accounts a bot."""
    return tuple(
        Account(
            1001 + number,
            BOOKIES[number % len(BOOKIES)],
            f"{BOOKIES[number % len(BOOKIES)]} Account {number + 1}",
            f"bot-{number // 2 + 1}",
            f"192.0.2.{number // 2 % 254 + 1}",
            100.0 + number,
        )
        for number in range(count)
    )


def account(row):
    """An account from a document; an unknown key is a mistake of the caller."""
    if not isinstance(row, dict) or set(row) - FIELDS or not isinstance(row.get("id"), int):
        raise ValueError(f"no account: {row!r}")
    return _checked(Account(**row))


def patched(old, change):
    """The account with fields replaced; a bot set to STARTING stays so until it is changed again."""
    if set(change) - FIELDS:
        raise ValueError(f"no such field: {sorted(set(change) - FIELDS)}")
    if "bot" in change:
        change = {"ready_at": None, "since": None, **change}
    return _checked(replace(old, **change))


def _checked(new):
    if new.bot not in (RUNNING, STOPPED, STARTING):
        raise ValueError(f"no such state of a bot: {new.bot!r}")
    return new


def settled(old, now):
    """A starting bot whose time has come runs."""
    if old.bot == STARTING and (math.inf if old.ready_at is None else old.ready_at) <= now:
        return replace(old, bot=RUNNING, since=old.ready_at, ready_at=None)
    return old


def commanded(old, on, now, startup):
    """The account after a command that the service carries out."""
    applied = old.commands_applied + 1
    if not on:
        return replace(old, bot=STOPPED, ready_at=None, since=None, commands_applied=applied)
    if old.bot != STOPPED:
        return replace(old, commands_applied=applied)
    if startup > 0:
        return replace(old, bot=STARTING, ready_at=now + startup, since=None, commands_applied=applied)
    return replace(old, bot=RUNNING, ready_at=None, since=now, commands_applied=applied)


class Fleet:
    """The accounts by id, as text; reading one settles it."""

    def __init__(self, accounts):
        self._accounts = {str(one.id): one for one in accounts}

    def get(self, account_id, now):
        old = self._accounts.get(account_id)
        return old and settled(old, now)

    def all(self, now):
        return [settled(old, now) for old in self._accounts.values()]

    def put(self, accounts):
        """Only accounts that are still there: the fleet may have been replaced meanwhile."""
        self._accounts.update((str(one.id), one) for one in accounts if str(one.id) in self._accounts)
