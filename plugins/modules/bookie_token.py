#!/usr/bin/python
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The API token: log in for one, or refresh the one there is."""

from __future__ import annotations

DOCUMENTATION = r"""
module: bookie_token
short_description: Log in for a Betmatic API token, or refresh the one there is
version_added: 1.0.0
description:
  - With O(email) and O(password) it logs in and returns a token.
  - Without them it refreshes O(api_token) when that expires within O(min_days) days. Until then nothing is sent.
  - Always give the task C(no_log=true). The new token is returned as it is, or nobody could use it, and Ansible shows what a task returns.
  - Tokens live 60 days. An expired token cannot be refreshed, only a login helps.
author:
  - BookieOps contributors (@bookieops)
extends_documentation_fragment:
  - bookieops.betmatic.connection
  - bookieops.betmatic.attributes
attributes:
  check_mode:
    support: full
    details:
      - Sends nothing. A login, and a refresh that is due, are predicted as a change, and RV(token) is null.
  diff_mode:
    support: none
    details:
      - What changes is a secret.
  idempotent:
    support: partial
    details:
      - A refresh changes nothing while the token lives longer than O(min_days).
      - A login always changes.
options:
  email:
    description:
      - The user's email address. Needs O(password).
      - When O(email) and O(password) are given, O(api_token) is not used, whether it comes from the task, from C(module_defaults) or from
        the environment. C(module_defaults) of the group may thus hold a token.
    type: str
  password:
    description:
      - The user's password. Needs O(email).
      - Do not write it into a playbook. Ansible shows lines of a playbook when something in them is wrong. Take a vaulted variable or a look-up.
    type: str
  min_days:
    description:
      - O(api_token) is refreshed when it expires within this many days, more than 0 and at most 3650. From 60 on it is always refreshed.
      - The default lets a weekly run fail once and still be in time.
      - A token whose expiry cannot be read is always refreshed, and RV(msg) says so.
      - A token that has expired by the clock of the machine is still sent. The service decides.
    type: float
    default: 14.0
notes:
  - Login and refresh touch no bot. They are sent again, at most O(retries) times, after 406, 408, 429, a 5xx, no connection, and an answer that was
    lost or is not a valid document. 401 ends the task at once, so that wrong credentials lock nobody out.
  - When the answer to a refresh is lost, the service may have replaced the token. RV(msg) says so, and the task is failed and changed. Run it
    again, and log in if that answers 401.
  - No text of the service is shown.
  - Login and refresh are not on the vendor's two pages of the control API, but on its authentication pages.
seealso:
  - name: The token
    description: Where to keep it, how to log in, and how to refresh it by schedule.
    link: https://github.com/bookieops/betmatic/blob/main/docs/token.md
"""

EXAMPLES = r"""
- name: Log in
  bookieops.betmatic.bookie_token:
    email: "{{ lookup('ansible.builtin.env', 'BETMATIC_EMAIL') }}"
    password: "{{ lookup('ansible.builtin.env', 'BETMATIC_PASSWORD') }}"
  no_log: true
  register: login

- name: Refresh the token in its last 20 days
  bookieops.betmatic.bookie_token:
    api_token: "{{ login.token or omit }}"
    min_days: 20
  no_log: true
  register: refreshed

- name: Use the new token, or the old one where it did not change
  bookieops.betmatic.bookie_bot:
    api_token: "{{ refreshed.token or login.token or omit }}"
    account_id: "123"
    state: "off"
"""

RETURN = r"""
msg:
  description: What happened and, after a failure, the next step. Holds no secret and no text of the service.
  returned: always
  type: str
  sample: The token was refreshed. The new token expires on 2026-12-31T23:59:59Z.
token:
  description:
    - The new token, not masked, to be used as it is. Register it with C(no_log=true).
    - Null when there is no new one, which is when O(api_token) lives long enough, in check mode, and after a failure. Go on with the token that
      you gave then. It is not returned, because Ansible masks what a task was given as a secret.
  returned: always
  type: str
  sample: VALUE_SPECIFIED_IN_NO_LOG_PARAMETER
expires:
  description:
    - The expiry of RV(token) in RFC 3339. Where there is no new token, that of O(api_token) if it is the one to use still.
    - Null when it is not known, as in check mode when the token would be replaced.
  returned: always
  type: str
  sample: "2026-12-31T23:59:59Z"
token_expires:
  description: The expiry of O(api_token) as it was given, in RFC 3339. Null when it has none.
  returned: always
  type: str
  sample: "2026-11-05T10:00:00Z"
"""

import time

from ansible.module_utils.basic import AnsibleModule

from ..module_utils import _arguments, _module, _renewal
from ..module_utils._api import token as api_token
from ..module_utils._api.client import Client
from ..module_utils._errors import InputError
from ..module_utils._switch import report

MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def argument_spec():
    """Return the module's argument spec."""
    return dict(
        _arguments.connection_spec(),
        email={"type": "str"},
        password={"type": "str", "no_log": True},
        min_days={"type": "float", "default": 14.0},
    )


def renew(module):
    """Validate everything, then log in, refresh, or predict; returns the result."""
    params = module.params
    limits, min_days = _arguments.read_reading_limits(params), _arguments.read_min_days(params)
    login = _arguments.read_login(params)
    if login:
        client = Client(_arguments.read_url(params), None, params["validate_certs"], _arguments.read_ca_path(params))
        if module.check_mode:
            return _renewal.would_log_in()
        return _renewal.after_login(_renewal.ask(lambda seconds: client.log_in(*login, seconds), limits), has_token(module))
    if not has_token(module):
        raise InputError("no token to refresh: set api_token or api_token_file, or give email and password to log in")
    token = _module.token(module)
    client = _module.client(module, token)
    expires = api_token.expires(token)
    if not _renewal.is_due(expires, min_days, time.time()):
        return _renewal.unchanged(expires, min_days)
    if module.check_mode:
        return _renewal.would_refresh(expires)
    return _renewal.after_refresh(_renewal.ask(client.refresh_token, limits), token)


def has_token(module):
    """Tell whether the task has a token beside email and password, usable or not."""
    return any((module.params.get(option) or "").strip() for option in ("api_token", "api_token_file"))


def show_new_token(module, result):
    """Let core return a new token as it is, and no other secret, also not in the options, which core returns as well."""
    for option in ("api_token", "password"):
        module.params[option] = MASK if module.params[option] else module.params[option]
    _module.hand_over(module, result["token"], (result["token"], result["expires"] or ""))


def main():
    """Run as an Ansible module."""
    module = AnsibleModule(argument_spec(), supports_check_mode=True)
    token_expires = _module.expires(module)

    def returned(result):
        result["token_expires"] = token_expires
        if result["token"]:
            show_new_token(module, result)
        return result

    result = _module.result_of(
        module,
        lambda: returned(renew(module)),
        lambda reason: returned(_renewal.failed(reason)),
        lambda error: returned(_renewal.failed(report.fault(error) + ". A new token may have been made and lost.", changed=True)),
    )
    _module.end(module, result)


if __name__ == "__main__":
    main()
