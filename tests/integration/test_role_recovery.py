# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""After an outage, by the playbook: what was last asked for comes back, by the trail that the callback wrote or by the declared fleet."""

from __future__ import annotations

import json

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import command
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import every_other, killed, run, running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, hang

NAME = "recovery"
WANTED = {"201": "on", "202": "on", "203": "off", "204": "on"}
BOTS = {"201": "RUNNING", "202": "RUNNING", "203": "STOPPED", "204": "RUNNING", "205": "RUNNING", "206": "RUNNING"}
QUICK = {"bookie_batch": 2, "bookie_wait_timeout": 3, "bookie_concurrency": 1}
DECLARED = {"bookie_fleet_file": "fleet.yml", **QUICK}


@pytest.fixture(name="fleet")
def _fleet(simulator, tmp_path):
    """After the outage: the wanted ones stopped, the unwanted one running, two accounts that nobody recorded."""
    outage(simulator)
    accounts = [{"account_id": account, "state": state} for account, state in WANTED.items()]
    tmp_path.joinpath("fleet.yml").write_text(json.dumps({"accounts": accounts}), encoding="utf-8")
    return simulator


def outage(simulator):
    simulator.put_accounts([{**account, "bot": "RUNNING" if account["id"] in (203, 205, 206) else "STOPPED"} for account in running()])


def recorded(simulator, folder, *playbooks):
    """Run playbooks with the callback, then let the outage come; returns the trail."""
    trail = {"ANSIBLE_CALLBACKS_ENABLED": "bookieops.betmatic.bookie_audit", "BOOKIE_AUDIT_PATH": str(folder / "audit.jsonl")}
    for name, variables in playbooks:
        command(folder, simulator, "playbook", "bookieops.betmatic." + name, "-e", json.dumps(variables), more=trail)
    outage(simulator)
    simulator.clear_log()
    return folder / "audit.jsonl"


def asked(account_id, state):
    return "switch", {"bookie_account_ids": [account_id], "bookie_state": state}


@pytest.mark.core
def test_the_declared_fleet_comes_back_gradually_and_a_second_run_changes_nothing(fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, DECLARED)
    assert fleet.bots() == BOTS and "batch 1 of 3: 1 account, 1 ok, 0 failed" in shown
    assert [(entry["account_id"], entry["command"]) for entry in fleet.requests("POST")] == [("203", "OFF"), ("201", "ON"), ("202", "ON"), ("204", "ON")]
    assert "changed=0 " in run(tmp_path, fleet, NAME, DECLARED)


def test_what_the_trail_says_was_last_asked_for_comes_back(fleet, tmp_path):
    trail = recorded(fleet, tmp_path, asked("201", "off"), asked("201", "on"), asked("203", "off"))
    shown = run(tmp_path, fleet, NAME, {"bookie_audit_path": str(trail), **QUICK})
    assert "201 Account 201: on, asked for at " in shown
    assert fleet.bots() == {**BOTS, "202": "STOPPED", "204": "STOPPED"}


def test_after_an_emergency_stop_all_stays_off_unless_a_time_before_it_is_given(fleet, tmp_path):
    trail = recorded(fleet, tmp_path, asked("201", "on"), asked("203", "on"))
    before = json.loads(trail.read_text(encoding="utf-8").splitlines()[-1])["time"]
    recorded(fleet, tmp_path, ("emergency_stop", {}))
    run(tmp_path, fleet, NAME, {"bookie_audit_path": str(trail), **QUICK})
    assert set(fleet.bots().values()) == {"STOPPED"}
    run(tmp_path, fleet, NAME, {"bookie_audit_path": str(trail), "bookie_recovery_until": before, **QUICK})
    assert [account for account, bot in fleet.bots().items() if bot == "RUNNING"] == ["201", "203"]


def test_check_mode_sends_nothing_and_shows_what_would_be(fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, DECLARED, "--check", "--diff")
    assert fleet.requests("POST") == [] and "201 Account 201: would be sent ON" in shown


def test_an_account_that_cannot_be_controlled_fails_the_run(fleet, tmp_path):
    fleet.patch_accounts({"id": 202, "maintenance": True})
    shown = run(tmp_path, fleet, NAME, {**DECLARED, "bookie_max_failures": 1}, code=2)
    assert "202 Account 202: NOT proven on (rejected, 406" in shown and fleet.bots() == {**BOTS, "202": "STOPPED"}


def test_a_service_that_fails_half_the_time_needs_a_second_run(fleet, tmp_path):
    fleet.plan(*every_other(500))
    run(tmp_path, fleet, NAME, {**DECLARED, "bookie_wait_timeout": 0.5}, code=2)
    fleet.clear_plan()
    run(tmp_path, fleet, NAME, DECLARED)
    assert fleet.bots() == BOTS


def test_a_token_that_expires_half_way_stops_it(fleet, tmp_path):
    fleet.plan(answer(401, on="control_one", skip=2, times=None))
    shown = run(tmp_path, fleet, NAME, DECLARED, code=2)
    assert "401, the token is invalid or expired" in shown and fleet.bots()["204"] == "STOPPED"


def test_killed_in_the_middle_and_started_again(fleet, tmp_path):
    fleet.plan(hang(account="202"))
    killed(tmp_path, fleet, NAME, DECLARED, commands=3)
    assert fleet.bots() != BOTS
    run(tmp_path, fleet, NAME, DECLARED)
    assert fleet.bots() == BOTS


def test_an_empty_fleet_has_none_of_the_accounts(fleet, tmp_path):
    fleet.put_accounts([])
    shown = run(tmp_path, fleet, NAME, DECLARED, code=2)
    assert "203: NOT proven off (rejected, 404" in shown and len(fleet.requests("POST")) == 1


def test_a_torn_line_is_named_and_left_out(fleet, tmp_path):
    trail = recorded(fleet, tmp_path, asked("201", "on"))
    with open(trail, "ab") as file:
        file.write(b'{"time": "2026-11-21T09: \xc3')
    shown = run(tmp_path, fleet, NAME, {"bookie_audit_path": str(trail), **QUICK})
    assert "could not be read: what they asked for is NOT in this record: 2" in shown and fleet.bots()["201"] == "RUNNING"


@pytest.mark.parametrize(
    "variables,words",
    [
        ({}, "exactly one of bookie_audit_path and bookie_fleet_file"),
        ({"bookie_audit_path": "audit.jsonl", "bookie_fleet_file": "fleet.yml"}, "exactly one of bookie_audit_path and bookie_fleet_file"),
        ({"bookie_fleet_file": "fleet.yml", "bookie_recovery_until": "2026-11-21T03:30:00Z"}, "bookie_recovery_until with bookie_audit_path only"),
        ({"bookie_fleet_file": "fleet.yml", "bookie_state": "on"}, "A recovery takes accounts and states from its record"),
        ({"bookie_fleet_file": "empty.yml"}, "the fleet file is empty"),
        ({"bookie_audit_path": "empty.yml"}, "the audit trail holds no state that anybody asked for"),
        ({"bookie_audit_path": "fleet.yml"}, "is no entry of an audit trail that this version knows"),
        ({"bookie_audit_path": "empty.yml", "bookie_recovery_until": "yesterday"}, "give a time with its offset"),
        ({"bookie_fleet_file": "none.yml"}, "none.yml"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_sent(fleet, tmp_path, variables, words):
    tmp_path.joinpath("empty.yml").write_text("", encoding="utf-8")
    shown = run(tmp_path, fleet, NAME, variables, code=2)
    assert words in " ".join(shown.split()) and fleet.log() == []
