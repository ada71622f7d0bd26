# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What runs before a maintenance."""

from __future__ import annotations

DOCUMENTATION = r"""
name: snapshot_take
short_description: A snapshot of what runs, from the list of accounts
version_added: 1.0.0
description:
  - Fails unless the list says of each account that is asked for whether its bot runs.
author:
  - BookieOps contributors (@bookieops)
positional: _input, choice, taken, api_url
options:
  _input:
    description: The RV(bookieops.betmatic.bookie_account_info#module:accounts) of one task.
    type: list
    elements: dict
    required: true
  choice:
    description: The accounts, C(account_ids), or C(all_accounts).
    type: dict
    required: true
  taken:
    description: When the list was read, RFC 3339.
    type: str
    required: true
  api_url:
    description: The service that was read.
    type: str
"""

EXAMPLES = r"""
- name: Read the list of accounts
  bookieops.betmatic.bookie_account_info:
  register: listed

- name: Show what ran
  ansible.builtin.debug:
    msg: "{{ (listed.accounts | bookieops.betmatic.snapshot_take({'account_ids': ['123']}, '2026-11-21T03:00:00Z')).ran }}"
"""

RETURN = r"""
_value:
  description: The snapshot.
  type: dict
  sample:
    {all_accounts: false, account_ids: ["123", "124"], ran: ["123"], taken: "2026-11-21T03:00:00Z", api_url: "https://betmatic.app/api", process: "ops 4711 98"}
"""

from ansible.errors import AnsibleFilterError


def snapshot_take(accounts, choice, taken, api_url=None):
    """Return the snapshot as a dict."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..module_utils._errors import InputError
    from ..plugin_utils._runbooks import maintenance, processes

    wanted = maintenance.Choice(tuple(choice["account_ids"]), choice.get("all_accounts", False))
    try:
        return maintenance.take(wanted, accounts, taken, api_url, processes.of_this_run()).as_dict()
    except InputError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"snapshot_take": snapshot_take}
