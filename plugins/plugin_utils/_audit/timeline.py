# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An account's entries as marks on a line: what was proven at a moment, never what held between two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Sequence

from ...module_utils._switch.records import PENDING
from .trail import Entry

# Per cent of the width that is left free at either end, so that no mark is cut.
_MARGIN = 2.0
_MOST_DAYS = 8
# By shape and by colour; in the order of the legend.
SIGNS = {"on": "\u25cf", "off": "\u25a0", "pending": "\u2026", "failed": "\u2715", "check": "\u25cb"}
MEANINGS = {"on": "proven on", "off": "proven off", "pending": "not proven yet", "failed": "failed", "check": "check mode, nothing was sent"}


@dataclass(frozen=True)
class Span:
    """The time that the line stands for, and the midnights on it."""

    first: datetime
    last: datetime
    days: tuple[datetime, ...]

    def place(self, moment: datetime) -> str:
        """Return where a moment lies, in per cent."""
        seconds = (self.last - self.first).total_seconds()
        share = (moment - self.first).total_seconds() / seconds if seconds else 0.5
        return f"{_MARGIN + share * (100 - 2 * _MARGIN):.2f}%"


def span(entries: Sequence[Entry]) -> Span:
    """Return whole days around the entries, with some midnights at most: they are labelled."""
    first = _midnight(entries[0].moment)
    count = (entries[-1].moment - first).days + 1
    step = -(-count // _MOST_DAYS)
    days = tuple(first + timedelta(days=number) for number in range(0, count, step))
    return Span(first, first + timedelta(days=count), days)


def marks(entries: Sequence[Entry], over: Span) -> list[tuple[str, str]]:
    """Return place and kind of each mark, so that no other mark is drawn over one that failed."""
    return [(over.place(entry.moment), kind(entry)) for entry in sorted(entries, key=lambda entry: entry.failed and not entry.check_mode)]


def kind(entry: Entry) -> str:
    """Return which mark an entry has."""
    if entry.check_mode:
        return "check"
    if entry.failed:
        return "failed"
    return entry.state if entry.proves and entry.state in ("on", "off") else PENDING


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
