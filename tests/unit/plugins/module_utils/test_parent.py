# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which run this is, seen from a fork and from a module below it, and whether it is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _parent

# Forks as ansible-playbook does; the fork watches, itself or through a shell and another Python, and tells once a line when its parent is gone.
_FORKING = """
import os, subprocess, sys, time
sys.path[:0] = {path!r}
WATCHING = '''
import sys, time
sys.path[:0] = {path!r}
from ansible_collections.bookieops.betmatic.plugins.module_utils import _parent
if not {detached}:
    _parent.leave_group()
is_orphan = _parent.watch()
print("watches", is_orphan(), flush=True)
print(_parent.of_this_run(), _parent.state_of(_parent.of_this_run()), flush=True)
while not is_orphan():
    time.sleep(0.02)
print("gone", flush=True)
'''
if os.fork() == 0:
    if {detached}:
        os.setsid()
    if {below}:
        subprocess.call(["/bin/sh", "-c", '"$0" -c "$1"; true', sys.executable, WATCHING])
    else:
        exec(WATCHING)
    os._exit(0)
time.sleep(60)
"""


# From 2.19 on core gives its workers a session of their own; up to 2.18 what must outlive a killed group leaves it by itself.
@pytest.mark.parametrize("detached", [True, False], ids=["core leaves the group", "leaves the group"])
@pytest.mark.parametrize("below", [False, True])
def test_a_run_that_was_killed_is_noticed(below, detached):
    text = _FORKING.format(path=sys.path, below=below, detached=detached)
    process = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout.readline() == "watches False\n"
        assert process.stdout.readline() == f"{_parent.identity(process.pid)} own\n"
        assert _parent.state_of(_parent.identity(process.pid)) == _parent.UNDER_WAY
        os.killpg(process.pid, signal.SIGKILL)
        assert process.stdout.readline() == "gone\n"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_where_no_fork_is_found_nobody_is_an_orphan(monkeypatch):
    monkeypatch.setattr(_parent, "_command_of", lambda pid: b"")
    assert _parent.watch()() is False


def test_who_has_a_group_of_its_own_stays_in_it(monkeypatch):
    """As in the background, where the wrapper kills its group once the time of `async` is over."""
    monkeypatch.setattr(_parent, "_playbook", os.getpid)
    monkeypatch.setattr(os, "getpgid", lambda pid: os.getpgrp() + 1)
    monkeypatch.setattr(os, "setsid", lambda: pytest.fail("it left its group"))
    _parent.leave_group()


def test_a_run_that_has_ended_does_not_run_though_nobody_has_waited_for_it():
    with subprocess.Popen(["sleep", "100"]) as process:
        run = _parent.identity(process.pid)
        assert _parent.state_of(run) == _parent.UNDER_WAY
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert _parent.state_of(run) == _parent.ENDED
    assert _parent.state_of(run) == _parent.ENDED


def test_a_number_that_another_process_has_now_is_not_taken_for_it():
    machine, number, started = _parent.identity(os.getpid()).split(" ")
    assert _parent.state_of(f"{machine} {number} 1{started}") == _parent.ENDED


@pytest.mark.parametrize("run", [None, "", "elsewhere 1 2", "elsewhere", "{machine}", "{machine} x 1"])
def test_of_what_nobody_here_can_tell_it_says_so(run):
    machine = _parent.identity(os.getpid()).partition(" ")[0]
    assert _parent.state_of(run and run.format(machine=machine)) == _parent.NOT_KNOWN


def test_where_no_run_is_found_nothing_is_said_of_it(monkeypatch):
    monkeypatch.setattr(_parent, "_command_of", lambda pid: b"")
    assert _parent.of_this_run() is None
