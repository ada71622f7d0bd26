# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The compliance check: nothing runs, or it says what does, and there is evidence of it whatever happens."""

from __future__ import annotations

import hashlib
import json

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import every_other_fails, killed, run, running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, hang

NAME = "compliance"
NAMED = {"bookie_evidence_file": "evidence.json", "bookie_period": "Blackout 2026-W47"}
EVIDENCE = {**NAMED, "bookie_all_accounts": True}
ENFORCE = {**EVIDENCE, "bookie_compliance_enforce": True}
QUICK = {"bookie_retries": 1, "bookie_wait_timeout": 3}


@pytest.fixture(name="fleet")
def _fleet(simulator):
    """Six accounts, 201 to 203 at TAB; only 202 and 205 run."""
    simulator.put_accounts(
        {**account, "bot": "RUNNING" if account["id"] in (202, 205) else "STOPPED", "bookie": "TAB" if account["id"] < 204 else "WishBet"}
        for account in running()
    )
    return simulator


def evidence(folder, token):
    """What the file says, its own SHA-256 proven."""
    file = folder / "evidence.json"
    assert file.stat().st_mode & 0o777 == 0o600
    rules.assert_no_leak(file.read_text(encoding="utf-8"), token)
    content = json.loads(file.read_text(encoding="utf-8"))
    rest = {key: value for key, value in content.items() if key != "sha256"}
    assert content["sha256"] == hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return content


def verdicts(content):
    return {account["account_id"]: account["verdict"] for account in content["accounts"]}


def stop_all(fleet):
    fleet.patch_accounts(*({"id": account["id"], "bot": "STOPPED"} for account in running()))


@pytest.mark.core
def test_what_runs_fails_the_run_and_stands_in_the_evidence(fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, {**EVIDENCE, "bookie_user": "auditor"}, code=2)
    assert fleet.requests("POST") == [] and "Runs: 202 (RUNNING, 1 sessions), 205 (RUNNING, 1 sessions). 4 of 6 accounts off." in shown
    content = evidence(tmp_path, fleet.token)
    assert content["verdict"] == "not compliant" and content["period"] == "Blackout 2026-W47" and content["user"] == "auditor"
    assert {key for key, verdict in verdicts(content).items() if verdict == "runs"} == {"202", "205"}
    assert content["accounts"][1]["display_name"] == "Account 202" and content["accounts"][1]["running_sessions"] == 1
    assert "looks stopped" in content["basis"] and content["enforced"] is False and content["time"].endswith("Z")


def test_nothing_runs_is_compliant_a_run_that_is_refused_takes_it_back_and_each_evidence_names_the_one_before(fleet, tmp_path):
    stop_all(fleet)
    assert "changed=0 " in run(tmp_path, fleet, NAME, EVIDENCE)
    first = hashlib.sha256((tmp_path / "evidence.json").read_bytes()).hexdigest()
    content = evidence(tmp_path, fleet.token)
    assert content["verdict"] == "compliant" and content["previous_file_sha256"] == "" and content["user"]
    assert set(verdicts(content).values()) == {"off"} and len(content["accounts"]) == 6
    fleet.clear_log()
    for slip, words in (({**NAMED, "bookie_all_account": True}, "no account is in scope"), ({**EVIDENCE, "bookie_retries": "many"}, "bookie_retries")):
        shown = " ".join(run(tmp_path, fleet, NAME, slip, code=2).split())
        assert fleet.log() == [] and words in shown and "Nothing was sent" in shown
        content = evidence(tmp_path, fleet.token)
        assert content["verdict"] == "not known" and "has not ended" in content["msg"] and content["previous_file_sha256"] == first
        first = hashlib.sha256((tmp_path / "evidence.json").read_bytes()).hexdigest()
    # The filter `bool` would make false of it.
    assert "changed=0 " in run(tmp_path, fleet, NAME, {**NAMED, "bookie_all_accounts": "y"})
    assert evidence(tmp_path, fleet.token)["previous_file_sha256"] == first and evidence(tmp_path, fleet.token)["verdict"] == "compliant"


@pytest.mark.parametrize(
    "scope,code,ids",
    [
        ({"bookie_account_ids": [201, "203"]}, 0, ["201", "203"]),
        ({"bookie_bookmakers": ["WishBet"]}, 2, ["204", "205", "206"]),
        ({"bookie_account_ids": ["204"], "bookie_bookmakers": ["TAB"]}, 2, ["204", "201", "202", "203"]),
    ],
)
def test_accounts_out_of_scope_are_not_judged_and_not_touched(scope, code, ids, fleet, tmp_path):
    run(tmp_path, fleet, NAME, {**NAMED, **scope}, code=code)
    assert list(verdicts(evidence(tmp_path, fleet.token))) == ids
    run(tmp_path, fleet, NAME, {**NAMED, **scope, "bookie_compliance_enforce": True})
    assert sorted(entry["account_id"] for entry in fleet.requests("POST")) == sorted(ids)


def test_a_bookmaker_or_an_account_that_the_list_has_not_is_never_compliant(fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, {**NAMED, "bookie_bookmakers": ["Tab"]}, code=2)
    assert "the list has no account at Tab" in shown and evidence(tmp_path, fleet.token)["verdict"] == "not known"
    shown = run(tmp_path, fleet, NAME, {**NAMED, "bookie_account_ids": ["999"]}, code=2)
    assert "Not known: 999" in shown and evidence(tmp_path, fleet.token)["verdict"] == "not known"


@pytest.mark.parametrize("status", [401, 404, 500])
@pytest.mark.parametrize("skip", [0, 1])
def test_without_a_reading_the_evidence_says_so_and_the_run_fails(status, skip, fleet, tmp_path):
    stop_all(fleet)
    fleet.plan(answer(status, on="list", skip=skip, times=None))
    run(tmp_path, fleet, NAME, {**EVIDENCE, **QUICK}, code=2)
    content = evidence(tmp_path, fleet.token)
    assert content["verdict"] == "not known" and "off" not in verdicts(content).values()
    assert skip or (str(status) in content["msg"] and content["basis"] == "Nothing was read and nothing was proven.")


def test_a_bot_that_starts_between_the_readings_is_not_compliant(fleet, tmp_path):
    stop_all(fleet)
    fleet.plan(change(rows={"203": {"bot_running": True}}, on="list", skip=1))
    run(tmp_path, fleet, NAME, EVIDENCE, code=2)
    assert verdicts(evidence(tmp_path, fleet.token))["203"] == "runs"


def test_stopped_with_sessions_or_without_a_status_is_not_off(fleet, tmp_path):
    stop_all(fleet)
    fleet.plan(change(rows={"203": {"running_sessions": 2}, "204": {"bot_running": None}, "206": {"running_sessions": "two"}}, on="list", times=None))
    run(tmp_path, fleet, NAME, EVIDENCE, code=2)
    found = verdicts(evidence(tmp_path, fleet.token))
    assert (found["203"], found["204"], found["206"], found["201"]) == ("runs", "not known", "not known", "off")


@pytest.mark.core
def test_enforced_every_account_in_scope_is_proven_off_and_a_second_run_changes_nothing(fleet, tmp_path):
    run(tmp_path, fleet, NAME, ENFORCE)
    posts = fleet.requests("POST")
    assert {entry["command"] for entry in posts} == {"OFF"} and len(posts) == 6 and set(fleet.bots().values()) == {"STOPPED"}
    content = evidence(tmp_path, fleet.token)
    assert content["verdict"] == "compliant" and content["enforced"] is True and content["basis"].startswith("An OFF for each")
    assert content["accounts"][1]["bot_status"] == "RUNNING" and content["accounts"][1]["command"]["bot_status"] == "STOPPED"
    assert "changed=0 " in run(tmp_path, fleet, NAME, ENFORCE)


@pytest.mark.core
def test_check_mode_sends_nothing_and_writes_nothing(fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, ENFORCE, "--check", "--diff", code=2)
    assert fleet.requests("POST") == [] and "Runs: 202 (RUNNING, 1 sessions)" in shown and not (tmp_path / "evidence.json").exists()
    stop_all(fleet)
    run(tmp_path, fleet, NAME, ENFORCE, "--check")
    assert fleet.requests("POST") == []


def test_enforced_without_a_list_the_accounts_that_are_named_are_proven_off(fleet, tmp_path):
    fleet.plan(answer(404, on="list", times=None))
    run(tmp_path, fleet, NAME, {**NAMED, **QUICK, "bookie_compliance_enforce": True, "bookie_account_ids": ["202"]})
    assert verdicts(evidence(tmp_path, fleet.token)) == {"202": "off"} and fleet.bots()["202"] == "STOPPED"
    run(tmp_path, fleet, NAME, {**NAMED, **QUICK, "bookie_compliance_enforce": True, "bookie_account_ids": ["202"], "bookie_bookmakers": ["TAB"]}, code=2)
    assert evidence(tmp_path, fleet.token)["verdict"] == "not known"
    run(tmp_path, fleet, NAME, {**ENFORCE, **QUICK}, code=2)
    assert evidence(tmp_path, fleet.token)["accounts"] == []


def test_enforced_an_account_that_cannot_be_controlled_is_named(fleet, tmp_path):
    fleet.patch_accounts({"id": 202, "maintenance": True})
    shown = run(tmp_path, fleet, NAME, {**ENFORCE, **QUICK}, code=2)
    content = evidence(tmp_path, fleet.token)
    assert "202 (NOT proven off (406" in shown and content["verdict"] == "not compliant"
    assert {key for key, verdict in verdicts(content).items() if verdict != "off"} == {"202"} and fleet.bots()["205"] == "STOPPED"


def test_enforced_on_a_service_that_fails_half_the_time(fleet, tmp_path):
    fleet.plan(*every_other_fails())
    run(tmp_path, fleet, NAME, {**ENFORCE, "bookie_retries": 5})
    assert set(fleet.bots().values()) == {"STOPPED"} and evidence(tmp_path, fleet.token)["verdict"] == "compliant"


def test_enforced_with_a_token_that_expires_half_way(fleet, tmp_path):
    fleet.patch_accounts(*({"id": account["id"], "bot": "RUNNING"} for account in running()))
    fleet.plan(answer(401, on="control_one", skip=2, times=None))
    shown = run(tmp_path, fleet, NAME, {**ENFORCE, **QUICK, "bookie_concurrency": 1}, code=2)
    found = verdicts(evidence(tmp_path, fleet.token))
    assert {key for key, verdict in found.items() if verdict == "off"} == {key for key, bot in fleet.bots().items() if bot == "STOPPED"}
    assert len(set(found.values())) == 2 and "Log in again or refresh the token" in shown


def test_enforced_killed_in_the_middle_and_started_again(fleet, tmp_path):
    fleet.plan(hang(account="202"))
    killed(tmp_path, fleet, NAME, {**ENFORCE, "bookie_concurrency": 1}, commands=2)
    assert "RUNNING" in fleet.bots().values() and not (tmp_path / "evidence.json").exists()
    run(tmp_path, fleet, NAME, ENFORCE)
    assert set(fleet.bots().values()) == {"STOPPED"} and evidence(tmp_path, fleet.token)["verdict"] == "compliant"


def test_an_empty_fleet_shows_nothing_of_any_bot(simulator, tmp_path):
    simulator.put_accounts([])
    for variables in (EVIDENCE, ENFORCE):
        shown = run(tmp_path, simulator, NAME, variables, code=2)
        assert "check that this is the right token" in " ".join(shown.split()) and simulator.requests("POST") == []
        found = evidence(tmp_path, simulator.token)
        assert (found["verdict"], found["accounts"]) == ("not known", [])


@pytest.mark.parametrize("ids", ["203", "203, 204", 203])
def test_a_text_names_accounts_and_never_their_digits(ids, fleet, tmp_path):
    fleet.put_accounts([*running(), *running(3, first=2)])
    run(tmp_path, fleet, NAME, {**NAMED, "bookie_compliance_enforce": True, "bookie_account_ids": ids})
    named = [one.strip() for one in str(ids).split(",")]
    assert sorted({entry["account_id"] for entry in fleet.requests("POST")}) == named
    assert evidence(tmp_path, fleet.token)["scope"]["account_ids"] == named


def test_a_text_names_a_bookmaker(fleet, tmp_path):
    stop_all(fleet)
    run(tmp_path, fleet, NAME, {**NAMED, "bookie_bookmakers": "TAB, WishBet"})
    assert len(evidence(tmp_path, fleet.token)["accounts"]) == 6


def test_a_name_is_never_a_template(fleet, tmp_path):
    hostile = "{{ lookup('ansible.builtin.pipe', 'touch pwned') }}<script>&\""
    fleet.patch_accounts({"id": 201, "display_name": hostile})
    run(tmp_path, fleet, NAME, EVIDENCE, code=2)
    assert evidence(tmp_path, fleet.token)["accounts"][0]["display_name"] == hostile and not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(("path", "why"), [("nowhere/evidence.json", "does not exist"), ("folder", "dir")])
def test_evidence_that_cannot_be_written_keeps_no_off_back_and_fails_the_run_with_the_verdict(path, why, fleet, tmp_path):
    (tmp_path / "folder").mkdir()
    shown = " ".join(run(tmp_path, fleet, NAME, {**ENFORCE, "bookie_evidence_file": path}, code=2).split())
    last = shown.split("Check that nothing runs", 1)[1]
    assert f"Compliant. 6 of 6 accounts off. The evidence was NOT written to bookie_evidence_file {tmp_path / path}: " in last and why in last
    assert set(fleet.bots().values()) == {"STOPPED"} and list((tmp_path / "folder").iterdir()) == []


def test_each_variable_reaches_the_module(fleet, tmp_path):
    variables = {"bookie_reason": "CHG-7", "bookie_concurrency": 3, "bookie_retries": 4, "bookie_wait_timeout": 5, "bookie_deadline": 6}
    shown = run(tmp_path, fleet, NAME, {**ENFORCE, **variables}, "-vvv")
    for text in ('"reason": "CHG-7"', '"concurrency": 3', '"retries": 4', '"wait_timeout": 5', '"deadline": 6'):
        assert text in shown


@pytest.mark.parametrize(
    "name,value", [("bookie_compliance_enforce", "perhaps"), ("bookie_evidence_file", None), ("bookie_account_ids", {"id": 1}), ("bookie_enforce", True)]
)
def test_a_variable_that_cannot_be_used_is_refused_by_name(name, value, fleet, tmp_path):
    variables = {key: one for key, one in {**EVIDENCE, name: value}.items() if one is not None}
    shown = run(tmp_path, fleet, NAME, variables, code=2)
    assert name in shown and "Nothing was sent." in " ".join(shown.split()) and fleet.log() == []


@pytest.mark.parametrize(
    "scope,words",
    [
        ({"bookie_acount_ids": ["202"]}, "no account is in scope"),
        ({"bookie_account_ids": [], "bookie_bookmakers": []}, "no account is in scope"),
        ({"bookie_account_ids": ""}, "bookie_account_ids names ''"),
        ({"bookie_bookmakers": ""}, "bookie_bookmakers has an empty name"),
        ({"bookie_account_ids": ["202"], "bookie_all_accounts": True}, "use one or the other"),
    ],
)
def test_every_account_is_said_and_never_inferred(scope, words, fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, {**NAMED, "bookie_compliance_enforce": True, **scope}, code=2)
    assert fleet.log() == [] and words in " ".join(shown.split()) and "Nothing was sent" in shown and not (tmp_path / "evidence.json").exists()
