# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""After a stop nothing of this collection turns a bot on, until somebody lifts the hold."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import run, running
from ansible_collections.bookieops.betmatic.tests.integration.support.schedulers import Host

FOLDER = ("home", ".local", "state", "bookieops", "holds")
QUICK = {"bookie_retries": 0, "bookie_wait_timeout": 3}
# The maintenance first: its own hold keeps the others back until it has ended.
TURN_ON = {
    "maintenance_end": {},
    "trading_day": {},
    "switch": {"bookie_account_ids": ["201"], "bookie_state": True},
    "rollout": {"bookie_account_ids": ["201", "202"], "bookie_state": True},
    "recovery": {"bookie_fleet_file": "fleet.yml"},
    "drift": {"bookie_fleet_file": "fleet.yml", "bookie_drift_enforce": True},
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


def test_nothing_turns_a_bot_on_while_a_hold_stands_and_all_of_it_works_once_it_is_lifted(fleet, tmp_path):
    """What else could: a maintenance that was begun, a schedule, a roll-out, the recovery, a fleet that is enforced, a single switch."""
    host = Host(tmp_path, fleet)
    windows = [{"start": "09:00", "end": "17:30"}]
    host.run({"bookie_account_ids": ["201", "202"], "bookie_trading_windows": windows, "bookie_retries": 0, "bookie_wait_timeout": 3})
    schedule = next(job for job in host.jobs().values() if job.endswith(" on"))
    run(tmp_path, fleet, "maintenance_begin", {**QUICK, "bookie_account_ids": ["201"]})
    [own] = standing(tmp_path)
    run(tmp_path, fleet, "emergency_stop", {"bookie_reason": "two bots at once"})
    [stop] = [hold for hold in standing(tmp_path) if hold["id"] != own["id"]]
    tmp_path.joinpath("fleet.yml").write_text("accounts: [{account_id: '201', state: on}, {account_id: '202', state: on}]\n", encoding="utf-8")

    def turn_on(name, code):
        if name == "trading_day":
            log = host.home / ".local/state/bookieops/trading_day.log"
            log.unlink(missing_ok=True)
            assert (host.fire(schedule)[0] != 0) is bool(code)
            return log.read_text(encoding="utf-8")
        return run(tmp_path, fleet, name, {**QUICK, **TURN_ON[name]}, code=code)

    fleet.clear_log()
    for name in TURN_ON:
        shown = " ".join(turn_on(name, 2).split())
        why = f"held since {stop['placed_at']} by {stop['placed_by']} on {stop['host']} (emergency_stop: two bots at once), hold {stop['id']}"
        assert why in shown and f"bookieops.betmatic.lift -e bookie_hold_id={stop['id']} " in shown, name
    assert commands(fleet) == []
    run(tmp_path, fleet, "lift", {"bookie_hold_id": stop["id"], "bookie_reason": "checked with the desk"})
    assert commands(fleet) == []
    for name in TURN_ON:
        fleet.patch_accounts({"id": 201, "bot": "STOPPED"}, {"id": 202, "bot": "STOPPED"})
        turn_on(name, 0)
        assert fleet.bots()["201"] == "RUNNING", name


def test_a_stop_without_a_hold_and_one_that_cannot_hold(fleet, tmp_path):
    shown = run(tmp_path, fleet, "emergency_stop", {"bookie_hold": False})
    assert f" changed. Service: {fleet.url}." in shown
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
