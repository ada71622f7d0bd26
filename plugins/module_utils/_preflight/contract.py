# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How the list's answer differs from what is known of it: names of fields and types, never a value. Pure.

What is known is from a public client of the API, as the list is not on the vendor's pages of the control API.
"""

from __future__ import annotations

import json
import re
from typing import Any, Iterable, Mapping

from .findings import OK, WARNING, Finding

WHAT = "How the answer to GET /bookieaccount/ differs from what bookieops.betmatic knows of it: names of fields and types, no values."
# Field -> the types that it may have. A time is a text in RFC 3339.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("integer",),
    "bookie": ("text",),
    "display_name": ("text",),
    "balance": ("integer", "number"),
    "bonus_balance": ("integer", "number"),
    "update_time": ("time",),
    "bot_ip": ("text",),
    "bot_id": ("text",),
    "bot_running": ("boolean",),
    "running_sessions": ("integer",),
}
# What a proof is made of. Sessions that are not there are none; all else must be there, and of its type.
_DECIDING = ("id", "bot_running", "running_sessions")
_NEEDED = ("id", "bot_running")
# Headers whose presence tells something that the vendor's pages leave open.
_HEADERS = (
    "Date", "ETag", "Link", "RateLimit", "RateLimit-Limit", "RateLimit-Policy", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After",
    "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Request-Id", "X-Total-Count",
)
# A name of a field is shown where it is made of these alone; a document can have ids or people's names for keys.
_WORDS = frozenset("""
    account accounts active address amount at available balance bet betmatic betting bets bonus bookie bookies bookmaker bot bots cash code config connected
    count country created currency daily data date day days deposit device disabled display email enabled end ended ends error errors expires failed first
    flag group hold host id ids info ip is key label last limit limits link locked login market maximum message min minimum mobile mode name nickname note notes
    number online open order owner password paused pending percent phone platform plan pool port previous profile profit proxy rate reason region restricted
    results role rule rules running server session sessions setting settings site size sort sport stake stakes start started state status stopped strategy
    suspended tag tags task tenant time timestamp timezone token total turnover type updated update uptime url user username uuid value verified version
    wallet warning website
""".split())
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_MEDIA_TYPE = re.compile("[a-z]+/[a-z.+-]+", re.ASCII)


def compared(status: int | None, headers: Mapping[str, str], body: bytes | None) -> dict[str, Any]:
    """Return how an answer differs, ready to be shown to anybody; `body` is None where there is none that could be read."""
    document, is_json = _document(body)
    rows = document if isinstance(document, list) else []
    objects = [row for row in rows if isinstance(row, dict)]
    secret = set(_values(document))
    found = {name for row in objects for name in row}
    shown = {name for name in found if _WORDS.issuperset(name.split("_")) and name not in secret}
    media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return {
        "what": WHAT,
        "http_status": status,
        "content_type": media_type if _MEDIA_TYPE.fullmatch(media_type) else None,
        "headers": [name for name in _HEADERS if name in headers],
        "document": _type(document) if is_json else ("not JSON" if body else "none"),
        "has_rows": bool(rows),
        "rows_that_are_not_objects": len(objects) != len(rows),
        "missing": _missing(objects),
        "added": [{"field": name, "types": _types(row[name] for row in objects if name in row)} for name in sorted(shown - set(FIELDS))],
        "other_types": _other_types(objects),
        "names_not_shown": len(found - shown - set(FIELDS)),
    }


def finding(differences: Mapping[str, Any]) -> Finding:
    """Say what the differences mean."""
    if differences["document"] != "array" or differences["rows_that_are_not_objects"]:
        return Finding(WARNING, "contract", "the list was not compared with what is known of it: it did not come, or is not an array of accounts.")
    entries = differences["missing"] + differences["other_types"]
    wrong = {one["field"] for one in differences["other_types"] if one["field"] in _DECIDING}
    deciding = sorted(wrong | {one["field"] for one in differences["missing"] if one["field"] in _NEEDED})
    if deciding:
        return Finding(
            WARNING, "contract", f"the list differs in what proves a bot off ({', '.join(deciding)}): write bookie_contract_file, and attach it"
            " to an issue.",
        )
    count = len(entries) + len(differences["added"]) + differences["names_not_shown"]
    if count:
        return Finding(OK, "contract", f"the list differs in {count} field{'' if count == 1 else 's'}, none of which decides anything.")
    return Finding(OK, "contract", "the list matches what is known of it.")


def _document(body: bytes | None) -> tuple[Any, bool]:
    try:
        return json.loads((body or b"").decode("utf-8")), True
    except (ValueError, RecursionError):
        return None, False


def _missing(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    counts = {name: sum(name not in row for row in rows) for name in FIELDS}
    return [{"field": name, "rows": "all" if count == len(rows) else "some"} for name, count in counts.items() if count]


def _other_types(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    of_fields = {name: _types(row[name] for row in rows if name in row) for name in FIELDS}
    return [
        {"field": name, "known": list(FIELDS[name]), "found": types} for name, types in of_fields.items() if not all(_is_known(name, one) for one in types)
    ]


def _is_known(name: str, found: str) -> bool:
    return found in FIELDS[name] or (found == "time" and "text" in FIELDS[name])


def _types(values: Iterable[Any]) -> list[str]:
    return sorted({_type(value) for value in values})


def _type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "time" if _TIME.fullmatch(value) else "text"
    names = {int: "integer", float: "number", list: "array", dict: "object"}
    return names[type(value)]


def _values(document: Any) -> Iterable[str]:
    """Give each text in the document that is a value, in small letters: what is a value somewhere is not shown as a name."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value.lower()
        elif isinstance(value, (list, dict)):
            waiting += value.values() if isinstance(value, dict) else value
