# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A new token: when it is due, how often it is asked for, and what is claimed of it."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _renewal
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import Maybe, NotSent, Refusal, TokenAnswer
from ansible_collections.bookieops.betmatic.plugins.module_utils._renewal import Ended
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Limits

# exp: 2026-12-31T23:59:59Z
TOKEN = "head.eyJleHAiOiAxNzk4NzYxNTk5fQ.signature"
EXPIRES, EXPIRES_AT = "2026-12-31T23:59:59Z", 1798761599
NEW = TokenAnswer("new-token")
LOST, UNSENT, PASSES, WRONG = Maybe("the connection broke"), NotSent("no connection"), Refusal(429, "words"), Refusal(401, "words")


@pytest.mark.parametrize(
    "expires,min_days,left,due",
    [
        (EXPIRES, 14, 14 * 86400 + 1, False),
        (EXPIRES, 14, 14 * 86400, True),
        (EXPIRES, 0.5, 43201, False),
        (EXPIRES, 0.5, 43200, True),
        (EXPIRES, 14, -1, True),
        (None, 14, 0, True),
    ],
)
def test_due(expires, min_days, left, due):
    assert _renewal.is_due(expires, min_days, EXPIRES_AT - left) is due


class Service:
    """Gives these answers in order, on a clock that only pauses and hangs move."""

    def __init__(self, *answers, takes=0.0):
        self.answers = list(answers)
        self.takes = takes
        self.now = 0.0
        self.asked = []
        self.pauses = []

    def request(self, seconds):
        self.asked.append(seconds)
        self.now += min(self.takes, seconds)
        return self.answers.pop(0)

    def pause(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds

    def ask(self, limits):
        return _renewal.ask(self.request, limits, lambda: self.now, self.pause)


@pytest.mark.parametrize(
    "answers,retries,ended,left",
    [
        ((NEW, NEW), 2, Ended(NEW), 1),
        ((LOST, NEW), 2, Ended(NEW, True), 0),
        ((UNSENT, PASSES, NEW), 2, Ended(NEW), 0),
        ((UNSENT, UNSENT, NEW), 1, Ended(UNSENT), 1),
        ((LOST, UNSENT, NEW), 1, Ended(UNSENT, True), 1),
        ((LOST, NEW), 0, Ended(LOST, True), 1),
        ((WRONG, NEW), 20, Ended(WRONG), 1),
        ((LOST, WRONG, NEW), 20, Ended(WRONG, True), 1),
        ((Refusal(307), NEW), 20, Ended(Refusal(307)), 1),
        ((Refusal(429, None, 900.0), NEW), 20, Ended(Refusal(429, None, 900.0), False, 900.0), 1),
    ],
)
def test_asked_until_it_is_answered_or_refused(answers, retries, ended, left):
    service = Service(*answers)
    assert service.ask(Limits(retries=retries)) == ended
    assert len(service.answers) == left


def test_a_wait_that_the_service_asks_for_is_kept():
    service = Service(Refusal(429, None, 3.0), NEW)
    service.ask(Limits())
    assert service.pauses == [3.0]


def test_the_deadline_bounds_every_try():
    service = Service(*[LOST] * 50, takes=100.0)
    assert service.ask(Limits(deadline=25.0, timeout=10.0, retries=20)) == Ended(LOST, True)
    assert max(service.asked) <= 10.0 and service.now <= 25.2


@pytest.mark.parametrize(
    "ended,changed,words",
    [
        (Ended(WRONG), False, "401 wrong email or password"),
        (Ended(WRONG, True), True, "401 wrong email or password"),
        (Ended(LOST, True), True, "the connection broke"),
        (Ended(UNSENT), False, "no connection"),
        (Ended(Refusal(429, "words"), False, 900.0), False, "429 too many requests; it asks to wait 900 s, which is too long"),
        (Ended(Refusal(418, "words")), False, "418 from the service"),
    ],
)
def test_a_login_without_a_token_fails(ended, changed, words):
    result = _renewal.after_login(ended, had_token=False)
    assert (result["failed"], result["changed"], result["token"], result["expires"]) == (True, changed, None, None)
    assert words in result["msg"] and '"words"' not in result["msg"]


@pytest.mark.parametrize(
    "ended,changed,words,not_words",
    [
        (Ended(WRONG), False, "Log in again", "earlier try"),
        (Ended(WRONG, True), True, "An earlier try may have replaced it", "api_url"),
        (Ended(LOST, True), True, "the old token may be invalid now", "401 token"),
        (Ended(UNSENT), False, "no connection", "invalid now"),
        (Ended(UNSENT, True), True, "If that answers 401, log in", "401 token"),
    ],
)
def test_a_refresh_without_a_token_fails_and_keeps_the_old_expiry(ended, changed, words, not_words):
    result = _renewal.after_refresh(ended, TOKEN)
    assert (result["failed"], result["changed"], result["token"], result["expires"]) == (True, changed, None, EXPIRES)
    assert words in result["msg"] and not_words not in result["msg"]


def test_a_new_token_has_its_own_expiry():
    result = _renewal.after_refresh(Ended(TokenAnswer(TOKEN)), "old-token")
    assert (result["changed"], result["failed"], result["token"], result["expires"]) == (True, False, TOKEN, EXPIRES)
    result = _renewal.after_refresh(Ended(NEW), TOKEN)
    assert (result["changed"], result["token"], result["expires"]) == (True, "new-token", None) and "no readable expiry" in result["msg"]


def test_the_same_token_is_no_new_one():
    result = _renewal.after_refresh(Ended(TokenAnswer(TOKEN), True), TOKEN)
    assert (result["changed"], result["failed"], result["token"], result["expires"]) == (False, False, None, EXPIRES)
