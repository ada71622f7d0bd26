# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether the run that this task belongs to is still there: a job that was killed must turn no bot on behind everybody's back."""

from __future__ import annotations

import os
from typing import Callable

# Processes between a module and the worker that started it: some shells.
_MOST_STEPS = 8


def watch() -> Callable[[], bool]:
    """Return a function that tells whether ansible-playbook is gone; where it cannot be found, one that always says no."""
    worker = _worker(os.getpid())
    if worker is None:
        return lambda: False
    parent = _parent_of(worker)
    return lambda: _parent_of(worker) != parent


def leave_group() -> None:
    """Leave ansible-playbook's process group, so that who kills all of it does not end this process; core does so from 2.19 on."""
    worker = _worker(os.getpid())
    playbook = None if worker is None else _parent_of(worker)
    try:
        if playbook is not None and os.getpgid(playbook) == os.getpgrp():
            os.setsid()
    except OSError:
        # It is gone, or this process leads its group: nothing else can be done.
        pass


def _worker(pid: int | None) -> int | None:
    """Return the nearest process, this one or one above it, that was forked from its parent and runs the same command."""
    for _step in range(_MOST_STEPS):
        if pid is None:
            return None
        parent = _parent_of(pid)
        if parent is None:
            return None
        if _command_of(pid) and _command_of(pid) == _command_of(parent):
            return pid
        pid = parent
    return None


def _parent_of(pid: int) -> int | None:
    if pid == os.getpid():
        return os.getppid()
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def _command_of(pid: int) -> bytes:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""
