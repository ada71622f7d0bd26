# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every example of the documentation runs, as it stands, against the simulator."""

from __future__ import annotations

import importlib
import pathlib
import re
import subprocess
import sys

import pytest
import yaml

from ansible_collections.bookieops.betmatic.tests.integration import rules
from ansible_collections.bookieops.betmatic.tests.integration.playbook import clean_environment

COLLECTION = pathlib.Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (COLLECTION / "plugins" / "modules").glob("bookie_*.py"))
# Examples that are no playbook: the two files of a credential type.
CREDENTIAL_TYPE = ({"fields", "required"}, {"env"})


def blocks(language):
    """The fenced blocks of the README in one language, without their indentation."""
    text = (COLLECTION / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^( *)```{0}\n(.*?)^ *```$".format(language), text, re.MULTILINE | re.DOTALL)
    return [re.sub("^" + indentation, "", block, flags=re.MULTILINE) for indentation, block in found]


DOCUMENTS = [(block, yaml.safe_load(block)) for block in blocks("yaml")]
PLAYBOOKS = {document[0]["name"]: block for block, document in DOCUMENTS if isinstance(document, list)}


def play(folder, simulator, text, *arguments):
    """Run a playbook's text with the token in the controller's environment; returns what was shown."""
    folder.joinpath("vault.yml").write_text("vault_betmatic_token: " + simulator.token, encoding="utf-8")
    folder.joinpath("race_day.yml").write_text(text, encoding="utf-8")
    connection = {"BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token}
    command = [sys.executable, "-m", "ansible", "playbook", "race_day.yml", "-vvvvv", "-e", "ansible_python_interpreter=" + sys.executable, *arguments]
    run = subprocess.run(
        command, cwd=folder, env=clean_environment(folder, connection), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120
    )
    rules.assert_no_leak(run.stdout + run.stderr, simulator.token)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_nothing_in_the_readme_is_left_out():
    others = [set(document) for _block, document in DOCUMENTS if isinstance(document, dict)]
    assert len(PLAYBOOKS) == 4 and others == list(CREDENTIAL_TYPE)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_playbook_of_the_readme(name, simulator, tmp_path):
    simulator.patch_accounts({"id": 123, "bot": "RUNNING"}, {"id": 124, "bot": "RUNNING"})
    play(tmp_path, simulator, PLAYBOOKS[name], "--check", "--diff")
    assert simulator.requests("POST") == []
    play(tmp_path, simulator, PLAYBOOKS[name])
    assert simulator.requests("POST") != [] and simulator.violations() == []


def test_the_emergency_stop_of_the_readme_stops_all(simulator, tmp_path):
    simulator.patch_accounts(*({"id": account, "bot": "RUNNING"} for account in (123, 124, 125)))
    play(tmp_path, simulator, PLAYBOOKS["Emergency stop"])
    assert set(simulator.bots().values()) == {"STOPPED"}


def test_the_shell_commands_of_the_readme_are_those_that_are_tried():
    commands = [line.split("    #")[0] for block in blocks("shell") for line in block.splitlines()]
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
