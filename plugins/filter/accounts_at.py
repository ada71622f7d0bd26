# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The accounts at the bookmakers that a person names."""

from __future__ import annotations

DOCUMENTATION = r"""
name: accounts_at
short_description: Find the accounts at some bookmakers
version_added: 1.0.0
description:
  - Takes what M(bookieops.betmatic.bookie_account_info) returned for all accounts and the names of bookmakers, and returns the ids of the accounts there.
  - Never fails. What keeps the accounts from being known is in RV(_value.msg), and nothing should be sent unless that is empty.
    It names what is not a name, a bookmaker that no account has,
      an account whose bookmaker the list does not tell, a list that could not be read, and an option without a name.
author:
  - BookieOps contributors (@bookieops)
positional: _input, bookmakers
options:
  _input:
    description: The registered result of M(bookieops.betmatic.bookie_account_info) without options that narrow it.
    type: dict
    required: true
  bookmakers:
    description: The names, letter by letter as the service writes them. A list, or a text with commas.
    type: raw
    required: true
seealso:
  - module: bookieops.betmatic.bookie_account_info
"""

EXAMPLES = r"""
- name: Read which accounts there are
  bookieops.betmatic.bookie_account_info:
  register: listed

- name: Switch off all bots at two bookmakers
  bookieops.betmatic.bookie_bot:
    account_id: "{{ there.account_ids }}"
    state: "off"
  when: there.msg | length == 0
  vars:
    there: "{{ listed | bookieops.betmatic.accounts_at('TAB,WishBet') }}"
"""

RETURN = r"""
_value:
  description: The accounts at the bookmakers.
  type: dict
  contains:
    account_ids:
      description: The ids, each once, in the order of the list.
      type: list
      elements: str
      sample: ["123", "124"]
    msg:
      description: Why accounts that are meant may be missing in RV(_value.account_ids), and what to do. Empty where none is.
      type: str
      sample: "bookie_bookmakers: the list has no account at TABB. It has TAB, WishBet. Write the name as the service does."
"""

from ansible.utils.unsafe_proxy import wrap_var


def accounts_at(account_list, bookmakers):
    """Return the ids, and what keeps them from being known; nothing in the service's names is ever taken for a template."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..plugin_utils._runbooks import bookmakers as _bookmakers

    chosen = _bookmakers.accounts_at(account_list, bookmakers)
    return wrap_var({"account_ids": list(chosen.account_ids), "msg": " ".join(chosen.problems)})


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"accounts_at": accounts_at}
