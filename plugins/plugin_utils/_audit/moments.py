# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The trail's one idea of a time: RFC 3339 with its offset."""

from __future__ import annotations

import re
from datetime import MAXYEAR, date, datetime, timedelta, timezone
from functools import lru_cache

from ...module_utils._errors import InputError

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|z|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def now() -> str:
    """Return the time as the trail writes it: UTC, to the millisecond."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# The lines of one task have one time.
@lru_cache(maxsize=256)
def read(text: str) -> datetime:
    """Return the moment in UTC; raises ValueError and OverflowError for what is not RFC 3339 with an offset."""
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError("not a time with an offset")
    day, time, fraction, offset = found.groups()
    digits = (fraction or "").ljust(6, "0")[:6]
    moment = datetime.fromisoformat(f"{day}T{time}.{digits}{'+00:00' if offset in 'Zz' else offset}")
    # The page needs the midnight after it.
    if moment.year >= MAXYEAR:
        raise ValueError("the last year that there is")
    return moment.astimezone(timezone.utc)


def read_bound(text: str, name: str, last: bool) -> datetime:
    """Return a bound of a period, given as a time with its offset or as a day in UTC; raises InputError.

    :param last: whether the bound is the end of the period; a day is then the moment at which the next day begins
    """
    try:
        if _DATE.fullmatch(text):
            moment = datetime.combine(date.fromisoformat(text), datetime.min.time(), timezone.utc)
            return moment + timedelta(days=1) if last else moment
        return read(text)
    except (ValueError, OverflowError):
        raise InputError(f"{name} is {text!a}: give a day such as '2026-11-21' or a time with its offset such as '2026-11-21T03:30:00Z', in quotes") from None
