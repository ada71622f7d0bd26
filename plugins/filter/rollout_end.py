# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a roll-out ended."""

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_end
short_description: How a roll-out ended
version_added: 1.0.0
description:
  - Names what became of each account, what was not attempted and what was rolled back, and says whether the roll-out failed.
author:
  - BookieOps contributors (@bookieops)
positional: _input, batches
options:
  _input:
    description: How the roll-out stands, as P(bookieops.betmatic.after_batch#filter) or P(bookieops.betmatic.after_reading#filter) returned it.
    type: dict
    required: true
  batches:
    description: All batches, from P(bookieops.betmatic.batches#filter).
    type: list
    elements: list
    required: true
  undo:
    description: What was to be rolled back, from P(bookieops.betmatic.states_before#filter). Not set where nothing was to be.
    type: dict
  rolled_back:
    description: What the task that rolled back returned. Not set when none ran.
    type: dict
  check_mode:
    description: Whether these are predictions.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Two bots on
  bookieops.betmatic.bookie_bot:
    accounts: "{{ batches[0] }}"
  register: switched
  vars:
    batches: "{{ ['123', '124'] | bookieops.betmatic.batches(state='on') }}"

- name: How it ended
  ansible.builtin.debug:
    msg: "{{ (progress | bookieops.betmatic.rollout_end(batches)).msg }}"
  vars:
    batches: "{{ ['123', '124'] | bookieops.betmatic.batches(state='on') }}"
    progress: "{{ {} | bookieops.betmatic.after_batch(switched, batches, 1) }}"
"""

RETURN = r"""
_value:
  description: The end.
  type: dict
  contains:
    accounts:
      description: What became of each account that was attempted. One that was rolled back stands there with the state it was rolled back to.
      type: list
      elements: dict
    not_attempted:
      description: Ids of the accounts in batches that did not come.
      type: list
      elements: str
    failed:
      description: Whether an account failed or something stopped the roll-out.
      type: bool
    msg:
      description: What happened. After a failure it begins with the accounts that failed, and names the next step.
      type: str
      sample: "Not on: 124. Stopped: 1 account failed, at most 0 may. Look at what failed, then run again to go on: what is as wanted stays as it is."
"""

from ansible.utils.unsafe_proxy import wrap_var

from ..plugin_utils._runbooks import batches as _batches
from ..plugin_utils._runbooks import rollout


def rollout_end(progress, batches, undo=None, rolled_back=None, check_mode=False):
    """Return the end as a dictionary."""
    undo = undo or {"accounts": [], "not_known": []}
    back = _batches.as_targets([undo["accounts"]])[0]
    ended = rollout.end(rollout.read(progress), _batches.as_targets(batches), back, undo["not_known"], rolled_back, check_mode)
    return wrap_var(rollout.as_dict(ended))


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"rollout_end": rollout_end}
