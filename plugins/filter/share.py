# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A number, or a percentage of a whole."""

from __future__ import annotations

DOCUMENTATION = r"""
name: share
short_description: A number, or a percentage of a whole as a number
version_added: 1.0.0
description:
  - Turns C(5) or C(5%) into a number of accounts. A percentage is rounded down.
author:
  - BookieOps contributors (@bookieops)
positional: _input
options:
  _input:
    description: A whole number, or a percentage from C(0%) to C(100%).
    type: raw
    required: true
  whole:
    description: What the percentage is of.
    type: int
    required: true
  option:
    description: What an error calls the value.
    type: str
    default: the share
"""

EXAMPLES = r"""
- name: How many of 40 accounts may fail
  ansible.builtin.debug:
    msg: "{{ '5%' | bookieops.betmatic.share(whole=40) }}"
"""

RETURN = r"""
_value:
  description: The number.
  type: int
  sample: 2
"""

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InputError
from ..plugin_utils._runbooks import batches


def share(value, whole, option="the share"):
    """Return the number."""
    try:
        return batches.share(value, whole, option, 0)
    except InputError as error:
        raise AnsibleFilterError(f"{error}. Nothing was sent.") from None


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"share": share}
