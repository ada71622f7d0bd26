# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Trading windows minus restricted periods -> the minutes of the week at which bots go on or off. Pure, and knows no time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from ...module_utils._api.documents import OFF, ON
from ...module_utils._errors import InputError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY
# Minutes between two switches at least: each has its time before the next begins.
SHORTEST = 5
# Seconds of that which are left for ansible-playbook to start.
_START = 60.0
_LONGEST_DEADLINE = 600.0
# Clocks go forward by an hour at most, from a full hour to the next, in these hours of the night, on any day of the week.
_NIGHT = 4 * 60
_FORWARD = 60
_TIME = re.compile("([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_NAME = re.compile("[A-Za-z0-9_-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class Period:
    """`start` up to, not with, `end`, in minutes of the day, on some days of the week (0 is Monday); `label` is for messages."""

    label: str
    start: int
    end: int
    days: tuple[int, ...]


@dataclass(frozen=True)
class Switch:
    """All bots into `state` at a minute of the day, on some days of the week."""

    state: str
    minute: int
    days: tuple[int, ...]

    @property
    def time(self) -> str:
        return "{0:02d}:{1:02d}".format(*divmod(self.minute, 60))

    @property
    def days_of_the_week(self) -> tuple[str, ...]:
        return tuple(WEEKDAYS[day] for day in self.days)


def parse(option: str, entries: Any) -> tuple[Period, ...]:
    """Return an option's entries, each with start, end and perhaps weekdays, as periods; raises InputError."""
    if not isinstance(entries, (list, tuple)):
        raise InputError(f"{option} is not a list: give entries with start and end")
    return tuple(_period(f"{option}[{number}]", entry) for number, entry in enumerate(entries))


def _period(label: str, entry: Any) -> Period:
    if not isinstance(entry, Mapping) or not {"start", "end"} <= set(entry) <= {"start", "end", "weekdays"}:
        raise InputError(f"{label} must have start and end, may have weekdays, and nothing else")
    start, end = _minute(label, "start", entry["start"]), _minute(label, "end", entry["end"])
    label = f"{label} ({entry['start']}-{entry['end']})"
    if start >= end:
        raise InputError(f'{label} does not end after it starts: make two of what goes past midnight, up to "24:00" and from "00:00"')
    return Period(label, start, end, _days(label, entry.get("weekdays", WEEKDAYS)))


def _minute(label: str, name: str, value: Any) -> int:
    if name == "end" and value == "24:00":
        return _DAY
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise InputError(f'{label}: {name} {value!r} is not a valid time: give it as "09:30", in quotes, or YAML makes a number of it')
    return 60 * int(found.group(1)) + int(found.group(2))


def _days(label: str, value: Any) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)) or not value:
        raise InputError(f"{label}: weekdays must be a list of at least one of {', '.join(WEEKDAYS)}")
    for name in value:
        if name not in WEEKDAYS:
            raise InputError(f"{label}: weekday {name!r} is not one of {', '.join(WEEKDAYS)}")
    return tuple(sorted({WEEKDAYS.index(name) for name in value}))


def plan(windows: Sequence[Period], restricted: Sequence[Period]) -> tuple[Switch, ...]:
    """Return what is switched when: bots are on in the windows and off in the restricted periods, which win. OFF comes first.

    An OFF in the night is repeated at the next full hour: where the clocks go forward, its own minute may be left out.
    Raises InputError for windows that overlap, for nothing to switch, and for two switches that are too close, also where the clocks go forward.
    """
    _refuse_overlaps(windows)
    week = [False] * _WEEK
    for periods, state in ((windows, True), (restricted, False)):
        for period in periods:
            for day in period.days:
                first = day * _DAY + period.start
                week[first:day * _DAY + period.end] = [state] * (period.end - period.start)
    moments = [minute for minute in range(_WEEK) if week[minute] != week[minute - 1]]
    if not moments:
        raise InputError(f"there is nothing to switch: the trading windows, without the restricted periods, are {'the whole week' if week[0] else 'empty'}")
    repeated = _repeated(moments, week)
    _refuse_short(sorted(moments + repeated), week)
    _refuse_short_where_clocks_go_forward(moments, week, windows)
    return _grouped(sorted(moments + repeated), week)


def _refuse_overlaps(windows: Sequence[Period]) -> None:
    for number, one in enumerate(windows):
        for other in windows[:number]:
            common = sorted(set(one.days) & set(other.days))
            if common and one.start < other.end and other.start < one.end:
                raise InputError("{0} and {1} overlap on {2}: make one of them, or have one end where the other starts".format(
                    other.label, one.label, ", ".join(WEEKDAYS[day] for day in common)))


def _repeated(moments: Sequence[int], week: Sequence[bool]) -> list[int]:
    """Return the full hour after each OFF of the night, where bots are still to be off then."""
    repeated = []
    for moment, following in zip(moments, _following(moments)):
        hour = (moment // 60 + 1) * 60
        if not week[moment] and moment % _DAY < _NIGHT and hour < following:
            repeated.append(hour)
    return repeated


def _refuse_short(moments: Sequence[int], week: Sequence[bool]) -> None:
    for moment, following in zip(moments, _following(moments)):
        # An OFF that is repeated may find the first one still at work.
        if week[moment] != week[following % _WEEK] and following - moment < SHORTEST:
            raise InputError("bots would be {0} for {1} minutes only, from {2}: leave at least {3} minutes between two switches".format(
                ON if week[moment] else OFF, following - moment, _time_of(moment), SHORTEST))


def _refuse_short_where_clocks_go_forward(moments: Sequence[int], week: Sequence[bool], windows: Sequence[Period]) -> None:
    for moment, following in zip(moments, _following(moments)):
        if week[moment] and _on_for(moment, following) < SHORTEST:
            day, minute = divmod(moment, _DAY)
            (label,) = (one.label for one in windows if day in one.days and one.start <= minute < one.end)
            raise InputError(
                f"{label}: bots would be on from {_time_of(moment)} to {_time_of(following % _WEEK)}, which may be less than {SHORTEST} minutes in a night "
                f"when the clocks go forward: leave at least {_FORWARD + SHORTEST} minutes between an ON and its OFF where they reach into 00:00 to 04:00")


def _on_for(moment: int, following: int) -> int:
    """Return the minutes from an ON to its OFF, without the hour that may be left out between them."""
    night = any(moment < day * _DAY + _NIGHT and day * _DAY < following for day in range(moment // _DAY, following // _DAY + 1))
    return following - moment - (_FORWARD if night else 0)


def _time_of(moment: int) -> str:
    """Return a minute of the week as in `mon 09:00`."""
    return f"{WEEKDAYS[moment // _DAY]} {Switch(OFF, moment % _DAY, ()).time}"


def _following(moments: Sequence[int]) -> list[int]:
    """Return for each moment the next one; that of the last is in the next week."""
    return [*moments[1:], moments[0] + _WEEK]


def _grouped(moments: Sequence[int], week: Sequence[bool]) -> tuple[Switch, ...]:
    days: dict[tuple[bool, int], list[int]] = {}
    for moment in moments:
        days.setdefault((week[moment], moment % _DAY), []).append(moment // _DAY)
    return tuple(Switch(ON if on else OFF, minute, tuple(days[on, minute])) for on, minute in sorted(days))


def deadline(switches: Sequence[Switch]) -> float:
    """Return the seconds that each switch may take, so that it has ended before bots go the other way, also where the clocks go forward."""
    states = {day * _DAY + switch.minute: switch.state for switch in switches for day in switch.days}
    moments = sorted(states)
    gaps = [
        _on_for(moment, following) if states[moment] == ON else following - moment
        for moment, following in zip(moments, _following(moments))
        if states[moment] != states[following % _WEEK]
    ]
    return min(_LONGEST_DEADLINE, 60.0 * min(gaps) - _START)


def state_at(switches: Sequence[Switch], minute: int) -> str:
    """Return the state in which the switches leave bots at a minute of the week; there is at least one switch."""
    states = {day * _DAY + switch.minute: switch.state for switch in switches for day in switch.days}
    # Before the first one of the week, the last one of the week before counts.
    return states[max([moment for moment in states if moment <= minute] or states)]


def entries(name: str, switches: Sequence[Switch], time_zone: str) -> list[dict[str, Any]]:
    """Return the switches as crontab and systemd write them; raises InputError for a name that neither can carry."""
    if not _NAME.fullmatch(name):
        raise InputError(f"bookie_schedule_name {name!r}: give 1 to 40 letters, digits, '_' or '-'")
    return [
        {
            "name": f"bookieops.betmatic {name} {switch.state} {switch.time} {','.join(switch.days_of_the_week)}",
            "state": switch.state,
            "hour": str(switch.minute // 60),
            "minute": str(switch.minute % 60),
            # In crontab Sunday is 0.
            "weekday": ",".join(str((day + 1) % 7) for day in switch.days),
            "calendar": " ".join(filter(None, (",".join(switch.days_of_the_week).title(), "*-*-*", switch.time + ":00", time_zone))),
        }
        for switch in switches
    ]
