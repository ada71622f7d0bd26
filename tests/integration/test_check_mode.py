# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A play or a task says with `check_mode` what the command line does not: roles go by what was sent, and never by ansible_check_mode."""

from __future__ import annotations

import json

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import folder as holds
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import run, running
from ansible_collections.bookieops.betmatic.tests.integration.support.schedulers import Host
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer


@pytest.fixture(name="fleet")
def _fleet(simulator):
    simulator.put_accounts(running(3))
    return simulator


def play(folder, check_mode, *roles):
    """Write a play with its own check mode that includes roles, each as (name, tasks_from); returns its path."""
    tasks = [{"name": name, "ansible.builtin.include_role": {"name": f"bookieops.betmatic.{name}", "tasks_from": start}} for name, start in roles]
    whole = {"hosts": "localhost", "gather_facts": False, "check_mode": check_mode, "environment": {"BETMATIC_HOLDS": str(folder / "holds")}, "tasks": tasks}
    folder.joinpath("own.yml").write_text(json.dumps([whole]), encoding="utf-8")
    return "own.yml"


def standing(folder):
    return holds.read(str(folder / "holds")).holds


def test_a_stop_that_really_sends_is_judged_as_one_and_holds_every_account(fleet, tmp_path):
    fleet.patch_accounts({"id": 203, "maintenance": True})
    known = {"bookie_known_accounts": ["201", "203"], "bookie_retries": 1, "bookie_wait_timeout": 2}
    shown = run(tmp_path, fleet, play(tmp_path, False, ("emergency_stop", "main")), known, "--check", code=2)
    assert '"203": "NOT proven off' in shown and "Known accounts NOT proven off: 203" in " ".join(shown.split())
    assert fleet.bots()["201"] == "STOPPED" and None in {hold.scope for hold in standing(tmp_path)}


def test_a_roll_out_that_really_sends_stops_after_a_failed_canary(fleet, tmp_path):
    fleet.put_accounts([{**one, "bot": "STOPPED"} for one in running(3)])
    fleet.plan(answer(406, account="201", times=None))
    on = {"bookie_account_ids": ["201", "202", "203"], "bookie_state": True, "bookie_wait_timeout": 2}
    shown = run(tmp_path, fleet, play(tmp_path, False, ("rollout", "main")), on, "--check", code=2)
    assert {entry["account_id"] for entry in fleet.requests("POST")} == {"201"} and "Not attempted: 202, 203" in " ".join(shown.split())


def test_a_maintenance_that_really_switches_says_so(fleet, tmp_path):
    chosen = {"bookie_account_ids": ["201", "202"], "bookie_retries": 1, "bookie_wait_timeout": 3}
    shown = run(tmp_path, fleet, play(tmp_path, False, ("maintenance", "begin"), ("maintenance", "end")), chosen, "--check")
    assert "Turned on, as they ran before: 201, 202." in shown and "Would be" not in shown
    assert [entry["command"] for entry in fleet.requests("POST")].count("ON") == 2 and not standing(tmp_path)


@pytest.mark.parametrize(("roles", "variables", "words"), [
    ((("emergency_stop", "main"),), {}, '"201": "would be sent OFF"'),
    ((("rollout", "main"),), {"bookie_account_ids": ["201", "202", "203"], "bookie_state": "off"}, "3 to change, in"),
    ((("maintenance", "begin"), ("maintenance", "end")), {"bookie_account_ids": ["201"]}, "Would be turned on, as they ran before: 201."),
    ((("compliance", "main"),), {"bookie_all_accounts": True, "bookie_compliance_enforce": True}, '"201": "runs"'),
])
def test_a_play_that_only_checks_predicts_without_an_option_of_the_command_line(roles, variables, words, fleet, tmp_path):
    code = 2 if roles[0][0] == "compliance" else 0
    evidence = tmp_path / "evidence.json"
    shown = run(tmp_path, fleet, play(tmp_path, True, *roles), {**variables, "bookie_evidence_file": str(evidence)}, "-v", code=code)
    assert fleet.requests("POST") == [] and not standing(tmp_path)
    assert words in shown


def test_a_schedule_that_is_really_installed_is_started(simulator, tmp_path):
    host = Host(tmp_path, simulator)
    host.playbook = play(tmp_path, False, ("trading_day", "main"))
    day = {"bookie_account_ids": ["123"], "bookie_trading_windows": [{"start": "09:00", "end": "17:30"}], "bookie_scheduler": "systemd"}
    host.run(day, "--check")
    assert host.timers() == [f"bookie-trading_day-{state}.timer.{kept}" for state in ("off", "on") for kept in ("active", "enabled")]
