# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Strict parsing: what is taken from the service's documents, and what is not."""

from __future__ import annotations

import json

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api import parsing
from ansible_collections.bookieops.betmatic.tests.unit.support.documents import PAGE_ALL, PAGE_ONE


def as_bytes(document):
    return json.dumps(document).encode()


def test_the_document_of_the_single_page():
    answer = parsing.parse_control(as_bytes(PAGE_ONE))
    assert (answer.account_id, answer.status, answer.bot_status, answer.previous_status) == ("123", "success", "RUNNING", "STOPPED")
    assert answer.session_info == PAGE_ONE["session_info"] and answer.no_sessions is False
    assert (answer.display_name, answer.message, answer.timestamp) == (PAGE_ONE["display_name"], PAGE_ONE["message"], PAGE_ONE["timestamp"])


def test_the_document_of_the_bulk_page():
    answer = parsing.parse_bulk(as_bytes(PAGE_ALL))
    assert (answer.status, answer.affected_accounts) == ("success", 5)
    assert [(row.account_id, row.status, row.message) for row in answer.rows] == [
        ("123", "success", "Bot turned on successfully"),
        ("125", "failed", "Bot already running"),
    ]


def test_only_the_id_of_a_listed_account_is_needed():
    (row,) = parsing.parse_list(as_bytes([{"id": 123}])).rows
    assert (row.account_id, row.bot_running, row.no_sessions, row.running_sessions) == ("123", None, True, None)


@pytest.mark.parametrize("given,kept", [("123", "123"), (123, "123"), ("a_B-9", "a_B-9")])
def test_an_id_is_a_text_whatever_the_service_sends(given, kept):
    assert parsing.parse_control(as_bytes(dict(PAGE_ONE, account_id=given))).account_id == kept


@pytest.mark.parametrize("bad", [None, True, 1.5, "", "..", "123/..", "123\n", "all", "١٢٣", [], {}, "x" * 65, -1.0])
def test_an_answer_with_no_usable_id_is_malformed(bad):
    with pytest.raises(parsing.Malformed):
        parsing.parse_control(as_bytes(dict(PAGE_ONE, account_id=bad)))


MALFORMED = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"success"',
    "NaN": b'{"status": "success", "account_id": "123", "x": NaN}',
    "a key twice": b'{"status": "failed", "status": "success", "account_id": "123"}',
    "no UTF-8": b'{"status": "success", "account_id": "123", "message": "\xff"}',
    "a byte order mark": b'\xef\xbb\xbf{"status": "success", "account_id": "123"}',
    "too deep": b'{"status": "success", "account_id": "123", "x": ' + b"[" * 100000 + b"]" * 100000 + b"}",
    "cut": b'{"status": "success", "account_id": "12',
    "rest behind it": b'{"status": "success", "account_id": "123"} x',
    "no status": b'{"account_id": "123"}',
    "status is true": b'{"status": true, "account_id": "123"}',
    "bot_status is a number": b'{"status": "success", "account_id": "123", "bot_status": 0}',
    "bot_status has a line break": b'{"status": "success", "account_id": "123", "bot_status": "STOPPED\\n"}',
    "previous_status is a list": b'{"status": "success", "account_id": "123", "previous_status": []}',
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_malformed_answers(body):
    with pytest.raises(parsing.Malformed):
        parsing.parse_control(body)


@pytest.mark.parametrize(
    "document",
    [
        dict(PAGE_ALL, results={}),
        dict(PAGE_ALL, results=[1]),
        dict(PAGE_ALL, results=[{"account_id": 1}]),
        dict(PAGE_ALL, results=[{"account_id": "..", "status": "success"}]),
        dict(PAGE_ALL, results=[{"account_id": 1, "status": "success"}, {"account_id": "1", "status": "failed"}]),
    ],
)
def test_malformed_bulk_answers(document):
    with pytest.raises(parsing.Malformed):
        parsing.parse_bulk(as_bytes(document))


@pytest.mark.parametrize("document", [{}, {"results": []}, [1], [{"id": 1}, {}], [{"id": ".."}], None])
def test_a_list_with_one_unusable_row_is_no_list(document):
    with pytest.raises(parsing.Malformed):
        parsing.parse_list(as_bytes(document))


@pytest.mark.parametrize("count", [True, -1, "5", 1.5, []])
def test_a_count_that_is_no_count_is_malformed(count):
    with pytest.raises(parsing.Malformed):
        parsing.parse_bulk(as_bytes(dict(PAGE_ALL, affected_accounts=count)))
    assert parsing.parse_bulk(as_bytes(dict(PAGE_ALL, affected_accounts=None))).affected_accounts is None


SESSIONS = [(None, True), ({}, True), ({"active_sessions": None}, True), ({"active_sessions": 0}, True), ({"active_sessions": 1}, False)]
SESSIONS += [({"active_sessions": value}, False) for value in (False, "0", 0.0, [], -1)] + [([], False), ("none", False)]


@pytest.mark.parametrize("session_info,none", SESSIONS)
def test_no_active_sessions_is_absent_null_or_exactly_zero(session_info, none):
    assert parsing.parse_control(as_bytes(dict(PAGE_ONE, session_info=session_info))).no_sessions is none


@pytest.mark.parametrize(
    "row,running,none",
    [
        ({"bot_running": False, "running_sessions": 0}, False, True),
        ({"bot_running": False}, False, True),
        ({"bot_running": 0, "running_sessions": None}, None, False),
        ({"bot_running": "false", "running_sessions": "0"}, None, False),
        ({"bot_running": None, "running_sessions": False}, None, False),
    ],
)
def test_a_row_is_read_strictly(row, running, none):
    (listed,) = parsing.parse_list(as_bytes([dict(row, id=1)])).rows
    assert (listed.bot_running, listed.no_sessions) == (running, none)


@pytest.mark.parametrize(
    "body,words",
    [
        (b'{"detail": "no"}', "no"),
        (b'{"message": "no"}', "no"),
        (b'{"detail": ["no"], "message": "yes"}', "yes"),
        (b"<html>no</html>", None),
        (b"[]", None),
        (b"", None),
    ],
)
def test_words_of_an_error(body, words):
    assert parsing.parse_words(body) == words


def test_a_token_is_taken_as_it_stands():
    assert parsing.parse_token(b'{"token": "abc.def", "more": 1}').token == "abc.def"


@pytest.mark.parametrize("document", [{}, [], {"token": None}, {"token": 7}, {"token": ""}, {"token": " a"}, {"token": "a\n"}, {"token": "\u00e4"}])
def test_what_no_header_can_hold_is_no_token(document):
    with pytest.raises(parsing.Malformed):
        parsing.parse_token(as_bytes(document))


def test_of_the_sessions_nothing_is_kept_but_what_is_known():
    told = {"active_sessions": 1, "session_start_time": "2024-01-24T21:00:00+11:00", "failed": True, "ansible_facts": {"a": 1}}
    assert parsing.parse_control(as_bytes(dict(PAGE_ONE, session_info=told))).session_info == PAGE_ONE["session_info"]
