# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether something can be an account id."""

from __future__ import annotations

DOCUMENTATION = r"""
name: account_id
short_description: Test whether a value can be an account id
version_added: 1.0.0
description:
  - True for what M(bookieops.betmatic.bookie_bot) accepts as an account id, so that one mistake does not keep a command from the other accounts.
  - Whoever selects with it has to name what was left out, or nobody notices. The role P(bookieops.betmatic.emergency_stop#role) does, and fails.
  - Whether the account exists is not tested. M(bookieops.betmatic.bookie_account_info) lists the accounts.
author:
  - BookieOps contributors (@bookieops)
options:
  _input:
    description: A text, or a number. Anything else is not an account id.
    type: raw
    required: true
seealso:
  - plugin: bookieops.betmatic.account_ids
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the ids that can be used, and what cannot
  ansible.builtin.debug:
    msg:
      - "{{ known | select('bookieops.betmatic.account_id') }}"
      - "{{ known | reject('bookieops.betmatic.account_id') }}"
  vars:
    known: ["123", "12 4"]
"""

RETURN = r"""
_value:
  description: Whether it has 1 to 64 letters, digits, C(_) or C(-), at least one of them a letter or a digit, and is not a word such as C(all) or C(none).
  type: bool
"""


def account_id(value):
    """Tell whether the value can be an account id."""
    # Core loads every test of the collection in each task's process: only one that is used may cost anything.
    from ..plugin_utils._runbooks import names

    return names.is_account_id(value)


class TestModule:
    """Names the test for Ansible."""

    def tests(self):
        return {"account_id": account_id}
