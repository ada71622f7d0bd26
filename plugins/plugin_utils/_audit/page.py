# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A trail -> one HTML page: what was switched, what failed, and a timeline for each account. The same trail gives the same page."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Sequence

from ...module_utils._api.documents import COMMANDS
from ...module_utils._switch.records import NOT_ATTEMPTED, OK, UNKNOWN
from . import timeline
from . import trail as _trail
from .html import Html, join, tag
from .trail import Entry, Trail

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MOST_NUMBERS = 20
_NO_ACCOUNT = "no account named"


def render(trail: Trail, style: str, script: str) -> str:
    """Return the page; whatever needs more than itself is forbidden to it by its own policy."""
    policy = "default-src 'none'; style-src '{0}'; script-src '{1}'; img-src data:; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy.format(_hash(style), _hash(script))),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", "Audit trail of the bots"),
        # Without an icon of its own a browser asks the server for one.
        tag("link", rel="icon", href="data:,"),
        tag("style", Html(style)),
    )
    document = tag("html", head, tag("body", _body(trail), tag("script", Html(script))), lang="en")
    return "<!DOCTYPE html>\n" + document.encode("utf-8", "replace").decode("utf-8") + "\n"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _body(trail: Trail) -> Sequence[Html | None]:
    if not trail.entries:
        return (_header(trail), tag("main", _unreadable(trail), tag("p", "There are no entries in the trail.", class_="empty")))
    accounts = _trail.by_account(trail.entries)
    anchors = {id(entry): f"task-{number}" for number, task in enumerate(_trail.tasks(trail.entries), 1) for entry in task}
    return (
        _header(trail),
        tag(
            "main",
            _unreadable(trail),
            _summary(trail, accounts),
            _filter(trail, accounts),
            _failures(trail, accounts, anchors),
            _journal(trail, anchors),
            _accounts(trail, accounts, anchors),
        ),
    )


def _header(trail: Trail) -> Html:
    said = None
    if trail.entries:
        first, last = trail.entries[0], trail.entries[-1]
        said = tag("p", f"From {_when(first)} to {_when(last)}. All times are UTC.")
    note = "Each entry says what a task had proven when it ended. Bots also start and stop by themselves: no entry says what runs now."
    return tag("header", tag("h1", "Audit trail of the bots"), said, tag("p", note, class_="note"))


def _unreadable(trail: Trail) -> Html | None:
    count = len(trail.unreadable)
    if not count:
        return None
    numbers = ", ".join(str(number) for number in trail.unreadable[:_MOST_NUMBERS]) + (", ..." if count > _MOST_NUMBERS else "")
    what = "1 line of the trail cannot be read and is not shown" if count == 1 else f"{count} lines of the trail cannot be read and are not shown"
    return tag("p", f"{what}: line {numbers}. Look at the file itself.", class_="warning", role="alert")


def _summary(trail: Trail, accounts: dict[str, list[Entry]]) -> Html:
    real = [entry for entry in trail.entries if not entry.check_mode]
    failed = [entry for entry in real if entry.failed]
    still = [account for account, entries in accounts.items() if _is_open(entries)]
    figures = (
        ("Entries", len(trail.entries), ""),
        ("Accounts", len(accounts), ""),
        ("Changed, or maybe", sum(entry.changed for entry in real), ""),
        ("Failed", len(failed), "bad" if failed else ""),
        ("Accounts still failed", len(still), "bad" if still else ""),
        ("In check mode", len(trail.entries) - len(real), ""),
    )
    return tag("dl", [tag("div", tag("dt", name), tag("dd", str(count)), class_=kind or None) for name, count, kind in figures], class_="figures")


def _is_open(entries: Sequence[Entry]) -> bool:
    """Tell whether the account's last command failed."""
    real = [entry for entry in entries if not entry.check_mode]
    return bool(real) and real[-1].failed


def _filter(trail: Trail, accounts: dict[str, list[Entry]]) -> Html:
    """Return the form; the script shows it, as nothing would happen without."""
    named = [("a" + account, " ".join((account, entries[-1].display_name))) for account, entries in accounts.items()]
    if any(entry.account_id is None for entry in trail.entries):
        named.append(("none", _NO_ACCOUNT))
    days = [(entries[0].day, _date(entries[0])) for entries in _by_day(trail.entries)]
    kinds = [("is-changed", "what changed"), ("is-failed", "what failed"), ("is-real", "all but check mode"), ("is-check", "check mode")]
    return tag(
        "form",
        _choice("account", "Account", "all accounts", named),
        _choice("day", "Day", "all days", days),
        _choice("kind", "Show", "everything", kinds),
        tag("button", "Show all", type="reset"),
        tag("output", id="shown", aria_live="polite"),
        id="filter",
        hidden=True,
    )


def _choice(name: str, label: str, everything: str, options: Sequence[tuple[str, str]]) -> Html:
    choices = [tag("option", everything, value="")] + [tag("option", text, value=value) for value, text in options]
    return tag("label", label, tag("select", choices, name=name))


def _failures(trail: Trail, accounts: dict[str, list[Entry]], anchors: dict[int, str]) -> Html:
    failed = [entry for entry in reversed(trail.entries) if entry.failed and not entry.check_mode]
    if not failed:
        return tag("section", tag("h2", "What failed"), tag("p", "Nothing failed."), id="failed")
    return tag("section", tag("h2", "What failed"), tag("ul", [_failure(entry, accounts, anchors) for entry in failed]), id="failed", class_="holder")


def _failure(entry: Entry, accounts: dict[str, list[Entry]], anchors: dict[int, str]) -> Html:
    return tag(
        "li",
        tag("a", _when(entry), href="#" + anchors[id(entry)]),
        " ",
        _account(entry),
        ": ",
        _wanted(entry),
        " ",
        _outcome(entry),
        " ",
        _answer(entry),
        tag("p", _since(entry, accounts), class_="since"),
        **_leaf(entry)
    )


def _since(entry: Entry, accounts: dict[str, list[Entry]]) -> str:
    """Say what was proven of the account after its failure."""
    if entry.account_id is None:
        return "Look at the accounts that the task was for."
    own = accounts[entry.account_id]
    later = own[next(place for place, one in enumerate(own) if one is entry) + 1:]
    proof = next((one for one in later if one.proves), None)
    return f"Proven {proof.state} at {_when(proof)}." if proof else "Nothing was proven since."


def _journal(trail: Trail, anchors: dict[int, str]) -> Html:
    days = [_day(entries, anchors) for entries in reversed(_by_day(trail.entries))]
    return tag("section", tag("h2", "What was switched"), days, id="journal")


def _by_day(entries: Sequence[Entry]) -> list[tuple[Entry, ...]]:
    days: dict[str, list[Entry]] = {}
    for entry in entries:
        days.setdefault(entry.day, []).append(entry)
    return [tuple(some) for some in days.values()]


def _day(entries: tuple[Entry, ...], anchors: dict[int, str]) -> Html:
    tasks = [_task(task, anchors) for task in reversed(_trail.tasks(entries))]
    return tag("section", tag("h3", _date(entries[0])), tasks, class_="day holder")


def _task(entries: tuple[Entry, ...], anchors: dict[int, str]) -> Html:
    """Return who did what when and why, and a row for each account."""
    first = entries[0]
    check = tag("span", "check mode: nothing was sent", class_="badge") if first.check_mode else None
    place = [("by ", tag("b", _plain(first.user))), (" in ", _plain(first.playbook.rpartition("/")[2])) if first.playbook else None]
    place += [(", play ", _plain(first.play)) if first.play else None, ", on ", _plain(first.host)]
    heads = tag("thead", tag("tr", [tag("th", name, scope="col") for name in ("Account", "Wanted", "Outcome", "Bot", "Answer")]))
    return tag(
        "article",
        tag("h4", tag("time", _clock(first), datetime=first.moment.isoformat()), " ", _plain(first.task), " ", check),
        tag("p", tag("b", "Why: "), _plain(first.reason), class_="why") if first.reason else None,
        tag("p", place, class_="place"),
        tag("table", heads, tag("tbody", [_row(entry) for entry in entries])),
        id=anchors[id(first)],
        class_="holder" + (" check" if first.check_mode else ""),
    )


def _row(entry: Entry) -> Html:
    bot = None
    if entry.previous_status or entry.bot_status:
        bot = "{0} \u2192 {1}".format(entry.previous_status or "?", entry.bot_status or "?")
    return tag(
        "tr",
        tag("th", _account(entry), scope="row"),
        tag("td", _wanted(entry)),
        tag("td", _outcome(entry)),
        tag("td", bot, class_="bot"),
        tag("td", _answer(entry), class_="answer"),
        **_leaf(entry)
    )


def _accounts(trail: Trail, accounts: dict[str, list[Entry]], anchors: dict[int, str]) -> Html | None:
    if not accounts:
        return None
    span = timeline.span(trail.entries)
    rows = [_own(account, entries, span, anchors) for account, entries in accounts.items()]
    note = "A mark stands where a task ended. Between two marks nobody looked."
    return tag("section", tag("h2", "Each account"), tag("p", note, class_="note"), timeline.legend(), timeline.axis(span), rows, id="accounts")


def _own(account: str, entries: Sequence[Entry], span: timeline.Span, anchors: dict[int, str]) -> Html:
    """Return an account's timeline, and its entries below it."""
    # What check mode says was never done.
    last = ([entry for entry in entries if not entry.check_mode] or entries)[-1]
    items = [
        tag(
            "li",
            tag("a", _when(entry), href="#" + anchors[id(entry)]),
            " ",
            _wanted(entry),
            " ",
            _outcome(entry),
            " by ",
            _plain(entry.user),
            (": ", _plain(entry.reason)) if entry.reason else None,
            **_leaf(entry)
        )
        for entry in reversed(entries)
    ]
    name = tag("span", _account(last), class_="name")
    recent = tag("span", _wanted(last), " ", _outcome(last), tag("small", _when(last)), class_="last")
    head = tag("summary", tag("span", name, recent, timeline.strip(entries, span), class_="head"))
    return tag("details", head, tag("ol", items), class_="holder")


def _leaf(entry: Entry) -> dict[str, Any]:
    """Return the attributes by which the script selects."""
    kinds = ["leaf", "is-check" if entry.check_mode else "is-real"]
    kinds += ["is-changed"] if entry.changed and not entry.check_mode else []
    kinds += ["is-failed"] if entry.failed else []
    return {"class_": " ".join(kinds), "data_account": "none" if entry.account_id is None else "a" + entry.account_id, "data_day": entry.day}


def _account(entry: Entry) -> Html:
    if entry.account_id is None:
        return tag("i", _NO_ACCOUNT)
    return join((tag("b", _plain(entry.account_id)), (" ", _plain(entry.display_name)) if entry.display_name else None))


def _wanted(entry: Entry) -> Html | None:
    command = COMMANDS.get(entry.state, entry.state)
    return tag("span", command, class_="wanted " + (entry.state if entry.state in COMMANDS else "other")) if command else None


def _outcome(entry: Entry) -> Html:
    """Return the outcome in words; the sign before it says the same without colour."""
    if entry.check_mode and entry.outcome == NOT_ATTEMPTED and not entry.failed:
        sign, kind, text = "\u25cb", "check", "would be sent"
    elif entry.failed:
        sign, kind, text = "\u2715", "bad", entry.outcome or "failed"
    elif entry.outcome == OK:
        sign, kind, text = "\u2713", "good", "ok"
    else:
        sign, kind, text = "\u2026", "open", entry.outcome or "not known"
    changed = ""
    if entry.changed and not entry.check_mode:
        changed = ", may have changed" if entry.outcome in (UNKNOWN, "") else ", changed"
    return tag("span", tag("span", sign, aria_hidden="true"), " ", text + changed, class_="outcome " + kind)


def _plain(text: str) -> Html:
    """Return text whose direction cannot turn what is beside it around."""
    return tag("bdi", text)


def _answer(entry: Entry) -> Html:
    """Return what the service answered, its words in quotes; else what the task says of itself."""
    words = tag("q", entry.message) if entry.message else _plain(entry.msg) if entry.msg else None
    return join([one for one in (entry.http_status, " " if entry.http_status and words else None, words) if one])


def _clock(entry: Entry) -> str:
    return entry.moment.strftime("%H:%M:%S")


def _when(entry: Entry) -> str:
    return f"{entry.moment.day} {timeline.MONTHS[entry.moment.month - 1][:3]} {entry.moment.year} {_clock(entry)}"


def _date(entry: Entry) -> str:
    moment = entry.moment
    return f"{_WEEKDAYS[moment.weekday()]} {moment.day} {timeline.MONTHS[moment.month - 1]} {moment.year}"
