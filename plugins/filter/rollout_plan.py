# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a roll-out is asked for, as a plan."""

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_plan
short_description: Accounts in batches, the canary first, and how many may fail
version_added: 1.0.0
description:
  - Divides accounts into batches for a gradual change. Every account is in exactly one batch, and their order is kept.
  - Every OFF goes before the first ON. Each direction begins with its canary.
  - Checks each account as M(bookieops.betmatic.bookie_bot) does, and fails before anything is sent.
author:
  - BookieOps contributors (@bookieops)
positional: _input
options:
  _input:
    description: A list of ids, or of entries with C(account_id), C(state) and, as a guard, C(display_name). A text is an error.
    type: list
    elements: raw
    required: true
  state:
    description: The wanted state of entries that have none of their own.
    type: str
    choices: ['on', 'off']
  canary:
    description:
      - How many accounts of each direction go first. A number, or a percentage of all accounts, rounded down, but at least one account.
      - V(0) and V(0%) for none.
    type: raw
    default: 1
  batch_size:
    description: Accounts in a batch after the canary. A number, or a percentage of all accounts, rounded down, but at least one account.
    type: raw
    default: 10%
  max_failures:
    description: How many accounts may fail. A number, or a percentage of all accounts, rounded down.
    type: raw
    default: 0
"""

EXAMPLES = r"""
- name: Show three batches
  ansible.builtin.debug:
    msg: "{{ plan.batches }}"
  vars:
    plan: >-
      {{ ['123', '124', '125']
      | bookieops.betmatic.rollout_plan(state='on', batch_size=1) }}
"""

RETURN = r"""
_value:
  description: The plan.
  type: dict
  contains:
    batches:
      description: The batches, each as O(bookieops.betmatic.bookie_bot#module:accounts) takes it.
      type: list
      elements: list
      sample:
        - [{account_id: "123", state: "on"}]
        - [{account_id: "124", state: "on"}]
        - [{account_id: "125", state: "on"}]
    most_failures:
      description: How many accounts may fail.
      type: int
      sample: 0
"""

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var


def rollout_plan(targets, state=None, canary=1, batch_size="10%", max_failures=0):
    """Return the plan as a dictionary; nothing in it is ever taken for a template."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..module_utils._errors import NOTHING_SENT, InputError
    from ..plugin_utils._runbooks import batches

    try:
        return wrap_var(batches.as_dict(batches.plan(targets, state, canary, batch_size, max_failures)))
    except InputError as error:
        raise AnsibleFilterError(f"{error}. {NOTHING_SENT}") from None


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"rollout_plan": rollout_plan}
