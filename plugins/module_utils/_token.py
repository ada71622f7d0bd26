# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The API token: what may be sent, what must be masked, and when it expires."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime, timezone
from typing import Optional, Tuple

_SENDABLE = re.compile("[!-~]+", re.ASCII)
_SHORTEST_SECRET = 8


def is_sendable(token: str) -> bool:
    """Tell whether the stripped token can stand in a header as it is: visible ASCII, nothing else."""
    return bool(_SENDABLE.fullmatch(token))


def secrets_of(token: str) -> Tuple[str, ...]:
    """Return the token and each of its parts between dots that is long enough to be masked."""
    return (token,) + tuple(part for part in token.split(".") if len(part) >= _SHORTEST_SECRET)


def expires(token: str) -> Optional[str]:
    """Return the token's own `exp` as RFC 3339 in UTC, None when it has none.

    The vendor's authentication pages: the token is a JWT whose `exp` claim is readable without a key.
    """
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        moment = datetime.fromtimestamp(int(claims["exp"]), timezone.utc)
    except (ValueError, LookupError, TypeError, OverflowError, OSError, RecursionError):
        return None
    return moment.isoformat().replace("+00:00", "Z")
