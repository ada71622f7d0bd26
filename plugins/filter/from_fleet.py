# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The text of a fleet file as accounts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: from_fleet
short_description: The accounts of a fleet file, checked
version_added: 1.0.0
description:
  - Turns the text of a fleet file into RV(_value), which O(bookieops.betmatic.bookie_bot#module:accounts) takes.
  - Every value is taken as the text in the file, so that YAML makes no number of C(0123) and no boolean of C(on).
  - Fails where the file is empty or not valid YAML, names an account twice (V(0123) and V(123) count as one), or has a key other than
    C(account_id), C(state) and C(display_name).
author:
  - BookieOps contributors (@bookieops)
positional: _input
options:
  _input:
    description: The text of the file. A mapping with C(accounts), a list of entries with C(account_id), C(state) and, as a guard, C(display_name).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show what would change if the fleet were as declared
  bookieops.betmatic.bookie_bot:
    accounts: "{{ fleet | bookieops.betmatic.from_fleet }}"
  check_mode: true
  diff: true
  vars:
    fleet: |
      accounts:
        - {account_id: 123, state: on, display_name: TAB Main Account}
        - {account_id: 124, state: off}
"""

RETURN = r"""
_value:
  description: The accounts in the order of the file, each with C(account_id), C(state) and, if given, C(display_name).
  type: list
  elements: dict
  sample:
    - account_id: "123"
      state: "on"
      display_name: TAB Main Account
"""

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var


def from_fleet(text):
    """Return the accounts; nothing in the file is ever taken for a template."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..module_utils._errors import InputError
    from ..plugin_utils._runbooks import fleet

    try:
        return wrap_var(fleet.read(text))
    except InputError as error:
        raise AnsibleFilterError(f"the fleet file {error}") from None


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"from_fleet": from_fleet}
