# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Valid documents that do not prove what they seem to."""

from __future__ import annotations

from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case, Variant
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change

case = partial(Case, "contradictions")
OFF = "{account_id: '123', state: 'off', retries: 0}"
ON = "{account_id: '123', state: 'on'}"
RUNNING = {"123": "RUNNING"}
# Accepted and applied, without a word on the status: only the list can prove it.
ACCEPTED = change({"-bot_status": None}, account="123")
NO_LIST = answer(404, on="list", times=None)


def _claims(name, document, text="unknown changed"):
    """The answer claims it, and the bot runs on."""
    return Variant("contradictions", name, lambda account: change(document, account=account, apply="never"), text, 1, stopped=False)


def _proves(name, document):
    return Variant("contradictions", name, lambda account: change(document, account=account), "ok changed", 1, stopped=True)


def _row(name, row):
    """The bot is off, its OFF was accepted, and this row must not count as a proof."""
    return case(f"list_{name}_is_no_proof_of_off", OFF, "OFF 123, list", {"123": "unknown changed"}, (ACCEPTED, change(rows={"123": row}, on="list")), RUNNING)


def _proving_row(name, row):
    return case(f"list_{name}_is_a_proof_of_off", OFF, "OFF 123, list", {"123": "ok changed"}, (ACCEPTED, change(rows={"123": row}, on="list")), RUNNING)


VARIANTS = (
    _claims("off_success_but_running", {"bot_status": "RUNNING"}),
    _claims("off_success_without_a_status", {"-bot_status": None}),
    _claims("off_success_and_a_word_that_nobody_knows", {"bot_status": "STOPPING"}),
    _claims("off_success_in_small_letters", {"bot_status": "stopped"}),
    _claims("off_with_an_active_session", {"session_info": {"active_sessions": 1}}),
    _claims("off_with_sessions_as_text", {"session_info": {"active_sessions": "0"}}),
    _claims("off_with_sessions_false", {"session_info": {"active_sessions": False}}),
    _claims("off_with_sessions_as_a_fraction", {"session_info": {"active_sessions": 0.0}}),
    _claims("off_with_negative_sessions", {"session_info": {"active_sessions": -1}}),
    _claims("off_failed_but_stopped_though_it_ran_before", {"status": "failed", "message": "Bot already stopped"}),
    _claims("off_failed_and_running_says_already_stopped", {"status": "failed", "message": "Bot already stopped", "bot_status": "RUNNING"}, "rejected"),
    _claims("off_failed_without_words", {"status": "failed", "-bot_status": None, "-previous_status": None}, "rejected"),
    _proves("off_with_sessions_null_is_proven", {"session_info": {"active_sessions": None}}),
    _proves("off_without_sessions_is_proven", {"session_info": {}}),
    _proves("off_with_session_info_null_is_proven", {"session_info": None}),
    _proves("off_without_session_info_is_proven", {"-session_info": None}),
)

CASES = (
    # --- the answer to OFF
    case("off_failed_and_stopped_before_is_a_no_op", OFF, "OFF 123", {"123": "ok"},
         (change({"status": "failed", "message": "Bot already stopped"}, account="123"),)),
    case("off_of_another_account_names_both", OFF, "OFF 123", {"123": "unknown changed"}, (change({"account_id": "124"}, account="123", apply="never"),),
         RUNNING, msg=("NOT proven off: 123", "account 124, not 123"), previous={"123": None}),
    case("off_of_another_account_names_both_even_if_the_list_shows_it_off", OFF, None, {"123": "unknown changed"},
         (change({"account_id": 124}, account="123"),), RUNNING, msg=("123", "124")),
    case("off_stopping_then_stopped_is_proven", "{account_id: '123', state: 'off', retries: 1}", "OFF 123 x2", {"123": "ok changed"},
         (change({"bot_status": "STOPPING"}, account="123"),), RUNNING),
    case("off_stopping_is_not_proven_by_the_list", OFF, "OFF 123, list", {"123": "unknown changed"}, (change({"bot_status": "STOPPING"}, account="123"),),
         RUNNING),
    case("off_starting_is_not_proven_by_the_list", OFF, "OFF 123, list", {"123": "unknown changed"},
         (change({"bot_status": "STARTING"}, account="123", apply="never"),), {"123": "STARTING"}),
    case("off_404_of_a_listed_stopped_bot_is_not_proven_by_the_list", OFF, "OFF 123, list", {"123": "rejected"}, (answer(404, account="123"),),
         msg=("NOT proven off: 123 (404", "the list shows it stopped, as it does a bot that is starting")),
    case("off_404_of_a_starting_bot_is_not_proven_by_the_list", OFF, "OFF 123, list", {"123": "rejected"}, (answer(404, account="123"),),
         {"123": "STARTING"}, simulator={"startup": 60}, msg=("the list shows it stopped",)),
    case("off_lost_before_it_was_applied_to_a_starting_bot_is_not_proven_by_the_list", OFF, "OFF 123, list", {"123": "unknown changed"},
         (answer(500, account="123", apply="never"),), {"123": "STARTING"}, simulator={"startup": 60}, msg=("the list shows it stopped",)),
    case("off_406_of_a_running_bot_is_not_proven", OFF, "OFF 123, list", {"123": "rejected"}, (answer(406, {"message": "success"}, account="123"),), RUNNING),

    # --- the answer to ON
    case("on_already_running_as_a_failure_is_unchanged", ON, "ON 123", {"123": "ok"},
         (change({"status": "failed", "message": "Bot already running"}, account="123"),), RUNNING),
    case("on_already_running_without_status_is_proven_by_the_list", ON, "ON 123, list", {"123": "ok"},
         (answer(200, {"status": "failed", "message": "Bot already running", "account_id": 123}, account="123"),), RUNNING),
    case("on_already_running_without_list_proves_nothing", ON, "ON 123, list", {"123": "rejected"},
         (answer(200, {"status": "failed", "message": "Bot already running", "account_id": 123}, account="123"), NO_LIST), RUNNING),
    case("on_already_running_of_a_stopped_bot_proves_nothing", ON, "ON 123, list", {"123": "rejected"},
         (answer(200, {"status": "failed", "message": "Bot already running", "account_id": "123"}, account="123"),)),
    case("on_4xx_already_running_is_proven_by_the_list", ON, "ON 123, list", {"123": "ok"}, (answer(409, {"detail": "Bot already running"}, account="123"),),
         RUNNING),
    case("on_success_and_a_word_that_nobody_knows_is_pending", ON, "ON 123, list", {"123": "pending changed"},
         (change({"bot_status": "WARMING_UP"}, account="123", apply="never"),)),
    case("on_success_and_still_stopped_is_unknown", ON, "ON 123, list", {"123": "unknown changed"},
         (change({"bot_status": "STOPPED"}, account="123", apply="never"),), msg=("Not on: 123", "STOPPED")),
    case("on_success_without_a_status_is_proven_by_the_list", ON, "ON 123, list", {"123": "ok changed"}, (change({"-bot_status": None}, account="123"),)),
    case("on_of_another_account_names_both", ON, None, {"123": "unknown changed"}, (change({"account_id": "124"}, account="123"),), msg=("123", "124")),

    # --- the list, after an OFF that was accepted
    case("list_row_twice_is_no_proof_of_off", OFF, "OFF 123, list", {"123": "unknown changed"},
         (ACCEPTED, change(add_rows=[{"id": 123, "bot_running": False}], on="list")), RUNNING),
    _row("without_the_row", None),
    _row("bot_running_as_text", {"bot_running": "false"}),
    _row("bot_running_as_a_number", {"bot_running": 0}),
    _row("bot_running_null", {"bot_running": None}),
    _row("without_bot_running", {"-bot_running": None}),
    _row("with_a_running_session", {"running_sessions": 1}),
    _row("with_sessions_as_text", {"running_sessions": "0"}),
    _row("with_sessions_null", {"running_sessions": None}),
    _proving_row("without_sessions", {"-running_sessions": None}),
    _proving_row("with_the_id_as_text", {"id": "123"}),
    case("list_that_was_read_before_the_last_command_is_no_proof",
         "{accounts: [{account_id: '123', state: 'off', display_name: TAB Main Account}], retries: 0}",
         "list, OFF 123, list", {"123": "unknown changed"},
         (change({"-bot_status": None}, account="123", apply="never", patch=[{"id": 123, "bot": "RUNNING"}]),),
         msg=("the list shows it running",)),
)
