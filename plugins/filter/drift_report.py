# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The declared fleet against what runs, as a report."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report
short_description: Report what drifts from the declared fleet
version_added: 1.0.0
description:
  - Puts the declared accounts beside what M(bookieops.betmatic.bookie_bot) and M(bookieops.betmatic.bookie_account_info) found.
  - An account whose status could not be read is not known, and fails. It is never taken for one without drift.
  - Nothing but the findings goes in, no time and no count of runs, so that a file written from it changes only with them.
author:
  - BookieOps contributors (@bookieops)
positional: _input, result, account_list
options:
  _input:
    description: The declared accounts, as P(bookieops.betmatic.from_fleet#filter) returns them.
    type: list
    elements: dict
    required: true
  result:
    description: What M(bookieops.betmatic.bookie_bot) returned for these accounts.
    type: dict
    required: true
  account_list:
    description: What M(bookieops.betmatic.bookie_account_info) returned for all accounts.
    type: dict
    required: true
  applied:
    description: Whether RV(_value) is about commands that were sent. If not, O(result) is a prediction of check mode.
    type: bool
    default: false
  undeclared:
    description: What is done about accounts that O(account_list) names and the declared ones do not.
    type: str
    choices: [report, fail, ignore]
    default: report
  problem:
    description: Why there are no declared accounts to compare. Nothing else is then looked at.
    type: str
    default: ''
"""

EXAMPLES = r"""
- name: Find out what would change
  bookieops.betmatic.bookie_bot:
    accounts: "{{ fleet }}"
  check_mode: true
  register: compared
  vars: &fleet
    fleet:
      - {account_id: "123", state: "on"}
      - {account_id: "124", state: "off"}

- name: List the accounts
  bookieops.betmatic.bookie_account_info:
  register: listed

- name: Show what drifts
  ansible.builtin.debug:
    msg: >-
      {{ (fleet | bookieops.betmatic.drift_report(compared, listed)).lines }}
  vars: *fleet
"""

RETURN = r"""
_value:
  description:
    - The report. C(failed) tells whether anything drifts, is not proven or not known, C(msg) says what and what to do next,
      and C(lines) has a line for each account.
    - C(findings) has for each account C(account_id), C(display_name), C(declared), C(bot_status), C(verdict), C(detail), C(failed) and
      C(held), whether a hold keeps every ON to it back.
      What is not known is empty. C(problems) are those that concern no single account.
  type: dict
  sample:
    failed: true
    msg: "Drift: 124 (RUNNING, declared off). 1 of 2 declared accounts as declared. Correct the file, or apply it with bookie_drift_enforce: true."
    lines: ["123 TAB Main Account: as declared (on)", "124 WishBet Secondary: drift (RUNNING, declared off)"]
    problems: []
    findings:
      - account_id: "124"
        display_name: WishBet Secondary
        declared: "off"
        bot_status: RUNNING
        verdict: drift
        detail: RUNNING, declared off
        failed: true
        held: false
"""

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var


def drift_report(declared, result, account_list, applied=False, undeclared="report", problem=""):
    """Return the report; names and the service's words in it are never taken for a template."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..plugin_utils._runbooks import drift as _drift

    if undeclared not in (_drift.REPORT, _drift.FAIL, _drift.IGNORE):
        raise AnsibleFilterError(f"undeclared is {undeclared!r}: use report, fail or ignore")
    drift = _drift.unusable(problem) if problem else _drift.drift_of(declared, result, account_list, applied, undeclared)
    return wrap_var(
        {
            "failed": drift.failed,
            "msg": _drift.message(drift, applied),
            "lines": _drift.lines(drift),
            "problems": [_drift.printable(one) for one in drift.problems],
            "findings": [finding.as_dict() for finding in drift.findings],
        }
    )


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"drift_report": drift_report}
