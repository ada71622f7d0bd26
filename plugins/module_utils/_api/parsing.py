# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bytes -> the API's documents, strictly: what is not as its pages describe it is refused."""

from __future__ import annotations

import json
import math
from typing import Any

from .documents import (
    AccountList,
    BulkAnswer,
    BulkRow,
    ControlAnswer,
    ListedAccount,
    TokenAnswer,
    clean,
    is_account_id,
)
from .token import is_sendable


class Malformed(ValueError):
    """The document is not what the API's pages describe."""


def parse_control(body: bytes) -> ControlAnswer:
    """Parse the answer to the single command; raises Malformed."""
    document = _object(_json(body))
    session_info = document.get("session_info")
    return ControlAnswer(
        account_id=_account_id(document.get("account_id")),
        status=_needed_word(document, "status"),
        bot_status=_word(document, "bot_status"),
        previous_status=_word(document, "previous_status"),
        no_sessions=_no_active_sessions(session_info),
        display_name=clean(document.get("display_name")),
        message=clean(document.get("message")),
        timestamp=clean(document.get("timestamp")),
        session_info=_session_info(session_info),
    )


def parse_bulk(body: bytes) -> BulkAnswer:
    """Parse the answer to the bulk command; raises Malformed."""
    document = _object(_json(body))
    rows = tuple(_bulk_row(row) for row in _array(document.get("results", [])))
    if len({row.account_id for row in rows}) != len(rows):
        raise Malformed("one account twice in results")
    return BulkAnswer(
        status=_needed_word(document, "status"),
        message=clean(document.get("message")),
        affected_accounts=_counted(document.get("affected_accounts")),
        rows=rows,
    )


def parse_list(body: bytes) -> AccountList:
    """Parse the list of accounts; raises Malformed. One bad row makes the whole list unusable as proof."""
    return AccountList(tuple(_listed(row) for row in _array(_json(body))))


def parse_token(body: bytes) -> TokenAnswer:
    """Parse the answer to a login or a refresh; raises Malformed, also for a token that no header can hold."""
    token = _object(_json(body)).get("token")
    if not isinstance(token, str) or not is_sendable(token):
        raise Malformed("no usable token")
    return TokenAnswer(token)


def parse_words(body: bytes) -> str | None:
    """Return what an error's body says in `detail` or `message`; None when it is no such JSON."""
    try:
        document = _object(_json(body))
    except Malformed:
        return None
    return clean(document.get("detail")) or clean(document.get("message"))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("no strict JSON") from error


def _unique(pairs: Any) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise Malformed("a key twice")
    return document


def _no_constant(name: str) -> None:
    raise Malformed(f"{name} is not valid JSON")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("no object")
    return value


def _array(value: Any) -> Any:
    if not isinstance(value, list):
        raise Malformed("no array")
    return value


def _account_id(value: Any) -> str:
    # The pages show a string and an integer; a boolean is an int in Python.
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not is_account_id(text):
        raise Malformed("no usable account id")
    return text


def _word(document: dict[str, Any], key: str) -> str | None:
    """Return a word that decides something, so that anything but a text is an error."""
    return None if document.get(key) is None else _needed_word(document, key)


def _needed_word(document: dict[str, Any], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or clean(value) != value:
        raise Malformed(f"{key} is not a valid word")
    return value


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _count(value: Any) -> int | None:
    return value if _is_count(value) else None


def _counted(value: Any) -> int | None:
    """Return a count that decides something, so that anything but a count is an error."""
    if value is not None and not _is_count(value):
        raise Malformed("affected_accounts is not a count")
    return value


def _number(value: Any) -> float | None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:
        return None


def _no_active_sessions(session_info: Any) -> bool:
    """Absent or null counts as none; a value that is no integer proves nothing."""
    if session_info is None:
        return True
    if not isinstance(session_info, dict):
        return False
    active = session_info.get("active_sessions")
    return active is None or (_is_count(active) and active == 0)


def _session_info(value: Any) -> dict[str, Any] | None:
    # Rebuilt under our own keys: no key of the service reaches the result.
    if not isinstance(value, dict):
        return None
    return {
        "active_sessions": _count(value.get("active_sessions")),
        "session_start_time": clean(value.get("session_start_time")),
    }


def _bulk_row(value: Any) -> BulkRow:
    row = _object(value)
    return BulkRow(
        account_id=_account_id(row.get("account_id")),
        status=_needed_word(row, "status"),
        display_name=clean(row.get("display_name")),
        message=clean(row.get("message")),
    )


def _listed(value: Any) -> ListedAccount:
    row = _object(value)
    running = row.get("bot_running")
    sessions = row.get("running_sessions", 0)
    return ListedAccount(
        account_id=_account_id(row.get("id")),
        bot_running=running if isinstance(running, bool) else None,
        no_sessions=_is_count(sessions) and sessions == 0,
        running_sessions=_count(row.get("running_sessions")),
        bookie=clean(row.get("bookie")),
        display_name=clean(row.get("display_name")),
        bot_id=clean(row.get("bot_id")),
        bot_ip=clean(row.get("bot_ip")),
        balance=_number(row.get("balance")),
        bonus_balance=_number(row.get("bonus_balance")),
        update_time=clean(row.get("update_time")),
    )
