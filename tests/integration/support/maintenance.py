# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A fleet of three bots, two of which run, with a file of tasks and a folder of holds: what a maintenance works on."""

from __future__ import annotations

import json

from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import folder as holds
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import run, running

NAME, BEGIN, END = "maintenance", "maintenance_begin", "maintenance_end"
RAN = {"201": "RUNNING", "202": "STOPPED", "203": "RUNNING"}
OFF = dict.fromkeys(RAN, "STOPPED")
# The work writes down what the simulator holds while it is done.
WORK = """
- name: Work
  ansible.builtin.uri:
    url: "{{ bookie_root }}/simulator/accounts"
    use_proxy: false
    dest: "{{ bookie_seen }}"
    mode: "0600"
  changed_when: false
"""


class Site:
    """A fleet, a file of tasks, and a folder of holds."""

    def __init__(self, folder, fleet):
        self.folder, self.fleet = folder, fleet
        self.path, self.tasks, self.seen = folder / "holds", folder / "work.yml", folder / "seen.json"
        self.tasks.write_text(WORK, encoding="utf-8")
        # What else stands in the environment.
        self.more = {}

    def variables(self, **more):
        given = {"bookie_holds_path": str(self.path), "bookie_maintenance_tasks": "work.yml", "bookie_root": self.fleet.root,
                 "bookie_seen": str(self.seen), "bookie_retries": 1, "bookie_wait_timeout": 3}
        if "bookie_all_accounts" not in more and "bookie_bookmakers" not in more:
            given["bookie_account_ids"] = ["201", "202", "203"]
        return {name: value for name, value in {**given, **more}.items() if value is not None}

    def run(self, name=NAME, *arguments, code=0, **more):
        # The end of the only maintenance of this user needs no accounts.
        more = {"bookie_account_ids": None, **more} if name == END else more
        return run(self.folder, self.fleet, name, self.variables(**more), *arguments, code=code, more=self.more)

    def bots_during_the_work(self):
        return {str(one["id"]): one["bot"] for one in json.loads(self.seen.read_text(encoding="utf-8"))}

    def holds(self):
        """The holds that stand."""
        standing = holds.read(str(self.path))
        assert standing.broken == ()
        return standing.holds

    def rewrite(self, **fields):
        """Change what the one hold says, as time and other machines do."""
        [hold] = self.holds()
        file = self.path / f"{hold.id}.json"
        file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **fields}), encoding="utf-8")

    def commands(self):
        """Command and account of each POST, in the order of the service."""
        return [(entry["command"], entry["account_id"]) for entry in self.fleet.requests("POST")]


def halves(site, *after):
    """Write a play with `begin` in a block and these halves in its `always`; returns its path."""
    def half(name):
        return {"name": name, "ansible.builtin.include_role": {"name": "bookieops.betmatic.maintenance", "tasks_from": name}}

    tasks = [{"name": "Maintenance", "block": [half("begin")], "always": [half(name) for name in after]}]
    play = {"hosts": "localhost", "gather_facts": False, "environment": {"BETMATIC_HOLDS": str(site.path)}, "tasks": tasks}
    site.folder.joinpath("halves.yml").write_text(json.dumps([play]), encoding="utf-8")
    return "halves.yml"


def new_site(simulator, folder):
    """A site with 201 and 203 running, and 202 not."""
    simulator.put_accounts([{**one, "bot": RAN[str(one["id"])]} for one in running(3)])
    return Site(folder, simulator)
