# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What changed between two looks at the list of accounts, and what differs from the declared fleet. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Iterable, Iterator, Mapping

from ..module_utils._account_list import why_no_list
from ..module_utils._api.documents import RUNNING, STOPPED, AccountList, ListedAccount, Refusal
from ..module_utils._switch.proof import Reading, as_wanted, is_another_name, reading_of, status_of
from ..module_utils._switch.records import Target

APPEARED = "appeared"
DISAPPEARED = "disappeared"
STARTED = "started"
STOPPED_NOW = "stopped"
UNCLEAR = "unclear"
# It is not known whether it started before the hold was placed, or after.
RUNS_HELD = "runs_though_held"
UNCLEAR_HELD = "unclear_though_held"
# Its start under a hold was told, and it has not been seen stopped since: it may have been switched off and started again between two looks.
NOT_OFF_HELD = "not_off_though_held"
DRIFTED = "drifted"
AS_DECLARED = "as_declared"
UNREADABLE = "unreadable"
READABLE = "readable"
# Why the list cannot be read: the token cannot be used, the token has no list, anything else; or it can, and the folder of the holds is missing.
CAUSE_TOKEN = "token"
CAUSE_NO_LIST = "no_list"
CAUSE_SERVICE = "service"
CAUSE_HOLDS = "holds"
_CHANGE_OF = {RUNNING: STARTED, STOPPED: STOPPED_NOW, None: UNCLEAR}


@dataclass(frozen=True)
class NoToken:
    """In the place of an answer: the token cannot be read, so that nothing was asked."""

    reason: str


@dataclass(frozen=True)
class NoHolds:
    """In the place of an answer: the folder of the holds that was named is missing, so that nobody knows what is held."""

    reason: str


@dataclass(frozen=True)
class Known:
    """What is known after a look: the last reading, and whose bots a hold keeps off.

    `started`: whose start under a hold was told and has not been seen stopped since, and when that was told last.
    Why the list cannot be read now (None: it can), of which cause, and when that was told."""

    reading: Reading | None = None
    held: frozenset[str] = frozenset()
    started: Mapping[str, float] = field(default_factory=dict)
    why: str | None = None
    cause: str | None = None
    told_at: float | None = None


@dataclass(frozen=True)
class Change:
    """One event. `state` is the declared one; statuses are None where the list does not tell; no account: the list itself.

    `held`: whether a hold keeps the account's bot off.
    """

    change: str
    msg: str
    account_id: str | None = None
    display_name: str | None = None
    bookie: str | None = None
    bot_status: str | None = None
    previous_status: str | None = None
    state: str | None = None
    held: bool | None = None
    cause: str | None = None

    def as_event(self) -> dict[str, Any]:
        """Return it as a rulebook sees it."""
        return asdict(self)


@dataclass(frozen=True)
class Again:
    """Seconds after which it is told again: that the list cannot be read, that a bot that started under a hold has not been seen stopped since."""

    unreadable: float
    started: float


def after_look(known: Known, answer: Any, now: float, again: Again, held: frozenset[str] = frozenset()) -> Known:
    """Return what is known after the service's answer to the list; an answer that is no list leaves the last reading.

    :param now: seconds of a clock that never goes back
    :param held: the accounts whose bots a hold keeps off
    """
    if isinstance(answer, AccountList):
        reading = reading_of(answer)
        return Known(reading, held, _started_held(known, reading, held, now, again.started))
    why, cause = _why(answer), _cause(answer)
    if why == known.why and known.told_at is not None and now - known.told_at < again.unreadable:
        return known
    return replace(known, why=why, cause=cause, told_at=now)


def _started_held(known: Known, reading: Reading, held: frozenset[str], now: float, again: float) -> dict[str, float]:
    """Return whose start under a hold was told and has not been seen stopped since, with the time at which it is told, or was told last."""
    started = {}
    for one, row in reading.rows.items():
        if one not in held or status_of(row) == STOPPED:
            continue
        told_at = now if _starts(known.reading, one, row) else known.started.get(one)
        if told_at is not None:
            started[one] = told_at if now - told_at < again else now
    return started


def _starts(before: Reading | None, account_id: str, row: ListedAccount | None) -> bool:
    """Tell whether a bot that is not stopped may have started since the look before, of which there is something to compare with."""
    if before is None or account_id not in before.rows:
        return before is not None
    previous = status_of(before.rows[account_id])
    return previous == STOPPED or (previous is None and status_of(row) == RUNNING)


def refuses_token(answer: Any) -> bool:
    """Tell whether the service does not take the token."""
    return isinstance(answer, Refusal) and answer.http_status == 401


def _why(answer: Any) -> str:
    if isinstance(answer, NoHolds):
        return answer.reason
    return f"The API token cannot be used: {answer.reason}." if isinstance(answer, NoToken) else why_no_list(answer)


def _cause(answer: Any) -> str:
    if isinstance(answer, NoHolds):
        return CAUSE_HOLDS
    if isinstance(answer, NoToken) or refuses_token(answer):
        return CAUSE_TOKEN
    return CAUSE_NO_LIST if isinstance(answer, Refusal) and answer.http_status in (403, 404) else CAUSE_SERVICE


def changes(before: Known, now: Known, declared: Iterable[Target]) -> tuple[Change, ...]:
    """Return what there is to tell between two looks; the first look tells drift and what is unclear, no change."""
    if now.why is not None or now.reading is None:
        return (Change(UNREADABLE, now.why or "", cause=now.cause),) if now != before else ()
    told = [Change(READABLE, "The list of accounts can be read again.")] if before.why is not None else []
    states = {target.account_id: target.state for target in declared}
    told += _of_accounts(before.reading, now.reading, states)
    told += _of_held(before, now, now.reading, states)
    told += _of_declared(before.reading, now.reading, declared)
    return tuple(change if change.account_id is None else replace(change, held=change.account_id in now.held) for change in told)


def _of_held(before: Known, now: Known, reading: Reading, states: dict[str, str]) -> Iterator[Change]:
    """Tell which bots are not stopped under a hold; a start is told as a start."""
    for one, row in reading.rows.items():
        status = status_of(row)
        if one not in now.held or status == STOPPED or _starts(before.reading, one, row):
            continue
        if before.reading is None or one not in before.held:
            # Nobody knows whether it ran before the hold was placed, or has started since.
            yield _change(UNCLEAR_HELD if status is None else RUNS_HELD, one, row, f"{_words(status)}, and a hold keeps it off", None, states)
        elif one in before.started and now.started.get(one) != before.started[one]:
            msg = f"{_words(status)}, and it has not been seen stopped since it started under a hold"
            yield _change(NOT_OFF_HELD, one, row, msg, status_of(before.reading.rows[one]), states)


def _of_accounts(before: Reading | None, now: Reading, states: dict[str, str]) -> Iterator[Change]:
    for account_id, row in now.rows.items():
        status = status_of(row)
        if before is not None and account_id not in before.rows:
            yield _change(APPEARED, account_id, row, f"is new in the list, {_words(status)}", None, states)
            continue
        previous = status_of(before.rows[account_id]) if before is not None else status
        # At the first look only what the list leaves open is told: silence is never taken for calm.
        if status != previous or (before is None and status is None):
            msg = f"{_words(status)}, was {previous}" if status != previous else _words(status)
            yield _change(_CHANGE_OF[status], account_id, row, msg, previous, states)
    for account_id, row in (before.rows if before is not None else {}).items():
        if account_id not in now.rows:
            gone = _change(DISAPPEARED, account_id, row, "is no longer in the list, which proves nothing about its bot", status_of(row), states)
            yield Change(**{**asdict(gone), "bot_status": None})


def _of_declared(before: Reading | None, now: Reading, declared: Iterable[Target]) -> Iterator[Change]:
    for target in declared:
        drift = _drift(now, target)
        earlier = _drift(before, target) if before is not None else None
        if drift == earlier:
            continue
        row = now.rows.get(target.account_id)
        previous = status_of(before.rows.get(target.account_id)) if before is not None else None
        msg = f"declared {target.state}, but {drift}" if drift else f"{target.state} again, as declared"
        yield _change(DRIFTED if drift else AS_DECLARED, target.account_id, row, msg, previous, {target.account_id: target.state})


def _drift(reading: Reading, target: Target) -> str | None:
    """Say in which way the account is not as declared, None when it is."""
    if target.account_id not in reading.rows:
        return "it is not in the list"
    row = reading.rows[target.account_id]
    if row is not None and is_another_name(target.display_name, row.display_name):
        return f"the list names it {row.display_name}, not {' '.join(str(target.display_name).split())}"
    return None if as_wanted(row, target.state) else _words(status_of(row))


def _words(status: str | None) -> str:
    return f"its bot is {status}" if status else "the list does not tell whether its bot runs"


def _change(change: str, account_id: str, row: ListedAccount | None, msg: str, previous: str | None, states: dict[str, str]) -> Change:
    name = row.display_name if row else None
    return Change(
        change=change,
        msg=f"{' '.join(filter(None, (account_id, name)))}: {msg}",
        account_id=account_id,
        display_name=name,
        bookie=row.bookie if row else None,
        bot_status=status_of(row),
        previous_status=previous,
        state=states.get(account_id),
    )
