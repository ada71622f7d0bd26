# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a roll-out stands after each batch: when it stops, what it forgets never, what it rolls back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import OUTCOMES, Target
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.report import DO_NOT_REPEAT
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import rollout
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks.rollout import Progress
from ansible_collections.bookieops.betmatic.tests.unit.support.generated import load_profile

load_profile()

BATCHES = [[Target("1", "on")], [Target("2", "on"), Target("3", "on")], [Target("4", "on", "Four")]]


def account(account_id, state="on", outcome="ok", changed=False, previous=None, status=200, **more):
    failed = outcome not in ("ok", "pending")
    return {
        "account_id": account_id, "display_name": None, "state": state, "outcome": outcome, "changed": changed, "failed": failed,
        "previous_status": previous, "bot_status": None, "http_status": status, "message": None, **more,
    }


def row(account_id, status, sessions=None):
    return {"account_id": account_id, "bot_status": status, "running_sessions": sessions}


def result(*accounts, **more):
    return {"accounts": list(accounts), "changed": any(one["changed"] for one in accounts), "failed": any(one["failed"] for one in accounts), **more}


def after(number, answer, before=None, most=0, check=False):
    return rollout.after_batch(before or Progress(), answer, BATCHES, number, most, check)


def test_a_good_batch_has_a_line_and_goes_on():
    progress = after(2, result(account("2", changed=True), account("3")), Progress((account("1"),)))
    assert progress.line == "batch 2 of 3: 2 accounts, 2 ok, 0 failed"
    assert (progress.changed, progress.stop) == (True, "")
    assert [one["account_id"] for one in progress.accounts] == ["1", "2", "3"]


def test_failures_of_all_batches_count_together():
    first = after(1, result(account("1", outcome="rejected", status=406)), most=1)
    assert first.stop == ""
    second = after(2, result(account("2", outcome="rejected", status=406), account("3")), first, most=1)
    assert second.stop == "2 accounts failed, at most 1 may"
    assert second.line == "batch 2 of 3: 2 accounts, 1 ok, 1 failed"


@pytest.mark.parametrize(
    "answer,words",
    [
        (result(account("1", outcome="rejected", status=401)), "401"),
        (result(account("1", outcome="rejected", status=403)), "403"),
        (result(account("1", outcome="not_attempted", status=None)), "it ended before it had tried all its accounts"),
        (result(account("1"), failed=True), "its task failed for more than its accounts"),
    ],
)
def test_what_would_end_every_further_batch_stops_whatever_the_limit(answer, words):
    assert words in after(1, answer, most=99).stop


def test_a_refused_off_is_a_failure_of_its_account_only():
    batches = [[Target("1", "off")]]
    progress = rollout.after_batch(Progress(), result(account("1", "off", "rejected", status=403)), batches, 1, 1, False)
    assert progress.stop == ""


def test_predictions_never_stop():
    would = account("2", outcome="not_attempted", changed=True, status=None)
    would["failed"] = False
    progress = after(2, result(account("3", outcome="rejected", status=None), would), check=True)
    assert progress.stop == "" and progress.line == "batch 2 of 3: 2 accounts, 0 ok, 1 would be sent ON, 1 failed"


@pytest.mark.parametrize(
    "answer,outcome,changed",
    [
        ({"failed": True, "msg": "MODULE FAILURE"}, "unknown", True),
        ({"failed": True, "changed": True, "accounts": [], "msg": "a fault"}, "unknown", True),
        ({"failed": True, "changed": False, "accounts": [], "msg": "api_token is missing. Nothing was sent."}, "not_attempted", False),
    ],
)
def test_an_account_that_nobody_told_of_is_not_forgotten(answer, outcome, changed):
    found = rollout.settled(BATCHES[1], answer)
    told = [(one["account_id"], one["outcome"], one["changed"], one["failed"]) for one in found]
    assert told == [("2", outcome, changed, True), ("3", outcome, changed, True)]


some_accounts = st.lists(st.tuples(st.sampled_from("12345"), st.sampled_from(OUTCOMES), st.booleans()), max_size=8)


@given(some_accounts, st.booleans(), st.integers(0, 3))
def test_every_account_of_a_batch_is_told_of_once_and_none_is_good_without_proof(told, changed, most):
    answer = {"accounts": [account(*one[:1], outcome=one[1], changed=one[2]) for one in told], "changed": changed, "failed": False}
    progress = after(2, answer, most=most)
    assert [one["account_id"] for one in progress.accounts] == ["2", "3"]
    for one in progress.accounts:
        assert not one["outcome"] == "ok" or ("ok" in [outcome for account_id, outcome, _changed in told if account_id == one["account_id"]])
    assert progress.stop or sum(one["failed"] for one in progress.accounts) <= most


OFFS = [[Target("1", "off")], [Target("2", "off"), Target("3", "off")], [Target("4", "on")]]


def read_after(number, before, answer, most=0, batches=None):
    return rollout.after_reading(before, answer, batches or BATCHES, number, most)


def test_a_bot_that_is_no_longer_as_wanted_has_failed():
    before = Progress((account("1", changed=True), account("2", "off", bot_status="STOPPED"), account("3", "off")))
    reading = {"accounts": [row("1", "STOPPED"), row("2", "RUNNING", 1), row("3", "STOPPED", 0)]}
    progress = read_after(2, before, reading)
    assert [one["outcome"] for one in progress.accounts] == ["unknown", "unknown", "ok"]
    assert progress.accounts[1]["bot_status"] == "RUNNING" and progress.accounts[1]["failed"]
    assert progress.stop == "the health check found 1 STOPPED where RUNNING is wanted, 2 RUNNING where STOPPED is wanted; 2 accounts failed, at most 0 may"


def test_a_bot_that_was_on_and_is_not_any_more_stops_it_whatever_the_limit():
    before = Progress((account("1"), account("2", "off"), account("3", "off")))
    reading = {"accounts": [row("1", "STOPPED"), row("2", "STOPPED"), row("3", "STOPPED")]}
    assert read_after(2, before, reading, 99).stop == "the health check found 1 STOPPED where RUNNING is wanted"
    reading = {"accounts": [row("1", "RUNNING", 1), row("2", "RUNNING", 1), row("3", "STOPPED")]}
    progress = read_after(2, before, reading, 1)
    assert progress.stop == "" and progress.accounts[1]["failed"]


@pytest.mark.parametrize("number,stop", [(1, ""), (2, "1 account failed, at most 0 may")])
def test_failures_stop_it_before_the_next_on_and_keep_no_off_back(number, stop):
    batch = [account(target.account_id, "off", "rejected", status=406) for target in OFFS[number - 1][:1]] + [
        account(target.account_id, "off") for target in OFFS[number - 1][1:]]
    progress = rollout.after_batch(Progress(), result(*batch), OFFS, number, 0, False)
    assert progress.stop == stop
    assert bool(read_after(number, progress, {"failed": True, "msg": "no list"}, 9, OFFS).stop) == bool(stop)
    assert bool(read_after(number, progress, {"accounts": []}, 0, OFFS).stop) == bool(stop)


def test_what_got_no_off_is_not_proven_off():
    stopped = rollout.end(Progress((account("1", "off"),), stop="401"), OFFS, [], [], None, False)
    assert stopped.msg.startswith("NOT proven off: 2, 3. Stopped: 401. Not attempted: 2, 3, 4.")


@pytest.mark.parametrize("rows", [[], [row("1", None)], [row("1", "STOPPED", 2)], [row("1", "STOPPED"), row("1", "STOPPED")]])
def test_what_the_list_does_not_show_off_is_not_off(rows):
    progress = read_after(3, Progress((account("1", "off"),)), {"accounts": rows})
    assert progress.accounts[0]["failed"] and progress.stop


def test_a_health_check_that_cannot_be_made_stops_and_takes_nothing_back():
    before = Progress((account("1"),))
    progress = read_after(1, before, {"failed": True, "msg": "The list could not be read."}, 99)
    assert progress.stop == "the health check could not be made: The list could not be read" and progress.accounts == before.accounts


def test_only_what_changed_is_rolled_back_to_what_it_was():
    accounts = (
        account("1", changed=True, previous="STOPPED"),
        account("2"),
        account("3", outcome="unknown", changed=True),
        account("4", outcome="unknown", changed=True, previous="STOPPED"),
        account("5", outcome="rejected"),
        account("6", changed=True, previous="STARTING"),
        account("7", changed=True),
    )
    back, not_known = rollout.states_before(accounts, [row("3", "RUNNING"), row("6", "STOPPED"), row("2", "STOPPED")], BATCHES)
    assert back == [Target("1", "off"), Target("3", "on"), Target("4", "off", "Four")]
    assert not_known == ["6", "7"]


def test_no_bot_is_turned_on_again_after_somebody_stopped_one():
    batches = [[Target("1", "off")], [Target("2", "on"), Target("3", "on")]]
    before = Progress((account("1", "off", changed=True, previous="RUNNING"), account("2", changed=True, previous="STOPPED"), account("3", changed=True)))
    progress = read_after(2, before, {"accounts": [row("1", "STOPPED"), row("2", "STOPPED"), row("3", "RUNNING", 1)]}, 9, batches)
    assert progress.stop
    assert rollout.states_before(progress.accounts, [row("3", "STOPPED")], batches) == ([Target("2", "off"), Target("3", "off")], ["1"])


def test_nothing_is_sent_back_to_an_account_that_may_be_another():
    answer = result(account("1", outcome="unknown", changed=True, previous="STOPPED"), msg="Not on: 1. " + DO_NOT_REPEAT)
    assert rollout.states_before(after(1, answer).accounts, [], BATCHES) == ([], ["1"])


def end(last, **more):
    given = {"back": [], "not_known": [], "rolled_back": None, "check_mode": False, **more}
    return rollout.end(last, BATCHES, **given)


def test_the_end_names_what_failed_what_was_not_attempted_and_the_next_step():
    ended = end(Progress((account("1", changed=True), account("2", outcome="unknown", changed=True), account("3")), stop="1 account failed, at most 0 may"))
    assert ended.failed and ended.not_attempted == ("4",)
    assert ended.msg == (
        "Not on: 2. Stopped: 1 account failed, at most 0 may. Not attempted: 4. Look at what failed, then run again to go on: what is as wanted stays as it is."
    )


def test_the_end_of_a_roll_back_tells_the_states_that_were_proven():
    back = [Target("1", "off"), Target("2", "off")]
    rolled = result(account("1", "off", changed=True), account("2", "off", "rejected", status=406))
    last = Progress((account("1", changed=True), account("2", outcome="unknown", changed=True)), stop="so")
    ended = end(last, back=back, not_known=["3"], rolled_back=rolled)
    assert [(one["account_id"], one["state"], one["outcome"]) for one in ended.accounts] == [("1", "off", "ok"), ("2", "off", "rejected")]
    assert ended.msg.startswith("NOT proven off: 2. Stopped: so.")
    assert "Rolled back: 1. NOT proven to be rolled back: 2. NOT rolled back, as the state before is not known, another account may be meant, or" in ended.msg
    assert "stopped bots: 3. Look at them" in ended.msg


def test_a_good_end_counts_and_failures_within_the_limit_fail_all_the_same():
    good = Progress((account("1", changed=True), account("2"), account("3"), account("4")))
    assert (end(good).failed, end(good).msg) == (False, "4 of 4 accounts as wanted, 1 changed, in 3 batches.")
    assert end(good, check_mode=True).msg == "4 of 4 accounts as wanted, 1 to change, in 3 batches."
    assert end(Progress((account("1", outcome="rejected"), account("2"), account("3"), account("4")))).failed


def test_progress_goes_through_a_dictionary_and_back():
    progress = Progress((account("1"),), "line", True, "stop")
    assert rollout.read(rollout.as_dict(progress)) == progress
    assert rollout.read({}) == Progress()
