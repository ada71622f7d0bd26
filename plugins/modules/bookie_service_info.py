#!/usr/bin/python
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the connection to the service is worth, and whether an emergency stop would work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: bookie_service_info
short_description: Tell whether an emergency stop would work
version_added: 1.0.0
description:
  - Reads the list of accounts five times, fewer where the service refuses it or takes long, and looks at the folder of the holds. Sends no command.
  - Returns a finding for each thing that an emergency stop needs. The task does not fail because of what it finds. Look at RV(ready), or run the playbook
    C(bookieops.betmatic.preflight).
  - On the control node it also looks at become, connection, environment, settings of Ansible, inventory, audit trail, and the schedule of the
    role P(bookieops.betmatic.trading_day#role). It looks at the control node that runs the task, even where the module runs on another host.
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
notes:
  - O(retries) is not used, so that what fails now and then is found.
  - Whether a hold can be written is tested with an unnamed temporary file.
seealso:
  - module: bookieops.betmatic.bookie_account_info
  - module: bookieops.betmatic.bookie_hold_info
"""

EXAMPLES = r"""
- name: Look at what an emergency stop needs
  bookieops.betmatic.bookie_service_info:
  register: service

- name: Fail unless an emergency stop would work
  ansible.builtin.assert:
    that: service.ready
    fail_msg: "{{ service.msg }}"

- name: Show what is not as it should be
  ansible.builtin.debug:
    msg: >-
      {{ service.findings | rejectattr('level', 'eq', 'ok')
      | map(attribute='text') }}
"""

RETURN = r"""
msg:
  description: Whether an emergency stop would work, and if not, everything that is in its way and what to do.
  returned: always
  type: str
  sample: Ready for an emergency stop. 20 checks, 1 warning.
ready:
  description: Whether no finding is of the level V(stop).
  returned: always
  type: bool
findings:
  description: A finding for each thing that was looked at, also where all is well.
  returned: always
  type: list
  elements: dict
  contains:
    level:
      description: V(ok), V(warning), or V(stop) where an emergency stop would fail or prove nothing.
      type: str
      sample: warning
    subject:
      description: What it is about.
      type: str
      sample: clock
    text:
      description: What is so and, unless the level is V(ok), what to do.
      type: str
      sample: "this machine is 95 s behind the service: set its clock, or the ends of tokens and holds are wrong."
api_url:
  description: The service that was asked. Null for a URL that cannot be used.
  returned: always
  type: str
  sample: https://betmatic.app/api
token_account:
  description: A fingerprint of whose token it is, the same for each token of one user, as in the audit trail. Null where the token does not say.
  returned: always
  type: str
  sample: user_id:3f2a9c0d1e4b
token_expires:
  description: The token's own expiry in RFC 3339. Null when it has none, or no token can be used.
  returned: always
  type: str
  sample: "2026-12-31T23:59:59Z"
accounts:
  description: How many accounts the list has. Null where there is no list.
  returned: always
  type: int
  sample: 3
unclear_ids:
  description: The ids of the accounts of which the list proves neither that the bot runs nor that it is off.
  returned: always
  type: list
  elements: str
  sample: ["124"]
clock_ahead:
  description: Seconds that the service's clock is ahead of this machine's, negative where it is behind. Null where the service tells no time.
  returned: always
  type: float
  sample: 0.0
certificate_expires:
  description: When the service's certificate ends, in RFC 3339. Null where there is none, or it is not checked.
  returned: always
  type: str
  sample: "2027-03-01T12:00:00Z"
latency:
  description: Seconds that each reading took, the first with the time to connect.
  returned: always
  type: list
  elements: float
  sample: [0.0812, 0.0344, 0.0351, 0.0347, 0.0349]
requests_version:
  description: The version of the library requests. Null where it cannot be imported.
  returned: always
  type: str
  sample: 2.34.2
holds:
  description: All holds in the folder, of every service, as M(bookieops.betmatic.bookie_hold_info) returns them.
  returned: always
  type: list
  elements: dict
contract:
  description:
    - How the answer to the list differs from what is known of it. Names of fields and headers, types, the HTTP status and the kind of document, without
      a value of a field, an id, a name or the token, so that it can be attached to an issue.
  returned: always
  type: dict
  contains:
    what:
      description: What this is, as a sentence.
      type: str
    http_status:
      description: The status of the answer. Null where none came.
      type: int
      sample: 200
    content_type:
      description: The media type of the answer. Null where it names none.
      type: str
      sample: application/json
    headers:
      description: Which headers that tell something, such as C(Date) and C(Retry-After), the answer has. Their names alone.
      type: list
      elements: str
      sample: [Date]
    document:
      description: The type of the document, or C(not JSON), or C(none).
      type: str
      sample: array
    has_rows:
      description: Whether the document is an array that is not empty.
      type: bool
    rows_that_are_not_objects:
      description: Whether a row is something else than an account.
      type: bool
    missing:
      description: Fields that are not in C(all), or in C(some), of the rows.
      type: list
      elements: dict
    added:
      description: Fields that are not known, with their types. Only those whose names are made of words such as C(account), C(bot) or C(status).
      type: list
      elements: dict
    other_types:
      description: Fields of another type than is known.
      type: list
      elements: dict
    names_not_shown:
      description: How many fields are not known and have names that could be somebody's, so that they are not in RV(contract.added).
      type: int
      sample: 0
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils import _arguments, _module
from ..module_utils._api.transport import REQUESTS_IMPORT_ERROR
from ..module_utils._preflight import look
from ..module_utils._preflight.findings import STOP, Finding
from ..module_utils._switch import report


def argument_spec():
    """Return the module's argument spec."""
    return _arguments.connection_spec()


def result_of(task):
    """Return the task's result, whatever happens."""
    result = _module.result_of(
        task,
        lambda: look.look(task),
        lambda reason: look.without_service(task, None if REQUESTS_IMPORT_ERROR else Finding(STOP, "options", reason)),
        lambda error: look.without_service(task, Finding(STOP, "preflight", report.fault(error) + ".")),
    )
    # That requests is missing is a finding here, and no failure with a trace.
    return {key: value for key, value in result.items() if key != "exception"}


def main():
    """Run as an Ansible module."""
    module = AnsibleModule(argument_spec(), supports_check_mode=True)
    _module.end(module, result_of(module))


if __name__ == "__main__":
    main()
