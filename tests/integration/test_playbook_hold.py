# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbooks hold and lift, and the modules below them, as an operator runs them."""

from __future__ import annotations

import json
import subprocess

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.pages import blocks
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import clean_environment
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import run

FOLDER = ("home", ".local", "state", "bookieops", "holds")


def standing(folder):
    """The holds in the default folder, as documents."""
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.joinpath(*FOLDER).glob("*.json"))]


@pytest.mark.core
def test_a_hold_is_placed_once_and_lifted_and_nothing_is_sent(simulator, tmp_path):
    shown = run(tmp_path, simulator, "hold", None, "-e", "bookie_account_ids=123,124", "-e", "bookie_reason='CHG-7 race day'", "--diff")
    [hold] = standing(tmp_path)
    assert (hold["scope"], hold["reason"], hold["api_url"], hold["until"]) == (["123", "124"], "CHG-7 race day", simulator.url, None)
    assert "changed=1 " in shown and f"+hold: 123, 124 of {simulator.url}" in shown
    assert "changed=0 " in run(tmp_path, simulator, "hold", {"bookie_account_ids": ["124", "123"]}) and len(standing(tmp_path)) == 1
    lift = {"bookie_hold_id": hold["id"], "bookie_reason": "checked with the desk"}
    assert "changed=1 " in run(tmp_path, simulator, "lift", lift, "--check") and len(standing(tmp_path)) == 1
    shown = run(tmp_path, simulator, "lift", lift, "--diff")
    assert "No bot was started" in shown and "0 holds stand." in shown and standing(tmp_path) == []
    why = json.loads(tmp_path.joinpath(*FOLDER, "lifted", hold["id"] + ".why.json").read_text(encoding="utf-8"))
    assert why["reason"] == "checked with the desk"
    assert "changed=0 " in run(tmp_path, simulator, "lift", lift)
    assert simulator.log() == []


@pytest.mark.parametrize(("name", "variables", "words"), [
    ("hold", {}, "account_id and all_accounts are both missing"),
    ("hold", {"bookie_account_ids": []}, "an empty list"),
    ("hold", {"bookie_all_accounts": True, "bookie_hold_until": "soon"}, "is not a valid time"),
    ("hold", {"bookie_all_accounts": True, "bookie_account_ids": "{{ mistyped }}"}, "bookie_account_ids cannot be rendered"),
    ("hold", {"bookie_all_accounts": True, "bookie_hold_until": "{{ mistyped }}"}, "bookie_hold_until cannot be rendered"),
    ("lift", {"bookie_reason": "x"}, "is not a valid id"),
    ("lift", {"bookie_hold_id": "20261121T080002-kqzt"}, "reason is missing"),
    ("lift", {"bookie_hold_id": "20261121T080002-kqzt", "bookie_reason": "x"}, "There is no hold 20261121T080002-kqzt"),
])
def test_what_cannot_be_meant_is_refused(name, variables, words, simulator, tmp_path):
    assert words in run(tmp_path, simulator, name, variables, code=2)
    assert simulator.log() == [] and standing(tmp_path) == []


def test_no_tag_cuts_hold_and_lift(simulator, tmp_path):
    run(tmp_path, simulator, "hold", {"bookie_all_accounts": True}, "--tags", "web")
    [hold] = standing(tmp_path)
    run(tmp_path, simulator, "lift", {"bookie_hold_id": hold["id"], "bookie_reason": "x"}, "--tags", "web")
    assert standing(tmp_path) == []


def test_a_folder_of_ones_own_and_what_is_torn_in_it(simulator, tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.joinpath("torn.json").write_text("{", encoding="utf-8")
    variables = {"bookie_holds_path": str(folder), "bookie_hold_id": "torn", "bookie_reason": "a crash"}
    assert "a file that could not be read" in run(tmp_path, simulator, "lift", variables)
    assert sorted(file.name for file in (folder / "lifted").iterdir()) == ["torn.json", "torn.why.json"]


def test_the_commands_of_the_guide(simulator, tmp_path):
    [block] = blocks("docs/holds.md", "shell")
    stop, hold, info, lift = [line.split("    #")[0].rstrip() for line in block.splitlines()]
    environment = clean_environment(tmp_path, {"BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token})

    def shell(line):
        run_of = subprocess.run(["bash", "-euc", line], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True)
        return run_of.stdout

    shell(f"{stop}\n{hold}")
    assert sorted(one["name"] for one in standing(tmp_path)) == ["emergency_stop", "race_day"]
    assert all(one["id"] in shell(info) for one in standing(tmp_path))
    for one in standing(tmp_path):
        shell(lift.replace("20261121T080002-kqzt", one["id"]))
    assert standing(tmp_path) == []
