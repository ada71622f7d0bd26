# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a roll-out stands after a health check."""

from __future__ import annotations

DOCUMENTATION = r"""
name: after_reading
short_description: How a roll-out stands after a health check
version_added: 1.0.0
description:
  - Compares one reading of the list with the accounts that the batches proved. One that is no longer as wanted has failed.
  - A bot that was proven on and is not any more stops the roll-out, whatever O(most_failures).
  - Too many failed accounts, and a reading that failed, stop it before the next ON, and never keep an OFF back.
author:
  - BookieOps contributors (@bookieops)
positional: _input, result, batches, number
options:
  _input:
    description: How the roll-out stands, as this filter or P(bookieops.betmatic.after_batch#filter) returned it.
    type: dict
    required: true
  result:
    description: What a task of M(bookieops.betmatic.bookie_account_info) returned.
    type: dict
    required: true
  batches:
    description: All batches, from P(bookieops.betmatic.batches#filter).
    type: list
    elements: list
    required: true
  number:
    description: After which batch it is, from 1.
    type: int
    required: true
  most_failures:
    description: How many accounts may fail.
    type: int
    default: 0
"""

EXAMPLES = r"""
- name: One bot on
  bookieops.betmatic.bookie_bot:
    accounts: "{{ batches[0] }}"
  register: switched
  vars:
    batches: "{{ ['123'] | bookieops.betmatic.batches(state='on') }}"

- name: What runs now
  bookieops.betmatic.bookie_account_info:
  register: reading

- name: Whether it still runs
  ansible.builtin.debug:
    msg: "{{ progress | bookieops.betmatic.after_reading(reading, batches, 1) }}"
  vars:
    batches: "{{ ['123'] | bookieops.betmatic.batches(state='on') }}"
    progress: "{{ {} | bookieops.betmatic.after_batch(switched, batches, 1) }}"
"""

RETURN = r"""
_value:
  description: How the roll-out stands, with the values that P(bookieops.betmatic.after_batch#filter) returns.
  type: dict
"""

from ansible.utils.unsafe_proxy import wrap_var

from ..plugin_utils._runbooks import batches as _batches
from ..plugin_utils._runbooks import rollout


def after_reading(progress, result, batches, number, most_failures=0):
    """Return how the roll-out stands as a dictionary; up to ansible-core 2.18 a variable keeps a number as text."""
    targets = _batches.as_targets(batches)
    return wrap_var(rollout.as_dict(rollout.after_reading(rollout.read(progress), result, targets, int(number), int(most_failures))))


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"after_reading": after_reading}
