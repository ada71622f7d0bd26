# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a roll-out stands after each batch: what became of each account, whether to go on, what to roll back. Pure.

Accounts are those that bookie_bot returned, as dictionaries; a batch is a list of targets.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Mapping, Sequence

from ...module_utils._api.documents import COMMANDS, OFF, ON, RUNNING, STATUSES, STOPPED
from ...module_utils._switch.records import NOT_ATTEMPTED, OK, UNKNOWN, Target
from ...module_utils._switch.report import DO_NOT_REPEAT

Account = Mapping[str, Any]
Batches = Sequence[Sequence[Target]]

# The service's words from which the state before follows. Another word, such as STARTING, is on its way to either.
_STATES = {RUNNING: ON, STOPPED: OFF}


@dataclass(frozen=True)
class Progress:
    """How a roll-out stands: all accounts so far, the last batch's line and whether it changed anything.

    `stop` says why it must not go on, and is empty when it may.
    """

    accounts: tuple[Account, ...] = ()
    line: str = ""
    changed: bool = False
    stop: str = ""


def after_batch(before: Progress, result: Mapping[str, Any], batches: Batches, number: int, most_failures: int, check_mode: bool) -> Progress:
    """Return how it stands after a batch.

    Too many failed accounts never keep an OFF back: they stop it before the next ON, or at its end.

    :param result: what the task of the batch returned
    :param number: the batch, from 1
    :param check_mode: predictions; they never stop, so that all of them are seen
    """
    records = settled(batches[number - 1], result)
    accounts = before.accounts + tuple(records)
    line = f"batch {number} of {len(batches)}: {', '.join(_counts(records))}"
    stop = "" if check_mode else _ended(records, result) or too_many_to_go_on(accounts, most_failures, batches, number)
    return Progress(accounts, line, any(record["changed"] for record in records), stop)


def after_reading(before: Progress, result: Mapping[str, Any], batches: Batches, number: int, most_failures: int) -> Progress:
    """Return how it stands after a health check: an account that was proven and is no longer as wanted has failed.

    A bot that was proven on and is not any more stops it, whatever the limit: somebody may have ordered the emergency stop.

    :param result: what the task of bookie_account_info returned
    :param number: the batch before it, from 1
    """
    if result.get("failed"):
        why = f"the health check could not be made: {str(result.get('msg')).rstrip('.')}"
        return before if _off_is_next(batches, number) else replace(before, stop=why)
    shown = _by_id(result["accounts"])
    accounts = tuple(_read_again(account, shown.get(account["account_id"])) for account in before.accounts)
    lost = [new for old, new in zip(before.accounts, accounts) if new is not old]
    limit = too_many_to_go_on(accounts, most_failures, batches, number)
    if lost and (limit or any(account["state"] == ON for account in lost)):
        found = f"the health check found {', '.join(_found(account) for account in lost)}"
        return replace(before, accounts=accounts, stop="; ".join(filter(None, (found, limit))))
    return replace(before, accounts=accounts, stop=limit)


def too_many_to_go_on(accounts: Sequence[Account], most: int, batches: Batches, number: int) -> str:
    """Say that more accounts failed than may; empty when not, and while the batch after this number sends OFF."""
    failed = sum(account["failed"] for account in accounts)
    return "" if failed <= most or _off_is_next(batches, number) else f"{_count(failed)} failed, at most {most} may"


def _off_is_next(batches: Batches, number: int) -> bool:
    return number < len(batches) and batches[number][0].state == OFF


def settled(batch: Sequence[Target], result: Mapping[str, Any]) -> list[Account]:
    """Return exactly one account for each target, also where the task broke before it could tell of them."""
    told = {account["account_id"]: account for account in result.get("accounts") or ()}
    # Another account may have got the command: a second one, back, could reach it as well.
    doubtful = DO_NOT_REPEAT in str(result.get("msg"))
    # A result without accounts is not ours: the module may have been killed while it sent.
    maybe = "accounts" not in result or bool(result.get("changed"))
    return [_marked(told[target.account_id], doubtful) if target.account_id in told else _untold(target, maybe) for target in batch]


def states_before(accounts: Sequence[Account], rows: Sequence[Account], batches: Batches) -> tuple[list[Target], list[str]]:
    """Return what rolls back the accounts that changed or may have, and the ids of those that are better left as they are.

    Those are accounts whose state before is not known, and, where somebody stopped a bot in the meantime, those that would get ON.

    :param rows: what bookie_account_info returned before the first batch, for accounts whose answer was lost
    :param batches: they have the guards
    """
    shown = _by_id(rows)
    guards = {target.account_id: target.display_name for batch in batches for target in batch}
    somebody_stops = any(account.get("lost") and account["state"] == ON for account in accounts)
    back: list[Target] = []
    not_known: list[str] = []
    for account in accounts:
        account_id = account["account_id"]
        state = _state_before(account, shown.get(account_id))
        if not account["changed"]:
            continue
        if state is None or account.get("doubtful") or (state == ON and somebody_stops):
            not_known.append(account_id)
        else:
            back.append(Target(account_id, state, guards.get(account_id)))
    return back, not_known


@dataclass(frozen=True)
class End:
    """How a roll-out ended: what became of each account, which were not attempted, and the message."""

    accounts: tuple[Account, ...]
    not_attempted: tuple[str, ...]
    failed: bool
    msg: str


def end(last: Progress, batches: Batches, back: Sequence[Target], not_known: Sequence[str], rolled_back: Mapping[str, Any] | None, check_mode: bool) -> End:
    """Return the end.

    :param back: what was to be rolled back, `not_known` what could not be
    :param rolled_back: what the task that rolled back returned, None when none ran
    """
    reached = {account["account_id"] for account in last.accounts}
    left = [target for batch in batches for target in batch if target.account_id not in reached]
    again = settled(back, rolled_back) if rolled_back is not None else []
    new = {account["account_id"]: account for account in again}
    accounts = tuple(new.get(account["account_id"], account) for account in last.accounts)
    failed = bool(last.stop) or any(account["failed"] for account in last.accounts)
    ids_left = tuple(target.account_id for target in left)
    parts = _failures(accounts, left) + _stopped(last.stop, ids_left) + _rolled_back(again, not_known)
    if failed:
        parts.append("Look at what failed, then run again to go on: what is as wanted stays as it is.")
    else:
        parts.append(_counted(accounts, batches, check_mode))
    return End(accounts, ids_left, failed, " ".join(parts))


def read(progress: Mapping[str, Any]) -> Progress:
    """Return the progress that a dictionary tells, an empty one for the start."""
    return Progress(**dict(progress, accounts=tuple(progress["accounts"]))) if progress else Progress()


def as_dict(found: Any) -> dict[str, Any]:
    """Return a Progress or an End as a dictionary with plain lists."""
    plain = {field.name: getattr(found, field.name) for field in fields(found)}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}


def _failures(accounts: Sequence[Account], left: Sequence[Target]) -> list[str]:
    """Name what is not as wanted. An account that got no OFF is not off either; one that got no ON is named as not attempted."""
    not_off = [account["account_id"] for account in accounts if account["failed"] and account["state"] == OFF]
    not_off += [target.account_id for target in left if target.state == OFF]
    not_on = [account["account_id"] for account in accounts if account["failed"] and account["state"] == ON]
    return [f"{words}: {', '.join(ids)}." for words, ids in (("NOT proven off", not_off), ("Not on", not_on)) if ids]


def _stopped(stop: str, left: Sequence[str]) -> list[str]:
    parts = [f"Stopped: {stop}."] if stop else []
    if left:
        parts.append(f"Not attempted: {', '.join(left)}.")
    return parts


def _rolled_back(again: Sequence[Account], not_known: Sequence[str]) -> list[str]:
    parts = []
    good = [account["account_id"] for account in again if account["outcome"] == OK]
    bad = [account["account_id"] for account in again if account["outcome"] != OK]
    if good:
        parts.append(f"Rolled back: {', '.join(good)}.")
    if bad:
        parts.append(f"NOT proven to be rolled back: {', '.join(bad)}.")
    if not_known:
        words = (
            "NOT rolled back, as the state before is not known, another account may be meant, or it would get ON after somebody stopped bots: {0}."
            " Look at them in Betmatic."
        )
        parts.append(words.format(", ".join(not_known)))
    return parts


def _counted(accounts: Sequence[Account], batches: Batches, check_mode: bool) -> str:
    good = sum(account["outcome"] == OK for account in accounts)
    changed = sum(account["changed"] for account in accounts)
    words = "{0} of {1} as wanted, {2} {3}, in {4} batch{5}."
    return words.format(good, _count(len(accounts)), changed, "to change" if check_mode else "changed", len(batches), "" if len(batches) == 1 else "es")


def _counts(records: Sequence[Account]) -> list[str]:
    good = sum(record["outcome"] == OK for record in records)
    failed = sum(record["failed"] for record in records)
    rest = len(records) - good - failed
    # Only check mode leaves a rest: the tasks of a roll-out wait until nothing is pending.
    would = [f"{rest} would be sent {COMMANDS[records[0]['state']]}"] if rest else []
    return [_count(len(records)), f"{good} ok", *would, f"{failed} failed"]


def _count(number: int) -> str:
    return f"{number} account{'' if number == 1 else 's'}"


def _ended(records: Sequence[Account], result: Mapping[str, Any]) -> str:
    """Say what would end every further batch as well, empty when nothing would."""
    if any(record["http_status"] == 401 for record in records):
        return "401, the token is invalid or expired"
    if any(record["http_status"] == 403 and record["state"] == ON for record in records):
        return "403, the token may not switch bots on"
    if any(record["outcome"] == NOT_ATTEMPTED and record["failed"] for record in records):
        return "it ended before it had tried all its accounts"
    if result.get("failed") and not any(record["failed"] for record in records):
        return "its task failed for more than its accounts"
    return ""


def _marked(account: Account, doubtful: bool) -> Account:
    return dict(account, doubtful=True) if doubtful and account["outcome"] == UNKNOWN else account


def _untold(target: Target, maybe: bool) -> Account:
    nothing = dict.fromkeys(("display_name", "previous_status", "bot_status", "http_status", "message"))
    return dict(nothing, account_id=target.account_id, state=target.state, outcome=UNKNOWN if maybe else NOT_ATTEMPTED, changed=maybe, failed=True)


def _by_id(rows: Sequence[Account]) -> dict[str, Account | None]:
    """Return the rows by id; None stands for an id that is listed more than once."""
    shown: dict[str, Account | None] = {}
    for row in rows:
        shown[row["account_id"]] = None if row["account_id"] in shown else row
    return shown


def _read_again(account: Account, row: Account | None) -> Account:
    """Return the account as it was, or as one that is no longer proven."""
    if account["outcome"] != OK or _as_wanted(row, account["state"]):
        return account
    return dict(account, lost=True, outcome=UNKNOWN, failed=True, bot_status=row["bot_status"] if row else None, http_status=None, message=None)


def _as_wanted(row: Account | None, state: str) -> bool:
    if row is None or row["bot_status"] != STATUSES[state]:
        return False
    return state == ON or not row["running_sessions"]


def _found(account: Account) -> str:
    status = account["bot_status"]
    if status == STATUSES[account["state"]]:
        return f"{account['account_id']} with running sessions"
    return f"{account['account_id']} {status or 'in no status'} where {STATUSES[account['state']]} is wanted"


def _state_before(account: Account, row: Account | None) -> str | None:
    word = account["previous_status"]
    if word is None and row is not None:
        word = row["bot_status"]
    return _STATES.get(word)
