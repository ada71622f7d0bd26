# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The names that accounts and bookmakers have as hosts and groups."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.plugin_utils import _host_names


def named(*names):
    return [{"account_id": str(number), "display_name": name} for number, name in enumerate(names, 1)]


def hosts(accounts, taken=(), hostname="display_name"):
    return _host_names.host_names(accounts, hostname, taken)


@pytest.mark.parametrize(
    "names,expected",
    [
        (("TAB Main", "WishBet"), ["TAB_Main", "WishBet"]),
        (("TAB", "TAB", "WishBet"), ["TAB_1", "TAB_2", "WishBet"]),
        (("TAB", "TAB", "TAB_1"), ["TAB_1", "TAB_2", "TAB_1_3"]),
        ((None, "", "{{ x }}", "all:!a", "a[1:3]", "\u00e4"), ["1", "2", "x", "all_a", "a_1_3", "account"]),
        # A number is for the account that has it as its id.
        (("2", "1", "3", "99"), ["2_1", "1_2", "3", "99_4"]),
        (("1", "1"), ["1_1", "1_2"]),
    ],
)
def test_host_names_are_safe_and_unique(names, expected):
    assert hosts(named(*names)) == expected


def test_an_account_that_is_named_like_the_id_of_another_is_not_its_host():
    accounts = [{"account_id": "x-1", "display_name": "Main"}, {"account_id": "y-1", "display_name": "x-1"}]
    assert hosts(accounts) == ["Main", "x-1_y-1"]


def test_no_host_has_a_name_that_is_taken():
    assert hosts(named("bot_running", "TAB"), {"bot_running"}) == ["bot_running_1", "TAB"]
    assert hosts(named("bot_running", "TAB"), {"2"}, "account_id") == ["1", "2_2"]


@pytest.mark.parametrize(
    "accounts,taken,words",
    [
        (named("all"), {"all", "all_1"}, "account 1 would be the host 'all_1'.* or set hostname to account_id"),
        # Its longer name is the id of another one.
        ([{"account_id": "1", "display_name": "all"}, {"account_id": "all_1", "display_name": "x"}], {"all"}, "account 1 would be the host 'all_1'"),
    ],
)
def test_an_account_that_can_have_no_name_of_its_own_is_refused(accounts, taken, words):
    with pytest.raises(InputError, match=words):
        hosts(accounts, taken)


def test_bookmakers_whose_names_would_share_a_group_have_one_each_in_any_order():
    def shared(name):
        return name.replace(" ", "_").replace("-", "_")

    one, other = (_host_names.bookmaker_groups(names, shared) for names in (["Bet 365", "Bet-365", "TAB"], ["TAB", "Bet-365", "Bet 365"]))
    assert one == other and one["TAB"] == "bookie_TAB" and len(set(one.values())) == 3
    assert not set(one.values()) & {"bookie_Bet_365"}
