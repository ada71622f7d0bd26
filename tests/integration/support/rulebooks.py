# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A real ansible-rulebook in a process of its own: start it, post to it, read what it shows, end it."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.pages import block_with
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, clean_environment

EVENT_TOKEN = "90214457730018234"  # digits alone: a number to YAML and to ansible-rulebook's templates
WEBHOOK = "bookieops.betmatic.emergency_stop_webhook"
ALERTMANAGER = "bookieops.betmatic.emergency_stop_alertmanager"
BOT_STATES = "bookieops.betmatic.bot_states"
HOLD_GUARD = "bookieops.betmatic.hold_guard"
TOKEN = {"BETMATIC_EVENT_TOKEN": EVENT_TOKEN}


class Rulebook:
    """A rulebook that runs; as a context manager it ends with the test, and what it showed must hold no token."""

    def __init__(self, folder, simulator, name, variables, *arguments):
        self.folder = folder
        self.simulator = simulator
        self.port = free_port()
        self.temporary = temporary_folder()
        self._variables = {"BETMATIC_EVENT_PORT": str(self.port), **variables}
        self._command = [str(pathlib.Path(sys.executable).with_name("ansible-rulebook")), "-r", name, "-i", "inventory.yml", *arguments]
        self._process = None

    def __enter__(self):
        folder = self.folder
        folder.joinpath("home").mkdir(exist_ok=True)
        folder.joinpath("inventory.yml").write_text(block_with("docs/events.md", "all"), encoding="utf-8")
        api = {"BETMATIC_API_URL": self.simulator.url, "BETMATIC_API_TOKEN": self.simulator.token}
        # It keeps its runs there, and those that it did not see end stay.
        more = {"TMPDIR": self.temporary.name, **api, **self._variables}
        if "JAVA_HOME" in os.environ:
            more["JAVA_HOME"] = os.environ["JAVA_HOME"]
        imported = ["-E", ",".join(self._variables)]
        with open(folder / "shown", "wb") as file:
            self._process = subprocess.Popen(
                [*self._command, *imported], cwd=folder, env=clean_environment(folder, more),
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, start_new_session=True,
            )
        return self

    def __exit__(self, kind, *_error):
        self.end()
        self.temporary.cleanup()
        if kind is None:
            rules.assert_no_leak(self.shown(), self.simulator.token)
            assert EVENT_TOKEN not in self.shown()
            assert self.simulator.violations() == []

    def shown(self):
        """All that it has shown so far."""
        return self.folder.joinpath("shown").read_text(encoding="utf-8", errors="replace")

    def until(self, what, ready):
        """Wait until `ready()` is true; the process must run as long."""
        limit = time.monotonic() + PATIENCE
        while not ready():
            assert self._process.poll() is None and time.monotonic() < limit, f"no {what}:\n{self.shown()[-5000:]}"
            time.sleep(0.02)
        return self

    def until_shown(self, text, times=1):
        return self.until(f"{text!r}", lambda: self.shown().count(text) >= times)

    def listening(self):
        """Wait until it takes events."""
        return self.until("port", lambda: accepts("127.0.0.1", self.port))

    def post(self, document, token=EVENT_TOKEN):
        """Post an event, a text as it stands; returns the HTTP status."""
        data = document if isinstance(document, str) else json.dumps(document)
        headers = {"Content-Type": "application/json", **({"Authorization": "Bearer " + token} if token is not None else {})}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/", data.encode(), headers, method="POST")
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def end(self):
        """End it in good order, as a service manager does; returns its exit code."""
        if self._process.poll() is None:
            self._process.terminate()
        return self.wait()

    def wait(self):
        """Wait until it has ended; returns its exit code."""
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            raise


def temporary_folder():
    """A folder for TMPDIR: not below the test's own, where Ansible's sockets would get too long a path."""
    return tempfile.TemporaryDirectory(prefix="betmatic-", ignore_cleanup_errors=True)


def accepts(address, port):
    """Whether something takes connections there."""
    try:
        with socket.create_connection((address, port), timeout=5):
            return True
    except ConnectionRefusedError:
        return False


def free_port():
    """A port that nothing uses now: ansible-rulebook does not tell which one the system gave it."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def runs(rulebook):
    """How many playbooks ended."""
    return rulebook.shown().count("PLAY RECAP")
