# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What runs becomes a fleet file: every name and state as it is, nothing that is not proven, and never over another file."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import fleet
from ansible_collections.bookieops.betmatic.tests.integration.support.pages import block_with, blocks, path_of
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, clean_environment
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import run
from ansible_collections.bookieops.betmatic.tests.simulator.harness import change

NAME = "declare"
FILE = {"bookie_fleet_file": "fleet.yml"}
NAMES = {201: "TAB: main # 1", 202: "{{ 6 * 7 }}", 203: "'\"\\", 204: "on", 205: "Großwette \U0001F40E", 206: "- [x]"}


@pytest.fixture(name="fleet_of")
def _fleet(simulator):
    simulator.put_accounts([{"id": key, "display_name": name, "bot": "RUNNING" if key % 2 else "STOPPED"} for key, name in NAMES.items()])
    return simulator


def cron(crontab):
    """The command of a crontab as cron hands it to the shell: what follows a % is not part of it, unless a backslash stands before that."""
    command = re.split(r"(?<!\\)%", crontab.splitlines()[-1].split(maxsplit=5)[5])[0]
    return f'export HOME="$PWD" PATH={shlex.quote(path_of(crontab))}\n' + command.replace("\\%", "%")


def sh(folder, simulator, commands):
    """Run commands of the page as they are; returns what they show."""
    environment = clean_environment(folder, {"BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token})
    script = subprocess.run(
        ["bash", "-euc", commands], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE,
    )
    assert script.returncode == 0, script.stdout[-5000:]
    return script.stdout


def test_the_file_is_what_runs_and_the_other_runbooks_take_it(fleet_of, tmp_path):
    file = tmp_path / "fleet.yml"
    [block] = [one for one in blocks("docs/fleets.md", "shell") if "declare" in one]
    look, *commands = block.splitlines()
    shown = sh(tmp_path, fleet_of, look)
    assert not file.exists() and '+  - account_id: "201"' in shown
    shown = sh(tmp_path, fleet_of, "\n".join(commands))
    tmp_path.joinpath(".betmatic").write_text("BETMATIC_API_TOKEN=" + fleet_of.token, encoding="ascii")
    (crontab,) = blocks("docs/fleets.md", "text")
    assert sh(tmp_path, fleet_of, cron(crontab)) == ""
    today = [{"account_id": str(key), "state": "on" if key % 2 else "off", "display_name": name} for key, name in NAMES.items()]
    files = list(tmp_path.glob("fleet*.yml"))
    assert [fleet.read(one.read_text(encoding="utf-8")) for one in files] == [today, today]
    assert file.stat().st_mode & 0o777 == 0o600 and "on: 201, 203, 205" in shown and "off: 202, 204, 206" in shown
    assert fleet_of.requests("POST") == []
    assert "6 of 6 declared accounts as declared." in run(tmp_path, fleet_of, "drift", FILE)
    assert "changed=0 " in run(tmp_path, fleet_of, "recovery", FILE)


def test_the_example_of_a_fleet_file_is_one():
    assert len(fleet.read(block_with("docs/fleets.md", "accounts"))) == 2


def test_a_file_that_exists_is_written_over_only_when_asked_to(fleet_of, tmp_path):
    file = tmp_path / "fleet.yml"
    file.write_text("accounts: []", encoding="utf-8")
    shown = run(tmp_path, fleet_of, NAME, FILE, code=2)
    assert "fleet.yml exists: give another name, or bookie_overwrite=true" in " ".join(shown.split()) and file.read_text(encoding="utf-8") == "accounts: []"
    run(tmp_path, fleet_of, NAME, {**FILE, "bookie_overwrite": True})
    assert len(fleet.read(file.read_text(encoding="utf-8"))) == 6 and file.stat().st_mode & 0o777 == 0o600 and fleet_of.requests("POST") == []


@pytest.mark.core
def test_what_the_list_does_not_prove_is_named_and_nothing_is_written(fleet_of, tmp_path):
    fleet_of.plan(change(rows={"201": {"-bot_running": None}, "204": {"running_sessions": 2}}, add_rows=[{"id": 205, "bot_running": True}], on="list"))
    shown = run(tmp_path, fleet_of, NAME, FILE, code=2)
    assert "whether the bots of these accounts are on or off: 201, 204, 205. Check them" in " ".join(shown.split())
    assert not tmp_path.joinpath("fleet.yml").exists()
