# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a roll-out stands after what happened: when it stops, what it never forgets, what it rolls back."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.filter.rollout_status import rollout_status
from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import OUTCOMES, Target
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.report import DO_NOT_REPEAT
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import rollout
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks.batches import Plan
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks.rollout_status import status
from ansible_collections.bookieops.betmatic.tests.unit.support.generated import load_profile

load_profile()

ON = ((Target("1", "on"),), (Target("2", "on"), Target("3", "on")), (Target("4", "on", "Four"),))
LOST = ["NOT proven off (unknown, RUNNING)", "NOT proven on (unknown, STOPPED)"]
OFF = ((Target("1", "off"),), (Target("2", "off"), Target("3", "off")), (Target("4", "on"),))


def account(account_id, state="on", outcome="ok", changed=False, previous=None, status=200, **more):
    failed = outcome not in ("ok", "pending")
    return {
        "account_id": account_id, "display_name": None, "state": state, "outcome": outcome, "changed": changed, "failed": failed,
        "previous_status": previous, "bot_status": None, "http_status": status, "message": None, "verdict": state if outcome == "ok" else "NOT", **more,
    }


def row(account_id, status):
    return account_id, status


def result(*accounts, **more):
    return {"accounts": list(accounts), "changed": any(one["changed"] for one in accounts), "failed": any(one["failed"] for one in accounts), **more}


def switched(*accounts, **more):
    return {"switched": result(*accounts, **more)}


def read(*rows):
    running, stopped = (",".join(account_id for account_id, shown in rows if shown == status) for status in ("RUNNING", "STOPPED"))
    return {"read": {"failed": False, "msg": "", "running": running, "stopped": stopped}}


def rolled_back(*accounts):
    return {"rolled_back": result(*accounts)}


WHY = {"msg": "The list could not be read."}
NO_LIST = {"read": {"running": "", "stopped": "", "failed": True, **WHY}}
GOOD = [switched(account("1", changed=True)), switched(account("2"), account("3"))]
SO_FAR_OFF = [switched(account("1", "off")), switched(account("2", "off"), account("3", "off"))]


def after(*events, batches=ON, most=0, roll_back=False):
    return status(Plan(batches, most), events, roll_back)


# --- batches -------------------------------------------------------------------------------------------------------


def test_a_good_batch_has_a_line_and_goes_on():
    now = after(switched(account("1")), switched(account("2", changed=True), account("3")))
    assert now["line"] == "batch 2 of 3: 2 accounts, 2 ok, 0 failed"
    assert (now["changed"], now["stop"], now["failed"], now["not_attempted"]) == (True, "", False, ["4"])
    assert [(one["account_id"], one["verdict"]) for one in now["accounts"]] == [("1", "on"), ("2", "on"), ("3", "on")]


def test_before_the_first_batch_nothing_is_known():
    now = after()
    assert (now["stop"], now["accounts"], now["not_attempted"], now["failed"]) == ("", [], ["1", "2", "3", "4"], False)


def test_failures_of_all_batches_count_together():
    first = switched(account("1", outcome="rejected", status=406))
    assert after(first, most=1)["stop"] == ""
    second = after(first, switched(account("2", outcome="rejected", status=406), account("3")), most=1)
    assert second["stop"] == "2 accounts failed, at most 1 may"
    assert second["line"] == "batch 2 of 3: 2 accounts, 1 ok, 1 failed"


@pytest.mark.parametrize(
    "answer,words",
    [
        (switched(account("1", outcome="rejected", status=401)), "401"),
        (switched(account("1", outcome="rejected", status=403)), "403"),
        (switched(account("1", outcome="not_attempted", status=None)), "it ended before it had tried all its accounts"),
        (switched(account("1"), failed=True), "its task failed for more than its accounts"),
    ],
)
def test_what_would_end_every_further_batch_stops_whatever_the_limit(answer, words):
    assert words in after(answer, most=99)["stop"]


@pytest.mark.parametrize("predicted", [False, True])
def test_a_task_that_was_refused_stops_with_its_reason_and_its_accounts_are_not_attempted(predicted):
    refused = {"switched": result(failed=True, msg="concurrency is 100: give a whole number from 1 to 64. Nothing was sent.", check_mode=predicted)}
    found = after(GOOD[0], refused)
    assert found["stop"] == "the task of batch 2 was refused: concurrency is 100: give a whole number from 1 to 64"
    assert found["line"] == "batch 2 of 3: refused, nothing was sent" and found["changed"] is False
    assert [one["account_id"] for one in found["accounts"]] == ["1"] and found["not_attempted"] == ["2", "3", "4"] and found["failed"]
    assert found["msg"].startswith(f"Stopped: {found['stop']}. Not attempted: 2, 3, 4.")


def test_a_refused_off_is_a_failure_of_its_account_only():
    assert after(switched(account("1", "off", "rejected", status=403)), batches=((Target("1", "off"),),), most=1)["stop"] == ""


@pytest.mark.parametrize("outcome", ["not_attempted", "would_send"])
def test_predictions_never_stop(outcome):
    would = account("2", outcome=outcome, changed=True, status=None)
    would["failed"] = False
    now = after(switched(account("1")), switched(account("3", outcome="rejected", status=None), would, check_mode=True))
    assert now["stop"] == "" and now["line"] == "batch 2 of 3: 2 accounts, 0 ok, 1 would be sent ON, 1 failed"


@pytest.mark.parametrize(
    "answer", [{"failed": True, "msg": "MODULE FAILURE"}, {"failed": True, "changed": True, "accounts": [], "msg": "a fault"}],
)
def test_an_account_that_nobody_told_of_is_not_forgotten(answer):
    found = after(switched(account("1")), {"switched": answer})["accounts"][1:]
    told = [(one["account_id"], one["outcome"], one["changed"], one["failed"]) for one in found]
    assert told == [("2", "unknown", True, True), ("3", "unknown", True, True)] and all("NOT proven on" in one["verdict"] for one in found)


some_accounts = st.lists(st.tuples(st.sampled_from("12345"), st.sampled_from(OUTCOMES), st.booleans()), max_size=8)


@given(some_accounts, st.booleans(), st.integers(0, 3))
def test_every_account_of_a_batch_is_told_of_once_and_none_is_good_without_proof(told, changed, most):
    answer = {"accounts": [account(*one[:1], outcome=one[1], changed=one[2]) for one in told], "changed": changed, "failed": False}
    now = after(switched(account("1")), {"switched": answer}, most=most)
    assert [one["account_id"] for one in now["accounts"]] == ["1", "2", "3"]
    for one in now["accounts"][1:]:
        assert not one["outcome"] == "ok" or ("ok" in [outcome for account_id, outcome, _changed in told if account_id == one["account_id"]])
    assert now["stop"] or sum(one["failed"] for one in now["accounts"]) <= most


# --- health checks and the operator's own tasks ----------------------------------------------------------------------


def test_a_bot_that_is_no_longer_as_wanted_has_failed():
    before = [switched(account("1", "off", bot_status="STOPPED")), switched(account("2", changed=True), account("3"))]
    batches = ((Target("1", "off"),), *ON[1:])
    now = after(*before, read(row("1", "RUNNING"), row("2", "STOPPED"), row("3", "RUNNING")), batches=batches)
    assert [one["outcome"] for one in now["accounts"]] == ["unknown", "unknown", "ok"]
    assert now["accounts"][0]["bot_status"] == "RUNNING" and [one["verdict"] for one in now["accounts"]][:2] == LOST
    assert now["stop"] == "the health check found 1 RUNNING where STOPPED is wanted, 2 STOPPED where RUNNING is wanted; 2 accounts failed, at most 0 may"


def test_a_bot_that_was_on_and_is_not_any_more_stops_it_whatever_the_limit():
    rows = row("1", "STOPPED"), row("2", "RUNNING"), row("3", "RUNNING")
    assert after(*GOOD, read(*rows), most=99)["stop"] == "the health check found 1 STOPPED where RUNNING is wanted"
    now = after(*SO_FAR_OFF, read(row("1", "STOPPED"), row("2", "RUNNING"), row("3", "STOPPED")), batches=OFF, most=1)
    assert now["stop"] == "" and now["accounts"][1]["failed"]


@pytest.mark.parametrize("number,stop", [(1, ""), (2, "1 account failed, at most 0 may")])
def test_failures_stop_it_before_the_next_on_and_keep_no_off_back(number, stop):
    failed = [switched(account("1", "off", "rejected", status=406)), switched(account("2", "off"), account("3", "off"))][:number]
    assert after(*failed, batches=OFF)["stop"] == stop
    assert bool(after(*failed, NO_LIST, batches=OFF, most=9)["stop"]) == (number == 2)
    assert bool(after(*failed, read(), batches=OFF)["stop"]) == bool(stop)


def test_what_got_no_off_is_not_proven_off():
    stopped = after(switched(account("1", "off", "rejected", status=401)), batches=OFF)
    assert stopped["msg"].startswith("NOT proven off: 1, 2, 3. Stopped: 401, the token is invalid or expired. Not attempted: 2, 3, 4.")


@pytest.mark.parametrize("rows", [[], [row("1", "RUNNING")], [row("11", "STOPPED")]])
def test_what_the_list_does_not_show_off_is_not_off(rows):
    now = after(switched(account("1", "off")), read(*rows), batches=((Target("1", "off"),), (Target("2", "on"),)))
    assert now["accounts"][0]["failed"] and now["stop"]


@pytest.mark.parametrize("answer", [NO_LIST, {"read": {"failed": True, **WHY}}, {"read": WHY}])
def test_a_health_check_that_cannot_be_made_stops_and_takes_nothing_back(answer):
    now = after(GOOD[0], answer, most=99)
    assert now["stop"] == "the health check could not be made: The list could not be read" and now["accounts"][0]["outcome"] == "ok"


def test_a_failed_task_of_the_operator_stops_an_off_as_well():
    now = after(switched(account("1", "off")), {"tasks_failed": "Look at the proxy"}, batches=OFF)
    assert now["stop"] == "the task 'Look at the proxy' of bookie_batch_tasks failed after batch 1"


@pytest.mark.parametrize("event", [{}, {"switched": {}, "read": {}}, {"looked": {}}, "read"])
def test_what_is_not_an_event_is_refused(event):
    with pytest.raises(InputError, match="an event is not one of switched, read, tasks_failed, rolled_back"):
        after(event)


def test_a_batch_that_the_plan_does_not_have_is_refused():
    with pytest.raises(InputError, match="batch 2 was switched, and the plan has only 1"):
        after(switched(account("1")), switched(account("2")), batches=ON[:1])
    with pytest.raises(AnsibleFilterError, match="the plan has only 0"):
        rollout_status([switched(account("1"))], {"batches": [], "most_failures": 0})


# --- the roll back -------------------------------------------------------------------------------------------------


def back(*events, batches=ON, **more):
    return after(*events, batches=batches, roll_back=True, **more)


def test_only_what_changed_is_rolled_back_to_what_it_was():
    batches = (tuple(Target(str(number), "on", "Four" if number == 4 else None) for number in range(1, 8)),)
    accounts = (
        account("1", changed=True, previous="STOPPED"),
        account("2"),
        account("3", outcome="unknown", changed=True),
        account("4", outcome="unknown", changed=True, previous="STOPPED"),
        account("5", outcome="rejected"),
        account("6", changed=True, previous="STARTING"),
        account("7", changed=True),
    )
    now = back(read(row("3", "RUNNING"), row("6", "STOPPED"), row("2", "STOPPED")), switched(*accounts), batches=batches)
    assert now["roll_back_off"] == [{"account_id": "1", "state": "off"}, {"account_id": "4", "state": "off", "display_name": "Four"}]
    # 3 ran before and was sent ON: it is left alone, for a second ON after a maybe could undo somebody's stop.
    assert now["roll_back_on"] == [] and now["not_rolled_back"] == ["6", "7"]


def test_nothing_is_rolled_back_unless_it_was_stopped_and_is_asked_for():
    failed = switched(account("1", changed=True, previous="STOPPED", outcome="unknown"))
    assert back(failed, most=1)["roll_back_off"] == [] and after(failed)["roll_back_off"] == [] and back(failed)["roll_back_off"] != []


TO_OFF = ((Target("1", "off"),), (Target("2", "off"),))
RAN = read(row("1", "RUNNING"), row("2", "RUNNING"), row("9", "RUNNING"))
FAILED_OFF = [switched(account("1", "off", changed=True, previous="RUNNING")), switched(account("2", "off", "rejected", status=406))]
FOUND_OFF = switched(account("2", "off", previous="STOPPED"))
ONE_ON = [{"account_id": "1", "state": "on"}]


def test_a_bot_is_turned_on_again_where_the_list_proves_that_nobody_stopped_bots():
    events = [RAN, *FAILED_OFF]
    # Not before the list is read anew.
    assert back(*events, batches=TO_OFF)["roll_back_on"] == [] and back(*events, batches=TO_OFF)["not_rolled_back"] == ["1"]
    events.append(read(row("1", "STOPPED"), row("2", "RUNNING"), row("9", "RUNNING")))
    now = back(*events, batches=TO_OFF)
    assert now["roll_back_on"] == ONE_ON and now["not_rolled_back"] == []
    ended = back(*events, rolled_back(account("1", changed=True)), batches=TO_OFF)
    assert ended["roll_back_on"] == [] and "Rolled back: 1. Check" in ended["msg"]


@pytest.mark.parametrize(
    "before,events,words",
    [
        # Without a list, before or now.
        (NO_LIST, [*FAILED_OFF, RAN], "without a list it is not known"),
        (RAN, [*FAILED_OFF, NO_LIST], "without a list it is not known"),
        # Something happened since it was read.
        (RAN, [*FAILED_OFF[:1], RAN, {"tasks_failed": "Stop"}], "without a list it is not known"),
        # An emergency stop: what is in the roll-out and what is not.
        (RAN, [*FAILED_OFF, read(row("1", "STOPPED"), row("2", "RUNNING"), row("9", "STOPPED"))], "9 ran, and no longer does"),
        (RAN, [*FAILED_OFF, read(row("1", "STOPPED"), row("2", "STOPPED"), row("9", "RUNNING"))], "2 ran, and no longer does"),
        (RAN, [*FAILED_OFF, read(row("1", "STOPPED"), row("2", "RUNNING"))], "9 ran, and no longer does"),
        # It was off when its OFF came, though it ran at the start.
        (RAN, [FAILED_OFF[0], FOUND_OFF, {"tasks_failed": "x"}, read(row("2", "STOPPED"), row("9", "RUNNING"))], "2 ran"),
        # Nothing else ran: a stop of everything would leave no trace.
        (read(row("1", "RUNNING")), [*FAILED_OFF, read(row("1", "STOPPED"))], "no other bot ran"),
        # Nothing ran in the list, and the first one was on its way: a list of no accounts is not a bot that runs on.
        (read(row("1", "STOPPED")), [*FAILED_OFF, read(row("1", "STOPPED"))], "no other bot ran"),
    ],
)
def test_no_bot_is_turned_on_again_after_somebody_may_have_stopped_bots(before, events, words):
    now = back(before, *events, batches=TO_OFF)
    assert now["stop"] and now["roll_back_on"] == [] and now["not_rolled_back"] == ["1"]
    assert "NOT turned on again: 1, as " in now["msg"] and words in now["msg"]


def test_off_is_rolled_back_first_and_after_a_stop_nothing_is_turned_on():
    batches = ((Target("1", "off"),), (Target("2", "on"), Target("3", "on")))
    events = [
        read(row("1", "RUNNING"), row("2", "STOPPED"), row("3", "STOPPED"), row("9", "RUNNING")),
        switched(account("1", "off", changed=True, previous="RUNNING")),
        switched(account("2", changed=True, previous="STOPPED"), account("3", changed=True)),
        read(row("1", "STOPPED"), row("2", "STOPPED"), row("3", "RUNNING"), row("9", "RUNNING")),
    ]
    now = back(*events, batches=batches, most=9)
    assert [one["account_id"] for one in now["roll_back_off"]] == ["2", "3"] and now["roll_back_on"] == []
    events += [rolled_back(account("2", "off"), account("3", "off", "rejected", status=406)), read(row("9", "RUNNING"))]
    now = back(*events, batches=batches, most=9)
    assert (now["roll_back_off"], now["roll_back_on"], now["not_rolled_back"]) == ([], [], ["1"])
    assert "Rolled back: 2. NOT proven to be rolled back: 3. NOT turned on again: 1, as somebody may have stopped bots in the meantime: 2 ran" in now["msg"]


def test_a_roll_back_that_broke_is_not_forgotten():
    events = [read(row("1", "STOPPED")), switched(account("1", changed=True, previous="STOPPED")), {"tasks_failed": "x"}]
    now = back(*events, {"rolled_back": {"failed": True, "msg": "MODULE FAILURE"}})
    assert "NOT proven off: 1." in now["msg"] and "NOT proven to be rolled back: 1." in now["msg"]


def test_nothing_is_sent_back_to_an_account_that_may_be_another():
    now = back(switched(account("1", outcome="unknown", changed=True, previous="STOPPED"), msg="Not on: 1. " + DO_NOT_REPEAT))
    assert now["roll_back_off"] == [] and now["not_rolled_back"] == ["1"] and "another account may be meant: 1. Check" in now["msg"]


# --- the end -------------------------------------------------------------------------------------------------------


def test_the_end_names_what_failed_what_was_not_attempted_and_the_next_step():
    ended = after(switched(account("1", changed=True)), switched(account("2", outcome="unknown", changed=True), account("3")))
    assert ended["failed"] and ended["not_attempted"] == ["4"]
    assert ended["msg"] == (
        "Not on: 2. Stopped: 1 account failed, at most 0 may. Not attempted: 4."
        " Check what failed, then run again to go on: what is as wanted stays as it is."
    )


def test_the_end_of_a_roll_back_tells_the_states_that_were_proven():
    events = [
        switched(account("1", changed=True, previous="STOPPED")),
        switched(account("2", outcome="unknown", changed=True, previous="STOPPED"), account("3", changed=True)),
        rolled_back(account("1", "off", changed=True), account("2", "off", "rejected", status=406)),
    ]
    ended = back(*events)
    assert [(one["account_id"], one["state"], one["outcome"]) for one in ended["accounts"]] == [("1", "off", "ok"), ("2", "off", "rejected"), ("3", "on", "ok")]
    told = "NOT proven off: 2. Stopped: 1 account failed, at most 0 may. Not attempted: 4. Rolled back: 1. NOT proven to be rolled back: 2."
    assert ended["msg"].startswith(told)
    assert "NOT rolled back, as the state before is not known or another account may be meant: 3. Check them in Betmatic." in ended["msg"]


def test_a_good_end_counts_and_failures_within_the_limit_fail_all_the_same():
    good = [*GOOD, switched(account("4"))]
    assert (after(*good)["failed"], after(*good)["msg"]) == (False, "4 of 4 accounts as wanted, 1 changed, in 3 batches.")
    assert after(*GOOD, switched(account("4"), check_mode=True))["msg"] == "4 of 4 accounts as wanted, 1 to change, in 3 batches."
    assert after(*GOOD, switched(account("4", outcome="rejected")), most=1)["failed"]
    assert rollout.KINDS == ("switched", "read", "tasks_failed", "rolled_back")
