# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The audit trail through real Ansible: which tasks leave which lines."""

from __future__ import annotations

import json
import os
import pwd
import re
import stat

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.token import account
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import MODULE, command
from ansible_collections.bookieops.betmatic.tests.integration.support.trail import PLUGIN, RUNNING, play, task, trail, whole_trail
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, delay, echo


def briefly(entries):
    return [(entry["task"], entry["account_id"], entry["outcome"]) for entry in entries]


@pytest.mark.core
def test_every_field(simulator, tmp_path):
    simulator.patch_accounts(*RUNNING)
    accounts = [{"account_id": "123", "state": "off"}, {"account_id": "125", "state": "on"}, {"account_id": "999", "state": "off"}]
    play(tmp_path, simulator, task("Two of three", {"accounts": accounts, "reason": "CHG-1042"}),
         arguments=("-vvvvv", "-e", "awx_user_name=berta awx_job_id=42"), more={"SUDO_USER": "anna"})
    intent, *entries = whole_trail(tmp_path, simulator)
    common = {
        "event": "result", "task_id": entries[0]["task_id"], "uid": os.getuid(), "sudo_user": "anna", "platform": "awx", "platform_user": "berta",
        "platform_job": "42", "api_url": simulator.url, "token_account": account(simulator.token), "hold": None, "override_hold": None,
        "user": pwd.getpwuid(os.getuid()).pw_name, "playbook": str(tmp_path / "play.yml"), "play": "Race day", "task": "Two of three",
        "host": "localhost", "reason": "CHG-1042", "check_mode": False, "time": entries[0]["time"],
    }
    ok = {"outcome": "ok", "changed": True, "failed": False, "http_status": 200, **common}
    assert entries == [
        {"account_id": "123", "display_name": "TAB Main Account", "state": "off", "previous_status": "RUNNING", "bot_status": "STOPPED",
         "message": "Bot turned OFF successfully", **ok},
        {"account_id": "125", "display_name": "Sportsbet Premium", "state": "on", "previous_status": "STOPPED", "bot_status": "RUNNING",
         "message": "Bot turned ON successfully", **ok},
        {"account_id": "999", "display_name": None, "state": "off", "outcome": "rejected", "changed": False, "failed": True, "previous_status": None,
         "bot_status": None, "http_status": 404, "message": entries[2]["message"], **common},
    ]
    assert entries[2]["message"]
    told = {"time": intent["time"], "event": "intent", "state": None, "changed": None, "failed": None, "outcome": None}
    nothing = dict.fromkeys(("account_id", "display_name", "previous_status", "bot_status", "http_status", "message"))
    assert intent == {**common, **told, **nothing, "asked": {"off": ["123", "999"], "on": ["125"]}} and intent["time"] <= common["time"]
    assert stat.S_IMODE(tmp_path.joinpath("trail.jsonl").stat().st_mode) == 0o600


def test_the_user_is_not_what_the_environment_says(simulator, tmp_path):
    play(tmp_path, simulator, task("Off", {"account_id": "123", "state": "off"}), more={"LOGNAME": "nobody-else", "USER": "nobody-else"})
    assert [entry["user"] for entry in trail(tmp_path, simulator)] == [pwd.getpwuid(os.getuid()).pw_name]


OFF = {"account_id": "123", "state": "off"}
EACH_WAY = (
    task("Short name", OFF, "bookie_bot"),
    {"name": "Action", "action": MODULE + " account_id=123 state=off"},
    {"name": "Template", "action": "{{ module }} account_id=123 state=off", "vars": {"module": MODULE}},
    task("Loop", {"account_id": "{{ item }}", "state": "off"}, loop=["123", "999", "124"], when="item != '124'"),
    task("All skipped", {"account_id": "{{ item }}", "state": "off"}, loop=["123"], when=False),
    task("Skipped", OFF, when=False),
    task("Until", {"account_id": "124", "state": "on"}, until="tried is not failed", register="tried", retries=5, delay=0),
    task("Check mode", OFF, check_mode=True),
    task("Defaults", {"account_id": "123"}),
    task("Delegated", OFF, delegate_to="elsewhere", run_once=True),
    {"name": "Block", "block": [task("Fails", {"account_id": "999", "state": "off"}, ignore_errors=False)], "rescue": [task("Rescue", OFF)]},
    {"name": "Another module", "ansible.builtin.command": "true", "notify": "Handler", "loop": [1, 2]},
    task("Background", OFF, poll=0, register="started", **{"async": 30}),
    {"name": "Wait for it", "ansible.builtin.async_status": {"jid": "{{ started.ansible_job_id }}"}, "register": "waited",
     "until": "waited is finished", "retries": 100, "delay": 1},
    task("Polled", OFF, poll=1, **{"async": 30}),
)


def test_each_way_to_run_the_module_leaves_its_lines_once(simulator, tmp_path):
    simulator.plan(answer(406, on="control_one", account="124", command="ON", times=2))
    play(
        tmp_path, simulator,
        *EACH_WAY,
        collections=["bookieops.betmatic"],
        module_defaults={"group/bookieops.betmatic.betmatic": {"state": "off", "reason": "by default"}},
        handlers=[task("Handler", OFF)],
        arguments=("-i", "localhost,elsewhere,", "-e", "ansible_connection=local", "-e", f"ansible_async_dir={tmp_path}"),
    )
    entries = trail(tmp_path, simulator)
    assert briefly(entries) == [
        ("Short name", "123", "ok"),
        ("Action", "123", "ok"),
        ("Template", "123", "ok"),
        ("Loop", "123", "ok"),
        ("Loop", "999", "rejected"),
        ("Until", "124", "rejected"),
        ("Until", "124", "rejected"),
        ("Until", "124", "ok"),
        ("Check mode", "123", "ok"),
        ("Defaults", "123", "ok"),
        ("Delegated", "123", "ok"),
        ("Fails", "999", "rejected"),
        ("Rescue", "123", "ok"),
        ("Background", "123", "unknown"),
        ("Background", "123", "ok"),
        ("Polled", "123", "ok"),
        ("Handler", "123", "ok"),
    ]
    # What module_defaults gives is known once the module has answered.
    whole = whole_trail(tmp_path, simulator)
    assert {entry["token_account"] for entry in whole if entry["event"] == "intent"} == {None}
    assert {entry["token_account"] for entry in whole if entry["outcome"] and entry["task"] != "Delegated"} == {account(simulator.token)}
    bare = [(entry["event"], entry["task"]) for entry in whole if entry["event"] in ("intent", "skipped", "end")]
    # What is sure to be skipped has no intent; a loop has one, and an end. A name is not known yet.
    assert bare == [("intent", name) for name in ("Short name", "Action", "Template")] + [("intent", "Loop"), ("end", "Loop")] + [
        ("intent", name)
        for name in ("Until", "Check mode", "Defaults", "Delegated", "Fails", "Rescue")
    ] + [("intent", "Background"), ("intent", "Polled"), ("intent", "Handler")]
    events = [entry["event"] for entry in entries]
    assert events == ["result"] * 3 + ["item"] * 2 + ["attempt"] * 2 + ["result"] * 6 + ["background"] + ["result"] * 3
    started = entries[13]
    assert started["task_id"] == entries[14]["task_id"]
    assert {entry["task"] for entry in entries if entry["check_mode"]} == {"Check mode"}
    assert {entry["host"] for entry in entries if entry["task"] == "Delegated"} == {"localhost -> elsewhere"}
    assert {entry["reason"] for entry in entries if entry["task"] == "Defaults"} == {"by default"}
    assert "background" in started["msg"] and not started["failed"] and started["state"] == "off"


def test_every_host_of_a_play_leaves_its_lines(simulator, tmp_path):
    hosts = [f"host{number}" for number in range(8)]
    play(tmp_path, simulator, task("Off", {"account_id": ["123", "124"], "state": "off"}), hosts="all", strategy="free",
         arguments=("-i", ",".join(hosts), "-e", "ansible_connection=local", "-f", "8"))
    entries = trail(tmp_path, simulator)
    assert sorted((entry["host"], entry["account_id"]) for entry in entries) == [(host, account) for host in hosts for account in ("123", "124")]
    assert all(entries[place]["host"] == entries[place + 1]["host"] for place in range(0, 16, 2)), "the lines of one task stand together"


def test_check_mode_is_marked_and_sends_nothing(simulator, tmp_path):
    simulator.patch_accounts(*RUNNING)
    stop = task("All off", {"all_accounts": True, "state": "off"})
    really = task("Really", {"account_id": "123", "state": "off"}, check_mode=False)
    play(tmp_path, simulator, stop, really, arguments=("--check",))
    entries = trail(tmp_path, simulator)
    assert [(entry["account_id"], entry["outcome"], entry["check_mode"]) for entry in entries] == [
        ("123", "would_send", True), ("124", "would_send", True), ("125", "ok", True), ("123", "ok", False),
    ]
    assert [entry["account_id"] for entry in simulator.requests("POST")] == ["123"]


def test_a_task_that_names_no_account_leaves_a_line_that_says_why(simulator, tmp_path):
    bot = {"account_id": "123", "state": "off"}
    tmp_path.joinpath("broken").write_text("#!/bin/sh\nexit 7\n", encoding="ascii")
    tmp_path.joinpath("broken").chmod(0o700)
    play(
        tmp_path, simulator,
        task("Refused by the module", {"account_id": [], "state": "off", "reason": "CHG-1"}),
        task("Refused by core", {"account_id": "123", "state": "aus", "reason": "CHG-2"}),
        task("Undefined", {"account_id": "{{ no_such_variable }}", "state": "off"}),
        task("Undefined loop", {"account_id": "{{ item }}", "state": "off"}, loop="{{ no_such_variable }}"),
        task("Undefined when", bot, when="no_such_variable"),
        task("Unsupported", {**bot, "no_such_option": 1}),
        task("Hidden", {**bot, "reason": "secret reason"}, no_log=True),
        task("Hidden loop", {**bot, "account_id": "{{ item }}"}, loop=["123", "124"], no_log=True),
        task("Broken", bot, vars={"ansible_python_interpreter": str(tmp_path / "broken")}),
        task("Unreachable", bot, delegate_to="far", ignore_unreachable=True,
             vars={"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1, "ansible_ssh_args": "-F /dev/null"}),
        task("Task timeout", {**bot, "wait": True}, timeout=1, vars={"ansible_python_interpreter": "/bin/cat"}),
    )
    entries = trail(tmp_path, simulator)
    assert [entry["task"] for entry in entries] == [
        "Refused by the module", "Refused by core", "Undefined", "Undefined loop", "Undefined when", "Unsupported",
        "Hidden", "Hidden loop", "Hidden loop", "Broken", "Unreachable", "Task timeout",
    ]
    assert all(entry["msg"] for entry in entries)
    # What was refused, by the module or by core, or is hidden tells of no account; what was cut off may have been sent to the account that it names.
    assert [(entry["account_id"], entry["outcome"], entry["changed"]) for entry in entries] == [
        (None, None, False), (None, None, False), (None, None, False), (None, None, False), (None, None, False), (None, None, False),
        (None, None, False), (None, None, False), (None, None, False), ("123", "unknown", True), ("123", "unknown", True), ("123", "unknown", True),
    ]
    assert {entry["task"] for entry in entries if not entry["failed"]} == {"Hidden", "Hidden loop"}
    assert "account_id is an empty list" in entries[0]["msg"] and "aus" in entries[1]["msg"] and "no_log" in entries[6]["msg"]
    assert all(entry["msg"].endswith(". Nothing was sent.") for entry in entries[:6])
    assert [entry["reason"] for entry in entries] == ["CHG-1", "CHG-2"] + [None] * 10
    # Hidden options may name another token than that of the environment.
    assert [entry["token_account"] for entry in entries[5:8]] == [account(simulator.token), None, None]
    assert [entry["state"] for entry in entries] == ["off", None] + ["off"] * 4 + [None] * 3 + ["off"] * 3


def test_a_job_that_is_read_too_early_is_recorded_when_it_is_over(simulator, tmp_path):
    simulator.patch_accounts(*RUNNING)
    simulator.plan(delay(4, on="control_one"))
    read = {"ansible.builtin.async_status": {"jid": "{{ started.ansible_job_id }}"}, "register": "job", "until": "job is finished", "ignore_errors": True}
    play(
        tmp_path, simulator,
        task("Background", {"account_id": "124", "state": "off"}, poll=0, register="started", **{"async": 60}),
        {"name": "Too early", "retries": 1, "delay": 0, **read},
        {"name": "In time", "retries": 100, "delay": 1, **read},
        arguments=("-e", f"ansible_async_dir={tmp_path}"),
    )
    entries = trail(tmp_path, simulator)
    assert [(entry["task"], entry["account_id"], entry["outcome"], entry["failed"]) for entry in entries] == [
        ("Background", "124", "unknown", False), ("Background", "124", "unknown", True), ("Background", "124", "ok", False),
    ]
    assert "Started" in entries[0]["msg"] and "Started" not in entries[1]["msg"]


def test_accounts_that_the_service_counts_and_does_not_name_are_not_lost(simulator, tmp_path):
    simulator.plan(answer(404, on="list", times=None), answer(200, {
        "status": "success", "message": "sent", "affected_accounts": 5,
        "results": [{"account_id": 123, "display_name": "TAB", "status": "success", "message": "Bot turned off"}],
    }, on="control_all", times=None))
    play(tmp_path, simulator, task("All off", {"all_accounts": True, "state": "off"}))
    entries = trail(tmp_path, simulator)
    assert [entry["account_id"] for entry in entries] == ["123", None]
    assert entries[1]["failed"] and entries[1]["state"] == "off" and "NOT proven off: 4 more accounts" in entries[1]["msg"]


@pytest.mark.core
@pytest.mark.parametrize("what", ["echo", "api_token", "environment"])
def test_the_token_is_in_no_line(what, simulator, tmp_path):
    simulator.plan(echo(on="control_one", times=None))
    token = {"api_token": "{{ token }}"} if what == "api_token" else {}
    keywords = {"environment": {"BETMATIC_API_TOKEN": "{{ token }}"}} if what == "environment" else {}
    tmp_path.joinpath("token.json").write_text(json.dumps({"token": simulator.token}), encoding="utf-8")
    tmp_path.joinpath("play.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "vars_files": ["token.json"], "tasks": [
        task("Name with {{ token }}", {"account_id": ["123"], "state": "off", "retries": 0, "reason": "because {{ token }}", **token}, **keywords),
        task("Refused", {"account_id": "{{ token }}", "state": "off {{ token }}", **token}, **keywords),
    ]}]), encoding="utf-8")
    tmp_path.joinpath("ansible.cfg").write_text(f"[defaults]\ncallbacks_enabled = {PLUGIN}\n", encoding="utf-8")
    command(tmp_path, simulator, "playbook", "play.yml", more={"BOOKIE_AUDIT_PATH": "trail.jsonl"})
    entries = trail(tmp_path, simulator)
    # ansible-core 2.22 has a mark of its own.
    assert len(entries) == 2 and all(re.search(r"\*{4}|REDACTED", entries[0][field]) for field in ("task", "reason"))


@pytest.mark.parametrize("strategy", ["linear", "free", "host_pinned"])
def test_every_strategy_calls_before_the_worker_starts(strategy, simulator, tmp_path):
    off = {"account_id": "{{ which }}", "state": "off"}
    included = [task("Included", off), task("Skipped later", off, when="which == 1")]
    tmp_path.joinpath("included.yml").write_text(json.dumps(included), encoding="utf-8")
    block = {"name": "In a block", "block": [{"name": "Include", "ansible.builtin.include_tasks": "included.yml", "vars": {"which": "124"}}]}
    play(tmp_path, simulator, block, strategy=strategy, hosts="all", arguments=("-i", "one,two", "-e", "ansible_connection=local", "-f", "2"))
    entries = whole_trail(tmp_path, simulator)
    for host in ("one", "two"):
        own = [(entry["event"], entry["task"]) for entry in entries if entry["host"] == host]
        assert own == [("intent", "Included"), ("result", "Included"), ("intent", "Skipped later"), ("skipped", "Skipped later")]
