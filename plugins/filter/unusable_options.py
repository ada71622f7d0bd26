# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a role that the modules would refuse."""

from __future__ import annotations

DOCUMENTATION = r"""
name: unusable_options
short_description: Tell which options of a role the modules would refuse
version_added: 1.0.0
description:
  - Checks options as the modules do that get them later, so that a role can refuse them before it does anything.
author:
  - BookieOps contributors (@bookieops)
positional: _input, settings
options:
  _input:
    description:
      - Any of the options C(bookie_concurrency), C(bookie_retries), C(bookie_wait_timeout), C(bookie_deadline) and C(bookie_token_min_days), with
        their values.
    type: dict
    required: true
  settings:
    description:
      - The text of a file that a shell reads before the modules run. Its lines C(BETMATIC_TIMEOUT), C(BETMATIC_API_URL) and
        C(BETMATIC_API_TOKEN_FILE) are checked, unless the shell has to work out the value.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Check the options before anything is done
  ansible.builtin.assert:
    that: wrong | length == 0
    fail_msg: "{{ wrong }} Nothing was sent."
  vars:
    options: {bookie_concurrency: 32, bookie_retries: 5}
    wrong: "{{ options | bookieops.betmatic.unusable_options }}"
"""

RETURN = r"""
_value:
  description: A sentence for each option that cannot be used. Empty where all can.
  type: str
  sample: "bookie_concurrency is 100: give a whole number from 1 to 64."
"""


def unusable_options(options, settings=""):
    """Return what is wrong with the options, in words."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..plugin_utils._options import unusable

    return unusable(options, settings)


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"unusable_options": unusable_options}
