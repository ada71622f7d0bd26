# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""After a stop nothing of this collection turns a bot on, until somebody lifts the hold."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import run, running

FOLDER = ("home", ".local", "state", "bookieops", "holds")
QUICK = {"bookie_retries": 0, "bookie_wait_timeout": 3}
TURN_ON = {
    "switch": {"bookie_account_ids": ["201"], "bookie_state": True},
    "rollout": {"bookie_account_ids": ["201", "202"], "bookie_state": True},
    "recovery": {"bookie_fleet_file": "fleet.yml"},
    "drift": {"bookie_fleet_file": "fleet.yml", "bookie_enforce": True},
}


@pytest.fixture(name="fleet")
def _fleet(simulator):
    simulator.put_accounts(running(2))
    return simulator


def standing(folder):
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.joinpath(*FOLDER).glob("*.json"))]


def commands(fleet):
    return [entry["command"] for entry in fleet.requests("POST")]


@pytest.mark.core
def test_a_stop_holds_a_second_one_finds_the_hold_and_an_on_is_held_until_it_is_lifted(fleet, tmp_path):
    shown = run(tmp_path, fleet, "emergency_stop", {"bookie_reason": "two bots at once"})
    [hold] = standing(tmp_path)
    assert (hold["name"], hold["scope"], hold["api_url"]) == ("emergency_stop", "all", fleet.url) and hold["id"] in shown
    assert "changed=0 " in run(tmp_path, fleet, "emergency_stop") and len(standing(tmp_path)) == 1
    fleet.clear_log()
    shown = run(tmp_path, fleet, "switch", TURN_ON["switch"], code=2)
    assert commands(fleet) == [] and "two bots at once" in shown and f"bookieops.betmatic.lift -e bookie_hold_id={hold['id']}" in shown
    run(tmp_path, fleet, "lift", {"bookie_hold_id": hold["id"], "bookie_reason": "checked"})
    assert fleet.log() == []
    run(tmp_path, fleet, "switch", TURN_ON["switch"])
    assert fleet.bots() == {"201": "RUNNING", "202": "STOPPED"}


@pytest.mark.parametrize("name", [name for name in TURN_ON if name != "switch"])
def test_no_playbook_turns_a_bot_on_while_it_is_held(name, fleet, tmp_path):
    fleet.patch_accounts({"id": 201, "bot": "STOPPED"}, {"id": 202, "bot": "STOPPED"})
    run(tmp_path, fleet, "hold", {"bookie_all_accounts": True, "bookie_reason": "two bots at once"})
    tmp_path.joinpath("fleet.yml").write_text("accounts: [{account_id: '201', state: on}, {account_id: '202', state: on}]\n", encoding="utf-8")
    shown = run(tmp_path, fleet, name, {**QUICK, **TURN_ON[name]}, code=2)
    assert commands(fleet) == [] and "two bots at once" in shown


def test_a_stop_without_a_hold_and_one_that_cannot_hold(fleet, tmp_path):
    run(tmp_path, fleet, "emergency_stop", {"bookie_hold": False})
    assert not tmp_path.joinpath(*FOLDER).exists()
    file = tmp_path / "a file"
    file.touch()
    shown = run(tmp_path, fleet, "emergency_stop", {"bookie_holds_path": str(file)}, code=2)
    assert re.search(r'"msg": "NO HOLD stands: ', shown) and "2 of 2 accounts as wanted" in shown


def test_the_known_accounts_are_not_kept_waiting_by_a_hold(fleet, tmp_path):
    fleet.patch_accounts({"id": 202, "maintenance": True})
    run(tmp_path, fleet, "emergency_stop", {**QUICK, "bookie_known_accounts": ["201", "202"]}, code=2)
    assert commands(fleet)[0] == "all_off" and {hold["name"] for hold in standing(tmp_path)} == {"emergency_stop"}
    assert "all" in [hold["scope"] for hold in standing(tmp_path)] and fleet.bots()["201"] == "STOPPED"
