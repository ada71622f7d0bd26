# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A 200 that is not a valid document proves nothing and may have been applied."""

from __future__ import annotations

from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case, Variant
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, raw

case = partial(Case, "malformed")
GOOD = '"status": "success", "account_id": "123", "bot_status": "STOPPED", "previous_status": "RUNNING"'
OFF = "{account_id: '123', state: 'off', retries: 0}"


def _no_proof(name, fault):
    return Variant("malformed", f"{name}_is_no_proof_of_off", fault, "unknown changed", 1, {"previous_status": None}, stopped=False)


def _text(name, text, encoding="utf-8", **more):
    """An answer that names the account as 123."""
    return _no_proof(name, lambda account: answer(200, data=text.replace("123", account).encode(encoding), account=account, **more))


def _change(name, document):
    return _no_proof(name, lambda account: change(document, account=account, apply="never"))


def _raw(name, text):
    return _no_proof(name, lambda account: raw(text.replace("123", account), account=account))


def _list(name, fault):
    """The bot is off, its OFF was accepted, and the list must not count as a proof."""
    return case(f"list_{name}_is_no_proof_of_off", OFF, "OFF 123, list+", {"123": "unknown changed"},
                (change({"-bot_status": None}, account="123"), fault), {"123": "RUNNING"})


VARIANTS = (
    _text("empty_body", ""),
    _text("null", "null"),
    _text("a_list", "[{" + GOOD + "}]"),
    _text("a_text", '"success"'),
    _text("html", "<html><body>success</body></html>"),
    _text("nan", "{" + GOOD + ', "x": NaN}'),
    _text("infinity", "{" + GOOD + ', "x": -Infinity}'),
    _text("a_key_twice", "{" + GOOD + ', "bot_status": "STOPPED"}'),
    _text("an_inner_key_twice", "{" + GOOD + ', "session_info": {"active_sessions": 1, "active_sessions": 0}}'),
    _text("very_deep_nesting", "[" * 100000),
    _text("half_a_document", "{" + GOOD),
    _text("two_documents", "{" + GOOD + "}{}"),
    _text("latin_1", "{" + GOOD + ', "message": "caf\xe9"}', encoding="latin-1"),
    _text("utf_16", "{" + GOOD + "}", encoding="utf-16"),
    _change("no_status", {"-status": None}),
    _change("no_account_id", {"-account_id": None}),
    _change("account_id_true", {"account_id": True}),
    _change("account_id_as_a_fraction", {"account_id": 123.0}),
    _change("account_id_with_a_line_break", {"account_id": "123\n"}),
    _change("status_true", {"status": True, "bot_status": "STOPPED"}),
    _change("bot_status_as_a_list", {"bot_status": ["STOPPED"]}),
    _change("bot_status_with_a_blank", {"bot_status": "STOPPED "}),
    _text("more_than_a_mebibyte", "{" + GOOD + ', "message": "' + "A" * (1 << 20) + '"}'),
    _text("gzip", "{" + GOOD + "}", headers={"Content-Encoding": "gzip"}),
    _text("unknown_encoding", "{" + GOOD + "}", headers={"Content-Encoding": "br"}),
    _raw("no_http", "SSH-2.0-OpenSSH_9.2\r\n"),
    _raw("a_body_that_is_shorter_than_its_length", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{" + GOOD + "}"),
    _raw("a_body_without_its_last_chunk", f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{len(GOOD) + 3:x}\r\n{{{GOOD}}} \r\n"),
    _raw("an_end_inside_the_head", "HTTP/1.1 200 OK\r\nContent-Type: applic"),
)

CASES = (
    case("on_empty_body_is_unknown", "{account_id: '123', state: 'on'}", "ON 123, list", {"123": "unknown changed"}, (answer(200, text="", account="123"),)),
    case("on_null_is_unknown", "{account_id: '123', state: 'on'}", "ON 123, list", {"123": "unknown changed"}, (answer(200, None, account="123"),)),
    _list("null", answer(200, None, on="list", times=None)),
    _list("an_object_with_results", answer(200, {"count": 1, "results": [{"id": 123, "bot_running": False}]}, on="list", times=None)),
    _list("with_nan", answer(200, text='[{"id": 123, "bot_running": false, "balance": NaN}]', on="list", times=None)),
    _list("with_a_key_twice", answer(200, text='[{"id": 123, "bot_running": true, "bot_running": false}]', on="list", times=None)),
    _list("206", answer(206, [{"id": 123, "bot_running": False}], on="list", times=None)),
    _list("201", answer(201, [{"id": 123, "bot_running": False}], on="list", times=None)),
    _list("cut", raw('HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n[{"id": 123, "bot_running": false}]', on="list", times=None)),
    _list("gzip", answer(200, [{"id": 123, "bot_running": False}], headers={"Content-Encoding": "gzip"}, on="list", times=None)),
)
