# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A host whose crontab and systemctl are scripts that keep files: no test may meet the real ones."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import time

from ansible_collections.bookieops.betmatic.tests.integration.support import forked
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, clean_environment, killed_once

# At night, when schedules of the day have bots off.
SUNDAY = time.mktime((2026, 11, 22, 3, 0, 0, 0, 0, -1))
_CRONTAB = """#!/bin/sh
file={folder}/crontab
case "$1" in
  -l) [ -e "$file" ] || {{ echo "no crontab" >&2; exit 1; }}; cat "$file" ;;
  *) cat "$1" >"$file"; [ ! -e {folder}/stuck ] || sleep 100 ;;
esac
"""

_SYSTEMCTL = """#!/bin/sh
kept={folder}/systemctl
mkdir -p "$kept"
[ "$1" = --user ] || exit 9
shift
echo "$*" >>"$kept/calls"
unit=$(echo "$2" | tr -d "'")
case "$1" in
  show) echo LoadState=loaded; [ -e "$kept/$unit.active" ] && echo ActiveState=active || echo ActiveState=inactive ;;
  is-enabled) [ -e "$kept/$unit.enabled" ] && echo enabled || {{ echo disabled; exit 1; }} ;;
  is-active) [ -e "$kept/$unit.active" ] && echo active || {{ echo inactive; exit 3; }} ;;
  enable) touch "$kept/$unit.enabled" ;;
  disable) rm "$kept/$unit.enabled" ;;
  start | restart) touch "$kept/$unit.active" ;;
  stop) rm "$kept/$unit.active" ;;
  daemon-reload | list-unit-files) ;;
  *) exit 9 ;;
esac
"""
# What Ansible and the installed script call, and nothing else.
_TOOLS = ("sh", "cat", "chmod", "date", "echo", "id", "mkdir", "rm", "sleep", "touch", "tr")


# A file of the zone UTC, as the system has them. What follows it counts for nobody, and tells one from another.
_UTC = b"TZif" + bytes(16) + struct.pack(">6l", 0, 0, 0, 0, 1, 4) + struct.pack(">lBB", 0, 0, 0) + b"UTC\0"


class Host:
    """A home folder, a PATH with the schedulers asked for, and a token file for a simulator."""

    def __init__(self, folder, simulator, schedulers=("crontab", "systemctl")):
        self.folder, self.simulator, self.home = folder, simulator, folder / "home"
        self.bin, self.linger, self.zones = folder / "bin", folder / "linger", folder / "zoneinfo"
        for path in (self.bin, self.home, self.linger, self.zones / "Europe"):
            path.mkdir(parents=True)
        for name in _TOOLS:
            (self.bin / name).symlink_to(shutil.which(name))
        for name, text in (("crontab", _CRONTAB), ("systemctl", _SYSTEMCTL)):
            if name in schedulers:
                (self.bin / name).write_text(text.format(folder=folder), encoding="utf-8")
                (self.bin / name).chmod(0o755)
        (self.linger / subprocess.run(["id", "-un"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()).touch()
        for name in ("Europe/London", "UTC"):
            (self.zones / name).write_bytes(_UTC + name.encode())
        (folder / "localtime").write_bytes(_UTC + b"UTC")
        # What else stands in the environment of who installs the schedule.
        self.more = {}
        self.playbook = "bookieops.betmatic.trading_day"
        self.token_file = self.home / "betmatic.env"
        self.token_file.write_text(f"BETMATIC_API_TOKEN={simulator.token}\nBETMATIC_API_URL={simulator.url}\n", encoding="utf-8")
        self.token_file.chmod(0o600)

    def run(self, variables, *arguments, code=0):
        """Run the playbook trading_day; returns what it shows."""
        returned, shown = forked.run(self._command(variables, *arguments), self.folder, self._environment(), PATIENCE)
        assert returned == code, shown[-5000:]
        return shown

    def killed(self, variables):
        """Run the playbook trading_day, and kill it while it writes its first entry into the crontab."""
        stuck = self.folder / "stuck"
        stuck.touch()
        killed_once(self.crontab, [sys.executable, "-m", "ansible", *self._command(variables)], self.folder, self._environment())
        stuck.unlink()

    def _command(self, variables, *arguments):
        given = {
            "ansible_python_interpreter": sys.executable, "bookie_token_file": str(self.token_file), "_trading_day_linger": str(self.linger),
            "_trading_day_zoneinfo": str(self.zones), "_trading_day_localtime": str(self.folder / "localtime"), "_trading_day_now": SUNDAY, **variables,
        }
        return ["playbook", self.playbook, *arguments, "-e", json.dumps(given)]

    def _environment(self):
        return {**clean_environment(self.folder, {"ANSIBLE_PIPELINING": "true"}), "PATH": str(self.bin), **self.more}

    def crontab(self):
        """The text of the crontab."""
        file = self.folder / "crontab"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def jobs(self):
        """The lines of the crontab as five fields of time -> the command as cron gives it to the shell."""
        jobs = {}
        for line in self.crontab().splitlines():
            if not line.startswith("#"):
                *times, job = line.split(" ", 5)
                # The first bare % ends the command.
                jobs[" ".join(times)] = re.split(r"(?<!\\)%", job)[0].replace("\\%", "%")
        return jobs

    def fire(self, job, more=()):
        """Run a job with no more than cron gives it, and `more`; returns exit code and what would be mailed."""
        done = subprocess.run(
            ["/bin/sh", "-c", job], cwd=self.home, env={"HOME": str(self.home), "PATH": os.defpath, "SHELL": "/bin/sh", **dict(more)},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE,
        )
        return done.returncode, done.stdout

    def unit(self, name):
        """The text of a unit, empty when it is not there."""
        file = pathlib.Path(self.home, ".config/systemd/user", name)
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def timers(self):
        """What is enabled or active."""
        return sorted(path.name for path in (self.folder / "systemctl").glob("*.*.*"))
