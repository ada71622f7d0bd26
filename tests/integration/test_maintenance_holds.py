# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A maintenance is a hold that remembers: whose it is, who may go on from it, and what other holds and maintenances do to it."""

from __future__ import annotations

import json
import os
import sys

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _parent
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import claims
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import folder as holds
from ansible_collections.bookieops.betmatic.tests.integration.support.maintenance import BEGIN, END, NAME, OFF, RAN, halves, new_site
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import clean_environment, killed_once
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, hang


@pytest.fixture(name="site")
def _site(simulator, tmp_path):
    return new_site(simulator, tmp_path)


def test_killed_once_the_hold_stands_and_nothing_was_sent(site):
    # As if the run had been killed right after the file was written.
    site.path.mkdir()
    hold = holds.new_hold("maintenance", site.fleet.url, ("201", "202", "203"), holds.now(), ran=("201", "203"))
    holds.place(str(site.path), hold)
    assert "began on another machine, or cannot be seen from here" in site.run(code=2) and site.commands() == []
    shown = site.run(END)
    assert "201, 203: was on already" in shown and site.fleet.bots() == RAN and not site.holds()


def test_who_lifts_the_hold_keeps_the_bots_off(site):
    lift = {"state": "absent", "reason": "veto", "id": "{{ _maintenance_hold.id }}"}
    site.tasks.write_text(json.dumps([{"name": "Veto", "bookieops.betmatic.bookie_hold": lift}]), encoding="utf-8")
    shown = " ".join(site.run(code=2).split())
    assert site.fleet.bots() == OFF and "somebody lifted it, so nothing is turned on" in shown and "Running before the maintenance: 201, 203." in shown
    assert "nothing to turn on" in site.run(END) and site.fleet.bots() == OFF


def test_nobody_turns_the_bots_on_meanwhile_and_a_stop_keeps_them_off_at_the_end(site):
    site.run(BEGIN)
    site.fleet.clear_log()
    shown = site.run("switch", code=2, bookie_account_ids=["201"], bookie_state=True)
    assert "(maintenance: Maintenance), hold" in " ".join(shown.split()) and site.commands() == []
    site.run("emergency_stop")
    [_own, stop] = site.holds()
    site.fleet.clear_log()
    shown = " ".join(site.run(END, code=2, bookie_wait_timeout=1).split())
    assert "NOT proven on: 201, 203." in shown and f"bookieops.betmatic.lift -e bookie_hold_id={stop.id}" in shown and site.commands() == []
    site.run("lift", bookie_hold_id=stop.id, bookie_reason="checked")
    assert site.fleet.bots() == OFF and site.commands() == []
    site.run(END)
    assert site.fleet.bots() == RAN and not site.holds()


def test_check_mode_leaves_the_hold_of_an_interrupted_run(site):
    site.run(BEGIN)
    kept = site.holds()
    site.fleet.clear_log()
    assert "Would be turned on, as they ran before: 201, 203." in site.run(END, "--check")
    assert site.holds() == kept and site.commands() == []


def test_an_old_hold_is_not_gone_on_from(site):
    site.run(BEGIN)
    site.rewrite(placed_at="2026-01-02T03:04:05Z")
    site.fleet.clear_log()
    [hold] = site.holds()
    shown = " ".join(site.run(code=2, bookie_hold_id=hold.id).split())
    assert "begun 2026-01-02T03:04:05Z and not ended, more than 24.0 hours ago, when 201, 203 ran" in shown and site.commands() == []
    assert "There is no maintenance" in site.run(halves(site, "end"), code=2, bookie_hold_id=hold.id) and site.commands() == []
    site.run(bookie_hold_max_hours=1e6, bookie_hold_id=hold.id)
    assert site.fleet.bots() == RAN


def test_an_end_in_the_play_of_a_begin_ends_nothing_else(site):
    # Somebody works by hand on 201.
    site.run(BEGIN, bookie_account_ids=["201"])
    kept = site.holds()
    site.fleet.clear_log()
    shown = site.run(halves(site, "end"), code=2, bookie_account_ids=["201", "202"])
    assert "There is no maintenance of this play to end" in " ".join(shown.split()) and site.commands() == [] and site.holds() == kept
    # A second end finds nothing of its own any more.
    shown = site.run(halves(site, "end", "end"), bookie_account_ids=["203"])
    assert shown.count("Turned on, as they ran before: 203.") == 1 and shown.count("nothing to turn on") == 1
    assert site.commands() == [("OFF", "203"), ("ON", "203")] and site.holds() == kept


def test_the_end_of_other_accounts_or_of_somebody_elses_maintenance_is_not_this_one(site):
    site.run(BEGIN, bookie_account_ids=["201"])
    kept = site.holds()
    site.fleet.clear_log()
    for chosen in ({"bookie_account_ids": "202"}, {"bookie_account_ids": "201,202"}, {"bookie_all_accounts": True}):
        assert "There is no maintenance of exactly the accounts given to end, and others stand" in " ".join(site.run(END, code=2, **chosen).split())
    assert "no hold of a maintenance with this id stands for the service and the accounts" in " ".join(
        site.run(END, code=2, bookie_account_ids=["202"], bookie_hold_id=kept[0].id).split())
    assert site.holds() == kept
    site.rewrite(placed_by="berta")
    shown = " ".join(site.run(END, code=2).split())
    assert f"The hold {kept[0].id} belongs to a maintenance that berta began on {kept[0].host}: to end it, name it with -e bookie_hold_id=" in shown
    assert site.commands() == []
    site.run(END, bookie_account_ids="201")
    assert site.commands() == [("ON", "201")] and not site.holds()


def test_no_maintenance_begins_while_another_one_is_still_turning_on(site):
    site.run(BEGIN)
    [hold] = site.holds()
    site.fleet.clear_log()
    site.fleet.plan(hang(command="ON", account="201"))
    refused = []

    def meanwhile():
        """Once the first ON is on the wire, another maintenance tries to begin, and another end to end it."""
        if not site.commands():
            return False
        refused.extend(" ".join(site.run(name, code=2, bookie_hold_id=hold.id).split()) for name in (NAME, END))
        return True

    environment = clean_environment(site.folder, {"BETMATIC_API_URL": site.fleet.url, "BETMATIC_API_TOKEN": site.fleet.token, "BETMATIC_TIMEOUT": "100"})
    given = json.dumps(site.variables(bookie_account_ids=["201", "202", "203"], bookie_concurrency=1, bookie_wait_timeout=100))
    killed_once(meanwhile, [sys.executable, "-m", "ansible", "playbook", f"bookieops.betmatic.{END}", "-e", given], site.folder, environment)
    assert "is at work under it" in refused[0] and "belongs to a maintenance that is at work" in refused[1]
    assert site.commands() == [("ON", "201")] and site.holds() == (hold,) and not site.seen.exists()


# What each of two hosts does: `a` ends while `b` is at work, which waits until `a` has failed.
HOSTS = """
- ansible.builtin.file: {path: "{{ bookie_marks }}/b_works", state: touch, mode: "0600"}
  when: inventory_hostname == 'b'
- ansible.builtin.wait_for: {path: "{{ bookie_marks }}/b_works", timeout: 60, sleep: 1}
  when: inventory_hostname == 'a'
- ansible.builtin.wait_for: {path: "{{ bookie_marks }}/a_failed", timeout: 60, sleep: 1}
  when: inventory_hostname == 'b'
"""


@pytest.mark.parametrize(
    ("strategy", "fault", "words"),
    [("free", None, "Another host of this play is still at work with the bots off, so a turns on none"), ("linear", None, None),
     ("linear", answer(503, command="OFF", account="201"), "The maintenance did not take place. What is off stays off")],
    ids=["free", "linear", "an OFF that fails"],
)
def test_no_host_of_a_play_turns_on_what_another_one_works_under(strategy, fault, words, site):
    site.fleet.plan(*([fault] if fault else []))
    site.tasks.write_text((HOSTS if strategy == "free" else "") + site.tasks.read_text(encoding="utf-8"), encoding="utf-8")
    role = {"name": "Work", "ansible.builtin.include_role": {"name": "bookieops.betmatic.maintenance"}}
    failed = {"name": "Tell", "ansible.builtin.file": {"path": "{{ bookie_marks }}/{{ inventory_hostname }}_failed", "state": "touch", "mode": "0600"}}
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "strategy": strategy, "environment": {"BETMATIC_HOLDS": str(site.path)},
            "tasks": [{"block": [role], "rescue": [failed, {"name": "Fail", "ansible.builtin.fail": {"msg": "{{ ansible_failed_result.msg }}"}}]}]}
    site.folder.joinpath("two.yml").write_text(json.dumps([play]), encoding="utf-8")
    # One after the other where the first OFF fails, and is not sent again.
    forks, patience = ("1", 0.01) if fault else ("2", 100)
    more = {"bookie_marks": str(site.folder), "bookie_retries": 0, "bookie_wait_timeout": patience}
    shown = " ".join(site.run("two.yml", "-i", "a,b,", "-f", forks, code=2 if words else 0, **more).split())
    assert (words or "changed=") in shown and "was not ended" not in shown
    assert site.bots_during_the_work() == OFF and site.fleet.bots() == RAN and site.holds() == ()


def test_an_empty_list_is_not_taken_for_one_that_says_that_nothing_runs(site):
    site.fleet.plan(answer(200, json=[], on="list", times=None))
    shown = site.run(code=2, bookie_account_ids=None, bookie_all_accounts=True)
    assert "The list of accounts is empty" in shown and site.commands() == [] and site.holds() == ()


def test_two_maintenances_of_common_accounts_cannot_both_begin_and_two_of_others_can(site):
    site.run(BEGIN, bookie_account_ids=["201"])
    site.fleet.clear_log()
    for chosen in ({"bookie_account_ids": ["201", "202"]}, {"bookie_all_accounts": True}):
        shown = site.run(code=2, **chosen)
        assert "Another hold remembers what ran" in shown and "maintenance_end" in shown and site.commands() == []
    site.run(BEGIN, bookie_account_ids=["203"])
    [first, second] = site.holds()
    shown = " ".join(site.run(END, code=2).split())
    assert f"Several maintenances were begun and not ended: {first.id}, {second.id}." in shown and site.fleet.bots() == OFF
    # The accounts say which one, as the id does.
    site.run(END, bookie_account_ids=["203"])
    assert site.fleet.bots() == {**OFF, "203": "RUNNING"}
    assert "no hold of a maintenance with this id stands" in " ".join(site.run(END, code=2, bookie_hold_id=second.id).split())
    site.run(END)
    assert site.fleet.bots() == RAN


def test_the_hold_of_another_service_or_of_another_token_is_not_gone_on_from(site):
    site.run(BEGIN)
    site.fleet.put_accounts(running(2))
    site.fleet.clear_log()
    [hold] = site.holds()
    shown = " ".join(site.run(BEGIN, code=2, bookie_hold_id=hold.id).split())
    assert "when 203 ran, which this token's list does not name" in shown and site.commands() == []
    site.rewrite(api_url="https://betmatic.app/api")
    assert "nothing to turn on" in site.run(END) and site.commands() == []


def test_a_second_maintenance_is_refused_as_long_as_the_first_one_works(site):
    # The work copies what says which run is at work: its module has ended by then, the run itself has not.
    copy = {"argv": ["cp", "{{ bookie_holds_path }}/.{{ _maintenance_hold.id }}.run", "{{ bookie_seen }}"]}
    site.tasks.write_text(json.dumps([{"name": "Copy", "ansible.builtin.command": copy}]), encoding="utf-8")
    site.run()
    assert _parent.state_of(site.seen.read_text(encoding="utf-8").strip()) == _parent.ENDED
    site.run(BEGIN)
    [hold] = site.holds()
    claims.write(str(site.path), hold.id, _parent.identity(os.getpid()))
    site.fleet.clear_log()
    for name, words in ((NAME, "is at work under it"), (END, "belongs to a maintenance that is at work")):
        assert words in " ".join(site.run(name, code=2, bookie_hold_id=hold.id).split())
    assert site.commands() == [] and site.holds() == (hold,)


@pytest.mark.parametrize("make", [lambda path: path.write_text("", encoding="ascii"), lambda path: (path.mkdir(), path.joinpath("x.json").touch())])
def test_a_folder_that_cannot_be_used_keeps_every_command_back(make, site):
    make(site.path)
    for name in (NAME, END):
        assert str(site.path) in site.run(name, code=2)
    assert site.commands() == []
