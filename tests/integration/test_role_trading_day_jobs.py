# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the role trading_day installs, run as cron runs it: whatever stands around it, its OFF comes or its failure is mailed."""

from __future__ import annotations

import json
import stat

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import every_other_fails
from ansible_collections.bookieops.betmatic.tests.integration.support.trading_day import DAY
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer

# What may stand around a job, and none of it is the schedule's.
HOSTILE_SETTINGS = """
[defaults]
inventory = {home}/hosts
any_unparsed_is_failed = true
[tags]
skip = always
[inventory]
any_unparsed_is_failed = true
[callback_bookie_audit]
path = {home}/elsewhere.jsonl
"""
HOSTILE_HOSTS = """localhost ansible_connection=local ansible_python_interpreter=/nowhere/python
[all:vars]
bookie_bookmakers=TAB
bookie_api_token=another.account.of.nobody
bookie_api_url=http://127.0.0.1:9/api
bookie_wait=false
"""
HOSTILE = {
    "BETMATIC_API_URL": "http://127.0.0.1:9/api", "BETMATIC_API_TOKEN_FILE": "/nowhere", "BETMATIC_TIMEOUT": "never", "ANSIBLE_SKIP_TAGS": "always",
    "ANSIBLE_INVENTORY": "/nowhere", "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true", "ANSIBLE_PLAYBOOK_DIR": "/nowhere",
    "BOOKIE_AUDIT_PATH": "/nowhere/trail", "PYTHONPATH": "/nowhere", "PYTHONHOME": "/nowhere", "LC_ALL": "xx_XX.ISO-8859-1",
}


def log(host):
    return (host.home / ".local/state/bookieops/trading_day.log").read_text(encoding="utf-8")


@pytest.mark.core
def test_the_job_of_the_crontab_switches_as_it_stands_there_whatever_stands_around_it(host):
    settings, trail = host.home / ".ansible.cfg", host.home / "main/trail.jsonl"
    settings.write_text("[callback_bookie_audit]\npath = ~/main/trail.jsonl\n", encoding="utf-8")
    host.run(DAY)
    jobs = {job.rpartition(" ")[2]: job for job in host.jobs().values()}
    settings.write_text(HOSTILE_SETTINGS.format(home=host.home), encoding="utf-8")
    (host.home / "hosts").write_text(HOSTILE_HOSTS, encoding="utf-8")
    (host.home / "group_vars").mkdir()
    (host.home / "group_vars/all.yml").write_text("bookie_bookmakers: TAB\n", encoding="utf-8")
    plugins = host.home / ".ansible/plugins/vars"
    plugins.mkdir(parents=True)
    (plugins / "mine.py").write_text("raise SystemExit('a plugin of the user')\n", encoding="utf-8")
    (host.home / "ansible.py").write_text("raise SystemExit('a file in the working folder')\n", encoding="utf-8")
    assert host.fire(jobs["off"], HOSTILE) == (0, "")
    assert host.simulator.bots() == {"201": "STOPPED", "202": "STOPPED", "203": "RUNNING"}
    assert host.fire(jobs["on"]) == (0, "")
    assert set(host.simulator.bots().values()) == {"RUNNING"}
    text = log(host)
    assert '"201": "off"' in text and '"202": "on"' in text
    assert stat.S_IMODE((host.home / ".local/state/bookieops/trading_day.log").stat().st_mode) == 0o600
    rules.assert_no_leak(text, host.simulator.token)
    # The trail of the run that installed it.
    entries = [json.loads(line) for line in trail.read_text(encoding="utf-8").splitlines()]
    assert [(entry["account_id"], entry["state"], entry["reason"]) for entry in entries if entry["event"] == "result"] == [
        (account, state, "Trading day") for state in ("off", "on") for account in ("201", "202")]


def test_a_log_on_a_full_disk_keeps_no_off_back(host):
    host.run(DAY)
    (host.home / ".local/state/bookieops/trading_day.log").symlink_to("/dev/full")
    code, mailed = host.fire(host.jobs()["30 17 * * 1,6"])
    assert code == 0 and "No space left" in mailed and host.simulator.bots()["201"] == "STOPPED"


def test_a_switch_that_fails_is_mailed(host):
    host.run({**DAY, "bookie_retries": 0, "bookie_wait_timeout": 3})
    host.simulator.patch_accounts({"id": 202, "maintenance": True})
    code, mailed = host.fire(host.jobs()["30 17 * * 1,6"])
    assert code != 0 and "NOT every bot is proven off" in mailed and '"202": "NOT proven off' in log(host)


def test_a_switch_against_a_service_that_fails_half_the_time(host):
    host.run(DAY)
    host.simulator.plan(*every_other_fails())
    assert host.fire(host.jobs()["30 17 * * 1,6"])[0] == 0
    assert host.simulator.bots()["201"] == host.simulator.bots()["202"] == "STOPPED"


def test_a_token_that_has_expired_is_mailed_and_a_new_one_in_the_file_does(host):
    host.run(DAY)
    host.simulator.plan(answer(401, times=None))
    assert host.fire(host.jobs()["30 17 * * 1,6"])[0] != 0 and "refresh the token" in log(host)
    host.simulator.clear_plan()
    assert host.fire(host.jobs()["30 17 * * 1,6"])[0] == 0


def test_a_token_file_that_went_away_is_mailed(host):
    host.run(DAY)
    host.token_file.unlink()
    code, mailed = host.fire(host.jobs()["30 17 * * 1,6"])
    assert code != 0 and "NOT every bot is proven off" in mailed and "api_token is missing" in log(host)


@pytest.mark.parametrize("setting", ["export BETMATIC_API_TOKEN='{}' # mine", '  BETMATIC_API_TOKEN="{}"'])
def test_a_token_in_quotes_is_taken(setting, host):
    host.token_file.write_text(f"BETMATIC_API_TOKEN=\n{setting.format(host.simulator.token)}\nBETMATIC_API_URL={host.simulator.url}\n", encoding="utf-8")
    host.run(DAY)
    assert host.fire(host.jobs()["30 17 * * 1,6"]) == (0, "")


def test_an_empty_fleet(host):
    host.simulator.put_accounts([])
    host.run(DAY)
    code, mailed = host.fire(host.jobs()["30 17 * * 1,6"])
    assert code != 0 and "NOT every bot is proven off" in mailed and "404" in log(host)
    host.run({"bookie_all_accounts": True, "bookie_trading_windows": DAY["bookie_trading_windows"]})
    assert host.fire(host.jobs()["30 17 * * 1,6"]) == (0, "")


@pytest.mark.parametrize("named_by", ["the token file", "a variable", "the environment"])
def test_the_folder_of_the_holds_that_is_named_keeps_the_on_back(named_by, host, monkeypatch):
    holds, line = host.folder / "holds", host.folder / "other"
    holds.mkdir()
    (holds / "torn.json").touch()
    if named_by == "the environment":
        monkeypatch.setattr(host, "more", {"BETMATIC_HOLDS": str(holds)})
    else:
        named = holds if named_by == "the token file" else line
        host.token_file.write_text(host.token_file.read_text(encoding="utf-8").rstrip() + f"\nBETMATIC_HOLDS={named}\n", encoding="utf-8")
    host.run({**DAY, "bookie_retries": 0, **({"bookie_holds_path": str(holds)} if named_by == "a variable" else {})})
    jobs = {job.rpartition(" ")[2]: job for job in host.jobs().values()}
    assert host.fire(jobs["off"]) == (0, "") and host.simulator.bots()["201"] == "STOPPED"
    assert host.fire(jobs["on"])[0] != 0 and host.simulator.bots()["201"] == "STOPPED" and "held for all accounts" in log(host)


def test_all_accounts_paths_with_blanks_and_percent_signs_and_no_log(host):
    odd = host.home / "100% odd"
    host.run({
        "bookie_all_accounts": True, "bookie_trading_windows": DAY["bookie_trading_windows"], "bookie_reason": "it's 5% off",
        "bookie_schedule_script_file": str(odd / "day %d"), "bookie_schedule_log_file": str(odd / "the log"), "bookie_audit_file": str(odd / "the trail"),
    })
    job = next(job for job in host.jobs().values() if job.endswith("off"))
    (odd / "the log").mkdir()  # what is a folder takes no line
    code, mailed = host.fire(job)
    assert code == 0 and "log" in mailed and set(host.simulator.bots().values()) == {"STOPPED"}
    # What was intended, then a line for each account.
    assert len((odd / "the trail").read_text(encoding="utf-8").splitlines()) == 1 + 3
