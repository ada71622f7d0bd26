# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A hold that remembers what ran, as a maintenance begins with it: read what runs, place it, or go on from one that stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from . import _account_list, _arguments, _module, _parent
from ._api.documents import AccountList
from ._errors import InputError
from ._holds import claims, door, folder, tasks
from ._holds.records import Hold, Placed, Standing
from ._switch import reader
from ._switch.proof import by_id, status_of


def place(task: _module.Task, wanted: Hold, now: datetime, named: str | None = None) -> Placed:
    """Place a hold that keeps what runs now, or go on from its own, and return it.

    Raises InputError where another hold or another run is in the way, or there is no list. In check mode nothing is written.

    :param named: the id of the hold to go on from, which another run left; None where none is named
    """
    path = task.params["holds_path"]
    found = _find_own(path, folder.read_in_time(path), wanted, now, named)
    if found is None:
        wanted = replace(wanted, ran=tasks.what_ran(_read_statuses(task), wanted.scope))
    if task.check_mode:
        return found or Placed(wanted)

    def choose(standing: Standing) -> Placed | None:
        own = _find_own(path, standing, wanted, now, named)
        if own is None and wanted.ran is None:
            raise InputError("The hold that remembers what ran was lifted a moment ago: run the task again. No hold was placed")
        return own

    return door.place_alone(path, wanted, _parent.of_this_run(), choose)


def take_over(task: _module.Task, hold_id: str) -> Placed:
    """Have this run work under a hold that remembers, to end it, and return it.

    Raises InputError where there is none, or another run is at work under it. In check mode nothing is written.
    """
    path = task.params["holds_path"]

    def choose(standing: Standing) -> Hold:
        hold = tasks.to_end(standing, hold_id)
        tasks.require_nobody_at_work(hold, _parent.state_of(claims.read(path, hold_id)))
        return hold

    if task.check_mode:
        return Placed(choose(folder.read_in_time(path)), found=True)
    return Placed(door.take_over(path, _parent.of_this_run(), choose), found=True)


def _find_own(path: str, standing: Standing, wanted: Hold, now: datetime, named: str | None) -> Placed | None:
    """Return the hold from which this run may go on, None where there is none; raises InputError where another one or another run is in the way."""
    found = tasks.instead(standing, wanted, now, _arguments.named_holds_path(path))
    if named is not None and (found is None or found.hold is None or found.hold.id != named):
        raise InputError(f"There is no hold {named} that remembers what ran of these accounts. Leave the id out to begin anew. No hold was placed")
    if found is not None and found.hold is not None:
        tasks.require_free(found.hold, _parent.state_of(claims.read(path, found.hold.id)), named)
    return found


def _read_statuses(task: _module.Task) -> dict[str, str | None]:
    """Return ids with RUNNING, STOPPED, or None where the list proves neither; raises InputError where there is no list."""
    answer = reader.list_accounts(_module.client(task), _arguments.read_reading_limits(task.params))
    if not isinstance(answer, AccountList):
        raise InputError(f"{_account_list.why_no_list(answer)} No hold was placed")
    return {account_id: status_of(row) for account_id, row in by_id(answer.rows).items()}
