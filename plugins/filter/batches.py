# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A roll-out in batches."""

from __future__ import annotations

DOCUMENTATION = r"""
name: batches
short_description: Accounts in batches, the canary first
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
    description: Ids, or entries with C(account_id), C(state) and, as a guard, C(display_name).
    type: list
    elements: raw
    required: true
  canary:
    description: How many accounts of each direction go first. A number or a percentage of all accounts. V(0) for none.
    type: raw
    default: 1
  size:
    description: Accounts in a batch after the canary. A number or a percentage of all accounts, rounded down, at least one account.
    type: raw
    default: 10%
  state:
    description: The wanted state of entries that have none of their own.
    type: str
    choices: ['on', 'off']
"""

EXAMPLES = r"""
- name: Three batches
  ansible.builtin.debug:
    msg: "{{ ['123', '124', '125'] | bookieops.betmatic.batches(canary=1, size=1, state='on') }}"
"""

RETURN = r"""
_value:
  description: The batches, each as O(bookieops.betmatic.bookie_bot#module:accounts) takes it.
  type: list
  elements: list
  sample:
    - [{account_id: "123", state: "on"}]
    - [{account_id: "124", state: "on"}]
    - [{account_id: "125", state: "on"}]
"""

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._errors import InputError
from ..plugin_utils._runbooks import batches as _batches


def batches(entries, canary=1, size="10%", state=None):
    """Return the batches as lists of dictionaries."""
    try:
        targets = _batches.read_accounts(entries, state)
        first = _batches.share(canary, len(targets), "bookie_canary", 0)
        following = _batches.share(size, len(targets), "bookie_batch", 1)
    except InputError as error:
        raise AnsibleFilterError(f"{error}. Nothing was sent.") from None
    return wrap_var([[_batches.as_entry(target) for target in batch] for batch in _batches.batches(targets, first, following)])


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"batches": batches}
