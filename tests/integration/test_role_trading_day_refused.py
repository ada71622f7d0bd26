# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What cannot be meant, or could not work, installs nothing; the role trading_day says why."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import cut_by_tags
from ansible_collections.bookieops.betmatic.tests.integration.support.schedulers import Host
from ansible_collections.bookieops.betmatic.tests.integration.support.trading_day import ABSENT, DAY, script


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


@pytest.mark.parametrize("mode", [0o640, 0o604, None])
def test_a_token_file_that_others_can_read_or_that_is_not_there(mode, host):
    if mode is None:
        host.token_file.unlink()
    else:
        host.token_file.chmod(mode)
    assert "must be a file that only its owner can read" in host.run(DAY, code=2)
    assert host.crontab() == "" and not script(host).exists()


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


@pytest.mark.parametrize("line", ["CRON_TZ=Europe/London", ' TZ = "Europe/London"'])
def test_a_time_zone_of_the_crontab_is_refused_with_one_of_the_schedule_and_else_said(line, host):
    (host.folder / "crontab").write_text(f"# CRON_TZ=UTC\n{line}\n", encoding="utf-8")
    shown = " ".join(host.run({**DAY, "bookie_time_zone": "UTC"}, code=2).split())
    assert f"The crontab has the line {line.strip()}" in shown.replace('\\"', '"') and host.crontab().count("\n") == 2
    assert "ATTENTION: the crontab has the line" in host.run(DAY) and script(host).exists()


@pytest.mark.parametrize("zone, code", [("UTC", 0), ("Europe/London", 2), ("Mars/Olympus", 2), ("../UTC", 2), ("Europe", 2)])
def test_cron_knows_the_time_zone_of_the_host_only(zone, code, host):
    shown = host.run({**DAY, "bookie_time_zone": zone}, code=code)
    assert bool(host.jobs()) == (code == 0)
    if code:
        assert ("use bookie_scheduler=systemd" if zone == "Europe/London" else "is not a time zone of this host") in shown


@pytest.mark.parametrize(
    "schedulers, chosen, words",
    [(("systemctl",), "auto", None), ((), "auto", "systemctl is not on this host"), (("systemctl",), "cron", "crontab is not on this host")],
)
def test_which_scheduler(schedulers, chosen, words, simulator, tmp_path):
    host = Host(tmp_path, simulator, schedulers)
    shown = host.run({**DAY, "bookie_scheduler": chosen}, code=2 if words else 0)
    assert (words in shown) if words else len(host.timers()) == 4
    assert script(host).exists() == (words is None)


def test_timers_that_would_stop_at_logout_are_refused(host):
    for file in host.linger.iterdir():
        file.unlink()
    assert "loginctl enable-linger" in host.run({**DAY, "bookie_scheduler": "systemd"}, code=2)
    assert host.timers() == [] and not script(host).exists()
