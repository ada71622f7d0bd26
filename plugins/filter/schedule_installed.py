# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What of a crontab belongs to a schedule."""

from __future__ import annotations

DOCUMENTATION = r"""
name: schedule_installed
short_description: The names of the entries of a schedule in a crontab
version_added: 1.0.0
description:
  - Finds the entries that the role P(bookieops.betmatic.trading_day#role) installed under a name, and no others.
author:
  - BookieOps contributors (@bookieops)
positional: _input, name
options:
  _input:
    description: The text of the crontab.
    type: str
    required: true
  name:
    description: The name of the schedule.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Which entries are there?
  ansible.builtin.debug:
    msg: "{{ crontab | bookieops.betmatic.schedule_installed('trading_day') }}"
  vars:
    crontab: |
      #Ansible: bookieops.betmatic trading_day off 17:30 sat
      30 17 * * 6 /home/ops/.local/share/bookieops/trading_day off
"""

RETURN = r"""
_value:
  description: The names, as P(ansible.builtin.cron#module) has them.
  type: list
  elements: str
  sample: ["bookieops.betmatic trading_day off 17:30 sat"]
"""

from ..plugin_utils._runbooks import trading_day


def schedule_installed(crontab, name):
    """Return the names of the schedule's entries."""
    return trading_day.installed(crontab, name)


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"schedule_installed": schedule_installed}
