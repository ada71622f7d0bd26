# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The audit trail as the states that were last asked for."""

from __future__ import annotations

DOCUMENTATION = r"""
name: recorded_states
short_description: The state that was last asked for, account by account, from an audit trail
version_added: 1.0.0
description:
  - Reads the text of an audit trail, JSON Lines as the callback C(bookieops.betmatic.bookie_audit) writes them.
  - What somebody asked for counts, whatever came of it. An emergency stop is a newer wish for V(off), and what it failed to stop is still wanted off.
  - An OFF that names no account, such as an C(all_off) that was not answered, counts for every account before it. An ON that names none counts for none.
  - An entry that was kept back because the account had another name counts for none. So does one whose task refused its options.
  - Lines of check mode are left out. Lines that are no JSON, such as one that was torn by a full disk, are named in RV(_value.notes).
  - Fails on an entry of a shape that is not known, and where nothing is left.
author:
  - BookieOps contributors (@bookieops)
positional: _input
options:
  _input:
    description: The text of the trail.
    type: str
    required: true
  until:
    description: A time as in RFC 3339, with its offset. Entries of a later time do not count.
    type: str
"""

EXAMPLES = r"""
- name: What was wanted before the outage
  ansible.builtin.debug:
    msg: "{{ (trail | bookieops.betmatic.recorded_states(until='2026-11-21T03:30:00Z')).lines }}"
  vars:
    trail: >-
      {"time": "2026-11-20T08:00:00Z", "user": "alice", "task": "Race day", "account_id": "123", "display_name": "TAB Main Account",
      "state": "on", "outcome": "ok", "http_status": 200, "check_mode": false}
"""

RETURN = r"""
_value:
  description: What was asked for.
  type: dict
  contains:
    accounts:
      description: What O(bookieops.betmatic.bookie_bot#module:accounts) takes. Those that are wanted off come first.
      type: list
      elements: dict
      sample:
        - {account_id: "124", state: "off"}
        - {account_id: "123", state: "on"}
    lines:
      description: The same for people, with who asked for it and when.
      type: list
      elements: str
      sample:
        - "123 TAB Main Account: on, asked for at 2026-11-20T08:00:00Z by alice in the task Race day, outcome ok"
    notes:
      description: What has to be said of the rest of the trail.
      type: list
      elements: str
      sample:
        - "lines that could not be read: what they asked for is NOT in this record: 17"
"""

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._errors import InputError
from ..plugin_utils._runbooks import record


def recorded_states(text, until=None):
    """Return the states as a dictionary; nothing in the trail is ever taken for a template."""
    try:
        recorded = record.read(text, None if until is None else str(until))
    except InputError as error:
        raise AnsibleFilterError(f"{error}. Nothing was sent.") from None
    return wrap_var(
        {
            "accounts": [{"account_id": wish.account_id, "state": wish.state} for wish in recorded.wishes],
            "lines": [record.line(wish) for wish in recorded.wishes],
            "notes": list(recorded.notes),
        }
    )


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"recorded_states": recorded_states}
