# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The API's documents as dataclasses; its words and ids; what else a request can end in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Iterable

ON = "on"
OFF = "off"
RUNNING = "RUNNING"
STOPPED = "STOPPED"
SUCCESS = "success"
# The commands of the vendor's two pages, and the status that each state asks for.
COMMANDS = {ON: "ON", OFF: "OFF"}
BULK_COMMANDS = {ON: "all_on", OFF: "all_off"}
STATUSES = {ON: RUNNING, OFF: STOPPED}

_ID = re.compile("[A-Za-z0-9_-]{1,64}", re.ASCII)
# What YAML and JSON make of an empty or a boolean value, and the word for every account.
_NO_IDS = frozenset(("true", "false", "null", "none", "all"))
_LONGEST_TEXT = 200


@dataclass(frozen=True)
class ControlAnswer:
    """A valid 200 document of `POST /bookieaccount/control/{id}/`."""

    account_id: str
    status: str
    bot_status: str | None = None
    previous_status: str | None = None
    no_sessions: bool = True
    display_name: str | None = None
    message: str | None = None
    timestamp: str | None = None
    session_info: dict[str, Any] | None = None


@dataclass(frozen=True)
class BulkRow:
    """What the bulk command's answer says of one account."""

    account_id: str
    status: str
    display_name: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class BulkAnswer:
    """A valid 200 document of `POST /bookieaccount/control/`; `affected_accounts` is a count."""

    status: str
    message: str | None = None
    affected_accounts: int | None = None
    rows: tuple[BulkRow, ...] = ()


@dataclass(frozen=True)
class ListedAccount:
    """One row of `GET /bookieaccount/`; None where the row says nothing usable."""

    account_id: str
    bot_running: bool | None = None
    no_sessions: bool = True
    running_sessions: int | None = None
    bookie: str | None = None
    display_name: str | None = None
    bot_id: str | None = None
    bot_ip: str | None = None
    balance: float | None = None
    bonus_balance: float | None = None
    update_time: str | None = None


@dataclass(frozen=True)
class AccountList:
    """A valid 200 document of `GET /bookieaccount/`, in the order of the service."""

    rows: tuple[ListedAccount, ...] = ()


@dataclass(frozen=True)
class TokenAnswer:
    """A valid 200 document of `POST /account/login/` or `POST /account/refresh_token/`: a token that can be sent as it is."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class Refusal:
    """A complete answer that applied nothing: 3xx or 4xx. `retry_after` in seconds, None if not named."""

    http_status: int
    message: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True)
class NotSent:
    """The request surely never left this machine."""

    reason: str


@dataclass(frozen=True)
class Maybe:
    """The request left, and no valid answer says what it did."""

    reason: str
    http_status: int | None = None
    message: str | None = None
    retry_after: float | None = None


def is_account_id(text: str) -> bool:
    """Tell whether text can stand in the path of the single command and nowhere else (safety.md, 3)."""
    return bool(_ID.fullmatch(text)) and any(c.isalnum() for c in text) and text.lower() not in _NO_IDS


def plain_id(account_id: str) -> str:
    """Return the id without zeros before a number: the service may read 0123 as 123, so that both are one account."""
    return (account_id.lstrip("0") or "0") if account_id.isdigit() else account_id


def two_spellings(account_ids: Iterable[str]) -> tuple[str, str] | None:
    """Return the first two texts among ids that may be one account for the service; None when there are none."""
    first: dict[str, str] = {}
    for account_id in account_ids:
        known = first.setdefault(plain_id(account_id), account_id)
        if known != account_id:
            return known, account_id
    return None


def clean(text: Any) -> str | None:
    """Return the service's text as printable whole words, 200 characters at most; None if that leaves nothing."""
    if not isinstance(text, str):
        return None
    head = text[: 4 * _LONGEST_TEXT]
    words = "".join(c if c.isprintable() else " " for c in head).split()
    # A word that is cut could be a piece of the token, which nothing would mask.
    if len(head) < len(text):
        words = words[:-1]
    while len(" ".join(words)) > _LONGEST_TEXT:
        words = words[:-1]
    return " ".join(words) or None
