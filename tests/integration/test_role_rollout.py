# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A gradual change by its playbook: the order that the service saw, what stops it, and what is left as it was."""

from __future__ import annotations

import json

import pytest
import yaml

from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import every_other_fails, killed, run, running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, cut, hang

NAME = "rollout"
IDS = ["201", "202", "203", "204", "205", "206"]
OFF = {"bookie_state": "off", "bookie_account_ids": IDS, "bookie_batch_size": 2, "bookie_wait_timeout": 3}
# What YAML makes of on.
ON = {**OFF, "bookie_state": True}


@pytest.fixture(name="idle")
def _idle(simulator):
    simulator.put_accounts([{**account, "bot": "STOPPED"} for account in running()])
    return simulator


def sent(simulator):
    """The commands in their order, without those that came a second time."""
    return list(dict.fromkeys((entry["account_id"], entry["command"]) for entry in simulator.requests("POST")))


def with_bots(simulator, bot):
    return [account for account, state in simulator.bots().items() if state == bot]


def tasks(folder, *some):
    """A file of the operator's own tasks."""
    folder.joinpath("tasks.yml").write_text(yaml.safe_dump(list(some)), encoding="utf-8")
    return {"bookie_batch_tasks": "tasks.yml"}


STOP_ALL = {"name": "Stop all", "bookieops.betmatic.bookie_bot": {"all_accounts": True, "state": "off"}}
FAIL = {"name": "Look at the proxy", "ansible.builtin.fail": {"msg": "The proxy is down."}}


def test_the_canary_goes_first_then_batch_by_batch_and_a_second_run_changes_nothing(fleet, tmp_path):
    variables = {"bookie_pause": 1, "bookie_concurrency": 1, "bookie_reason": "CHG-7", "bookie_retries": 4, "bookie_deadline": 60}
    # Only a module of its own shows its options.
    shown = run(tmp_path, fleet, NAME, {**OFF, **variables}, "-vvv", more={"BETMATIC_IN_PROCESS": "false"})
    for text in ('"reason": "CHG-7"', '"concurrency": 1', '"retries": 4', '"wait_timeout": 3', '"deadline": 60'):
        assert text in shown
    assert sent(fleet) == [(account, "OFF") for account in IDS] and with_bots(fleet, "RUNNING") == []
    for line in ("batch 1 of 4: 1 account, 1 ok, 0 failed", "batch 2 of 4: 2 accounts, 2 ok, 0 failed", "batch 4 of 4: 1 account, 1 ok, 0 failed"):
        assert line in shown
    # Between the batches, not after the last; each batch is looked at again, and all of it once before.
    assert shown.count("Pausing for 1 seconds") == 3 and len(fleet.requests("GET")) == 5
    assert '"201": "off"' in shown and "6 of 6 accounts as wanted, 6 changed, in 4 batches." in shown
    shown = run(tmp_path, fleet, NAME, {**OFF, "bookie_pause": 1})
    assert "changed=0 " in shown and "Pausing" not in shown and with_bots(fleet, "RUNNING") == []


def test_a_bookmaker_names_accounts_and_one_that_no_account_has_sends_nothing(fleet, tmp_path):
    fleet.patch_accounts({"id": 204, "bookie": "Bet 365"}, {"id": 206, "bookie": "Bet 365"})
    some = {"bookie_state": "off", "bookie_bookmakers": "Bet 365,TABB", "bookie_batch_size": "100%"}
    assert "the list has no account at TABB. It has Bet 365, TAB." in run(tmp_path, fleet, NAME, some, code=2)
    assert fleet.requests("POST") == []
    shown = run(tmp_path, fleet, NAME, {**some, "bookie_bookmakers": "Bet 365"})
    assert with_bots(fleet, "STOPPED") == ["204", "206"] and "2 of 2 accounts as wanted" in shown


def test_a_text_names_accounts_and_a_percentage_keeps_the_canary_of_a_small_fleet(idle, tmp_path):
    idle.put_accounts([{"id": key, "bot": "STOPPED"} for key in (2, 0, 1, 201, 202)])
    given = "bookie_state=on bookie_account_ids=201,202 bookie_canary=10% bookie_batch_size=100%"
    shown = run(tmp_path, idle, NAME, None, "-e", given)
    assert with_bots(idle, "RUNNING") == ["201", "202"] and "batches of 1, 1, stopped when more than 0 accounts fail" in shown


def test_check_mode_sends_nothing_and_shows_every_batch(fleet, tmp_path):
    fleet.patch_accounts({"id": 202, "bot": "STOPPED"})
    shown = run(tmp_path, fleet, NAME, {**OFF, "bookie_account_ids": [*IDS, "999"], "bookie_pause": 60}, "--check", "--diff", code=2)
    assert fleet.requests("POST") == []
    assert "batch 2 of 4: 2 accounts, 1 ok, 1 would be sent OFF, 0 failed" in shown and "batch 4 of 4: 2 accounts, 0 ok, 1 would be sent OFF, 1 failed" in shown
    assert '"203": "would be sent OFF"' in shown and '"203": "off"' not in shown and "NOT proven off: 999." in shown


def test_an_account_that_cannot_be_controlled_stops_it_before_the_next_on_and_the_rest_is_named(idle, tmp_path):
    idle.patch_accounts({"id": 203, "maintenance": True})
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_retries": 0}, code=2)
    assert {account for account, _command in sent(idle)} == {"201", "202", "203"} and with_bots(idle, "RUNNING") == ["201", "202"]
    assert '"203": "NOT proven on (' in shown and '"204": "not attempted"' in shown
    assert "Not on: 203. Stopped: 1 account failed, at most 0 may. Not attempted: 204, 205, 206." in shown


@pytest.mark.core
def test_an_account_that_cannot_be_controlled_keeps_no_off_of_another_back(fleet, tmp_path):
    fleet.patch_accounts({"id": 201, "maintenance": True}, {"id": 206, "bot": "STOPPED"})
    fleet.plan(answer(500, on="list", skip=1, times=3))
    accounts = [{"account_id": account, "state": account == "206"} for account in IDS]
    shown = run(tmp_path, fleet, NAME, {"bookie_accounts": accounts, "bookie_batch_size": 2, "bookie_wait_timeout": 3, "bookie_retries": 0}, code=2)
    assert with_bots(fleet, "RUNNING") == ["201"] and "ON" not in {command for _account, command in sent(fleet)}
    assert "NOT proven off: 201. Stopped: 1 account failed, at most 0 may. Not attempted: 206." in shown


def test_failures_within_the_limit_do_not_stop_it_and_fail_it_in_the_end(fleet, tmp_path):
    fleet.patch_accounts({"id": 203, "maintenance": True})
    shown = run(tmp_path, fleet, NAME, {**OFF, "bookie_retries": 0, "bookie_max_failures": "17%"}, code=2)
    assert with_bots(fleet, "RUNNING") == ["203"] and "NOT proven off: 203. Check" in shown


# --- the roll back -------------------------------------------------------------------------------------------------


# Each of them changes what a role of another writing would do.
SETTINGS = {"ANSIBLE_STRATEGY": "free", "ANSIBLE_ANY_ERRORS_FATAL": "true", "ANSIBLE_JINJA2_NATIVE": "true", "ANSIBLE_BECOME": "true"}


@pytest.mark.parametrize("strategy", [pytest.param("", marks=pytest.mark.core), "free", "host_pinned"])
def test_roll_back_touches_only_what_this_run_changed_under_any_settings(strategy, idle, tmp_path):
    idle.patch_accounts(
        {"id": 201, "display_name": "{{ 6 * 7 }}"}, {"id": 202, "bot": "RUNNING"}, {"id": 204, "maintenance": True}, {"id": 206, "bot": "RUNNING"},
    )
    more = {**SETTINGS, "ANSIBLE_STRATEGY": strategy} if strategy else {}
    # Ansible's type bool takes y for true, its filter `bool` for false.
    said = {"bookie_roll_back": "y", "bookie_health_check": "t"}
    shown = run(tmp_path, idle, NAME, {**ON, **said, "bookie_reason": "CHG-7"}, "-vvv", code=2, more=more)
    assert "a health check after each batch" in shown and "NO health check" not in shown
    assert with_bots(idle, "RUNNING") == ["202", "206"] and "{{ 6 * 7 }}" in shown
    # The batch that failed had switched 205: what this run switched is brought back, what ran before is not touched.
    assert sorted(account for account, command in sent(idle) if command == "OFF") == ["201", "203", "205"]
    assert '"201": "off"' in shown and "Rolled back: 201, 203, 205. Check" in shown and '"reason": "Roll back: CHG-7"' in shown


def test_roll_back_brings_back_an_account_whose_answer_was_lost(idle, tmp_path):
    idle.plan(cut("body", account="202", command="ON", apply="before", patch=[{"id": 202, "bot": "RUNNING"}]))
    idle.plan(answer(406, account="203", command="ON"), change(rows={"202": None}, on="list", skip=2))
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_roll_back": True, "bookie_concurrency": 1, "bookie_wait_timeout": 0.5}, code=2)
    assert with_bots(idle, "RUNNING") == [] and "Rolled back: 201, 202." in shown


def test_roll_back_turns_bots_on_again_where_the_list_proves_that_nobody_stopped_any(fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, {**OFF, **tasks(tmp_path, FAIL), "bookie_roll_back": True}, code=2)
    assert with_bots(fleet, "STOPPED") == [] and sent(fleet) == [("201", "OFF"), ("201", "ON")]
    assert "Stopped: the task 'Look at the proxy' of bookie_batch_tasks failed after batch 1. Not attempted: 202" in shown and "Rolled back: 201." in shown
    # Right before the ON the list was read.
    assert [entry["method"] for entry in fleet.log()][-2:] == ["GET", "POST"]


@pytest.mark.core
@pytest.mark.parametrize("health_check", [True, False])
def test_roll_back_turns_no_bot_on_after_an_emergency_stop(health_check, fleet, tmp_path):
    variables = {**OFF, **tasks(tmp_path, STOP_ALL, FAIL), "bookie_roll_back": True, "bookie_health_check": health_check}
    shown = run(tmp_path, fleet, NAME, variables, code=2)
    assert with_bots(fleet, "RUNNING") == [] and {command for _account, command in sent(fleet)} == {"OFF", "all_off"}
    assert "NOT turned on again: 201, as somebody may have stopped bots in the meantime: 202, 203, 204, 205, 206 ran, and no longer does" in shown


def test_roll_back_turns_no_bot_on_without_a_list(fleet, tmp_path):
    fleet.plan(answer(404, on="list", skip=1, times=None))
    shown = run(tmp_path, fleet, NAME, {**OFF, **tasks(tmp_path, FAIL), "bookie_roll_back": True}, code=2)
    assert sent(fleet) == [("201", "OFF")] and "NOT turned on again: 201, as without a list" in shown


# --- what stops it -------------------------------------------------------------------------------------------------


def test_an_emergency_stop_in_the_meantime_stops_it_whatever_the_limit(idle, tmp_path):
    shown = run(tmp_path, idle, NAME, {**ON, **tasks(tmp_path, STOP_ALL), "bookie_max_failures": "100%"}, code=2)
    assert with_bots(idle, "RUNNING") == [] and sent(idle)[:2] == [("201", "ON"), (None, "all_off")] and ("202", "ON") not in sent(idle)
    assert "the health check found 201 STOPPED where RUNNING is wanted" in shown


def test_tasks_that_cannot_be_loaded_are_found_before_anything_is_sent(idle, tmp_path):
    tmp_path.joinpath("tasks.yml").write_text("- no.such.module:\n", encoding="utf-8")
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_batch_tasks": "tasks.yml"}, code=4)
    assert "tasks.yml" in shown and idle.log() == []


def test_without_a_list_nothing_is_sent_unless_the_health_check_is_given_up(idle, tmp_path):
    idle.plan(answer(404, on="list", times=None))
    shown = run(tmp_path, idle, NAME, ON, code=2)
    assert idle.requests("POST") == [] and "bookie_health_check=false goes on without one" in shown
    shown = run(tmp_path, idle, NAME, {**ON, "bookie_health_check": False})
    assert with_bots(idle, "STOPPED") == [] and "NO health check after a batch" in shown


def test_a_task_of_the_operator_sees_the_roll_out_and_stops_it(idle, tmp_path):
    few = {"name": "Too many", "ansible.builtin.assert": {"that": "_rollout_status.accounts | selectattr('outcome', 'eq', 'ok') | length < 3"}}
    shown = run(tmp_path, idle, NAME, {**ON, **tasks(tmp_path, few)}, code=2)
    assert with_bots(idle, "RUNNING") == ["201", "202", "203"]
    assert "Stopped: the task 'Too many' of bookie_batch_tasks failed after batch 2. Not attempted: 204, 205, 206." in shown


def test_a_service_that_fails_half_the_time_gets_no_second_on_and_a_second_run_goes_on(idle, tmp_path):
    idle.plan(*every_other_fails())
    run(tmp_path, idle, NAME, {**ON, "bookie_max_failures": "100%", "bookie_wait_timeout": 0.5, "bookie_concurrency": 1}, code=2)
    assert len(idle.requests("POST")) == len(sent(idle)) and with_bots(idle, "STOPPED") != []
    idle.clear_plan()
    run(tmp_path, idle, NAME, ON)
    assert with_bots(idle, "STOPPED") == []


def test_a_token_that_expires_half_way_stops_it_whatever_the_limit(fleet, tmp_path):
    fleet.plan(answer(401, on="control_one", skip=2, times=None))
    shown = run(tmp_path, fleet, NAME, {**OFF, "bookie_max_failures": "100%", "bookie_concurrency": 1}, code=2)
    assert with_bots(fleet, "STOPPED") == ["201", "202"] and len(fleet.requests("POST")) == 3
    assert "401, the token is invalid or expired" in shown and '"204": "not attempted"' in shown


def test_killed_in_the_middle_and_started_again(fleet, tmp_path):
    fleet.plan(hang(account="203"))
    killed(tmp_path, fleet, NAME, {**OFF, "bookie_concurrency": 1}, commands=3)
    assert with_bots(fleet, "STOPPED") == ["201", "202"]
    shown = run(tmp_path, fleet, NAME, OFF)
    assert with_bots(fleet, "RUNNING") == [] and "6 of 6 accounts as wanted, 4 changed" in shown


# --- what is refused -----------------------------------------------------------------------------------------------

REFUSED = {
    "with exactly one of bookie_account_ids, bookie_bookmakers, bookie_accounts and bookie_fleet_file.": {"bookie_account_ids": []},
    "bookie_account_ids and bookie_bookmakers are given": {"bookie_bookmakers": "TAB"},
    "bookie_account_ids and bookie_accounts are given": {"bookie_accounts": [{"account_id": "201"}]},
    "bookie_account_ids and bookie_fleet_file are given": {"bookie_fleet_file": "fleet.yml"},
    "bookie_all_accounts is true, which a roll-out does not offer": {"bookie_all_accounts": True, "bookie_account_ids": []},
    "bookie_all_accounts cannot be rendered": {"bookie_all_accounts": "{{ mistyped }}"},
    "bookie_state is on, but each account of bookie_fleet_file has a state of its own": {"bookie_fleet_file": "fleet.yml", "bookie_account_ids": []},
    "'..'": {"bookie_account_ids": ["201", ".."]},
    "bookie_canary is": {"bookie_canary": -1},
    "bookie_batch_size is '0%'": {"bookie_batch_size": "0%"},
    "bookie_max_failures is 'few'": {"bookie_max_failures": "few"},
    "bookie_pause is -1": {"bookie_pause": -1},
    "bookie_batch_tasks is none.yml, which is not a file": {"bookie_batch_tasks": "none.yml"},
    "bookie_batch_tasks is empty, which is not a file": {"bookie_batch_tasks": None},
    "bookie_state": {"bookie_state": "paused"},
    "bookie_concurrency": {"bookie_concurrency": "many"},
    "bookie_concurrency is 100: give a whole number from 1 to 64. bookie_deadline is 0.0: give": {"bookie_concurrency": 100, "bookie_deadline": 0},
}


def test_what_cannot_be_used_is_refused_by_name(idle, tmp_path):
    tmp_path.joinpath("fleet.yml").write_text("accounts: [{account_id: 201, state: on}]", encoding="utf-8")
    role = {"ansible.builtin.include_role": {"name": "bookieops.betmatic.rollout"}}
    why = "{{ ansible_failed_result.results | default([]) | map(attribute='msg') | join(' ') }} {{ ansible_failed_result.msg }}"
    blocks = [
        {
            "block": [{"name": "Roll out", **role, "vars": {**ON, "bookie_state": "on", **variables}}],
            "rescue": [{"name": "Show", "ansible.builtin.debug": {"msg": f"refused {number}: {why}"}}],
        }
        for number, variables in enumerate(REFUSED.values())
    ]
    tmp_path.joinpath("play.yml").write_text(json.dumps([{"name": "Refused", "hosts": "localhost", "gather_facts": False, "tasks": blocks}]), encoding="utf-8")
    shown = run(tmp_path, idle, "play.yml")
    lines = {int(line.split("refused ")[1].split(":")[0]): line for line in shown.splitlines() if "refused " in line}
    assert [words for number, words in enumerate(REFUSED) if words not in lines.get(number, "")] == [] and idle.log() == []


def test_a_tag_of_the_task_that_includes_it_leaves_nothing_out_in_silence(idle, tmp_path):
    task = {"name": "Roll out", "ansible.builtin.include_role": {"name": "bookieops.betmatic.rollout"}, "vars": ON, "tags": ["roll"]}
    play = {"name": "Cut", "hosts": "localhost", "gather_facts": False, "tasks": [task]}
    tmp_path.joinpath("play.yml").write_text(json.dumps([play]), encoding="utf-8")
    shown = run(tmp_path, idle, "play.yml", None, "--tags", "roll", code=2)
    told = "Nothing was sent: --tags, --skip-tags or --start-at-task left out tasks of bookieops.betmatic.rollout"
    assert told in " ".join(shown.split()) and idle.log() == []
