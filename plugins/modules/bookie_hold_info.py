#!/usr/bin/python
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The holds that stand."""

from __future__ import annotations

DOCUMENTATION = r"""
module: bookie_hold_info
short_description: List the holds that keep bots off
version_added: 1.0.0
description:
  - Reads the folder O(holds_path). Sends nothing, and needs no token.
  - Holds that are older than a day are named in RV(msg), so that none is forgotten.
author:
  - BookieOps contributors (@bookieops)
extends_documentation_fragment:
  - bookieops.betmatic.connection
  - bookieops.betmatic.attributes
attributes:
  check_mode:
    support: full
    details:
      - Only reads.
  diff_mode:
    support: none
    details:
      - Changes nothing.
  idempotent:
    support: full
options: {}
seealso:
  - module: bookieops.betmatic.bookie_hold
"""

EXAMPLES = r"""
- name: List the holds
  bookieops.betmatic.bookie_hold_info:
  register: standing

- name: Show them
  ansible.builtin.debug:
    msg: "{{ standing.msg }}"
"""

RETURN = r"""
msg:
  description: How many holds stand, what cannot be read, and which holds are older than a day.
  returned: always
  type: str
  sample: 1 hold stands.
holds:
  description: All holds, of every service, oldest first. The fields are those of RV(bookieops.betmatic.bookie_hold#module:hold), and C(ended).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The hold.
      type: str
      sample: 20261121T080002-kqzt
    ended:
      description: Whether it was placed with an end that is over, so that it keeps nothing back.
      type: bool
broken:
  description: What cannot be read, which keeps every ON back.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: What it can be lifted by. Null for the folder itself.
      type: str
    path:
      description: The file or folder.
      type: str
    why:
      description: What is wrong with it.
      type: str
      sample: is empty
token_expires:
  description: The token's own expiry in RFC 3339. Null when it has none, or no token is given.
  returned: always
  type: str
  sample: "2026-12-31T23:59:59Z"
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils import _arguments, _module
from ..module_utils._holds import folder, tasks
from ..module_utils._switch import report


def failed(msg):
    """Return the result of a task that read nothing."""
    return {"changed": False, "failed": True, "msg": msg, "holds": [], "broken": []}


def main():
    """Run as an Ansible module."""
    module = AnsibleModule(_arguments.connection_spec(), supports_check_mode=True)
    result = _module.result_of(
        module,
        lambda: tasks.summary(folder.read_in_time(module.params["holds_path"]), folder.now()),
        failed,
        lambda error: failed(report.fault(error) + "."),
    )
    _module.end(module, result)


if __name__ == "__main__":
    main()
