# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list as users see it: which rows, in which order, with which fields."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _account_list
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import AccountList, ListedAccount, Maybe, NotSent, Refusal
from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError

ROWS = (
    ListedAccount("b", bookie="TAB"),
    ListedAccount("10", bot_running=True, bookie="TAB", display_name="Main", bot_id="bot-1"),
    ListedAccount("9", bot_running=False, bookie="WishBet", display_name="Second", bot_id="bot-1"),
    ListedAccount("a", bookie="tab"),
    # Not running, and yet with sessions.
    ListedAccount("11", bot_running=False, no_sessions=False, running_sessions=2, bookie="tab"),
)


def selected(selection, rows=ROWS):
    return _account_list.select(AccountList(rows), _account_list.Selection(**selection))


@pytest.mark.parametrize(
    "selection,ids,unclear",
    [
        ({}, ["9", "10", "11", "a", "b"], ("11", "a", "b")),
        ({"account_id": ("10", "9")}, ["9", "10"], ()),
        ({"bookie": ("TAB",)}, ["10", "b"], ("b",)),
        ({"bot_id": ("bot-1",)}, ["9", "10"], ()),
        ({"display_name": ("Main", "Second")}, ["9", "10"], ()),
        ({"bot_status": "RUNNING"}, ["10"], ("11", "a", "b")),
        ({"bot_status": "STOPPED"}, ["9"], ("11", "a", "b")),
        ({"bookie": ("TAB",), "bot_status": "STOPPED"}, [], ("b",)),
    ],
)
def test_selections_narrow_and_the_order_is_by_number(selection, ids, unclear):
    found = selected(selection)
    assert ([row.account_id for row in found.rows], found.unclear, found.listed) == (ids, unclear, 5)


def test_an_account_that_is_listed_twice_is_one_of_which_nothing_is_proven():
    rows = (ListedAccount("1", bot_running=False, bookie="TAB", display_name="Main"), ListedAccount("1", bot_running=False, bookie="TAB", display_name="Other"))
    for selection in ({}, {"display_name": ("Other",)}):
        found = selected(selection, rows)
        assert (found.unclear, found.twice, found.listed) == (("1",), ("1",), 1)
        (account,) = [_account_list.as_dict(row, False, False) for row in found.rows]
        assert (account["account_id"], account["bookie"], account["display_name"], account["bot_status"]) == ("1", "TAB", None, None)
    assert selected({"bot_status": "STOPPED"}, rows).rows == ()


@pytest.mark.parametrize(
    "selection,words",
    [
        ({}, None),
        ({"account_id": ("9", "b"), "bookie": ("TAB", "WishBet")}, None),
        ({"account_id": ("9", "77", "78")}, "no account '77', '78'"),
        ({"bookie": ("Tab",)}, "no bookmaker 'Tab'"),
        ({"bot_id": ("bot-2",), "bookie": ("",)}, "no bookmaker '' and no bot 'bot-2'"),
        ({"display_name": ("main",)}, "no account of the name 'main'"),
    ],
)
def test_values_that_no_account_has_are_named(selection, words):
    assert _account_list.unknown(AccountList(ROWS), _account_list.Selection(**selection)) == words


def test_the_message_counts_what_is_not_proven():
    assert _account_list.words(selected({"bot_status": "RUNNING"})) == "1 of 5 accounts matches. 3 are neither proven RUNNING nor STOPPED: 11, a, b."
    assert _account_list.words(selected({"account_id": ("9",)})) == "1 of 5 accounts matches."
    twice = selected({}, (ListedAccount("1", bot_running=True), ListedAccount("1", bot_running=True)))
    assert _account_list.words(twice) == "1 of 1 account matches. 1 is neither proven RUNNING nor STOPPED: 1. Listed twice by the service: 1."


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
        (Maybe("the answer is not a valid document", 200), "not a valid document"),
        (NotSent("the connection was refused"), "the connection was refused"),
    ],
)
def test_what_came_instead_of_the_list_is_said(answer, words):
    assert words in _account_list.why_no_list(answer)


NOTHING = {"account_id": None, "bookie": None, "bot_id": None, "display_name": None, "bot_status": None}
LISTS = ("account_id", "bookie", "bot_id", "display_name")


@pytest.mark.parametrize(
    "option,value,words",
    [(option, [], "is an empty list") for option in LISTS] + [(option, None, "is null, which would select every account") for option in (*LISTS, "bot_status")],
)
def test_what_selects_by_a_slip_is_refused(option, value, words):
    with pytest.raises(InputError, match=f"{option} {words}"):
        _account_list.read_selection({**NOTHING, option: value}, {option})


def test_what_is_not_given_selects_every_account():
    assert _account_list.read_selection(NOTHING, set()) == _account_list.Selection()
    assert _account_list.read_selection({**NOTHING, "bookie": ["TAB"]}, {"bookie"}) == _account_list.Selection(bookie=("TAB",))
