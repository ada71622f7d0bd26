# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A fleet file: what is taken as it stands, and what is refused."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.bookieops.betmatic.plugins.filter.from_fleet import from_fleet


def test_every_value_is_the_text_that_stands_there():
    text = "accounts:\n- {account_id: 0123, state: on}\n- {account_id: '7', state: \"off\", display_name: yes}\n- {account_id: 1_000, state: off}"
    assert from_fleet(text) == [
        {"account_id": "0123", "state": "on"},
        {"account_id": "7", "state": "off", "display_name": "yes"},
        {"account_id": "1_000", "state": "off"},
    ]


@pytest.mark.parametrize(
    "text,words",
    [
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("{}", "is empty"),
        ("- {account_id: 1, state: on}", "is not a mapping"),
        ("just words", "is not a mapping"),
        ("accounts: []\nfleet: []", "unknown key 'fleet'"),
        ("accounts:", "names no account"),
        ("accounts: {account_id: 1}", "names no account"),
        ("accounts: [1]", "entry 1 is not a mapping"),
        ("accounts: [{account_id: 1, state: on}, {account_id: 2, state: on, stat: off}]", "entry 2 has the unknown key 'stat'"),
        ("accounts: [{state: on}]", "entry 1 has the account_id None"),
        ("accounts: [{account_id: '', state: on}]", "entry 1 has the account_id ''"),
        ("accounts: [{account_id: .., state: on}]", "entry 1 has the account_id '..'"),
        ("accounts: [{account_id: all, state: on}]", "entry 1 has the account_id 'all'"),
        ("accounts: [{account_id: [1], state: on}]", "account_id that is not a text"),
        ("accounts: [{account_id: 1}]", "(account 1) has the state None"),
        ("accounts: [{account_id: 1, state: true}]", "(account 1) has the state 'true': write on or off"),
        ("accounts: [{account_id: 1, state: on, display_name: ' '}]", "empty display_name"),
        ("accounts: [{account_id: 1, state: on}, {account_id: 1, state: off}]", "names account 1 twice"),
        ("accounts: [{account_id: 0123, state: on}, {account_id: 123, state: off}]", "names '0123' and '123', which may be one account for the service"),
        ("accounts: [{account_id: 1, state: on, state: off}]", "the same key twice"),
        ("accounts: [\n{account_id: 1", "not valid YAML"),
        ("accounts: \x07", "not valid YAML: it holds characters that YAML does not allow"),
        ("accounts: *fleet", "not valid YAML"),
    ],
)
def test_what_is_refused_and_how_it_is_told(text, words):
    with pytest.raises(AnsibleFilterError) as refused:
        from_fleet(text)
    assert words in str(refused.value) and str(refused.value).startswith("the fleet file ")


def test_a_file_that_is_something_else_is_not_shown():
    with pytest.raises(AnsibleFilterError) as refused:
        from_fleet("token: [eyJhbGciOiJIUzI1NiIsInR5cCI6\nBETMATIC")
    assert "eyJ" not in str(refused.value) and "line 2" in str(refused.value)
