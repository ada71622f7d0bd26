# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The drift check as CI/CD runs it: a fleet file, an exit code, two reports, and a service that fails."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.forked import SETTINGS
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import cut_by_tags, every_other_fails, killed, run, running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, hang

NAME = "drift"
ALL_ON = {str(account["id"]): "on" for account in running()}
TWO_OFF = {**ALL_ON, "202": "off", "204": "off"}
REPORTS = {"bookie_drift_markdown_file": "drift.md", "bookie_drift_junit_file": "drift.xml"}
QUICK = {"bookie_retries": 1, "bookie_wait_timeout": 3}


def declare(folder, states, extra=""):
    """Write a fleet file; returns the variables that name it and both reports."""
    entries = "".join(f"  - {{account_id: {account}, state: {state}}}\n" for account, state in states.items())
    folder.joinpath("fleet.yml").write_text("accounts:\n" + entries + extra, encoding="utf-8")
    return {"bookie_fleet_file": "fleet.yml", **REPORTS}


def cases(folder):
    """The JUnit report: what each test case holds, by name."""
    suite = ElementTree.parse(folder / "drift.xml").getroot()
    found = {case.get("name"): [(one.tag, one.get("message")) for one in case] for case in suite.iter("testcase")}
    for tag, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert int(suite.get(attribute)) == sum(held[0][0] == tag for held in found.values() if held)
    assert int(suite.get("tests")) == len(found) > 0
    return found


def page(folder):
    return folder.joinpath("drift.md").read_text(encoding="utf-8")


def of_all(states, verdict):
    return {f"{account} Account {account}": verdict for account in states}


@pytest.mark.core
def test_without_drift_it_passes_and_a_run_that_is_refused_takes_back_what_it_said(fleet, tmp_path):
    variables = declare(tmp_path, ALL_ON)
    shown = run(tmp_path, fleet, NAME, variables)
    assert fleet.requests("POST") == [] and "201 Account 201: as declared (on)" in shown
    assert "**Passed.** 6 of 6 declared accounts as declared." in page(tmp_path)
    assert cases(tmp_path) == of_all(ALL_ON, [])
    began = re.search(r"The check began at (\S{10}T\S{8}Z), and ended at \S{10}T\S{8}Z\.", page(tmp_path))[1]
    assert f'timestamp="{began}"' in tmp_path.joinpath("drift.xml").read_text(encoding="utf-8")
    fleet.clear_log()
    shown = " ".join(run(tmp_path, fleet, NAME, {**REPORTS, "bookie_retries": "many"}, code=2).split())
    assert fleet.log() == [] and "bookie_retries" in shown and "arguments: bookie_fleet_file." in shown and "Nothing was sent." in shown
    assert "**Failed.** This check has not ended" in page(tmp_path) and "Passed" not in page(tmp_path) and "ended at" not in page(tmp_path)
    assert [(name, held[0][0]) for name, held in cases(tmp_path).items()] == [("problem 1", "error")]
    assert "changed=0 " in run(tmp_path, fleet, NAME, variables) and "**Passed.**" in page(tmp_path) and cases(tmp_path) == of_all(ALL_ON, [])


@pytest.mark.core
def test_drift_is_exit_code_2_and_both_reports_name_it(fleet, tmp_path):
    variables = declare(tmp_path, TWO_OFF)
    shown = run(tmp_path, fleet, NAME, variables, code=2)
    assert fleet.requests("POST") == []
    assert "Drift: 202 (RUNNING, declared off), 204 (RUNNING, declared off). 4 of 6 declared accounts as declared." in shown
    assert "+202 Account 202: STOPPED" in shown
    drift = [("failure", "drift (RUNNING, declared off)")]
    assert cases(tmp_path) == {**of_all(ALL_ON, []), "202 Account 202": drift, "204 Account 204": drift}
    assert "| 202 | Account 202 | off | RUNNING | drift (RUNNING, declared off) |" in page(tmp_path) and "**Failed.**" in page(tmp_path)


def test_what_the_list_and_the_file_do_not_share_drifts(fleet, tmp_path):
    variables = declare(tmp_path, {"201": "on", "999": "off"}, "  - {account_id: 202, state: on, display_name: Somebody Else}\n")
    shown = run(tmp_path, fleet, NAME, variables, code=2)
    assert "999 (not in the list of the token's accounts)" in shown
    assert "202 (display_name is 'Account 202' there, not 'Somebody Else')" in shown


@pytest.mark.parametrize("choice,code,held", [("report", 0, ["skipped"]), ("fail", 2, ["failure"]), ("ignore", 0, None)])
def test_an_account_that_the_file_does_not_name_is_reported_and_never_touched(choice, code, held, fleet, tmp_path):
    variables = declare(tmp_path, dict.fromkeys(list(ALL_ON)[:5], "on"))
    shown = run(tmp_path, fleet, NAME, {**variables, "bookie_undeclared": choice, "bookie_drift_enforce": True}, code=code)
    assert "206" not in {entry["account_id"] for entry in fleet.requests("POST")}
    assert ("Not in the file: 206" in shown) == (held is not None)
    found = cases(tmp_path).get("206 Account 206")
    assert held == (found and [tag for tag, _text in found])


@pytest.mark.parametrize("status", [401, 404, 500])
def test_without_a_list_nothing_is_known_and_nothing_passes(status, fleet, tmp_path):
    fleet.plan(answer(status, on="list", times=None))
    variables = declare(tmp_path, ALL_ON)
    shown = run(tmp_path, fleet, NAME, {**variables, **QUICK, "bookie_undeclared": "ignore"}, code=2)
    assert "0 of 6 declared accounts as declared" in shown and str(status) in page(tmp_path)
    held = cases(tmp_path)
    assert len(held) == 6 and all(tag == "error" and str(status) in text for [(tag, text)] in held.values())


def test_a_list_that_is_gone_before_the_second_reading_fails_too(fleet, tmp_path):
    fleet.plan(answer(401, on="list", skip=1, times=None))
    variables = declare(tmp_path, ALL_ON)
    shown = run(tmp_path, fleet, NAME, {**variables, **QUICK}, code=2)
    assert "Which accounts the file does not name is not known" in shown and "Log in again" in shown
    assert cases(tmp_path)["problem 1"][0][0] == "error"
    fleet.clear_plan()
    fleet.plan(answer(401, on="list", skip=1, times=None))
    run(tmp_path, fleet, NAME, {**variables, **QUICK, "bookie_undeclared": "ignore"})


@pytest.mark.parametrize(
    "text,words",
    [
        ("", "is empty"),
        ("accounts: []", "names no account"),
        ("accounts:\n  - {account_id: 201, state: on, stake: 5}", "unknown key 'stake'"),
        ("accounts:\n  - {account_id: 201, state: on}\n  - {account_id: 201, state: on}", "names account 201 twice"),
        ("accounts: [", "not valid YAML"),
    ],
)
def test_a_fleet_file_that_cannot_be_used_is_told_and_nothing_is_sent(text, words, fleet, tmp_path):
    variables = {**declare(tmp_path, {}), "bookie_drift_enforce": True}
    tmp_path.joinpath("fleet.yml").write_text(text, encoding="utf-8")
    shown = run(tmp_path, fleet, NAME, variables, code=2)
    assert fleet.log() == [] and words in shown and "fleet.yml" in shown
    [[(tag, message)]] = cases(tmp_path).values()
    assert tag == "error" and words in message and "**Failed.**" in page(tmp_path)


def test_no_report_is_written_over_the_fleet_file_or_over_the_other_report(fleet, tmp_path):
    variables = declare(tmp_path, ALL_ON)
    text = tmp_path.joinpath("fleet.yml").read_text(encoding="utf-8")
    tmp_path.joinpath("link.yml").symlink_to("fleet.yml")
    tmp_path.joinpath("folder").mkdir()
    refused = (
        ({"bookie_drift_markdown_file": "link.yml"}, "must be three different files"),
        ({"bookie_drift_junit_file": str(tmp_path / "folder" / ".." / "fleet.yml"), "bookie_fleet_file": "link.yml"}, "must be three different files"),
        ({"bookie_drift_junit_file": "folder/../drift.md"}, "must be three different files"),
        ({"bookie_drift_junit_file": "folder"}, "need the path of a file"),
        ({"bookie_drift_markdown_file": "nowhere/drift.md"}, "need the path of a file"),
    )
    for wrong, words in refused:
        shown = " ".join(run(tmp_path, fleet, NAME, {**variables, "bookie_drift_enforce": True, **wrong}, code=2).split())
        assert words in shown and "Nothing was sent." in shown
    # What is not a report is never taken back, whatever is missing.
    run(tmp_path, fleet, NAME, {**REPORTS, "bookie_drift_markdown_file": "link.yml"}, code=2)
    assert fleet.log() == [] and tmp_path.joinpath("fleet.yml").read_text(encoding="utf-8") == text
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["fleet.yml", "link.yml"]


def test_a_fleet_file_that_is_not_there_is_told(fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, {"bookie_fleet_file": "nowhere.yml", **REPORTS}, code=2)
    assert fleet.log() == [] and "nowhere.yml" in shown and "nowhere" in cases(tmp_path)["problem 1"][0][1]


def test_nothing_in_the_file_or_in_a_name_is_a_template_or_markup(fleet, tmp_path):
    hostile = "{{ lookup('ansible.builtin.pipe', 'touch pwned') }}<script>&\"|"
    fleet.patch_accounts({"id": 201, "display_name": hostile})
    variables = declare(tmp_path, {}, f"  - account_id: 201\n    state: off\n    display_name: '{hostile.replace(chr(39), chr(39) * 2)}'\n")
    run(tmp_path, fleet, NAME, variables, code=2)
    assert not tmp_path.joinpath("pwned").exists()
    assert "201 " + hostile in cases(tmp_path) and "<script>" not in page(tmp_path)


def test_applied_it_sends_off_first_and_a_second_run_changes_nothing(fleet, tmp_path):
    fleet.patch_accounts({"id": 201, "bot": "STOPPED"})
    # The filter `bool` would make false of it.
    variables = {**declare(tmp_path, TWO_OFF), "bookie_drift_enforce": "y"}
    shown = run(tmp_path, fleet, NAME, variables)
    commands = [entry["command"] for entry in fleet.requests("POST")]
    assert commands == ["OFF"] * 2 + ["ON"] * 4 and "6 of 6 declared accounts as declared, 3 changed." in shown
    assert {account for account, bot in fleet.bots().items() if bot == "STOPPED"} == {"202", "204"}
    assert "202 Account 202: changed (switched off)" in shown
    assert "changed=0 " in run(tmp_path, fleet, NAME, variables) and "changed (" not in page(tmp_path)


def test_check_mode_sends_no_command_though_the_file_is_to_be_applied(fleet, tmp_path):
    variables = {**declare(tmp_path, TWO_OFF), "bookie_drift_enforce": True}
    shown = run(tmp_path, fleet, NAME, variables, "--check", "--diff", code=2)
    assert fleet.requests("POST") == [] and "Drift: 202 (RUNNING, declared off)" in shown
    assert not tmp_path.joinpath("drift.md").exists()
    declare(tmp_path, ALL_ON)
    tmp_path.joinpath("drift.md").write_text("# Drift of the declared fleet\n", encoding="utf-8")
    run(tmp_path, fleet, NAME, variables, "--check")
    assert fleet.requests("POST") == [] and page(tmp_path) == "# Drift of the declared fleet\n"


def test_the_guard_keeps_a_command_from_another_account(fleet, tmp_path):
    variables = declare(tmp_path, {"201": "off"}, "  - {account_id: 202, state: off, display_name: Somebody Else}\n")
    shown = run(tmp_path, fleet, NAME, {**variables, "bookie_drift_enforce": True}, code=2)
    assert fleet.bots()["202"] == "RUNNING" and fleet.bots()["201"] == "STOPPED"
    assert "202 (display_name is 'Account 202' there, not 'Somebody Else', nothing was sent to it)" in shown


@pytest.mark.parametrize("settings", [False, True])
def test_applied_an_account_that_cannot_be_controlled_fails_alone(settings, fleet, tmp_path):
    fleet.patch_accounts({"id": 204, "maintenance": True})
    shown = run(tmp_path, fleet, NAME, {**declare(tmp_path, TWO_OFF), **QUICK, "bookie_drift_enforce": True}, code=2, more=SETTINGS if settings else {})
    assert "NOT as declared: 204 (NOT proven off (406" in shown and fleet.bots()["202"] == "STOPPED"
    assert {name: [tag for tag, _text in held] for name, held in cases(tmp_path).items()} == {**of_all(ALL_ON, []), "204 Account 204": ["failure"]}


def test_applied_to_a_service_that_fails_half_the_time(fleet, tmp_path):
    fleet.plan(*every_other_fails())
    all_off = dict.fromkeys(ALL_ON, "off")
    run(tmp_path, fleet, NAME, {**declare(tmp_path, all_off), "bookie_drift_enforce": True, "bookie_retries": 5})
    assert set(fleet.bots().values()) == {"STOPPED"}


def test_applied_without_a_list_the_answers_prove_it(fleet, tmp_path):
    fleet.plan(answer(404, on="list", times=None))
    variables = {**declare(tmp_path, TWO_OFF), **QUICK, "bookie_drift_enforce": True}
    shown = run(tmp_path, fleet, NAME, variables)
    assert "6 of 6 declared accounts as declared, 2 changed. Which accounts the file does not name is not known." in shown
    run(tmp_path, fleet, NAME, {**variables, "bookie_undeclared": "fail"}, code=2)


def test_applied_with_a_token_that_expires_half_way(fleet, tmp_path):
    fleet.plan(answer(401, skip=2, times=None))
    all_off = dict.fromkeys(ALL_ON, "off")
    shown = run(tmp_path, fleet, NAME, {**declare(tmp_path, all_off), **QUICK, "bookie_drift_enforce": True, "bookie_concurrency": 1}, code=2)
    still = {account for account, bot in fleet.bots().items() if bot == "RUNNING"}
    assert len(still) == 4 and "Log in again or refresh the token" in shown
    held = cases(tmp_path)
    for account in all_off:
        assert bool(held[f"{account} Account {account}" if account not in still else account]) == (account in still)


def test_applied_killed_in_the_middle_and_started_again(fleet, tmp_path):
    all_off = dict.fromkeys(ALL_ON, "off")
    variables = {**declare(tmp_path, all_off), "bookie_drift_enforce": True}
    fleet.plan(hang(account="203"))
    killed(tmp_path, fleet, NAME, {**variables, "bookie_concurrency": 1}, commands=3)
    assert "RUNNING" in fleet.bots().values()
    run(tmp_path, fleet, NAME, variables)
    assert set(fleet.bots().values()) == {"STOPPED"}


def test_an_empty_fleet_is_not_what_is_declared(simulator, tmp_path):
    simulator.put_accounts([])
    shown = run(tmp_path, simulator, NAME, declare(tmp_path, {"201": "off"}), code=2)
    assert "201 (not in the list of the token's accounts)" in shown


def test_a_status_that_the_list_does_not_show_is_not_known(fleet, tmp_path):
    fleet.plan(change(rows={"203": {"bot_running": None}}, on="list", times=None))
    shown = run(tmp_path, fleet, NAME, declare(tmp_path, ALL_ON), code=2)
    assert "Not known: 203 (the list does not show its status). 5 of 6" in shown


def test_cut_by_tags_it_fails(fleet, tmp_path):
    shown = run(tmp_path, fleet, cut_by_tags(tmp_path, NAME), declare(tmp_path, ALL_ON), "--tags", "stop", code=2)
    assert "The fleet was NOT compared" in " ".join(shown.split()) and fleet.log() == []


def test_each_variable_reaches_the_module(fleet, tmp_path):
    variables = {"bookie_reason": "CHG-7", "bookie_concurrency": 3, "bookie_retries": 4, "bookie_wait_timeout": 5, "bookie_deadline": 6}
    shown = run(tmp_path, fleet, NAME, {**declare(tmp_path, ALL_ON), **variables, "bookie_drift_enforce": True}, "-vvv")
    for text in ('"reason": "CHG-7"', '"concurrency": 3', '"retries": 4', '"wait_timeout": 5', '"deadline": 6'):
        assert text in shown


@pytest.mark.parametrize("name,value", [("bookie_undeclared", "warn"), ("bookie_drift_enforce", "perhaps"), ("bookie_enforce", True)])
def test_a_variable_that_cannot_be_used_is_refused_by_name(name, value, fleet, tmp_path):
    variables = {key: one for key, one in {**declare(tmp_path, ALL_ON), name: value}.items() if one is not None}
    shown = run(tmp_path, fleet, NAME, variables, code=2)
    assert name in shown and "Nothing was sent." in " ".join(shown.split()) and fleet.log() == []
    assert name != "bookie_enforce" or all(f"bookie_{role}_enforce" in shown for role in ("drift", "compliance"))
