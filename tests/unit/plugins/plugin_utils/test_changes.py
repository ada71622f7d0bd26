# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two looks at the list -> what there is to tell."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import AccountList, ListedAccount, Maybe, Refusal
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Target
from ansible_collections.bookieops.betmatic.plugins.plugin_utils import _changes

FIRST = _changes.Known()
AGAIN = _changes.Again(unreadable=300.0, started=30.0)
ON = ListedAccount("1", bot_running=True, no_sessions=False, display_name="Main", bookie="TAB")
OFF = ListedAccount("1", bot_running=False, display_name="Main", bookie="TAB")
# Not running, but with sessions: no proof that it is off.
ENDING = ListedAccount("1", bot_running=False, no_sessions=False, display_name="Main")
SILENT = ListedAccount("1", display_name="Main")


def seen(after, answer, now=0.0):
    return _changes.after_look(after, answer, now, AGAIN)


def looked(*rows, after=FIRST):
    return seen(after, AccountList(rows))


def told(before, now, *declared):
    return [(change.change, change.account_id) for change in _changes.changes(before, now, declared)]


@pytest.mark.parametrize(
    "before,now,change,status,previous",
    [
        (OFF, ON, "started", "RUNNING", "STOPPED"),
        (ON, OFF, "stopped", "STOPPED", "RUNNING"),
        (ON, ENDING, "unclear", None, "RUNNING"),
        (ENDING, OFF, "stopped", "STOPPED", None),
        (ON, SILENT, "unclear", None, "RUNNING"),
        (SILENT, ON, "started", "RUNNING", None),
    ],
)
def test_a_bot_changes(before, now, change, status, previous):
    (event,) = _changes.changes(looked(before), looked(now), ())
    assert (event.change, event.bot_status, event.previous_status, event.state) == (change, status, previous, None)
    assert (event.account_id, event.display_name) == ("1", "Main") and event.msg.startswith("1 Main: ")


@pytest.mark.parametrize("row", [ON, OFF, ENDING, SILENT])
def test_what_stays_is_told_once_at_most(row):
    assert told(looked(row), looked(row)) == []
    assert told(looked(row), looked(row), Target("1", "on"), Target("2", "off")) == []


@pytest.mark.parametrize("row,changes", [(ON, []), (OFF, []), (ENDING, [("unclear", "1")]), (SILENT, [("unclear", "1")])])
def test_the_first_look_has_nothing_to_compare_but_says_what_is_not_known(row, changes):
    assert told(FIRST, looked(row)) == changes


def test_an_account_that_is_listed_twice_is_unclear():
    assert told(looked(ON), looked(ON, OFF)) == [("unclear", "1")]


def test_accounts_come_and_go_and_a_gone_one_is_not_called_off():
    other = ListedAccount("2", bot_running=True)
    appeared, gone = _changes.changes(looked(OFF), looked(other), ())
    assert (appeared.change, appeared.account_id, appeared.bot_status) == ("appeared", "2", "RUNNING")
    assert (gone.change, gone.account_id, gone.bot_status, gone.previous_status) == ("disappeared", "1", None, "STOPPED")
    assert "proves nothing" in gone.msg and gone.display_name == "Main"


@pytest.mark.parametrize(
    "row,target",
    [
        (ON, Target("1", "off")),
        (ENDING, Target("1", "off")),
        (SILENT, Target("1", "off")),
        (OFF, Target("1", "on")),
        (SILENT, Target("1", "on")),
        (ON, Target("1", "on", "Other")),
        (ON, Target("2", "off")),
        (ON, Target("2", "on")),
    ],
)
def test_drift_is_told_at_the_first_look_and_once(row, target):
    drift = [change for change in _changes.changes(FIRST, looked(row), (target,)) if change.change == "drifted"]
    assert [(change.account_id, change.state) for change in drift] == [(target.account_id, target.state)]
    assert "declared " + target.state in drift[0].msg
    assert told(looked(row), looked(row), target) == []


@pytest.mark.parametrize("row,target", [(ON, Target("1", "on")), (OFF, Target("1", "off", "Main")), (ON, Target("1", "on", " Main\n"))])
def test_what_is_as_declared_is_no_drift(row, target):
    assert told(FIRST, looked(row), target) == []


def test_drift_that_takes_another_form_is_told_again_and_so_is_the_way_back():
    target = Target("1", "off")
    assert told(looked(OFF), looked(ON), target) == [("started", "1"), ("drifted", "1")]
    assert told(looked(ON), looked(ENDING), target) == [("unclear", "1"), ("drifted", "1")]
    assert told(looked(ENDING), looked(), target) == [("disappeared", "1"), ("drifted", "1")]
    assert told(looked(), looked(OFF), target) == [("appeared", "1"), ("as_declared", "1")]


def test_a_change_names_the_declared_state():
    assert [change.state for change in _changes.changes(looked(OFF), looked(ON), (Target("1", "off"),))] == ["off", "off"]


def test_a_list_that_cannot_be_read_is_told_once_and_again_when_the_reason_changes():
    broken = seen(looked(OFF), Maybe("500 from the service", 500))
    denied = seen(broken, Refusal(401))
    assert told(looked(OFF), broken) == told(broken, denied) == told(FIRST, seen(FIRST, Refusal(404))) == [("unreadable", None)]
    assert told(broken, broken) == []
    assert "500 from the service" in _changes.changes(FIRST, broken, ())[0].msg


@pytest.mark.parametrize("seconds,times", [(299.0, 0), (300.0, 1)])
def test_that_the_list_cannot_be_read_is_told_again_while_it_lasts(seconds, times):
    broken = seen(looked(OFF), Refusal(401), 1000.0)
    later = seen(broken, Refusal(401), 1000.0 + seconds)
    assert told(broken, later) == [("unreadable", None)] * times
    assert told(later, seen(later, Refusal(401), 1000.0 + seconds)) == []


@pytest.mark.parametrize(
    "answer,cause",
    [
        (Refusal(401), "token"),
        (_changes.NoToken("api_token_file '/x' is empty"), "token"),
        (_changes.NoHolds("holds_path /x is missing"), "holds"),
        (Refusal(403), "no_list"),
        (Refusal(404), "no_list"),
        (Refusal(429), "service"),
        (Maybe("500 from the service", 500), "service"),
    ],
)
def test_the_cause_is_named(answer, cause):
    (event,) = _changes.changes(FIRST, seen(FIRST, answer), ())
    assert (event.change, event.cause) == ("unreadable", cause)


def test_a_token_that_cannot_be_read_is_said_in_its_own_words():
    (event,) = _changes.changes(FIRST, seen(FIRST, _changes.NoToken("api_token_file '/x' is empty")), ())
    assert event.msg == "The API token cannot be used: api_token_file '/x' is empty."


def test_what_changed_while_the_list_could_not_be_read_is_told_afterwards():
    broken = seen(looked(OFF), Maybe("500 from the service", 500))
    assert told(broken, looked(ON, after=broken), Target("1", "off")) == [("readable", None), ("started", "1"), ("drifted", "1")]
    assert told(broken, looked(OFF, after=broken)) == [("readable", None)]


def test_an_event_has_all_keys():
    (change,) = _changes.changes(FIRST, seen(FIRST, Refusal(404)), ())
    keys = {"change", "msg", "account_id", "display_name", "bookie", "bot_status", "previous_status", "state", "held", "cause"}
    assert set(change.as_event()) == keys


HELD = frozenset({"1"})


@pytest.mark.parametrize(("before", "now", "held", "expected"), [
    (OFF, ON, HELD, ("started", True)),
    (OFF, ON, frozenset(), ("started", False)),
    (OFF, ENDING, HELD, ("unclear", True)),
    (ON, OFF, HELD, ("stopped", True)),
])
def test_each_change_of_an_account_says_whether_its_bot_is_held(before, now, held, expected):
    (event,) = _changes.changes(looked(before), _changes.after_look(FIRST, AccountList((now,)), 0.0, AGAIN, held), ())
    assert (event.change, event.held) == expected


def test_the_first_look_tells_what_runs_though_it_is_held_and_later_ones_do_not():
    first = _changes.after_look(FIRST, AccountList((ON,)), 0.0, AGAIN, HELD)
    assert [(one.change, one.held) for one in _changes.changes(FIRST, first, ())] == [("runs_though_held", True)]
    again = _changes.after_look(first, AccountList((ON,)), 1.0, AGAIN, HELD)
    assert told(first, again) == []
    assert told(FIRST, _changes.after_look(FIRST, AccountList((OFF,)), 0.0, AGAIN, HELD)) == []


def test_what_runs_under_a_hold_that_was_placed_between_two_looks_is_told_once():
    unheld = looked(ON)
    held = _changes.after_look(unheld, AccountList((ON,)), 1.0, AGAIN, HELD)
    assert [one.change for one in _changes.changes(unheld, held, ())] == ["runs_though_held"]
    assert told(held, _changes.after_look(held, AccountList((ON,)), 2.0, AGAIN, HELD)) == []
    # The list could not be read between the two.
    unread = _changes.after_look(unheld, Refusal(500), 1.0, AGAIN)
    after = _changes.after_look(unread, AccountList((ON,)), 2.0, AGAIN, HELD)
    assert [one.change for one in _changes.changes(unread, after, ())] == ["readable", "runs_though_held"]


def under_hold(after, *rows, now, held=HELD):
    known = _changes.after_look(after, AccountList(rows), now, AGAIN, held)
    return known, [(one.change, one.previous_status) for one in _changes.changes(after, known, ())]


@pytest.mark.parametrize(("before", "started", "first"), [
    ([OFF], ON, ("started", "STOPPED")),
    ([SILENT], ON, ("started", None)),
    ([OFF], SILENT, ("unclear", "STOPPED")),
    ([], ON, ("appeared", None)),
    ([], ENDING, ("appeared", None)),
])
def test_a_start_under_a_hold_is_told_again_until_the_bot_is_seen_stopped(before, started, first):
    """An OFF and another start may both fall between two looks, which then look alike."""
    known, told_now = under_hold(under_hold(FIRST, *before, now=0.0)[0], started, now=1.0)
    assert told_now == [first]
    again = [("not_off_though_held", "RUNNING" if started is ON else None)]
    for seconds, expected in ((30.9, []), (31.0, again), (60.9, []), (61.5, again), (91.0, []), (91.5, again)):
        known, told_now = under_hold(known, started, now=seconds)
        assert told_now == expected, seconds
    # What it is now counts, not how it started.
    known, told_now = under_hold(known, ENDING, now=130.0)
    assert ("not_off_though_held", "RUNNING" if started is ON else None) in told_now
    known, told_now = under_hold(known, OFF, now=200.0)
    assert told_now == [("stopped", None)]
    assert under_hold(known, OFF, now=300.0)[1] == []


def test_a_start_under_a_hold_is_told_again_after_the_list_could_not_be_read():
    known = under_hold(under_hold(FIRST, OFF, now=0.0)[0], ON, now=1.0)[0]
    known = _changes.after_look(known, Refusal(500), 20.0, AGAIN)
    assert under_hold(known, ON, now=40.0)[1] == [("readable", None), ("not_off_though_held", "RUNNING")]


def test_a_start_is_told_no_more_when_its_hold_is_gone_and_a_later_hold_does_not_bring_it_back():
    known = under_hold(under_hold(FIRST, OFF, now=0.0)[0], ON, now=1.0)[0]
    known, told_now = under_hold(known, ON, now=40.0, held=frozenset())
    assert told_now == []
    known, told_now = under_hold(known, ON, now=80.0)
    assert told_now == [("runs_though_held", None)] and under_hold(known, ON, now=120.0)[1] == []


def test_what_runs_since_before_the_hold_is_never_told_as_started():
    known, told_now = under_hold(FIRST, ON, now=0.0)
    assert told_now == [("runs_though_held", None)] and under_hold(known, ON, now=100.0)[1] == []


@pytest.mark.parametrize("row", [ENDING, SILENT])
def test_what_is_unclear_when_its_hold_is_first_seen_is_told_once(row):
    known, told_now = under_hold(FIRST, row, now=0.0)
    assert told_now == [("unclear", None), ("unclear_though_held", None)] and under_hold(known, row, now=100.0)[1] == []
    for before, more in ((row, []), (ON, [("unclear", "RUNNING")])):
        known, told_now = under_hold(looked(before), row, now=1.0)
        assert told_now == [*more, ("unclear_though_held", None)] and under_hold(known, row, now=100.0)[1] == []


def test_what_concerns_the_list_is_about_no_hold():
    (event,) = _changes.changes(FIRST, seen(FIRST, Refusal(500)), ())
    assert (event.change, event.held) == ("unreadable", None)
