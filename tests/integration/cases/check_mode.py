# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check mode: no command, ever; a prediction from the list where there is one."""

from __future__ import annotations

from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, hang

case = partial(Case, "check_mode", check=True)
NO_LIST = answer(404, on="list", times=None)
RUNNING = {"123": "RUNNING"}


def _off(name, **row):
    """A row that would be no proof of off cannot be a prediction of it."""
    return case(f"off_{name}_would_be_sent", "{account_id: '123', state: 'off'}", "list", {"123": "would_send changed"},
                (change(rows={"123": row}, on="list"),))


CASES = (
    case("on_of_a_stopped_bot_is_predicted", "{account_id: '123', state: 'on'}", "list", {"123": "would_send changed"}, previous={"123": "STOPPED"},
         msg=("Would send ON to 123",), bots={"123": "STOPPED"}),
    case("on_of_a_running_bot_is_ok", "{account_id: '123', state: 'on'}", "list", {"123": "ok"}, fleet=RUNNING, previous={"123": "RUNNING"}),
    case("off_of_a_running_bot_is_predicted", "{account_id: '123', state: 'off'}", "list", {"123": "would_send changed"}, fleet=RUNNING,
         previous={"123": "RUNNING"}, msg=("Would send OFF to 123",), bots=RUNNING),
    case("off_of_a_stopped_bot_is_ok", "{account_id: '123', state: 'off'}", "list", {"123": "ok"}),
    _off("with_a_session", running_sessions=1),
    _off("with_bot_running_as_text", bot_running="false"),
    case("account_that_is_not_listed_is_rejected", "{account_id: ['123', '999'], state: 'on'}", "list", {"123": "would_send changed", "999": "rejected"},
         msg=("999", "not in the list")),
    case("without_list_says_that_it_would_send", "{accounts: [{account_id: '123', state: 'on'}, {account_id: '124', state: 'off'}]}", "list",
         {"123": "would_send changed", "124": "would_send changed"}, (NO_LIST,), previous={"123": None},
         msg=("Would send OFF to 124", "Would send ON to 123", "no list")),
    case("401_of_the_list_fails", "{account_id: '123', state: 'on'}", "list", {"123": "not_attempted"}, (answer(401, on="list", times=None),),
         msg=("Not on: 123 (not attempted: the token was refused (401))", "Log in again")),
    case("401_of_the_list_fails_for_all_accounts", "{all_accounts: true, state: 'off'}", "list", {}, (answer(401, on="list", times=None),), changed=False,
         failed=True, msg=("NOT proven off: all accounts (not attempted: the token was refused (401))", "Log in again")),
    case("403_of_the_list_means_no_list", "{account_id: '123', state: 'on'}", "list", {"123": "would_send changed"}, (answer(403, on="list", times=None),)),
    case("malformed_list_means_no_list", "{account_id: '123', state: 'on', retries: 0}", "list", {"123": "would_send changed"},
         (answer(200, text="[{}]", on="list", times=None),)),
    case("list_that_hangs_means_no_list", "{account_id: '123', state: 'on', retries: 0, timeout: 0.4}", "list", {"123": "would_send changed"},
         (hang(on="list", times=None),)),
    case("list_500_is_asked_again", "{account_id: '123', state: 'on'}", "list x2", {"123": "would_send changed"}, (answer(500, on="list"),)),
    case("guard_with_another_name_is_rejected", "{accounts: [{account_id: '123', state: 'on', display_name: X}, {account_id: '124', state: 'on'}]}", "list",
         {"123": "rejected", "124": "would_send changed"}, msg=("TAB Main Account",)),
    case("all_accounts_off", "{all_accounts: true, state: 'off'}", "list", {"123": "would_send changed", "124": "ok", "125": "ok"}, fleet=RUNNING),
    case("all_accounts_on", "{all_accounts: true, state: 'on'}", "list", {"123": "ok", "124": "would_send changed", "125": "would_send changed"},
         fleet=RUNNING),
    case("all_accounts_without_list_says_that_it_would_send", "{all_accounts: true, state: 'off'}", "list", {}, (NO_LIST,), changed=True, failed=False,
         msg=("Would send", "all accounts")),
    case("all_accounts_as_wanted_is_unchanged", "{all_accounts: true, state: 'off'}", "list", {"123": "ok", "124": "ok", "125": "ok"}),
    case("wait_does_not_wait", "{account_id: '123', state: 'on', wait: true}", "list", {"123": "would_send changed"}),
    case("diff_shows_what_would_change", "{accounts: [{account_id: '123', state: 'off'}, {account_id: '124', state: 'on'}]}", "list",
         {"123": "would_send changed", "124": "would_send changed"}, fleet=RUNNING,
         diff=("123 TAB Main Account: RUNNING\n124 WishBet Secondary: STOPPED\n", "123 TAB Main Account: STOPPED\n124 WishBet Secondary: RUNNING\n")),
)
