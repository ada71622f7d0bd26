# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When bots are switched on a trading day."""

from __future__ import annotations

DOCUMENTATION = r"""
name: trading_schedule
short_description: Trading windows and restricted periods as the times at which bots are switched
version_added: 1.0.0
description:
  - Bots are on in the trading windows and off in the restricted periods, which win. There is one switch at a time, and none that would
    turn bots on where a restricted period begins.
  - An OFF between 00:00 and 04:00 is repeated at the next full hour, unless bots are on again by then. Where the clocks go forward, its own time may
    be left out.
  - Fails and names the windows where they overlap, do not end after they start, or leave less than five minutes between two switches. Of the
    minutes between an ON and its OFF that include a time from 00:00 to 04:00, 60 do not count, as the clocks may go forward.
author:
  - BookieOps contributors (@bookieops)
positional: _input, restricted, name, time_zone, installed
options:
  _input:
    description: The trading windows, each with C(start), C(end) and perhaps C(weekdays).
    type: list
    elements: dict
    required: true
  restricted:
    description: The restricted periods, of the same shape. They may overlap each other and the windows.
    type: list
    elements: dict
    default: []
  name:
    description: The name of the schedule. It marks the entries as its own.
    type: str
    default: trading_day
  time_zone:
    description: The time zone for C(calendar). If empty, the host's.
    type: str
    default: ""
  installed:
    description: What is to be replaced, for C(left). Without it nobody is left.
    type: dict
    suboptions:
      lines:
        description: The lines of the crontab and of the timers. Their comments say what is installed.
        type: list
        elements: str
      accounts:
        description: The accounts of the installed script, with commas, or V(all).
        type: str
      wanted:
        description: The accounts from now on, with commas, or V(all).
        type: str
      now:
        description: The time in seconds since 1970.
        type: float
      localtime:
        description: The host's C(/etc/localtime) in Base64. Empty for a host without one, whose time is UTC.
        type: str
"""

EXAMPLES = r"""
- name: Show when bots are switched
  ansible.builtin.debug:
    msg: "{{ windows | bookieops.betmatic.trading_schedule(restricted) }}"
  vars:
    windows: [{start: "09:00", end: "17:30"}]
    restricted: [{start: "12:00", end: "13:00"}]
"""

RETURN = r"""
_value:
  description:
    - C(entries), OFF first, and C(deadline), the seconds that each may take so that it has ended before bots go the other way.
    - C(left) says who would get no OFF any more. C(who) is empty for nobody; C(accounts) are their ids where they are known; C(is_on) says whether
      the installed schedule has their bots on now.
  type: dict
  sample:
    deadline: 600.0
    entries:
      - name: bookieops.betmatic trading_day off 17:30 sat
        state: "off"
        hour: "17"
        minute: "30"
        weekday: "6"
        calendar: Sat *-*-* 17:30:00
    left:
      who: "124"
      accounts: ["124"]
      is_on: false
"""

from base64 import b64decode

from ansible.errors import AnsibleFilterError


def trading_schedule(windows, restricted=(), name="trading_day", time_zone="", installed=None):
    """Return the entries, the deadline, and who would get no OFF any more."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..module_utils._errors import InputError
    from ..plugin_utils._runbooks import left_on, trading_day

    name = str(name)  # YAML may have made a number of it
    try:
        switches = trading_day.plan(trading_day.parse("bookie_trading_windows", windows), trading_day.parse("bookie_restricted_periods", restricted))
        return {
            "entries": trading_day.entries(name, switches, time_zone),
            "deadline": trading_day.deadline(switches),
            "left": _left(left_on, switches, name, time_zone, installed) if installed else {},
        }
    except InputError as error:
        raise AnsibleFilterError(f"{error}. Nothing was installed.") from error


def _left(left_on, switches, name, time_zone, installed):
    wanted = None if installed["wanted"] == left_on.ALL else tuple(installed["wanted"].split(","))
    before = left_on.installed(name, installed["lines"], installed["accounts"])
    host = left_on.host_zone(b64decode(installed["localtime"]))
    left = left_on.left(before, left_on.Schedule(switches, wanted, time_zone), float(installed["now"]), host)
    return {"who": left.who, "accounts": list(left.accounts), "is_on": left.is_on}


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"trading_schedule": trading_schedule}
