# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A line of the trail -> an entry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import trail
from ansible_collections.bookieops.betmatic.tests.unit.support.trails import digest, intent, line, without


@pytest.mark.parametrize(
    "bad",
    [
        '{"time": "2026-11-21T08', "[]", "null", "1", '"text"', "{}", "no JSON", "\ufeff" + line(), line() + line(), "[" * 100000,
        line(time="yesterday"), line(time=17), line(time=None), line(time="2026-11-21T08:00:00"), line(failed=None), line(changed="yes"), line(check_mode=0),
        line(time="2026-11-21"), line(time="20261121T080000Z"), line(time="2026-W47-6T08:00:00Z"), line(time="2026-11-31T08:00:00Z"), line(event=None),
        without("outcome"), without("time"), without("account_id"), without("failed"), without("check_mode"), without("event"), intent(check_mode=None),
        line(time="0001-01-01T00:00:00+14:00"), line(time="9999-12-31T23:59:59Z"), line(time="9999-01-01T00:00:00+14:00"),
    ],
)
def test_a_line_that_is_not_an_entry_is_counted_and_stops_nothing(bad):
    told = digest(line(account_id="1"), bad, "", "   ", line(account_id="2"))
    assert [place.account_id for place in told.accounts] == ["1", "2"] and (told.figures.unreadable, told.unreadable) == (1, ["trail line 2"])


def test_text_is_printable_and_null_is_nothing():
    entry = trail.read(line(display_name="a\u202eb\x07c\ud800", reason=None, http_status=406, account_id=7))
    assert (entry.display_name, entry.reason, entry.http_status, entry.account_id) == ("a b c ", "", "406", "7")


@pytest.mark.parametrize("fields,proves", [({}, True), ({"check_mode": True}, False), ({"failed": True}, False), ({"outcome": "pending"}, False)])
def test_what_proves_a_state(fields, proves):
    assert trail.read(line(**fields)).proves is proves


@pytest.mark.parametrize(
    "asked,read",
    [
        ({"off": ["1", 2], "on": "all"}, (("off", ("1", "2")), ("on", ("all",)))),
        ({"off": "some text"}, ()), ({"up": ["1"]}, ()), (["1"], ()), (None, ()), ({}, ()),
    ],
)
def test_what_an_intent_asks_for(asked, read):
    entry = trail.read(intent(asked=asked))
    assert entry.asked == read and entry.is_bare and not entry.closes and not entry.failed and not entry.changed


@pytest.mark.parametrize("event,closes", [("result", True), ("background", True), ("skipped", True), ("end", True), ("item", False), ("attempt", False)])
def test_what_settles_an_intent(event, closes):
    assert trail.read(line(event=event)).closes is closes


@given(st.text())
def test_no_text_is_too_odd(text):
    told = digest(*text.split("\n"))
    assert told.figures.unreadable == sum(1 for one in text.split("\n") if one.strip())
