# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a roll-out has to undo."""

from __future__ import annotations

DOCUMENTATION = r"""
name: states_before
short_description: The accounts that changed, with the states they had before
version_added: 1.0.0
description:
  - Names what rolls a roll-out back. Only accounts that it changed or may have changed, each with the state it had before.
  - The state before is the service's own C(previous_status). Where that is not known, because an answer was lost, it is what the list showed before the
    first batch. In that list a bot that was just starting looks stopped.
author:
  - BookieOps contributors (@bookieops)
positional: _input, rows, batches
options:
  _input:
    description: The accounts that the batches switched, as RV(bookieops.betmatic.bookie_bot#module:accounts).
    type: list
    elements: dict
    required: true
  rows:
    description: RV(bookieops.betmatic.bookie_account_info#module:accounts) from before the first batch. Empty where there is no list.
    type: list
    elements: dict
    required: true
  batches:
    description: All batches, from P(bookieops.betmatic.batches#filter). Their guards are kept.
    type: list
    elements: list
    required: true
"""

EXAMPLES = r"""
- name: One bot on
  bookieops.betmatic.bookie_bot:
    account_id: "123"
    state: "on"
  register: switched

- name: What would undo it
  ansible.builtin.debug:
    msg: "{{ switched.accounts | bookieops.betmatic.states_before([], [[{'account_id': '123', 'state': 'on'}]]) }}"
"""

RETURN = r"""
_value:
  description: What to undo.
  type: dict
  contains:
    accounts:
      description: What O(bookieops.betmatic.bookie_bot#module:accounts) takes.
      type: list
      elements: dict
      sample:
        - {account_id: "123", state: "off"}
    not_known:
      description:
        - Ids of accounts whose state before is not known, or whose command may have reached another account.
        - Where somebody stopped a bot in the meantime, also those that would get ON.
      type: list
      elements: str
"""

from ansible.utils.unsafe_proxy import wrap_var

from ..plugin_utils._runbooks import batches as _batches
from ..plugin_utils._runbooks import rollout


def states_before(accounts, rows, batches):
    """Return what to undo as a dictionary."""
    back, not_known = rollout.states_before(accounts, rows, _batches.as_targets(batches))
    return wrap_var({"accounts": [_batches.as_entry(target) for target in back], "not_known": not_known})


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"states_before": states_before}
