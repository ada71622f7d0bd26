# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What changed between two looks at the list of accounts, and what differs from the declared fleet. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Dict, Iterable, Iterator, Optional, Tuple

from ansible_collections.bookieops.betmatic.plugins.module_utils._answers import OFF, RUNNING, STOPPED, AccountList, ListedAccount, clean
from ansible_collections.bookieops.betmatic.plugins.module_utils._listing import why_no_list
from ansible_collections.bookieops.betmatic.plugins.module_utils._outcomes import Target
from ansible_collections.bookieops.betmatic.plugins.module_utils._verdicts import Reading, as_wanted, reading_of

APPEARED = "appeared"
DISAPPEARED = "disappeared"
STARTED = "started"
# RUNNING is told by the list alone; STOPPED needs what proves a bot off: `false` and no sessions.
STOPPED_NOW = "stopped"
UNCLEAR = "unclear"
DRIFTED = "drifted"
AS_DECLARED = "as_declared"
UNREADABLE = "unreadable"
READABLE = "readable"
_CHANGE_OF = {RUNNING: STARTED, STOPPED: STOPPED_NOW, None: UNCLEAR}


@dataclass(frozen=True)
class Known:
    """What is known after a look: the last reading, and why the list cannot be read now (None: it can)."""

    reading: Optional[Reading] = None
    why: Optional[str] = None


@dataclass(frozen=True)
class Change:
    """One event. `state` is the declared one; statuses are None where the list does not tell; no account: the list itself."""

    change: str
    msg: str
    account_id: Optional[str] = None
    display_name: Optional[str] = None
    bookie: Optional[str] = None
    bot_status: Optional[str] = None
    previous_status: Optional[str] = None
    state: Optional[str] = None

    def as_event(self) -> Dict[str, Any]:
        """Return it as a rulebook sees it."""
        return asdict(self)


def after_look(known: Known, answer: Any) -> Known:
    """Return what is known after the service's answer to the list; an answer that is no list leaves the last reading."""
    if isinstance(answer, AccountList):
        return Known(reading_of(answer))
    return Known(known.reading, why_no_list(answer))


def changes(before: Known, now: Known, declared: Iterable[Target]) -> Tuple[Change, ...]:
    """Return what there is to tell between two looks; the first look tells drift and what is unclear, no change."""
    if now.why is not None or now.reading is None:
        return (Change(UNREADABLE, now.why),) if now.why != before.why else ()
    told = [Change(READABLE, "The list of accounts can be read again.")] if before.why is not None else []
    states = {target.account_id: target.state for target in declared}
    told += _of_accounts(before.reading, now.reading, states)
    told += _of_declared(before.reading, now.reading, declared)
    return tuple(told)


def _of_accounts(before: Optional[Reading], now: Reading, states: Dict[str, str]) -> Iterator[Change]:
    for account_id, row in now.rows.items():
        status = _status(row)
        if before is not None and account_id not in before.rows:
            yield _change(APPEARED, account_id, row, "is new in the list, {0}".format(_words(status)), None, states)
            continue
        previous = _status(before.rows[account_id]) if before is not None else status
        # At the first look only what the list leaves open is told: silence is never taken for calm.
        if status != previous or (before is None and status is None):
            msg = "{0}, was {1}".format(_words(status), previous) if status != previous else _words(status)
            yield _change(_CHANGE_OF[status], account_id, row, msg, previous, states)
    for account_id, row in (before.rows if before is not None else {}).items():
        if account_id not in now.rows:
            gone = _change(DISAPPEARED, account_id, row, "is no longer in the list, which proves nothing about its bot", _status(row), states)
            yield Change(**{**asdict(gone), "bot_status": None})


def _of_declared(before: Optional[Reading], now: Reading, declared: Iterable[Target]) -> Iterator[Change]:
    for target in declared:
        drift = _drift(now, target)
        earlier = _drift(before, target) if before is not None else None
        if drift == earlier:
            continue
        row = now.rows.get(target.account_id)
        previous = _status(before.rows.get(target.account_id)) if before is not None else None
        msg = "declared {0}, but {1}".format(target.state, drift) if drift else "{0} again, as declared".format(target.state)
        yield _change(DRIFTED if drift else AS_DECLARED, target.account_id, row, msg, previous, {target.account_id: target.state})


def _drift(reading: Reading, target: Target) -> Optional[str]:
    """Say in which way the account is not as declared, None when it is."""
    if target.account_id not in reading.rows:
        return "it is not in the list"
    row = reading.rows[target.account_id]
    name = target.display_name and (clean(target.display_name) or target.display_name)
    if row is not None and name and row.display_name not in (None, name):
        return "the list names it {0}, not {1}".format(row.display_name, name)
    return None if as_wanted(row, target.state) else _words(_status(row))


def _status(row: Optional[ListedAccount]) -> Optional[str]:
    """Return RUNNING, STOPPED where the row would prove a bot off, None where it does not tell."""
    if row is None:
        return None
    if row.bot_running is True:
        return RUNNING
    return STOPPED if as_wanted(row, OFF) else None


def _words(status: Optional[str]) -> str:
    return "its bot is {0}".format(status) if status else "the list does not tell whether its bot runs"


def _change(change: str, account_id: str, row: Optional[ListedAccount], msg: str, previous: Optional[str], states: Dict[str, str]) -> Change:
    name = row.display_name if row else None
    return Change(
        change=change,
        msg="{0}: {1}".format(" ".join(filter(None, (account_id, name))), msg),
        account_id=account_id,
        display_name=name,
        bookie=row.bookie if row else None,
        bot_status=_status(row),
        previous_status=previous,
        state=states.get(account_id),
    )
