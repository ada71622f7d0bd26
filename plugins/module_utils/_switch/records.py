# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was asked for an account (Target), its result (Record), and the vocabulary of outcomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Mapping

OK = "ok"
PENDING = "pending"
REJECTED = "rejected"
HELD = "held"
WOULD_SEND = "would_send"
NOT_SENT = "not_sent"
NOT_ATTEMPTED = "not_attempted"
UNKNOWN = "unknown"
OUTCOMES = (OK, PENDING, REJECTED, HELD, WOULD_SEND, NOT_SENT, NOT_ATTEMPTED, UNKNOWN)


@dataclass(frozen=True)
class Target:
    """An account and its wanted state; `display_name` is the guard, None when not given."""

    account_id: str
    state: str
    display_name: str | None = None


@dataclass(frozen=True)
class Limits:
    """All times in seconds; `retries` counts further attempts after the first."""

    deadline: float = 600.0
    timeout: float = 10.0
    retries: int = 2
    wait: bool = False
    wait_timeout: float = 120.0
    wait_sleep: float = 2.0


@dataclass(frozen=True)
class Evidence:
    """What is known of an account and not returned: it decides what a later answer or reading may still prove.

    `reason`: our words for msg. `shown`: what the list shows where it proves nothing. `guard`: the display_name that is meant.
    `maybe_applied`: an answer was lost. `last_word`: the last bot_status of an answer. `accepted`: the service accepted an OFF
    of this task. `final`: no later evidence changes the record.
    `way_out`: what lifts the `holds` that keep its ON back.
    """

    reason: str = ""
    shown: str = ""
    guard: str | None = None
    maybe_applied: bool = False
    last_word: str | None = None
    accepted: bool = False
    final: bool = False
    way_out: str = ""
    holds: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Record:
    """All that this task knows of one account. A record starts as: nothing was sent."""

    account_id: str
    state: str
    display_name: str | None = None
    outcome: str = NOT_ATTEMPTED
    changed: bool = False
    previous_status: str | None = None
    bot_status: str | None = None
    message: str | None = None
    http_status: int | None = None
    attempts: int = 0
    session_info: dict[str, Any] | None = None
    timestamp: str | None = None
    evidence: Evidence = Evidence()

    @property
    def held(self) -> bool:
        """Whether a hold kept its ON back, at the first attempt or at a later one."""
        return bool(self.evidence.way_out)

    @property
    def failed(self) -> bool:
        """Whether the account fails the task."""
        return self.outcome not in (OK, PENDING, WOULD_SEND)

    @property
    def why(self) -> str:
        """Why the account is not proven, in our words."""
        return "; ".join(filter(None, (self.evidence.reason, self.evidence.shown)))

    def noting(self, **evidence: Any) -> Record:
        """Return the record with these fields of its evidence."""
        return replace(self, evidence=replace(self.evidence, **evidence))


def new_record(target: Target) -> Record:
    """Return the record of a target to which nothing was sent yet."""
    return Record(account_id=target.account_id, state=target.state, evidence=Evidence(guard=target.display_name))


@dataclass(frozen=True)
class Findings:
    """What a sequence found: a record for each account, and what concerns no single account.

    `bulk` is the record of the bulk command itself, for accounts that have none, and None when accounts were
    named; `unlisted` counts accounts that the service counted and nobody named; `no_list` says why there was
    no reading; `fault` is an exception of this collection that ended the run.
    """

    records: tuple[Record, ...] = ()
    bulk: Record | None = None
    unlisted: int = 0
    no_list: str | None = None
    fault: Exception | None = None
