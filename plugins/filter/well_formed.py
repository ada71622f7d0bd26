# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ids that can be ids."""

from __future__ import annotations

DOCUMENTATION = r"""
name: well_formed
short_description: The texts that can be ids of accounts
version_added: 1.0.0
description:
  - Leaves out what M(bookieops.betmatic.bookie_bot) refuses as an id, so that one slip does not keep a command from the other accounts.
  - Whoever uses it has to name what it left out. The role P(bookieops.betmatic.emergency_stop#role) does, and fails.
author:
  - BookieOps contributors (@bookieops)
options:
  _input:
    description: Texts.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Without the one with a blank
  ansible.builtin.debug:
    msg: "{{ ['123', '12 4'] | bookieops.betmatic.well_formed }}"
"""

RETURN = r"""
_value:
  description: Those that have 1 to 64 letters, digits, C(_) or C(-).
  type: list
  elements: str
  sample: ["123"]
"""

from ..module_utils._api.documents import is_account_id


def well_formed(texts):
    """Return those that can be ids."""
    return [one for one in texts if is_account_id(one)]


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"well_formed": well_formed}
