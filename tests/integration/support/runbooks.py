# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The shipped playbooks as an operator runs them, and what befalls them: faults that come and go, a kill in the middle."""

from __future__ import annotations

import json
import sys

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import clean_environment, command, killed_once
from ansible_collections.bookieops.betmatic.tests.simulator import harness


def run(folder, simulator, name, variables=None, *arguments, code=0, more=(), prefix=()):
    """Run the collection's playbook `name`, or the playbook in a file; returns all that it shows. `more` and `prefix`: as for `command`."""
    # From ansible-core 2.21 on, -vvv shows the options of a module only when asked to.
    environment = {"ANSIBLE_INJECT_INVOCATION": "true", **dict(more)}
    shown = command(folder, simulator, "playbook", *_arguments(name, variables), *arguments, code=code, more=environment, prefix=prefix)
    rules.assert_no_leak(shown, simulator.token)
    assert simulator.violations() == []
    return shown


def killed(folder, simulator, name, variables, commands):
    """Run a playbook and kill it with all its processes once the service has seen so many commands."""
    environment = clean_environment(folder, {"BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token})
    arguments = [sys.executable, "-m", "ansible", "playbook", *_arguments(name, variables)]
    killed_once(lambda: len(simulator.requests("POST")) >= commands, arguments, folder, environment)


def every_other_fails():
    """Faults that answer each second of the next two hundred requests with 500."""
    return [harness.answer(500, skip=number + 1) for number in range(100)]


def cut_by_tags(folder, role, tasks_from="main"):
    """Write a playbook that includes a role with the tag `stop`, of which --tags stop leaves the role's own tasks out; returns its path."""
    include = {"ansible.builtin.include_role": {"name": f"bookieops.betmatic.{role}", "tasks_from": tasks_from}, "tags": "stop"}
    file = folder / "cut.yml"
    file.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [include]}]), encoding="utf-8")
    return str(file)


def running(count=6, first=201):
    """A fleet of accounts whose bots run."""
    return [{"id": first + number, "display_name": f"Account {first + number}", "bot": "RUNNING"} for number in range(count)]


def _arguments(name, variables):
    full = name if name.endswith(".yml") else "bookieops.betmatic." + name
    python = {"ansible_python_interpreter": sys.executable}
    return [full, "-e", json.dumps({**python, **(variables or {})})]
