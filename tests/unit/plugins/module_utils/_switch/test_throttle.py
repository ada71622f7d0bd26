# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How many jobs may be under way: by the clock of who asks, without an engine."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.retries import Next
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.throttle import Throttle

CONGESTED = Next(congested=True)
FRESH = Throttle(8, 8)


def test_congestion_halves_once_for_all_that_were_under_way_together():
    first = FRESH.after(CONGESTED, began=10.0, now=11.0)
    assert (first.allowed, first.closed_until) == (4, 11.2)
    same_burst = first.after(CONGESTED, began=10.5, now=11.1)
    assert (same_burst.allowed, same_burst.closed_until) == (4, pytest.approx(11.3))
    later = same_burst.after(CONGESTED, began=11.5, now=12.0)
    assert (later.allowed, later.closed_until) == (2, 12.4)


def test_the_pause_is_what_the_service_asks_for_if_that_is_longer():
    assert FRESH.after(Next(3.0, congested=True), began=10.0, now=11.0).closed_until == 14.0


def test_one_job_may_always_be_under_way_and_the_pause_is_bounded():
    throttle, now = FRESH, 0.0
    for _time in range(12):
        throttle, now = throttle.after(CONGESTED, began=now, now=now + 1.0), now + 1.0
    assert throttle.allowed == 1 and throttle.closed_until - now == 5.0


def test_it_grows_back_by_one_after_as_many_successes_as_are_allowed():
    throttle = FRESH.after(CONGESTED, began=0.0, now=1.0)
    allowed = []
    for _time in range(30):
        throttle = throttle.after(Next(), began=2.0, now=3.0)
        allowed.append(throttle.allowed)
    assert allowed[2:4] == [4, 5] and allowed[-1] == 8 == max(allowed)


@pytest.mark.parametrize(
    "under_way,now,until,may",
    [(3, 20.0, 60.0, True), (4, 20.0, 60.0, False), (0, 60.0, 60.0, False), (0, 11.1, 60.0, False), (0, 11.1, 11.15, True)],
)
def test_when_a_job_may_be_started(under_way, now, until, may):
    assert FRESH.after(CONGESTED, began=10.0, now=11.0).may_start(under_way, now, until) is may
