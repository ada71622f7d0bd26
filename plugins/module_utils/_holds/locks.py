# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lock between ONs and who places a hold: each ON attempt has it shared, from asking to its answer."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from contextlib import suppress

LOCK = ".lock"
PLACING = ".placing"
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


class Lock:
    """One way through the lock file of a folder. It is free again when this is closed, or its process ends."""

    def __init__(self, folder: str, name: str = LOCK) -> None:
        self._descriptor: int | None = _opened(os.path.join(folder, name))
        self._guard = threading.Lock()

    def share(self) -> None:
        """Wait until nobody has the lock alone, then have it with others; raises OSError."""
        fcntl.flock(self._open(), fcntl.LOCK_SH)

    def alone(self) -> None:
        """Wait until nobody else has the lock, then have it alone; raises OSError."""
        fcntl.flock(self._open(), fcntl.LOCK_EX)

    def _open(self) -> int:
        if self._descriptor is None:
            raise OSError(errno.EBADF, "the lock was given up")
        return self._descriptor

    def close(self) -> None:
        """Let go; may be called twice."""
        with self._guard:
            descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _opened(file: str) -> int:
    """Open the lock file, make it where it is missing. A link is not followed: it could lead anywhere."""
    try:
        return _there(file)
    except FileNotFoundError:
        pass
    try:
        return _made(file)
    except FileExistsError:
        return _there(file)


def _there(file: str) -> int:
    """Open the file that is there; one that may only be read can be locked as well."""
    try:
        return os.open(file, os.O_RDWR | os.O_NOFOLLOW)
    except OSError as error:
        if error.errno not in _READ_ONLY:
            raise
        return os.open(file, os.O_RDONLY | os.O_NOFOLLOW)


def _made(file: str) -> int:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o660)
    with suppress(OSError):
        # Whatever the umask: who shares the folder locks it as well.
        os.fchmod(descriptor, 0o660)
    if os.geteuid() == 0:
        # One task as root must not lock out the folder's owner.
        with suppress(OSError):
            there = os.stat(os.path.dirname(file))
            os.fchown(descriptor, there.st_uid, there.st_gid)
    return descriptor
