# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Accounts by name and by bookmaker."""

from __future__ import annotations

DOCUMENTATION = r"""
name: accounts_in_scope
short_description: The accounts that are named, and those at some bookmakers
version_added: 1.0.0
description:
  - Picks from RV(bookieops.betmatic.bookie_account_info#module:accounts). An account that is named either way is in scope.
  - With neither O(account_ids) nor O(bookies), every account that is listed.
author:
  - BookieOps contributors (@bookieops)
positional: _input
options:
  _input:
    description: The RV(bookieops.betmatic.bookie_account_info#module:accounts).
    type: list
    elements: dict
    required: true
  account_ids:
    description: These accounts, listed or not. A list, or a text with commas.
    type: raw
    default: []
  bookies:
    description: All accounts at these bookmakers, a list, or a text with commas. The names must be equal to those of the service, letter by letter.
    type: raw
    default: []
"""

EXAMPLES = r"""
- name: What is listed
  bookieops.betmatic.bookie_account_info:
  register: listed

- name: One account and all at a bookmaker
  ansible.builtin.debug:
    msg: "{{ listed.accounts | bookieops.betmatic.accounts_in_scope(['125'], ['TAB']) }}"
"""

RETURN = r"""
_value:
  description: The ids, each once. Those named come first.
  type: list
  elements: str
  sample: ["125", "123"]
"""

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._errors import InputError
from ..plugin_utils._runbooks import compliance


def accounts_in_scope(listed, account_ids=(), bookies=()):
    """Return the ids."""
    try:
        return wrap_var(compliance.in_scope(listed, compliance.scope_of(account_ids, bookies)))
    except InputError as error:
        raise AnsibleFilterError(f"{error}. Nothing was sent.") from None


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"accounts_in_scope": accounts_in_scope}
