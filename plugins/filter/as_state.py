# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""YAML's boolean back to the state that its author wrote."""

from __future__ import annotations

DOCUMENTATION = r"""
name: as_state
short_description: A YAML boolean or word as V(on) or V(off)
version_added: 1.0.0
description:
  - Unquoted C(on) and C(off) are booleans in YAML, and a variable keeps them so. This filter turns them back into the states of
    P(bookieops.betmatic.bookie_bot#module).
author:
  - BookieOps contributors (@bookieops)
positional: _input
options:
  _input:
    description: A boolean, or one of the words V(on), V(off), V(yes), V(no), V(true) and V(false) in any case.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: One bot off
  bookieops.betmatic.bookie_bot:
    account_id: "123"
    state: "{{ bookie_state | bookieops.betmatic.as_state }}"
  vars:
    bookie_state: false # what YAML makes of an unquoted off
"""

RETURN = r"""
_value:
  description: V(on) or V(off). Anything else fails and names the value.
  type: str
  sample: "off"
"""

from ansible.errors import AnsibleFilterError

from ..module_utils._api.documents import OFF, ON

_WORDS = {"on": ON, "yes": ON, "true": ON, "off": OFF, "no": OFF, "false": OFF}


def as_state(value):
    """Return `on` or `off`; a number is no state, or 0 and 1 would be taken for one."""
    word = str(value).lower() if isinstance(value, (bool, str)) else None
    if word not in _WORDS:
        raise AnsibleFilterError(f"{value!r} is no state: say on or off")
    return _WORDS[word]


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"as_state": as_state}
