# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a roll-out stands after all that happened."""

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_status
short_description: How a roll-out stands, from the list of what happened
version_added: 1.0.0
description:
  - Goes through what happened in its order, and says how a roll-out stands, whether it may go on, and what a roll back has to send.
  - Too many failed accounts stop it before the next ON, and never keep an OFF back. What would end every further batch as well, such as 401,
    stops it at once. So does a bot that was proven on and no longer runs.
  - An account that a task did not tell of has failed, and counts as changed unless nothing can have been sent to it.
author:
  - BookieOps contributors (@bookieops)
positional: _input, plan
options:
  _input:
    description:
      - What happened, a list of dictionaries with one key each.
      - C(switched), what the task of M(bookieops.betmatic.bookie_bot) for the next batch returned. Predictions of check mode never stop.
        A task that refused an option stops it, and its accounts have not been attempted.
      - C(read), what a task of M(bookieops.betmatic.bookie_account_info) for all accounts told, a dictionary of C(failed), C(msg), and the ids of the
        accounts whose bots are C(running) and C(stopped), as texts with commas. Before the first batch it tells which bots ran, after a batch it
        is the health check, after a stop it tells whether a bot may be turned on again.
      - C(tasks_failed), the name of the operator's own task that failed after a batch.
      - C(rolled_back), what the task of M(bookieops.betmatic.bookie_bot) for RV(_value.roll_back_off), then for RV(_value.roll_back_on), returned.
    type: list
    elements: dict
    required: true
  plan:
    description: The plan, from P(bookieops.betmatic.rollout_plan#filter).
    type: dict
    required: true
  roll_back:
    description: Whether a roll-out that was stopped is to be rolled back.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Switch the first batch
  bookieops.betmatic.bookie_bot:
    accounts: "{{ plan.batches[0] }}"
  register: switched
  vars:
    plan: "{{ ['123', '124'] | bookieops.betmatic.rollout_plan(state='on') }}"

- name: Show the result of the batch
  ansible.builtin.debug:
    msg: "{{ status.line }}"
  vars:
    plan: "{{ ['123', '124'] | bookieops.betmatic.rollout_plan(state='on') }}"
    happened: [{switched: "{{ switched }}"}]
    status: "{{ happened | bookieops.betmatic.rollout_status(plan) }}"
"""

RETURN = r"""
_value:
  description: How the roll-out stands.
  type: dict
  contains:
    stop:
      description: Why it must not go on. Empty when it may.
      type: str
      sample: 1 account failed, at most 0 may
    line:
      description: What the last batch did.
      type: str
      sample: "batch 3 of 20: 50 accounts, 49 ok, 1 failed"
    changed:
      description: Whether the last batch changed an account, or may have.
      type: bool
    accounts:
      description:
        - Every account of the batches so far, as RV(bookieops.betmatic.bookie_bot#module:accounts). One that was rolled back is listed with the
          state it was rolled back to.
      type: list
      elements: dict
    not_attempted:
      description: Ids of the accounts in batches that have not come.
      type: list
      elements: str
    roll_back_off:
      description: What a roll back sends first, as O(bookieops.betmatic.bookie_bot#module:accounts) takes it. Empty where nothing is to be rolled back.
      type: list
      elements: dict
    roll_back_on:
      description:
        - What a roll back may turn on again. Empty unless the list was read last, and proves that nobody
          stopped bots in the meantime.
      type: list
      elements: dict
    not_rolled_back:
      description: Ids of accounts that changed and that a roll back leaves as they are, as long as nothing else happens.
      type: list
      elements: str
    failed:
      description: Whether an account failed or something stopped the roll-out.
      type: bool
    msg:
      description: What happened. After a failure it begins with the accounts that failed, and names the next step.
      type: str
      sample: "Not on: 124. Stopped: 1 account failed, at most 0 may. Check what failed, then run again to go on: what is as wanted stays as it is."
"""

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var


def rollout_status(events, plan, roll_back=False):
    """Return how it stands as a dictionary; the service's words in it are never taken for a template."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..module_utils._errors import InputError
    from ..plugin_utils._runbooks import batches
    from ..plugin_utils._runbooks.rollout_status import status

    try:
        return wrap_var(status(batches.from_dict(plan), events, roll_back))
    except InputError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"rollout_status": rollout_status}
