# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What rolls a roll-out back, and what is better left as it is. Pure.

OFF is always rolled back to. ON goes only to a bot that this run turned off, and only where a fresh list proves that nobody stopped bots in the meantime.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from ...module_utils._api.documents import OFF, ON, RUNNING, STOPPED
from ...module_utils._switch.records import Target

Account = Mapping[str, Any]
# What the list proves: RUNNING or STOPPED by account id. Of an account that is not there it proves nothing.
Statuses = Mapping[str, str]

# The service's words from which the state before follows. Another word, such as STARTING, is on its way to either.
_STATES = {RUNNING: ON, STOPPED: OFF}


@dataclass(frozen=True)
class Undo:
    """What is to be rolled back: `off` and `on` may be sent now.

    `waiting` would get ON and does not, for the reason in `why`; `not_known` cannot be rolled back.
    """

    off: tuple[Target, ...] = ()
    on: tuple[Target, ...] = ()
    waiting: tuple[str, ...] = ()
    why: str = ""
    not_known: tuple[str, ...] = ()


def undo(accounts: Sequence[Account], guards: Mapping[str, str | None], before: Statuses | None, now: Statuses | None) -> Undo:
    """Return what rolls back the accounts that changed or may have.

    :param guards: the display_name that each account must have
    :param before: the list before the first batch, None where there was none
    :param now: the list as it is, None where anything happened since it was read
    """
    off: list[Target] = []
    on: list[Target] = []
    not_known: list[str] = []
    for account in accounts:
        state = _state_before(account, (before or {}).get(account["account_id"]))
        if not account["changed"] or state == account["state"] == ON:
            continue
        if state is None or account.get("doubtful"):
            not_known.append(account["account_id"])
        else:
            (on if state == ON else off).append(Target(account["account_id"], state, guards.get(account["account_id"])))
    why = why_no_on(accounts, before, now) if on else ""
    waiting = tuple(target.account_id for target in on) if why else ()
    return Undo(tuple(off), () if why else tuple(on), waiting, why, tuple(not_known))


def why_no_on(accounts: Sequence[Account], before: Statuses | None, now: Statuses | None) -> str:
    """Say why no bot may be turned on again; empty when one may.

    Every bot that ran before, and that this run did not turn off, must run still. Where there was none, a stop would leave no trace.
    """
    if before is None or now is None:
        return "without a list it is not known whether somebody stopped bots in the meantime"
    lost = [account["account_id"] for account in accounts if account.get("lost") and account["state"] == ON]
    turned_off = {account["account_id"] for account in accounts if account["state"] == OFF and account["changed"]}
    ran = [account_id for account_id, status in before.items() if status == RUNNING and account_id not in turned_off]
    gone = lost + [account_id for account_id in ran if now.get(account_id) != RUNNING]
    if gone:
        return f"somebody may have stopped bots in the meantime: {', '.join(dict.fromkeys(gone))} ran, and no longer does"
    return "" if ran else "no other bot ran that would show whether somebody stopped all bots in the meantime"


def _state_before(account: Account, listed: str | None) -> str | None:
    return _STATES.get(account["previous_status"] or listed or "")
