# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which run of ansible-playbook this task belongs to, and whether it, or another one, is still there."""

from __future__ import annotations

import os
import socket
from typing import Callable

# Processes between a module and the worker that started it: some shells.
_MOST_STEPS = 8

# What is known of a run that worked under a hold.
OWN, UNDER_WAY, ENDED, NOT_KNOWN = "own", "under_way", "ended", "not_known"


def watch() -> Callable[[], bool]:
    """Return a function that tells whether ansible-playbook is gone; where it cannot be found, one that always says no."""
    worker = _worker()
    if worker is None:
        return lambda: False
    parent = _parent_of(worker)
    return lambda: _parent_of(worker) != parent


def leave_group() -> None:
    """Leave ansible-playbook's process group, so that who kills all of it does not end this process; core does so from 2.19 on."""
    playbook = _playbook()
    try:
        if playbook is not None and os.getpgid(playbook) == os.getpgrp():
            os.setsid()
    except OSError:
        # It is gone, or this process leads its group: nothing else can be done.
        pass


def of_this_run() -> str | None:
    """Return which ansible-playbook this task belongs to, as one text without line breaks; None where it cannot be found."""
    playbook = _playbook()
    return None if playbook is None else identity(playbook)


def identity(pid: int) -> str:
    """Return a process by machine, number and when it was started: a number that is used again is another process."""
    return f"{_machine()} {pid} {_started(pid)}"


def state_of(run: str | None) -> str:
    """Tell what is known of a run, given what `of_this_run` returned there: OWN, UNDER_WAY, ENDED, or NOT_KNOWN for one of another machine."""
    machine, _blank, process = (run or "").partition(" ")
    number = process.partition(" ")[0]
    if machine != _machine() or not number.isdigit():
        return NOT_KNOWN
    if run == of_this_run():
        return OWN
    return UNDER_WAY if _started(int(number)) and identity(int(number)) == run else ENDED


def _machine() -> str:
    """Return the machine as processes see it: its name, this start of it, and the container's own numbers of processes."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            start = file.read().strip()
        return "/".join((socket.gethostname().replace(" ", "-"), start, os.readlink("/proc/self/ns/pid")))
    except OSError:
        return socket.gethostname().replace(" ", "-")


def _started(pid: int) -> str:
    """Return when a process was started, in ticks; empty for one that has ended, also where nobody has waited for it."""
    fields = _stat_of(pid)
    return "" if not fields or fields[0] == "Z" else fields[19]


def _playbook() -> int | None:
    """Return the process of ansible-playbook; None where it cannot be found."""
    worker = _worker()
    return None if worker is None else _parent_of(worker)


def _worker() -> int | None:
    """Return the nearest process, this one or one above it, that was forked from its parent and runs the same command."""
    pid = os.getpid()
    for _step in range(_MOST_STEPS):
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
    fields = _stat_of(pid)
    return int(fields[1]) if fields else None


def _stat_of(pid: int) -> list[str]:
    """Return what the system says of a process from its state on, empty where it says nothing."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def _command_of(pid: int) -> bytes:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""
