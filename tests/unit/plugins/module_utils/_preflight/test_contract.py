# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How the list differs from what is known of it: every difference, and never a value."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.module_utils._preflight import contract
from ansible_collections.bookieops.betmatic.plugins.module_utils._preflight.findings import OK, WARNING

ROW = {
    "id": 123, "bookie": "TAB", "display_name": "TAB Main Account", "balance": 10.5, "bonus_balance": 0, "update_time": "2026-11-21T08:00:00+11:00",
    "bot_ip": "192.0.2.7", "bot_id": "bot-17", "bot_running": True, "running_sessions": 1,
}


def compared(*rows, headers=()):
    return contract.compared(200, dict(headers), json.dumps(rows).encode())


def without(*names):
    return {name: value for name, value in ROW.items() if name not in names}


def test_the_list_as_it_is_known_does_not_differ():
    found = compared(ROW, {**ROW, "id": 124, "bot_running": False, "running_sessions": 0})
    assert (found["missing"], found["added"], found["other_types"], found["document"]) == ([], [], [], "array")
    assert contract.finding(found).level == OK and "matches what is known of it" in contract.finding(found).text


@pytest.mark.parametrize(("row", "level", "word"), [
    (without("bonus_balance"), OK, "1 field,"),
    ({**ROW, "nickname": "x"}, OK, "1 field,"),
    (without("running_sessions"), OK, "1 field,"),
    (without("bot_running"), WARNING, "(bot_running)"),
    (without("id"), WARNING, "(id)"),
    ({**ROW, "bot_running": "yes"}, WARNING, "(bot_running)"),
    ({**ROW, "running_sessions": None}, WARNING, "(running_sessions)"),
    ({**ROW, "id": "123"}, WARNING, "(id)"),
    ({**ROW, "update_time": "yesterday"}, OK, "1 field,"),
    ({**ROW, "display_name": "2026-11-21T08:00:00Z"}, OK, "matches what is known of it"),
])
def test_a_difference_in_what_proves_a_bot_off_is_a_warning(row, level, word):
    found = contract.finding(compared(row))
    assert found.level == level and word in found.text


def test_each_difference_is_told_with_its_types():
    found = compared({**without("bot_ip"), "nickname": "x", "limits": {"day": 5}}, {**ROW, "id": "abc", "nickname": None})
    assert found["missing"] == [{"field": "bot_ip", "rows": "some"}]
    assert found["added"] == [{"field": "limits", "types": ["object"]}, {"field": "nickname", "types": ["null", "text"]}]
    assert found["other_types"] == [{"field": "id", "known": ["integer"], "found": ["integer", "text"]}]
    assert compared(without("bot_ip"))["missing"] == [{"field": "bot_ip", "rows": "all"}]


@pytest.mark.parametrize(("body", "document"), [
    (b"<html>Log in</html>", "not JSON"), (b'{"results": []}', "object"), (b"null", "null"), (b"", "none"), (None, "none"), (b"[" * 100_000, "not JSON"),
])
def test_what_is_not_an_array_is_told(body, document):
    found = contract.compared(200, {}, body)
    assert found["document"] == document and contract.finding(found).level == WARNING


def test_rows_that_are_not_objects_are_told():
    assert contract.finding(compared(ROW, "123")).level == WARNING


def test_of_headers_only_the_media_type_and_names_are_told():
    found = compared(ROW, headers={"Content-Type": "application/json; boundary=secret", "Date": "now", "X-Request-Id": "abc-1", "Set-Cookie": "secret"})
    assert found["content_type"] == "application/json" and found["headers"] == ["Date", "X-Request-Id"]
    assert "secret" not in str(found) and "abc-1" not in str(found)


def test_a_name_that_may_be_somebodys_is_not_shown():
    names = ("TAB Main Account", "Main", "tab", "account_123", "johnsmith", "john_account", "bot_", "_", "botStatus", "Status", "wallet")
    found = compared({**dict.fromkeys(names, 1), **ROW, "bookie": "wallet"}, {**ROW, "johnsmith": 2})
    assert found["added"] == [] and found["names_not_shown"] == len(names)
    told = contract.finding(found)
    assert told.level == OK and f"differs in {len(names)} fields" in told.text
    assert compared(ROW)["names_not_shown"] == 0


LEAVES = st.none() | st.booleans() | st.integers(10_000, 99_999) | st.text("XYZ0189", min_size=6, max_size=12)
VALUES = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(st.sampled_from(sorted(ROW)), LEAVES, max_size=2)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(st.sampled_from([*ROW, "nickname"]), VALUES, max_size=8), max_size=4))
def test_no_value_is_told_whatever_the_service_answers(rows):
    told = json.dumps(compared(*rows), ensure_ascii=False)

    def values(one):
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        return [one] if isinstance(one, str) or (isinstance(one, int) and one > 1) else [leaf for two in inner for leaf in values(two)]

    assert [one for row in rows for one in values(row) if str(one) in told] == []
