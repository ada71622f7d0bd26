# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What several tasks said of each account at last."""

from __future__ import annotations

DOCUMENTATION = r"""
name: last_verdicts
short_description: What several tasks said of each account at last
version_added: 1.0.0
description:
  - Puts together what tasks of M(bookieops.betmatic.bookie_bot) returned one after the other. Of each account counts what was said last.
author:
  - BookieOps contributors (@bookieops)
options:
  _input:
    description: What the tasks returned, in their order. A task that was skipped tells of no account.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: All off
  bookieops.betmatic.bookie_bot:
    all_accounts: true
    state: "off"
  register: first

- name: One of them again
  bookieops.betmatic.bookie_bot:
    account_id: "123"
    state: "off"
  register: second

- name: What became of them
  ansible.builtin.debug:
    msg: "{{ [first, second] | bookieops.betmatic.last_verdicts | bookieops.betmatic.verdict_lines }}"
"""

RETURN = r"""
_value:
  description: Each account once, as RV(bookieops.betmatic.bookie_bot#module:accounts).
  type: list
  elements: dict
"""

from ansible.utils.unsafe_proxy import wrap_var

from ..plugin_utils._runbooks import lines


def last_verdicts(results):
    """Return the accounts; the service's words in them are never taken for a template."""
    return wrap_var(lines.last_verdicts(results))


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"last_verdicts": last_verdicts}
