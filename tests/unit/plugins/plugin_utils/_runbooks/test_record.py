# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The audit trail as a record: the last wish of each account, and nothing that is guessed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import OUTCOMES
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import entries as audit_entries
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit.connection import Connection
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit.surroundings import Surroundings
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import record
from ansible_collections.bookieops.betmatic.tests.unit.support.generated import load_profile

load_profile()


def entry(account_id="123", state="on", minute=0, **more):
    return {
        "time": f"2026-11-20T08:{minute:02}:00.000Z", "user": "alice", "task": "Race day", "account_id": account_id, "display_name": None, "state": state,
        "outcome": "ok" if account_id else None, "http_status": 200 if account_id else None, "check_mode": False, **more,
    }


def text(*entries):
    return "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in entries)


def states(*entries, until=None):
    return [(wish.account_id, wish.state) for wish in record.read(text(*entries), until).wishes]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_last_wish_counts_whatever_came_of_it(outcome):
    assert states(entry(minute=1), entry(state="off", minute=2, outcome=outcome, http_status=500)) == [("123", "off")]


def test_off_comes_first_and_ids_by_number():
    found = states(entry("9"), entry("10"), entry("a"), entry("3", "off"), entry("20", "off"))
    assert found == [("3", "off"), ("20", "off"), ("9", "on"), ("10", "on"), ("a", "on")]


def test_the_time_decides_and_the_line_where_times_are_equal():
    assert states(entry(state="off", minute=5), entry(minute=1)) == [("123", "off")]
    assert states(entry(state="off", minute=5), entry(minute=5)) == [("123", "on")]
    assert states(entry(state="off", time="2026-11-20T10:30:00+02:00"), entry(minute=20)) == [("123", "off")]


def test_until_leaves_out_what_is_later_and_keeps_what_is_equal():
    trail = (entry(minute=1), entry(state="off", minute=2))
    assert states(*trail, until="2026-11-20T08:01:59Z") == [("123", "on")]
    assert states(*trail, until="2026-11-20T08:02:00Z") == [("123", "off")]
    assert states(*trail, until="2026-11-20 09:01:59.5+01:00") == [("123", "on")]
    assert "lines later than bookie_recovery_until: 1" in record.read(text(*trail), "2026-11-20T08:01:59Z").notes


@pytest.mark.parametrize("until", ["yesterday", "2026-11-20", "2026-11-20T08:00:00", "2026-13-20T08:00:00Z", "2026-11-20 08:00:00", ""])
def test_a_time_that_is_none_is_refused_by_name(until):
    with pytest.raises(InputError, match="bookie_recovery_until is "):
        record.read(text(entry()), until)


def test_check_mode_asked_for_nothing():
    assert states(entry(), entry(state="off", minute=1, check_mode=True, outcome="not_attempted")) == [("123", "on")]


def test_an_off_without_account_counts_for_every_account_before_it():
    trail = (entry("123", minute=1), entry("124", minute=2), entry(None, "off", 3, failed=True, msg="NOT proven off: all accounts"), entry("124", minute=4))
    assert states(*trail) == [("123", "off"), ("124", "on")]
    assert "taken as OFF for every account before them: 3" in " ".join(record.read(text(*trail)).notes)


@pytest.mark.parametrize("returned", [{"msg": "Timed out"}, {"ansible_job_id": "j1", "changed": True}])
def test_what_was_asked_of_one_account_and_lost_counts_for_that_one(returned):
    def ended(state, second):
        task = audit_entries.Task(
            task_id="1", who=Surroundings("alice", 0), where=Connection(None, None, ()), playbook=None, play=None, task="Lost", host="localhost",
            check_mode=False, options={"account_id": "123", "state": state},
        )
        return task, audit_entries.Ended(f"2026-11-20T09:00:{second:02}.000Z", "result", "msg" in returned)

    before = text(entry("123", minute=1), entry("124", minute=2))
    off = audit_entries.lines(audit_entries.results(*ended("off", 1), returned)).decode()
    on = audit_entries.lines(audit_entries.results(*ended("on", 2), returned)).decode()
    recorded = record.read(before + off)
    assert [(wish.account_id, wish.state, wish.outcome) for wish in recorded.wishes] == [("123", "off", "unknown"), ("124", "on", "ok")]
    assert recorded.notes == ()
    assert [(wish.account_id, wish.state) for wish in record.read(before + off + on).wishes] == [("123", "on"), ("124", "on")]


def test_an_on_without_account_counts_for_none():
    assert states(entry("123", "off"), entry(None, "on", 1, msg="Not on: all accounts")) == [("123", "off")]


def test_a_refused_task_and_one_that_tells_nothing_count_for_none_and_are_named():
    recorded = record.read(text(entry(), entry(None, "off", 1, msg="deadline is -1. Nothing was sent."), entry(None, None, 2, msg="hidden")))
    assert recorded.wishes[0].state == "on"
    assert recorded.notes == (
        "lines that tell neither account nor state: they count for none: 3",
        "lines that were refused before anything was sent: they count for none: 2",
    )


def test_what_the_guard_kept_back_named_another_account():
    assert states(entry(state="off"), entry(minute=1, outcome="rejected", http_status=None)) == [("123", "off")]
    assert states(entry(), entry(state="off", minute=1, outcome="rejected", http_status=406)) == [("123", "off")]


def test_torn_lines_are_counted_and_named():
    recorded = record.read(text(entry(), '{"time": "2026-11', "", "\udcc3", "[" * 100000))
    assert [wish.account_id for wish in recorded.wishes] == ["123"]
    assert recorded.notes == ("lines that could not be read: what they asked for is NOT in this record: 2, 4, 5",)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "paused"}, {"state": None}, {"state": True}, {"state": []}, {"outcome": "great"}, {"outcome": None}, {"account_id": 123},
        {"account_id": ".."},
        {"account_id": "all"}, {"time": "now"}, {"time": 5}, {"check_mode": "no"}, {"check_mode": None},
    ],
)
def test_an_entry_of_a_shape_that_is_not_known_is_refused(change):
    with pytest.raises(InputError, match="line 2 is no entry of an audit trail that this version knows: {0} is ".format(*change)):
        record.read(text(entry(), entry(**change)))


@pytest.mark.parametrize("key", ["time", "account_id", "state", "outcome", "http_status", "check_mode"])
def test_an_entry_that_lacks_a_field_is_refused(key):
    lacking = {name: value for name, value in entry().items() if name != key}
    for line in (lacking, "17", "[]", '"text"'):
        with pytest.raises(InputError, match="line 1 is no entry"):
            record.read(text(line))


@pytest.mark.parametrize("trail", ["", "\n\n", text(entry(check_mode=True)), "torn", text(entry(None, "off", msg="?"))])
def test_an_empty_record_is_refused(trail):
    with pytest.raises(InputError, match="holds no state that anybody asked for"):
        record.read(trail)


wishes = st.tuples(st.sampled_from(("1", "2", "3", None)), st.sampled_from(("on", "off")), st.integers(0, 59), st.sampled_from(OUTCOMES), st.booleans())


@given(st.lists(wishes, max_size=12))
def test_on_is_wanted_only_where_the_last_entry_of_the_account_says_so(some):
    trail = [entry(one[0], one[1], one[2], check_mode=one[4], **({"outcome": one[3]} if one[0] else {})) for one in some]
    real = sorted((one for one in some if not one[4]), key=lambda one: one[2])
    if not any(one[0] for one in real):
        return
    expected = {}
    for account_id, state, *_rest in real:
        if account_id is not None:
            expected[account_id] = state
        elif state == "off":
            expected = dict.fromkeys(expected, "off")
    assert dict(states(*trail)) == expected


def test_a_line_says_who_asked_for_it_and_when():
    wish = record.read(text(entry(display_name="TAB \x1b[31m Main", outcome="unknown"))).wishes[0]
    assert record.line(wish) == "123 TAB [31m Main: on, asked for at 2026-11-20T08:00:00.000Z by alice in the task Race day, outcome unknown"
