# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every example of the documentation runs, as it stands, against the simulator."""

from __future__ import annotations

import importlib
import re
import sys

import pytest
import yaml

from ansible_collections.bookieops.betmatic.tests.integration import rules
from ansible_collections.bookieops.betmatic.tests.integration.pages import COLLECTION, PAGES, blocks
from ansible_collections.bookieops.betmatic.tests.integration.playbook import command

MODULES = sorted(path.stem for path in (COLLECTION / "plugins" / "modules").glob("bookie_*.py"))
SENDS = re.compile(r"bookie_bot:|(role|import_playbook): bookieops\.betmatic\.")


EXAMPLES = [(page, block, yaml.safe_load(block)) for page in PAGES for block in blocks(page, "yaml")]
PLAYBOOKS = {document[0]["name"]: block for _page, block, document in EXAMPLES if isinstance(document, list) and "rules" not in document[0]}
RULEBOOKS = [document for _page, _block, document in EXAMPLES if isinstance(document, list) and "rules" in document[0]]
OTHERS = [document for _page, _block, document in EXAMPLES if isinstance(document, dict)]
INVENTORY = next(block for _page, block, document in EXAMPLES if "plugin" in document)
STATIC = next(block for _page, block, document in EXAMPLES if "bookie_accounts" in document)


def play(folder, simulator, text, *arguments):
    """Run a playbook's text with the token in the controller's environment; returns what was shown."""
    folder.joinpath("vault.yml").write_text("vault_betmatic_token: " + simulator.token, encoding="utf-8")
    folder.joinpath("bookie_accounts.yml").write_text(INVENTORY, encoding="utf-8")
    folder.joinpath("accounts.yml").write_text(STATIC, encoding="utf-8")
    folder.joinpath("race_day.yml").write_text(text, encoding="utf-8")
    if "hosts: localhost" not in text and "-i" not in arguments:
        arguments += ("-i", "bookie_accounts.yml")
    shown = command(folder, simulator, "playbook", "race_day.yml", "-vvvvv", "-e", "ansible_python_interpreter=" + sys.executable, *arguments)
    rules.assert_no_leak(shown, simulator.token)
    return shown


def test_no_example_is_left_out():
    # Beside playbooks: the two files of a credential type, the inventory and its static like.
    credential, inventories = [{"fields", "required"}, {"env"}], [{"plugin", "hostname", "groups"}, {"bookie_accounts"}]
    # test_events.py runs these, and one rulebook: an inventory, Alertmanager's settings, a rule of Prometheus, a fleet.
    events = [{"all"}, {"route", "receivers"}, {"alert", "expr", "labels", "annotations"}, {"accounts"}]
    # test_platforms.py runs the first; the second is the inventory without its options.
    platforms = [{"bookie_api_token"}, {"plugin"}]
    assert [set(document) for document in OTHERS] == credential + events + inventories + platforms
    assert len(PLAYBOOKS) + len(OTHERS) + len(RULEBOOKS) == len(EXAMPLES) and len(RULEBOOKS) == 1


def test_the_static_inventory_serves_the_same_playbook(simulator, tmp_path):
    simulator.patch_accounts({"id": 123, "bot": "RUNNING"}, {"id": 125, "bot": "RUNNING"})
    play(tmp_path, simulator, PLAYBOOKS["TAB accounts off, two at a time"], "-i", "accounts.yml")
    assert sorted(entry["account_id"] for entry in simulator.requests("POST")) == ["123", "124"]


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_playbook(name, simulator, tmp_path):
    simulator.patch_accounts({"id": 123, "bot": "RUNNING"}, {"id": 124, "bot": "RUNNING"})
    play(tmp_path, simulator, PLAYBOOKS[name], "--check", "--diff")
    assert simulator.requests("POST") == []
    play(tmp_path, simulator, PLAYBOOKS[name])
    assert bool(simulator.requests("POST")) == bool(SENDS.search(PLAYBOOKS[name])) and simulator.violations() == []


def test_the_emergency_stop_of_the_readme_stops_all(simulator, tmp_path):
    simulator.patch_accounts(*({"id": account, "bot": "RUNNING"} for account in (123, 124, 125)))
    play(tmp_path, simulator, PLAYBOOKS["Emergency stop"])
    assert set(simulator.bots().values()) == {"STOPPED"}


def test_the_shell_commands_of_the_readme_are_those_that_are_tried():
    commands = [line.split("    #")[0] for block in blocks("README.md", "shell") for line in block.splitlines()]
    assert commands == [
        "make demo",
        "make test",
        "ansible-galaxy collection install bookieops.betmatic",
        "python3 -m pip install 'requests>=2.32.4'",
        "export BETMATIC_API_TOKEN='your token'",
        "ansible-playbook race_day.yml --check --diff",
        "ansible-playbook race_day.yml",
    ]


@pytest.mark.parametrize("module", MODULES)
def test_examples_of_the_module(module, simulator, tmp_path):
    examples = importlib.import_module("ansible_collections.bookieops.betmatic.plugins.modules." + module).EXAMPLES
    tasks = re.sub("^", "    ", examples, flags=re.MULTILINE)
    shown = play(tmp_path, simulator, "- hosts: localhost\n  gather_facts: false\n  tasks:\n" + tasks)
    assert shown.count("TASK [") == len(yaml.safe_load(examples))
