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
  description: All holds, of every service, oldest first. The fields are those of RV(bookieops.betmatic.bookie_hold#module:hold), and these.
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
    here:
      description: Whether it is for the service of O(api_url).
      type: bool
    mine:
      description: Whether it was placed by this user of the operating system on this machine.
      type: bool
    age_minutes:
      description: How long ago it was placed, in whole minutes by the clock of this machine.
      type: int
      sample: 95
    run:
      description:
        - Of a hold that remembers what ran, what is known of the run that works under it. Null for any other hold.
        - V(own), this run of Ansible. V(under_way), another one on this machine. V(ended), one on this machine that has ended.
          V(not_known), one that began on another machine or in another container, or nobody knows.
      type: str
      sample: ended
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
missing:
  description:
    - Whether O(holds_path) names a folder, other than the default, that is missing or was made by an ON that found none. A hold on storage that is not
      mounted is not seen then.
  returned: always
  type: bool
  sample: false
api_url:
  description: The service that this task is for. Null where O(api_url) cannot be used.
  returned: always
  type: str
  sample: https://betmatic.app/api
token_expires:
  description: The token's own expiry in RFC 3339. Null when it has none, or no token is given.
  returned: always
  type: str
  sample: "2026-12-31T23:59:59Z"
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils import _arguments, _module
from ..module_utils._holds import claims, folder, tasks, trial
from ..module_utils._holds.missing import WAY_OUT
from ..module_utils._switch import report


def failed(msg):
    """Return the result of a task that read nothing."""
    return {"changed": False, "failed": True, "msg": msg, "holds": [], "broken": [], "missing": False}


def look(params):
    """Read the folder; returns the result."""
    path, api_url = params["holds_path"], _arguments.usable_url(params)
    standing = folder.read_in_time(path)
    found = tasks.summary(standing, folder.now(), api_url, claims.states(path, standing), folder.here(), _arguments.named_holds_path(path))
    is_missing = not _arguments.is_a_default_holds_path(path) and trial.is_missing(path)
    told = f"{path} is missing, or an ON made it, so that a hold elsewhere is not seen: {WAY_OUT}. " if is_missing else ""
    return dict(found, msg=told + found["msg"], missing=is_missing)


def main():
    """Run as an Ansible module."""
    module = AnsibleModule(_arguments.connection_spec(), supports_check_mode=True)
    result = _module.result_of(
        module,
        lambda: look(module.params),
        failed,
        lambda error: failed(report.fault(error) + "."),
    )
    _module.end(module, dict(result, api_url=_arguments.usable_url(module.params)))


if __name__ == "__main__":
    main()
