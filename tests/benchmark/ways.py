# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to switch accounts off, as files in a folder and the commands that use them."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shlex
import sys
from dataclasses import dataclass

CONCURRENCY = 32
BIN = os.path.dirname(sys.executable)
PLAYBOOK = os.path.join(BIN, "ansible-playbook")
INVENTORY = os.path.join(BIN, "ansible-inventory")

OURS = "ours"
URI = "uri"
HOSTS = "hosts"
XARGS = "xargs"
THREADS = "threads"
IDEAL = "ideal"
EMPTY = "empty"
STOP = "stop"
# One task on each of many hosts, the shortest that Ansible has.
NOTHING = "nothing"
# The inventory: from the service, from the cache, and the same hosts in a file that Ansible reads by itself.
LISTED = "listed"
CACHED = "cached"
WRITTEN = "written"
NAMES = {
    OURS: f"bookie_bot, concurrency {CONCURRENCY}",
    URI: "ansible.builtin.uri in a loop",
    HOSTS: "one host per account, forks 10",
    XARGS: f"xargs -P {CONCURRENCY} curl",
    THREADS: f"requests in {CONCURRENCY} threads",
    IDEAL: f"ideal: accounts / {CONCURRENCY} x latency",
}

_URI_OPTIONS = {
    "method": "POST",
    "headers": {"Authorization": "Token {{ lookup('ansible.builtin.env', 'BETMATIC_API_TOKEN') }}"},
    "body_format": "json",
}
_API = "{{ lookup('ansible.builtin.env', 'BETMATIC_API_URL') }}/bookieaccount/control/"
_TASKS = {
    "ours.yml": {
        "bookieops.betmatic.bookie_bot": {
            "account_id": "{{ account_ids }}", "state": "off", "concurrency": "{{ concurrency }}", "ca_path": "{{ ca | default(omit) }}",
        },
    },
    "uri.yml": {
        "ansible.builtin.uri": {"url": _API + "{{ item }}/", "body": {"command": "OFF"}, **_URI_OPTIONS},
        "loop": "{{ account_ids }}",
    },
    "hosts.yml": {"bookieops.betmatic.bookie_bot": {"account_id": "{{ bookie_account_id }}", "state": "off"}},
    "nothing.yml": {"ansible.builtin.debug": {"msg": ""}},
    # Each item returns how many threads its process had as the item began.
    "loop.yml": {
        "bookieops.betmatic.bookie_bot": {"account_id": "{{ item }}", "state": "off", "reason": "{{ lookup('ansible.builtin.file', '/proc/self/status') }}"},
        "loop": "{{ account_ids }}",
        "register": "looped",
    },
    "off_ours.yml": {"bookieops.betmatic.bookie_bot": {"all_accounts": True, "state": "off"}},
    "off_empty.yml": {"empty_module": {}},
    "off_uri.yml": {"ansible.builtin.uri": {"url": _API, "body": {"command": "all_off"}, **_URI_OPTIONS}},
}
# What any module costs before its own first line: it writes the time at which it got there.
_EMPTY = """#!/usr/bin/python
import time

from ansible.module_utils.basic import AnsibleModule

module = AnsibleModule({})
with open(%r, "w", encoding="ascii") as file:
    file.write(repr(time.time()))
module.exit_json()
"""
# Writes the largest resident set of what it starts, in kilobytes.
_MEASURED = """
import resource, subprocess, sys
code = subprocess.call([sys.executable, *sys.argv[2:]])
with open(sys.argv[1], "w", encoding="ascii") as file:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=file)
sys.exit(code)
"""


@dataclass(frozen=True)
class Command:
    """What is started; `feed` is a file for its standard input."""

    arguments: tuple
    feed: str | None = None


class Ways:
    """The files and commands; the folder's path must be fit for a shell."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        for name, task in _TASKS.items():
            hosts = "bookie_accounts" if name in ("hosts.yml", "nothing.yml") else "localhost"
            tasks = [{"name": "Off", **task}]
            if name == "loop.yml":
                kept = {"content": "{{ looped.results | map(attribute='reason') | to_json }}", "dest": self._path("threads"), "mode": "0600"}
                tasks.append({"name": "Keep what each item saw", "ansible.builtin.copy": kept})
            play = {"name": "Off", "hosts": hosts, "gather_facts": False, "tasks": tasks}
            self._write(name, json.dumps([play], indent=1))
        plugin = {"plugin": "bookieops.betmatic.bookie_accounts"}
        cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(self._folder / "cache")}
        self._write("bookie_accounts.yml", json.dumps(plugin))
        self._folder.joinpath(CACHED).mkdir()
        self._write(f"{CACHED}/bookie_accounts.yml", json.dumps({**plugin, **cache}))
        self._folder.joinpath("library").mkdir()
        self._write("library/empty_module.py", _EMPTY % self._path("reached"))
        self._write("measured.py", _MEASURED)
        self._write("measured", '#!/bin/sh\nexec {} {} {} "$@"\n'.format(*map(shlex.quote, (
            sys.executable, str(self._folder / "measured.py"), str(self._folder / "kilobytes")))))
        self._folder.joinpath("measured").chmod(0o700)

    def switch(self, way, ids, simulator):
        """Every account off."""
        names = self._write("ids.txt", "".join(one + "\n" for one in ids))
        if way == OURS:
            return self.ours(ids)
        if way == URI:
            return Command((PLAYBOOK, "-e", "@" + self._ids(ids), self._path("uri.yml")))
        if way == HOSTS:
            return self.hosts(HOSTS)
        if way == XARGS:
            return Command(("xargs", "-P", str(CONCURRENCY), "-I", "{}", *self._curl(simulator, "OFF", "{}/")), names)
        return Command((sys.executable, str(pathlib.Path(__file__).with_name("threads.py"))), names)

    def ours(self, ids, concurrency=CONCURRENCY, ca=None, check=False, measured=False):
        """Our task, with what is measured besides."""
        more = {"concurrency": concurrency}
        if ca:
            more["ca"] = ca
        if measured:
            more["ansible_python_interpreter"] = self._path("measured")
        flags = ("--check",) if check else ()
        return Command((PLAYBOOK, *flags, "-e", "@" + self._ids(ids), "-e", json.dumps(more), self._path("ours.yml")))

    def hosts(self, way):
        """One host per account: its bot off, or nothing at all."""
        playbook = "hosts.yml" if way == HOSTS else "nothing.yml"
        return Command((PLAYBOOK, "-i", self._path("bookie_accounts.yml"), "--forks", "10", self._path(playbook)))

    def loop(self, ids):
        """One item for each account."""
        return Command((PLAYBOOK, "-e", "@" + self._ids(ids), self._path("loop.yml")))

    def threads(self):
        """How many threads the process of the last loop had as each of its items began."""
        seen = json.loads(self._folder.joinpath("threads").read_text(encoding="utf-8"))
        return [int(re.search(r"^Threads:\s*(\d+)", status, re.MULTILINE)[1]) for status in seen]

    def all_off(self, way, simulator):
        """The bulk command."""
        if way == XARGS:
            return Command(self._curl(simulator, "all_off"))
        if way == STOP:
            return Command((PLAYBOOK, "bookieops.betmatic.emergency_stop"))
        return Command((PLAYBOOK, self._path("off_ours.yml" if way == OURS else "off_uri.yml")))

    def empty(self):
        """A task that does nothing."""
        return Command((PLAYBOOK, self._path("off_empty.yml")))

    def reached(self):
        """When the last empty module got to its own first line, in seconds since the epoch."""
        return float(self._folder.joinpath("reached").read_text(encoding="ascii"))

    def inventory(self, source):
        """The list as an inventory, written to a file."""
        file = {LISTED: "bookie_accounts.yml", CACHED: f"{CACHED}/bookie_accounts.yml", WRITTEN: "written.json"}[source]
        return Command((INVENTORY, "--list", "--output", self._path("inventory.json"), "-i", self._path(file)))

    def write_inventory(self):
        """Write what the last inventory was as one that Ansible reads by itself."""
        found = json.loads(self._folder.joinpath("inventory.json").read_text(encoding="utf-8"))
        hosts = found["_meta"]["hostvars"]
        groups = {name: {"hosts": dict.fromkeys(group["hosts"])} for name, group in found.items() if "hosts" in group}
        self._write("written.json", json.dumps({"all": {"hosts": hosts, "children": groups}}))

    def megabytes(self):
        """The peak of the last measured module."""
        return int(self._folder.joinpath("kilobytes").read_text(encoding="ascii")) / 1024

    def _curl(self, simulator, command, path=""):
        # The token in a file: it does not belong in the list of processes.
        headers = self._write("headers", f"Authorization: Token {simulator.token}\nContent-Type: application/json\n")
        body = json.dumps({"command": command})
        url = f"{simulator.url}/bookieaccount/control/{path}"
        return ("curl", "--silent", "--fail", "--output", os.devnull, "--header", "@" + headers, "--data", body, url)

    def _ids(self, ids):
        return self._write("ids.json", json.dumps({"account_ids": ids}))

    def _path(self, name):
        return str(self._folder / name)

    def _write(self, name, text):
        path = self._folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)
