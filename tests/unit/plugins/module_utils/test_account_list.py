# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list as users see it: which rows, in which order, with which fields."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.inventory import bookie_accounts
from ansible_collections.bookieops.betmatic.plugins.module_utils import _account_list
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import AccountList, ListedAccount, Maybe, NotSent, Refusal
from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError

ROWS = (
    ListedAccount("b", bookie="TAB"),
    ListedAccount("10", bot_running=True, bookie="TAB", display_name="Main", bot_id="bot-1"),
    ListedAccount("9", bot_running=False, bookie="WishBet", display_name="Second", bot_id="bot-1"),
    ListedAccount("a", bookie="tab"),
)


@pytest.mark.parametrize(
    "selection,ids",
    [
        ({}, ["9", "10", "a", "b"]),
        ({"account_id": ("10", "9", "77")}, ["9", "10"]),
        ({"bookie": ("TAB",)}, ["10", "b"]),
        ({"bot_id": ("bot-1",)}, ["9", "10"]),
        ({"display_name": ("Main", "Second")}, ["9", "10"]),
        ({"bot_status": "RUNNING"}, ["10"]),
        ({"bot_status": "STOPPED"}, ["9"]),
        ({"bookie": ("TAB",), "bot_status": "STOPPED"}, []),
    ],
)
def test_selections_narrow_and_the_order_is_by_number(selection, ids):
    rows = _account_list.select(AccountList(ROWS), _account_list.Selection(**selection))
    assert [row.account_id for row in rows] == ids


def test_money_and_addresses_only_when_asked_for():
    row = ListedAccount("1", balance=1.5, bonus_balance=2.5, bot_ip="192.0.2.7")
    plain = {"account_id", "bookie", "display_name", "bot_id", "bot_status", "running_sessions", "update_time"}
    assert set(_account_list.as_dict(row, False, False)) == plain
    assert set(_account_list.as_dict(row, True, False)) == plain | {"balance", "bonus_balance"}
    assert set(_account_list.as_dict(row, False, True)) == plain | {"bot_ip"}


@pytest.mark.parametrize(
    "answer,words",
    [
        (Refusal(401), "401 token invalid or expired"),
        (Refusal(403), "no list of accounts for this token (403)"),
        (Refusal(404), "not on the vendor's pages"),
        (Refusal(429), "429 from the service"),
        (Maybe("the answer is no valid document", 200), "no valid document"),
        (NotSent("the connection was refused"), "the connection was refused"),
    ],
)
def test_what_came_instead_of_the_list_is_said(answer, words):
    assert words in _account_list.why_no_list(answer)


@pytest.mark.parametrize("option", ["account_id", "bookie", "bot_id", "display_name"])
def test_an_empty_list_does_not_mean_all(option):
    params = {"account_id": None, "bookie": None, "bot_id": None, "display_name": None, "bot_status": None, option: []}
    with pytest.raises(InputError, match=option):
        _account_list.read_selection(params)


def named(*names):
    return [{"account_id": str(number), "display_name": name} for number, name in enumerate(names, 1)]


@pytest.mark.parametrize(
    "names,hosts",
    [
        (("TAB Main", "WishBet"), ["TAB_Main", "WishBet"]),
        (("TAB", "TAB", "WishBet"), ["TAB_1", "TAB_2", "WishBet"]),
        (("TAB", "TAB", "TAB_1"), ["TAB_1", "TAB_2", "TAB_1_3"]),
        ((None, "", "{{ x }}", "all:!a", "a[1:3]", "\u00e4"), ["1", "2", "x", "all_a", "a_1_3", "account"]),
    ],
)
def test_host_names_are_safe_and_unique(names, hosts):
    assert bookie_accounts.host_names(named(*names), "display_name", set()) == hosts


def test_no_host_has_a_name_that_is_taken():
    assert bookie_accounts.host_names(named("bot_running", "TAB"), "display_name", {"bot_running"}) == ["bot_running_1", "TAB"]
    with pytest.raises(bookie_accounts.AnsibleParserError, match="the name of a group"):
        bookie_accounts.host_names(named("all"), "display_name", {"all", "all_1"})
