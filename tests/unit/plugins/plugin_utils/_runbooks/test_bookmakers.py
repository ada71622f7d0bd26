# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bookmakers that a person names: never more accounts than those at them, and never fewer without a word."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.filter.accounts_at import FilterModule

AT = FilterModule().filters()["accounts_at"]


def listed(*bookies):
    return {"failed": False, "msg": "", "accounts": [{"account_id": str(number), "bookie": bookie} for number, bookie in enumerate(bookies, 1)]}


LIST = listed("TAB", "WishBet", "TAB", "Bet 365")


@pytest.mark.parametrize(
    "bookmakers, ids",
    [("TAB", ["1", "3"]), (["TAB"], ["1", "3"]), ("Bet 365, WishBet", ["2", "4"]), (["WishBet", "WishBet"], ["2"])],
)
def test_the_accounts_at_the_bookmakers_are_chosen_and_no_other(bookmakers, ids):
    assert AT(LIST, bookmakers) == {"account_ids": ids, "msg": ""}


def test_a_number_is_a_name():
    assert AT(listed("365", "TAB"), 365) == {"account_ids": ["1"], "msg": ""}


@pytest.mark.parametrize("slip", ["tab", "TABB", "TA", "Bet365"])
def test_a_bookmaker_that_no_account_has_is_named_with_those_that_are_there(slip):
    chosen = AT(LIST, [slip, "WishBet"])
    assert chosen["account_ids"] == ["2"]
    assert chosen["msg"] == (
        f"bookie_bookmakers: the list has no account at {slip}. It has Bet 365, TAB, WishBet. Write the name as the service does."
    )


@pytest.mark.parametrize(
    "nothing, words",
    [
        (None, "bookie_bookmakers names no bookmaker: name at least one, or leave it out."),
        ("", "bookie_bookmakers names no bookmaker: name at least one, or leave it out."),
        ([], "bookie_bookmakers names no bookmaker: name at least one, or leave it out."),
        (",", "bookie_bookmakers has an empty name"),
        ([" "], "bookie_bookmakers has an empty name"),
        (True, "bookie_bookmakers is True"),
        ({"TAB": 1}, "bookie_bookmakers is {'TAB': 1}"),
        ([None], "bookie_bookmakers is [None]"),
    ],
)
def test_what_names_no_bookmaker_chooses_no_account(nothing, words):
    chosen = AT(LIST, nothing)
    assert chosen["account_ids"] == [] and chosen["msg"].startswith(words)


@pytest.mark.parametrize(
    "value, slip", [("TAB,", "''"), (["TAB", " "], "' '"), (["TAB", None], "None"), (["TAB", True], "True"), (["TAB", {"a": 1}], "{'a': 1}")]
)
def test_what_is_not_a_name_keeps_no_other_one_back_and_is_named(value, slip):
    assert AT(LIST, value) == {"account_ids": ["1", "3"], "msg": f"bookie_bookmakers has {slip}: this is not the name of a bookmaker."}


def test_an_account_whose_bookmaker_is_not_told_is_named():
    chosen = AT(listed("TAB", None, ""), "TAB")
    assert chosen == {"account_ids": ["1"], "msg": "The list does not tell the bookmaker of 2, 3: name such accounts by their ids."}
    assert AT(listed(None), "TAB")["msg"].startswith("bookie_bookmakers: the list has no account at TAB. It names no bookmaker at all.")


def test_a_list_that_was_not_read_chooses_no_account_and_says_why():
    chosen = AT({"failed": True, "msg": "401 token invalid.", "accounts": []}, "TAB,WishBet")
    assert chosen == {"account_ids": [], "msg": "Which accounts are at TAB, WishBet is not known: 401 token invalid."}
    assert AT({"skipped": True}, "TAB")["msg"] == "Which accounts are at TAB is not known: the list of accounts was not read."


def test_a_long_list_of_bookmakers_stays_short():
    assert "and 30 more" in AT(listed(*(f"Bookmaker {number:02}" for number in range(50))), "TAB")["msg"]
