# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The API token: what may be sent, what must be masked, and when it expires."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

_SENDABLE = re.compile("[!-~]+", re.ASCII)
_SHORTEST_SECRET = 8
_WARNED = timedelta(days=7)
# Claims that stay the same when the token is renewed; the first that is there counts.
_NAMES_THE_USER = ("user_id", "sub", "username", "email")


def is_sendable(token: str) -> bool:
    """Tell whether the stripped token can stand in a header as it is: visible ASCII, nothing else."""
    return bool(_SENDABLE.fullmatch(token))


def secrets_of(token: str) -> tuple[str, ...]:
    """Return the token and each of its parts between dots that is long enough to be masked."""
    return (token,) + tuple(part for part in token.split(".") if len(part) >= _SHORTEST_SECRET)


def expires(token: str) -> str | None:
    """Return the token's own `exp` as RFC 3339 in UTC, None when it has none.

    The vendor's authentication pages: the token is a JWT whose `exp` claim is readable without a key.
    """
    try:
        moment = datetime.fromtimestamp(int(_claims(token)["exp"]), timezone.utc)
    except (ValueError, LookupError, TypeError, OverflowError, OSError):
        return None
    return moment.isoformat().replace("+00:00", "Z")


def account(token: str) -> str | None:
    """Return a short fingerprint of whose token this is, such as `user_id:3f2a9c0d1e4b`; None when it does not say.

    The same for every token of one user. It is made of that one claim alone, so that nothing of the token can be had from it.
    """
    claims = _claims(token)
    for name in _NAMES_THE_USER:
        value = claims.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
            return f"{name}:{hashlib.sha256(f'{name}:{value}'.encode('utf-8', 'replace')).hexdigest()[:12]}"
    return None


def _claims(token: str) -> dict[str, Any]:
    """Return what the middle part of a JWT says, nothing when the token is none."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, LookupError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def left(expires_at: str, now: float) -> timedelta:
    """Return how long a token lives whose `expires` is given; zero or less when it has expired. `now` in seconds since 1970."""
    return datetime.fromisoformat(expires_at.replace("Z", "+00:00")) - datetime.fromtimestamp(now, timezone.utc)


def warning(expires_at: str | None, now: float) -> str | None:
    """Return what is to be said in the last seven days of a token and after them, None before, or when the expiry is not known.

    Nothing of it comes from the service but the moment, which `expires` wrote. Words only: this machine's clock may be wrong.
    """
    if expires_at is None:
        return None
    rest = left(expires_at, now)
    if rest <= timedelta(0):
        return f"The API token expired on {expires_at} by this machine's clock: log in again with bookieops.betmatic.bookie_token."
    if rest > _WARNED:
        return None
    return f"The API token expires on {expires_at}, in {days(rest.days)}: renew it with bookieops.betmatic.bookie_token."


def days(count: int) -> str:
    """Return `1 day`, `2 days`; zero and less are less than a day."""
    return f"{count} day{'' if count == 1 else 's'}" if count > 0 else "less than a day"
