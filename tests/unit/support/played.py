# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One run of a sequence against a service in memory on a virtual clock, and what it met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import (
    OFF,
    AccountList,
    ControlAnswer,
)
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import sequences
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Findings, Record, Target
from ansible_collections.bookieops.betmatic.tests.unit.support.service_in_memory import (
    ALL,
    ANSWERED,
    LIST,
    STARTING,
    Entry,
    History,
    Service,
    VirtualEngine,
)


@dataclass(frozen=True)
class Played:
    """What a sequence found, and what really happened."""

    history: History
    service: Service
    findings: Findings
    ended_at: float
    bulk_state: str | None = None

    @property
    def log(self) -> list[Entry]:
        return self.service.log

    def record(self, account_id: str) -> Record:
        return next(record for record in self.findings.records if record.account_id == account_id)

    def commands(self, to: str | None = None) -> list[Entry]:
        return [entry for entry in self.log if entry.answer is None and entry.to != LIST and to in (None, entry.to)]

    def answers(self, to: str) -> list[Any]:
        return [entry.answer for entry in self.log if entry.answer is not None and entry.to == to]


def play(history: History, sequence: Callable[..., Findings], *arguments: Any, bulk_state: str | None = None) -> Played:
    engine = VirtualEngine(history.concurrency, history.signal_at)
    service = Service(history, engine.clock)
    findings = sequence(service, engine, history.limits, *arguments)
    played = Played(history, service, findings, engine.clock(), bulk_state)
    service.world.advance(engine.clock())
    return played


def switch(history: History, chosen: tuple[Target, ...]) -> Played:
    return play(history, sequences.switch_accounts, chosen, lambda line: None)


def switch_all(history: History, state: str) -> Played:
    return play(history, sequences.switch_all, state, lambda line: None, bulk_state=state)


def evidence(played: Played, record: Record) -> list[Entry]:
    mine = (record.account_id, ALL)
    sent = max(number for number, entry in enumerate(played.log) if entry.answer is None and entry.to in mine)
    return [entry for entry in played.log[sent:] if _says_something(entry, record.account_id)]


def _says_something(entry: Entry, account_id: str) -> bool:
    if isinstance(entry.answer, AccountList):
        return [row.account_id for row in entry.answer.rows].count(account_id) == 1
    return isinstance(entry.answer, ControlAnswer) and entry.to == entry.answer.account_id == account_id


def is_blind_spot(played: Played, record: Record) -> bool:
    """Whether the service called an OFF a success that it did not apply to a starting bot, which the list shows as stopped.

    Nobody can tell; kept as a test of its own in test_known_gaps.py.
    """
    seen_starting = any(isinstance(entry.answer, AccountList) and entry.states[record.account_id] == STARTING for entry in evidence(played, record))
    return record.state == OFF and seen_starting and _lied(played.history, record.account_id)


def _lied(history: History, account_id: str) -> bool:
    """Whether a success may stand for an OFF that was not applied."""
    single = any(fate.kind == ANSWERED and fate.status == "success" and not fate.applied for fate in history.single.get(account_id, ()))
    return single or any(
        fate.status == "success" and account_id in fate.lied_about and (not fate.applied or account_id in fate.not_applied_to) for fate in history.bulk
    )
