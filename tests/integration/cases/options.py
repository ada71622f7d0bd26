# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options that cannot be used: no request at all, and a message with the option and the way out."""

from __future__ import annotations

import json
from functools import partial
from unittest.mock import ANY

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case

case = partial(Case, "options", wire="", accounts={}, changed=False, failed=True)
EXAMPLE = "https://betmatic.app/api"


def _url(name, url, *msg):
    options = "{account_id: '123', state: 'off', api_url: " + json.dumps(url) + "}"
    return case(f"url_{name}", options, msg=("api_url", EXAMPLE, "Nothing was sent", *msg))


def _token(name, token, *msg):
    return case(f"token_{name}", "{account_id: '123', state: 'off', api_token: " + token + "}", msg=("api_token", *msg), token_expires=ANY)


def _limit(name, option, value):
    return case(f"{option}_{name}", "{account_id: '123', state: 'off', " + f"{option}: {value}" + "}", msg=(f"{option} is", "give", "Nothing was sent"))


def _core(name, options, *msg, **more):
    return case(name, options, msg=msg, by_core=True, **more)


CASES = (
    # --- which accounts, and what for
    case("no_account", "{state: 'off'}", msg=("account_id, accounts and all_accounts", "Nothing was sent")),
    case("all_accounts_false_is_no_account", "{all_accounts: false, state: 'off'}", msg=("no account is given",)),
    case("account_id_and_accounts", "{account_id: '123', accounts: [{account_id: '124', state: 'on'}], state: 'off'}", msg=("exactly one",)),
    case("account_id_and_all_accounts", "{account_id: '123', all_accounts: true, state: 'off'}", msg=("exactly one",)),
    case("accounts_and_all_accounts", "{accounts: [{account_id: '123'}], all_accounts: true, state: 'off'}", msg=("exactly one",)),
    case("account_id_empty_list", "{account_id: [], state: 'off'}", msg=("account_id is an empty list", "name at least one")),
    case("accounts_empty_list", "{accounts: [], state: 'off'}", msg=("accounts is an empty list", "name at least one")),
    case("one_account_in_two_spellings", "{accounts: [{account_id: '123', state: 'off'}, {account_id: '0123', state: 'on'}]}", msg=("'123' and '0123'",)),
    case("one_account_with_two_states", "{accounts: [{account_id: '123', state: 'on'}, {account_id: '123', state: 'off'}]}", msg=("'123'", "twice")),
    case("one_account_with_two_states_through_the_default", "{state: 'on', accounts: [{account_id: '123'}, {account_id: '123', state: 'off'}]}",
         msg=("'123'", "twice")),
    case("one_account_with_two_guards", "{state: 'on', accounts: [{account_id: '123', display_name: A}, {account_id: '123', display_name: B}]}",
         msg=("'123'", "twice")),
    case("no_state", "{account_id: '123'}", msg=("state is missing", "on or off")),
    case("no_state_for_all_accounts", "{all_accounts: true}", msg=("state is missing", "on or off")),
    case("no_state_in_one_entry", "{accounts: [{account_id: '123', state: 'on'}, {account_id: '124'}]}", msg=("state is missing", "'124'")),
    case("guard_that_is_empty", "{accounts: [{account_id: '123', state: 'on', display_name: ' '}]}", msg=("display_name", "'123'")),
    _core("state_of_another_word", "{account_id: '123', state: 'stop'}", "state", "on, off"),
    _core("state_of_another_word_in_accounts", "{accounts: [{account_id: '123', state: 'stop'}]}", "state", "on, off"),
    _core("entry_without_account_id", "{accounts: [{state: 'on'}]}", "account_id"),
    _core("option_that_does_not_exist", "{account_id: '123', state: 'off', acount_id: '124'}", "acount_id"),
    _core("entry_with_an_option_that_does_not_exist", "{accounts: [{account_id: '123', state: 'on', displayname: X}]}", "displayname"),

    # --- api_url
    _url("http_to_another_host", "http://betmatic.app/api", "in clear"),
    _url("http_to_a_host_that_looks_like_this_machine", "http://127.0.0.1.example.com/api", "in clear"),
    _url("http_to_this_machine_by_another_address", "http://127.0.0.2:1/api", "in clear"),
    _url("http_to_this_machine_written_short", "http://127.1:1/api"),
    _url("http_to_this_machine_as_a_number", "http://2130706433:1/api"),
    _url("http_to_any_address", "http://0.0.0.0:1/api"),
    _url("user_info", "https://somebody:secret-4711@betmatic.app/api", "user"),
    _url("user_info_that_looks_like_this_machine", "http://127.0.0.1@example.com/api", "user"),
    _url("token_as_user_info", "https://{{ token }}@betmatic.app/api", "user"),
    _url("backslash", "http://127.0.0.1:1\\@example.com/api"),
    _url("query", "https://betmatic.app/api?x=1", "query"),
    _url("empty_query", "https://betmatic.app/api?", "query"),
    _url("token_as_query", "https://betmatic.app/api?t={{ token }}", "query"),
    _url("fragment", "https://betmatic.app/api#x", "fragment"),
    _url("ftp", "ftp://betmatic.app/api", "https://"),
    _url("file", "file:///etc/passwd"),
    _url("without_scheme", "betmatic.app/api"),
    _url("without_host", "https:///api"),
    _url("empty", ""),
    _url("path_with_dot_dot", "https://betmatic.app/api/../admin", "path"),
    _url("path_with_dot_dot_encoded", "https://betmatic.app/api/%2e%2e/admin", "path"),
    _url("path_with_a_blank", "https://betmatic.app/a pi"),
    _url("line_break", "https://betmatic.app/\napi"),
    _url("port_that_is_none", "https://betmatic.app:99999/api"),
    _url("host_of_other_letters", "https://b\u0435tmatic.app/api"),

    # --- api_token
    _token("empty", "''", "BETMATIC_API_TOKEN"),
    _token("blanks", "'   '", "BETMATIC_API_TOKEN"),
    _token("blank_inside", "'{{ token }} {{ token }}'", "one word"),
    _token("line_break_inside", '"{{ token }}\\n{{ token }}"', "one word"),
    _token("header_inside", '"{{ token }}\\r\\nX-Other: {{ token }}"', "one word"),
    _token("non_ascii", '"{{ token }}\\u00e9"', "copy it again"),
    _token("null_byte", '"{{ token }}\\0"', "copy it again"),
    _token("with_its_word_in_front", "'Token {{ token }}'", "one word"),
    case("token_missing", "{account_id: '123', state: 'off'}", msg=("api_token is missing", "BETMATIC_API_TOKEN"), defaults=None, token_expires=None,
         environment={"BETMATIC_API_URL": "{url}"}),

    # --- limits
    _limit("0", "concurrency", "0"),
    _limit("65", "concurrency", "65"),
    _limit("negative", "concurrency", "-1"),
    _limit("negative", "retries", "-1"),
    _limit("21", "retries", "21"),
    _limit("0", "timeout", "0"),
    _limit("negative", "timeout", "-1"),
    _limit("infinite", "timeout", ".inf"),
    _limit("nan", "deadline", ".nan"),
    _limit("0", "deadline", "0"),
    _limit("infinite", "deadline", ".inf"),
    _limit("negative", "wait_sleep", "-1"),
    _limit("nan", "wait_sleep", ".nan"),
    _limit("negative", "wait_timeout", "-5"),
    _core("concurrency_as_a_word", "{account_id: '123', state: 'off', concurrency: many}", "concurrency"),
    _core("timeout_as_a_word", "{account_id: '123', state: 'off', timeout: long}", "timeout"),
    case("timeout_0_from_the_environment", "{account_id: '123', state: 'off'}", msg=("timeout is",), environment={"BETMATIC_TIMEOUT": "0"}),
    case("ca_path_that_does_not_exist", "{account_id: '123', state: 'off', ca_path: '/nowhere/ca.pem'}",
         msg=("ca_path", "/nowhere/ca.pem", "Nothing was sent")),
    _core("requests_is_missing", "{account_id: '123', state: 'off'}", "Failed to import the required Python library (requests)", "Nothing was sent.",
          environment={"PYTHONPATH": "{folder}/home"}, files={"requests.py": "raise ImportError('not here')\n"}),
)
