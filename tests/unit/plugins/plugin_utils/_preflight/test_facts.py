# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is looked up on the control node; nothing is changed by it."""

from __future__ import annotations

import os

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._preflight import facts


@pytest.mark.parametrize(("path", "why"), [
    ("{}/trail.jsonl", None),
    ("{}/new.jsonl", None),
    ("{}/a/b/new.jsonl", None),
    ("{}", "cannot be written (Is a directory)"),
    ("{}/trail.jsonl/x", "cannot be written (Not a directory)"),
    ("{}/pipe", "cannot be written"),
    ("/dev/null", "is not a regular file"),
])
def test_whether_the_trail_could_be_appended_to(tmp_path, path, why):
    (tmp_path / "trail.jsonl").write_text("{}\n", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe")
    before = sorted(tmp_path.iterdir())
    found = facts.why_not_appended(path.format(tmp_path))
    assert found is None if why is None else why in found
    assert sorted(tmp_path.iterdir()) == before and (tmp_path / "trail.jsonl").read_text(encoding="utf-8") == "{}\n"


def test_a_folder_in_which_the_trail_cannot_be_made(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert facts.why_not_appended(str(tmp_path / "a" / "new.jsonl")) == f"cannot be made in {tmp_path}"


@pytest.fixture(name="host")
def _host(tmp_path, monkeypatch):
    """A host whose crontab and units are files of the test; returns a function that writes one."""
    def put(name, text, mode=0o644):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    put("bin/crontab", f'#!/bin/sh\n[ "$1" = -l ] && exec /bin/cat "{tmp_path}/crontab"\nexit 9\n', 0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return put


def script_of(host, path):
    text = f"#!/bin/sh\n# Installed by the role bookieops.betmatic.trading_day, schedule day: x\n  . {path}\n"
    return host("script", text, 0o755)


def crontab_of(host, script):
    lines = [f"#Ansible: bookieops.betmatic day {state} 17:00 mon\n0 17 * * 1 {script} {state}\n" for state in ("off", "on")]
    host("crontab", "".join(lines))


def test_without_a_crontab_there_is_no_schedule(host):
    assert "no trading_day schedule" in facts.schedule(0.0).text


def test_the_crontab_and_its_script_are_looked_at(host):
    script = script_of(host, host("env", "BETMATIC_API_TOKEN=a-token-of-one-word\n"))
    crontab_of(host, script)
    assert facts.schedule(0.0).text == "day (2 entries)."
    script.chmod(0o644)
    # Who is root may read everything, but runs only what somebody may run.
    assert "is missing or cannot be run" in facts.schedule(0.0).text


def test_a_python_or_a_collection_that_is_gone_is_named(host, tmp_path):
    crontab_of(host, script_of(host, host("env", "BETMATIC_API_TOKEN=a-token-of-one-word\n")))
    script, python = tmp_path / "script", host("venv/python", "", 0o755)
    runs = f"ANSIBLE_COLLECTIONS_PATH={tmp_path}\n{python} -m ansible playbook bookieops.betmatic.switch\n"
    script.write_text(script.read_text(encoding="utf-8") + runs, encoding="utf-8")
    assert f"the collection below {tmp_path} of its script" in facts.schedule(0.0).text
    host("ansible_collections/bookieops/betmatic/playbooks/switch.yml", "")
    assert facts.schedule(0.0).text == "day (2 entries)."
    python.unlink()
    assert f"the Python {python} of its script {script} is gone" in facts.schedule(0.0).text


def test_a_crontab_that_this_user_may_not_read_is_named(host):
    host("bin/crontab", "#!/bin/sh\necho 'You (ops) are not allowed to use this program' >&2\nexit 1\n", 0o755)
    assert "You (ops) are not allowed" in facts.schedule(0.0).text


def test_a_token_file_that_cannot_be_used_is_named(host):
    crontab_of(host, script_of(host, "/no/such/file"))
    assert "its token file: api_token_file '/no/such/file' cannot be read" in facts.schedule(0.0).text


def test_timers_that_do_not_start_are_named(host):
    script = script_of(host, host("env", "BETMATIC_API_TOKEN=a-token-of-one-word\n"))
    units = ".config/systemd/user/"
    for state in ("off", "on"):
        host(f"{units}bookie-day-{state}.timer", "[Timer]\n")
        host(f"{units}bookie-day-{state}.service", f'[Service]\nExecStart=/bin/sh "{script}" {state}\n')
    assert "an entry is switched off" in facts.schedule(0.0).text
    for state in ("off", "on"):
        host(f"{units}timers.target.wants/bookie-day-{state}.timer", "")
    assert facts.schedule(0.0).text == "day (2 entries)."
