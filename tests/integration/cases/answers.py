# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a server's answer may not do: give orders, reach the terminal, show the token."""

from __future__ import annotations

from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case, fleet
from ansible_collections.bookieops.betmatic.tests.simulator.harness import SIMULATOR_TOKEN, answer, change, echo, raw

case = partial(Case, "answers")
ON = "{account_id: '123', state: 'on'}"
OFF = "{account_id: '123', state: 'off', retries: 0}"
ORDERS = {
    "failed": True, "skipped": True, "changed": False, "rc": 1, "warnings": ["w"], "ansible_facts": {"pwned": 1}, "invocation": {}, "exception": "e",
    "deprecations": [], "diff": {"before": "x", "after": "y"}, "msg": "from the service", "_ansible_no_log": True, "results_file": "x",
}


def _says(name, message, cleaned, **more):
    return case(name, ON, "ON 123", {"123": "ok changed"}, (change({"message": message}, account="123"),), fields={"123": {"message": cleaned}}, **more)


def _no_escape(result, shown, log):
    assert "\x1b" not in shown and "\x1b" not in str(result)


def _no_facts(result, shown, log):
    assert "pwned" not in str(result)


def _no_piece(result, shown, log):
    assert SIMULATOR_TOKEN.rpartition(".")[2][:8] not in shown


CASES = (
    case("keys_that_core_obeys_are_not_taken_over", ON, "ON 123", {"123": "ok changed"}, (change(ORDERS, account="123"),), also=_no_facts),
    case("keys_that_core_obeys_in_session_info_are_not_taken_over", ON, "ON 123", {"123": "ok changed"},
         (change({"session_info": {"active_sessions": 1, **ORDERS}}, account="123"),), also=_no_facts,
         fields={"123": {"session_info": {"active_sessions": 1, "session_start_time": None}}}),
    case("a_list_named_results_is_no_loop", ON, "ON 123", {"123": "ok changed"}, (change({"message": "x", "results_": [], "loop": [1]}, account="123"),)),
    _says("ansi_sequences_are_removed", "\x1b[2J\x1b[31mred\x07", "[2J [31mred", also=_no_escape),
    _says("line_breaks_are_removed", "one\r\ntwo\u2028three\0four", "one two three four"),
    _says("long_text_is_cut_between_words", "word " * 1000, ("word " * 40).strip()),
    _says("a_word_that_is_too_long_is_left_out", "x" * 5000, None),
    case("a_piece_of_the_token_at_the_cut_is_not_shown", ON, "ON 123, list", {"123": "rejected"},
         (answer(406, {"detail": "y" * 41 + " " + SIMULATOR_TOKEN}, account="123"),), also=_no_piece),
    _says("text_for_a_template_is_not_evaluated", "{{ 6 * 7 }}{% raw %}", "{{ 6 * 7 }}{% raw %}"),
    _says("message_that_is_no_text_is_null", {"a": 1}, None),
    case("lone_surrogate_does_not_lose_the_result", ON, "ON 123", {"123": "ok changed"}, (change({"message": "a\ud800b"}, account="123"),)),
    case("lone_surrogate_in_an_error", OFF, "OFF 123, list", {"123": "rejected"},
         (answer(400, text='{"detail": "a\\udfffb"}', account="123"),), {"123": "RUNNING"}),
    case("keys_of_an_error_are_not_taken_over", OFF, "OFF 123, list", {"123": "rejected"}, (answer(400, ORDERS, account="123"),), {"123": "RUNNING"}),
    case("html_of_an_error_is_not_shown", OFF, "OFF 123, list", {"123": "rejected"}, (answer(400, text="<script>alert(1)</script>", account="123"),),
         {"123": "RUNNING"}, fields={"123": {"message": None}}),
    case("error_that_tells_the_token_for_off", OFF, "OFF 123, list", {"123": "unknown changed"}, (echo(account="123"),), {"123": "RUNNING"}),
    case("error_that_tells_the_token_for_on", ON, "ON 123, list", {"123": "unknown changed"}, (echo(account="123"),)),
    case("error_of_the_bulk_command_that_tells_the_token", "{all_accounts: true, state: 'on'}", "all_on, list",
         {"123": "unknown changed", "124": "unknown changed", "125": "unknown changed"}, (echo(on="control_all"),)),
    case("list_that_tells_the_token", "{account_id: '999', state: 'off', retries: 0}", "OFF 999, list", {"999": "rejected"}, (echo(on="list", times=None),)),
    case("answer_that_tells_a_part_of_the_token", ON, "ON 123", {"123": "ok changed"},
         (change({"message": "signature " + SIMULATOR_TOKEN.split(".")[2], "timestamp": SIMULATOR_TOKEN.split(".")[1]}, account="123"),)),
    case("answer_with_the_token_as_a_status", ON, "ON 123, list", {"123": "pending changed"},
         (change({"bot_status": SIMULATOR_TOKEN.split(".")[1]}, account="123", apply="never"),)),
    case("answer_with_the_token_as_display_name_and_guard", "{accounts: [{account_id: '123', state: 'on', display_name: TAB}]}", "list",
         {"123": "rejected"}, (change(rows={"123": {"display_name": SIMULATOR_TOKEN.split(".")[2]}}, on="list"),)),
    case("answer_with_the_token_as_another_account_id", ON, None, {"123": "unknown changed"},
         (change({"account_id": SIMULATOR_TOKEN.partition(".")[0]}, account="123"),)),
    case("headers_that_tell_the_token", OFF, "OFF 123, list", {"123": "unknown changed"},
         (raw(f"HTTP/1.1 200 {SIMULATOR_TOKEN}\r\nX: {SIMULATOR_TOKEN}\r\nContent-Length: x{SIMULATOR_TOKEN}\r\n\r\n{{}}", account="123"),),
         {"123": "RUNNING"}),
    case("redirect_that_tells_the_token", OFF, "OFF 123, list", {"123": "rejected"},
         (answer(302, headers={"Location": f"http://{SIMULATOR_TOKEN}@127.0.0.1:1/"}, account="123"),), {"123": "RUNNING"}),
    case("cookie_of_one_answer_is_not_sent_with_the_next", "{account_id: ['1001', '1002'], state: 'off', concurrency: 1}", "OFF 1001, OFF 1002",
         {"1001": "ok changed", "1002": "ok changed"},
         (answer(200, {"status": "success", "account_id": 1001, "bot_status": "STOPPED", "previous_status": "RUNNING"}, headers={"Set-Cookie": "a=b; Path=/"},
                 account="1001", apply="before"),), fleet(2, "RUNNING"), also=lambda result, shown, log: _no_cookie(log)),
)


def _no_cookie(log):
    assert not [entry for entry in log if any(name.lower() == "cookie" for name, _value in entry["headers"])]
