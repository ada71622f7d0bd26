# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Appends to a file so that whole lines arrive, and stay."""

from __future__ import annotations

import os
import stat


def append(path: str, data: bytes) -> None:
    """Append whole lines in one write, and return once they are on the disk; raises OSError.

    A file that is missing is made with mode 0600, its folder with 0700. What a crash left without an end is ended first.
    """
    folder = os.path.dirname(path) or "."
    os.makedirs(folder, mode=0o700, exist_ok=True)
    # O_NONBLOCK: a pipe that nobody reads must not stop the run.
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o600)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is not a regular file")
        whole = data if _ends_a_line(path, status.st_size) else b"\n" + data
        written = os.write(descriptor, whole)
        if written != len(whole):
            raise OSError(f"only {written} of {len(whole)} bytes were taken: is the disk full?")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if not status.st_size:
        _keep_name(folder)


def _ends_a_line(path: str, size: int) -> bool:
    """Tell whether the next byte begins a line; not where the end cannot be read: an empty line does no harm."""
    if not size:
        return True
    try:
        with open(path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"
    except OSError:
        return False


def _keep_name(folder: str) -> None:
    """Bring the name of a new file to the disk, where the file system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
