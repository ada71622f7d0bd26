# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The switch itself: named accounts, the options, and the errors of the service."""

from __future__ import annotations

from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case, all_of, fleet, ids
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, delay, hang

case = partial(Case, "single")
NO_LIST = answer(404, on="list", times=None)
RUNNING_123 = {"123": "RUNNING"}
ALL_RUNNING = {"123": "RUNNING", "124": "RUNNING", "125": "RUNNING"}


def _reason_stays_here(result, shown, log):
    assert "CHG-1042" not in str(log)


def _waits_go_on(result, shown, log):
    assert len(log) > 1


CASES = (
    # --- on and off, by what the bot was
    case("on_from_stopped_is_changed", "{account_id: '123', state: 'on'}", "ON 123", {"123": "ok changed"},
         previous={"123": "STOPPED"}, bots={"123": "RUNNING", "124": "STOPPED"}),
    case("on_from_running_is_unchanged", "{account_id: '123', state: 'on'}", "ON 123", {"123": "ok"},
         fleet=RUNNING_123, previous={"123": "RUNNING"}),
    case("off_from_running_is_changed", "{account_id: '123', state: 'off'}", "OFF 123", {"123": "ok changed"},
         fleet=RUNNING_123, previous={"123": "RUNNING"}, bots={"123": "STOPPED"}),
    case("off_from_stopped_is_unchanged", "{account_id: '123', state: 'off'}", "OFF 123", {"123": "ok"}, previous={"123": "STOPPED"}),
    case("off_without_list_is_proven_by_its_answer", "{account_id: '123', state: 'off'}", "OFF 123", {"123": "ok changed"},
         (NO_LIST,), RUNNING_123),
    case("all_values_of_the_answer_are_returned", "{account_id: '123', state: 'on'}", "ON 123", {"123": "ok changed"},
         (change({"timestamp": "2026-01-24T21:00:00+11:00", "session_info": {"active_sessions": 1, "session_start_time": "2026-01-24T21:00:00+11:00"}}),),
         fields={"123": {
             "display_name": "TAB Main Account", "state": "on", "bot_status": "RUNNING", "message": "Bot turned ON successfully", "http_status": 200,
             "attempts": 1, "timestamp": "2026-01-24T21:00:00+11:00",
             "session_info": {"active_sessions": 1, "session_start_time": "2026-01-24T21:00:00+11:00"}}}),
    case("id_of_the_answer_may_be_a_number", "{account_id: '123', state: 'on'}", "ON 123", {"123": "ok changed"}, (change({"account_id": 123}),)),

    # --- the ways to write it
    case("state_on_without_quotes", "{account_id: '123', state: on}", "ON 123", {"123": "ok changed"}),
    case("state_off_without_quotes", "{account_id: '123', state: off}", "OFF 123", {"123": "ok changed"}, fleet=RUNNING_123),
    case("states_in_accounts_without_quotes", "{accounts: [{account_id: '123', state: on}, {account_id: '124', state: off}]}", "OFF 124, ON 123",
         {"123": "ok changed", "124": "ok"}),
    case("account_id_as_a_number", "{account_id: 123, state: 'on'}", "ON 123", {"123": "ok changed"}),
    case("account_id_as_a_list", "{account_id: ['124', '123'], state: 'on'}", "ON 123, ON 124", {"124": "ok changed", "123": "ok changed"}),
    case("account_ids_is_an_alias", "{account_ids: ['123', '124'], state: 'on'}", "ON 123, ON 124", {"123": "ok changed", "124": "ok changed"}),
    case("account_id_as_text_with_commas", "{account_id: '123,124', state: 'on'}", "ON 123, ON 124", {"123": "ok changed", "124": "ok changed"}),
    case("the_same_id_twice_is_one_entry", "{account_id: ['123', '123'], state: 'on'}", "ON 123", {"123": "ok changed"}),
    case("state_of_the_task_is_the_default_in_accounts", "{state: 'on', accounts: [{account_id: '123'}, {account_id: '124', state: 'off'}]}",
         "OFF 124, ON 123", {"123": "ok changed", "124": "ok"}),
    case("id_with_letters_dash_and_underscore", "{account_id: 'a-B_9', state: 'off', retries: 0}", "OFF a-B_9, list", {"a-B_9": "rejected"}),
    case("longest_id", "{account_id: '" + "7" * 64 + "', state: 'off', retries: 0}", "OFF " + "7" * 64 + ", list", {"7" * 64: "rejected"}),
    case("every_off_goes_before_the_first_on",
         "{concurrency: 1, accounts: [{account_id: '123', state: 'on'}, {account_id: '124', state: 'off'}, {account_id: '125', state: 'off'}]}",
         "OFF 124, OFF 125, ON 123", {"123": "ok changed", "124": "ok changed", "125": "ok"}, fleet={"124": "RUNNING"}),
    case("every_off_has_its_answer_before_the_first_on", "{accounts: [{account_id: '123', state: 'on'}, {account_id: '124', state: 'off'}]}",
         "OFF 124, ON 123", {"123": "ok changed", "124": "ok changed"}, (delay(0.5, account="124"),), {"124": "RUNNING"}),

    # --- connection options and their sources
    case("connection_from_the_environment", "{account_id: '123', state: 'on'}", "ON 123", {"123": "ok changed"}, defaults=None,
         environment={"BETMATIC_API_TOKEN": "{token}", "BETMATIC_API_URL": "{url}"}),
    case("options_win_over_the_environment", "{account_id: '123', state: 'on', timeout: 5}", "ON 123", {"123": "ok changed"},
         environment={"BETMATIC_API_TOKEN": "another-token-altogether", "BETMATIC_API_URL": "http://127.0.0.1:1/api", "BETMATIC_TIMEOUT": "0"}),
    case("timeout_from_the_environment", "{account_id: '123', state: 'off', retries: 0}", "OFF 123, list", {"123": "unknown changed"},
         (hang(account="123"),), RUNNING_123, environment={"BETMATIC_TIMEOUT": "0.4"}, msg=("0.4 s",)),
    case("connection_from_module_defaults_of_the_group", "{account_id: '123', state: 'on'}", "ON 123", {"123": "ok changed"},
         defaults="group/bookieops.betmatic.betmatic"),
    case("white_space_around_the_token_is_removed", "{account_id: '123', state: 'on', api_token: \"  {{ token }}\\n\"}", "ON 123", {"123": "ok changed"}),
    case("url_with_a_slash_at_its_end", "{account_id: '123', state: 'on', api_url: '{{ url }}/'}", "ON 123", {"123": "ok changed"}),
    case("url_by_the_name_localhost", "{account_id: '123', state: 'on', api_url: 'http://localhost:{{ service_port }}/api'}", "ON 123", {"123": "ok changed"}),
    case("token_that_looks_expired_does_not_keep_off_back", "{account_id: '123', state: 'off'}", "OFF 123", {"123": "ok changed"}, (), RUNNING_123,
         simulator={"token": "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjEwMDAwMDAwMDB9.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw"}, token_expires="2001-09-09T01:46:40Z"),
    case("token_without_an_expiry", "{account_id: '123', state: 'off'}", "OFF 123", {"123": "ok"}, simulator={"token": "plain-0pAqueT0ken-4711-ZzYy"},
         token_expires=None),
    case("reason_is_returned_and_never_sent", "{account_id: '123', state: 'on', reason: CHG-1042 freeze}", "ON 123", {"123": "ok changed"},
         reason="CHG-1042 freeze", also=_reason_stays_here),
    case("diff_has_a_line_for_each_change",
         "{accounts: [{account_id: '123', state: 'on'}, {account_id: '124', state: 'off'}, {account_id: '125', state: 'off'}]}",
         "OFF 124, OFF 125, ON 123", {"123": "ok changed", "124": "ok changed", "125": "ok"}, fleet={"124": "RUNNING"},
         diff=("123 TAB Main Account: STOPPED\n124 WishBet Secondary: RUNNING\n", "123 TAB Main Account: RUNNING\n124 WishBet Secondary: STOPPED\n")),
    case("diff_of_nothing_is_empty", "{account_id: '123', state: 'off'}", "OFF 123", {"123": "ok"}, diff=("", "")),

    # --- limits
    case("concurrency_bounds_what_is_under_way", "{account_id: " + ids(12) + ", state: 'on', concurrency: 3}",
         ", ".join(f"ON {1001 + number}" for number in range(12)), all_of(12, "ok changed"), (delay(0.1, on="control_one", times=None),), fleet(12),
         most_at_once=3, most_connections=3),
    case("concurrency_1_is_one_after_the_other_over_one_connection", "{account_id: " + ids(6) + ", state: 'off', concurrency: 1}",
         ", ".join(f"OFF {1001 + number}" for number in range(6)), all_of(6, "ok changed"), (), fleet(6, "RUNNING"), most_at_once=1, most_connections=1),
    case("deadline_ends_the_run", "{account_id: ['123', '124', '125'], state: 'off', concurrency: 1, deadline: 1.5, timeout: 5}", "OFF 123, list",
         {"123": "unknown changed", "124": "not_attempted", "125": "not_attempted"}, (hang(on="control_one", times=None),), ALL_RUNNING,
         msg=("NOT proven off: 123", "deadline")),
    case("deadline_keeps_time_for_the_reading", "{account_id: '123', state: 'off', deadline: 2, timeout: 1, retries: 20}", None,
         {"123": "ok changed"}, (change({"-bot_status": None}, account="123"), hang(account="123", times=None)), RUNNING_123, previous={"123": None},
         also=_waits_go_on),

    # --- the errors of the service
    case("400_is_rejected_and_the_others_go_on", "{account_id: ['123', '124'], state: 'off', concurrency: 1}", "OFF 123, OFF 124, list",
         {"123": "rejected", "124": "ok changed"}, (answer(400, {"detail": "bad format"}, account="123"),), ALL_RUNNING,
         msg=("NOT proven off: 123 (400", "malformed", "bad format", "check the account_id"), fields={"123": {"http_status": 400, "message": "bad format"}}),
    case("401_stops_the_run", "{account_id: ['123', '124', '125'], state: 'off', concurrency: 1}", "OFF 123",
         {"123": "rejected", "124": "not_attempted", "125": "not_attempted"}, (answer(401, on="control_one", times=None),), ALL_RUNNING,
         msg=("NOT proven off: 123", "124, 125", "token invalid or expired", "BETMATIC_API_TOKEN"), bots=ALL_RUNNING),
    case("401_for_the_last_account_leaves_the_first_ones_true", "{account_id: ['123', '124'], state: 'on', concurrency: 1}", "ON 123, ON 124",
         {"123": "ok changed", "124": "rejected"}, (answer(401, account="124"),), msg=("Not on: 124 (401",)),
    case("403_ends_a_run_of_on", "{account_id: ['123', '124'], state: 'on', concurrency: 1}", "ON 123",
         {"123": "rejected", "124": "not_attempted"}, (answer(403, on="control_one", times=None),), msg=("403",)),
    case("403_for_off_is_for_its_account_alone", "{account_id: ['123', '124'], state: 'off', concurrency: 1}", "OFF 123, OFF 124, list",
         {"123": "rejected", "124": "ok changed"}, (answer(403, account="123"),), ALL_RUNNING, msg=("NOT proven off: 123 (403",)),
    case("404_is_rejected_and_the_others_go_on", "{account_id: ['999', '123'], state: 'off', concurrency: 1}", "OFF 999, OFF 123, list",
         {"999": "rejected", "123": "ok changed"}, (), ALL_RUNNING,
         msg=("NOT proven off: 999 (404", "not one of the token's accounts", "check the account_id")),
    case("404_for_on", "{account_id: '999', state: 'on'}", "ON 999, list", {"999": "rejected"}, msg=("Not on: 999 (404",)),
    case("406_is_rejected_and_the_others_go_on", "{account_id: ['123', '124'], state: 'off', retries: 0, concurrency: 1}", "OFF 123, OFF 124, list",
         {"123": "rejected", "124": "ok changed"}, (), {"123": {"bot": "RUNNING", "maintenance": True}, "124": "RUNNING"},
         msg=("NOT proven off: 123 (406", "not configured, in maintenance, has technical issues, or its service is unavailable")),
    case("406_for_on_is_not_sent_again", "{account_id: '123', state: 'on'}", "ON 123, list", {"123": "rejected"}, (), {"123": {"maintenance": True}},
         msg=("Not on: 123 (406",)),
    case("500_is_unknown_and_the_others_go_on", "{account_id: ['123', '124'], state: 'off', retries: 0, concurrency: 1}", "OFF 123, OFF 124, list",
         {"123": "unknown changed", "124": "ok changed"}, (answer(500, text="<html>oops</html>", account="123"),), ALL_RUNNING,
         msg=("NOT proven off: 123 (500", "Run the task again")),
    case("mixed_answers_are_changed_and_failed", "{account_id: ['123', '999', '125'], state: 'on'}", "ON 123, ON 125, ON 999, list",
         {"123": "ok changed", "999": "rejected", "125": "ok"}, (), {"125": "RUNNING"}, changed=True, failed=True,
         msg=("Not on: 999", "2 of 3 accounts as wanted")),

    # --- the guard by display_name
    case("guard_with_the_right_name", "{accounts: [{account_id: '123', state: 'on', display_name: TAB Main Account}]}", "list, ON 123", {"123": "ok changed"}),
    case("guard_refuses_its_own_account_only",
         "{state: 'on', accounts: [{account_id: '123', display_name: Another Account}, {account_id: '124', display_name: WishBet Secondary}]}",
         "list, ON 124", {"123": "rejected", "124": "ok changed"}, msg=("Not on: 123", "Another Account", "TAB Main Account"), bots={"123": "STOPPED"}),
    case("guard_of_one_account_does_not_keep_the_off_of_another_back",
         "{accounts: [{account_id: '123', state: 'on', display_name: Another Account}, {account_id: '124', state: 'off'}]}", "OFF 124, list",
         {"123": "rejected", "124": "ok changed"}, fleet={"124": "RUNNING"}),
    case("guard_of_an_account_that_is_listed_twice_keeps_it_back",
         "{accounts: [{account_id: '123', state: 'on', display_name: TAB Main Account}]}", "list", {"123": "rejected"},
         (change(add_rows=[{"id": 123, "display_name": "WishBet"}], on="list"),), msg=("123", "more than once")),
    case("guard_without_list_and_another_name_in_the_answer_is_unknown",
         "{accounts: [{account_id: '123', state: 'off', display_name: Another Account}]}", "list, OFF 123", {"123": "unknown changed"},
         (NO_LIST,), msg=("Another Account", "TAB Main Account"), previous={"123": None}),
    case("guard_without_list_and_the_right_name_is_ok", "{accounts: [{account_id: '123', state: 'off', display_name: TAB Main Account}]}", "list, OFF 123",
         {"123": "ok"}, (NO_LIST,)),
)
