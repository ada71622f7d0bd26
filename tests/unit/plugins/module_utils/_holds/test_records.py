# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The document in a hold's file: read strictly, written once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import records
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds.records import Hold, Malformed

NOW = datetime(2026, 11, 21, 8, 0, 2, tzinfo=timezone.utc)
HOLD = Hold("20261121T080002-kqzt", "emergency_stop", "2026-11-21T08:00:02Z", "ops", "controller1", "https://betmatic.app/api", reason="two bots at once")
FULL = replace(HOLD, scope=("123", "124"), until="2026-11-21T18:00:00Z", ran=("123",), reason=None)


def content(**fields):
    return json.dumps(dict(records.as_dict(HOLD), **fields)).encode()


@pytest.mark.parametrize("hold", [HOLD, FULL, replace(FULL, ran=())])
def test_what_is_written_is_read_again(hold):
    assert records.parse(records.as_text(hold).encode(), hold.id) == hold


def test_an_id_is_the_time_and_four_letters():
    assert records.new_id(NOW, "kqzt") == HOLD.id
    assert records.is_id(HOLD.id)
    wrong = ("", "..", "20261121T080002-kqz", "20261121T080002-KQZT", "20261121T080002-kqzt\n", "x/20261121T080002-kqzt")
    assert not any(records.is_id(text) for text in wrong)


@pytest.mark.parametrize(("broken", "why"), [
    (b"", "empty"),
    (b" \n", "empty"),
    (records.as_text(HOLD).encode()[:80], "torn"),
    (b"\xff\xfe", "torn"),
    (b"[" * 100000, "torn"),
    (b"null", "not a hold"),
    (b"[]", "not a hold"),
    (b"{}", "not a hold"),
    (content(version=2), "version"),
    (content(version=True), "version"),
    (content(version="1"), "version"),
    (content(version=None), "version"),
    (content(more=1), "other fields"),
    (content().replace(b'"reason"', b'"name"'), "torn"),
    (content(id="20261121T080002-aaaa"), "another name"),
    (content(name=7), "not a text"),
    (content(name=""), "no usable name"),
    (content(name="two words"), "no usable name"),
    (content(api_url=""), "no usable name or api_url"),
    (content(api_url="http://["), "an api_url that cannot be read"),
    (content(reason=["x"]), "not a text"),
    (content(placed_at="yesterday"), "a time"),
    (content(placed_at="2026-13-01T00:00:00Z"), "a time"),
    (content(until="soon"), "a time"),
    (content(until=5), "not a text"),
    (content(until="2026-11-21T08:00:02Z"), "ends before"),
    (content(scope=None), "scope"),
    (content(scope=[]), "empty scope"),
    (content(scope="123"), "scope"),
    (content(scope=[123]), "scope"),
    (content(scope=["."]), "scope"),
    (content(scope=["all"]), "scope"),
    (content(ran="all"), "ran"),
    (content(ran=[None]), "ran"),
])
def test_what_is_no_whole_hold_is_refused(broken, why):
    with pytest.raises(Malformed, match=why):
        records.parse(broken, HOLD.id)


def test_what_a_message_shows_is_one_printable_line():
    hostile = "x\n\x1b[31mred\u202e" + "y" * 500
    shown = records.parse(content(reason=hostile, placed_by=hostile, host=hostile), HOLD.id)
    for text in (shown.reason, shown.placed_by, shown.host):
        assert text.isprintable() and len(text) <= 200


@pytest.mark.parametrize(("text", "utc"), [
    ("2026-11-21T18:00:00Z", "2026-11-21T18:00:00Z"),
    ("2026-11-21 18:00:00.5+11:00", None),
    ("2026-11-22T05:00:00+11:00", "2026-11-21T18:00:00Z"),
    ("2026-11-21T13:00:00-05:00", "2026-11-21T18:00:00Z"),
    ("2026-11-21T07:00:00Z", None),
    ("2026-11-21T18:00:00", None),
    ("tomorrow", None),
    ("", None),
    ("2026-02-30T00:00:00Z", None),
])
def test_an_end_is_a_time_to_come_with_its_zone(text, utc):
    if utc is None:
        with pytest.raises(InputError, match="until"):
            records.read_until(text, NOW)
    else:
        assert records.read_until(text, NOW) == utc


@pytest.mark.parametrize("name", ["", "two words", "../x", "x" * 65, "-x", "é"])
def test_a_name_is_one_word(name):
    with pytest.raises(InputError, match="not a valid name"):
        records.read_name(name, "hold")
    assert records.read_name("emergency_stop", "hold") == "emergency_stop"
