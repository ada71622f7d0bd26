# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was asked for an account (Target), what became of it (Record), and the vocabulary of outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional

OK = "ok"
PENDING = "pending"
REJECTED = "rejected"
NOT_SENT = "not_sent"
NOT_ATTEMPTED = "not_attempted"
UNKNOWN = "unknown"
OUTCOMES = (OK, PENDING, REJECTED, NOT_SENT, NOT_ATTEMPTED, UNKNOWN)
# How a message ends where an option was refused: the audit trail and a recovery from it tell by this that no account is concerned.
NOTHING_SENT = "Nothing was sent."


@dataclass(frozen=True)
class Target:
    """An account and its wanted state; `display_name` is the guard, None when not given."""

    account_id: str
    state: str
    display_name: Optional[str] = None


@dataclass(frozen=True)
class Record:
    """All that this task knows of one account. A record starts as: nothing was sent."""

    account_id: str
    state: str
    display_name: Optional[str] = None
    outcome: str = NOT_ATTEMPTED
    changed: bool = False
    previous_status: Optional[str] = None
    bot_status: Optional[str] = None
    message: Optional[str] = None
    http_status: Optional[int] = None
    attempts: int = 0
    session_info: Optional[Dict[str, Any]] = None
    timestamp: Optional[str] = None
    # Not returned: our words for msg, and what later evidence may still do to the record.
    reason: str = ""
    guard: Optional[str] = None
    maybe_applied: bool = False
    last_word: Optional[str] = None
    bulk_failed: bool = False
    needs_own_command: bool = False
    final: bool = False
    predicted: bool = False

    @property
    def failed(self) -> bool:
        """Whether the account fails the task; a prediction of check mode does not."""
        if self.outcome == NOT_ATTEMPTED:
            return not self.predicted
        return self.outcome not in (OK, PENDING)


def new_record(target: Target) -> Record:
    """Return the record of a target to which nothing was sent yet."""
    return Record(account_id=target.account_id, state=target.state, guard=target.display_name)
