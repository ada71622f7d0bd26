# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The text of an audit trail -> what it tells. Knows no file and no HTML."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timezone
from typing import Any, Mapping

from ...module_utils._switch.records import OK


@dataclass(frozen=True)
class Entry:
    """One line that could be read. `msg`: what the task says of itself, where the line is about no account."""

    moment: datetime
    user: str
    playbook: str
    play: str
    task: str
    host: str
    account_id: str | None
    display_name: str
    state: str
    outcome: str
    changed: bool
    failed: bool
    previous_status: str
    bot_status: str
    http_status: str
    message: str
    reason: str
    check_mode: bool
    msg: str

    @property
    def day(self) -> str:
        """The day in UTC, such as 2026-11-21."""
        return self.moment.date().isoformat()

    @property
    def proves(self) -> bool:
        """Whether the wanted state was proven; check mode sends nothing and proves nothing."""
        return self.outcome == OK and not self.check_mode and not self.failed


@dataclass(frozen=True)
class Trail:
    """The entries by time, and the numbers of the lines that could not be read."""

    entries: tuple[Entry, ...]
    unreadable: tuple[int, ...]


def read(text: str) -> Trail:
    """Read the text of a trail; a line that is no entry is counted, and empty lines are nothing."""
    entries: list[Entry] = []
    unreadable: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                entries.append(_entry(json.loads(line)))
            except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
                unreadable.append(number)
    # Tasks of several runs end in another order than their lines are written.
    return Trail(tuple(sorted(entries, key=lambda entry: entry.moment)), tuple(unreadable))


def tasks(entries: tuple[Entry, ...]) -> list[tuple[Entry, ...]]:
    """Return the entries task by task, in their order: those that one write left."""
    found: list[list[Entry]] = []
    for entry in entries:
        if found and _same_task(found[-1][0], entry):
            found[-1].append(entry)
        else:
            found.append([entry])
    return [tuple(some) for some in found]


def by_account(entries: tuple[Entry, ...]) -> dict[str, list[Entry]]:
    """Return each account's entries in their order, accounts by number where they are numbers."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.account_id is not None:
            found.setdefault(entry.account_id, []).append(entry)
    return dict(sorted(found.items(), key=lambda item: account_order(item[0])))


def account_order(account_id: str) -> tuple[bool, int, str]:
    """Return the key by which accounts are sorted."""
    is_number = account_id.isascii() and account_id.isdigit() and len(account_id) <= 64
    return (not is_number, int(account_id) if is_number else 0, account_id)


def _same_task(one: Entry, other: Entry) -> bool:
    return _context(one) == _context(other)


def _context(entry: Entry) -> tuple[Any, ...]:
    return (entry.moment, entry.user, entry.playbook, entry.play, entry.task, entry.host, entry.reason, entry.check_mode)


def _entry(document: Any) -> Entry:
    """Return the entry that a line tells; raises ValueError, TypeError, KeyError."""
    if not isinstance(document, dict) or "outcome" not in document:
        raise ValueError("no entry")
    account_id = document["account_id"]
    return Entry(
        moment=_moment(document["time"]),
        account_id=None if account_id is None else _text({"account_id": account_id}, "account_id"),
        changed=_truth(document, "changed"),
        failed=_truth(document, "failed"),
        check_mode=_truth(document, "check_mode"),
        **{
            field: _text(document, field)
            for field in (
                "user",
                "playbook",
                "play",
                "task",
                "host",
                "display_name",
                "state",
                "outcome",
                "previous_status",
                "bot_status",
                "http_status",
                "message",
                "reason",
                "msg",
            )
        },
    )


def _moment(text: Any) -> datetime:
    if not isinstance(text, str):
        raise ValueError("a time that is no text")
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    # The page needs the midnight after it.
    if moment.year >= MAXYEAR:
        raise ValueError("the last year that there is")
    return moment.astimezone(timezone.utc)


def _truth(document: Mapping[str, Any], field: str) -> bool:
    """Return a yes or no; an entry that leaves open whether it failed must not be read as a success."""
    if not isinstance(document[field], bool):
        raise ValueError(f"{field} is neither true nor false")
    return document[field]


def _text(document: Mapping[str, Any], field: str) -> str:
    """Return printable text, empty for null: no character that could turn what is beside it around."""
    value = document.get(field)
    return "" if value is None else "".join(c if c.isprintable() else " " for c in str(value))
