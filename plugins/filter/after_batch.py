# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a roll-out stands after a batch."""

from __future__ import annotations

DOCUMENTATION = r"""
name: after_batch
short_description: How a roll-out stands after a batch
version_added: 1.0.0
description:
  - Adds what a task of M(bookieops.betmatic.bookie_bot) returned to what the batches before it did, and says whether to go on.
  - Too many failed accounts stop a roll-out before the next ON, and never keep an OFF back. What would end every further batch as well, such as 401,
    stops it at once.
  - An account that the task did not tell of has failed, and counts as changed unless nothing can have been sent to it.
author:
  - BookieOps contributors (@bookieops)
positional: _input, result, batches, number
options:
  _input:
    description: How the roll-out stands, as this filter or P(bookieops.betmatic.after_reading#filter) returned it. Empty before the first batch.
    type: dict
    required: true
  result:
    description: What the task of the batch returned.
    type: dict
    required: true
  batches:
    description: All batches, from P(bookieops.betmatic.batches#filter).
    type: list
    elements: list
    required: true
  number:
    description: Which batch it was, from 1.
    type: int
    required: true
  most_failures:
    description: How many accounts may fail.
    type: int
    default: 0
  check_mode:
    description: Whether these are predictions. They never stop.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: The first batch
  bookieops.betmatic.bookie_bot:
    accounts: "{{ batches[0] }}"
  register: switched
  vars:
    batches: "{{ ['123', '124'] | bookieops.betmatic.batches(state='on') }}"

- name: How it stands
  ansible.builtin.debug:
    msg: "{{ ({} | bookieops.betmatic.after_batch(switched, batches, 1)).line }}"
  vars:
    batches: "{{ ['123', '124'] | bookieops.betmatic.batches(state='on') }}"
"""

RETURN = r"""
_value:
  description: How the roll-out stands.
  type: dict
  contains:
    accounts:
      description: Every account of the batches so far, as RV(bookieops.betmatic.bookie_bot#module:accounts).
      type: list
      elements: dict
    line:
      description: What the last batch did.
      type: str
      sample: "batch 3 of 20: 50 accounts, 49 ok, 1 failed"
    changed:
      description: Whether the last batch changed an account, or may have.
      type: bool
    stop:
      description: Why it must not go on. Empty when it may.
      type: str
      sample: 1 account failed, at most 0 may
"""

from ansible.utils.unsafe_proxy import wrap_var

from ..plugin_utils._runbooks import batches as _batches
from ..plugin_utils._runbooks import rollout


def after_batch(progress, result, batches, number, most_failures=0, check_mode=False):
    """Return how the roll-out stands as a dictionary; up to ansible-core 2.18 a variable keeps a number as text."""
    targets = _batches.as_targets(batches)
    return wrap_var(rollout.as_dict(rollout.after_batch(rollout.read(progress), result, targets, int(number), int(most_failures), check_mode)))


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"after_batch": after_batch}
