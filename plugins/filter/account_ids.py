# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Account ids, however a variable holds them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: account_ids
short_description: Read account ids from a list or from a text with commas
version_added: 1.0.0
description:
  - Takes a list, a number, or a text with commas, as C(-e bookie_account_ids=123,124) makes it, and returns a list of ids.
  - Fails if anything in it is not a valid account id, and names it. To leave such a thing out instead, use the test P(bookieops.betmatic.account_id#test).
  - Fails if it names V(0123) and V(123), as the service may take both for one account.
  - An empty list stays empty. An empty text is an error.
author:
  - BookieOps contributors (@bookieops)
positional: _input, option
options:
  _input:
    description: What the variable holds.
    type: raw
    required: true
  option:
    description: The variable's name, for the message of an error.
    type: str
    default: account_ids
seealso:
  - plugin: bookieops.betmatic.account_id
    plugin_type: test
"""

EXAMPLES = r"""
- name: Switch two bots off
  bookieops.betmatic.bookie_bot:
    account_id: >-
      {{ '123,124' | bookieops.betmatic.account_ids('risky_accounts') }}
    state: "off"
"""

RETURN = r"""
_value:
  description: The ids, each once, in the order given.
  type: list
  elements: str
  sample: ["123", "124"]
"""

from ansible.errors import AnsibleFilterError


def account_ids(value, option="account_ids"):
    """Return the ids as a list of texts."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..module_utils._errors import NOTHING_SENT, InputError
    from ..plugin_utils._runbooks import names

    try:
        return names.account_ids(value, option)
    except InputError as error:
        raise AnsibleFilterError(f"{error}. {NOTHING_SENT}") from None


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"account_ids": account_ids}
