# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The bulk command: off is proven account by account, on is pending until proven."""

from __future__ import annotations

from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, cut, hang, raw

case = partial(Case, "all_accounts")
OFF = "{all_accounts: true, state: 'off'}"
OFF_ONCE = "{all_accounts: true, state: 'off', retries: 0}"
ON = "{all_accounts: true, state: 'on'}"
NO_LIST = answer(404, on="list", times=None)
EACH_OFF = "OFF 123, OFF 124, OFF 125"
RUNNING = {"123": "RUNNING", "124": "RUNNING", "125": "RUNNING"}
STOPPED = dict.fromkeys(RUNNING, "STOPPED")
ALL_CHANGED = dict.fromkeys(RUNNING, "ok changed")
ALL_UNKNOWN = dict.fromkeys(RUNNING, "unknown changed")
MAINTENANCE = {"123": "RUNNING", "124": {"bot": "RUNNING", "maintenance": True}}


def _off_falls_back(name, fault):
    """The bulk command fails and nothing came of it: single OFFs for whatever the list names."""
    return case(f"off_{name}_falls_back_to_single_offs", OFF_ONCE, "all_off, list, " + EACH_OFF, ALL_CHANGED, (fault,), RUNNING, bots=STOPPED)


def _on_lost(name, fault):
    """ON for all is not sent again after a maybe."""
    return case(f"on_{name}_is_never_sent_again", ON, "all_on, list", ALL_UNKNOWN, (fault,), bots=STOPPED)


CASES = (
    # --- off
    case("off_is_proven_by_the_list", OFF, "all_off, list", ALL_CHANGED, fleet=RUNNING, bots=STOPPED, summary={"total": 3, "ok": 3, "changed": 3}),
    case("off_of_stopped_bots_is_sent_to_each_that_bulk_calls_failed", OFF, "all_off, list, " + EACH_OFF, {"123": "ok", "124": "ok", "125": "ok"}),
    case("off_mixed", OFF, "all_off, list, OFF 124, OFF 125", {"123": "ok changed", "124": "ok", "125": "ok"}, fleet={"123": "RUNNING"}),
    case("off_without_list_is_sent_to_each_that_the_answer_names", OFF, "all_off, list, " + EACH_OFF, ALL_CHANGED, (NO_LIST,), RUNNING),
    case("off_401_of_the_list_means_no_list", OFF, "all_off, list, " + EACH_OFF, ALL_CHANGED, (answer(401, on="list", times=None),), RUNNING),
    case("off_403_of_the_list_means_no_list", OFF, "all_off, list, " + EACH_OFF, ALL_CHANGED, (answer(403, on="list", times=None),), RUNNING),
    case("off_that_did_not_happen_is_made_true", OFF, "all_off, list, " + EACH_OFF, ALL_CHANGED, (change(on="control_all", apply="never"),), RUNNING,
         bots=STOPPED),
    case("off_in_maintenance_fails_with_the_account", OFF_ONCE, "all_off, list, OFF 124, OFF 125, list",
         {"123": "ok changed", "124": "rejected", "125": "ok"}, (), MAINTENANCE,
         msg=("NOT proven off: 124 (406",), changed=True),
    case("off_of_a_starting_bot_that_bulk_calls_failed", OFF, "all_off, list, OFF 124", {"123": "ok changed", "124": "ok changed", "125": "ok changed"},
         (change(rows={"124": {"status": "failed", "message": "Bot is starting"}}, on="control_all", patch=[{"id": 124, "bot": "STARTING"}]),), RUNNING,
         bots=STOPPED),
    case("off_of_a_starting_bot_is_not_proven_by_the_list", OFF_ONCE, "all_off, list, OFF 124, list",
         {"123": "ok changed", "124": "rejected", "125": "ok changed"},
         (change(rows={"124": {"status": "failed", "message": "Bot is starting"}}, on="control_all", patch=[{"id": 124, "bot": "STARTING"}]),
          answer(406, account="124", times=None)), RUNNING),
    case("off_of_an_account_that_the_list_hides", OFF, "all_off, list, OFF 124", ALL_CHANGED, (change(rows={"124": None}, on="list"),), RUNNING),
    case("off_of_an_account_that_the_answer_hides_is_proven_by_its_own_off", OFF, "all_off, list, OFF 124",
         {"123": "ok changed", "125": "ok changed", "124": "ok changed"}, (change(rows={"124": None}, on="control_all"),), RUNNING),
    case("off_answer_without_results", OFF, "all_off, list, " + EACH_OFF, ALL_CHANGED, (change({"-results": None}, on="control_all"),), RUNNING),
    case("off_affected_more_than_named_is_a_failure", OFF, "all_off, list", ALL_CHANGED, (change({"affected_accounts": 5}, on="control_all"),), RUNNING,
         failed=True, msg=("NOT proven off", "2 more"), summary={"unlisted": 2}),
    case("off_affected_more_than_named_without_list_is_a_failure", OFF, "all_off, list, OFF 123, OFF 125", {"123": "ok changed", "125": "ok changed"},
         (change(rows={"124": None}, on="control_all"), NO_LIST), RUNNING, failed=True, msg=("NOT proven off", "1 more"), summary={"unlisted": 1}),
    case("off_without_results_and_list_is_a_failure", OFF, "all_off, list", {}, (change({"-results": None}, on="control_all"), NO_LIST), RUNNING,
         changed=True, failed=True, msg=("NOT proven off",), summary={"unlisted": 3}),
    case("off_affected_fewer_than_named", OFF, "all_off, list", ALL_CHANGED, (change({"affected_accounts": 1}, on="control_all"),), RUNNING),
    case("off_affected_as_text", OFF, "all_off, list, " + EACH_OFF, ALL_CHANGED, (change({"affected_accounts": "many"}, on="control_all"),), RUNNING),
    case("off_of_no_accounts_without_a_list_proves_nothing", OFF, "all_off, list", {},
         (answer(200, {"status": "success", "affected_accounts": 0, "results": []}, on="control_all"), NO_LIST), RUNNING,
         changed=True, failed=True, msg=("NOT proven off: all accounts",), bots=RUNNING),
    case("on_refused_with_already_in_its_words_sends_nothing_more", "{all_accounts: true, state: 'on'}", "all_on, list",
         dict.fromkeys(RUNNING, "rejected"), (answer(409, {"detail": "all_off is already in progress"}, on="control_all"),), changed=False, failed=True),
    case("off_of_no_accounts_at_all", OFF, "all_off, list", {}, fleet=(), changed=False, failed=False),
    case("off_401_stops_the_run", OFF, "all_off", {}, (answer(401, on="control_all", times=None),), RUNNING, changed=False, failed=True,
         msg=("NOT proven off: all accounts", "401"), bots=RUNNING),
    _off_falls_back("400", answer(400, on="control_all")),
    _off_falls_back("403", answer(403, on="control_all")),
    _off_falls_back("404", answer(404, on="control_all")),
    _off_falls_back("500", answer(500, on="control_all")),
    _off_falls_back("503_with_a_long_retry_after", answer(503, headers={"Retry-After": "3600"}, on="control_all")),
    _off_falls_back("302", answer(302, headers={"Location": "http://127.0.0.1:1/"}, on="control_all")),
    _off_falls_back("cut", cut(on="control_all")),
    _off_falls_back("half_an_answer", cut("body", on="control_all")),
    _off_falls_back("no_document", answer(200, text="success", on="control_all")),
    _off_falls_back("201", answer(201, {"status": "success", "results": []}, on="control_all")),
    _off_falls_back("status_failed", answer(200, {"status": "failed", "results": []}, on="control_all")),
    _off_falls_back("an_account_twice", change({"status": "success"}, add_rows=[{"account_id": 123, "status": "success"}], on="control_all", apply="never")),
    # An id of an answer is checked like one of a playbook: nothing may be sent to "..".
    _off_falls_back("the_id_dot_dot", change(add_rows=[{"account_id": "..", "status": "failed"}], on="control_all", apply="never")),
    _off_falls_back("the_id_empty", change(add_rows=[{"account_id": "", "status": "failed"}], on="control_all", apply="never")),
    case("off_hang_falls_back_to_single_offs", "{all_accounts: true, state: 'off', retries: 0, timeout: 0.8}", "all_off, list, " + EACH_OFF, ALL_CHANGED,
         (hang(on="control_all"),), RUNNING, bots=STOPPED),
    case("off_lost_after_applying_is_changed", OFF_ONCE, "all_off, list, " + EACH_OFF, ALL_CHANGED, (cut(on="control_all", apply="before"),), RUNNING,
         previous=dict.fromkeys(RUNNING)),
    case("off_without_list_and_answer_is_repeated", OFF, "all_off, list, all_off, " + EACH_OFF, ALL_CHANGED, (answer(500, on="control_all"), NO_LIST), RUNNING),
    case("off_without_list_and_answer_for_ever", OFF, "all_off, list, all_off x2", {}, (answer(500, on="control_all", times=None), NO_LIST), RUNNING,
         changed=True, failed=True, msg=("NOT proven off: all accounts", "500", "404")),
    case("off_with_an_empty_list_and_no_answer", OFF_ONCE, "all_off, list", {}, (answer(400, on="control_all"), answer(200, [], on="list", times=None)),
         RUNNING,
         changed=False, failed=True, msg=("NOT proven off",)),
    case("off_list_with_a_bad_id_is_no_list", OFF_ONCE, "all_off, list, " + EACH_OFF + ", list", ALL_CHANGED,
         (change(add_rows=[{"id": "../control"}], on="list", times=None),), RUNNING),
    case("off_of_a_bot_that_somebody_starts_again", OFF, "all_off, list, OFF 124", ALL_CHANGED,
         (change(on="control_all", patch=[{"id": 124, "bot": "RUNNING"}]),), RUNNING, bots=STOPPED),
    case("off_single_401_stops_the_run", "{all_accounts: true, state: 'off', concurrency: 1}", "all_off, list, OFF 123",
         {"123": "rejected changed", "124": "unknown changed", "125": "unknown changed"}, (NO_LIST, answer(401, on="control_one", times=None)), RUNNING,
         failed=True),

    # --- on
    case("on_is_proven_by_the_list", ON, "all_on, list", ALL_CHANGED, bots=RUNNING),
    case("on_already_running_is_proven_by_the_list", ON, "all_on, list", {"123": "ok", "124": "ok changed", "125": "ok changed"}, fleet={"123": "RUNNING"}),
    case("on_already_running_without_list_is_proven_by_the_single_on", ON, "all_on, list, ON 123",
         {"123": "ok", "124": "pending changed", "125": "pending changed"}, (NO_LIST,), {"123": "RUNNING"}),
    case("on_of_running_bots_is_unchanged", ON, "all_on, list", {"123": "ok", "124": "ok", "125": "ok"}, fleet=RUNNING),
    case("on_in_maintenance_is_rejected", ON, "all_on, list", {"123": "ok changed", "124": "rejected", "125": "ok changed"}, (), {"124": {"maintenance": True}},
         msg=("Not on: 124", "Bot in maintenance")),
    case("on_without_list_is_pending", ON, "all_on, list", dict.fromkeys(RUNNING, "pending changed"), (NO_LIST,)),
    case("on_of_starting_bots_is_pending", ON, "all_on, list", dict.fromkeys(RUNNING, "pending changed"), simulator={"startup": 60}, msg=("Use wait",)),
    case("on_affected_more_than_named_is_no_failure", ON, "all_on, list", ALL_CHANGED, (change({"affected_accounts": 5}, on="control_all"),),
         failed=False, summary={"unlisted": 2}, msg=("2 more",)),
    case("on_401_stops_the_run", ON, "all_on", {}, (answer(401, on="control_all", times=None),), changed=False, failed=True, msg=("401", "all accounts")),
    case("on_403_ends_the_run", ON, "all_on", {}, (answer(403, on="control_all", times=None),), changed=False, failed=True, msg=("403", "all accounts")),
    case("on_400_is_rejected", ON, "all_on, list", dict.fromkeys(RUNNING, "rejected"), (answer(400, on="control_all"),)),
    case("on_429_is_sent_again", ON, "all_on x2, list", ALL_CHANGED, (answer(429, on="control_all"),)),
    case("on_503_with_retry_after_is_sent_again", ON, "all_on x2, list", ALL_CHANGED, (answer(503, headers={"Retry-After": "0"}, on="control_all"),)),
    _on_lost("500", answer(500, on="control_all")),
    _on_lost("503_without_retry_after", answer(503, on="control_all")),
    _on_lost("cut", cut(on="control_all")),
    _on_lost("no_document", answer(200, text="success", on="control_all")),
    _on_lost("no_http", raw("nonsense\r\n\r\n", on="control_all")),
    case("on_lost_after_applying_is_read_back", ON, "all_on, list", ALL_CHANGED, (cut(on="control_all", apply="before"),), bots=RUNNING,
         previous=dict.fromkeys(RUNNING)),
    case("on_lost_without_list_is_unknown", ON, "all_on, list", {}, (cut(on="control_all", apply="before"), NO_LIST), changed=True, failed=True,
         msg=("Not on: all accounts",)),
    case("on_display_names_come_with_the_accounts", ON, "all_on, list", ALL_CHANGED,
         fields={"124": {"display_name": "WishBet Secondary", "attempts": 1, "http_status": 200}}),
)
