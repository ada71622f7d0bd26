# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Evidence that no bot runs."""

from __future__ import annotations

DOCUMENTATION = r"""
name: compliance_evidence
short_description: Tell whether the bots of some accounts are off, and what says so
version_added: 1.0.0
description:
  - Puts what M(bookieops.betmatic.bookie_account_info) listed beside what M(bookieops.betmatic.bookie_bot) found with C(state=off).
  - C(compliant) only where each account in scope is off. What could not be read is not known, and never compliant.
  - The scope is either O(all_accounts), or O(account_ids) and O(bookmakers) together. An empty scope is an error, and never means every account.
  - Given two empty dictionaries it only checks the scope.
author:
  - BookieOps contributors (@bookieops)
positional: _input, result
options:
  _input:
    description: What M(bookieops.betmatic.bookie_account_info) returned for all accounts.
    type: dict
    required: true
  result:
    description: What M(bookieops.betmatic.bookie_bot) returned for the accounts in scope with C(state=off). Empty if it did not run.
    type: dict
    required: true
  account_ids:
    description: The accounts that are in scope by name, a list, or a text with commas.
    type: raw
    default: []
  bookmakers:
    description: The bookmakers all of whose accounts are in scope, a list, or a text with commas. The names must be equal to those of the service.
    type: raw
    default: []
  all_accounts:
    description: Whether every account of the list is in scope.
    type: bool
    default: false
  applied:
    description: Whether OFF was sent. If not, O(result) is a prediction of check mode.
    type: bool
    default: false
  holds:
    description: What M(bookieops.betmatic.bookie_hold_info) returned. Empty if it did not run.
    type: dict
    default: {}
  about:
    description: What else belongs to the evidence, such as time and user.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: List the accounts
  bookieops.betmatic.bookie_account_info:
  register: listed

- name: Find out what would have to be stopped
  bookieops.betmatic.bookie_bot:
    account_id: "{{ listed.account_ids }}"
    state: "off"
  check_mode: true
  register: compared

- name: Show whether anything runs
  ansible.builtin.debug:
    msg: "{{ evidence.verdict }}"
  vars:
    evidence: >-
      {{ listed | bookieops.betmatic.compliance_evidence(
      compared, all_accounts=true, about={'user': 'auditor'}) }}
"""

RETURN = r"""
_value:
  description:
    - O(about), then C(scope), C(enforced), C(verdict) (C(compliant), C(not compliant) or C(not known)), C(msg), C(basis), which says what the verdict
      rests on, C(accounts), and C(holds), those that stand for this service (C(standing)) and what cannot be read (C(broken)).
    - C(sha256) is that of all the rest as JSON with sorted keys, no blanks and only ASCII.
  type: dict
  sample:
    user: auditor
    scope: {account_ids: ["123"], bookmakers: [], all_accounts: false}
    enforced: false
    verdict: compliant
    msg: Compliant. 1 of 1 accounts off.
    basis: The list of accounts as read before this time. No command was sent. A bot that was starting looks stopped in the list.
    accounts:
      - account_id: "123"
        display_name: TAB Main Account
        bookie: TAB
        bot_status: STOPPED
        running_sessions: 0
        held: true
        verdict: "off"
        command: null
        detail: STOPPED
    holds: {known: true, standing: [], broken: []}
    sha256: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
"""

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var


def compliance_evidence(account_list, result, account_ids=(), bookmakers=(), all_accounts=False, applied=False, holds=None, about=None):
    """Return the evidence; names and the service's words in it are never taken for a template."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..module_utils._errors import NOTHING_SENT, InputError
    from ..plugin_utils._runbooks import compliance

    try:
        scope = compliance.scope_of(account_ids, bookmakers, bool(all_accounts))
    except InputError as error:
        raise AnsibleFilterError(f"{error}. {NOTHING_SENT}") from None
    found = compliance.evidence_of(account_list, result, scope, applied)
    named = {"account_ids": list(scope.account_ids), "bookmakers": list(scope.bookmakers), "all_accounts": scope.all_accounts}
    return wrap_var(compliance.sealed(dict(about or {}, scope=named, enforced=bool(applied), **found, holds=compliance.holds_of(holds or {}))))


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"compliance_evidence": compliance_evidence}
