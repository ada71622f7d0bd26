# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A schedule that is installed and the one that is to replace it -> the accounts that would get no OFF any more. Pure."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone, tzinfo

from zoneinfo import ZoneInfo

from ...module_utils._api.documents import OFF, ON
from .trading_day import WEEKDAYS, Switch, state_at

ALL = "all"
# The zone of entries below a line that some crons take for their zone, and others do not.
UNKNOWN = "?"
_LINE = re.compile(r"#.*\bbookieops\.betmatic (\S+) (on|off) ([0-9]{2}):([0-9]{2}) ([a-z,]+)(?: (\S+))?")
_ZONE_OF_CRONTAB = re.compile(r"[ \t]*(CRON_)?TZ[ \t]*=")


@dataclass(frozen=True)
class Schedule:
    """Switches in the local time of `zone` (empty: the host's; or UNKNOWN), for these accounts; None: every account of the token."""

    switches: tuple[Switch, ...]
    accounts: tuple[str, ...] | None
    zone: str = ""


@dataclass(frozen=True)
class Left:
    """Who would get no OFF any more, in words, empty for nobody; the ids, `all`, or none where they are not known.

    `is_on`: the schedule that is installed has their bots on now.
    """

    who: str = ""
    accounts: tuple[str, ...] = ()
    is_on: bool = False


def installed(name: str, lines: Iterable[str], accounts: str) -> Schedule | None:
    """Return what the comments of crontab and timers say of a schedule, None where they have no switch of it.

    `accounts` as the script has them: with commas, `all`, or empty where the script was not found.
    """
    lines = list(lines)
    found = [match for match in map(_LINE.match, lines) if match and match[1] == name]
    if not found:
        return None
    switches = tuple(
        Switch(match[2], 60 * int(match[3]) + int(match[4]), tuple(WEEKDAYS.index(day) for day in match[5].split(",") if day in WEEKDAYS)) for match in found)
    zones = [match[6] for match in found if match[6]] + [UNKNOWN for line in lines if _ZONE_OF_CRONTAB.match(line)]
    return Schedule(switches, None if accounts == ALL else tuple(filter(None, accounts.split(","))), zones[0] if zones else "")


def host_zone(localtime: bytes) -> tzinfo | None:
    """Return the zone of a host's /etc/localtime: UTC where it has none, as for its cron; None where this cannot be read."""
    try:
        return ZoneInfo.from_file(io.BytesIO(localtime)) if localtime else timezone.utc
    except Exception:  # pylint: disable=broad-except
        # Each Python raises what it likes for a file that is no such one.
        return None


def left(before: Schedule | None, after: Schedule, now: float, host: tzinfo | None) -> Left:
    """Return who gets no OFF any more when one schedule replaces the other; `now` in seconds since 1970."""
    if before is None:
        return Left()
    if before.zone == UNKNOWN and not after.zone:
        after = replace(after, zone=UNKNOWN)
    is_on = _state(before, now, host) != OFF
    if is_on and _state(after, now, host) == OFF:
        # The OFF of today goes away, and the next switch is an ON.
        return Left(_words(before.accounts), (ALL,) if before.accounts is None else before.accounts, is_on)
    if after.accounts is None:
        return Left()
    if not before.accounts:
        return Left(_words(before.accounts, after.accounts), (), is_on)
    gone = tuple(account for account in before.accounts if account not in after.accounts)
    return Left(_words(gone), gone, is_on) if gone else Left()


def _words(accounts: Sequence[str] | None, still: Sequence[str] = ()) -> str:
    if accounts is None:
        return "every account of the token" + (f" but {', '.join(still)}" if still else "")
    return ", ".join(accounts) or "the accounts of a script that is not at its place"


def _state(schedule: Schedule, now: float, host: tzinfo | None) -> str:
    """Return the state of now; ON where the time zone is not known here: what may be on counts as on."""
    try:
        zone = ZoneInfo(schedule.zone) if schedule.zone else host
    except (KeyError, ValueError, OSError):
        zone = None
    if zone is None:
        return ON
    local = datetime.fromtimestamp(now, zone)
    return state_at(schedule.switches, local.weekday() * 24 * 60 + local.hour * 60 + local.minute)
