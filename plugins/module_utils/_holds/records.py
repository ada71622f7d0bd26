# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a hold is: the document in its file, read strictly and written once. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from .._api.documents import is_account_id
from .._errors import InputError

VERSION = 1
# In place of a list of ids: every account of the service.
ALL = "all"
_ID = re.compile("[0-9]{8}T[0-9]{6}-[a-z]{4}", re.ASCII)
_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_OWN_TIME = "%Y-%m-%dT%H:%M:%SZ"
_LONGEST_TEXT = 200


class Malformed(ValueError):
    """The file is not a hold; the text says why, as the end of a sentence that begins with the file."""


@dataclass(frozen=True)
class Hold:
    """One hold. `scope` is None for all accounts; `until` is None for one without an end; `ran` is what ran before, None where nobody asked."""

    id: str
    name: str
    placed_at: str
    placed_by: str
    host: str
    api_url: str
    scope: tuple[str, ...] | None = None
    reason: str | None = None
    until: str | None = None
    ran: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Broken:
    """What cannot be read, and therefore keeps every ON back. `id` is what it can be lifted by, None for the folder itself."""

    id: str | None
    path: str
    why: str


@dataclass(frozen=True)
class Standing:
    """All that stands in a folder, oldest first."""

    holds: tuple[Hold, ...] = ()
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True)
class Placed:
    """The result of placing a hold: the one that stands, and whether it stood before; or why none stands, or why that is not `known`."""

    hold: Hold | None = None
    found: bool = False
    why: str | None = None
    known: bool = True


def new_id(now: datetime, letters: str) -> str:
    """Return an id: the time in UTC, and four letters so that two placed in one second differ."""
    return f"{now.astimezone(timezone.utc):%Y%m%dT%H%M%S}-{letters}"


def is_id(text: str) -> bool:
    """Tell whether this can be the id of a hold."""
    return _ID.fullmatch(text) is not None


def as_text(hold: Hold) -> str:
    """Return the content of the hold's file."""
    return json.dumps(as_dict(hold), indent=2) + "\n"


def as_dict(hold: Hold) -> dict[str, Any]:
    """Return the document, as the file has it and as users see it."""
    return {
        "version": VERSION,
        "id": hold.id,
        "name": hold.name,
        "placed_at": hold.placed_at,
        "placed_by": hold.placed_by,
        "host": hold.host,
        "reason": hold.reason,
        "scope": ALL if hold.scope is None else list(hold.scope),
        "api_url": hold.api_url,
        "until": hold.until,
        "ran": None if hold.ran is None else list(hold.ran),
    }


_KEYS = frozenset(as_dict(Hold("", "", "", "", "", "")))


def parse(content: bytes, hold_id: str) -> Hold:
    """Return the hold that a file named `<hold_id>.json` keeps; raises Malformed."""
    if not content.strip():
        raise Malformed("is empty")
    try:
        document = json.loads(content.decode("utf-8"), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        raise Malformed("is torn, or is not a hold of this collection") from None
    if not isinstance(document, dict) or "version" not in document:
        raise Malformed("is not a hold of this collection")
    if document["version"] is True or document["version"] != VERSION:
        raise Malformed(f"has a version that this collection does not know (it knows {VERSION})")
    if set(document) != _KEYS:
        raise Malformed(f"has other fields than a hold: {', '.join(sorted(set(document) ^ _KEYS))}")
    if document["id"] != hold_id or not is_id(hold_id):
        raise Malformed("has another name than its id")
    return _hold(document)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key is repeated")
    return document


def _hold(document: dict[str, Any]) -> Hold:
    texts = {key: document[key] for key in ("id", "name", "placed_at", "placed_by", "host", "api_url")}
    options = {key: document[key] for key in ("reason", "until")}
    texts_given = list(texts.values()) + [value for value in options.values() if value is not None]
    if not all(isinstance(value, str) for value in texts_given):
        raise Malformed("has a field that is not a text")
    if not is_name(texts["name"]) or not texts["api_url"]:
        raise Malformed("has no usable name or api_url")
    try:
        urlsplit(texts["api_url"])
    except ValueError:
        raise Malformed("has an api_url that cannot be read") from None
    try:
        placed = moment(texts["placed_at"])
        ends = None if options["until"] is None else moment(options["until"])
    except ValueError:
        raise Malformed("has a time that cannot be read") from None
    if ends is not None and ends <= placed:
        raise Malformed("ends before it was placed")
    scope = None if document["scope"] == ALL else _ids(document["scope"], "scope")
    if scope == ():
        raise Malformed("has an empty scope")
    ran = None if document["ran"] is None else _ids(document["ran"], "ran")
    shown = {key: clean(texts[key]) for key in ("placed_by", "host")}
    return Hold(**{**texts, **shown}, scope=scope, ran=ran, until=options["until"], reason=None if options["reason"] is None else clean(options["reason"]))


def _ids(value: Any, field: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and is_account_id(one) for one in value):
        raise Malformed(f"has a {field} that is not a list of account ids")
    return tuple(value)


def is_name(text: str) -> bool:
    """Tell whether a hold may have this name."""
    return _NAME.fullmatch(text) is not None


def read_name(text: str, option: str) -> str:
    """Return the name of a hold; raises InputError, which names the option."""
    if not is_name(text):
        raise InputError(f"{option} {text!r} is not a valid name of a hold: give 1 to 64 letters, digits, '_', '.' or '-', such as emergency_stop")
    return text


def read_until(text: str, now: datetime) -> str:
    """Return the end of a planned freeze in UTC; raises InputError for what is not a time to come."""
    try:
        ends = moment(text.strip())
    except ValueError:
        raise InputError(
            f"hold_until {text!r} is not a valid time: give date, time and zone, such as 2026-11-21T18:00:00Z or 2026-11-21T18:00:00+11:00"
        ) from None
    if ends <= now:
        raise InputError(f"hold_until {text!r} is past: give a time to come, or leave it out, so that the hold stands until somebody lifts it")
    return own_time(ends)


def moment(text: str) -> datetime:
    """Return a time with its zone; raises ValueError."""
    parts = _TIME.fullmatch(text)
    if not parts:
        raise ValueError("no time")
    day, clock, _fraction, zone = parts.groups()
    bare = datetime.strptime(f"{day}T{clock}", "%Y-%m-%dT%H:%M:%S")
    if zone in "Zz":
        return bare.replace(tzinfo=timezone.utc)
    away = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
    return bare.replace(tzinfo=timezone(-away if zone[0] == "-" else away))


def own_time(when: datetime) -> str:
    """Return a time as a hold keeps it: UTC, to the second."""
    return when.astimezone(timezone.utc).strftime(_OWN_TIME)


def clean(text: str) -> str:
    """Return one line of printable characters, 200 at most: it is shown in messages."""
    line = "".join(one if one.isprintable() else " " for one in text)
    return line.strip()[:_LONGEST_TEXT]
