# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A folder that was missing when an ON looked for holds: it is made for the lock, and must not pass for one that somebody else made.

Storage that is not mounted would be forgotten after the first ON otherwise.
"""

from __future__ import annotations

import os

from . import folder

MARK = ".made_by_an_on"
WAY_OUT = f"mount it, or make it and see that it has no {MARK} in it"


def is_missing(path: str) -> bool:
    """Tell whether the folder is missing, or nobody but an ON has made it."""
    return not os.path.lexists(path) or os.path.lexists(os.path.join(path, MARK)) and not _was_used(path)


def _was_used(path: str) -> bool:
    """Tell whether a hold was ever placed there: in a folder of several users, not each of them can remove the mark."""
    try:
        return any(name == folder.LIFTED or name.endswith(folder.SUFFIX) for name in os.listdir(path))
    except OSError:
        return False


def make(path: str) -> None:
    """Make the folder where it is missing, with the mark in it; raises OSError."""
    was_there = os.path.lexists(path)
    folder.make(path)
    if not was_there:
        with open(os.path.join(path, MARK), "w", encoding="ascii"):
            pass


def forget(path: str) -> None:
    """Remove the mark: who places a hold here says that this is the folder."""
    folder.remove(os.path.join(path, MARK))
