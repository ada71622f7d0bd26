# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a command against the simulator: what it took, and the proof that it did its work."""

from __future__ import annotations

import os
import pathlib
import resource
import subprocess
import sys
import threading
import time

import psutil

# Seconds; only there so that a command that hangs ends the benchmark.
PATIENCE = 900
COLLECTIONS = pathlib.Path(__file__).resolve().parents[5]


class Broken(RuntimeError):
    """A run that did not do its work: its time means nothing."""


class Runner:
    """Runs commands in a clean environment; leaves nothing outside the folder."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._folder.joinpath("home").mkdir()
        self._environment = {
            "PATH": os.pathsep.join((os.path.dirname(sys.executable), os.defpath)),
            "LANG": "C.UTF-8",
            "HOME": str(self._folder / "home"),
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_HOME": str(self._folder / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(self._folder / "local"),
            "ANSIBLE_REMOTE_TMP": str(self._folder / "remote"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
        }

    def run(self, command, simulator):
        """Run it to its end; returns when it began (seconds since the epoch) and what it took.

        `cpu` is its processes' time in seconds, `foreign` the share of the machine that went to others, the simulator among them.
        """
        environment = {**self._environment, "BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token}
        with open(command.feed or os.devnull, "rb") as feed, open(self._folder / "shown", "wb") as shown:
            busy, own = _busy(), _of_children()
            began, start = time.time(), time.perf_counter()
            process = subprocess.Popen(command.arguments, cwd=self._folder, env=environment, stdin=feed, stdout=shown, stderr=subprocess.STDOUT)
            # Not wait(timeout): it looks only every 50 ms.
            killer = threading.Timer(PATIENCE, process.kill)
            killer.start()
            code = process.wait()
            seconds = time.perf_counter() - start
            killer.cancel()
            cpu = _of_children() - own
            foreign = max(0.0, _busy() - busy - cpu) / (seconds * os.cpu_count())
        if code != 0:
            text = self._folder.joinpath("shown").read_text(encoding="utf-8", errors="replace")
            raise Broken(f"{command.arguments[0]} ended with {code}:\n{text[-3000:]}")
        return began, {"seconds": seconds, "cpu": cpu, "foreign": foreign}

    def switch(self, command, simulator, count):
        """Run a command that switches `count` running bots off, one command each, and hold it against the server's log."""
        begin(simulator, count)
        server = psutil.Process(simulator.pid)
        before = sum(server.cpu_times()[:2])
        _began, taken = self.run(command, simulator)
        cpu = sum(server.cpu_times()[:2]) - before
        log = simulator.log()
        sent = [entry for entry in log if entry["endpoint"] == "control_one"]
        if sorted(entry["account_id"] for entry in sent) != sorted(ids(count)) or {entry["status"] for entry in sent} != {200}:
            raise Broken(f"{command.arguments[0]} did not send each account its command once")
        if set(simulator.bots().values()) != {"STOPPED"} or any(entry["violation"] for entry in log):
            raise Broken(f"{command.arguments[0]} left a bot that runs, or broke the contract")
        times = sorted(entry["time"] for entry in sent)
        # The log has the arrivals; the last answer takes the latency.
        phase = times[-1] - times[0] + simulator.options["latency"]
        return {**taken, "phase": phase, "simulator_cpu": cpu / phase, "connections": len({entry["connection"] for entry in sent})}

    def time_to_off(self, command, simulator):
        """Seconds from the start of a command until the server has its first bulk OFF."""
        begin(simulator, 3)
        began, taken = self.run(command, simulator)
        arrived = [entry["time"] for entry in simulator.log() if entry["command"] == "all_off"]
        if not arrived or set(simulator.bots().values()) != {"STOPPED"}:
            raise Broken(f"{command.arguments[0]} did not switch off")
        return {**taken, "first": arrived[0] - began}


def _busy():
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)


def _of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ids(count):
    """The ids of the fleet."""
    return [str(1001 + number) for number in range(count)]


def begin(simulator, count, bot="RUNNING"):
    """A fleet of that size, an empty log."""
    simulator.put_accounts({"id": int(one), "display_name": f"TAB Account {one}", "bot": bot} for one in ids(count))
    simulator.clear_log()
