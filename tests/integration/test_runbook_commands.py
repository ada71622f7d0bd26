# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each command of the page of runbooks runs as it stands there, with the files that the page shows; `switch` has the variables that it lists."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.pages import COLLECTION, PAGES, block_with
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, clean_environment
from ansible_collections.bookieops.betmatic.tests.integration.support.schedulers import Host

TEXT = PAGES["docs/runbooks.md"].read_text(encoding="utf-8")
COMMANDS = list(dict.fromkeys(re.findall(r"`(ansible-playbook [^`]+)`", TEXT)))
FILES = {
    **dict(re.findall(r"^\| `(\w+\.yml)` \| [^`|]*`(.+)` \|$", TEXT, re.MULTILINE)),
    "day.yml": block_with("roles/trading_day/README.md", "bookie_trading_windows"),
    "fleet.yml": block_with("roles/drift/README.md", "accounts"),
}


@pytest.mark.core
def test_each_file_that_a_command_names_is_shown():
    assert set(FILES) == {f"{name}.yml" for name in ("ids", "known", "work", "day", "fleet")}
    # today.yml is written.
    assert {name for command in COMMANDS for name in re.findall(r"\w+\.yml", command)} == {*FILES, "today.yml"}


@pytest.mark.parametrize("command", COMMANDS)
def test_command(command, simulator, tmp_path):
    host = Host(tmp_path, simulator, ["crontab"])
    for name, text in FILES.items():
        tmp_path.joinpath(name).write_text(text + "\n", encoding="utf-8")
    kept = host.home / ".config" / "bookieops"
    kept.mkdir(parents=True)
    host.token_file.rename(kept / "betmatic.env")
    host.home.joinpath(".ansible").mkdir()
    host.home.joinpath(".ansible", "bookie_audit.jsonl").touch()
    # No process may find the crontab of the machine.
    environment = clean_environment(tmp_path, {"BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token})
    environment["PATH"] = os.pathsep.join((str(host.bin), environment["PATH"]))
    run = subprocess.run(
        ["bash", "-euc", command], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE,
    )
    assert run.returncode == 0, run.stdout[-5000:]
    assert "failed=0 " in run.stdout and simulator.violations() == []
    assert not ("--check" in command and simulator.requests("POST"))
    rules.assert_no_leak(run.stdout, simulator.token)


@pytest.mark.core
def test_the_variables_of_switch_are_those_that_it_reads():
    [table] = re.findall(r"^## switch\n(.*?)^## ", TEXT, re.MULTILINE | re.DOTALL)
    text, options = ((COLLECTION / "playbooks" / name).read_text(encoding="utf-8") for name in ("switch.yml", "vars/options.yml"))
    # What all playbooks share stands in a file of its own: `_play_wait` there reads `bookie_wait`.
    shared = dict(re.findall(r"^(_play_\w+):.*?\b(bookie_\w+)", options, re.MULTILINE | re.DOTALL))
    text += " ".join(shared.get(name, "") for name in re.findall(r"\b_play_\w+", text))
    connection = {"bookie_api_token", "bookie_api_token_file", "bookie_api_url", "bookie_holds_path"}
    read = set(re.findall(r"\bbookie_\w+", text)) - connection - {"bookie_bot", "bookie_account_info"}
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == read
