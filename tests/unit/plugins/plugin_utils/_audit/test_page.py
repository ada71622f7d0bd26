# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A digest -> the page."""

from __future__ import annotations

import base64
import hashlib
import pathlib
import re

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import digest as _digest
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import page as _page
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import timeline
from ansible_collections.bookieops.betmatic.tests.unit.support.trails import digest, intent, line, page

EVIL = "<script>alert('1')<script>\"&"
FOLDER = pathlib.Path(_page.__file__).parent


TEXTS = ("user", "platform", "platform_user", "platform_job", "api_url", "token_account", "playbook", "play", "task", "host", "account_id", "display_name",
         "state", "outcome", "previous_status", "bot_status", "http_status", "message", "reason", "hold", "override_hold", "msg")


@pytest.mark.parametrize("more", [{}, {"failed": True}, {"check_mode": True}])
def test_every_field_is_escaped_wherever_it_stands(more):
    own = (FOLDER / "page.js").read_text(encoding="utf-8")
    for field in TEXTS:
        set_apart = {"platform_job": "1", "message": None, field: EVIL, **more}
        body = page(line(**set_apart), intent(task_id="open", **set_apart)).partition("<body>")[2].replace(f"<script>{own}</script>", "")
        assert "<script" not in body and "alert('1')" not in body
        assert "&lt;script&gt;alert(&#39;1&#39;)&lt;script&gt;&#34;&amp;" in body, field


def test_text_that_is_long_is_cut():
    assert "a" * 399 + "\u2026" in page(line(reason="a" * 5000)) and "a" * 401 not in page(line(**dict.fromkeys(TEXTS, "a" * 5000)))


def test_the_same_trail_gives_the_same_page():
    assert page(line(), line(account_id="2"), intent(task_id="1")) == page(line(), line(account_id="2"), intent(task_id="1"))


def test_the_policy_allows_the_page_s_own_style_and_script_and_nothing_else():
    def hashed(name):
        return "sha256-" + base64.b64encode(hashlib.sha256((FOLDER / name).read_bytes()).digest()).decode()

    text = page(line())
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1].replace("&#39;", "'")
    assert policy.split("; ") == [
        "default-src 'none'", f"style-src '{hashed('page.css')}'",
        f"script-src '{hashed('page.js')}'", "img-src data:", "base-uri 'none'", "form-action 'none'",
    ]
    for name, element in (("page.css", "style"), ("page.js", "script")):
        assert f"<{element}>{(FOLDER / name).read_text(encoding='utf-8')}</{element}>" in text


def test_the_page_needs_nothing_beside_itself():
    text = page(line(api_url=None), line(api_url=None, failed=True, outcome="rejected"))
    assert [one for one in re.findall('(?:src|href)="([^"]*)"', text) if not one.startswith("#")] == ["data:,"]
    for name in ("page.css", "page.js"):
        text = text.replace((FOLDER / name).read_text(encoding="utf-8"), "")
    assert "http://" not in text and "https://" not in text


def test_no_entries_are_said_and_bad_lines_with_them():
    assert "There are no entries in the trail." in page("") and "cannot be read" not in page("")
    text = " ".join(page("x", *["y"] * 25).split())
    assert "There are no entries" in text and "26 lines of the trail cannot be read and are not shown: trail line 1, trail line 2," in text
    assert "trail line 20, ..." in text


def test_what_is_left_out_is_said_with_the_way_to_see_it(monkeypatch):
    monkeypatch.setattr(_digest, "MOST_LISTED", 1)
    told = digest(*(line(time=f"2026-11-2{number}T08:00:00Z") for number in range(1, 5)))
    text = " ".join(_page.render(told).split())
    assert "The newest 1 of 4 entries are listed, from 24 Nov 2026 08:00:00 on. The figures count all of them." in text and "-e bookie_audit_from=" in text


def test_a_time_at_the_end_of_all_times_does_not_end_the_page():
    assert "1 line of the trail cannot be read" in page(line(), line(time="9999-12-31T12:00:00Z"))
    assert "31 Dec 9998" in page(line(), line(time="9998-12-31T23:59:59Z"))


def test_a_failure_says_what_was_proven_since():
    failed = line(failed=True, outcome="rejected", changed=False)
    checked = line(time="2026-11-21T08:01:00Z", check_mode=True)
    assert "Nothing was proven since." in page(failed, checked, line(account_id="9", time="2026-11-21T09:00:00Z"))
    assert "Proven on at 21 Nov 2026 08:02:00." in page(failed, line(time="2026-11-21T08:02:00Z", state="on"))
    assert "Nothing failed." in page(line(), checked)


def test_a_refusal_says_that_nothing_was_sent():
    text = page(line(failed=True, changed=False, account_id=None, outcome=None, msg="No such state. Nothing was sent."))
    assert '<p class="since">Nothing was sent.</p>' in text and "Check the accounts" not in text
    assert "Check the accounts that the task was for." in page(line(failed=True, account_id=None, outcome="unknown", msg="Timed out"))


LOST = {"outcome": "unknown", "http_status": None, "message": None, "previous_status": None, "bot_status": None, "msg": "Timed out after 2 seconds"}


def test_a_task_that_was_cut_off_may_have_changed_its_account_and_says_why():
    text = page(line(failed=True, **LOST), line(account_id="2", changed=False))
    assert re.search("Changed, or maybe</dt><dd>1<", text) and re.search("Accounts still failed</dt><dd>1<", text)
    assert "unknown, may have changed" in text and "Timed out after 2 seconds" in text and "Nothing was proven since." in text
    # It is the account's own, whose later proof is found.
    assert "Proven off at 21 Nov 2026 09:00:00." in page(line(failed=True, **LOST), line(time="2026-11-21T09:00:00Z"))


def test_a_task_in_the_background_proves_nothing_and_failed_nothing():
    text = page(line(event="background", **{**LOST, "msg": "Started in the background."}))
    assert "Nothing failed." in text and re.search("Changed, or maybe</dt><dd>1<", text) and [mark[1] for mark in marks(line(**LOST))] == ["pending"]


def test_a_task_without_result_is_not_known_and_its_accounts_with_it():
    began = intent(time="2026-11-21T09:00:00Z", task_id="open", asked={"on": ["123", "5"]}, task="Start", state="on")
    text = " ".join(page(line(), line(account_id="7"), began).split())
    assert "Not known: may have sent commands" in text and re.search("Tasks without result</dt><dd>1<", text)
    assert "ON for 123, 5" in text and "123: Nothing was proven since." in text and "5: Nothing was proven since." in text
    assert text.count("Not known since 21 Nov 2026 09:00:00: a task without result may have switched it") == 1
    for asked, words in (({"off": "all"}, "OFF for all accounts"), (None, "ON for accounts that are not known")):
        assert words in page(intent(task_id="open", asked=asked, state="on"))
    assert "Not known:" not in page(began, line(task_id="open", time="2026-11-21T09:00:05Z"))


def test_what_check_mode_predicts_is_never_an_account_s_last_word():
    text = page(line(failed=True, outcome="unknown"), line(time="2026-11-21T09:00:00Z", check_mode=True, outcome="ok", changed=False))
    last = text.partition('class="last"')[2].partition("</summary>")[0]
    assert "unknown, may have changed" in last and "08:00:00" in last
    assert re.search("Accounts still failed</dt><dd>1<", text)


def test_lines_of_one_write_are_one_task():
    text = page(line(), line(account_id="2"), line(account_id="3", host="other"), line(account_id="4", time="2026-11-21T08:00:01Z"))
    assert [len(re.findall("<th scope=\"row\">", one)) for one in text.split("<article")[1:]] == [1, 1, 2]


def test_who_and_where_stand_with_the_task():
    text = page(line(platform="awx", platform_user="berta", platform_job="42", hold="h1", override_hold="h2"))
    for words in ("<bdi>berta</bdi> (<bdi>anna</bdi>)", "<bdi>awx</bdi> job <bdi>42</bdi>", "service <bdi>https://betmatic.app/api</bdi>",
                  "token of <bdi>user_id:3f2a9c0d1e4b</bdi>", "hold <bdi>h1</bdi>", "past the hold <bdi>h2</bdi>"):
        assert words in text


@pytest.mark.parametrize(("state", "words"), [("present", "place a hold"), ("absent", "lift a hold")])
def test_a_hold_is_seen_to_be_placed_and_lifted(state, words):
    told = {"event": "hold", "account_id": None, "display_name": None, "outcome": None, "state": state, "changed": True, "failed": False, "hold": "h1"}
    text = page(line(**told))
    assert re.search(rf'<span class="wanted [^"]*">{words}</span>', text) and "ok, changed" in text and "hold <bdi>h1</bdi>" in text
    assert "failed" in page(line(**{**told, "failed": True, "changed": False}))


def test_accounts_of_two_services_stand_apart_and_say_which_they_are_of():
    failed, simulated = line(failed=True, outcome="unknown"), line(api_url="http://127.0.0.1:1/api", time="2026-11-21T09:00:00Z")
    text = " ".join(page(failed, simulated).split())
    assert "Nothing was proven since." in text and re.search("Accounts still failed</dt><dd>1<", text) and re.search("Accounts</dt><dd>2<", text)
    assert text.count("<small>at <bdi>https://betmatic.app/api</bdi></small>") == 2 and text.count("<small>at <bdi>http://127.0.0.1:1/api</bdi></small>") == 1
    assert sorted(re.findall('<option value="(a123[^"]*)">([^<]*)', text)) == [
        ("a123", "123 TAB at http://127.0.0.1:1/api"), ("a123 1", "123 TAB at https://betmatic.app/api")]
    assert text.count('data-account="a123 1"') == 3 and "<small>at <bdi>" not in page(line(), line(token_account=None))


def test_a_proof_for_a_line_that_does_not_say_its_service_names_the_service():
    text = page(line(failed=True, outcome="unknown", api_url=None), line(time="2026-11-21T09:00:00Z"))
    assert "Proven off at https://betmatic.app/api at 21 Nov 2026 09:00:00." in text and "at <bdi>a service that is not known</bdi>" in text


# --- the timeline


def marks(*lines):
    entries = digest(*lines).listed.entries()
    return timeline.marks(entries, timeline.span(entries))


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
    assert marks(*some) == [("50.00%", "off"), ("98.00%", "off"), ("2.00%", "failed")]


@pytest.mark.parametrize("last,days", [("2026-01-01", 1), ("2026-01-08", 8), ("2026-01-09", 9), ("2027-02-04", 400)])
def test_a_long_time_has_some_labels(last, days):
    over = timeline.span(digest(line(time="2026-01-01T12:00:00Z"), line(time=f"{last}T12:00:00Z")).listed.entries())
    assert (over.last - over.first).days == days and 1 <= len(over.days) <= 8 and over.days[0] == over.first
