# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lines of a trail, one after the other -> what the page tells of them: figures over all, and the newest entries.

What is kept does not grow with the trail: the newest entries, the newest failures, and a little of each account.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Iterable

from . import places, trail
from .asked import ALL
from .events import INTENT
from .files import Line
from .places import Place, Tokens
from .trail import Entry

MOST_LISTED, MOST_FAILURES, MOST_OPEN, MOST_ACCOUNTS, MOST_NUMBERS, MOST_SERVICES = 5000, 500, 200, 20000, 20, 20
# Characters, as a page shows an entry up to three times and its own tags weigh as much as this.
_WEIGHT_OF_TAGS, _MOST_WEIGHT, _MOST_WEIGHT_OF_FAILURES = 700, 6_000_000, 600_000
# Texts are cut so that no single entry fills the page.
LONGEST_TEXT = 400


@dataclass(frozen=True)
class Period:
    """Entries from `since` on and before `until` count; None is no bound."""

    since: datetime | None = None
    until: datetime | None = None

    def has(self, moment: datetime) -> bool:
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)


@dataclass
class Account:
    """What is known of one account: its last entry that is not of check mode, and the last that proved a state."""

    name: str = ""
    last: Entry | None = None
    proof: Entry | None = None

    def take(self, entry: Entry) -> None:
        """Take an entry; of one moment the later line counts."""
        self.name = entry.display_name or self.name
        if entry.check_mode:
            return
        if self.last is None or entry.moment >= self.last.moment:
            self.last = entry
        # Without its service it proves nothing of any.
        if entry.proves and entry.api_url and (self.proof is None or entry.moment >= self.proof.moment):
            self.proof = entry

    def join(self, other: Account) -> None:
        """Take what is known of the same account under another key."""
        self.name = self.name or other.name
        self.last, self.proof = _later(self.last, other.last), _later(self.proof, other.proof)


@dataclass
class Figures:
    """Counts over all entries of the period."""

    entries: int = 0
    changed: int = 0
    failed: int = 0
    checks: int = 0
    unreadable: int = 0
    first: datetime | None = None
    last: datetime | None = None


class Newest:
    """The newest entries, as many as a page can hold; the others are only counted."""

    def __init__(self, most: int, most_weight: int) -> None:
        self._most, self._most_weight, self._weight = most, most_weight, 0
        self._heap: list[tuple[datetime, int, int, Entry]] = []
        self.left_out = 0

    def add(self, number: int, entry: Entry) -> None:
        """Take an entry; `number` tells those of one moment apart."""
        weight = _WEIGHT_OF_TAGS + sum(min(_length(text), LONGEST_TEXT * 6) for text in entry if isinstance(text, str))
        heapq.heappush(self._heap, (entry.moment, number, weight, entry))
        self._weight += weight
        while len(self._heap) > self._most or self._weight > self._most_weight:
            self._weight -= heapq.heappop(self._heap)[2]
            self.left_out += 1

    def entries(self) -> tuple[Entry, ...]:
        """Return them, the oldest first."""
        return tuple(entry for _moment, _number, _weight, entry in sorted(self._heap, key=lambda one: one[:2]))


@dataclass
class Digest:
    """What the page tells."""

    figures: Figures = field(default_factory=Figures)
    listed: Newest = field(default_factory=lambda: Newest(MOST_LISTED, _MOST_WEIGHT))
    failures: Newest = field(default_factory=lambda: Newest(MOST_FAILURES, _MOST_WEIGHT_OF_FAILURES))
    accounts: dict[Place, Account] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=lambda: Tokens(()))
    services: set[str] = field(default_factory=set)
    # Intents that nothing has settled, by the id of their task.
    open: dict[str, Entry] = field(default_factory=dict)
    # The first places that could not be read.
    unreadable: list[str] = field(default_factory=list)
    more_open: int = 0
    untold_accounts: bool = False

    @property
    def still_failed(self) -> int:
        """How many accounts have a last command that failed."""
        last = ((place, account.last) for place, account in self.accounts.items())
        return sum(1 for place, entry in last if entry is not None and entry.failed and not self.proof_since(place, entry.moment))

    @property
    def not_known(self) -> tuple[Entry, ...]:
        """The tasks that began and left no result, the oldest first; check mode sends nothing."""
        return tuple(sorted((one for one in self.open.values() if not one.check_mode), key=lambda one: one.moment))

    def proof_since(self, place: Place, moment: datetime) -> Entry | None:
        """Return the last proof of an account, if it is later than this moment.

        For a line that does not say which service it was, a proof counts where the trail knows one account of this id on one service that is
        not on this machine: a simulator proves nothing of it.
        """
        account = self.accounts.get(self.tokens.resolve(place) if place.api_url else self._only_one(place))
        return account.proof if account and account.proof and account.proof.moment > moment else None

    def _only_one(self, place: Place) -> Place:
        if len(self.services) >= MOST_SERVICES:
            # There may be more than were kept.
            return place
        url = places.only_real(self.services)
        found = [one for one in self._by_id.get(place.account_id, ()) if one.api_url == url and places.may_be_one(one, place)]
        return found[0] if len(found) == 1 else place

    @cached_property
    def _by_id(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place in self.accounts:
            found.setdefault(place.account_id, []).append(place)
        return found

    def doubts(self) -> dict[Place, Entry]:
        """Return the last task without result for each account that it may have switched and of which nothing was proven since."""
        found: dict[Place, Entry] = {}
        for asked, intent in self._asked().items():
            touched = self.accounts if asked.account_id == ALL else self._by_id.get(asked.account_id, ())
            some = [place for place in touched if places.may_be_one(place, asked)]
            for place in some or ([] if asked.account_id == ALL else [asked]):
                found[place] = _later(found.get(place), intent) or intent
        return {place: intent for place, intent in found.items() if not self.proof_since(place, intent.moment)}

    def _asked(self) -> dict[Place, Entry]:
        """Return the last task without result for each account that it names, as far as it says which; of a template that is every account."""
        asked: dict[Place, Entry] = {}
        for intent in self.not_known:
            named = [account_id for _state, accounts in intent.asked for account_id in accounts] or [ALL]
            asked.update((self.tokens.resolve(places.place_of(intent, account_id)), intent) for account_id in named)
        return asked


def digest(lines: Iterable[Line], period: Period) -> Digest:
    """Return what the lines tell; entries come in nearly any order, as runs go on side by side."""
    told = Digest()
    for number, line in enumerate(lines):
        try:
            entry = trail.read(line.data)
        except trail.ERRORS:
            _unreadable(told, line)
            continue
        # An intent at the end of a period is settled by a result after it.
        if entry.closes:
            told.open.pop(entry.task_id, None)
        if period.has(entry.moment):
            _take(told, number, entry)
    _tell_apart(told)
    return told


def _tell_apart(told: Digest) -> None:
    """Put together what is of one account: only now is it known how many tokens there are for it."""
    told.tokens = Tokens(told.accounts)
    found: dict[Place, Account] = {}
    for place, account in told.accounts.items():
        found.setdefault(told.tokens.resolve(place), Account()).join(account)
    told.accounts = found


def _later(one: Entry | None, other: Entry | None) -> Entry | None:
    if one is None or other is None:
        return one or other
    return other if other.moment >= one.moment else one


def _unreadable(told: Digest, line: Line) -> None:
    told.figures.unreadable += 1
    if len(told.unreadable) < MOST_NUMBERS:
        told.unreadable.append(f"{line.file} line {line.number}" + (f" ({line.damage})" if line.damage else ""))


def _take(told: Digest, number: int, entry: Entry) -> None:
    if entry.api_url and len(told.services) < MOST_SERVICES:
        told.services.add(entry.api_url)
    if entry.event == INTENT:
        told.open[entry.task_id] = entry
        if len(told.open) > MOST_OPEN:
            told.open.pop(next(iter(told.open)))
            told.more_open += 1
    if entry.is_bare:
        return
    figures = told.figures
    figures.entries += 1
    figures.first = min(figures.first or entry.moment, entry.moment)
    figures.last = max(figures.last or entry.moment, entry.moment)
    figures.checks += entry.check_mode
    figures.changed += entry.changed and not entry.check_mode
    told.listed.add(number, entry)
    if entry.failed and not entry.check_mode:
        figures.failed += 1
        told.failures.add(number, entry)
    if entry.account_id is not None:
        _take_account(told, places.place_of(entry), entry)


def _take_account(told: Digest, place: Place, entry: Entry) -> None:
    if place not in told.accounts and len(told.accounts) >= MOST_ACCOUNTS:
        told.untold_accounts = True
        return
    told.accounts.setdefault(place, Account()).take(entry)


def _length(text: str) -> int:
    """Return how long the text gets at most when it is escaped and encoded."""
    return len(text) if text.isalnum() else len(text.encode("utf-8", "replace")) + 4 * sum(map(text.count, "<>&'\""))
