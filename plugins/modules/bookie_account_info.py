#!/usr/bin/python
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of accounts and what their bots do now."""

from __future__ import annotations

DOCUMENTATION = r"""
module: bookie_account_info
short_description: List the bookmaker accounts of a Betmatic token and what their bots do
version_added: 1.0.0
description:
  - Reads the list of accounts once and returns those that are asked for.
  - The list (C(GET /bookieaccount/)) is not on the vendor's pages of the control API. It was seen in a public client of the API, and a
    token may have none. Then the task fails and says so.
  - A bot that is starting looks stopped in the list.
  - An option that is null or an empty list is refused, as it would select every account, or none, by mistake. A value that no account has fails the task,
    and no account is returned.
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
options:
  account_id:
    description: Only these accounts.
    type: list
    elements: str
    aliases: [account_ids]
  bookie:
    description: Only accounts at these bookmakers. The names must be equal to those of the service, letter by letter.
    type: list
    elements: str
  bot_id:
    description: Only accounts that are served by these bots.
    type: list
    elements: str
  display_name:
    description: Only accounts with these names, letter by letter.
    type: list
    elements: str
  bot_status:
    description:
      - Only accounts whose bot is proven to be in this status.
      - An account of which the list proves neither is in RV(unclear_ids), and not among RV(accounts).
    type: str
    choices: [RUNNING, STOPPED]
  include_balances:
    description: Whether to return RV(accounts[].balance) and RV(accounts[].bonus_balance).
    type: bool
    default: false
  include_network:
    description: Whether to return RV(accounts[].bot_ip).
    type: bool
    default: false
seealso:
  - module: bookieops.betmatic.bookie_bot
"""

EXAMPLES = r"""
- name: List what is running now
  bookieops.betmatic.bookie_account_info:
    bot_status: RUNNING
  register: running

- name: Find all accounts at one bookmaker
  bookieops.betmatic.bookie_account_info:
    bookie: TAB # a name that no account has fails here
  register: tab

- name: Switch them off
  bookieops.betmatic.bookie_bot:
    account_id: "{{ tab.account_ids }}"
    state: "off"
"""

RETURN = r"""
msg:
  description:
    - How many accounts match, and of which the list proves neither that the bot runs nor that it is off. After a failure the reason and
      the next step.
  returned: always
  type: str
  sample: "1 of 3 accounts matches. 1 is neither proven RUNNING nor STOPPED: 124."
api_url:
  description: The service that was asked. Null where O(api_url) cannot be used.
  returned: always
  type: str
  sample: https://betmatic.app/api
accounts:
  description: The accounts asked for, sorted by id. Values that the service does not give are null.
  returned: always
  type: list
  elements: dict
  contains:
    account_id:
      description: The account, always a string.
      type: str
      sample: "123"
    bookie:
      description: The bookmaker's name.
      type: str
      sample: TAB
    display_name:
      description: The account's name.
      type: str
      sample: TAB Main Account
    bot_id:
      description: The bot that serves the account. One bot can serve several.
      type: str
      sample: bot-7
    bot_status:
      description:
        - V(RUNNING) or V(STOPPED) where the list proves it, else null. V(STOPPED) needs C(bot_running) to be false and no running session.
        - Null as well for an account that is listed twice.
      type: str
      sample: RUNNING
    running_sessions:
      description: How many sessions run.
      type: int
      sample: 1
    update_time:
      description: When the service last changed the row.
      type: str
      sample: "2026-01-24T21:00:00+11:00"
    held:
      description:
        - Whether a hold keeps every ON to the account back (M(bookieops.betmatic.bookie_hold)).
        - The folder is read while the list is on the wire. Where it cannot be read, or has not answered a quarter of a second after the list, every
          account counts as held.
      type: bool
    balance:
      description: The balance.
      returned: with O(include_balances)
      type: float
      sample: 100.5
    bonus_balance:
      description: The bonus balance.
      returned: with O(include_balances)
      type: float
      sample: 10.0
    bot_ip:
      description: The address that the bot uses.
      returned: with O(include_network)
      type: str
      sample: 192.0.2.7
account_ids:
  description: The ids of RV(accounts), ready for O(bookieops.betmatic.bookie_bot#module:account_id).
  returned: always
  type: list
  elements: str
  sample: ["123", "124"]
unclear_ids:
  description: The ids of the accounts, narrowed by every option but O(bot_status), of which the list proves neither that the bot runs nor that it is off.
  returned: always
  type: list
  elements: str
  sample: ["124"]
token_expires:
  description: The token's own expiry in RFC 3339. Null when it has none.
  returned: always
  type: str
  sample: "2026-12-31T23:59:59Z"
"""

from contextlib import closing

from ansible.module_utils.basic import AnsibleModule

from ..module_utils import _account_list, _arguments, _module
from ..module_utils._api.documents import AccountList
from ..module_utils._given import given, noted
from ..module_utils._hold_gate import HeldLook
from ..module_utils._switch import reader, report


def argument_spec():
    """Return the module's argument spec."""
    return dict(
        _arguments.connection_spec(),
        **_arguments.account_id_spec(),
        bookie=noted({"type": "list", "elements": "str"}),
        bot_id=noted({"type": "list", "elements": "str"}),
        display_name=noted({"type": "list", "elements": "str"}),
        bot_status=noted({"type": "str", "choices": ["RUNNING", "STOPPED"]}),
        include_balances={"type": "bool", "default": False},
        include_network={"type": "bool", "default": False},
    )


def failed(msg):
    """Return the result of a task that returns no account."""
    return {"changed": False, "failed": True, "msg": msg, "accounts": [], "account_ids": [], "unclear_ids": []}


def read(module):
    """Validate, read the list once, and return the accounts asked for."""
    params = module.params
    selection = _account_list.read_selection(params, given(module.argument_spec, params))
    limits = _arguments.read_reading_limits(params)
    with closing(_module.client(module)) as client:
        look = HeldLook(params["holds_path"], _arguments.read_url(params))
        answer = reader.list_accounts(client, limits)
    if not isinstance(answer, AccountList):
        return failed(_account_list.why_no_list(answer))
    unknown = _account_list.unknown(answer, selection)
    if unknown:
        return failed(f"The list of this token has {unknown}. No account is returned: correct the value, or use the token of the account's owner.")
    selected = _account_list.select(answer, selection)
    held = look.held([row.account_id for row in selected.rows])
    accounts = [
        dict(_account_list.as_dict(row, params["include_balances"], params["include_network"]), held=row.account_id in held) for row in selected.rows
    ]
    return {
        "changed": False,
        "failed": False,
        "msg": _account_list.words(selected),
        "accounts": accounts,
        "account_ids": [row.account_id for row in selected.rows],
        "unclear_ids": list(selected.unclear),
    }


def result_of(task):
    """Return the task's result, whatever happens."""
    result = _module.result_of(task, lambda: read(task), failed, lambda error: failed(report.fault(error) + "."))
    return {**result, "api_url": _arguments.usable_url(task.params)}


def main():
    """Run as an Ansible module."""
    module = AnsibleModule(argument_spec(), supports_check_mode=True)
    _module.end_masked(module, result_of(module))


if __name__ == "__main__":
    main()
