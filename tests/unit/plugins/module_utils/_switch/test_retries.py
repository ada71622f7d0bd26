# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of repetition: OFF on anything that may pass, ON only when it surely was not applied."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import ControlAnswer, Maybe, NotSent, Refusal
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import retries

# (answer, OFF is sent again, ON is sent again)
TABLE = {
    "never left": (NotSent("refused"), True, True),
    "301": (Refusal(301), False, False),
    "400": (Refusal(400), False, False),
    "401": (Refusal(401), False, False),
    "403": (Refusal(403), False, False),
    "404": (Refusal(404), False, False),
    "406": (Refusal(406), True, False),
    "408": (Refusal(408), True, False),
    "429": (Refusal(429), True, True),
    "500": (Maybe("500", 500), True, False),
    "503": (Maybe("503", 503), True, False),
    "503 with Retry-After": (Maybe("503", 503, retry_after=1.0), True, True),
    "502 with Retry-After": (Maybe("502", 502, retry_after=1.0), True, False),
    "timeout": (Maybe("no answer"), True, False),
    "not a valid document": (Maybe("no document", 200), True, False),
    "success that proves nothing": (ControlAnswer("123", "success", bot_status="STARTING"), True, False),
    "200 with status failed": (ControlAnswer("123", "failed"), True, False),
}


@pytest.mark.parametrize("answer,off,on", TABLE.values(), ids=TABLE)
def test_which_commands_are_sent_again(answer, off, on):
    for state, expected in (("off", off), ("on", on)):
        following = retries.send_again(state, answer, left=60.0, back_off=0.5)
        assert (following.delay is not None) is expected


@pytest.mark.parametrize(
    "asked,left,expected",
    [(1.0, 60.0, retries.Next(1.0, True)), (31.0, 60.0, retries.Next(None, True, 31.0)), (20.0, 10.0, retries.Next(None, True, 20.0))],
)
def test_retry_after_is_kept_up_to_its_limit_and_the_deadline(asked, left, expected):
    assert retries.send_again("off", Refusal(429, retry_after=asked), left, back_off=0.1) == expected


def test_nothing_is_sent_again_past_the_deadline():
    assert retries.send_again("off", Maybe("lost"), left=0.4, back_off=0.5).delay is None


@pytest.mark.parametrize("answer,congested", [(Refusal(429), True), (Maybe("503", 503), True), (Maybe("500", 500), False), (Refusal(406), False)])
def test_congestion_is_told_also_when_the_command_is_not_sent_again(answer, congested):
    assert retries.send_again("off", answer, left=0.0, back_off=0.5).congested is congested


def test_full_jitter_is_bounded_and_doubles():
    assert [retries.back_off_seconds(tries, 1.0) for tries in (1, 2, 3, 4, 5, 9)] == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert retries.back_off_seconds(5, 0.0) == 0.0


@pytest.mark.parametrize("state,status,ends", [("on", 401, True), ("off", 401, True), ("on", 403, True), ("off", 403, False), ("off", 404, False)])
def test_what_ends_the_run(state, status, ends):
    assert (retries.ends_run(state, Refusal(status)) is not None) is ends


def test_an_answer_with_401_in_its_words_ends_nothing():
    assert retries.ends_run("on", ControlAnswer("123", "failed", message="401")) is None
