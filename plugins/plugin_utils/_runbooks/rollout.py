# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a roll-out stands: a fold over the list of what happened, in its order. Pure.

Accounts are those that bookie_bot returned, as dictionaries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Mapping, Sequence

from ...module_utils._api.documents import COMMANDS, OFF, ON, RUNNING, STATUSES, STOPPED
from ...module_utils._errors import NOTHING_SENT, InputError
from ...module_utils._switch.records import NOT_ATTEMPTED, OK, UNKNOWN, Target
from ...module_utils._switch.report import DO_NOT_REPEAT, count_of_accounts, verdict
from .batches import Plan
from .roll_back import Account, Statuses, Undo, undo

# What may happen: the task of a batch ended, the list was read, a task of the operator failed, the task of a roll back ended.
SWITCHED, READ, TASKS_FAILED, ROLLED_BACK = "switched", "read", "tasks_failed", "rolled_back"
KINDS = (SWITCHED, READ, TASKS_FAILED, ROLLED_BACK)

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Progress:
    """What is known after some events: the accounts of the batches so far, the last batch's line and whether it changed anything.

    `predicted`: the last batch was one of check mode. `stop` says why it must not go on, and is empty when it may. `before` is the list before the
    first batch, `now` the list where nothing happened since it was read; None stands for no list. `again` are the accounts that were rolled back.
    """

    number: int = 0
    accounts: tuple[Account, ...] = ()
    line: str = ""
    changed: bool = False
    predicted: bool = False
    stop: str = ""
    before: Statuses | None = None
    now: Statuses | None = None
    again: tuple[Account, ...] = ()


def after(plan: Plan, events: Sequence[Event]) -> Progress:
    """Return how it stands after the events; raises InputError for what cannot have happened."""
    progress = Progress()
    for event in events:
        kind, what = _read(event)
        if kind == SWITCHED:
            progress = _after_batch(plan, progress, what)
        elif kind == READ:
            progress = _after_reading(plan, progress, what)
        elif kind == TASKS_FAILED:
            progress = replace(progress, now=None, stop=f"the task '{what}' of bookie_batch_tasks failed after batch {progress.number}")
        else:
            progress = _after_roll_back(plan, progress, what)
    return progress


def to_roll_back(plan: Plan, progress: Progress) -> Undo:
    """Return what a stopped roll-out has to roll back, without what was rolled back already."""
    if not progress.stop:
        return Undo()
    guards = {target.account_id: target.display_name for batch in plan.batches for target in batch}
    whole = undo(progress.accounts, guards, progress.before, progress.now)
    done = {account["account_id"] for account in progress.again}
    off, on = ([target for target in targets if target.account_id not in done] for targets in (whole.off, whole.on))
    waiting = tuple(account_id for account_id in whole.waiting if account_id not in done)
    return replace(whole, off=tuple(off), on=tuple(on), waiting=waiting)


def settled(batch: Sequence[Target], result: Mapping[str, Any]) -> tuple[Account, ...]:
    """Return exactly one account for each target, also where the task broke before it could tell of them."""
    told = {account["account_id"]: account for account in result.get("accounts") or ()}
    # Another account may have got the command: a second one, back, could reach it as well.
    doubtful = DO_NOT_REPEAT in str(result.get("msg"))
    # A result without accounts is not ours: the module may have been killed while it sent.
    maybe = "accounts" not in result or bool(result.get("changed"))
    return tuple(_marked(told[target.account_id], doubtful) if target.account_id in told else _untold(target, maybe) for target in batch)


def _read(event: Event) -> tuple[str, Any]:
    if not isinstance(event, Mapping) or len(event) != 1 or next(iter(event)) not in KINDS:
        raise InputError(f"an event is not one of {', '.join(KINDS)}: give each event as a dictionary with one of these keys")
    return next(iter(event.items()))


def _after_batch(plan: Plan, progress: Progress, result: Mapping[str, Any]) -> Progress:
    """Too many failed accounts never keep an OFF back: they stop it before the next ON, or at its end. Predictions never stop it.

    A task that was refused would be refused for each batch, also in check mode.
    """
    number = progress.number + 1
    if number > len(plan.batches):
        raise InputError(f"batch {number} was switched, and the plan has only {len(plan.batches)}: give the plan that the batches came from")
    predicted = bool(result.get("check_mode"))
    if _is_refused(result):
        # Its accounts are those of a batch that has not come.
        line = f"batch {number} of {len(plan.batches)}: refused, nothing was sent"
        return replace(progress, line=line, changed=False, predicted=predicted, stop=progress.stop or _why_refused(number, result), now=None)
    records = settled(plan.batches[number - 1], result)
    accounts = progress.accounts + records
    line = f"batch {number} of {len(plan.batches)}: {', '.join(_counts(records))}"
    stop = "" if predicted else _ended(records, result) or _too_many(plan, accounts, number)
    changed = any(record["changed"] for record in records)
    return replace(
        progress, number=number, accounts=accounts, line=line, changed=changed, predicted=predicted, stop=progress.stop or stop, now=None
    )


def _after_reading(plan: Plan, progress: Progress, result: Mapping[str, Any]) -> Progress:
    """Before the first batch it is what ran before; after a stop only what a roll back has to know; else a health check."""
    listed = _listed(result)
    if not progress.number:
        return replace(progress, before=listed)
    progress = replace(progress, now=listed)
    if progress.stop:
        return progress
    if listed is not None:
        return _after_health_check(plan, progress, listed)
    why = f"the health check could not be made: {str(result.get('msg')).rstrip('.')}"
    return progress if _off_is_next(plan, progress.number) else replace(progress, stop=why)


def _listed(result: Mapping[str, Any]) -> Statuses | None:
    """Return what a list that was read proves, None where it could not be read."""
    if result.get("failed") or "running" not in result or "stopped" not in result:
        return None
    shown = ((RUNNING, result["running"]), (STOPPED, result["stopped"]))
    # An empty text is no account: one that "runs" would pass for the bot that shows that nobody stopped bots.
    return {account_id: status for status, ids in shown for account_id in ids.split(",") if account_id}


def _after_health_check(plan: Plan, progress: Progress, listed: Statuses) -> Progress:
    """An account that was proven and is no longer as wanted has failed.

    A bot that was proven on and is not any more stops it, whatever the limit: somebody may have ordered the emergency stop.
    """
    accounts = tuple(_read_again(account, listed.get(account["account_id"])) for account in progress.accounts)
    lost = [new for old, new in zip(progress.accounts, accounts) if new is not old]
    limit = _too_many(plan, accounts, progress.number)
    if lost and (limit or any(account["state"] == ON for account in lost)):
        found = f"the health check found {', '.join(_found(account) for account in lost)}"
        return replace(progress, accounts=accounts, stop="; ".join(filter(None, (found, limit))))
    return replace(progress, accounts=accounts, stop=limit)


def _after_roll_back(plan: Plan, progress: Progress, result: Mapping[str, Any]) -> Progress:
    """The OFFs are rolled back before the first ON, in a task of their own."""
    asked = to_roll_back(plan, progress)
    return replace(progress, again=progress.again + settled(asked.off or asked.on, result), now=None)


def _too_many(plan: Plan, accounts: Sequence[Account], number: int) -> str:
    """Say that more accounts failed than may; empty when not, and while the batch after this number sends OFF."""
    failed = sum(account["failed"] for account in accounts)
    return "" if failed <= plan.most_failures or _off_is_next(plan, number) else f"{count_of_accounts(failed)} failed, at most {plan.most_failures} may"


def _off_is_next(plan: Plan, number: int) -> bool:
    return number < len(plan.batches) and plan.batches[number][0].state == OFF


def _counts(records: Sequence[Account]) -> list[str]:
    good = sum(record["outcome"] == OK for record in records)
    failed = sum(record["failed"] for record in records)
    rest = len(records) - good - failed
    # Only check mode leaves a rest: the tasks of a roll-out wait until nothing is pending.
    would = [f"{rest} would be sent {COMMANDS[records[0]['state']]}"] if rest else []
    return [count_of_accounts(len(records)), f"{good} ok", *would, f"{failed} failed"]


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


def _is_refused(result: Mapping[str, Any]) -> bool:
    """Tell whether the task refused an option and so sent nothing. A result without the key is not ours."""
    return bool(result.get("failed")) and not result.get("changed") and "accounts" in result and not result["accounts"]


def _why_refused(number: int, result: Mapping[str, Any]) -> str:
    # That nothing was sent is true of this batch alone.
    why = str(result.get("msg")).removesuffix(NOTHING_SENT).strip().rstrip(".")
    return f"the task of batch {number} was refused: {why}"


def _marked(account: Account, doubtful: bool) -> Account:
    return dict(account, doubtful=True) if doubtful and account["outcome"] == UNKNOWN else account


def _untold(target: Target, maybe: bool) -> Account:
    nothing = dict.fromkeys(("display_name", "previous_status", "bot_status", "http_status", "message"))
    outcome = UNKNOWN if maybe else NOT_ATTEMPTED
    account = dict(nothing, account_id=target.account_id, state=target.state, outcome=outcome, changed=maybe, failed=True)
    return _with_verdict(account, "its task told nothing of it")


def _read_again(account: Account, status: str | None) -> Account:
    """Return the account as it was, or as one that is no longer proven."""
    if account["outcome"] != OK or status == STATUSES[account["state"]]:
        return account
    lost = dict(account, lost=True, outcome=UNKNOWN, failed=True, bot_status=status, http_status=None, message=None)
    return _with_verdict(lost, "the list no longer shows it so")


def _with_verdict(account: dict[str, Any], why: str) -> Account:
    return dict(account, verdict=verdict(account, why))


def _found(account: Account) -> str:
    return f"{account['account_id']} {account['bot_status'] or 'in no proven status'} where {STATUSES[account['state']]} is wanted"
