# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which ansible-playbook this is, and whether another one still runs: host, process and when that was started, as one text."""

from __future__ import annotations

import os
import pathlib
import socket


def of_this_run() -> str:
    """Return the identity of this ansible-playbook: a filter runs in one of its workers, whose parent it is."""
    return identity(os.getppid())


def still_runs(known: str | None) -> bool:
    """Tell whether this process runs on this host. Of another host nobody here can tell: False."""
    host, _blank, rest = (known or "").partition(" ")
    number = rest.partition(" ")[0]
    if host != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return identity(int(number)) == known


def identity(number: int) -> str:
    """Return the identity of a process by its number."""
    return f"{socket.gethostname()} {number} {_started(number)}"


def _started(number: int) -> str:
    """Return when a process was started, in ticks, so that a number which is used again is not taken for it; empty for one that has ended, or without /proc."""
    try:
        fields = pathlib.Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
