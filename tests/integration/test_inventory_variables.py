# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an inventory says of its hosts changes neither who runs the shipped playbooks, nor where, nor what a stop stops.

And a host that cannot be reached proves nothing.
"""

from __future__ import annotations

import json
import sys

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import run, running
from ansible_collections.bookieops.betmatic.tests.integration.test_left_out import included, written

# With the first nobody becomes another user, and with the second nothing is reached.
ANOTHER_USER = {"ansible_become": True, "ansible_become_user": "nobody", "ansible_become_exe": "/bin/false"}
ELSEWHERE = {**ANOTHER_USER, "ansible_connection": "ssh", "ansible_ssh_executable": "/bin/false"}
OFF = {"bookie_state": "off", "bookie_account_ids": "201,202", "bookie_reason": "on event"}
IDS = {"bookie_account_ids": ["201"], "bookie_retries": 0, "bookie_wait_timeout": 3}
# A command that runs here, in place of ssh, until its last call, which reaches nobody.
SSH = """#!/bin/sh
count=$(cat {count} 2>/dev/null || echo 0)
echo $((count + 1)) >{count}
[ "$count" -lt {calls} ] || exit 255
for last; do :; done
exec /bin/sh -c "$last"
"""


@pytest.fixture(name="fleet")
def _fleet(simulator):
    simulator.put_accounts(running(2))
    return simulator


def inventory(folder, **variables):
    """Write an inventory of one host, with variables that are those of all hosts, localhost as well; returns its path."""
    folder.joinpath("group_vars").mkdir()
    folder.joinpath("group_vars", "all.yml").write_text(json.dumps(variables), encoding="utf-8")
    folder.joinpath("hosts").write_text("[web]\nw1\n", encoding="utf-8")
    return str(folder / "hosts")


@pytest.mark.parametrize("name,variables", [("emergency_stop", {}), ("emergency_stop_on_event", {}), ("switch", OFF), ("off_on_event", OFF)])
def test_the_shipped_playbooks_run_on_this_machine_as_its_user_and_a_stop_stops_every_bot(name, variables, fleet, tmp_path):
    narrowed = {"bookie_bookmakers": ["Nobody"]} if "stop" in name else {}
    run(tmp_path, fleet, name, variables, "-i", inventory(tmp_path, **narrowed, **ELSEWHERE))
    assert set(fleet.bots().values()) == {"STOPPED"}


@pytest.mark.parametrize("imported", [False, True])
def test_a_stop_is_narrowed_by_whoever_starts_it(imported, fleet, tmp_path):
    narrowed = {"bookie_bookmakers": ["WishBet"]}
    fleet.patch_accounts({"id": 202, "bookie": "TAB"}, {"id": 201, "bookie": "WishBet"})
    hosts = inventory(tmp_path, bookie_bookmakers=["TAB"])
    if imported:
        play = {"import_playbook": "bookieops.betmatic.emergency_stop", "vars": narrowed}
        tmp_path.joinpath("site.yml").write_text(json.dumps([{"name": "Stop", **play}]), encoding="utf-8")
        run(tmp_path, fleet, str(tmp_path / "site.yml"), None, "-i", hosts)
    else:
        run(tmp_path, fleet, "emergency_stop", narrowed, "-i", hosts)
    assert fleet.bots() == {"201": "STOPPED", "202": "RUNNING"}


@pytest.mark.parametrize("name", ["emergency_stop", "compliance"])
def test_a_role_that_needs_no_other_user_becomes_none(name, fleet, tmp_path):
    variables = {**IDS, "bookie_compliance_enforce": True, "bookie_evidence_file": "evidence.json"}
    run(tmp_path, fleet, written(tmp_path, tasks=[included(name)]), variables, "-i", inventory(tmp_path, **ANOTHER_USER))
    assert fleet.bots()["201"] == "STOPPED"


@pytest.mark.parametrize(
    ("name", "calls"),
    [("emergency_stop", 0), ("maintenance", 2), ("rollout", 1), ("compliance", 2), ("drift", 0), ("trading_day", 4)],
)
def test_a_host_that_cannot_be_reached_proves_nothing(name, calls, fleet, tmp_path):
    (tmp_path / "ssh").write_text(SSH.format(count=tmp_path / "count", calls=calls), encoding="utf-8")
    (tmp_path / "ssh").chmod(0o755)
    (tmp_path / "work.yml").write_text(json.dumps([{"name": "Work", "ansible.builtin.debug": {"msg": "THE WORK IS DONE"}}]), encoding="utf-8")
    (tmp_path / "fleet.yml").write_text(json.dumps({"accounts": [{"account_id": "201", "state": "off"}]}), encoding="utf-8")
    hosts = inventory(tmp_path, ansible_connection="ssh", ansible_ssh_executable=str(tmp_path / "ssh"), ansible_ssh_retries=0)
    chosen = {"bookie_fleet_file": str(tmp_path / "fleet.yml")} if name == "drift" else IDS
    variables = {
        **chosen, "bookie_state": "off", "bookie_maintenance_tasks": "work.yml",
        "bookie_evidence_file": str(tmp_path / "evidence.json"), "ansible_python_interpreter": sys.executable,
    }
    play = written(tmp_path, hosts="w1", ignore_unreachable=True, environment={"BETMATIC_API_URL": fleet.url, "BETMATIC_API_TOKEN": fleet.token},
                   tasks=[included(name), {"name": "Believe it", "ansible.builtin.debug": {"msg": "ALL IS WELL"}}])
    shown = run(tmp_path, fleet, play, variables, "-i", hosts, code=4)
    assert "UNREACHABLE" in shown and "ALL IS WELL" not in shown and "THE WORK IS DONE" not in shown
    assert fleet.requests("POST") == [] and set(fleet.bots().values()) == {"RUNNING"}
