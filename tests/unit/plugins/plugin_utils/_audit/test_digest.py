# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lines -> figures over all of them, the newest entries, and what is not known."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import digest as _digest
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit.places import Place
from ansible_collections.bookieops.betmatic.tests.unit.support.trails import KNOWN, digest, intent, line

EIGHT = datetime(2026, 11, 21, 8, tzinfo=timezone.utc)
SINCE, LATER = "2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z"


REAL, SIMULATOR = KNOWN["api_url"], "http://127.0.0.1:32889/api"
WHOSE, ANOTHER = KNOWN["token_account"], "user_id:000000000000"


def at(api_url=REAL, token_account=WHOSE, account_id="123"):
    return Place(api_url or "", token_account or "", account_id)


def doubted_ids(told):
    return [place.account_id for place in told.doubts()]


def accounts(told):
    return [entry.account_id for entry in told.listed.entries()]


def test_entries_come_by_time_whatever_their_zone_and_lines_of_one_moment_as_written():
    told = digest(line(time="2026-11-21T09:00:00+11:00", account_id="2"), line(account_id="4"), line(account_id="3"), line(time="2026-11-20T21:00:00Z"))
    assert accounts(told) == ["123", "2", "4", "3"]
    assert [entry.day for entry in told.listed.entries()] == ["2026-11-20", "2026-11-20", "2026-11-21", "2026-11-21"]


def test_the_newest_are_listed_and_the_figures_count_all(monkeypatch):
    monkeypatch.setattr(_digest, "MOST_LISTED", 2)
    told = digest(*(line(account_id=str(number), time=f"2026-11-21T08:00:0{number % 5}Z", failed=number == 1) for number in range(5)))
    assert accounts(told) == ["3", "4"] and told.listed.left_out == 3
    assert (told.figures.entries, told.figures.failed, len(told.accounts), told.figures.first) == (5, 1, 5, EIGHT)
    assert [entry.account_id for entry in told.failures.entries()] == ["1"]


def test_texts_of_any_length_and_kind_weigh_what_they_take(monkeypatch):
    monkeypatch.setattr(_digest, "_MOST_WEIGHT", 100_000)
    plain, hostile = (digest(*(line(reason=text * 500) for _number in range(200))) for text in ("a", "<"))
    assert 20 < len(hostile.listed.entries()) < len(plain.listed.entries()) < 100


@pytest.mark.parametrize(
    "since,until,left",
    [(None, None, ["1", "2", "3"]), (EIGHT + timedelta(hours=1), None, ["2", "3"]), (None, EIGHT + timedelta(hours=1), ["1"]),
     (EIGHT + timedelta(minutes=1), EIGHT + timedelta(hours=2), ["2"])],
)
def test_only_the_period_counts(since, until, left):
    told = digest(line(account_id="1"), line(account_id="2", time=SINCE), line(account_id="3", time=LATER), since=since, until=until)
    assert accounts(told) == left and told.figures.entries == len(left) == len(told.accounts)


# --- tasks without result


@pytest.mark.parametrize("event,known", [("result", True), ("background", True), ("skipped", True), ("end", True), ("item", False), ("attempt", False)])
def test_an_intent_is_settled_by_the_end_of_its_task_alone(event, known):
    fields = {} if event in ("result", "background", "item", "attempt") else {"changed": None, "failed": None, "account_id": None, "outcome": None}
    told = digest(intent(), line(event=event, **fields), line(task_id="another"))
    assert bool(told.not_known) is not known


def test_check_mode_sends_nothing_and_leaves_nothing_open():
    assert digest(intent(check_mode=True)).not_known == ()


def test_an_intent_counts_in_its_period_and_is_settled_by_a_later_result():
    end = EIGHT + timedelta(hours=1)
    assert digest(intent(), line(time=LATER), until=end).not_known == ()
    assert digest(intent(), since=end).not_known == () and len(digest(intent(), until=end).not_known) == 1


def test_intents_without_number_are_counted(monkeypatch):
    monkeypatch.setattr(_digest, "MOST_OPEN", 3)
    told = digest(*(intent(task_id=str(number)) for number in range(5)))
    assert [one.task_id for one in told.not_known] == ["2", "3", "4"] and told.more_open == 2


@pytest.mark.parametrize(
    "asked,doubted",
    [({"on": ["123"]}, ["123"]), ({"on": ["9"]}, ["9"]), ({"on": "all"}, ["123", "5"]), ({"off": ["5"], "on": ["123"]}, ["5", "123"]),
     # A template decides: it may have been for any.
     (None, ["123", "5"]), ({"off": "odd"}, ["123", "5"])],
)
def test_an_account_that_a_task_without_result_was_for_is_in_doubt(asked, doubted):
    told = digest(line(), line(account_id="5"), intent(time=SINCE, asked=asked))
    assert doubted_ids(told) == doubted


def test_a_later_proof_ends_the_doubt_and_nothing_else_does():
    before = [line(time="2026-11-21T07:00:00Z"), intent(time=SINCE)]
    assert not digest(*before, line(time=LATER, task_id="later")).doubts()
    for fields in ({"failed": True, "outcome": "unknown"}, {"check_mode": True}, {"outcome": "pending"}, {"account_id": "5"}):
        assert doubted_ids(digest(*before, line(time=LATER, task_id="later", **fields))) == ["123"]


# --- each account


def test_the_last_word_of_an_account_is_its_newest_that_is_not_of_check_mode():
    told = digest(line(time=LATER, failed=True, outcome="unknown"), line(), line(time="2026-11-21T11:00:00Z", check_mode=True))
    account = told.accounts[at()]
    assert account.last.failed and account.proof.moment == EIGHT and told.still_failed == 1
    assert told.proof_since(at(), EIGHT) is None and told.proof_since(at(), EIGHT - timedelta(seconds=1)) is account.proof


def test_more_accounts_than_can_be_kept_are_said(monkeypatch):
    monkeypatch.setattr(_digest, "MOST_ACCOUNTS", 2)
    told = digest(*(line(account_id=str(number)) for number in range(4)))
    assert [place.account_id for place in told.accounts] == ["0", "1"] and told.untold_accounts and told.figures.entries == 4


# --- which account it is: an id alone does not tell

FAILED = {"failed": True, "outcome": "unknown"}


@pytest.mark.parametrize(
    "failed,proven,counts",
    [
        # service and token of the failure, of each proof after it, and whether one of them counts
        ((REAL, WHOSE), [(REAL, WHOSE)], True),
        ((REAL, WHOSE), [(SIMULATOR, WHOSE)], False),
        ((REAL, WHOSE), [(SIMULATOR, None)], False),
        ((REAL, WHOSE), [(REAL, ANOTHER)], False),
        # One token in all for this account of this service: it is hers.
        ((REAL, None), [(REAL, WHOSE)], True),
        ((REAL, WHOSE), [(REAL, None)], True),
        ((REAL, None), [(REAL, None)], True),
        # Two: whose it was is not known.
        ((REAL, None), [(REAL, WHOSE), (REAL, ANOTHER)], False),
        ((REAL, WHOSE), [(REAL, None), (REAL, ANOTHER)], False),
        # The service is not known: only one that is not on this machine may be meant, and only where there is but one.
        ((None, None), [(REAL, WHOSE)], True),
        ((None, WHOSE), [(REAL, WHOSE), (SIMULATOR, None)], True),
        ((None, ANOTHER), [(REAL, WHOSE)], False),
        ((None, None), [(SIMULATOR, None)], False),
        ((None, None), [(REAL, WHOSE), ("https://other.example/api", WHOSE)], False),
        ((None, None), [(REAL, WHOSE), (REAL, ANOTHER)], False),
        ((REAL, WHOSE), [(None, WHOSE)], False),
        ((None, None), [(None, None)], False),
    ],
)
def test_a_proof_counts_for_its_own_account_alone(failed, proven, counts):
    lines = [line(api_url=url, token_account=token, time=LATER, task_id="later") for url, token in proven]
    told = digest(line(api_url=failed[0], token_account=failed[1], **FAILED), *lines)
    assert bool(told.proof_since(at(*failed), EIGHT)) is counts
    assert told.still_failed == (0 if counts or failed == (None, None) == proven[0] else 1)


def test_where_there_are_more_services_than_are_kept_none_is_the_only_one():
    some = [line(api_url=f"http://127.0.0.1:{port}/api") for port in range(1, _digest.MOST_SERVICES)]
    failed, proven = line(api_url=None, token_account=None, **FAILED), line(time=LATER, task_id="later")
    for lines, counts in (([], True), (some, False)):
        assert bool(digest(failed, *lines, proven).proof_since(at(None, None), EIGHT)) is counts


@pytest.mark.parametrize(
    "where,doubted",
    [
        ({}, [at()]),
        ({"api_url": SIMULATOR, "token_account": None}, [at(SIMULATOR)]),
        # As the shipped playbooks leave it: it may have been for any service.
        ({"api_url": None, "token_account": None}, [at(), at(SIMULATOR)]),
        ({"api_url": REAL, "token_account": ANOTHER}, []),
        ({"api_url": REAL, "token_account": None}, [at()]),
    ],
)
def test_a_template_casts_doubt_on_every_account_of_its_service_and_of_no_other(where, doubted):
    some = [line(), line(api_url=SIMULATOR), intent(time=SINCE, task_id="open", asked=None, **where)]
    assert list(digest(*some).doubts()) == doubted
    proven = line(api_url=SIMULATOR, time=LATER, task_id="later")
    assert list(digest(*some, proven).doubts()) == [place for place in doubted if place.api_url == REAL]


def test_an_account_is_one_whether_or_not_a_line_says_whose_token_it_was():
    told = digest(line(token_account=None, **FAILED), line(time=LATER, display_name=None), line(api_url=SIMULATOR))
    assert list(told.accounts) == [at(), at(SIMULATOR)] and told.services == {REAL, SIMULATOR}
    assert (told.accounts[at()].name, told.accounts[at()].last.failed, told.still_failed) == ("TAB", False, 0)
