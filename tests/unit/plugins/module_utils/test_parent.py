# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether what started this run is gone, seen from a fork and from a module below it."""

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
    monkeypatch.setattr(_parent, "_worker", lambda pid: pid)
    monkeypatch.setattr(os, "getpgid", lambda pid: os.getpgrp() + 1)
    monkeypatch.setattr(os, "setsid", lambda: pytest.fail("it left its group"))
    _parent.leave_group()
