# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module's work in the controller's own process: when, with which result, and what a killed or timed-out run leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.case import fleet
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, clean_environment, command
from ansible_collections.bookieops.betmatic.tests.simulator.harness import delay, echo, hang

HERE, SHIPPED = {"BETMATIC_IN_PROCESS": "true"}, {"BETMATIC_IN_PROCESS": "false"}
BOT, INFO = "bookieops.betmatic.bookie_bot", "bookieops.betmatic.bookie_account_info"


def write(folder, *tasks, **play):
    """A playbook of these tasks; returns its path."""
    whole = {"hosts": "localhost", "gather_facts": False, "tasks": list(tasks), **play}
    folder.joinpath("play.yml").write_text(json.dumps([whole]), encoding="utf-8")
    return str(folder / "play.yml")


def test_each_condition_alone_ships_the_module(simulator, tmp_path):
    link = tmp_path / "python"
    link.symlink_to(sys.executable)
    conditions = {
        "nothing": {},
        "the variable": {"vars": {"bookie_in_process": False}},
        "async": {"async": 60, "poll": 1},
        "environment": {"environment": {"SOME_NAME": "value"}},
        # From a link some Pythons do not find the venv's own packages.
        "another Python": {"vars": {"ansible_python_interpreter": str(link)}, "ignore_errors": True},
        "become": {"become": True, "vars": {"ansible_become_exe": "/bin/false"}, "ignore_errors": True},
        "connection": {"vars": {"ansible_connection": "ssh", "ansible_ssh_executable": "/bin/false"}, "ignore_unreachable": True, "ignore_errors": True},
    }
    tasks = [{"name": name, INFO: {}, **keywords} for name, keywords in conditions.items()]
    shown = command(tmp_path, simulator, "playbook", "-vvv", write(tmp_path, *tasks), more={"ANSIBLE_ASYNC_DIR": str(tmp_path / "async")})
    rules.assert_no_leak(shown, simulator.token)
    parts = dict(part.split("]", 1) for part in shown.split("\nTASK [")[1:])
    told = {name: "is shipped: " in parts[name] for name in conditions}
    assert told == {name: name != "nothing" for name in conditions}
    assert "is shipped: ANSIBLE_KEEP_REMOTE_FILES" in command(
        tmp_path, simulator, "playbook", "-vvv", write(tmp_path, {INFO: {}}), more={"ANSIBLE_KEEP_REMOTE_FILES": "true"},
    )


@pytest.mark.core
def test_both_ways_return_the_same(simulator, tmp_path):
    """Options of every kind: lists of numbers and texts, booleans, templates, a loop, defaults of the group, an alias, what is refused, check mode."""
    tasks = [
        {BOT: {"account_ids": [123, "124"], "state": True, "reason": "{{ 'Grüße ' ~ 1 }}"}},
        {BOT: {"account_id": "{{ item }}", "state": "off"}, "loop": ["123", "124"]},
        {BOT: {"accounts": [{"account_id": "125", "state": "on", "display_name": "Another Name"}]}},
        {BOT: {"all_accounts": True, "state": "off"}, "check_mode": True, "diff": True},
        {BOT: {"account_id": "..", "state": "off"}},
        {BOT: {"account_id": "123", "state": "maybe"}},
        {BOT: {"accuont_id": "123"}},
        {BOT: {"account_id": "123", "state": "off", "ca_path": "/no/such/file"}},
        {INFO: {"bookie": ["TAB"]}},
        {INFO: {"account_id": []}},
        {BOT: {"account_id": "123", "account_ids": ["124"], "state": "off"}},
        {BOT: {"account_id": "123", "account_ids": ["124"], "state": "maybe"}},
        {INFO: {"account_id": "123", "account_ids": ["124"]}},
    ]
    for number, task in enumerate(tasks):
        task.update(register=f"result_{number}", ignore_errors=True)
    kept = "{{ [%s] | to_json }}" % ", ".join(f"result_{number}" for number in range(len(tasks)))
    tasks.append({"ansible.builtin.copy": {"content": kept, "dest": str(tmp_path / "results.json"), "mode": "0600"}})
    defaults = {"group/bookieops.betmatic.betmatic": {"timeout": "{{ 5 }}", "retries": 1}}
    playbook = write(tmp_path, *tasks, module_defaults=defaults)
    results = []
    for way in (HERE, SHIPPED):
        simulator.reset()
        command(tmp_path, simulator, "playbook", playbook, more=way)
        results.append([_comparable(one) for one in json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))])
    assert results[0] == results[1]
    assert [bool(one.get("failed")) for one in results[0]] == [False, False, True, False, True, True, True, True, False, True, True, True, True]
    both = [results[0][10], results[0][12]]
    assert {one["msg"] for one in both} == {"account_id and account_ids are both given: use one of them. Nothing was sent."}
    assert all("Both option account_id and its alias account_ids are set." in one["warnings"] for one in (*both, results[0][11]))


def _comparable(value):
    """The result without what is another one each time, or tells how it was run."""
    if isinstance(value, dict):
        return {key: _comparable(one) for key, one in value.items()
                if key not in ("invocation", "ansible_parsed", "timestamp", "update_time", "session_start_time", "exception")}
    return [_comparable(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("way", [HERE, SHIPPED], ids=["here", "shipped"])
def test_neither_the_token_nor_a_part_of_it_is_shown(simulator, tmp_path, way):
    """From each source, with a service that tells it, in options that are no place for it, refused, in the trail, at -vvvvv."""
    simulator.plan(*(echo(on=endpoint, times=None) for endpoint in ("control_one", "control_all", "list")))
    file, trail = tmp_path / "token", tmp_path / "trail.jsonl"
    file.write_text(simulator.token, encoding="ascii")
    tmp_path.joinpath("secrets.json").write_text(json.dumps({"token": simulator.token}), encoding="ascii")
    tokens = {"option": {"api_token": "{{ token }}"}, "environment": {}, "file": {"api_token_file": str(file)}}
    part = "{{ token.split('.')[1] }}"
    off = {"account_id": "123", "state": "off", "retries": 0}
    options = [
        (BOT, off), (BOT, {"all_accounts": True, "state": "off", "retries": 0, "reason": part}), (INFO, {"retries": 0}), (INFO, {"bookie": [part]}),
        (BOT, {**off, "account_id": part}), (BOT, {**off, "hold": part}), (BOT, {**off, "no_such_option": "value"}), (BOT, {**off, "ca_path": f"/no/{part}"}),
        (BOT, {"accounts": [{"account_id": "123", "state": "off", "display_name": part}], "retries": 0}),
        (BOT, {**off, "api_url": f"https://{part}@betmatic.app"}),
    ]
    tasks = []
    for name, given in tokens.items():
        for number, (module, wanted) in enumerate(options if name == "option" else options[:3]):
            tasks += [
                {"name": f"{name} {number}", module: {**wanted, **given}, "register": "result", "ignore_errors": True, "diff": True},
                {"name": "Show it", "ansible.builtin.debug": {"var": "result"}},
            ]
    more = {**way, "ANSIBLE_INJECT_INVOCATION": "true", "ANSIBLE_CALLBACKS_ENABLED": "bookieops.betmatic.bookie_audit", "BOOKIE_AUDIT_PATH": str(trail)}
    shown = command(tmp_path, simulator, "playbook", "-vvvvv", "-e", f"@{tmp_path / 'secrets.json'}", write(tmp_path, *tasks), more=more)
    rules.assert_no_leak(shown + trail.read_text(encoding="ascii"), simulator.token)
    assert shown.count("...ignoring") == len(tasks) // 2 and "500 from the service" in shown
    assert ("is shipped: bookie_in_process" in shown) is (way == SHIPPED)


def test_a_relative_path_begins_where_the_playbook_is(simulator, tmp_path):
    tmp_path.joinpath("ca.pem").write_text("no certificate", encoding="ascii")
    task = {BOT: {"account_id": "123", "state": "off", "ca_path": "ca.pem"}}
    (tmp_path / "elsewhere").mkdir()
    assert "1 of 1 account as wanted" in command(tmp_path / "elsewhere", simulator, "playbook", "-v", write(tmp_path, task))


def test_the_timeout_of_a_task_returns_every_account(simulator, tmp_path):
    simulator.put_accounts(fleet(4, "RUNNING"))
    simulator.plan(hang(account="1002", times=None))
    options = {"account_id": ["1001", "1002", "1003"], "state": "off", "concurrency": 1}
    task = {"name": "Off", BOT: options, "timeout": 2, "register": "off", "ignore_errors": True}
    shown = command(tmp_path, simulator, "playbook", write(tmp_path, task, {"ansible.builtin.debug": {"var": "off"}}))
    result = json.loads(shown.split('"off": ')[1].split("\n}\n")[0])
    assert {one["account_id"]: one["outcome"] for one in result["accounts"]} == {"1001": "ok", "1002": "unknown", "1003": "not_attempted"}
    assert result["failed"] and result["changed"] and "the task's timeout" in result["msg"] and result["timedout"]["period"] == 2
    assert len(simulator.requests("POST")) == 2


@pytest.mark.parametrize("way", [HERE, SHIPPED], ids=["here", "shipped"])
@pytest.mark.parametrize("state", ["on", "off"])
def test_after_a_job_was_killed_an_off_goes_on_and_an_on_does_not(simulator, tmp_path, way, state):
    simulator.put_accounts(fleet(30, "STOPPED" if state == "on" else "RUNNING"))
    simulator.plan(delay(0.2, on="control_one", times=None))
    playbook = write(tmp_path, {BOT: {"account_id": [str(1001 + number) for number in range(30)], "state": state, "concurrency": 2}})
    seen = _killed_after(4, playbook, simulator, tmp_path, way)
    # Those that were under way, and perhaps two that began while the process died.
    assert seen == 30 if state == "off" else seen < 12


@pytest.mark.parametrize("way", [HERE, SHIPPED], ids=["here", "shipped"])
def test_after_a_job_was_killed_the_next_items_of_a_loop_get_no_on(simulator, tmp_path, way):
    simulator.put_accounts(fleet(6))
    simulator.plan(delay(0.5, on="control_one", times=None))
    playbook = write(tmp_path, {BOT: {"account_id": "{{ item }}", "state": "on"}, "loop": [str(1001 + number) for number in range(6)]})
    assert _killed_after(1, playbook, simulator, tmp_path, way) <= 2


def _killed_after(commands, playbook, simulator, tmp_path, way):
    """Run a playbook, kill it once the server has seen so many commands; returns how many it has seen in the end."""
    environment = clean_environment(tmp_path, {"BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token, **way})
    process = subprocess.Popen(
        [sys.executable, "-m", "ansible", "playbook", playbook], cwd=tmp_path, env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    limit = time.monotonic() + PATIENCE
    while len(simulator.requests("POST")) < commands and time.monotonic() < limit:
        time.sleep(0.02)
    _kill_alone(process)
    return _until_quiet(simulator)


def _kill_alone(process):
    """SIGKILL to the process group: a worker has a group of its own."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _until_quiet(simulator):
    """How many commands the server has seen once no more come."""
    seen = -1
    while seen != len(simulator.requests("POST")):
        seen = len(simulator.requests("POST"))
        time.sleep(1.5)
    return seen
