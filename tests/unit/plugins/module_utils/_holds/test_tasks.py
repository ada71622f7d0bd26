# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What bookie_hold decides and returns."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import tasks
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds.records import Broken, Hold, Placed, Standing

NOW = datetime(2026, 11, 21, 9, 0, 0, tzinfo=timezone.utc)
EVERYBODY = Hold("20261121T080002-kqzt", "emergency_stop", "2026-11-21T08:00:02Z", "ops", "controller1", "https://betmatic.app/api", reason="two at once")
OWN = replace(EVERYBODY, id="20261121T080003-abcd", name="maintenance", scope=("123", "124"), ran=("123",))
TORN = Broken("x", "/holds/x.json", "is empty")


@pytest.mark.parametrize(("ids", "everyone", "scope"), [(None, True, None), (["1", "2", "1"], False, ("1", "2"))])
def test_a_scope_is_ids_or_all(ids, everyone, scope):
    assert tasks.read_scope(ids, everyone) == scope


@pytest.mark.parametrize(("ids", "everyone"), [(None, False), (["1"], True), ([], False), (["."], False), ([""], False), (["all"], False), ([], True)])
def test_all_is_said_and_never_inferred(ids, everyone):
    with pytest.raises(InputError, match="account_id"):
        tasks.read_scope(ids, everyone)


@pytest.mark.parametrize(("scope", "ran"), [(None, ("1", "3")), (("3", "2"), ("3",)), (("2",), ())])
def test_what_runs_is_remembered(scope, ran):
    assert tasks.what_ran({"1": "RUNNING", "2": "STOPPED", "3": "RUNNING"}, scope) == ran


@pytest.mark.parametrize(("statuses", "scope"), [({}, None), ({"1": None}, None), ({"1": "RUNNING"}, ("1", "2")), ({"1": None, "2": "RUNNING"}, ("1",))])
def test_nothing_is_remembered_where_the_list_does_not_tell(statuses, scope):
    with pytest.raises(InputError, match="No hold was placed"):
        tasks.what_ran(statuses, scope)


def test_a_row_that_is_not_asked_for_need_not_tell():
    assert tasks.what_ran({"1": None, "2": "RUNNING"}, ("2",)) == ("2",)


def test_a_maintenance_finds_its_own_hold_and_no_other_begins():
    assert tasks.instead(Standing((EVERYBODY,)), OWN, NOW) is None
    assert tasks.instead(Standing((EVERYBODY, OWN)), replace(OWN, id="new", ran=None), NOW) == Placed(OWN, found=True)
    for wanted in (replace(OWN, scope=("124",)), replace(OWN, name="other"), replace(OWN, scope=None)):
        with pytest.raises(InputError, match="hold 20261121T080003-abcd"):
            tasks.instead(Standing((OWN,)), wanted, NOW)
    with pytest.raises(InputError, match="x.json is empty"):
        tasks.instead(Standing((), (TORN,)), OWN, NOW)
    assert tasks.instead(Standing((replace(OWN, ran=None),)), OWN, NOW) is None


@pytest.mark.parametrize(("state", "named", "words"), [
    ("under_way", OWN.id, "is at work under it. Let it end"),
    ("not_known", OWN.id, "began on another machine"),
    ("ended", None, "has ended, so that somebody may work by hand under it"),
    ("ended", EVERYBODY.id, "has ended, so that somebody may work by hand under it"),
])
def test_no_run_goes_on_from_a_hold_under_which_somebody_else_may_work(state, named, words):
    with pytest.raises(InputError, match=words) as raised:
        tasks.require_free(OWN, state, named)
    for text in (f"{OWN.id} remembers", "ops on controller1", OWN.placed_at, "No hold was placed"):
        assert text in str(raised.value)
    assert (f"this command again, with -e bookie_hold_id={OWN.id}" in str(raised.value)) is (state == "ended")
    assert ("maintenance_end -e bookie_hold_id=" in str(raised.value)) is (state != "under_way")


@pytest.mark.parametrize(("state", "named"), [("own", None), ("own", OWN.id), ("ended", OWN.id)])
def test_a_run_goes_on_from_its_own_hold_and_from_the_one_that_is_named_of_a_run_that_has_ended(state, named):
    tasks.require_free(OWN, state, named)


def test_the_hold_that_is_to_be_ended_stands_remembers_and_nobody_is_at_work_under_it():
    assert tasks.to_end(Standing((EVERYBODY, OWN)), OWN.id) == OWN
    for standing in (Standing((EVERYBODY,)), Standing((replace(OWN, ran=None),)), Standing((), (TORN,))):
        with pytest.raises(InputError, match=f"There is no hold {OWN.id} that remembers"):
            tasks.to_end(standing, OWN.id)
    for state in ("own", "ended", "not_known"):
        tasks.require_nobody_at_work(OWN, state)
    with pytest.raises(InputError, match="at work"):
        tasks.require_nobody_at_work(OWN, "under_way")


@pytest.mark.parametrize(("placed", "check", "under_way", "words", "changed", "failed"), [
    (Placed(EVERYBODY), False, None, "stands over all accounts of https://betmatic.app/api", True, False),
    (Placed(EVERYBODY), True, None, "Would place", True, False),
    (Placed(EVERYBODY, found=True), False, None, "since 2026-11-21T08:00:02Z: no new one was placed. To lift it: ", False, False),
    (Placed(EVERYBODY), False, "an ON", "a bot may still start", True, True),
    (Placed(EVERYBODY, found=True), False, "an ON", "a bot may still start", False, True),
    (Placed(why="/holds: No space left on device"), False, None, "NO HOLD stands: /holds: No space", False, True),
])
def test_the_result_of_placing(placed, check, under_way, words, changed, failed):
    result = tasks.result_of_placing(placed, check, under_way)
    assert words in result["msg"] and (result["changed"], result["failed"]) == (changed, failed)
    assert result["hold_id"] == (None if check or placed.hold is None else EVERYBODY.id)
    assert (result["diff"]["after"] != "") is changed and result["diff"]["before"] == ""


def test_the_result_of_lifting():
    result = tasks.result_of_lifting(OWN.id, OWN, False)
    assert "No bot was started" in result["msg"] and result["hold"]["ran"] == ["123"] and result["diff"]["before"] != "" == result["diff"]["after"]
    torn = tasks.result_of_lifting("x", None, False)
    assert (torn["hold_id"], torn["hold"], torn["changed"]) == ("x", None, True)
    assert tasks.result_of_lifting(OWN.id, OWN, True)["msg"].startswith("Would lift")


def test_a_summary_names_what_is_old_and_what_is_broken():
    assert tasks.summary(Standing(), NOW)["msg"] == "0 holds stand."
    assert tasks.summary(Standing((EVERYBODY,)), NOW)["msg"] == "1 hold stands."
    later = tasks.summary(Standing((EVERYBODY, OWN), (TORN,)), NOW + timedelta(days=2))
    assert later["msg"].startswith("Held for all accounts, because /holds/x.json is empty.") and EVERYBODY.id in later["msg"] and OWN.id in later["msg"]
    assert [one["id"] for one in later["holds"]] == [EVERYBODY.id, OWN.id] and later["broken"][0]["id"] == "x"
    planned = tasks.summary(Standing((replace(EVERYBODY, until="2026-11-21T08:30:00Z"),)), NOW + timedelta(days=2))
    assert planned["msg"] == "0 holds stand." and planned["holds"][0]["ended"] is True


def test_a_summary_tells_of_each_hold_whose_it_is_how_old_and_who_works_under_it():
    elsewhere = replace(EVERYBODY, id="20261121T080004-else", api_url="https://elsewhere.example/api")
    [one, other, own] = tasks.summary(Standing((EVERYBODY, elsewhere, OWN)), NOW, "https://betmatic.app:443/api/", {OWN.id: "ended"})["holds"]
    assert (one["here"], other["here"], one["age_minutes"]) == (True, False, 59)
    assert (one["run"], own["run"]) == (None, "ended")
    for here, mine in ((("ops", "controller1"), True), (("ops", "controller2"), False), (("eve", "controller1"), False), (None, False)):
        assert tasks.summary(Standing((OWN,)), NOW, here=here)["holds"][0]["mine"] is mine
    assert not tasks.summary(Standing((EVERYBODY,)), NOW)["holds"][0]["here"]
