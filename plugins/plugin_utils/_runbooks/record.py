# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The text of an audit trail -> the state that was last asked for, account by account. Knows no file and no Ansible.

Whatever came of it, what somebody asked for counts: an OFF that failed is still wanted off.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any, Iterable, Mapping

from ...module_utils._api.documents import OFF, ON, clean, is_account_id
from ...module_utils._errors import NOTHING_SENT, InputError
from ...module_utils._switch.records import OUTCOMES, REJECTED

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))", re.ASCII)
_MOST_LINES = 20


@dataclass(frozen=True)
class Wish:
    """What one entry asked for: `account_id` is None where it names no account."""

    moment: datetime
    line: int
    account_id: str | None
    state: str | None
    time: str = ""
    display_name: str | None = None
    user: str | None = None
    task: str | None = None
    outcome: str | None = None
    kept_back: bool = False
    refused: bool = False


@dataclass(frozen=True)
class Recorded:
    """The last wish of each account, OFF before ON, and what has to be said of the rest of the trail."""

    wishes: tuple[Wish, ...]
    notes: tuple[str, ...]


def read(text: str, until: str | None = None) -> Recorded:
    """Return the states last asked for; raises InputError where the trail holds none, or an entry of a shape that is not known.

    :param until: RFC 3339; entries of a later time do not count
    """
    limit = None if until is None else _limit(until)
    wishes: list[Wish] = []
    unreadable: list[int] = []
    checks = later = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
        except (ValueError, RecursionError):
            unreadable.append(number)
            continue
        wish, is_check = _wish(number, document)
        if limit is not None and wish.moment > limit:
            later += 1
        elif is_check:
            checks += 1
        else:
            wishes.append(wish)
    # Runs that go on side by side write in another order than their tasks end. The sort keeps the order of equal times.
    wishes.sort(key=lambda wish: wish.moment)
    last = _last(wishes)
    notes = _notes(unreadable, checks, later, wishes)
    if not last:
        raise InputError(f"the audit trail holds no state that anybody asked for{''.join('; ' + note for note in notes)}")
    return Recorded(tuple(sorted(last.values(), key=_order)), tuple(notes))


def line(wish: Wish) -> str:
    """Return `123 TAB Main Account: on, asked for at ... by alice in the task ..., outcome ok`."""
    words = f"{' '.join(filter(None, (wish.account_id, wish.display_name)))}: {wish.state}, asked for at {wish.time}"
    words += f" by {wish.user}" if wish.user else ""
    words += f" in the task {wish.task}" if wish.task else ""
    return words + (f", outcome {wish.outcome}" if wish.outcome else "")


def _last(wishes: Iterable[Wish]) -> dict[str, Wish]:
    """Return the last wish of each account; wishes come by time."""
    last: dict[str, Wish] = {}
    for wish in wishes:
        if _counts_for_all(wish):
            last.update({account_id: replace(wish, account_id=account_id, display_name=known.display_name) for account_id, known in last.items()})
        elif wish.account_id is not None and not wish.kept_back:
            last[wish.account_id] = wish
    return last


def _counts_for_all(wish: Wish) -> bool:
    # An OFF that names no account may be an all_off. An ON that names none reaches nobody: nobody named the accounts.
    return wish.account_id is None and wish.state == OFF and not wish.refused


def _notes(unreadable: list[int], checks: int, later: int, wishes: Iterable[Wish]) -> list[str]:
    wishes = list(wishes)
    nameless = [wish for wish in wishes if wish.account_id is None and not wish.refused]
    groups = (
        (unreadable, "could not be read: what they asked for is NOT in this record"),
        ([wish.line for wish in wishes if _counts_for_all(wish)], "ask for OFF and name no account: taken as OFF for every account before them"),
        ([wish.line for wish in nameless if wish.state == ON], "ask for ON and name no account: they count for none"),
        ([wish.line for wish in nameless if wish.state is None], "tell neither account nor state: they count for none"),
        ([wish.line for wish in wishes if wish.kept_back], "were kept back, as the account had another name: they count for none"),
        ([wish.line for wish in wishes if wish.refused], "were refused before anything was sent: they count for none"),
    )
    notes = [f"lines that {words}: {_numbers(lines)}" for lines, words in groups if lines]
    notes += [f"lines of check mode: {checks}"] if checks else []
    return notes + ([f"lines later than bookie_recovery_until: {later}"] if later else [])


def _numbers(lines: list[int]) -> str:
    more = f" and {len(lines) - _MOST_LINES} more" if len(lines) > _MOST_LINES else ""
    return ", ".join(str(number) for number in lines[:_MOST_LINES]) + more


def _order(wish: Wish) -> tuple[bool, bool, int, str]:
    account_id = wish.account_id or ""
    return wish.state == ON, not account_id.isdigit(), int(account_id) if account_id.isdigit() else 0, account_id


def _wish(number: int, document: Any) -> tuple[Wish, bool]:
    """Return what an entry asked for, and whether it is of check mode; raises InputError."""
    why = _why_no_entry(document)
    moment = None if why else _moment(document["time"])
    if moment is None:
        raise InputError(
            "line {0} is no entry of an audit trail that this version knows: {1}. It is not guessed what it asked for. "
            "Look at the line, take it out of a copy of the trail, and use that".format(number, why)
        )
    account_id, outcome = document["account_id"], document["outcome"]
    return Wish(
        moment=moment,
        line=number,
        account_id=account_id,
        state=document["state"],
        time=document["time"],
        display_name=clean(document.get("display_name")),
        user=clean(document.get("user")),
        task=clean(document.get("task")),
        outcome=outcome,
        # Nothing else is rejected without an answer of the service.
        kept_back=outcome == REJECTED and document["http_status"] is None,
        refused=account_id is None and str(document.get("msg")).rstrip().endswith(NOTHING_SENT),
    ), document["check_mode"]


def _why_no_entry(document: Any) -> str:
    """Say what is wrong with the shape of an entry, empty when nothing is."""
    if not isinstance(document, Mapping):
        return "it is no object"
    missing = [key for key in ("time", "account_id", "state", "outcome", "http_status", "check_mode") if key not in document]
    if missing:
        return f"it has no {', '.join(missing)}"
    time, account_id, state, outcome = (document[key] for key in ("time", "account_id", "state", "outcome"))
    if not isinstance(time, str) or _moment(time) is None:
        return f"time is {time!a}"
    if not isinstance(document["check_mode"], bool):
        return f"check_mode is {document['check_mode']!a}"
    if account_id is not None and not (isinstance(account_id, str) and is_account_id(account_id)):
        return f"account_id is {account_id!a}"
    if state not in ((ON, OFF) if account_id is not None else (ON, OFF, None)):
        return f"state is {state!a}"
    if outcome not in (OUTCOMES if account_id is not None else (*OUTCOMES, None)):
        return f"outcome is {outcome!a}"
    return ""


def _limit(until: str) -> datetime:
    moment = _moment(until)
    if moment is None:
        raise InputError(f"bookie_recovery_until is {until!a}: give a time with its offset, in quotes, such as '2026-11-21T03:30:00Z'")
    return moment


def _moment(text: str) -> datetime | None:
    """Return the moment of an RFC 3339 time, None when it is none."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    day, time, fraction, _zulu, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        moment = datetime.strptime(day + " " + time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc)
        return moment + timedelta(microseconds=int((fraction or "").ljust(6, "0")[:6])) - (-offset if sign == "-" else offset)
    except (ValueError, OverflowError):
        return None
