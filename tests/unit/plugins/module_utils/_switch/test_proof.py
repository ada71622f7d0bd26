# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a row of the list proves, as the service gives it and as bookie_account_info returns it."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import AccountList, ListedAccount
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.proof import as_wanted, by_id, is_another_name, reading_of, status_of

# (bot_running, no_sessions, what it proves)
LISTED = {
    "runs": (True, False, "RUNNING"),
    "runs without a session": (True, True, "RUNNING"),
    "stopped": (False, True, "STOPPED"),
    "stopped with sessions": (False, False, None),
    "running is not said": (None, True, None),
    "nothing is said but sessions": (None, False, None),
}
# (bot_status, running_sessions, what it proves)
RETURNED = {
    "runs": ("RUNNING", 1, "RUNNING"),
    "runs, sessions not known": ("RUNNING", None, "RUNNING"),
    "stopped": ("STOPPED", 0, "STOPPED"),
    "stopped, no sessions given": ("STOPPED", None, "STOPPED"),
    "stopped with sessions": ("STOPPED", 2, None),
    "not known": (None, 0, None),
}


@pytest.mark.parametrize("running,no_sessions,status", LISTED.values(), ids=LISTED)
def test_a_row_of_the_service(running, no_sessions, status):
    row = ListedAccount("1", bot_running=running, no_sessions=no_sessions)
    assert status_of(row) == status
    assert (as_wanted(row, "off"), as_wanted(row, "on")) == (status == "STOPPED", status == "RUNNING")


@pytest.mark.parametrize("bot_status,sessions,status", RETURNED.values(), ids=RETURNED)
def test_a_row_that_bookie_account_info_returned(bot_status, sessions, status):
    row = {"account_id": "1", "bot_status": bot_status, "running_sessions": sessions}
    assert status_of(row) == status
    assert (as_wanted(row, "off"), as_wanted(row, "on")) == (status == "STOPPED", status == "RUNNING")


def test_no_row_proves_nothing():
    assert status_of(None) is None and not as_wanted(None, "off") and not as_wanted(None, "on")


def test_an_id_that_is_listed_twice_has_no_row():
    stopped, running = ListedAccount("1", bot_running=False), ListedAccount("1", bot_running=True)
    other = ListedAccount("2", bot_running=True)
    assert by_id((stopped, other, running)) == {"1": None, "2": other}
    assert by_id((stopped, running, stopped)) == {"1": None}
    assert reading_of(AccountList((stopped, running))).rows == {"1": None}
    assert by_id(({"account_id": "1"}, {"account_id": "2"}, {"account_id": "1"})) == {"1": None, "2": {"account_id": "2"}}


@pytest.mark.parametrize(
    "guard,name,another",
    [("TAB", "TAB", False), ("TAB", "WishBet", True), ("TAB", "tab", True), (" TAB  Main ", "TAB Main", False), (None, "TAB", False), ("TAB", None, False)],
)
def test_the_guard_compares_names_as_they_are_cleaned(guard, name, another):
    assert is_another_name(guard, name) is another
