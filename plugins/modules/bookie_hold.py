#!/usr/bin/python
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Holds: while one stands, no ON of this collection goes to its accounts."""

from __future__ import annotations

DOCUMENTATION = r"""
module: bookie_hold
short_description: Place or lift a hold, which keeps the bots of accounts off
version_added: 1.0.0
description:
  - A hold is a file in the folder O(holds_path). While it stands, no task of this collection sends ON to the accounts that it names. Such a task
    fails with the outcome V(held) for them, and sends them no ON from then on.
  - OFF is never kept back, nor is reading the list.
  - Several holds may stand at once. An account is free when no hold concerns it.
  - Placing a hold switches nothing. It waits until no ON is under way that asked before, for O(timeout) seconds at most. Where one still is after that,
    the hold stands and the task fails.
  - Lifting a hold lifts that one hold, and starts nothing.
  - Whatever cannot be read in the folder keeps every ON back. It can be lifted by the name of its file without C(.json).
author:
  - BookieOps contributors (@bookieops)
extends_documentation_fragment:
  - bookieops.betmatic.connection
  - bookieops.betmatic.attributes
attributes:
  check_mode:
    support: full
    details:
      - Writes nothing. With O(remember) the list of accounts is read.
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - A hold of the same name, accounts, service and end that stands already is found, and no other one is placed.
options:
  state:
    description:
      - V(present) places a hold, V(absent) lifts one.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - What the hold is for, such as V(emergency_stop). Required to place one.
      - 1 to 64 letters, digits, C(_), C(.) and C(-).
    type: str
  account_id:
    description:
      - The accounts that are held. Exactly one of this and O(all_accounts) to place a hold.
    type: list
    elements: str
    aliases: [account_ids]
  all_accounts:
    description: Hold every account of the service.
    type: bool
    default: false
  reason:
    description:
      - Why. Required to lift a hold. It is shown wherever an ON is kept back.
    type: str
  hold_until:
    description:
      - The end of a planned freeze, with its time zone, such as V(2026-11-21T18:00:00Z).
      - If not set, the hold stands until somebody lifts it.
    type: str
  remember:
    description:
      - Read the list of accounts first, and keep in the hold which of them run.
      - Where the list cannot be read, or does not show it for each account, no hold is placed and the task fails.
      - Nor is it where another hold remembers some of the same accounts. Their bots are off, so that what ran can no longer be read.
      - A hold of the same name, accounts and service that remembers is gone on from, with what ran when it was placed, by the run that placed it.
        Another run goes on from it only where it is named with O(id) and the run that placed it has ended on this machine. Otherwise the task fails.
        A run that has ended was not always interrupted. Somebody may work by hand.
      - With O(id) and neither O(name) nor accounts, this run takes the hold over to end it. The task fails while another run on this machine is at
        work under it.
      - With O(state=absent), the hold is lifted only while this run works under it.
    type: bool
    default: false
  id:
    description:
      - The hold to lift. Required to lift one.
      - With O(remember), the hold to go on from or to take over.
    type: str
notes:
  - The token is needed with O(remember) alone.
  - The ONs of a task with C(override_hold) pass a hold that remembers only while their run works under it.
  - A hold binds this collection alone. Bots can still be switched on in Betmatic and by other tools.
seealso:
  - module: bookieops.betmatic.bookie_hold_info
  - module: bookieops.betmatic.bookie_bot
"""

EXAMPLES = r"""
- name: Freeze two accounts until the evening
  bookieops.betmatic.bookie_hold:
    name: race_day
    account_id: ["123", "124"]
    hold_until: "2099-11-21T18:00:00Z"
    reason: CHG-1042 race-day freeze
  register: freeze

- name: Lift that hold
  bookieops.betmatic.bookie_hold:
    state: absent
    id: "{{ freeze.hold_id }}"
    reason: The race is over
"""

RETURN = r"""
msg:
  description: What happened, and after a failure the next step.
  returned: always
  type: str
  sample: Lifted the hold 20261121T080002-kqzt (emergency_stop, over all accounts of https://betmatic.app/api). No bot was started.
hold:
  description: The hold that was placed, found or lifted. Null where there is none, or its file could not be read.
  returned: always
  type: dict
  contains:
    version: {description: The version of the file's format., type: int}
    id:
      description: The hold. Null in check mode for one that would be placed.
      type: str
      sample: 20261121T080002-kqzt
    name: {description: What it is for., type: str, sample: emergency_stop}
    placed_at: {description: "When it was placed, in UTC.", type: str, sample: "2026-11-21T08:00:02Z"}
    placed_by:
      description: Who placed it, by the operating system.
      type: str
      sample: ops
    host: {description: The machine on which it was placed., type: str, sample: controller1}
    reason: {description: Why., type: str, sample: CHG-1042 race-day freeze}
    scope:
      description: V(all), or the list of the ids.
      type: raw
      sample: ["123", "124"]
    api_url:
      description: The service whose accounts are held.
      type: str
      sample: https://betmatic.app/api
    until:
      description: When it ends by itself. Null when it does not.
      type: str
      sample: "2099-11-21T18:00:00Z"
    ran:
      description: Which accounts ran before, with O(remember). Null without.
      type: list
      elements: str
      sample: ["123"]
hold_id:
  description: The id of the hold.
  returned: always
  type: str
  sample: 20261121T080002-kqzt
api_url:
  description: The service that this task is for. Null where O(api_url) cannot be used.
  returned: always
  type: str
  sample: https://betmatic.app/api
reason:
  description: O(reason) as given.
  returned: always
  type: str
  sample: CHG-1042 race-day freeze
token_expires:
  description: The token's own expiry in RFC 3339. Null when it has none, or no token is given.
  returned: always
  type: str
  sample: "2026-12-31T23:59:59Z"
"""

import os

from ansible.module_utils.basic import AnsibleModule

from ..module_utils import _arguments, _module, _parent, _remembering
from ..module_utils._errors import InputError
from ..module_utils._holds import decisions, door, folder, records, tasks
from ..module_utils._switch import report


def argument_spec():
    """Return the module's argument spec."""
    return dict(
        _arguments.connection_spec(),
        **_arguments.account_id_spec(),
        state={"type": "str", "choices": ["present", "absent"], "default": "present"},
        name={"type": "str"},
        all_accounts={"type": "bool", "default": False},
        reason={"type": "str"},
        hold_until={"type": "str"},
        remember={"type": "bool", "default": False},
        id={"type": "str"},
    )


def place(module):
    """Validate everything, then place the hold, or find the one that stands; returns the result."""
    params, named, now = module.params, _arguments.named_holds_path(module.params["holds_path"]), folder.now()
    if params["id"] is not None and not params["remember"]:
        raise InputError("id is for state=absent, or for remember: a new hold gets an id of its own")
    if params["id"] is not None and not params["all_accounts"] and all(params[one] is None for one in ("name", "account_id", "hold_until")):
        return tasks.result_of_placing(_remembering.take_over(module, params["id"]), module.check_mode, path=named)
    if params["name"] is None:
        raise InputError("name is missing: say what the hold is for, such as emergency_stop")
    wanted = folder.new_hold(
        params["name"],
        _arguments.read_url(params),
        tasks.read_scope(params["account_id"], params["all_accounts"]),
        now,
        until=None if params["hold_until"] is None else records.read_until(params["hold_until"], now),
        reason=params["reason"],
    )
    seconds = _arguments.read_seconds(params, "timeout")
    if params["remember"]:
        placed = _remembering.place(module, wanted, now, params["id"])
    elif module.check_mode:
        found = decisions.found(folder.read_in_time(params["holds_path"]), wanted, now)
        placed = records.Placed(found or wanted, found=found is not None)
    else:
        placed = door.place(params["holds_path"], wanted, now)
    waits = placed.hold is not None and not module.check_mode
    return tasks.result_of_placing(placed, module.check_mode, door.everybody_is_out(params["holds_path"], seconds) if waits else None, named)


def lift(module):
    """Validate everything, then lift the one hold; returns the result."""
    params, path, hold_id = module.params, module.params["holds_path"], module.params["id"]
    given = [name for name in ("name", "account_id", "hold_until") if params[name] is not None]
    given += ["all_accounts"] if params["all_accounts"] else []
    if given:
        raise InputError(f"{' and '.join(given)} cannot be used to lift a hold: give id and reason. There is no way to lift several at once")
    if hold_id is None or not folder.is_liftable(hold_id):
        raise InputError(f"id {hold_id!r} is not a valid id of a hold: bookie_hold_info and every task that is held name it")
    if not any(character.isalnum() for character in records.clean(params["reason"] or "")):
        raise InputError("reason is missing: say why the hold may be lifted")
    standing = folder.read_in_time(path)
    hold = next((one for one in standing.holds if one.id == hold_id), None)
    if hold is None and not any(one.id == hold_id for one in standing.broken):
        return not_standing(standing, path, hold_id)
    if not module.check_mode:
        try:
            folder.in_time(_lifting(params), folder.PATIENCE)
        except OSError as error:
            return after_failure(path, hold_id, hold, error)
    return tasks.result_of_lifting(hold_id, hold, module.check_mode)


def _lifting(params):
    """Return what lifts the hold: with `remember` only while this run works under it."""
    path, hold_id, reason = params["holds_path"], params["id"], params["reason"]
    if params["remember"]:
        run = _parent.of_this_run()
        return lambda: door.lift_own(path, hold_id, run, reason, folder.now())
    return lambda: door.lift(path, hold_id, reason, folder.now())


def after_failure(path, hold_id, hold, error):
    """Return the result where lifting failed or took too long: the hold may be lifted all the same."""
    there, words = folder.is_there(path, hold_id), error.strerror or error
    if there is False:
        return tasks.result_of_lifting(hold_id, hold, False)
    if there is None or isinstance(error, TimeoutError):
        return tasks.result_of_unknown_lifting(hold_id, f"{path}: {words}")
    raise InputError(f"The hold {hold_id} was not lifted: {words}. It stands; see who owns {path} and its files") from None


def not_standing(standing, path, hold_id):
    """Return the result for a hold that does not stand: lifted before, or never placed."""
    if os.path.lexists(os.path.join(path, folder.LIFTED, hold_id + ".json")):
        return tasks.result(f"The hold {hold_id} was lifted before.")
    if standing.broken:
        way_out = decisions.way_out(standing.broken[0], _arguments.named_holds_path(path))
        raise InputError(f"The hold {hold_id} was not found: {decisions.words(standing.broken[0])}. {way_out} Nothing was lifted")
    stands = ", ".join(hold.id for hold in standing.holds) or "none"
    raise InputError(f"There is no hold {hold_id} in {path}. Holds that stand: {stands}")


def result_of(task):
    """Return the task's result, whatever happens; the difference only where it was asked for."""
    result = _module.result_of(
        task,
        lambda: lift(task) if task.params["state"] == "absent" else place(task),
        lambda reason: tasks.result(reason, failed=True),
        lambda error: tasks.result(report.fault(error) + ". See bookie_hold_info for what stands.", changed=True, failed=True),
    )
    result.update(reason=task.params["reason"], api_url=_arguments.usable_url(task.params))
    return _module.as_asked(task, result)


def main():
    """Run as an Ansible module."""
    module = AnsibleModule(argument_spec(), supports_check_mode=True)
    _module.end(module, result_of(module))


if __name__ == "__main__":
    main()
