# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which run works under a hold that remembers: a small file beside the hold's, so that of two runs one goes on from it.

It keeps nothing back and is no part of the hold; without it nobody knows whether a run is still at work.
"""

from __future__ import annotations

import os

from .. import _parent
from . import folder
from .records import Standing

_SUFFIX = ".run"
_LONGEST = 512


def write(path: str, hold_id: str, run: str | None) -> None:
    """Say that this run works under the hold; raises OSError. `run`: None where the run is not known."""
    file = _file(path, hold_id)
    temporary = folder.written(path, hold_id + _SUFFIX, f"{run or ''}\n")
    try:
        os.rename(temporary, file)
    except OSError:
        folder.remove(temporary)
        raise


def read(path: str, hold_id: str) -> str | None:
    """Return the run that works, or worked, under the hold; None where that is not known."""
    try:
        with open(_file(path, hold_id), encoding="utf-8", errors="replace") as stream:
            return stream.read(_LONGEST).strip() or None
    except OSError:
        return None


def states(path: str, standing: Standing) -> dict[str, str]:
    """Return of each hold that remembers, by id, what is known of the run that works under it, as in `_parent`."""
    remembering = [hold.id for hold in standing.holds if hold.ran is not None]
    try:
        return folder.in_time(lambda: {one: _parent.state_of(read(path, one)) for one in remembering}, folder.PATIENCE)  # type: ignore[no-any-return]
    except TimeoutError:
        return dict.fromkeys(remembering, _parent.NOT_KNOWN)


def remove(path: str, hold_id: str) -> None:
    """Forget the run; does nothing where there is none, or the file may not be removed."""
    folder.remove(_file(path, hold_id))


def _file(path: str, hold_id: str) -> str:
    return os.path.join(path, f".{hold_id}{_SUFFIX}")
