# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A line of the audit trail -> what it tells. The one parser of the trail; knows no file and no HTML."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Mapping, NamedTuple

from ...module_utils._api.documents import OFF, ON
from ...module_utils._switch.records import OK
from . import moments
from .asked import ALL
from .events import BARE, CLOSING

# What a line may raise that is not an entry.
ERRORS = (ValueError, TypeError, KeyError, OverflowError, RecursionError)
_TEXTS = (
    "event", "task_id", "user", "platform", "platform_user", "platform_job", "api_url", "token_account", "playbook", "play", "task", "host",
    "display_name", "state", "outcome", "previous_status", "bot_status", "http_status", "message", "reason", "hold", "override_hold", "msg",
)


class Entry(NamedTuple):
    """One line that could be read; texts are printable, and empty where the line has none. `asked`: what an intent asks for."""

    moment: datetime
    event: str
    task_id: str
    user: str
    platform: str
    platform_user: str
    platform_job: str
    api_url: str
    token_account: str
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
    hold: str
    override_hold: str
    check_mode: bool
    msg: str
    asked: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def day(self) -> str:
        """The day in UTC, such as 2026-11-21."""
        return self.moment.date().isoformat()

    @property
    def proves(self) -> bool:
        """Whether the wanted state was proven; check mode sends nothing and proves nothing."""
        return self.outcome == OK and not self.check_mode and not self.failed

    @property
    def is_bare(self) -> bool:
        """Whether it tells nothing of an account: an intent, a skipped task, the end of a loop."""
        return self.event in BARE

    @property
    def closes(self) -> bool:
        """Whether it settles the intent of its task."""
        return self.event in CLOSING

    @property
    def run(self) -> tuple[Any, ...]:
        """What the lines of one write have in common."""
        return (self.moment, self.task_id, self.event, self.user, self.playbook, self.play, self.task, self.host, self.reason, self.check_mode)


def read(line: bytes | str) -> Entry:
    """Return the entry of a line; raises one of ERRORS where it is none."""
    # As text: of bytes json.loads guesses the encoding.
    document = json.loads(line.decode("utf-8") if isinstance(line, bytes) else line)
    if not isinstance(document, dict) or "outcome" not in document:
        raise ValueError("not an entry")
    account_id, time = document["account_id"], document["time"]
    if not isinstance(time, str):
        raise ValueError("a time that is not text")
    texts = {name: _text(document.get(name)) for name in _TEXTS}
    if not texts["event"]:
        raise ValueError("an entry that does not say what it is")
    bare = texts["event"] in BARE
    return Entry(
        moment=moments.read(time),
        account_id=None if account_id is None else _text(account_id),
        changed=not bare and _truth(document, "changed"),
        failed=not bare and _truth(document, "failed"),
        check_mode=_truth(document, "check_mode"),
        asked=_asked(document.get("asked")),
        **texts,
    )


def account_order(account_id: str) -> tuple[bool, int, str]:
    """Return the key by which accounts are sorted: by number where they are numbers."""
    is_number = account_id.isascii() and account_id.isdigit() and len(account_id) <= 64
    return (not is_number, int(account_id) if is_number else 0, account_id)


def _truth(document: Mapping[str, Any], name: str) -> bool:
    """Return a yes or no; an entry that leaves open whether it failed must not be read as a success."""
    if not isinstance(document[name], bool):
        raise ValueError(f"{name} is neither true nor false")
    return document[name]


def _text(value: Any) -> str:
    """Return printable text, empty for null: no character that could turn what is beside it around."""
    if value is None:
        return ""
    text = str(value)
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def _asked(asked: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the accounts that an intent asks for by state, ALL for all of them; nothing for what is not clear."""
    if not isinstance(asked, dict):
        return ()
    known = [(state, (ALL,) if asked[state] == ALL else asked[state]) for state in (OFF, ON) if state in asked]
    return tuple((state, tuple(_text(one) for one in accounts)) for state, accounts in known if isinstance(accounts, (list, tuple)))
