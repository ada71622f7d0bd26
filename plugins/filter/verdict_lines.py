# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Verdicts for people."""

from __future__ import annotations

DOCUMENTATION = r"""
name: verdict_lines
short_description: What became of each account, a line an account
version_added: 1.0.0
description:
  - Turns RV(bookieops.betmatic.bookie_bot#module:accounts) into text for an operator.
author:
  - BookieOps contributors (@bookieops)
positional: _input
options:
  _input:
    description: The RV(bookieops.betmatic.bookie_bot#module:accounts) of one task or of several.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Two bots off
  bookieops.betmatic.bookie_bot:
    account_id: ["123", "124"]
    state: "off"
  register: switched

- name: What became of them
  ansible.builtin.debug:
    msg: "{{ switched.accounts | bookieops.betmatic.verdict_lines }}"
"""

RETURN = r"""
_value:
  description: A line for each account, in their order.
  type: list
  elements: str
  sample:
    - "123 TAB Main Account: off"
    - "124 WishBet Secondary: NOT proven off (406, Bot in maintenance)"
"""

from ansible.utils.unsafe_proxy import wrap_var

from ..plugin_utils._runbooks import lines


def verdict_lines(accounts):
    """Return the lines; the service's words in them are never taken for a template."""
    return wrap_var(lines.verdict_lines(accounts))


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"verdict_lines": verdict_lines}
