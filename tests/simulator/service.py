# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service answers by nature. Computes only: the caller decides whether the changes come true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

import fleet as world
import tokens

EMAIL, PASSWORD = "ops@example.com", "correct horse"


@dataclass(frozen=True)
class Answer:
    """A document with its status, and what comes true when the answer is committed."""

    status: int
    document: object
    headers: tuple = ()
    changed: tuple = ()
    token: str | None = None


def refused(status, detail, headers=()):
    """An error in the shape assumed for all of them."""
    return Answer(status, {"detail": detail}, headers)


def moment(seconds):
    """RFC 3339, as the page shows it."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")


class Service:
    """The five operations over a fleet."""

    def __init__(self, fleet, valid_tokens, startup=0.0, listed=True):
        self.fleet = fleet
        self.tokens = list(valid_tokens)
        self.startup = startup
        self.listed = listed

    def answer(self, request, now):
        """The natural answer to a request that keeps to the contract."""
        if not request.operation.public and not self._authorized(request):
            return refused(401, "Invalid credentials")
        return getattr(self, request.endpoint)(request, now)

    def _authorized(self, request):
        word, _space, token = (request.header("authorization") or "").partition(" ")
        return word == "Token" and token in self.tokens

    def control_one(self, request, now):
        """One account: the page's document."""
        old = self.fleet.get(request.account_id, now)
        if old is None:
            return refused(404, "Account with specified ID not found")
        if old.maintenance:
            return refused(406, "Bot is in maintenance mode")
        new = world.commanded(old, request.command == "ON", now, self.startup)
        return Answer(200, {
            "status": "success",
            "message": f"Bot turned {request.command} successfully",
            "account_id": str(new.id),
            "display_name": new.display_name,
            "bot_status": new.bot,
            "timestamp": moment(now),
            "previous_status": old.bot,
            "session_info": {
                "active_sessions": _sessions(new),
                "session_start_time": moment(now if new.since is None else new.since) if new.bot == world.RUNNING else None,
            },
        }, changed=(new,))

    def control_all(self, request, now):
        """Every account: a result for each, those already as wanted are failed ones."""
        on = request.command == "all_on"
        results, changed = [], []
        for old in self.fleet.all(now):
            why = _bulk_refusal(old, on)
            if why is None:
                changed.append(world.commanded(old, on, now, self.startup))
            results.append({
                "account_id": old.id,
                "display_name": old.display_name,
                "status": "failed" if why else "success",
                "message": why or f"Bot turned {'on' if on else 'off'} successfully",
            })
        return Answer(200, {
            "status": "success",
            "message": f"Command '{request.command}' sent to all bots successfully",
            "affected_accounts": len(results),
            "results": results,
        }, changed=tuple(changed))

    def list(self, request, now):
        """The accounts, the bots' state among it; a starting bot looks like a stopped one."""
        if not self.listed:
            return refused(404, "Not found")
        return Answer(200, [_row(one, now) for one in self.fleet.all(now)])

    def login(self, request, now):
        """The first token, for the one user there is."""
        if (request.document["email"], request.document["password"]) != (EMAIL, PASSWORD):
            return refused(401, "Invalid credentials")
        return Answer(200, {"token": self.tokens[0]})

    def refresh(self, request, now):
        """A new token for a valid one; the old one stays valid."""
        if request.document["token"] not in self.tokens:
            return refused(401, "Invalid credentials")
        new = tokens.mint(len(self.tokens), now)
        return Answer(200, {"token": new}, token=new)


def _sessions(one):
    return 1 if one.bot == world.RUNNING else 0


def _bulk_refusal(old, on):
    if old.maintenance:
        return "Bot in maintenance"
    if on and old.bot != world.STOPPED:
        return f"Bot already {old.bot.lower()}"
    if not on and old.bot == world.STOPPED:
        return "Bot already stopped"
    return None


def _row(one, now):
    return {
        "id": one.id,
        "bookie": one.bookie,
        "display_name": one.display_name,
        "balance": one.balance,
        "bonus_balance": one.bonus_balance,
        "update_time": moment(now),
        "bot_ip": one.bot_ip,
        "bot_id": one.bot_id,
        "bot_running": one.bot == world.RUNNING,
        "running_sessions": _sessions(one),
    }
