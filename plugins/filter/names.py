# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a variable names, as a list."""

from __future__ import annotations

DOCUMENTATION = r"""
name: names
short_description: What a variable names, as a list
version_added: 1.0.0
description:
  - Takes a list, a number, or a text with commas, as C(-e) makes it. Fails for anything else.
  - It does not check that an id is one. See P(bookieops.betmatic.well_formed#filter).
author:
  - BookieOps contributors (@bookieops)
positional: _input, option
options:
  _input:
    description: What the variable holds.
    type: raw
    required: true
  option:
    description: The variable's name, for the message.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Two ids
  ansible.builtin.debug:
    msg: "{{ '123,124' | bookieops.betmatic.names('bookie_account_ids') }}"
"""

RETURN = r"""
_value:
  description: The names, each once.
  type: list
  elements: str
  sample: ["123", "124"]
"""

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InputError
from ..plugin_utils._runbooks import names as _names


def names(value, option):
    """Return the names as a list of texts."""
    try:
        return _names.listed(value, option)
    except InputError as error:
        raise AnsibleFilterError(f"{error}. Nothing was sent.") from None


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"names": names}
