# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A maintenance leaves running what ran before it and nothing else, whatever comes between."""

from __future__ import annotations

import json

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.forked import SETTINGS
from ansible_collections.bookieops.betmatic.tests.integration.support.maintenance import BEGIN, END, NAME, OFF, RAN, WORK, new_site
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import cut_by_tags, every_other_fails, killed, running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, hang

FAILS = WORK + "- name: Step that fails\n  ansible.builtin.fail:\n    msg: the disk is full\n"


@pytest.fixture(name="site")
def _site(simulator, tmp_path):
    return new_site(simulator, tmp_path)


@pytest.mark.core
def test_off_during_the_work_and_on_again_is_what_ran(site):
    shown = site.run()
    assert site.bots_during_the_work() == OFF and site.fleet.bots() == RAN
    assert sorted(one for one in site.commands() if one[0] == "ON") == [("ON", "201"), ("ON", "203")]
    assert "Turned on, as they ran before: 201, 203." in shown and not site.holds()


@pytest.mark.core
def test_all_accounts_go_off_in_bulk_and_on_by_their_ids(site):
    site.run(bookie_all_accounts="y")
    commands = site.commands()
    assert commands[0] == ("all_off", None) and "all_on" not in dict(commands)
    assert sorted(one for one in commands if one[0] == "ON") == [("ON", "201"), ("ON", "203")] and site.fleet.bots() == RAN


@pytest.mark.core
def test_accounts_that_nobody_named_get_no_command(site):
    site.run(bookie_account_ids=["201"])
    assert site.commands() == [("OFF", "201"), ("ON", "201")] and site.bots_during_the_work()["203"] == "RUNNING"


@pytest.mark.parametrize("settings", [pytest.param(False, marks=pytest.mark.core), True])
def test_the_work_fails_and_the_bots_run_again(settings, site):
    site.more = SETTINGS if settings else {}
    site.tasks.write_text(FAILS, encoding="utf-8")
    shown = site.run(code=2)
    assert site.bots_during_the_work() == OFF and site.fleet.bots() == RAN
    assert "the disk is full" in shown and not site.holds()


@pytest.mark.parametrize("text", ["- no.such.module:\n", "- name: [\n", "- name: Two\n  ansible.builtin.debug:\n  ansible.builtin.fail:\n"])
def test_tasks_that_cannot_be_loaded_are_found_before_anything_is_sent(text, site):
    site.tasks.write_text(text, encoding="utf-8")
    site.run(code=4)
    assert site.fleet.log() == [] and not site.holds()


def test_a_file_of_tasks_that_is_not_there(site):
    assert "there is no file" in site.run(code=2, bookie_maintenance_tasks="gone.yml")
    assert site.fleet.log() == []


def test_a_host_that_cannot_be_reached_leaves_the_bots_off_and_the_hold_for_maintenance_end(site):
    site.tasks.write_text(
        "- name: Elsewhere\n  ansible.builtin.ping:\n  delegate_to: elsewhere\n"
        "  vars: {ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}\n", encoding="utf-8")
    site.run(code=4)
    assert site.fleet.bots() == OFF and site.holds()
    site.run(END)
    assert site.fleet.bots() == RAN and not site.holds()


def test_the_two_halves_and_each_again_without_a_change(site):
    assert "changed=2 " in site.run(BEGIN)
    [hold] = site.holds()
    assert (hold.name, hold.scope, hold.ran, hold.api_url, hold.until) == ("maintenance", ("201", "202", "203"), ("201", "203"), site.fleet.url, None)
    assert site.fleet.bots() == OFF
    # The run of maintenance_begin has ended, and the maintenance has not: who works by hand must not be overtaken.
    for name in (BEGIN, NAME):
        site.fleet.clear_log()
        shown = " ".join(site.run(name, code=2).split())
        assert site.commands() == [] and site.holds() == (hold,) and f"{hold.placed_by} on {hold.host} placed it at {hold.placed_at}" in shown
        assert f"maintenance_end -e bookie_hold_id={hold.id}" in shown and f"this command again, with -e bookie_hold_id={hold.id}" in shown
    shown = site.run(BEGIN, bookie_hold_id=hold.id)
    assert "changed=0 " in shown and "at the end it turns on 201, 203, which ran then" in " ".join(shown.split())
    site.rewrite(placed_at="2026-11-21T08:00:02Z")
    shown = site.run(END)
    assert "changed=2 " in shown and site.fleet.bots() == RAN and "The hold was placed 2026-11-21T08:00:02Z (" in shown and " ago)." in shown
    shown = site.run(END)
    assert "changed=0 " in shown and "nothing to turn on" in shown and site.fleet.bots() == RAN
    [note] = [json.loads(file.read_text(encoding="utf-8")) for file in (site.path / "lifted").glob("*.why.json")]
    assert note["reason"] == "Maintenance: what ran is on again"


def test_the_accounts_at_a_bookmaker(site):
    site.fleet.patch_accounts({"id": 201, "bookie": "TAB"}, {"id": 202, "bookie": "TAB"}, {"id": 203, "bookie": "WishBet"})
    assert "the list has no account at TABB" in site.run(code=2, bookie_bookmakers="TAB,TABB") and site.commands() == [] and not site.holds()
    site.run(bookie_bookmakers=["TAB"])
    *offs, last = site.commands()
    assert sorted(offs) == [("OFF", "201"), ("OFF", "202")] and last == ("ON", "201") and site.bots_during_the_work()["203"] == "RUNNING"
    site.run(BEGIN, bookie_bookmakers=["TAB"])
    assert "exactly the accounts given" in " ".join(site.run(END, code=2, bookie_bookmakers="WishBet").split()) and site.holds()
    site.run(END, bookie_bookmakers="TAB")
    assert site.fleet.bots() == RAN and not site.holds()


def test_killed_between_off_and_on_and_started_again(site):
    site.tasks.write_text("- name: Long work\n  ansible.builtin.command: sleep 100\n", encoding="utf-8")
    killed(site.folder, site.fleet, NAME, site.variables(), commands=3)
    assert site.holds()
    # A bot that did not run, and that somebody switches on meanwhile, is not this maintenance's to turn on.
    site.fleet.patch_accounts({"id": 202, "bot": "RUNNING"})
    site.tasks.write_text(WORK, encoding="utf-8")
    shown = site.run(bookie_hold_id=site.holds()[0].id)
    assert site.bots_during_the_work() == OFF and site.fleet.bots() == RAN and not site.holds()
    assert "202: did not run, or was not on the list, when the hold was placed" in " ".join(shown.split()) and "It is not turned on at the end" in shown


# How many commands the service has seen when everything is killed: none yet answered, the last OFF on the wire, the last ON on the wire.
@pytest.mark.parametrize(("hanging", "commands"), [({"account": "201"}, 1), ({"account": "203"}, 3), ({"command": "ON", "account": "203"}, 5)])
def test_killed_at_any_point_what_ran_comes_back_by_maintenance_end_and_nothing_else_does(hanging, commands, site):
    site.fleet.plan(hang(**hanging))
    killed(site.folder, site.fleet, NAME, site.variables(bookie_concurrency=1), commands=commands)
    site.run(END)
    assert site.fleet.bots() == RAN and not site.holds()
    assert "202" not in {account for command, account in site.commands() if command == "ON"}


def test_a_bot_that_somebody_else_switched_on_meanwhile_is_said(site):
    site.run(BEGIN)
    site.fleet.patch_accounts({"id": 201, "bot": "RUNNING"})
    assert "201: was on already: somebody else" in site.run(END)
    assert site.fleet.bots() == RAN


def test_a_bot_that_somebody_stops_before_the_own_off_is_left_off_and_named(site):
    """The last list before the first OFF is the one that the hold remembers."""
    site.fleet.plan(change({}, on="list", skip=1, patch=[{"id": 201, "bot": "STOPPED"}]))
    shown = site.run()
    assert site.fleet.bots() == {**RAN, "201": "STOPPED"} and [one for one in site.commands() if one[0] == "ON"] == [("ON", "203")]
    assert "201: was stopped by somebody else before the maintenance switched it off. It is left off" in shown and not site.holds()
    assert "as they ran before: 203. Left off, as somebody else had stopped it: 201." in shown


def test_an_account_that_is_gone_keeps_the_hold_and_is_named(site):
    site.run(BEGIN)
    site.fleet.put_accounts(running(2))
    shown = site.run(END, code=2)
    assert "NOT proven on: 203." in shown and "404" in shown and site.holds()


def test_not_proven_off_means_no_work_and_what_ran_is_on_again(site):
    site.fleet.patch_accounts({"id": 203, "maintenance": True})
    shown = site.run(code=2)
    assert not site.seen.exists() and site.fleet.bots() == RAN and not site.holds()
    assert "NOT proven off: 203 (406" in shown and "The maintenance did not take place. Turned on, as they ran before: 201, 203." in shown
    assert "202" not in {account for command, account in site.commands() if command == "ON"}


def test_not_proven_off_with_leave_off_sends_nothing_more(site):
    site.fleet.patch_accounts({"id": 203, "maintenance": True})
    shown = site.run(code=2, bookie_on_stop_failure="leave_off")
    assert not site.seen.exists() and site.fleet.bots()["201"] == "STOPPED" and site.holds()
    assert "ON" not in {command for command, _account in site.commands()}
    assert f"maintenance_end -e bookie_hold_id={site.holds()[0].id} to turn on 201, 203" in shown
    site.fleet.patch_accounts({"id": 203, "maintenance": False})
    site.run(bookie_hold_id=site.holds()[0].id)
    assert site.bots_during_the_work() == OFF and site.fleet.bots() == RAN


def test_a_token_that_expires_half_way_keeps_the_hold_and_says_what_to_do(site):
    site.fleet.plan(answer(401, command="ON", times=None))
    shown = site.run(code=2)
    assert site.fleet.bots() == OFF and site.holds()
    assert "NOT proven on: 201, 203." in shown and "with a new token if this one has expired" in shown
    site.fleet.clear_plan()
    site.run(END)
    assert site.fleet.bots() == RAN and not site.holds()


def test_a_token_that_expires_while_the_bots_go_off(site):
    site.fleet.plan(answer(401, skip=2, times=None))
    site.run(code=2, bookie_concurrency=1)
    assert not site.seen.exists() and site.holds()
    site.fleet.clear_plan()
    site.run(bookie_hold_id=site.holds()[0].id)
    assert site.fleet.bots() == RAN and not site.holds()


def test_a_service_that_fails_half_the_time(site):
    site.fleet.plan(*every_other_fails())
    # ON is not sent again after a maybe, so that a first run may leave bots to maintenance_end.
    site.run(bookie_retries=5, code=2)
    assert site.holds() and "STOPPED" == site.fleet.bots()["202"]
    assert [command for command, account in site.commands() if account == "202"].count("ON") == 0
    site.fleet.clear_plan()
    site.run(END)
    assert site.fleet.bots() == RAN and not site.holds()


def test_nothing_runs_and_nothing_changes(site):
    site.fleet.put_accounts([{**one, "bot": "STOPPED"} for one in running(3)])
    shown = site.run(bookie_all_accounts=True)
    assert "changed=2 " in shown and "no bots" in shown and "ON" not in dict(site.commands()) and site.seen.exists() and not site.holds()


def test_without_a_list_nothing_is_sent(site):
    site.fleet.plan(answer(404, on="list", times=None))
    shown = site.run(code=2)
    assert site.commands() == [] and not site.holds() and "no list of accounts" in shown


def test_check_mode_sends_nothing_writes_nothing_and_says_what_would_happen(site):
    shown = site.run(NAME, "--check", "--diff")
    assert site.commands() == [] and not site.path.exists() and site.fleet.bots() == RAN
    assert '"201": "would be sent OFF"' in shown and "Would be turned on, as they ran before: 201, 203." in shown


def test_check_mode_of_the_end_alone_predicts(site):
    site.run(BEGIN)
    site.fleet.clear_log()
    shown = site.run(END, "--check")
    assert '"201": "would be sent ON"' in shown and "changed=2 " in shown and site.commands() == []
    site.fleet.put_accounts(running(2))
    assert "NOT proven on: 203." in site.run(END, "--check", code=2) and site.commands() == []


def test_what_the_work_puts_off_is_done_with_the_bots_off(site):
    role = site.folder / "roles" / "proxy"
    for name, text in (("tasks", "- name: Notify\n  ansible.builtin.command: 'true'\n  notify: Work\n"), ("handlers", WORK)):
        (role / name).mkdir(parents=True)
        (role / name / "main.yml").write_text(text, encoding="utf-8")
    include = f"- name: The role\n  ansible.builtin.include_role:\n    name: {role}\n"
    site.tasks.write_text(include, encoding="utf-8")
    site.run()
    assert site.bots_during_the_work() == OFF and site.fleet.bots() == RAN


@pytest.mark.parametrize(
    "variables, words",
    [
        ({"bookie_account_ids": None}, "No account is given"),
        ({"bookie_account_ids": []}, "empty list"),
        ({"bookie_account_ids": ["201"], "bookie_all_accounts": True}, "bookie_account_ids and bookie_all_accounts are given"),
        ({"bookie_account_ids": ["201"], "bookie_bookmakers": ["TAB"]}, "bookie_account_ids and bookie_bookmakers are given"),
        ({"bookie_account_ids": ["201", "../202"]}, "a valid account id has 1 to 64"),
        ({"bookie_on_stop_failure": "go_on"}, "bookie_on_stop_failure"),
        ({"bookie_concurrency": "many"}, "bookie_concurrency"),
        ({"bookie_concurrency": 100, "bookie_retries": -1}, "bookie_concurrency is 100: give a whole number from 1 to 64. bookie_retries is -1: give a whole"),
        ({"bookie_wait_timeout": 0}, "bookie_wait_timeout is 0.0: give seconds, more than 0 and at most 86400. Nothing was sent."),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(variables, words, site):
    assert words in " ".join(site.run(code=2, **variables).split())
    assert site.fleet.log() == [] and not site.holds()


def test_an_end_with_a_number_that_cannot_be_used_leaves_the_hold_to_the_corrected_one(site):
    site.run(BEGIN)
    site.fleet.clear_log()
    [before] = site.holds()
    shown = " ".join(site.run(END, code=2, bookie_deadline=0).split())
    assert "bookie_deadline is 0.0: give seconds, more than 0 and at most 86400. Nothing was sent." in shown
    assert site.fleet.log() == [] and site.holds() == (before,)
    site.run(END)
    assert site.fleet.bots() == RAN and not site.holds()


def test_an_account_that_is_not_in_the_list_is_refused_before_anything_is_sent(site):
    assert "The list of accounts does not name 999" in site.run(code=2, bookie_account_ids=["201", "999"])
    assert site.commands() == [] and not site.holds()


@pytest.mark.parametrize("half, words", [("main", "did NOT begin"), ("end", "did NOT end")])
def test_cut_by_tags_it_fails(half, words, site):
    shown = site.run(cut_by_tags(site.folder, NAME, half), "--tags", "stop", code=2)
    assert words in " ".join(shown.split()) and site.fleet.log() == []


def test_each_variable_reaches_the_module(site):
    shown = site.run(NAME, "-vvv", bookie_reason="CHG-7", bookie_concurrency=3, bookie_retries=4, bookie_wait_timeout=5, bookie_deadline=6)
    for text in ('"reason": "CHG-7"', '"concurrency": 3', '"retries": 4', '"wait_timeout": 5', '"deadline": 6'):
        assert shown.count(text) >= 2
