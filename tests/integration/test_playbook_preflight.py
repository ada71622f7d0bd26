# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The preflight: green in sound surroundings, each broken one named, no command sent, and nothing left behind.

Each run breaks several surroundings at once; that each alone is named is proven by the unit tests of what decides.
"""

from __future__ import annotations

import json
import re
import time
from email.utils import formatdate

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import command
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import run
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, hang, raw

NAME = "preflight"
SUBJECTS = [
    "service", "token", "list", "contract", "clock", "certificate", "latency", "requests", "holds", "holds folder",
    "become", "connection", "environment", "variables", "scope", "tags", "temporary files", "inventory", "audit trail", "schedule",
]
AUDITED = {"ANSIBLE_CALLBACKS_ENABLED": "bookieops.betmatic.bookie_audit"}


def findings(shown):
    """The lines of a run by subject, each as its level and its text."""
    listed = json.loads(re.search(r'\{\s+"msg": \[.*?\]\s+\}', shown, re.DOTALL)[0])["msg"]
    lines = [re.fullmatch(r"(ok|warning|STOP) +([a-z ]+): (.*)", line).groups() for line in listed]
    return {subject: (level, text) for level, subject, text in lines}


def of_level(shown, level):
    return [subject for subject, (found, _text) in findings(shown).items() if found == level]


@pytest.mark.core
def test_sound_surroundings_are_green_and_nothing_is_left_behind(simulator_of, certs, tmp_path):
    simulator = simulator_of(tls=True)
    (tmp_path / "inventory").write_text("localhost ansible_connection=local\n", encoding="utf-8")
    sound = {**AUDITED, "REQUESTS_CA_BUNDLE": certs.ca, "BETMATIC_HOLDS": str(tmp_path / "holds"), "BOOKIE_AUDIT_PATH": str(tmp_path / "trail.jsonl")}
    (tmp_path / "holds").mkdir()
    before = sorted(tmp_path.iterdir())
    shown = run(tmp_path, simulator, NAME, {"bookie_contract_file": "contract.json"}, "-i", "inventory", "-vvvvv", more=sound)
    # The simulator is on this machine, and the preflight says so.
    assert list(findings(shown)) == SUBJECTS and of_level(shown, "warning") == ["service"] and of_level(shown, "STOP") == []
    assert "Ready for an emergency stop. 20 checks, 1 warning." in shown and "[WARNING]" not in shown
    assert "in Ansible's own process" in findings(shown)["connection"][1] and "days left" in findings(shown)["certificate"][1]
    contract = json.loads((tmp_path / "contract.json").read_text(encoding="utf-8"))
    assert (contract["http_status"], contract["missing"], contract["added"], contract["other_types"]) == (200, [], [], [])
    assert simulator.requests("POST") == []
    assert {path.name for path in set(tmp_path.iterdir()) - set(before)} <= {"contract.json", "home", "ansible", "local", "remote"}
    # A process of its own finds the same.
    shipped = run(tmp_path, simulator, NAME, None, "-i", "inventory", more={**sound, "BETMATIC_IN_PROCESS": "false"})
    assert of_level(shipped, "warning") == ["service"] and "process of its own" in findings(shipped)["connection"][1]


def test_what_an_operator_has_set_wrong_is_named_each(simulator, tmp_path):
    (tmp_path / "ansible.cfg").write_text(
        "[defaults]\ninventory = broken.yml\nkeep_remote_files = true\n[privilege_escalation]\nbecome = true\n[tags]\nrun = web\n"
        "[callback_bookie_audit]\npath = ansible.cfg/trail.jsonl\n", encoding="utf-8",
    )
    (tmp_path / "broken.yml").write_text("[all\n", encoding="utf-8")
    (tmp_path / "bin").mkdir()
    crontab = "#Ansible: bookieops.betmatic day on 09:00 mon\n0 9 * * 1 /no/such/script on\n"
    (tmp_path / "bin" / "crontab").write_text(f"#!/bin/sh\ncat <<'END'\n{crontab}END\n", encoding="utf-8")
    (tmp_path / "bin" / "crontab").chmod(0o755)
    broken = {
        **AUDITED, "BETMATIC_API_TOKEN": "", "BETMATIC_TOKEN": simulator.token, "BETMATIC_API_URL": "http://betmatic.app/api", "BETMATIC_TIMEOUT": "0",
        "BETMATIC_HOLDS": str(tmp_path / "broken.yml"), "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
    }
    shown = run(tmp_path, simulator, NAME, {"bookie_bookmakers": ["TAB"]}, code=2, more=broken)
    found = findings(shown)
    assert of_level(shown, "STOP") == ["service", "token", "options", "holds folder", "scope"]
    assert of_level(shown, "warning") == ["list", "holds", "become", "variables", "tags", "temporary files", "inventory", "audit trail", "schedule"]
    words = {
        "service": "would send the token in clear", "token": "api_token is missing", "options": "timeout is 0.0", "holds folder": "NO HOLD could be placed",
        "variables": "nothing reads BETMATIC_TOKEN", "tags": "tags web", "inventory": "broken.yml", "audit trail": "ansible.cfg/trail.jsonl cannot be",
        "schedule": "day: it turns bots on and never off",
    }
    assert {subject: word for subject, word in words.items() if word not in found[subject][1]} == {}
    assert "NOT READY: an emergency stop would fail. service: " in shown and simulator.log() == []


def test_what_the_service_shows_is_named_each(simulator, tmp_path):
    past = formatdate(time.time() - 3600, usegmt=True)
    rows = [{"id": 123, "bot_running": None, "bookie": "Secret Name"}, {"id": 124, "bot_running": False, "nickname": "Secret Name"}]
    body = json.dumps(rows)
    head = f"HTTP/1.1 200 OK\r\nDate: {past}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    simulator.plan(raw(head + body, on="list"), answer(503, on="list"))
    hold = {"bookie_hold_name": "desk", "bookie_all_accounts": True, "bookie_reason": "asked for"}
    run(tmp_path, simulator, "hold", hold)
    simulator.clear_log()
    shown = run(tmp_path, simulator, NAME, {"bookie_contract_file": str(tmp_path / "contract.json")})
    found = findings(shown)
    assert {"service", "list", "contract", "clock", "latency", "holds", "audit trail"} == set(of_level(shown, "warning"))
    assert "neither on nor off for 123" in found["list"][1] and "(bot_running)" in found["contract"][1] and "ahead of" in found["clock"][1]
    assert "1 of 5 failed (503)" in found["latency"][1] and "(desk, since" in found["holds"][1]
    written = (tmp_path / "contract.json").read_text(encoding="utf-8")
    assert json.loads(written)["added"] == [{"field": "nickname", "types": ["text"]}] and simulator.requests("POST") == []
    assert not re.search("Secret|123|124", written)


@pytest.mark.core
def test_a_contract_that_cannot_be_written_fails_with_the_verdict(simulator, tmp_path):
    shown = " ".join(run(tmp_path, simulator, NAME, {"bookie_contract_file": "/no/x.json"}, code=2).split())
    last = shown.split("Check that an emergency stop would work", 1)[1]
    assert re.search(r"Ready for an emergency stop\. .* The contract was NOT written to bookie_contract_file /no/x\.json: .*does not exist", last)


def test_a_token_that_is_refused_stops(simulator, tmp_path):
    simulator.plan(answer(401, on="list", times=None))
    shown = run(tmp_path, simulator, NAME, code=2)
    assert of_level(shown, "STOP") == ["token"] and "(401)" in findings(shown)["token"][1]
    assert "NOT READY: an emergency stop would fail. token: " in shown and len(simulator.log()) == 1


def test_a_service_that_cannot_be_trusted_stops(simulator_of, certs, tmp_path):
    simulator = simulator_of(tls=True)
    # The inventory cannot be read either, and an emergency stop would wait for it.
    (tmp_path / "ansible.cfg").write_text("[defaults]\ninventory = bookie_accounts.yml\n", encoding="utf-8")
    (tmp_path / "bookie_accounts.yml").write_text("plugin: bookieops.betmatic.bookie_accounts\n", encoding="utf-8")
    shown = run(tmp_path, simulator, NAME, code=2, more={"REQUESTS_CA_BUNDLE": certs.wrong_ca})
    assert findings(shown)["inventory"][0] == "warning" and "waits for the list before its first OFF" in findings(shown)["inventory"][1]
    assert of_level(shown, "STOP") == ["service"] and "certificate is not valid" in findings(shown)["service"][1]


def test_a_module_that_cannot_run_stops_and_the_rest_is_looked_at(simulator, tmp_path):
    ssh = {"ansible_connection": "ssh", "ansible_ssh_executable": "/bin/false"}
    shown = run(tmp_path, simulator, NAME, ssh, code=2)
    assert of_level(shown, "STOP") == ["module"] and "connection" in of_level(shown, "warning")
    shown = run(tmp_path, simulator, NAME, code=2, more={"BETMATIC_TIMEOUT": "soon"})
    assert of_level(shown, "STOP") == ["options"] and "BETMATIC_TIMEOUT is 'soon'" in findings(shown)["options"][1] and simulator.log() == []


def test_a_task_that_is_cut_short_tells_what_was_found_and_the_options_of_the_stop_are_looked_at(simulator, tmp_path):
    simulator.plan(hang(on="list", times=None))
    # As the role takes them: this is every bookmaker, and no hold.
    said = {"bookie_bookmakers": "{{ [] }}", "bookie_hold": "{{ not true }}", "bookie_retries": "{{ 5 }}", "bookie_known_accounts": "{{ ['123'] }}"}
    shown = run(tmp_path, simulator, NAME, said, code=2, more={"ANSIBLE_TASK_TIMEOUT": "2"})
    assert of_level(shown, "STOP") == ["module", "task timeout"] and "timeout of 2 s ended it" in findings(shown)["module"][1]
    found = findings(shown)
    assert found["scope"][0] == "ok" and "bookie_hold is false for this host" in found["options of the stop"][1] and "audit trail" in found
    # What cannot be rendered was a wish for some.
    unclear = {"bookie_bookmakers": ["{{ nobody_knows }}"], "bookie_known_accounts": ["123", "{{ nobody_knows }}"]}
    shown = run(tmp_path, simulator, NAME, unclear, code=2, more={"BETMATIC_API_TOKEN": ""})
    assert of_level(shown, "STOP") == ["token", "scope"] and "cannot be rendered" in findings(shown)["options of the stop"][1]


def test_in_a_play_of_one_s_own_it_tells_how_its_tasks_run(simulator, tmp_path):
    module = "bookieops.betmatic.bookie_service_info"
    token = "{{ lookup('ansible.builtin.env', 'BETMATIC_API_TOKEN') }}"
    tasks = [
        {module: {}, "environment": {"BETMATIC_API_TOKEN": token}, "register": "first"},
        {module: {}, "become": True, "vars": {"ansible_become_exe": "/bin/false"}, "register": "second", "ignore_errors": True},
        {module: {"validate_certs": False}, "check_mode": True, "register": "third"},
        {"ansible.builtin.debug": {"msg": "{{ [first, second, third] | map(attribute='findings') | map('rejectattr', 'level', 'eq', 'ok')"
                                          " | map('map', attribute='subject') | map('join', ' ') }}"}},
    ]
    (tmp_path / "play.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
    shown = command(tmp_path, simulator, "playbook", "play.yml", more=AUDITED)
    rules.assert_no_leak(shown, simulator.token)
    told = json.loads(re.search(r'\{\s+"msg": \[.*?\]\s+\}', shown, re.DOTALL)[0])["msg"]
    # Whoever is root already becomes nobody else, and the module runs.
    assert [told[0], told[2]] == ["service environment", "service"] and told[1] in ("module become", "service become")
    assert simulator.requests("POST") == []
