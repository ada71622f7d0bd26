# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is installed switches bots when it is run as it stands; what cannot be meant installs nothing."""

from __future__ import annotations

import json
import re
import stat

import pytest
import yaml

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._preflight import schedules
from ansible_collections.bookieops.betmatic.tests.integration.support import pages, rules
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import clean_environment
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import cut_by_tags, every_other, running, with_settings
from ansible_collections.bookieops.betmatic.tests.integration.support.schedulers import SUNDAY, Host
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer

DAY = {
    "bookie_account_ids": ["201", "202"],
    "bookie_trading_windows": [{"start": "09:00", "end": "17:30", "weekdays": ["mon", "sat"]}],
    "bookie_restricted_periods": [{"start": "09:00", "end": "10:00", "weekdays": ["sat"]}],
}
ABSENT = {"bookie_schedule_state": "absent"}
# Saturday's ON at 09:00 would meet the restricted period: there is none.
TIMES = {"30 17 * * 1,6": "off", "0 9 * * 1": "on", "0 10 * * 6": "on"}
OTHERS = "MAILTO=ops@example.com\n# mine\n0 1 * * * backup\n#Ansible: bookieops.betmatic trading_day2 on 09:00 mon\n0 9 * * 1 other\n"


@pytest.fixture(name="host")
def _host(simulator, tmp_path):
    simulator.put_accounts(running(3))
    return Host(tmp_path, simulator)


def states(host):
    return {times: job.rpartition(" ")[2] for times, job in host.jobs().items()}


def script(host):
    return host.home / ".local/share/bookieops/trading_day"


def log(host):
    return (host.home / ".local/state/bookieops/trading_day.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("settings", [pytest.param(False, marks=pytest.mark.core), True])
def test_installed_in_the_crontab_and_a_second_run_changes_nothing(settings, host):
    if settings:
        with_settings(host.folder)
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
    host.simulator.plan(*every_other(500))
    assert host.fire(host.jobs()["30 17 * * 1,6"])[0] == 0
    assert host.simulator.bots()["201"] == host.simulator.bots()["202"] == "STOPPED"


def test_a_token_that_has_expired_is_mailed_and_a_new_one_in_the_file_does(host):
    host.run(DAY)
    host.simulator.plan(answer(401, times=None))
    assert host.fire(host.jobs()["30 17 * * 1,6"])[0] != 0 and "refresh the token" in log(host)
    host.simulator.clear_plan()
    assert host.fire(host.jobs()["30 17 * * 1,6"])[0] == 0


def test_killed_while_it_is_installed_and_started_again(host):
    host.killed(DAY)
    # No ON without its OFF, and no entry without its script.
    assert set(states(host).values()) == {"off"} and script(host).exists()
    host.run(DAY)
    assert states(host) == TIMES and "changed=0 " in host.run(DAY)


def test_an_empty_fleet(host):
    host.simulator.put_accounts([])
    host.run(DAY)
    code, mailed = host.fire(host.jobs()["30 17 * * 1,6"])
    assert code != 0 and "NOT every bot is proven off" in mailed and "404" in log(host)
    host.run({"bookie_all_accounts": True, "bookie_trading_windows": DAY["bookie_trading_windows"]})
    assert host.fire(host.jobs()["30 17 * * 1,6"]) == (0, "")


def test_a_token_file_that_went_away_is_mailed(host):
    host.run(DAY)
    host.token_file.unlink()
    code, mailed = host.fire(host.jobs()["30 17 * * 1,6"])
    assert code != 0 and "NOT every bot is proven off" in mailed and "api_token is missing" in log(host)


@pytest.mark.parametrize(
    "settings, words",
    [
        ("BETMATIC_TOKEN=typo\nBETMATIC_API_TOKEN=\n", "has no line BETMATIC_API_TOKEN="),
        ("BETMATIC_API_TOKEN=''\n", "has no line BETMATIC_API_TOKEN="),
        ("BETMATIC_API_TOKEN={token}\nexport BETMATIC_API_TOKEN=\"\"\n", "its last such line is empty"),
        ("BETMATIC_API_TOKEN='{token}\n", "a quote in it is not closed"),
        ("BETMATIC_API_TOKEN={token}\nBETMATIC_API_URL=\"http://a\n", "a quote in it is not closed"),
        ("BETMATIC_API_TOKEN={token} 9\n", "with nothing but the token after the ="),
        ("BETMATIC_API_TOKEN={token}\r\nBETMATIC_TIMEOUT=5\r\n", "has Windows line endings"),
        ("BETMATIC_API_TOKEN={token}\nBETMATIC_TIMEOUT={token}\n", "BETMATIC_TIMEOUT is not a number: correct it, or remove it."),
        ("BETMATIC_API_TOKEN={token}\nBETMATIC_API_URL={token}\n", "BETMATIC_API_URL must begin with https://"),
        ("BETMATIC_API_TOKEN={token}\nBETMATIC_API_TOKEN_FILE=/etc/token\n", "BETMATIC_API_TOKEN_FILE stands beside BETMATIC_API_TOKEN"),
    ],
)
def test_a_token_file_that_no_switch_could_use_is_refused(settings, words, host):
    host.token_file.write_bytes(settings.format(token=host.simulator.token).encode())
    shown = " ".join(host.run(DAY, code=2).split())
    assert words in shown and "Nothing was installed." in shown
    rules.assert_no_leak(shown, host.simulator.token)
    assert host.crontab() == "" and not script(host).exists()


@pytest.mark.parametrize("setting", ["export BETMATIC_API_TOKEN='{}' # mine", '  BETMATIC_API_TOKEN="{}"'])
def test_a_token_in_quotes_is_taken(setting, host):
    host.token_file.write_text(f"BETMATIC_API_TOKEN=\n{setting.format(host.simulator.token)}\nBETMATIC_API_URL={host.simulator.url}\n", encoding="utf-8")
    host.run(DAY)
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


def test_a_file_that_is_not_the_script_is_neither_overwritten_nor_removed(host):
    script(host).parent.mkdir(parents=True)
    other = b"#!/bin/sh\n# Installed by the role bookieops.betmatic.trading_day, schedule other: switches bots on or off.\n"
    for content in (b"#!/bin/sh\necho mine\n", b"\xff\x00", other):
        script(host).write_bytes(content)
        shown = " ".join(host.run(DAY, code=2).split())
        assert "is not the script of the schedule trading_day" in shown and script(host).read_bytes() == content and host.crontab() == ""
    assert "was left alone" in " ".join(host.run(ABSENT).split()) and script(host).read_bytes() == content
    script(host).unlink()
    script(host).symlink_to(host.token_file)
    assert "is not the script of the schedule trading_day" in " ".join(host.run(DAY, code=2).split()) and script(host).is_symlink()


@pytest.mark.parametrize("line", ["CRON_TZ=Europe/London", ' TZ = "Europe/London"'])
def test_a_time_zone_of_the_crontab_is_refused_with_one_of_the_schedule_and_else_said(line, host):
    (host.folder / "crontab").write_text(f"# CRON_TZ=UTC\n{line}\n", encoding="utf-8")
    shown = " ".join(host.run({**DAY, "bookie_time_zone": "UTC"}, code=2).split())
    assert f"The crontab has the line {line.strip()}" in shown.replace('\\"', '"') and host.crontab().count("\n") == 2
    assert "ATTENTION: the crontab has the line" in host.run(DAY) and script(host).exists()


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


def test_other_entries_stay_and_only_what_was_installed_is_removed(host):
    (host.folder / "crontab").write_text(OTHERS, encoding="utf-8")
    with_settings(host.folder)
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
    with_settings(host.folder)
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
    with_settings(host.folder)
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


def may_no_longer_use_cron(host):
    (host.bin / "crontab").write_text("#!/bin/sh\necho 'You (u) are not allowed to use this program (crontab)' >&2\nexit 1\n", encoding="utf-8")


@pytest.mark.parametrize("settings", [ABSENT, {**DAY, "bookie_scheduler": "systemd"}], ids=["absent", "systemd"])
def test_entries_in_a_crontab_that_may_no_longer_be_read_are_neither_forgotten_nor_doubled(settings, host):
    host.run(DAY)
    before = host.crontab(), script(host).read_bytes()
    may_no_longer_use_cron(host)
    shown = " ".join(host.run(settings, code=2).split())
    assert f"-e` each line of {script(host)} and the line `#Ansible: bookieops.betmatic trading_day ...` above it" in shown
    assert ("Nothing was removed" if settings is ABSENT else "Nothing was installed") in shown
    assert (host.crontab(), script(host).read_bytes()) == before and host.timers() == []


@pytest.mark.parametrize("settings", [ABSENT, DAY])
def test_a_crontab_that_may_not_be_read_is_not_an_empty_one(settings, host):
    may_no_longer_use_cron(host)
    shown = " ".join(host.run(settings, code=2).split())
    assert "cannot be read (You (u) are not allowed to use this program (crontab))" in shown and not script(host).exists()
    assert ("Nothing was removed" if settings is ABSENT else "Nothing was installed") in shown
    if settings is DAY:
        timers = {**DAY, "bookie_scheduler": "systemd"}
        assert "that an earlier run may have left in it stay" in " ".join(host.run(timers).split()) and len(host.timers()) == 4


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


@pytest.mark.parametrize(
    "schedulers, chosen, words",
    [(("systemctl",), "auto", None), ((), "auto", "systemctl is not on this host"), (("systemctl",), "cron", "crontab is not on this host")],
)
def test_which_scheduler(schedulers, chosen, words, simulator, tmp_path):
    host = Host(tmp_path, simulator, schedulers)
    shown = host.run({**DAY, "bookie_scheduler": chosen}, code=2 if words else 0)
    assert (words in shown) if words else len(host.timers()) == 4
    assert script(host).exists() == (words is None)


@pytest.mark.parametrize("zone, code", [("UTC", 0), ("Europe/London", 2), ("Mars/Olympus", 2), ("../UTC", 2), ("Europe", 2)])
def test_cron_knows_the_time_zone_of_the_host_only(zone, code, host):
    shown = host.run({**DAY, "bookie_time_zone": zone}, code=code)
    assert bool(host.jobs()) == (code == 0)
    if code:
        assert ("use bookie_scheduler=systemd" if zone == "Europe/London" else "is not a time zone of this host") in shown


def test_timers_that_would_stop_at_logout_are_refused(host):
    for file in host.linger.iterdir():
        file.unlink()
    assert "loginctl enable-linger" in host.run({**DAY, "bookie_scheduler": "systemd"}, code=2)
    assert host.timers() == [] and not script(host).exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, None])
def test_a_token_file_that_others_can_read_or_that_is_not_there(mode, host):
    if mode is None:
        host.token_file.unlink()
    else:
        host.token_file.chmod(mode)
    assert "must be a file that only its owner can read" in host.run(DAY, code=2)
    assert host.crontab() == "" and not script(host).exists()


@pytest.mark.parametrize(
    "variables, words",
    [
        ({"bookie_trading_windows": [{"start": "09:00", "end": "12:00"}, {"start": "11:00", "end": "13:00"}]},
         "bookie_trading_windows[0] (09:00-12:00) and bookie_trading_windows[1] (11:00-13:00) overlap"),
        ({"bookie_trading_windows": [{"start": "17:00", "end": "09:00"}]}, "does not end after it starts"),
        ({"bookie_trading_windows": [{"start": "09:00", "end": 750}]}, "750 is not a valid time"),
        ({"bookie_trading_windows": [{"start": "00:58", "end": "02:00"}]}, "(00:58-02:00): bots would be on from mon 00:58 to mon 02:00"),
        ({"bookie_trading_windows": []}, "there is nothing to switch"),
        ({"bookie_account_ids": []}, "empty list"),
        ({"bookie_all_accounts": True}, "both given"),
        ({"bookie_schedule_name": "a b"}, "bookie_schedule_name"),
        ({"bookie_schedule_script_file": "relative"}, "give a full path"),
        ({"bookie_scheduler": "at"}, "bookie_scheduler"),
        ({"bookie_concurrency": 100, "bookie_retries": -1}, "bookie_concurrency is 100: give a whole number from 1 to 64. bookie_retries is -1: give a whole"),
        ({"bookie_wait_timeout": 0}, "bookie_wait_timeout is 0.0: give seconds, more than 0 and at most 86400. Nothing was installed."),
    ],
)
def test_what_cannot_be_meant_installs_nothing(variables, words, host):
    assert words in " ".join(host.run({**DAY, **variables}, code=2).split())
    assert host.crontab() == "" and not script(host).exists()


def test_cut_by_tags_it_fails(host):
    host.playbook = cut_by_tags(host.folder, "trading_day")
    assert "The schedule was NOT installed or removed" in " ".join(host.run(DAY, "--tags", "stop", code=2).split())
    assert host.crontab() == "" and not script(host).exists()


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
