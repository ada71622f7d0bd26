# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a hold could be placed in a folder, tried without leaving anything there."""

from __future__ import annotations

import fcntl
import os
import tempfile

from . import folder, missing
from .locks import LOCK, Lock


def why_not(path: str, seconds: float = folder.PATIENCE) -> str | None:
    """Say why no hold could be placed, as the end of a sentence that begins with the path; None where one could."""
    try:
        return folder.in_time(lambda: _why_not(path), seconds)  # type: ignore[no-any-return]
    except TimeoutError:
        return f"did not answer within {seconds:g} s"


def is_missing(path: str, seconds: float = folder.PATIENCE) -> bool:
    """Tell whether nothing is there, or what an ON made there; a folder that does not answer is there."""
    try:
        return folder.in_time(lambda: missing.is_missing(path), seconds)  # type: ignore[no-any-return]
    except TimeoutError:
        return False


def _why_not(path: str) -> str | None:
    try:
        folder.check(path)
    except folder.Unusable as error:
        return str(error)
    if not os.path.lexists(path):
        return _why_not_made(os.path.dirname(path.rstrip("/")))
    try:
        # A file without a name, where the system has such: nothing is left, whatever ends this.
        with tempfile.TemporaryFile(dir=path, prefix=".trial.") as file:
            file.write(b"tried\n")
            file.flush()
            os.fsync(file.fileno())
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return f"cannot be written ({error.strerror or type(error).__name__})"
    return _why_not_locked(path)


def _why_not_locked(path: str) -> str | None:
    """Say why the lock that is there could not be taken; it is not waited for, as a hold may be placed just now."""
    try:
        if os.path.lexists(os.path.join(path, LOCK)):
            Lock(path).close()
    except OSError as error:
        return f"cannot be locked: {LOCK} in it cannot be opened ({error.strerror or type(error).__name__})"
    return None


def _why_not_made(above: str) -> str | None:
    """Say why a folder that is missing could not be made; the folders above it are made as well."""
    while not os.path.lexists(above):
        above = os.path.dirname(above)
    if not os.path.isdir(above):
        return f"is missing and cannot be made: {above} is not a folder"
    return None if os.access(above, os.W_OK | os.X_OK) else f"is missing and cannot be made: {above} cannot be written"
