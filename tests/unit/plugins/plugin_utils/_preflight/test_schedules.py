# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the role trading_day installed, and what is wrong with it."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._preflight.findings import OK, WARNING
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._preflight import schedules
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._preflight.schedules import Entry, Script

NOW = 1_795_000_000.0
PATH = "/home/ops/.local/share/bookieops/trading_day"
CRONTAB = f"""MAILTO=ops
#Ansible: bookieops.betmatic trading_day off 17:00 mon,tue
0 17 * * 1,2 {PATH} off
#Ansible: bookieops.betmatic trading_day on 09:30 mon,tue
30 9 * * 1,2 '/opt/50\\% off/day' on
#Ansible: backup
0 3 * * * /usr/bin/backup
"""
TEXT = "#!/bin/sh\n# Installed by the role bookieops.betmatic.trading_day, schedule trading_day: x\nif [ -r /x ]; then\n  . '/etc/bet matic/env'\nfi\n"
SOUND = Script(TEXT, None, "2027-01-01T00:00:00Z")
BOTH = [Entry("trading_day", "off", PATH), Entry("trading_day", "on", PATH)]


def test_the_crontab_is_read():
    assert schedules.of_crontab(CRONTAB) == [Entry("trading_day", "off", PATH), Entry("trading_day", "on", "/opt/50% off/day")]


@pytest.mark.parametrize(("line", "entry"), [
    (f"#0 17 * * 1 {PATH} off", Entry("day", "off", PATH, active=False)),
    ("0 17 * * 1 /bin/true", Entry("day", "off", None)),
    (f"0 17 * * 1 {PATH} on", Entry("day", "off", None)),
    ("0 17 * * 1 '/unfinished off", Entry("day", "off", None)),
    ("", Entry("day", "off", None)),
])
def test_an_entry_that_somebody_changed_is_read(line, entry):
    assert schedules.of_crontab(f"#Ansible: bookieops.betmatic day off 17:00 mon\n{line}\n") == [entry]


def test_a_unit_is_read():
    service = '[Service]\nType=oneshot\nExecStart=/bin/sh "/opt/50%% off/day" off\n'
    assert schedules.of_unit("bookie-trading_day-off.timer", service, True) == Entry("trading_day", "off", "/opt/50% off/day")
    assert schedules.of_unit("bookie-trading_day-off.timer", "", False) == Entry("trading_day", "off", None, active=False)
    assert schedules.of_unit("bookie-else.timer", service, True) is None


def test_the_token_file_of_a_script_is_found():
    assert schedules.token_file(TEXT) == "/etc/bet matic/env"
    assert schedules.token_file("#!/bin/sh\n") is None and schedules.token_file("  . 'unfinished\n") is None


def test_what_a_script_runs_is_found():
    text = TEXT + "ANSIBLE_COLLECTIONS_PATH='/opt/my collections'\n'/opt/my venv/bin/python' -m ansible playbook bookieops.betmatic.switch -e x\n"
    assert (schedules.python_of(text), schedules.collections_of(text)) == ("/opt/my venv/bin/python", "/opt/my collections")
    assert (schedules.python_of(TEXT), schedules.collections_of(TEXT)) == (None, None)


@pytest.mark.parametrize(("code", "said", "why"), [
    (0, "", None),
    (1, "no crontab for ops", None),
    (1, "crontab: can't open 'ops': No such file or directory", None),
    (1, "You (ops) are not allowed to use this program", "You (ops) are not allowed to use this program"),
    (1, "", "exit code 1"),
])
def test_only_a_user_without_a_crontab_has_none(code, said, why):
    assert schedules.why_unread(code, said) == why


def test_a_crontab_that_cannot_be_read_is_not_taken_for_none():
    found = schedules.finding([], {}, NOW, "not allowed")
    assert found.level == WARNING and "cannot be read, so nobody knows what is in it (not allowed)" in found.text


@pytest.mark.parametrize(("entries", "scripts", "word"), [
    ([], {}, "no trading_day schedule"),
    (BOTH, {PATH: SOUND}, "trading_day (2 entries)"),
])
def test_a_sound_schedule_is_silent(entries, scripts, word):
    found = schedules.finding(entries, scripts, NOW)
    assert found.level == OK and word in found.text


@pytest.mark.parametrize(("entries", "script", "word"), [
    ([BOTH[1]], SOUND, "never off"),
    ([Entry("trading_day", "off", PATH, active=False), BOTH[1]], SOUND, "never off"),
    ([BOTH[0], Entry("trading_day", "on", PATH, active=False)], SOUND, "an entry is switched off"),
    (BOTH, Script(), "is missing or cannot be run"),
    ([BOTH[0], Entry("trading_day", "on", None)], SOUND, "(not named) is missing"),
    (BOTH, Script("#!/bin/sh\nrm -rf /\n"), "is not the script of the role"),
    (BOTH, Script(TEXT, "its token file: it cannot be read"), "its token file: it cannot be read"),
    (BOTH, Script(TEXT, gone="Python /opt/venv/bin/python"), "the Python /opt/venv/bin/python of its script"),
    (BOTH, Script(TEXT, None, "2026-11-01T00:00:00Z"), "expired on 2026-11-01T00:00:00Z"),
])
def test_a_schedule_that_would_not_switch_as_it_should_is_named(entries, script, word):
    found = schedules.finding(entries, {PATH: script}, NOW)
    assert found.level == WARNING and found.text.startswith("trading_day: ") and word in found.text
