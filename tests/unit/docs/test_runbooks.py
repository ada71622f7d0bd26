# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each use case and best practice of the vendor's pages has a row, and what the row names is there, with the tests that try it."""

from __future__ import annotations

import pathlib
import re

import pytest

COLLECTION = pathlib.Path(__file__).resolve().parents[3]
TEXT = (COLLECTION / "docs" / "runbooks.md").read_text(encoding="utf-8")
ROWS = [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in TEXT.splitlines() if re.match(r"\| [A-Z]", line)]
ALL_ACCOUNTS = (
    "Emergency Shutdown", "System Maintenance", "Bulk Operations", "Daily Operations", "Risk Management", "System Recovery", "Scheduled Control",
    "Compliance",
)
ONE_ACCOUNT = (
    "Selective Control", "Troubleshooting", "Account Maintenance", "Performance Optimization", "Risk Management", "Testing", "Load Balancing",
    "Compliance",
)
PRACTICES = (
    "Monitor Results", "Gradual Rollout", "Backup Plans", "Timing", "Verify Account ID", "Monitor Status", "Consider Dependencies", "Gradual Changes",
    "Documentation",
)
# What tries each kind of thing, from the collection's root.
TRIED = {
    "role": ("extensions/molecule/{}/verify.yml", "tests/integration/test_role_{}.py"),
    "playbook": ("tests/integration/test_playbook_{}.py",),
    "module": ("extensions/molecule/switch/verify.yml", "tests/integration/test_cases.py"),
    "callback": ("tests/integration/test_audit.py",),
}


def test_the_rows_are_those_of_the_pages():
    assert tuple(name for name, _command, _tried in ROWS) == ALL_ACCOUNTS + ONE_ACCOUNT + PRACTICES


@pytest.mark.parametrize("name,command,tried", ROWS)
def test_what_a_row_names_is_there(name, command, tried):
    playbooks = re.findall(r"ansible-playbook bookieops\.betmatic\.(\w+)", command)
    variables = set(re.findall(r"\b(bookie_\w+)", command))
    assert playbooks or variables or "](" in command or "wait" in command
    for playbook in playbooks:
        text = (COLLECTION / "playbooks" / f"{playbook}.yml").read_text(encoding="utf-8")
        role = COLLECTION / "roles" / playbook / "meta" / "argument_specs.yml"
        known = text + (role.read_text(encoding="utf-8") if role.exists() else "")
        # A playbook without a role has the user's options from vars/options.yml.
        assert [variable for variable in variables if variable not in known and variable.replace("bookie_", "_play_", 1) not in known] == []
    kind, quoted = tried.split(" ")
    for path in TRIED[kind]:
        assert (COLLECTION / path.format(quoted.strip("`"))).exists()
