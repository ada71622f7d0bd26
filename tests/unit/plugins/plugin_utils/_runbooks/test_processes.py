# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run that is under way is known by host, process and start; one that has ended is not taken for it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import processes

# Loaded from its file: a Python of its own does not know where ansible-test or pytest found the collection.
SAY = "import runpy, sys; print(runpy.run_path(sys.argv[1])['of_this_run']())"


def test_a_worker_tells_the_process_that_started_it_as_long_as_that_runs():
    identity = subprocess.run([sys.executable, "-c", SAY, processes.__file__], stdout=subprocess.PIPE, text=True, check=True).stdout.rstrip("\n")
    assert identity.split(" ")[1] == str(os.getpid()) and processes.still_runs(identity)


def test_a_process_that_has_ended_does_not_run_though_nobody_has_waited_for_it():
    with subprocess.Popen(["sleep", "100"]) as process:
        identity = processes.identity(process.pid)
        assert processes.still_runs(identity)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not processes.still_runs(identity)
    assert not processes.still_runs(identity)


def test_a_number_that_another_process_has_now_is_not_taken_for_it():
    host, number, started = processes.of_this_run().split(" ")
    assert processes.still_runs(f"{host} {number} {started}") and not processes.still_runs(f"{host} {number} 1{started}")


@pytest.mark.parametrize("identity", [None, "", "elsewhere 1 2", "here"])
def test_of_what_nobody_here_can_tell_it_says_no(identity):
    assert not processes.still_runs(identity)
