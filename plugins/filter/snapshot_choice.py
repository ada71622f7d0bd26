# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The accounts that a maintenance is for."""

from __future__ import annotations

DOCUMENTATION = r"""
name: snapshot_choice
short_description: The accounts that a maintenance is for, checked
version_added: 1.0.0
description:
  - Checks that exactly one of a list of accounts and all accounts is asked for, and that each id is one. Fails otherwise.
  - The role P(bookieops.betmatic.maintenance#role) checks so before anything is sent.
author:
  - BookieOps contributors (@bookieops)
positional: _input, all_accounts
options:
  _input:
    description: The ids, a list or one text with commas. None if only all accounts are asked for.
    type: raw
    required: true
  all_accounts:
    description: Whether all accounts are asked for.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: These accounts
  ansible.builtin.debug:
    msg: "{{ ['123', '124'] | bookieops.betmatic.snapshot_choice }}"
"""

RETURN = r"""
_value:
  description: The choice, each id once.
  type: dict
  sample: {account_ids: ["123", "124"], all_accounts: false}
"""

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InputError
from ..plugin_utils._runbooks import maintenance


def snapshot_choice(account_ids, all_accounts=False):
    """Return the choice as a dict."""
    try:
        choice = maintenance.choose(account_ids, all_accounts)
    except InputError as error:
        raise AnsibleFilterError(str(error)) from error
    return {"account_ids": list(choice.account_ids), "all_accounts": choice.all_accounts}


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"snapshot_choice": snapshot_choice}
