# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The switches of a week leave each minute as windows and restricted periods say, and what cannot be meant is refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import trading_day
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks.trading_day import WEEKDAYS, Switch
from ansible_collections.bookieops.betmatic.tests.unit.support.generated import load_profile

load_profile()
ALL = tuple(range(7))
WEEK = 7 * 1440


def entry(start, end, *weekdays):
    return {"start": start, "end": end, **({"weekdays": list(weekdays)} if weekdays else {})}


def planned(windows, restricted=()):
    return trading_day.plan(trading_day.parse("windows", list(windows)), trading_day.parse("restricted", list(restricted)))


@pytest.mark.parametrize(
    "windows, restricted, switches",
    [
        ([entry("09:00", "17:30")], [], [Switch("off", 1050, ALL), Switch("on", 540, ALL)]),
        ([entry("09:00", "17:00", "sat", "mon")], [], [Switch("off", 1020, (0, 5)), Switch("on", 540, (0, 5))]),
        # A restricted period inside, at the start, at the end, across the end, outside.
        (
            [entry("09:00", "17:00")], [entry("12:00", "13:00")],
            [Switch("off", 720, ALL), Switch("off", 1020, ALL), Switch("on", 540, ALL), Switch("on", 780, ALL)],
        ),
        ([entry("09:00", "17:00")], [entry("09:00", "10:00")], [Switch("off", 1020, ALL), Switch("on", 600, ALL)]),
        ([entry("09:00", "17:00")], [entry("16:00", "17:00")], [Switch("off", 960, ALL), Switch("on", 540, ALL)]),
        ([entry("09:00", "17:00")], [entry("16:00", "23:00")], [Switch("off", 960, ALL), Switch("on", 540, ALL)]),
        ([entry("09:00", "17:00")], [entry("20:00", "21:00")], [Switch("off", 1020, ALL), Switch("on", 540, ALL)]),
        # Two windows that touch are one, past midnight and past the end of the week too.
        ([entry("09:00", "12:00"), entry("12:00", "17:00")], [], [Switch("off", 1020, ALL), Switch("on", 540, ALL)]),
        (
            [entry("22:00", "24:00", "sun"), entry("00:00", "02:00", "mon")], [],
            [Switch("off", 120, (0,)), Switch("off", 180, (0,)), Switch("on", 1320, (6,))],
        ),
        # An OFF of the night is repeated at the next full hour, unless bots are on again by then.
        ([entry("20:00", "24:00", "sun")], [], [Switch("off", 0, (0,)), Switch("off", 60, (0,)), Switch("on", 1200, (6,))]),
        ([entry("20:00", "23:59", "sun")], [], [Switch("off", 1439, (6,)), Switch("on", 1200, (6,))]),
        ([entry("01:00", "03:59", "sun")], [], [Switch("off", 239, (6,)), Switch("off", 240, (6,)), Switch("on", 60, (6,))]),
        ([entry("01:00", "04:00", "sun")], [], [Switch("off", 240, (6,)), Switch("on", 60, (6,))]),
        ([entry("00:00", "06:00", "sun")], [entry("01:30", "02:00")], [
            Switch("off", 90, (6,)), Switch("off", 360, (6,)), Switch("on", 0, (6,)), Switch("on", 120, (6,))]),
        ([entry("00:00", "06:00", "sun")], [entry("01:30", "02:05")], [
            Switch("off", 90, (6,)), Switch("off", 120, (6,)), Switch("off", 360, (6,)), Switch("on", 0, (6,)), Switch("on", 125, (6,))]),
    ],
)
def test_what_is_switched_when(windows, restricted, switches):
    assert list(planned(windows, restricted)) == switches


CLOCK = st.integers(0, 1439)
DAYS = st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True)
PERIODS = st.lists(st.tuples(CLOCK, CLOCK, DAYS).filter(lambda one: one[0] < one[1]), max_size=4)


def text(minute):
    return "{:02d}:{:02d}".format(*divmod(minute, 60))


def covers(periods, day, minute):
    return any(start <= minute < end and WEEKDAYS[day] in days for start, end, days in periods)


@given(windows=PERIODS, restricted=PERIODS)
def test_each_minute_of_the_week_is_as_windows_and_restricted_periods_say(windows, restricted):
    try:
        switches = planned(*([entry(text(start), text(end), *days) for start, end, days in periods] for periods in (windows, restricted)))
    except InputError:
        return
    at = {day * 1440 + switch.minute: switch.state for switch in switches for day in switch.days}
    assert len(at) == sum(len(switch.days) for switch in switches), "two switches in one minute"
    # The last switch of the week before says how the week begins.
    state = at[max(at)]
    for moment in range(WEEK):
        state = at.get(moment, state)
        day, minute = divmod(moment, 1440)
        assert (state == "on") == (covers(windows, day, minute) and not covers(restricted, day, minute))
    gaps = [b - a for a, b in zip(sorted(at), [*sorted(at)[1:], min(at) + WEEK]) if at[a] != at[b % WEEK]]
    assert min(gaps) >= trading_day.SHORTEST and 0 < trading_day.deadline(switches) <= min(600, 60 * min(gaps) - 60)


@given(windows=PERIODS, restricted=PERIODS, day=st.integers(0, 6), hour=st.integers(0, 3), made_up_for=st.booleans())
def test_where_the_clocks_go_forward_no_bot_is_on_that_should_be_off_and_each_on_ends_before_its_off(windows, restricted, day, hour, made_up_for):
    """Systemd leaves out what is planned in the hour that is left out; many crons run it when the hour is over."""
    try:
        switches = planned(*([entry(text(start), text(end), *days) for start, end, days in periods] for periods in (windows, restricted)))
    except InputError:
        return
    at = {weekday * 1440 + switch.minute: switch.state for switch in switches for weekday in switch.days}
    first = day * 1440 + hour * 60
    # When each switch runs, in minutes that pass.
    runs = []
    state = at[max(at)]
    for moment in range(WEEK):
        left_out = first <= moment < first + 60
        if moment in at and (made_up_for or not left_out):
            state = at[moment]
            runs.append((first if left_out else moment - 60 * (moment >= first + 60), state))
        if moment // 1440 == day and state == "on" and not left_out:
            assert covers(windows, day, moment % 1440) and not covers(restricted, day, moment % 1440), text(moment % 1440)
    for (begun, one), (following, other) in zip(runs, runs[1:]):
        if (one, other) == ("on", "off"):
            assert 60 * (following - begun) - 60 >= trading_day.deadline(switches)


def test_the_deadline_ends_a_switch_before_the_next_begins():
    assert trading_day.deadline(planned([entry("09:00", "17:00")])) == 600.0
    assert trading_day.deadline(planned([entry("09:00", "09:05")])) == 240.0
    # An OFF that is repeated waits for nothing; an ON may have an hour less.
    assert trading_day.deadline(planned([entry("20:00", "24:00"), entry("00:00", "01:58")])) == 600.0
    assert trading_day.deadline(planned([entry("00:58", "02:04", "sun")])) == 300.0
    assert trading_day.deadline(planned([entry("23:00", "24:00", "sun")])) == trading_day.deadline(planned([entry("04:00", "05:00")])) == 600.0


@pytest.mark.parametrize(
    "windows, restricted, words",
    [
        ([entry("17:00", "09:00")], [], r"windows\[0\] \(17:00-09:00\) does not end after it starts"),
        ([entry("09:00", "09:00")], [], "does not end after it starts"),
        (
            [entry("09:00", "12:00"), entry("11:00", "17:00", "mon", "tue")], [],
            r"windows\[0\] \(09:00-12:00\) and windows\[1\] \(11:00-17:00\) overlap on mon, tue",
        ),
        ([entry("09:00", "12:00"), entry("09:00", "12:00")], [], "overlap on mon"),
        ([entry("9:00", "12:00")], [], "start '9:00' is not a valid time"),
        ([entry("09:00", 750)], [], "end 750 is not a valid time"),
        ([entry("24:00", "24:00")], [], "start '24:00' is not a valid time"),
        ([entry("09:00", "25:00")], [], "end '25:00' is not a valid time"),
        ([entry("09:00", "12:00\n")], [], "is not a valid time"),
        ([entry("09:00", "12:00", "Monday")], [], "weekday 'Monday' is not one of mon, tue"),
        ([{"start": "09:00", "end": "12:00", "weekdays": []}], [], "weekdays must be a list of at least one"),
        ([{"start": "09:00", "end": "12:00", "weekdays": "mon"}], [], "weekdays must be a list"),
        ([{"start": "09:00"}], [], "must have start and end"),
        ([{**entry("09:00", "12:00"), "day": "mon"}], [], "and nothing else"),
        (["09:00-12:00"], [], "must have start and end"),
        ([], [], "nothing to switch: .* are empty"),
        ([entry("00:00", "24:00")], [], "nothing to switch: .* are the whole week"),
        ([entry("09:00", "12:00")], [entry("09:00", "12:00")], "nothing to switch: .* are empty"),
        ([entry("09:00", "12:00")], [entry("11:00", "10:00")], r"restricted\[0\] \(11:00-10:00\) does not end"),
        ([entry("09:00", "09:04", "wed")], [], "bots would be on for 4 minutes only, from wed 09:00"),
        ([entry("00:58", "02:00", "sun")], [], r"^windows\[0\] \(00:58-02:00\): bots would be on from sun 00:58 to sun 02:00, which may be less than 5"),
        ([entry("06:00", "07:00"), entry("03:59", "05:03", "sat")], [], r"^windows\[1\] .* from sat 03:59 to sat 05:03, .* at least 65 minutes"),
        ([entry("23:00", "24:00", "sun"), entry("00:00", "00:04", "mon")], [], r"^windows\[0\] .* from sun 23:00 to mon 00:04"),
        ([entry("00:00", "06:00", "sun")], [entry("01:30", "02:04")], "bots would be off for 4 minutes only, from sun 02:00"),
        ([entry("09:00", "12:00", "wed")], [entry("10:00", "10:01")], "bots would be off for 1 minutes only, from wed 10:00"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(windows, restricted, words):
    with pytest.raises(InputError, match=words):
        planned(windows, restricted)


def test_what_is_not_a_list_is_refused():
    with pytest.raises(InputError, match="windows is not a list"):
        trading_day.parse("windows", {"start": "09:00"})


def test_entries_for_crontab_and_systemd():
    off, again, on = trading_day.entries("day", planned([entry("09:05", "24:00", "sun", "mon")], []), "Europe/London")
    assert (off["state"], off["hour"], off["minute"], off["weekday"]) == ("off", "0", "0", "1,2")
    assert (off["calendar"], again["calendar"]) == ("Mon,Tue *-*-* 00:00:00 Europe/London", "Mon,Tue *-*-* 01:00:00 Europe/London")
    assert on == {
        "name": "bookieops.betmatic day on 09:05 mon,sun", "state": "on", "hour": "9", "minute": "5", "weekday": "1,0",
        "calendar": "Mon,Sun *-*-* 09:05:00 Europe/London",
    }
    assert trading_day.entries("day", planned([entry("09:00", "10:00")]), "")[0]["calendar"] == "Mon,Tue,Wed,Thu,Fri,Sat,Sun *-*-* 10:00:00"


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a\n", "%", "x" * 41])
def test_a_name_that_a_crontab_cannot_carry(name):
    with pytest.raises(InputError, match="bookie_schedule_name"):
        trading_day.entries(name, planned([entry("09:00", "10:00")]), "")
