# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whoever would get no OFF any more is found, and whether the bots are on now by the schedule that is replaced."""

from __future__ import annotations

import calendar
from base64 import b64encode
from datetime import timedelta, timezone

import pytest

from ansible_collections.bookieops.betmatic.plugins.filter.trading_schedule import trading_schedule
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import left_on
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks.left_on import Left, Schedule
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks.trading_day import Switch, state_at

WEEK = tuple(range(7))
# Bots are on from 09:00 to 17:30.
DAY = (Switch("off", 1050, WEEK), Switch("on", 540, WEEK))
MORNING = (Switch("off", 600, WEEK), Switch("on", 540, WEEK))
LINES = ["#Ansible: bookieops.betmatic day off 17:30 mon,sun", "30 17 * * 1,0 x off", "#Ansible: bookieops.betmatic day2 on 09:00 mon", "# mine"]


def at(hour):
    """A Monday at an hour in UTC."""
    return calendar.timegm((2026, 11, 23, hour, 0, 0))


UTC = timezone.utc


@pytest.mark.parametrize(("before", "after", "hour", "expected"), [
    (("1", "2"), ("1", "2"), 12, Left()),
    (("1",), ("1", "2"), 12, Left()),
    (("1", "2"), None, 12, Left()),
    (("1", "2", "3"), ("2",), 12, Left("1, 3", ("1", "3"), True)),
    (("1", "2", "3"), ("2",), 18, Left("1, 3", ("1", "3"), False)),
    (None, None, 12, Left()),
    (None, ("1", "2"), 12, Left("every account of the token but 1, 2", (), True)),
    # The script was not found: nobody knows its accounts.
    ((), ("1",), 12, Left("the accounts of a script that is not at its place", (), True)),
])
def test_accounts_that_drop_out(before, after, hour, expected):
    assert left_on.left(Schedule(DAY, before), Schedule(DAY, after), at(hour), UTC) == expected


@pytest.mark.parametrize(("accounts", "hour", "expected"), [
    (("1", "2"), 12, Left("1, 2", ("1", "2"), True)),
    (None, 12, Left("every account of the token", ("all",), True)),
    (("1",), 9, Left()),
    (("1",), 18, Left()),
    (("1",), 8, Left()),
])
def test_an_end_that_is_past_already(accounts, hour, expected):
    assert left_on.left(Schedule(DAY, accounts), Schedule(MORNING, accounts), at(hour), UTC) == expected


def test_where_nothing_is_installed_nobody_is_left():
    assert left_on.left(left_on.installed("day", [], "1"), Schedule(DAY, ("2",)), at(12), UTC) == Left()


def test_a_time_zone_counts_and_one_that_is_not_known_here_means_on():
    for zone, is_on in (("UTC", True), ("Etc/GMT-12", False), ("Mars/Olympus", True), ("../etc", True)):
        assert left_on.left(Schedule(DAY, ("1",), zone), Schedule(DAY, ("2",), zone), at(12), UTC) == Left("1", ("1",), is_on), zone


@pytest.mark.parametrize(("host", "is_on"), [(UTC, True), (timezone(timedelta(hours=12)), False), (None, True)])
def test_the_hosts_zone_counts_and_not_that_of_who_installs(host, is_on, monkeypatch):
    monkeypatch.setenv("TZ", "Etc/GMT-12")
    assert left_on.left(Schedule(DAY, ("1",)), Schedule(DAY, ("2",)), at(12), host) == Left("1", ("1",), is_on)


@pytest.mark.parametrize("content", [b"UTC", b"TZif2", b"TZif" + bytes(60)])
def test_a_localtime_that_cannot_be_read_is_no_zone(content):
    assert left_on.host_zone(content) is None and left_on.host_zone(b"") is UTC


@pytest.mark.parametrize("line", ["CRON_TZ=Asia/Tokyo", " TZ = UTC"])
def test_below_a_time_zone_in_the_crontab_bots_may_be_on_and_the_same_schedule_again_leaves_nobody(line):
    before = left_on.installed("day", [line, "#Ansible: bookieops.betmatic day off 17:30 mon,sun"], "1")
    assert before.zone == left_on.UNKNOWN
    assert left_on.left(before, Schedule(before.switches, ("1",)), at(18), UTC) == Left()
    assert left_on.left(before, Schedule(before.switches, ("2",)), at(18), UTC) == Left("1", ("1",), True)


def test_what_is_installed_is_read_from_the_comments():
    assert left_on.installed("day", LINES, "1,2") == Schedule((Switch("off", 1050, (0, 6)),), ("1", "2"))
    units = ["# bookieops.betmatic day on 09:05 tue Europe/London", "OnCalendar=Tue *-*-* 09:05:00 Europe/London"]
    assert left_on.installed("day", units, "all") == Schedule((Switch("on", 545, (1,)),), None, "Europe/London")
    assert left_on.installed("da", LINES, "") is None


def test_the_state_before_the_first_switch_of_the_week_is_that_of_the_last():
    switches = (Switch("off", 600, (0,)), Switch("on", 540, (5,)))
    assert [state_at(switches, minute) for minute in (0, 599, 600, 5 * 1440 + 539, 5 * 1440 + 540)] == ["on", "on", "off", "off", "on"]


def test_the_filter_says_it_in_plain_values():
    installed = {"lines": LINES, "accounts": "1,2", "wanted": "2", "now": at(18), "localtime": b64encode(b"").decode()}
    windows = [{"start": "09:00", "end": "17:30"}]
    assert trading_schedule(windows, name="day", installed=installed)["left"] == {"who": "1", "accounts": ["1"], "is_on": False}
    assert trading_schedule(windows)["left"] == {}
    assert trading_schedule(windows, name="day", installed={**installed, "wanted": "all"})["left"]["who"] == ""
