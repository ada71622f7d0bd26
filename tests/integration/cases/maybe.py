# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What may have been applied: OFF is sent again, ON never, and changed is never taken back."""

from __future__ import annotations

from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case, Variant
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, cut, delay, drip, endless_continue, hang

case = partial(Case, "maybe")
OFF = "{account_id: '123', state: 'off'}"
OFF_ONCE = "{account_id: '123', state: 'off', retries: 0}"
OFF_QUICK = "{account_id: '123', state: 'off', timeout: 0.8}"
ON = "{account_id: '123', state: 'on'}"
RUNNING = {"123": "RUNNING"}
NO_LIST = answer(404, on="list", times=None)


def _again(name, fault):
    """The command came true, its answer was lost, and the next one says that the bot was stopped already."""
    return Variant("maybe", f"off_{name}_after_applying_is_changed", fault, "ok changed", 2, {"previous_status": None, "attempts": 2}, stopped=True)


def _passes(status, **more):
    return Variant("maybe", f"off_{status}_is_sent_again", lambda account: answer(status, account=account, **more), "ok changed", 2, stopped=True)


def _final(status, **more):
    return Variant("maybe", f"off_{status}_is_not_sent_again", lambda account: answer(status, account=account, **more), "rejected", 1, {"http_status": status},
                   stopped=False)


def _lost(name, fault):
    """Nothing came true, which nobody here can know."""
    return Variant("maybe", f"on_{name}_is_read_back_and_never_sent_again", fault, "unknown changed", 1, {"previous_status": None}, stopped=True)


def _proof(account):
    return {"status": "success", "account_id": account, "bot_status": "RUNNING"}


VARIANTS_OFF = (
    _again("cut", lambda account: cut("before", account=account, apply="before")),
    _again("cut_in_head", lambda account: cut("head", account=account, apply="before")),
    _again("cut_in_status_lines", lambda account: cut("status", account=account, apply="before")),
    _again("cut_in_body", lambda account: cut("body", account=account, apply="before")),
    _again("500", lambda account: answer(500, account=account, apply="before")),
    _again("201", lambda account: answer(201, {"status": "success"}, account=account, apply="before")),
    _again("hang", lambda account: hang(account=account, apply="before")),
    _again("answer_that_comes_too_late", lambda account: delay(3, account=account, apply="before")),
    _passes(406),
    _passes(408),
    _passes(429),
    _passes(500),
    _passes(502, text="<html>Bad Gateway</html>"),
    _passes(503),
    _passes(504),
    *(_final(status, headers={"Location": "/api/bookieaccount/"}) for status in (301, 302, 303, 307, 308)),
    *(_final(status) for status in (300, 304, 400, 403, 404, 405, 409, 410, 422)),
)
VARIANTS_ON = (
    _lost("cut", lambda account: cut("before", account=account)),
    _lost("cut_in_head", lambda account: cut("head", account=account)),
    _lost("cut_in_status_lines", lambda account: cut("status", account=account)),
    _lost("cut_in_body", lambda account: cut("body", account=account)),
    _lost("hang", lambda account: hang(account=account)),
    _lost("500", lambda account: answer(500, account=account)),
    _lost("502", lambda account: answer(502, account=account)),
    _lost("503_without_retry_after", lambda account: answer(503, account=account)),
    _lost("504", lambda account: answer(504, account=account)),
    _lost("201", lambda account: answer(201, _proof(account), account=account)),
    _lost("202", lambda account: answer(202, account=account)),
    _lost("204", lambda account: answer(204, account=account)),
    _lost("206", lambda account: answer(206, _proof(account), account=account)),
    _lost("endless_100_continue", lambda account: endless_continue(0.1, account=account)),
    _lost("drip", lambda account: drip(0.2, account=account, apply="never")),
)

CASES = (
    case("off_of_a_stopped_bot_after_a_lost_answer_is_changed_all_the_same", OFF, "OFF 123 x2", {"123": "ok changed"}, (cut(account="123"),),
         previous={"123": None}),
    case("off_reset_is_sent_again", OFF, "OFF 123 x2", {"123": "ok changed"}, (cut(account="123"),), RUNNING),
    case("off_timeout_is_sent_again", OFF_QUICK, "OFF 123 x2", {"123": "ok changed"}, (hang(account="123"),), RUNNING),
    case("off_no_valid_document_is_sent_again", OFF, "OFF 123 x2", {"123": "ok changed"}, (answer(200, text="OK", account="123"),), RUNNING),
    case("off_success_with_another_status_is_sent_again", OFF, "OFF 123 x2", {"123": "ok changed"}, (change({"bot_status": "RUNNING"}, account="123"),),
         RUNNING),
    case("off_default_is_two_retries", OFF, "OFF 123 x3, list", {"123": "unknown changed"}, (cut(account="123", times=None),), RUNNING,
         fields={"123": {"attempts": 3}}),
    case("off_retries_0_is_sent_once", OFF_ONCE, "OFF 123, list", {"123": "unknown changed"}, (cut(account="123", times=None),), RUNNING),
    case("off_retries_3_is_sent_four_times", "{account_id: '123', state: 'off', retries: 3}", "OFF 123 x4", {"123": "ok changed"},
         (cut(account="123", times=3),), RUNNING),
    case("off_whose_answers_are_all_lost_is_not_proven_by_the_list", "{account_id: '123', state: 'off', retries: 1}", "OFF 123 x2, list",
         {"123": "unknown changed"}, (cut(account="123", times=None, apply="before"),), RUNNING, previous={"123": None},
         fields={"123": {"bot_status": None}}, msg=("the list shows it stopped", "Run the task again")),
    case("off_accepted_after_a_lost_answer_is_proven_by_the_list", OFF, "OFF 123 x3, list", {"123": "ok changed"},
         (cut(account="123", apply="before"), change({"-bot_status": None}, account="123", times=None)), RUNNING, previous={"123": None},
         fields={"123": {"bot_status": "STOPPED"}}),
    case("off_whose_answers_are_all_lost_without_list_is_unknown", "{account_id: '123', state: 'off', retries: 1}", "OFF 123 x2, list",
         {"123": "unknown changed"}, (cut(account="123", times=None, apply="before"), NO_LIST), RUNNING, msg=("NOT proven off: 123",)),
    case("off_rejected_after_a_lost_answer_stays_changed", OFF, "OFF 123 x2, list", {"123": "rejected changed"},
         (cut(account="123"), answer(400, account="123")), RUNNING, previous={"123": None}),
    case("off_maybe_of_one_account_does_not_touch_another", "{account_id: ['123', '124'], state: 'off', retries: 0, concurrency: 1}", "OFF 123, OFF 124, list",
         {"123": "unknown changed", "124": "ok"}, (cut(account="123"),), RUNNING),

    case("on_cut_after_applying_is_read_back_as_running", ON, "ON 123, list", {"123": "ok changed"}, (cut(account="123", apply="before"),),
         previous={"123": None}, bots={"123": "RUNNING"}),
    case("on_of_a_running_bot_after_a_lost_answer_is_changed", ON, "ON 123, list", {"123": "ok changed"}, (cut(account="123"),), RUNNING,
         previous={"123": None}),
    case("on_cut_after_applying_without_list_is_unknown", ON, "ON 123, list", {"123": "unknown changed"}, (cut(account="123", apply="before"), NO_LIST),
         msg=("Not on: 123", "Check the account in Betmatic before you send ON again")),
    case("on_does_not_undo_an_emergency_off", ON, "ON 123, list", {"123": "unknown changed"},
         (cut(account="123", apply="before", patch=[{"id": 123, "bot": "STOPPED"}]),), bots={"123": "STOPPED"}),
    case("on_429_is_sent_again", ON, "ON 123 x2", {"123": "ok changed"}, (answer(429, account="123"),), previous={"123": "STOPPED"}),
    case("on_429_of_a_running_bot_is_unchanged", ON, "ON 123 x2", {"123": "ok"}, (answer(429, account="123"),), RUNNING, previous={"123": "RUNNING"}),
    case("on_503_with_retry_after_is_sent_again", ON, "ON 123 x2", {"123": "ok changed"}, (answer(503, headers={"Retry-After": "0"}, account="123"),)),
    case("on_400_after_429_is_unchanged", ON, "ON 123 x2, list", {"123": "rejected"}, (answer(429, account="123"), answer(400, account="123"))),
    case("on_408_is_not_sent_again", ON, "ON 123, list", {"123": "rejected"}, (answer(408, account="123"),)),
)
