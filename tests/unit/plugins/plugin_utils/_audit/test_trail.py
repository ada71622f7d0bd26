# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The text of a trail -> its entries, and a page of them."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import html, timeline
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import page as _page
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import trail as _trail

KNOWN = {
    "time": "2026-11-21T08:00:00.000Z", "user": "anna", "playbook": "/srv/race_day.yml", "play": "Race day", "task": "Off", "host": "localhost",
    "account_id": "123", "display_name": "TAB", "state": "off", "outcome": "ok", "changed": True, "failed": False, "previous_status": "RUNNING",
    "bot_status": "STOPPED", "http_status": 200, "message": "Bot turned OFF", "reason": "CHG-1042", "check_mode": False,
}
EVIL = "<script>alert('1')<script>\"&"


def line(**fields):
    return json.dumps({**KNOWN, **fields})


def read(*lines):
    return _trail.read("\n".join(lines) + "\n")


def page(*lines):
    return _page.render(read(*lines), "style", "script")


def without(field):
    return json.dumps({key: value for key, value in KNOWN.items() if key != field})


# --- reading ---


@pytest.mark.parametrize(
    "bad",
    [
        '{"time": "2026-11-21T08', "[]", "null", "1", '"text"', "{}", "no JSON", "\ufeff" + line(), line() + line(), "[" * 100000,
        line(time="yesterday"), line(time=17), line(time=None), line(time="2026-11-21T08:00:00"), line(failed=None), line(changed="yes"), line(check_mode=0),
        without("outcome"), without("time"), without("account_id"), without("failed"), without("check_mode"),
        line(time="0001-01-01T00:00:00+14:00"), line(time="9999-12-31T23:59:59Z"), line(time="9999-01-01T00:00:00+14:00"),
    ],
)
def test_a_line_that_is_no_entry_is_counted_and_stops_nothing(bad):
    trail = read(line(account_id="1"), bad, "", "   ", line(account_id="2"))
    assert [entry.account_id for entry in trail.entries] == ["1", "2"] and trail.unreadable == (2,)


def test_entries_come_by_time_whatever_their_zone_and_lines_of_one_moment_as_written():
    trail = read(line(time="2026-11-21T09:00:00+11:00", account_id="2"), line(account_id="4"), line(account_id="3"), line(time="2026-11-20T21:00:00Z"))
    assert [entry.account_id for entry in trail.entries] == ["123", "2", "4", "3"]
    assert [entry.day for entry in trail.entries] == ["2026-11-20", "2026-11-20", "2026-11-21", "2026-11-21"]


def test_text_is_printable_and_null_is_nothing():
    entry = read(line(display_name="a\u202eb\x07c", reason=None, http_status=406, account_id=7)).entries[0]
    assert (entry.display_name, entry.reason, entry.http_status, entry.account_id) == ("a b c", "", "406", "7")


@pytest.mark.parametrize("fields,proves", [({}, True), ({"check_mode": True}, False), ({"failed": True}, False), ({"outcome": "pending"}, False)])
def test_what_proves_a_state(fields, proves):
    assert read(line(**fields)).entries[0].proves is proves


def test_lines_of_one_write_are_one_task():
    entries = read(line(), line(account_id="2"), line(account_id="3", host="other"), line(account_id="4", time="2026-11-21T08:00:01Z")).entries
    assert [[entry.account_id for entry in task] for task in _trail.tasks(entries)] == [["123", "2"], ["3"], ["4"]]


def test_accounts_come_by_number():
    entries = read(*(line(account_id=account) for account in ("10", "9", "b", None, "\u0662", "9"))).entries
    assert {account: len(some) for account, some in _trail.by_account(entries).items()} == {"9": 2, "10": 1, "b": 1, "\u0662": 1}
    assert list(_trail.by_account(entries)) == ["9", "10", "b", "\u0662"]


@given(st.text())
def test_no_text_is_too_odd(text):
    trail = _trail.read(text)
    assert len(trail.unreadable) == sum(1 for one in text.split("\n") if one.strip())


# --- HTML ---


def test_text_is_escaped_and_html_is_not():
    assert html.tag("p", EVIL, html.tag("b", "x"), None, [("y",)], title=EVIL, hidden=True, open=False, data_day=1, class_=None) == (
        '<p title="&lt;script&gt;alert(&#x27;1&#x27;)&lt;script&gt;&quot;&amp;" hidden data-day="1">'
        "&lt;script&gt;alert(&#x27;1&#x27;)&lt;script&gt;&quot;&amp;<b>x</b>y</p>"
    )
    assert html.tag("meta", name="a", content="b") == '<meta name="a" content="b">'


TEXTS = ("user", "playbook", "play", "task", "host", "account_id", "display_name", "state", "outcome", "previous_status", "bot_status", "http_status",
         "message", "reason", "msg")


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("more", [{}, {"failed": True}, {"check_mode": True}])
def test_every_field_is_escaped_wherever_it_stands(field, more):
    text = page(line(**{"message": None, field: EVIL, **more}))
    body = text.partition("<body>")[2].replace("<script>script</script>", "")
    assert "<script" not in body and "alert('1')" not in body
    assert "&lt;script&gt;alert(&#x27;1&#x27;)" in body


def test_text_that_cannot_be_encoded_does_not_stop_it():
    assert "a b" in page(line(display_name="a\ud800b")) or "a?b" in page(line(display_name="a\ud800b"))


# --- the page ---


def test_the_same_trail_gives_the_same_page():
    assert page(line(), line(account_id="2")) == page(line(), line(account_id="2"))


def test_the_policy_allows_the_page_s_own_style_and_script_and_nothing_else():
    def hashed(text):
        return "sha256-" + base64.b64encode(hashlib.sha256(text).digest()).decode()

    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', page(line()))[1].replace("&#x27;", "'")
    assert policy.split("; ") == [
        "default-src 'none'", f"style-src '{hashed(b'style')}'", f"script-src '{hashed(b'script')}'", "img-src data:", "base-uri 'none'", "form-action 'none'",
    ]


def test_the_page_needs_nothing_beside_itself():
    text = page(line(), line(failed=True, outcome="rejected"))
    assert [one for one in re.findall('(?:src|href)="([^"]*)"', text) if not one.startswith("#")] == ["data:,"]
    assert "http://" not in text and "https://" not in text


def test_no_entries_are_said_and_bad_lines_with_them():
    assert "There are no entries in the trail." in page("") and "cannot be read" not in page("")
    text = page("x", *["y"] * 25)
    assert "There are no entries" in text and "26 lines of the trail cannot be read and are not shown: line 1, 2, 3," in text and ", 20, ..." in text


def test_a_time_at_the_end_of_all_times_does_not_end_the_page():
    assert "1 line of the trail cannot be read" in page(line(), line(time="9999-12-31T12:00:00Z"))
    assert "31 Dec 9998" in page(line(), line(time="9998-12-31T23:59:59Z"))


def test_a_failure_says_what_was_proven_since():
    failed = line(failed=True, outcome="rejected", changed=False)
    checked = line(time="2026-11-21T08:01:00Z", check_mode=True)
    assert "Nothing was proven since." in page(failed, checked, line(account_id="9", time="2026-11-21T09:00:00Z"))
    assert "Proven on at 21 Nov 2026 08:02:00." in page(failed, line(time="2026-11-21T08:02:00Z", state="on"))
    assert "Nothing failed." in page(line(), checked)


LOST = {"outcome": "unknown", "http_status": None, "message": None, "previous_status": None, "bot_status": None, "msg": "Timed out after 2 seconds"}


def test_a_task_that_was_cut_off_may_have_changed_its_account_and_says_why():
    text = page(line(failed=True, **LOST), line(account_id="2", changed=False))
    assert re.search("Changed, or maybe</dt><dd>1<", text) and re.search("Accounts still failed</dt><dd>1<", text)
    assert "unknown, may have changed" in text and "Timed out after 2 seconds" in text and "Nothing was proven since." in text
    # It is the account's own, whose later proof is found.
    assert "Proven off at 21 Nov 2026 09:00:00." in page(line(failed=True, **LOST), line(time="2026-11-21T09:00:00Z"))


def test_a_task_in_the_background_proves_nothing_and_failed_nothing():
    text = page(line(**{**LOST, "msg": "Started in the background."}))
    assert "Nothing failed." in text and re.search("Changed, or maybe</dt><dd>1<", text) and [mark[1] for mark in marks(line(**LOST))] == ["pending"]


def test_what_check_mode_predicts_is_never_an_account_s_last_word():
    text = page(line(failed=True, outcome="unknown"), line(time="2026-11-21T09:00:00Z", check_mode=True, outcome="ok", changed=False))
    last = text.partition('class="last"')[2].partition("</summary>")[0]
    assert "unknown, may have changed" in last and "08:00:00" in last
    assert re.search("Accounts still failed</dt><dd>1<", text)


# --- the timeline ---


def marks(*lines):
    entries = read(*lines).entries
    return re.findall('x="([0-9.]+)%" y="50%" class="sign ([a-z]+)"', timeline.strip(entries, timeline.span(entries)))


@pytest.mark.parametrize(
    "fields,kind",
    [
        ({}, "off"),
        ({"state": "on"}, "on"),
        ({"state": "odd"}, "pending"),
        ({"outcome": "pending"}, "pending"),
        ({"failed": True, "outcome": "unknown"}, "failed"),
        ({"failed": True}, "failed"),
        ({"check_mode": True}, "check"),
        ({"check_mode": True, "failed": True}, "check"),
        ({"outcome": "not_attempted"}, "pending"),
    ],
)
def test_only_what_is_proven_has_the_mark_of_a_state(fields, kind):
    assert [mark[1] for mark in marks(line(**fields))] == [kind]


def test_marks_stand_by_time_and_failures_on_top():
    some = [line(failed=True, time="2026-11-21T00:00:00Z"), line(time="2026-11-22T00:00:00Z"), line(time="2026-11-22T23:59:59.999Z")]
    assert marks(*some) == [("50.00", "off"), ("98.00", "off"), ("2.00", "failed")]


def test_a_long_time_has_some_labels():
    for days in (1, 8, 9, 400):
        last = _trail.datetime(2026, 1, 1) + (days - 1) * (_trail.datetime(2026, 1, 2) - _trail.datetime(2026, 1, 1))
        entries = read(line(time="2026-01-01T12:00:00Z"), line(time=last.strftime("%Y-%m-%dT12:00:00Z"))).entries
        over = timeline.span(entries)
        assert (over.last - over.first).days == days and 1 <= len(over.days) <= 8
        assert timeline.axis(over).count("<text") == len(over.days) and ">1 Jan<" in timeline.axis(over)
