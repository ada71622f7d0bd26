# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ids that lead elsewhere: no request at all, and a message with the id and the way out."""

from __future__ import annotations

import json
from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case

case = partial(Case, "ids", changed=False, failed=True)


def _no_id(name, account_id, shown=None):
    """The id in a list of good ones: one bad id keeps everything back."""
    return case(name, "{account_id: ['123', " + json.dumps(account_id) + "], state: 'off'}", "", {},
                msg=("account_id", shown or repr(account_id), "letters, digits", "Nothing was sent"))


CASES = (
    _no_id("dot", "."),
    _no_id("dot_dot", ".."),
    _no_id("hash", "#"),
    _no_id("hash_behind_an_id", "123#"),
    _no_id("question_mark", "123?"),
    _no_id("slash", "123/"),
    _no_id("slash_dot_dot", "123/.."),
    _no_id("slash_dot_dot_slash_another_id", "123/../124"),
    _no_id("backslash", "123\\.."),
    _no_id("percent", "%2e%2e"),
    _no_id("semicolon", "123;124"),
    _no_id("line_break", "123\n"),
    _no_id("null_byte", "123\0"),
    _no_id("arabic_digits", "\u0661\u0662\u0663"),
    _no_id("fullwidth_digits", "\uff11\uff12\uff13"),
    _no_id("empty", ""),
    _no_id("blank", " "),
    _no_id("blank_in_front", " 123"),
    _no_id("blank_behind", "123 "),
    _no_id("blank_inside", "12 3"),
    _no_id("true", True, "'True'"),
    _no_id("false", False, "'False'"),
    _no_id("null_as_text", "null"),
    _no_id("none", "None"),
    _no_id("all", "all"),
    _no_id("all_in_capitals", "ALL"),
    _no_id("no_letter_and_no_digit", "-_-"),
    _no_id("65_characters", "7" * 65),
    _no_id("a_fraction", 12.5, "'12.5'"),
    _no_id("a_list", ["124"]),
    _no_id("a_template_that_was_not_filled", "{% raw %}{{ id }}{% endraw %}", "{{ id }}"),
    case("single_empty_text", "{account_id: '', state: 'off'}", "", {}, msg=("account_id", "Nothing was sent")),
    case("single_true", "{account_id: true, state: 'off'}", "", {}, msg=("account_id 'True'",)),
    case("single_null", "{account_id: null, state: 'off'}", "", {}, msg=("account_id, accounts and all_accounts",)),
    case("comma_at_the_end", "{account_id: '123,', state: 'off'}", "", {}, msg=("account_id ''",)),
    case("time_of_day_that_yaml_turns_into_a_number_is_sent_as_yaml_has_it", "{account_id: 12:30, state: 'off', retries: 0}", "OFF 750, list",
         {"750": "rejected"}),
    case("dot_dot_in_accounts", "{accounts: [{account_id: '123', state: 'off'}, {account_id: '..', state: 'off'}]}", "", {}, msg=("account_id '..'",)),
    case("true_in_accounts", "{accounts: [{account_id: true, state: 'off'}]}", "", {}, msg=("account_id 'True'",)),
    case("all_in_accounts", "{accounts: [{account_id: all, state: 'off'}]}", "", {}, msg=("account_id 'all'",)),
    case("dot_in_check_mode", "{account_id: '.', state: 'off'}", "", {}, msg=("account_id '.'",), check=True),
)
