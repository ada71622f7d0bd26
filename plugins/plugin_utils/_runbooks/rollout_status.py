# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a roll-out stands -> what its role acts on and what its operator reads. Pure."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ...module_utils._api.documents import OFF, ON
from ...module_utils._switch.records import OK, Target
from ...module_utils._switch.report import count_of_accounts
from .batches import Plan, as_entry
from .roll_back import Account, Undo
from .rollout import Event, Progress, after, to_roll_back


def status(plan: Plan, events: Sequence[Event], roll_back: bool) -> dict[str, Any]:
    """Return how the roll-out stands after the events; raises InputError.

    :param roll_back: whether it is to be rolled back when it is stopped
    """
    progress = after(plan, events)
    left = [target for batch in plan.batches[progress.number :] for target in batch]
    undo = to_roll_back(plan, progress) if roll_back else Undo()
    accounts = _at_last(progress)
    return {
        "stop": progress.stop,
        "line": progress.line,
        "changed": progress.changed,
        "accounts": accounts,
        "not_attempted": [target.account_id for target in left],
        "roll_back_off": [as_entry(target) for target in undo.off],
        "roll_back_on": [as_entry(target) for target in undo.on],
        "not_rolled_back": [*undo.waiting, *undo.not_known],
        "failed": _failed(progress),
        "msg": _message(plan, progress, accounts, left, undo),
    }


def _failed(progress: Progress) -> bool:
    return bool(progress.stop) or any(account["failed"] for account in progress.accounts)


def _at_last(progress: Progress) -> list[Account]:
    """Return each account as the last task that told of it did."""
    new = {account["account_id"]: account for account in progress.again}
    return [new.get(account["account_id"], account) for account in progress.accounts]


def _message(plan: Plan, progress: Progress, accounts: Sequence[Account], left: Sequence[Target], undo: Undo) -> str:
    failed = _failed(progress)
    parts = _failures(accounts, left)
    if progress.stop:
        parts.append(f"Stopped: {progress.stop}.")
    if left:
        parts.append(f"Not attempted: {_ids(left)}.")
    parts += _rolled_back(progress, undo)
    if failed:
        parts.append("Check what failed, then run again to go on: what is as wanted stays as it is.")
    else:
        parts.append(_counted(plan, accounts, progress.predicted))
    return " ".join(parts)


def _failures(accounts: Sequence[Account], left: Sequence[Target]) -> list[str]:
    """Name what is not as wanted. An account that got no OFF is not off either; one that got no ON is named as not attempted."""
    not_off = [account["account_id"] for account in accounts if account["failed"] and account["state"] == OFF]
    not_off += [target.account_id for target in left if target.state == OFF]
    not_on = [account["account_id"] for account in accounts if account["failed"] and account["state"] == ON]
    return [f"{words}: {', '.join(ids)}." for words, ids in (("NOT proven off", not_off), ("Not on", not_on)) if ids]


def _rolled_back(progress: Progress, undo: Undo) -> list[str]:
    good = [account for account in progress.again if account["outcome"] == OK]
    bad = [account for account in progress.again if account["outcome"] != OK]
    to_do = [*undo.off, *undo.on]
    words = (
        ("Rolled back: {0}.", _named(good)),
        ("NOT proven to be rolled back: {0}.", _named(bad)),
        ("NOT rolled back yet: {0}.", _ids(to_do)),
        ("NOT turned on again: {0}, as {1}. Check them in Betmatic.", ", ".join(undo.waiting)),
        ("NOT rolled back, as the state before is not known or another account may be meant: {0}. Check them in Betmatic.", ", ".join(undo.not_known)),
    )
    return [sentence.format(ids, undo.why) for sentence, ids in words if ids]


def _named(accounts: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(account["account_id"] for account in accounts)


def _ids(targets: Sequence[Target]) -> str:
    return ", ".join(target.account_id for target in targets)


def _counted(plan: Plan, accounts: Sequence[Account], predicted: bool) -> str:
    good = sum(account["outcome"] == OK for account in accounts)
    changed = sum(account["changed"] for account in accounts)
    words = "{0} of {1} as wanted, {2} {3}, in {4} batch{5}."
    total = len(plan.batches)
    return words.format(good, count_of_accounts(len(accounts)), changed, "to change" if predicted else "changed", total, "" if total == 1 else "es")
