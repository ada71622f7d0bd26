# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A gradual change by its playbook: the order that the service saw, what stops it, and what is left as it was."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import every_other, killed, run, running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, cut, hang

NAME = "rollout"
IDS = ["201", "202", "203", "204", "205", "206"]
OFF = {"bookie_state": "off", "bookie_account_ids": IDS, "bookie_batch": 2, "bookie_wait_timeout": 3}
ON = {**OFF, "bookie_state": "on"}


@pytest.fixture(name="fleet")
def _fleet(simulator):
    simulator.put_accounts(running())
    return simulator


@pytest.fixture(name="idle")
def _idle(simulator):
    simulator.put_accounts([{**account, "bot": "STOPPED"} for account in running()])
    return simulator


def sent(simulator):
    """The commands in their order, without those that came a second time."""
    return list(dict.fromkeys((entry["account_id"], entry["command"]) for entry in simulator.requests("POST")))


def with_bots(simulator, bot):
    return [account for account, state in simulator.bots().items() if state == bot]


@pytest.mark.core
def test_the_canary_goes_first_then_batch_by_batch_and_a_second_run_changes_nothing(fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, {**OFF, "bookie_pause": 1, "bookie_concurrency": 1})
    assert sent(fleet) == [(account, "OFF") for account in IDS] and with_bots(fleet, "RUNNING") == []
    for line in ("batch 1 of 4: 1 account, 1 ok, 0 failed", "batch 2 of 4: 2 accounts, 2 ok, 0 failed", "batch 4 of 4: 1 account, 1 ok, 0 failed"):
        assert line in shown
    # Between the batches, not after the last; each batch is looked at again, and all of it once before.
    assert shown.count("Pausing for 1 seconds") == 3 and len(fleet.requests("GET")) == 5
    assert "201 Account 201: off" in shown and "6 of 6 accounts as wanted, 6 changed, in 4 batches." in shown
    shown = run(tmp_path, fleet, NAME, {**OFF, "bookie_pause": 1})
    assert "changed=0 " in shown and "Pausing" not in shown and with_bots(fleet, "RUNNING") == []


def test_booleans_of_yaml_and_numbers_are_taken(idle, tmp_path):
    run(tmp_path, idle, NAME, {"bookie_state": True, "bookie_account_ids": [201, "202"], "bookie_batch": "10%"})
    assert with_bots(idle, "RUNNING") == ["201", "202"]


def test_mixed_states_send_every_off_before_the_first_on_each_with_its_canary(fleet, tmp_path):
    fleet.patch_accounts({"id": 201, "bot": "STOPPED"}, {"id": 203, "bot": "STOPPED"})
    accounts = [{"account_id": account, "state": account in ("201", "203")} for account in IDS[:5]]
    shown = run(tmp_path, fleet, NAME, {"bookie_accounts": accounts, "bookie_batch": "40%"})
    assert "batches of 1, 2, 1, 1," in shown
    assert [command for _account, command in sent(fleet)] == ["OFF", "OFF", "OFF", "ON", "ON"]
    assert with_bots(fleet, "RUNNING") == ["201", "203", "206"]


@pytest.mark.core
def test_check_mode_sends_nothing_and_shows_every_batch(fleet, tmp_path):
    fleet.patch_accounts({"id": 202, "bot": "STOPPED"})
    shown = run(tmp_path, fleet, NAME, {**OFF, "bookie_account_ids": [*IDS, "999"], "bookie_pause": 60}, "--check", "--diff", code=2)
    assert fleet.requests("POST") == []
    assert "batch 2 of 4: 2 accounts, 1 ok, 1 would be sent OFF, 0 failed" in shown and "batch 4 of 4: 2 accounts, 0 ok, 1 would be sent OFF, 1 failed" in shown
    assert "203 Account 203: would be sent OFF" in shown and "203 Account 203: off" not in shown and "NOT proven off: 999." in shown
    shown = run(tmp_path, fleet, NAME, OFF, "--check")
    assert "1 of 6 accounts as wanted, 5 to change, in 4 batches." in shown and fleet.requests("POST") == []


def test_an_account_that_cannot_be_controlled_stops_it_before_the_next_on_and_the_rest_is_named(idle, tmp_path):
    idle.patch_accounts({"id": 203, "maintenance": True})
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_retries": 0}, code=2)
    assert {account for account, _command in sent(idle)} == {"201", "202", "203"}
    assert "203 Account 203: NOT proven on (rejected, 406" in shown and "204: not attempted" in shown
    assert "Not on: 203. Stopped: 1 account failed, at most 0 may. Not attempted: 204, 205, 206." in shown


@pytest.mark.core
def test_an_account_that_cannot_be_controlled_keeps_no_off_of_another_back(fleet, tmp_path):
    fleet.patch_accounts({"id": 201, "maintenance": True}, {"id": 206, "bot": "STOPPED"})
    fleet.plan(answer(500, on="list", skip=1, times=3))
    accounts = [{"account_id": account, "state": account == "206"} for account in IDS]
    shown = run(tmp_path, fleet, NAME, {"bookie_accounts": accounts, "bookie_batch": 2, "bookie_wait_timeout": 3, "bookie_retries": 0}, code=2)
    assert with_bots(fleet, "RUNNING") == ["201"] and "ON" not in {command for _account, command in sent(fleet)}
    assert "NOT proven off: 201. Stopped: 1 account failed, at most 0 may. Not attempted: 206." in shown


@pytest.mark.parametrize("most", [1, "17%"])
def test_failures_within_the_limit_do_not_stop_it_and_fail_it_in_the_end(fleet, tmp_path, most):
    fleet.patch_accounts({"id": 203, "maintenance": True})
    shown = run(tmp_path, fleet, NAME, {**OFF, "bookie_retries": 0, "bookie_max_failures": most}, code=2)
    assert with_bots(fleet, "RUNNING") == ["203"] and "NOT proven off: 203. Look at" in shown


@pytest.mark.core
def test_roll_back_touches_only_what_this_run_changed(idle, tmp_path):
    idle.patch_accounts({"id": 202, "bot": "RUNNING"}, {"id": 204, "maintenance": True}, {"id": 206, "bot": "RUNNING"})
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_roll_back": True, "bookie_reason": "CHG-7"}, "-vvv", code=2)
    assert with_bots(idle, "RUNNING") == ["202", "206"]
    # The batch that failed had switched 205: what this run switched is brought back, what ran before is not touched.
    assert sorted(account for account, command in sent(idle) if command == "OFF") == ["201", "203", "205"]
    assert "201 Account 201: off" in shown and "Rolled back: 201, 203, 205." in shown and '"reason": "Roll back: CHG-7"' in shown


def test_roll_back_brings_back_an_account_whose_answer_was_lost(idle, tmp_path):
    idle.plan(cut("body", account="202", command="ON", apply="before", patch=[{"id": 202, "bot": "RUNNING"}]))
    idle.plan(answer(406, account="203", command="ON"), change(rows={"202": None}, on="list", skip=2))
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_roll_back": True, "bookie_concurrency": 1, "bookie_wait_timeout": 0.5}, code=2)
    assert with_bots(idle, "RUNNING") == [] and "Rolled back: 201, 202." in shown


def test_without_roll_back_nothing_is_brought_back(idle, tmp_path):
    idle.patch_accounts({"id": 203, "maintenance": True})
    run(tmp_path, idle, NAME, ON, code=2)
    assert with_bots(idle, "RUNNING") == ["201", "202"] and {command for _account, command in sent(idle)} == {"ON"}


def test_a_bot_that_somebody_stops_in_the_meantime_stops_a_roll_out_to_on(idle, tmp_path):
    idle.plan(change({}, account="203", patch=[{"id": 201, "bot": "STOPPED"}]))
    shown = run(tmp_path, idle, NAME, ON, code=2)
    assert with_bots(idle, "RUNNING") == ["202", "203"]
    assert "the health check found 201 STOPPED where RUNNING is wanted" in shown and "201 Account 201: NOT proven on" in shown


def test_an_emergency_stop_in_the_meantime_stops_it_whatever_the_limit(idle, tmp_path):
    stop = [{"name": "Somebody stops all", "bookieops.betmatic.bookie_bot": {"all_accounts": True, "state": "off"}}]
    tmp_path.joinpath("check.yml").write_text(yaml.safe_dump(stop), encoding="utf-8")
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_check_tasks": "check.yml", "bookie_max_failures": "100%"}, code=2)
    assert with_bots(idle, "RUNNING") == [] and sent(idle)[:2] == [("201", "ON"), (None, "all_off")] and ("202", "ON") not in sent(idle)
    assert "the health check found 201 STOPPED where RUNNING is wanted" in shown


@pytest.mark.parametrize("text", ["- no.such.module:\n", "- name: [\n"])
def test_a_check_that_cannot_be_loaded_is_found_before_anything_is_sent(text, idle, tmp_path):
    tmp_path.joinpath("check.yml").write_text(text, encoding="utf-8")
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_check_tasks": "check.yml"}, code=4)
    assert "check.yml" in shown and idle.log() == []


def test_a_text_names_accounts_and_never_their_digits(idle, tmp_path):
    idle.put_accounts([{"id": key, "bot": "STOPPED"} for key in (2, 0, 1, 201, 202)])
    run(tmp_path, idle, NAME, None, "-e", "bookie_state=on", "-e", "bookie_account_ids=201,202")
    assert with_bots(idle, "RUNNING") == ["201", "202"]


def test_without_a_list_nothing_is_sent_unless_the_health_check_is_given_up(idle, tmp_path):
    idle.plan(answer(404, on="list", times=None))
    shown = run(tmp_path, idle, NAME, ON, code=2)
    assert idle.requests("POST") == [] and "bookie_health_check=false goes on without one" in shown
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_health_check": False})
    assert with_bots(idle, "STOPPED") == [] and "NO health check after a batch" in shown


def test_a_health_check_that_cannot_be_made_stops_it(idle, tmp_path):
    idle.plan(answer(404, on="list", skip=1, times=None))
    shown = run(tmp_path, idle, NAME, ON, code=2)
    assert with_bots(idle, "RUNNING") == ["201"] and "the health check could not be made: The service has no list" in shown


def test_a_task_of_the_operators_check_stops_it(idle, tmp_path):
    tasks = [{"name": "Too many", "ansible.builtin.assert": {"that": "bookie_progress.accounts | selectattr('outcome', 'eq', 'ok') | length < 3"}}]
    tmp_path.joinpath("check.yml").write_text(yaml.safe_dump(tasks), encoding="utf-8")
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_check_tasks": "check.yml"}, code=2)
    assert with_bots(idle, "RUNNING") == ["201", "202", "203"]
    assert "Stopped: a task of bookie_check_tasks failed after batch 2. Not attempted: 204, 205, 206." in shown


def test_a_service_that_fails_half_the_time_is_switched_off_all_the_same(fleet, tmp_path):
    fleet.plan(*every_other(500))
    run(tmp_path, fleet, NAME, OFF)
    assert with_bots(fleet, "RUNNING") == []


def test_a_service_that_fails_half_the_time_gets_no_second_on_and_a_second_run_goes_on(idle, tmp_path):
    idle.plan(*every_other(500))
    run(tmp_path, idle, NAME, {**ON, "bookie_max_failures": "100%", "bookie_wait_timeout": 0.5, "bookie_concurrency": 1}, code=2)
    assert len(idle.requests("POST")) == len(sent(idle)) and with_bots(idle, "STOPPED") != []
    idle.clear_plan()
    run(tmp_path, idle, NAME, ON)
    assert with_bots(idle, "STOPPED") == []


@pytest.mark.parametrize("most", [0, "100%"])
def test_a_token_that_expires_half_way_stops_it_whatever_the_limit(fleet, tmp_path, most):
    fleet.plan(answer(401, on="control_one", skip=2, times=None))
    shown = run(tmp_path, fleet, NAME, {**OFF, "bookie_max_failures": most, "bookie_concurrency": 1}, code=2)
    assert with_bots(fleet, "STOPPED") == ["201", "202"] and len(fleet.requests("POST")) == 3
    assert "401, the token is invalid or expired" in shown and "204: not attempted" in shown


def test_killed_in_the_middle_and_started_again(fleet, tmp_path):
    fleet.plan(hang(account="203"))
    killed(tmp_path, fleet, NAME, {**OFF, "bookie_concurrency": 1}, commands=3)
    assert with_bots(fleet, "STOPPED") == ["201", "202"]
    shown = run(tmp_path, fleet, NAME, OFF)
    assert with_bots(fleet, "RUNNING") == [] and "6 of 6 accounts as wanted, 4 changed" in shown


def test_an_empty_fleet_has_none_of_the_accounts(simulator, tmp_path):
    simulator.put_accounts([])
    shown = run(tmp_path, simulator, NAME, OFF, code=2)
    assert sorted(sent(simulator)) == [(account, "OFF") for account in IDS] and "201: NOT proven off (rejected, 404" in shown


@pytest.mark.parametrize(
    "variables,words",
    [
        ({"bookie_account_ids": []}, "name at least one account"),
        ({"bookie_accounts": [{"account_id": "201"}]}, "with one of the two"),
        ({"bookie_account_ids": ["201", ".."]}, "'..' is no account id"),
        ({"bookie_account_ids": ["201", ""]}, "'' is no account id"),
        ({"bookie_canary": -1}, "bookie_canary is"),
        ({"bookie_batch": "0%x"}, "bookie_batch is"),
        ({"bookie_max_failures": "few"}, "bookie_max_failures is"),
        ({"bookie_pause": -1}, "bookie_pause is -1"),
        ({"bookie_check_tasks": "none.yml"}, "bookie_check_tasks is none.yml, which is no file"),
        ({"bookie_state": "paused"}, "bookie_state"),
        ({"bookie_concurrency": "many"}, "bookie_concurrency"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(idle, tmp_path, variables, words):
    shown = run(tmp_path, idle, NAME, {**ON, **variables}, code=2)
    assert words in " ".join(shown.split()) and idle.log() == []


def test_a_name_of_the_service_is_never_a_template(idle, tmp_path):
    idle.patch_accounts({"id": 201, "display_name": "{{ 6 * 7 }}"}, {"id": 202, "maintenance": True})
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_roll_back": True}, code=2)
    assert "201 {{ 6 * 7 }}: off" in shown and "201 42" not in shown


def test_a_guard_keeps_its_account_back(idle, tmp_path):
    accounts = [{"account_id": "201", "state": "on", "display_name": "Another"}, {"account_id": "202", "state": "on"}]
    run(tmp_path, idle, NAME, {"bookie_accounts": accounts, "bookie_max_failures": 1}, code=2)
    assert sent(idle) == [("202", "ON")]


def test_each_variable_reaches_the_module(idle, tmp_path):
    variables = {"bookie_reason": "CHG-7", "bookie_concurrency": 3, "bookie_retries": 4, "bookie_wait_timeout": 5, "bookie_deadline": 6}
    shown = run(tmp_path, idle, NAME, {**ON, **variables}, "-vvv")
    for text in ('"reason": "CHG-7"', '"concurrency": 3', '"retries": 4', '"wait_timeout": 5', '"deadline": 6'):
        assert text in shown
