# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The edges towards Jinja: the filter account_ids, and the test account_id."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.bookieops.betmatic.plugins.filter.account_ids import FilterModule
from ansible_collections.bookieops.betmatic.plugins.test.account_id import TestModule as JinjaTests

IDS = FilterModule().filters()["account_ids"]


def test_ids_come_from_a_text_or_a_list():
    assert IDS("123, 124") == IDS(["123", 124]) == ["123", "124"]


def test_the_error_names_the_option_and_says_that_nothing_was_sent():
    with pytest.raises(AnsibleFilterError, match=r"bookie_account_ids names '12 4': .* Nothing was sent\.$"):
        IDS(["12 4"], "bookie_account_ids")


def test_the_test_tells_an_id_from_a_slip():
    is_account_id = JinjaTests().tests()["account_id"]
    assert is_account_id("123") and not is_account_id("12 4")
