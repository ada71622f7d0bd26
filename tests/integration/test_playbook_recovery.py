# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""After an outage, by the playbook: what the fleet file declares comes back, gradually, and nothing else is touched."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import killed, run, running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import hang

NAME = "recovery"
FLEET = """accounts:
- {account_id: 201, state: on, display_name: Account 201}
- {account_id: 202, state: on}
- {account_id: 203, state: off}
- {account_id: 204, state: on}
"""
DECLARED = {"bookie_fleet_file": "fleet.yml", "bookie_batch_size": 2, "bookie_wait_timeout": 3, "bookie_concurrency": 1}


def outage(simulator, folder):
    simulator.put_accounts([{**account, "bot": "RUNNING" if account["id"] in (203, 205, 206) else "STOPPED"} for account in running()])
    folder.joinpath("fleet.yml").write_text(FLEET, encoding="utf-8")


def test_the_declared_fleet_comes_back_gradually_also_after_a_kill_and_a_second_run_changes_nothing(simulator, tmp_path):
    outage(simulator, tmp_path)
    simulator.plan(hang(account="202"))
    killed(tmp_path, simulator, NAME, DECLARED, commands=3)
    simulator.clear_log()
    shown = run(tmp_path, simulator, NAME, DECLARED)
    assert simulator.bots() == {"201": "RUNNING", "202": "RUNNING", "203": "STOPPED", "204": "RUNNING", "205": "RUNNING", "206": "RUNNING"}
    assert "batches of 1, 1, 2, stopped" in shown and "4 of 4 accounts as wanted, 2 changed" in shown
    assert "changed=0 " in run(tmp_path, simulator, NAME, DECLARED)


@pytest.mark.core
def test_an_account_of_another_name_is_not_touched(simulator, tmp_path):
    outage(simulator, tmp_path)
    simulator.patch_accounts({"id": 201, "display_name": "Another"})
    shown = run(tmp_path, simulator, NAME, {**DECLARED, "bookie_max_failures": 1}, code=2)
    assert "201" not in {entry["account_id"] for entry in simulator.requests("POST")} and simulator.bots()["204"] == "RUNNING"
    assert "Not on: 201. Check" in shown


def test_it_takes_accounts_and_states_from_the_fleet_file_alone(simulator, tmp_path):
    outage(simulator, tmp_path)
    tmp_path.joinpath("empty.yml").write_text("", encoding="utf-8")
    for variables, words in (
        ({"bookie_account_ids": ["201"], "bookie_state": "on"}, "bookie_fleet_file is missing"),
        ({"bookie_fleet_file": "empty.yml"}, "the fleet file is empty: begin with"),
        ({"bookie_fleet_file": "none.yml"}, "bookie_fleet_file none.yml: "),
        ({"bookie_fleet_file": "empty.yml", "bookie_account_ids": ["201"]}, "bookie_account_ids and bookie_fleet_file are given"),
    ):
        shown = " ".join(run(tmp_path, simulator, NAME, variables, code=2).split())
        assert words in shown and "Nothing was sent." in shown and simulator.log() == []
