# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What somebody else did to the bots of a maintenance."""

from __future__ import annotations

DOCUMENTATION = r"""
name: snapshot_notes
short_description: A line for each account that somebody else seems to have switched
version_added: 1.0.0
description:
  - Compares the results of a maintenance's accounts with its snapshot.
author:
  - BookieOps contributors (@bookieops)
positional: _input, snapshot
options:
  _input:
    description: The RV(bookieops.betmatic.bookie_bot#module:accounts) of the task that switched them.
    type: list
    elements: dict
    required: true
  snapshot:
    description: What P(bookieops.betmatic.snapshot_read#filter) or P(bookieops.betmatic.snapshot_take#filter) returned.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Switch every bot off
  bookieops.betmatic.bookie_bot:
    all_accounts: true
    state: "off"
  register: stopped

- name: Show which bots ran though the snapshot says otherwise
  ansible.builtin.debug:
    msg: "{{ stopped.accounts | bookieops.betmatic.snapshot_notes(snapshot) }}"
  vars:
    snapshot: {all_accounts: true, account_ids: ["123", "124"], ran: ["123"], taken: "2026-11-21T03:00:00Z"}
"""

RETURN = r"""
_value:
  description: The lines, none when all is as the snapshot has it.
  type: list
  elements: str
  sample:
    - "124: was on already: somebody else, or an earlier run, had switched it on."
"""


def snapshot_notes(accounts, snapshot):
    """Return the lines; nothing in them is the service's but ids."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..plugin_utils._runbooks import maintenance

    return maintenance.notes(maintenance.from_dict(snapshot), accounts)


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"snapshot_notes": snapshot_notes}
