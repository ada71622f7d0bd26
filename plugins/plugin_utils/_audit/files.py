# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The trail's files, line by line: the one that grows, and those that rotation left beside it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import re
import stat
import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO, Callable, Iterator

from ...module_utils._errors import InputError
from . import trail

# What logrotate appends: a number or a date, and the ending of a compressed file.
_ROTATED = re.compile(r"(?:[.-][0-9][0-9-]*)?(\.gz|\.bz2|\.xz)?", re.ASCII)
_OPEN: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
# An intent for ten thousand accounts is a tenth of this.
_LONGEST_LINE = 1 << 20
# How many lines are tried to find when a file begins.
_HEAD = 20


@dataclass(frozen=True)
class Line:
    """A line, where it stands, and why it could not be read to its end, if so."""

    file: str
    number: int
    data: bytes
    damage: str | None = None


def find(path: str) -> list[str]:
    """Return the trail and its rotated files, the oldest first by what they tell; raises InputError where there is none."""
    path = os.path.abspath(os.path.expanduser(path))
    folder, name = os.path.split(path)
    try:
        names = os.listdir(folder)
    except OSError:
        names = []
    found = [one for one in names if one.startswith(name) and _ROTATED.fullmatch(one[len(name):]) and _is_regular(os.path.join(folder, one))]
    # While logrotate compresses a file, both are there.
    whole = [os.path.join(folder, one) for one in found if not any(one == other + ending for other in found for ending in _OPEN)]
    if not whole:
        raise InputError(
            f"there is no audit trail at {path}, so nothing is known of what was switched: "
            "enable the callback bookieops.betmatic.bookie_audit, or name the file with bookie_audit_file"
        )
    # By name where the first lines tell no time; the trail that grows is the newest of equals.
    return sorted(whole, key=lambda one: (_begins(one), one == path, one))


def read(paths: list[str]) -> Iterator[Line]:
    """Give each line of the files that is not empty; what is longer than any entry is cut, and no entry."""
    for path in paths:
        name, number = os.path.basename(path), 0
        try:
            with _open(path) as file:
                while True:
                    data = file.readline(_LONGEST_LINE)
                    if not data:
                        break
                    number += 1
                    cut = len(data) == _LONGEST_LINE and not data.endswith(b"\n")
                    while cut and data and not data.endswith(b"\n"):
                        data = file.readline(_LONGEST_LINE)
                    if cut or data.strip():
                        yield Line(name, number, b"" if cut else data)
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            yield Line(name, number + 1, b"", getattr(error, "strerror", None) or str(error) or type(error).__name__)


def _open(path: str) -> BinaryIO:
    opened: BinaryIO = _OPEN.get(os.path.splitext(path)[1], open)(path, "rb")
    return opened


def _begins(path: str) -> str:
    """Return when the first entry of a file was written, as text that sorts by time; the empty text where none is found."""
    for line, _place in zip(read([path]), range(_HEAD)):
        try:
            return trail.read(line.data).moment.isoformat()
        except trail.ERRORS:
            continue
    return ""


def _is_regular(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False
