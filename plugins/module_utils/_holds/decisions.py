# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What stands in the folder, and an ON: is it kept back, by what, and in which words. Pure."""

from __future__ import annotations

import json
import re
import shlex
from datetime import datetime, timedelta
from typing import Any, Iterable, Union
from urllib.parse import urlsplit

from .._api.documents import plain_id
from .._api.url import LOOPBACK, plain_host
from .records import Broken, Hold, Standing, as_dict, moment

Keeper = Union[Hold, Broken]
_PORTS = {"http": 80, "https": 443}
FORGOTTEN = timedelta(days=1)
_PLAIN = re.compile(r"[A-Za-z0-9_@%+:,./-]+")


def keepers(standing: Standing, api_url: str, account_id: str | None, now: datetime, override: str | None = None) -> tuple[Keeper, ...]:
    """Return what keeps an ON to the account back, empty when it may go.

    :param account_id: None for all_on, which any hold of any account keeps back
    :param override: the id of one hold that the task passes; what cannot be read is never passed
    """
    holds = tuple(hold for hold in standing.holds if hold.id != override and concerns(hold, api_url, account_id, now))
    return standing.broken + holds


def concerns(hold: Hold, api_url: str, account_id: str | None, now: datetime) -> bool:
    """Tell whether the hold keeps back an ON of this account at this service."""
    if has_ended(hold, now) or service(hold.api_url) != service(api_url):
        return False
    return hold.scope is None or account_id is None or plain_id(account_id) in map(plain_id, hold.scope)


def guards(standing: Standing, api_url: str, account_id: str, now: datetime) -> bool:
    """Tell whether a bot that starts now, by whatever tool, must not: a hold keeps ONs to it back.

    A maintenance turns on again what ran before while its own hold stands: the accounts that a hold remembers as running are not guarded by it.
    """
    kept = keepers(standing, api_url, account_id, now)
    return any(isinstance(one, Broken) or one.ran is None or plain_id(account_id) not in map(plain_id, one.ran) for one in kept)


def has_ended(hold: Hold, now: datetime) -> bool:
    """Tell whether it was placed with an end that is over; its file stays, and holds again where the clock goes back."""
    return hold.until is not None and now >= moment(hold.until)


def service(api_url: str) -> str:
    """Return the service behind a URL, so that no other way of writing it passes a hold."""
    parts = urlsplit(api_url)
    host = plain_host(parts.hostname or "")
    try:
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    return f"{parts.scheme}://{'localhost' if host in LOOPBACK else host}:{port}{parts.path.rstrip('/')}"


def found(standing: Standing, wanted: Hold, now: datetime) -> Hold | None:
    """Return the hold that stands already for what is wanted: same name, scope, service and end. None when one is to be placed.

    One that remembers is never it: its own maintenance passes it, and lifts it.
    """
    return _same(tuple(hold for hold in standing.holds if hold.ran is None), wanted, now)


def found_remembering(standing: Standing, wanted: Hold, now: datetime) -> Hold | None:
    """Return the hold that remembers, and stands already for what is wanted, as `found` does for others."""
    return _same(tuple(hold for hold in standing.holds if hold.ran is not None), wanted, now)


def _same(holds: Iterable[Hold], wanted: Hold, now: datetime) -> Hold | None:
    for hold in holds:
        same = hold.name == wanted.name and service(hold.api_url) == service(wanted.api_url) and hold.until == wanted.until
        if same and _ids(hold) == _ids(wanted) and not has_ended(hold, now):
            return hold
    return None


def in_the_way(standing: Standing, wanted: Hold, now: datetime) -> tuple[Keeper, ...]:
    """Return the holds that remember some of the same accounts: their bots are off, so that what ran can not be read again."""
    return standing.broken + tuple(
        hold
        for hold in standing.holds
        if hold.ran is not None and not has_ended(hold, now) and service(hold.api_url) == service(wanted.api_url) and _overlap(hold, wanted)
    )


def _ids(hold: Hold) -> frozenset[str] | None:
    return None if hold.scope is None else frozenset(map(plain_id, hold.scope))


def _overlap(one: Hold, other: Hold) -> bool:
    some, others = _ids(one), _ids(other)
    return some is None or others is None or not some.isdisjoint(others)


def forgotten(standing: Standing, now: datetime) -> tuple[Hold, ...]:
    """Return the holds older than a day."""
    return tuple(hold for hold in standing.holds if now - moment(hold.placed_at) > FORGOTTEN)


def words(keeper: Keeper) -> str:
    """Say who keeps an ON back, since when and why, without a full stop."""
    if isinstance(keeper, Broken):
        return f"held for all accounts, because {keeper.path} {keeper.why}"
    end = f" until {keeper.until}" if keeper.until else ""
    why = f": {keeper.reason}" if keeper.reason else ""
    return f"held since {keeper.placed_at}{end} by {keeper.placed_by} on {keeper.host} ({keeper.name}{why}), hold {keeper.id}"


def way_out(keeper: Keeper, path: str | None = None) -> str:
    """Say what lets the ON go, as a sentence.

    :param path: the folder, where it is not the one that is used by default
    """
    if keeper.id is None:
        return "Fix the folder of the holds (holds_path), then run the task again."
    where = f" -e {_variable('bookie_holds_path', path)}" if path else ""
    return f"To lift it: ansible-playbook bookieops.betmatic.lift -e bookie_hold_id={keeper.id}{where} -e bookie_reason='...'"


def _variable(name: str, value: str) -> str:
    """Return the value of an -e for a shell; after the shell Ansible divides name=value at blanks and quotes."""
    return f"{name}={value}" if _PLAIN.fullmatch(value) else shlex.quote(json.dumps({name: value}))


def document(keeper: Keeper) -> dict[str, Any]:
    """Return what keeps an ON back as users see it."""
    return as_dict(keeper) if isinstance(keeper, Hold) else {"id": keeper.id, "path": keeper.path, "why": keeper.why}


def ids(kept: Iterable[Keeper]) -> tuple[str, ...]:
    """Return the ids by which they can be lifted."""
    return tuple(keeper.id for keeper in kept if keeper.id is not None)
