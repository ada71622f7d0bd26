# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The digest of a trail -> one HTML page. The same trail gives the same page."""

from __future__ import annotations

import base64
import hashlib
import pathlib
from datetime import datetime
from itertools import groupby
from typing import Any, Iterable, Mapping, Sequence

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ...module_utils._api.documents import COMMANDS
from ...module_utils._errors import NOTHING_SENT
from ...module_utils._switch.records import OK, UNKNOWN, WOULD_SEND
from . import timeline
from .asked import ALL
from .digest import LONGEST_TEXT, Digest
from .events import HOLD
from .places import Place, place_of
from .trail import Entry, account_order

# The template, the style and the script stand beside this file, and travel with the collection.
_FOLDER = pathlib.Path(__file__).parent
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_MOST_ASKED = 10
_OF_HOLDS = {"present": "place a hold", "absent": "lift a hold"}
_POLICY = "default-src 'none'; style-src '{0}'; script-src '{1}'; img-src data:; base-uri 'none'; form-action 'none'"


def render(digest: Digest, is_period: bool = False) -> str:
    """Return the page; whatever needs more than itself is forbidden to it by its own policy.

    :param is_period: whether only entries of a period were read
    """
    style, script = ((_FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    listed = digest.listed.entries()
    days, accounts = _days(listed), _accounts(digest, listed)
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, loader=FileSystemLoader(_FOLDER))
    environment.filters.update(when=_when, clock=_clock, date=_date, cut=_cut, wanted=_wanted, outcome=_outcome, leaf=_leaf, file_name=_file_name)
    choices = _choices(accounts)
    environment.filters.update(
        count=lambda number: f"{number:,}", at=lambda entry: _at(digest, _place(digest, entry)), choice=lambda entry: _choice(digest, choices, entry)
    )
    return environment.get_template("page.html.j2").render(
        policy=_POLICY.format(_hash(style), _hash(script)),
        style=Markup(style),
        script=Markup(script),
        digest=digest,
        figures=digest.figures,
        summary=_summary(digest),
        not_known=[(intent, _asked(intent), _since_intent(digest, intent)) for intent in reversed(digest.not_known)],
        failures=[(entry, _since(digest, entry)) for entry in reversed(digest.failures.entries())],
        anchors=_anchors(listed),
        entry_id=id,
        short_day=lambda day: f"{day.day} {_MONTHS[day.month - 1][:3]}",
        period=is_period,
        listed=listed,
        days=days,
        accounts=accounts,
        account_options=_account_options(accounts, choices, listed),
        day_options=[(first.day, _date(first.moment)) for first, _tasks_of in reversed(days)],
        span=timeline.span(listed) if listed else None,
        timeline=timeline,
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _summary(digest: Digest) -> list[tuple[str, int, str]]:
    """Return name, count and kind of each figure."""
    figures, not_known = digest.figures, len(digest.not_known) + digest.more_open
    return [
        ("Entries", figures.entries, ""),
        ("Accounts", len(digest.accounts), ""),
        ("Changed, or maybe", figures.changed, ""),
        ("Failed", figures.failed, "bad" if figures.failed else ""),
        ("Accounts still failed", digest.still_failed, "bad" if digest.still_failed else ""),
        ("Tasks without result", not_known, "bad" if not_known else ""),
        ("In check mode", figures.checks, ""),
    ]


def _tasks(entries: Iterable[Entry]) -> list[tuple[Entry, ...]]:
    """Return the entries task by task, in their order: those that one write left."""
    return [tuple(some) for _run, some in groupby(entries, key=lambda entry: entry.run)]


def _anchors(listed: Sequence[Entry]) -> dict[int, str]:
    return {id(entry): f"task-{number}" for number, task in enumerate(_tasks(listed), 1) for entry in task}


def _days(listed: Sequence[Entry]) -> list[tuple[Entry, list[tuple[Entry, ...]]]]:
    """Return the first entry of each day, the newest day first, and the day's tasks, the newest first."""
    days = [tuple(some) for _day, some in groupby(listed, key=lambda entry: entry.day)]
    return [(entries[0], _tasks(entries)[::-1]) for entries in reversed(days)]


def _accounts(digest: Digest, listed: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return what is shown of each account that has listed entries."""
    own: dict[Place, list[Entry]] = {}
    for entry in listed:
        if entry.account_id is not None:
            own.setdefault(_place(digest, entry), []).append(entry)
    doubts, found = digest.doubts(), []
    for place in sorted(own, key=lambda one: (account_order(one.account_id), one)):
        entries, known = own[place], digest.accounts.get(place)
        # What check mode says was never done.
        last = (known.last if known else None) or entries[-1]
        name = (known.name if known else "") or entries[-1].display_name
        shown = {"place": place, "id": place.account_id, "name": name, "at": _at(digest, place)}
        found.append(dict(shown, entries=entries, last=last, doubt=doubts.get(place)))
    return found


def _place(digest: Digest, entry: Entry) -> Place:
    return digest.tokens.resolve(place_of(entry))


def _at(digest: Digest, place: Place) -> str:
    """Say which service it is where there are several, and whose token where this is what tells accounts apart."""
    words = [place.api_url or "a service that is not known"] if len(digest.services) > 1 or (digest.services and not place.api_url) else []
    if digest.tokens.are_several(place):
        words.append(f"token of {place.token_account}" if place.token_account else "a token that is not known")
    return ", ".join(words)


def _choices(accounts: Sequence[Mapping[str, Any]]) -> dict[Place, str]:
    """Return by which value the filter chooses each account: its id, and a number where the id is not enough."""
    found: dict[Place, str] = {}
    for _id, same in groupby((one["place"] for one in accounts), key=lambda place: place.account_id):
        found.update((place, f"a{place.account_id}" + (f" {number}" if number else "")) for number, place in enumerate(same))
    return found


def _choice(digest: Digest, choices: Mapping[Place, str], entry: Entry) -> str:
    return "none" if entry.account_id is None else choices.get(_place(digest, entry), "a" + entry.account_id)


def _account_options(accounts: Sequence[Mapping[str, Any]], choices: Mapping[Place, str], listed: Sequence[Entry]) -> list[tuple[str, str]]:
    """Return value and text of each account that the filter can choose."""
    named = [(choices[one["place"]], " ".join(filter(None, (one["id"], one["name"], one["at"] and f"at {one['at']}")))) for one in accounts]
    return named + ([("none", "no account named")] if any(entry.account_id is None for entry in listed) else [])


def _asked(intent: Entry) -> str:
    """Say what a task without result was for."""
    if not intent.asked:
        return f"{_wanted(intent)} for accounts that are not known".lstrip()
    words = []
    for state, accounts in intent.asked:
        named = "all accounts" if ALL in accounts else ", ".join(accounts[:_MOST_ASKED])
        more = f" and {len(accounts) - _MOST_ASKED:,} more" if len(accounts) > _MOST_ASKED else ""
        words.append(f"{COMMANDS[state]} for {named}{more}")
    return "; ".join(words)


def _since_intent(digest: Digest, intent: Entry) -> list[str]:
    """Say what was proven since of the first accounts that a task without result names."""
    named = [account_id for _state, accounts in intent.asked for account_id in accounts if account_id != ALL]
    if not named:
        return ["Check the accounts that the task was for."]
    return [f"{account_id}: {_proven(digest, place_of(intent, account_id), intent.moment)}" for account_id in named[:_MOST_ASKED]]


def _since(digest: Digest, entry: Entry) -> str:
    """Say what was proven of the account after its failure."""
    if entry.account_id is None:
        return NOTHING_SENT if entry.msg.rstrip().endswith(NOTHING_SENT) else "Check the accounts that the task was for."
    return _proven(digest, place_of(entry), entry.moment)


def _proven(digest: Digest, place: Place, moment: datetime) -> str:
    proof = digest.proof_since(place, moment)
    at = f" at {proof.api_url}" if proof and not place.api_url else ""
    return f"Proven {proof.state}{at} at {_when(proof.moment)}." if proof else "Nothing was proven since."


def _leaf(entry: Entry) -> str:
    """Return the classes by which the script selects."""
    kinds = ["leaf", "is-check" if entry.check_mode else "is-real"]
    kinds += ["is-changed"] if entry.changed and not entry.check_mode else []
    return " ".join(kinds + (["is-failed"] if entry.failed else []))


def _wanted(entry: Entry) -> str:
    if entry.event == HOLD:
        return _OF_HOLDS.get(entry.state, entry.state)
    return COMMANDS.get(entry.state, entry.state)


def _outcome(entry: Entry) -> tuple[str, str, str]:
    """Return a sign, its kind and the outcome in words; the sign says the same without colour."""
    if entry.outcome == WOULD_SEND:
        sign, kind, text = "\u25cb", "check", "would be sent"
    elif entry.failed:
        sign, kind, text = "\u2715", "bad", entry.outcome or "failed"
    elif entry.outcome == OK or (entry.event == HOLD and not entry.outcome):
        sign, kind, text = "\u2713", "good", "ok"
    else:
        sign, kind, text = "\u2026", "open", entry.outcome or "not known"
    changed = ""
    if entry.changed and not entry.check_mode:
        changed = ", may have changed" if entry.outcome == UNKNOWN or not (entry.outcome or entry.event == HOLD) else ", changed"
    return sign, kind, _cut(text) + changed


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "\u2026"


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M:%S")


def _when(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1][:3]} {moment.year} {_clock(moment)}"


def _date(moment: datetime) -> str:
    return f"{_WEEKDAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
