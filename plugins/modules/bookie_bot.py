#!/usr/bin/python
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The switch: declares the bots of accounts on or off."""

from __future__ import annotations

DOCUMENTATION = r"""
module: bookie_bot
short_description: Switch the Betmatic bots of bookmaker accounts on or off
version_added: 1.0.0
description:
  - Declares the wanted state of the bot of one account, of several, or of all accounts, and returns an outcome for each account.
  - An account is V(ok) only when its state is proven. OFF is proven by the answer to its own command, or by reading the list of
    accounts after an OFF that the service accepted. A bulk C(success), V(404), V(406) and free text prove nothing.
  - The task goes through all accounts, then fails if any failed, with the whole list in RV(accounts). It ends early on 401, on a
    refused ON (403), at the O(deadline), and on a signal.
  - Every OFF is sent before the first ON.
  - Every ON, also one that is repeated, asks right before it is sent whether a hold keeps it back (M(bookieops.betmatic.bookie_hold)). The bulk command
    for ON is refused as a whole while a hold concerns any account. Only an ON asks.
author:
  - BookieOps contributors (@bookieops)
extends_documentation_fragment:
  - bookieops.betmatic.connection
  - bookieops.betmatic.pace
  - bookieops.betmatic.switching
  - bookieops.betmatic.attributes
attributes:
  check_mode:
    support: full
    details:
      - Sends no command, ever. Reads the list of accounts once and predicts each account from it.
      - Partial wherever the list cannot be read. Then nothing can be predicted, each account is reported as one that would be sent its
        command, RV(msg) says why, and the task is not failed. Where the list answers 401 the task fails.
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - A command is always sent. Whether it changed anything follows from the service's C(previous_status).
      - Where the service does not report it, as in a bulk answer that calls an account a success, the account counts as changed.
options:
  account_id:
    description:
      - The accounts that get O(state). A single value is fine. Put ids in quotes, or YAML turns V(0123) into another number.
      - 1 to 64 letters, digits, C(_) and C(-). V(0123) and V(123) in one task are refused, as the service may take both for one account.
    type: list
    elements: str
    aliases: [account_ids]
  accounts:
    description: Accounts, each with a state of its own where it differs from O(state).
    type: list
    elements: dict
    suboptions:
      account_id:
        description: The account.
        type: str
        required: true
      state:
        description: The wanted state of this account. If not set, O(state) of the task.
        type: str
        choices: ['on', 'off']
      display_name:
        description:
          - A guard. Nothing is sent to the account when the list shows another name for it.
          - Where there is no list, or it does not answer in time, the name in the answer is compared, and another name makes the account
            V(unknown).
          - A value that is null is no guard. An empty one is refused.
        type: str
  all_accounts:
    description: Use the bulk command, which reaches every account of the token.
    type: bool
    default: false
  state:
    description:
      - The wanted state. Required unless every entry of O(accounts) has its own.
      - Unquoted YAML C(on) and C(off) work.
    type: str
    choices: ['on', 'off']
  retries:
    description:
      - How many further attempts may follow the first one, from 0 to 20.
      - OFF is sent again on anything that may pass. ON is sent again only when it surely was not applied.
      - With O(wait), an OFF that the list cannot prove is sent again each time. With O(hold), every OFF is sent once more after the hold was placed.
  reason:
    description: Why, for the result and the audit trail. Never sent to the service.
    type: str
notes:
  - The list of accounts (C(GET /bookieaccount/)) is not on the vendor's pages of the control API. The module works without it.
  - A failed task that changed something does not notify handlers. Use C(force_handlers) or read C(changed) in a C(rescue).
  - C(until) forgets that an earlier attempt changed something. Use O(retries) and O(wait) in its place.
  - With C(ignore_errors) an OFF that failed ends the playbook with exit code 0.
  - "Several hosts in a play send the same command several times. Run the task on C(localhost) alone, or with C(run_once)."
seealso:
  - name: Outcomes and what they prove
    description: The guide to outcomes.
    link: https://github.com/bookieops/betmatic/blob/main/docs/outcomes.md
"""

EXAMPLES = r"""
- name: Switch one bot on
  bookieops.betmatic.bookie_bot:
    account_id: "123"
    state: "on"

- name: Declare a fleet
  bookieops.betmatic.bookie_bot:
    accounts:
      - {account_id: "123", state: "on", display_name: TAB Main Account}
      - {account_id: "124", state: "off"}

- name: Switch every bot off and go on until each is proven off
  bookieops.betmatic.bookie_bot:
    all_accounts: true
    state: "off"
    wait: true
    reason: CHG-1042 race-day freeze
"""

RETURN = r"""
msg:
  description: What happened. After a failure it begins with the accounts that failed and the reason, and names the next step.
  returned: always
  type: str
  sample: 3 of 3 accounts as wanted, 2 changed.
accounts:
  description:
    - One entry for each account, in the order asked for. With O(all_accounts) in the order of the service's answer.
    - Values that are not known are null.
  returned: always
  type: list
  elements: dict
  contains:
    account_id: {description: "The account, always a string.", type: str, sample: "123"}
    display_name: {description: The name that the service gives the account., type: str, sample: TAB Main Account}
    state: {description: "The wanted state, V(on) or V(off).", type: str, sample: "on"}
    outcome:
      description:
        - V(ok), proven to be in the wanted state.
        - V(pending), ON was accepted and the bot is still starting.
        - V(rejected), the service answered and did not apply the command.
        - V(held), a hold keeps this ON back, and nothing was applied. It was not sent, or earlier attempts were refused with 429.
        - V(not_sent), the command surely never left this machine.
        - V(would_send), check mode, the command would be sent.
        - V(not_attempted), the run had ended before it.
        - V(unknown), the command may have been applied, and nothing proves the state.
      type: str
      sample: ok
    verdict: {description: The result in words., type: str, sample: "NOT proven off (406, Bot in maintenance)"}
    changed: {description: "Whether this task changed the account, or may have.", type: bool}
    failed: {description: Whether this account fails the task., type: bool}
    previous_status:
      description: The service's word before this task. Null after a command whose answer was lost, and after a bulk command that answered success.
      type: str
      sample: STOPPED
    bot_status: {description: The service's present word., type: str, sample: RUNNING}
    message: {description: "The service's own words, printable, 200 characters at most.", type: str, sample: Bot turned ON successfully}
    http_status: {description: The status of the last answer to a command., type: int, sample: 200}
    attempts: {description: Commands sent to the account. The bulk command counts as one for each account that its answer names., type: int, sample: 1}
    session_info: {description: C(active_sessions) and C(session_start_time) as answered., type: dict, sample: {active_sessions: 1}}
    timestamp: {description: The service's time of its answer., type: str, sample: "2024-01-24T21:00:00+11:00"}
    held: {description: Whether a hold kept an ON of this task back., type: bool}
summary:
  description: Counts over RV(accounts).
  returned: always
  type: dict
  contains:
    total: {description: All accounts., type: int}
    changed: {description: "Accounts that changed, or may have.", type: int}
    ok: {description: Accounts with this outcome., type: int}
    pending: {description: Accounts with this outcome., type: int}
    rejected: {description: Accounts with this outcome., type: int}
    held: {description: Accounts with this outcome., type: int}
    would_send: {description: Accounts with this outcome., type: int}
    not_sent: {description: Accounts with this outcome., type: int}
    not_attempted: {description: Accounts with this outcome., type: int}
    unknown: {description: Accounts with this outcome., type: int}
    unlisted: {description: Accounts that the service counted and did not name., type: int}
api_url:
  description: The service that was asked. Null where O(api_url) cannot be used.
  returned: always
  type: str
  sample: https://betmatic.app/api
check_mode: {description: "Whether the task only predicted. C(ansible_check_mode) tells only of the command line.", returned: always, type: bool}
holds:
  description:
    - The holds that kept an ON of this task back, with the fields of RV(bookieops.betmatic.bookie_hold#module:hold).
    - What cannot be read in O(holds_path) has C(id), C(path) and C(why). C(way_out) of each is a sentence that says how the ON may go.
  returned: always
  type: list
  elements: dict
hold_id:
  description: The hold that this task placed or found with O(hold). Null without, and where no hold stands.
  returned: always
  type: str
  sample: 20261121T080002-kqzt
reason: {description: O(reason) as given., returned: always, type: str, sample: CHG-1042 race-day freeze}
token_expires:
  description: The token's own expiry in RFC 3339. Null when it has none.
  returned: always
  type: str
  sample: "2026-12-31T23:59:59Z"
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils import _arguments, _module
from ..module_utils._given import given, noted
from ..module_utils._hold_gate import FolderGate, read_placing
from ..module_utils._switch import sequences
from ..module_utils._switch.engine import Engine
from ..module_utils._switch.gate import GatedService

STATE = {"type": "str", "choices": ["on", "off"]}


def argument_spec():
    """Return the module's argument spec."""
    return dict(
        _arguments.connection_spec(),
        **_arguments.pace_spec(),
        **_arguments.account_id_spec(),
        accounts={
            "type": "list",
            "elements": "dict",
            "options": {"account_id": {"type": "str", "required": True}, "state": STATE, "display_name": {"type": "str"}},
        },
        all_accounts={"type": "bool", "default": False},
        state=STATE,
        reason={"type": "str"},
        hold=noted({"type": "str"}),
        override_hold={"type": "str"},
    )


def switch(task):
    """Validate everything, then switch or predict; returns the result."""
    params = task.params
    limits, concurrency = _arguments.read_limits(params), _arguments.read_concurrency(params)
    targets = None if _arguments.selects_all(params) else _arguments.read_targets(params)
    gate = FolderGate(params["holds_path"], _arguments.read_url(params), params["override_hold"])
    placing = read_placing(params, given(task.argument_spec, params), targets)
    client, engine = _module.client(task), Engine(concurrency, is_orphan=_module.orphan_check(task))
    service = GatedService(client, gate, placing.begin if placing else lambda: None)
    task.caught = lambda: engine.signal
    engine.catch_signals()
    try:
        findings = predict(task, service, engine, limits, targets, gate) if task.check_mode else run(task, service, engine, limits, targets, placing)
    finally:
        engine.close()
        client.close()
    gate.tell_missing(task.warn)
    result = words().report(findings, task.check_mode)
    if placing is None:
        return result
    return placing.prediction(result) if task.check_mode else placing.result(result)


def predict(task, service, engine, limits, targets, gate):
    """Predict what the task asks for; `targets` is None for all accounts."""
    if targets is None:
        return sequences.check_all(service, engine, limits, task.params["state"], gate)
    return sequences.check_accounts(service, engine, limits, targets, gate)


def run(task, service, engine, limits, targets, placing):
    """Do what the task asks for; `targets` is None for all accounts."""
    _module.let_offs_finish(task, targets)
    if placing is not None and targets is None:
        return sequences.stop_all(service, engine, limits, task.log, placing)
    if placing is not None:
        return sequences.stop_accounts(service, engine, limits, targets, task.log, placing)
    if targets is None:
        return sequences.switch_all(service, engine, limits, task.params["state"], task.log)
    return sequences.switch_accounts(service, engine, limits, targets, task.log)


def words():
    """Return the words of the result; they are imported late, because the first byte does not need them."""
    from ..module_utils._switch import report

    return report


def result_of(task):
    """Return the task's result, whatever happens; the difference only where it was asked for."""
    result = _module.result_of(task, lambda: switch(task), lambda reason: words().refused(reason), lambda error: words().broken(error))
    result.update(reason=task.params["reason"], api_url=_arguments.usable_url(task.params), check_mode=task.check_mode)
    result.setdefault("hold_id", None)
    return _module.as_asked(task, result)


def main():
    """Run as an Ansible module."""
    module = AnsibleModule(argument_spec(), supports_check_mode=True)
    _module.end_masked(module, result_of(module))


if __name__ == "__main__":
    main()
