# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The shipped playbooks run on this machine, as the user who starts them, whole or not at all."""

from __future__ import annotations

import pathlib
import re

import pytest
import yaml

PLAYBOOKS = sorted(pathlib.Path(__file__).resolve().parents[3].joinpath("playbooks").glob("*.yml"))
HEADER = {
    "hosts": "{{ _play_localhost }}", "vars_files": "vars/localhost.yml", "connection": "local", "become": False, "gather_facts": False,
    "tags": ["always"],
}

# ansible-rulebook runs a copy of the file alone, which can name no file beside it, and limits it itself.
OF_RULEBOOKS = {"emergency_stop_on_event", "event_notice", "off_on_event"}
HEADER_OF_RULEBOOKS = {**HEADER, "hosts": "localhost", "vars_files": None}


@pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda path: path.stem)
def test_header(path):
    plays = yaml.safe_load(path.read_text(encoding="utf-8"))
    header = HEADER_OF_RULEBOOKS if path.stem in OF_RULEBOOKS else HEADER
    # What a playbook needs besides stands behind it.
    plays = [{**play, "vars_files": play.get("vars_files", [None])[0]} for play in plays]
    assert plays and [{key: play.get(key) for key in HEADER} for play in plays] == [header] * len(plays)


# These run tasks of the operator's, which may need another user or another connection.
OF_OPERATORS = {"maintenance", "rollout"}


@pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda path: path.stem)
def test_variables_of_an_inventory_change_neither_user_nor_connection(path):
    file = yaml.safe_load(path.with_name("vars").joinpath("this_machine.yml").read_text(encoding="utf-8"))
    wanted = {} if path.stem in OF_OPERATORS else {"ansible_connection": "local", "ansible_become": False}
    for play in yaml.safe_load(path.read_text(encoding="utf-8")):
        variables = {**(file if "vars/this_machine.yml" in play.get("vars_files", []) else {}), **play.get("vars", {})}
        assert {name: value for name, value in variables.items() if name.startswith("ansible_")} == wanted


def test_rulebooks_run_what_can_be_copied_alone():
    texts = [path.read_text(encoding="utf-8") for path in sorted(PLAYBOOKS[0].parents[1].joinpath("extensions/eda/rulebooks").glob("*.yml"))]
    run = {name for text in texts for name in re.findall(r"name: bookieops\.betmatic\.(\w+)", text)}
    assert run == OF_RULEBOOKS
