# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The role trading_day installs a schedule, changes it and removes it, and nothing of anybody else's."""

from __future__ import annotations

import json
import re
import stat

import pytest
import yaml

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._preflight import schedules
from ansible_collections.bookieops.betmatic.tests.integration.support import pages, rules
from ansible_collections.bookieops.betmatic.tests.integration.support.forked import SETTINGS
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import clean_environment
from ansible_collections.bookieops.betmatic.tests.integration.support.schedulers import SUNDAY
from ansible_collections.bookieops.betmatic.tests.integration.support.trading_day import ABSENT, DAY, TIMES, script, states

OTHERS = "MAILTO=ops@example.com\n# mine\n0 1 * * * backup\n#Ansible: bookieops.betmatic trading_day2 on 09:00 mon\n0 9 * * 1 other\n"


@pytest.mark.parametrize("settings", [pytest.param(False, marks=pytest.mark.core), True])
def test_installed_in_the_crontab_and_a_second_run_changes_nothing(settings, host):
    host.more = SETTINGS if settings else {}
    shown = host.run(DAY)
    assert states(host) == TIMES and stat.S_IMODE(script(host).stat().st_mode) == 0o700
    assert host.simulator.log() == [] and host.timers() == []
    rules.assert_no_leak(shown + host.crontab() + script(host).read_text(encoding="utf-8"), host.simulator.token)
    # The preflight reads what stands there.
    read = {(one.state, one.script, one.active) for one in schedules.of_crontab(host.crontab())}
    assert read == {(state, str(script(host)), True) for state in ("on", "off")}
    assert schedules.token_file(script(host).read_text(encoding="utf-8")) == str(host.token_file)
    before = host.crontab()
    assert "changed=0 " in host.run(DAY) and host.crontab() == before


@pytest.mark.parametrize(("variables", "environment", "settings", "trail"), [
    ({}, {}, "", "{home}/.ansible/bookie_audit.jsonl"),
    ({}, {"BOOKIE_AUDIT_PATH": ""}, "path = sub/trail ; the trail", "{folder}/sub/trail"),
    ({}, {"BOOKIE_AUDIT_PATH": "~/mine"}, "path = /other", "{home}/mine"),
    ({"bookie_audit_file": "/given"}, {"BOOKIE_AUDIT_PATH": "/mine"}, "path = /other", "/given"),
])
def test_the_trail_of_the_run_that_installs_it(variables, environment, settings, trail, host):
    host.folder.joinpath("ansible.cfg").write_text(f"[callback_bookie_audit]\n{settings}\n", encoding="utf-8")
    host.more = environment
    host.run({**DAY, **variables})
    assert f"\nBOOKIE_AUDIT_PATH={trail.format(home=host.home, folder=host.folder)}\n" in script(host).read_text(encoding="utf-8")


def test_killed_while_it_is_installed_and_started_again(host):
    host.killed(DAY)
    # No ON without its OFF, and no entry without its script.
    assert set(states(host).values()) == {"off"} and script(host).exists()
    host.run(DAY)
    assert states(host) == TIMES and "changed=0 " in host.run(DAY)


def test_other_entries_stay_and_only_what_was_installed_is_removed(host):
    (host.folder / "crontab").write_text(OTHERS, encoding="utf-8")
    host.more = SETTINGS
    host.run(DAY)
    assert host.crontab().startswith(OTHERS)
    shown = " ".join(host.run({**ABSENT, "bookie_schedule_name": "tradingday"}, code=2).split())
    assert "No schedule tradingday of user" in shown and "installed: trading_day, trading_day2." in shown and len(host.jobs()) == 5
    # The token is that of the schedule that goes, whatever this run names.
    shown = " ".join(host.run({**ABSENT, "bookie_token_file": "/nowhere/other.env"}).split())
    assert f". {host.token_file} && ansible-playbook -i localhost," in shown
    assert "From the schedule trading_day no OFF comes any more for 201, 202;" in shown and "-e bookie_state=off -e bookie_account_ids=201,202)`" in shown
    assert host.crontab() == OTHERS and not script(host).exists() and host.token_file.exists()
    # Another one of ours stands: the name may be wrong.
    assert "installed: trading_day2. Check bookie_schedule_name" in " ".join(host.run(ABSENT, code=2).split()) and host.crontab() == OTHERS


@pytest.mark.parametrize("scheduler", ["cron", "systemd"])
def test_a_name_that_yaml_makes_a_number_of_is_a_name(scheduler, host):
    host.more = SETTINGS
    day = {**DAY, "bookie_schedule_name": 2026, "bookie_scheduler": scheduler}
    host.run(day)
    assert (host.home / ".local/share/bookieops/2026").exists() and (len(host.jobs()), len(host.timers())) == ((3, 0) if scheduler == "cron" else (0, 4))
    # What is installed is found again, by the check for bots that are left on, and to be removed.
    shown = " ".join(host.run({**day, "bookie_account_ids": "201", "_trading_day_now": MONDAY_NOON}, code=2).split())
    assert "The schedule 2026 that is installed has bots on now" in shown and "changed=0 " in host.run(day)
    host.run({**ABSENT, "bookie_schedule_name": 2026})
    assert (host.jobs(), host.timers()) == ({}, []) and not (host.home / ".local/share/bookieops/2026").exists()


MONDAY_NOON = SUNDAY + (24 + 9) * 3600
FEWER = {**DAY, "bookie_account_ids": "201", "_trading_day_now": MONDAY_NOON}


def test_an_account_that_drops_out_is_named_and_keeps_its_off_while_it_is_on(host):
    # Up to ansible-core 2.18 jinja2_native would make a number of its id.
    host.more = SETTINGS
    host.run(DAY)
    before = script(host).read_text(encoding="utf-8")
    shown = " ".join(host.run(FEWER, code=2).split())
    assert "has bots on now, and the new one has no OFF for them: 202. Run this again when" in shown and "Nothing was installed" in shown
    # Whatever service the operator's own environment names: the OFF goes where the schedule's commands went.
    command = re.search(r"`(\(unset .*?\))`", shown).group(1)
    elsewhere = {"BETMATIC_API_URL": "http://127.0.0.1:9/api", "BETMATIC_API_TOKEN": "a-token-of-another-service"}
    (host.folder / "hosts").write_text("[all:vars]\nbookie_api_url=http://127.0.0.1:9/api\n", encoding="utf-8")
    elsewhere = clean_environment(host.folder, {**elsewhere, "ANSIBLE_INVENTORY": str(host.folder / "hosts")})
    code, told = host.fire(command, elsewhere)
    assert code == 0, told
    assert [(entry["account_id"], entry["command"]) for entry in host.simulator.requests("POST")] == [("202", "OFF")]
    assert script(host).read_text(encoding="utf-8") == before
    for variables in ({**FEWER, "bookie_leave_on": True}, {**DAY, "bookie_account_ids": ["203"]}):
        shown = " ".join(host.run(variables).split())
        assert "switched no bot. From the schedule trading_day no OFF comes any more for 20" in shown
    assert '"bookie_account_ids": ["203"]' in script(host).read_text(encoding="utf-8") and "# Accounts: 203\n" in script(host).read_text(encoding="utf-8")


def test_a_changed_schedule_leaves_no_old_entry_and_an_off_at_night_comes_twice(host):
    host.run(DAY)
    host.run({**DAY, "bookie_trading_windows": [{"start": "21:00", "end": "24:00"}], "bookie_restricted_periods": []})
    assert states(host) == {"0 0 * * 1,2,3,4,5,6,0": "off", "0 1 * * 1,2,3,4,5,6,0": "off", "0 21 * * 1,2,3,4,5,6,0": "on"}


def test_check_mode_installs_nothing(host):
    for by in ("cron", "systemd"):
        shown = host.run({**DAY, "bookie_scheduler": by}, "--check", "--diff")
        assert "changed=0 " not in shown
    assert host.crontab() == "" and host.timers() == [] and not script(host).exists() and host.simulator.log() == []
    host.run(DAY)
    before = host.crontab()
    host.run(ABSENT, "--check")
    assert host.crontab() == before and script(host).exists()


def test_timers_of_systemd(host):
    zone = {"bookie_scheduler": "systemd", "bookie_time_zone": "Europe/London"}
    host.run({**DAY, **zone})
    on, off = host.unit("bookie-trading_day-on.timer"), host.unit("bookie-trading_day-off.timer")
    assert [line for line in on.splitlines() if "Calendar" in line] == [
        "OnCalendar=Mon *-*-* 09:00:00 Europe/London", "OnCalendar=Sat *-*-* 10:00:00 Europe/London"]
    assert "OnCalendar=Mon,Sat *-*-* 17:30:00 Europe/London" in off and "AccuracySec=1s" in on
    # An ON that was missed and comes late could come after its OFF.
    assert "Persistent=true" in off and "Persistent=false" in on
    assert host.timers() == [f"bookie-trading_day-{state}.timer.{kept}" for state in ("off", "on") for kept in ("active", "enabled")]
    assert host.crontab() == "" and "changed=0 " in host.run({**DAY, **zone})
    unit = schedules.of_unit("bookie-trading_day-off.timer", host.unit("bookie-trading_day-off.service"), True)
    assert unit == schedules.Entry("trading_day", "off", str(script(host)))
    command = next(line for line in host.unit("bookie-trading_day-off.service").splitlines() if line.startswith("ExecStart=")).partition("=")[2]
    assert host.fire(command)[0] == 0 and host.simulator.bots()["201"] == "STOPPED"
    host.run(ABSENT)
    assert host.timers() == [] and not list((host.home / ".config/systemd/user").iterdir()) and not script(host).exists()
    assert "changed=0 " in host.run(ABSENT)


def test_from_cron_to_systemd_and_back_there_is_always_an_off(host):
    host.run(DAY)
    systemctl = (host.bin / "systemctl").read_text(encoding="utf-8")
    timers = {**DAY, "bookie_scheduler": "systemd"}
    # Nothing is removed before the other one works, and that it will is asked first.
    (host.bin / "systemctl").write_text("#!/bin/sh\necho 'Failed to connect to bus: No medium found' >&2\nexit 1\n", encoding="utf-8")
    shown = " ".join(host.run(timers, code=2).split())
    assert "does not answer (Failed to connect to bus: No medium found): log in as" in shown and "what is installed stays" in shown
    assert states(host) == TIMES and not (host.home / ".config/systemd").exists()
    (host.bin / "systemctl").write_text(systemctl.replace("enable) touch", "enable) exit 1; touch"), encoding="utf-8")
    host.run(timers, code=2)
    assert states(host) == TIMES and host.timers() == []
    (host.bin / "systemctl").write_text(systemctl, encoding="utf-8")
    host.run(timers)
    assert host.jobs() == {} and len(host.timers()) == 4
    # Other times: the old ON is stopped before the OFF changes.
    (host.bin / "systemctl").write_text(systemctl.replace("start | restart) touch", "restart) exit 1 ;;\n  start) touch"), encoding="utf-8")
    host.run({**timers, "bookie_trading_windows": [{"start": "20:00", "end": "23:00"}]}, code=2)
    assert "bookie-trading_day-on.timer.active" not in host.timers() and "bookie-trading_day-off.timer.active" in host.timers()
    (host.bin / "systemctl").write_text(systemctl, encoding="utf-8")
    host.run({**DAY, "bookie_scheduler": "cron"})
    assert states(host) == TIMES and host.timers() == []


def test_each_variable_reaches_the_script(host):
    host.run({**DAY, "bookie_reason": "CHG-7", "bookie_concurrency": 3, "bookie_retries": 4, "bookie_wait_timeout": 5,
              "bookie_trading_windows": [{"start": "09:00", "end": "09:06"}], "bookie_restricted_periods": []})
    text = script(host).read_text(encoding="utf-8")
    for words in ('"bookie_reason": "CHG-7"', '"bookie_concurrency": 3', '"bookie_retries": 4', '"bookie_wait_timeout": 5.0', '"bookie_deadline": 300.0'):
        assert words in text


def test_the_example_of_the_readme(host):
    block = next(block for block in pages.blocks("roles/trading_day/README.md", "yaml"))
    host.run(yaml.safe_load(block))
    assert len(host.jobs()) == 4


def test_compliance_after_it_in_one_run_has_variables_of_its_own(host):
    service = {"bookie_api_url": host.simulator.url, "bookie_api_token": host.simulator.token}
    host.run({**DAY, **service, "bookie_evidence_file": "evidence.json", "bookie_compliance_enforce": True}, "bookieops.betmatic.compliance")
    evidence = json.loads(host.folder.joinpath("evidence.json").read_text(encoding="utf-8"))
    assert evidence["verdict"] == "compliant" and isinstance(evidence["user"], str)
