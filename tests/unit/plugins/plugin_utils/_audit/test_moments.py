# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One idea of a time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import moments

EIGHT = datetime(2026, 11, 21, 8, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "text,moment",
    [
        ("2026-11-21T08:00:00Z", EIGHT), ("2026-11-21t08:00:00z", EIGHT), ("2026-11-21 08:00:00+00:00", EIGHT), ("2026-11-21T19:00:00+11:00", EIGHT),
        ("2026-11-21T08:00:00.5Z", EIGHT + timedelta(milliseconds=500)), ("2026-11-21T08:00:00.123456789Z", EIGHT + timedelta(microseconds=123456)),
    ],
)
def test_a_time_with_an_offset_is_a_moment(text, moment):
    assert moments.read(text) == moment and moments.read(text).utcoffset() == timedelta(0)


def test_the_trail_s_own_time_can_be_read():
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moments.now())
    assert abs(moments.read(moments.now()) - datetime.now(timezone.utc)) < timedelta(minutes=1)


def test_a_day_begins_at_midnight_and_ends_at_the_next():
    assert moments.read_bound("2026-11-21", "from", last=False) == EIGHT - timedelta(hours=8)
    assert moments.read_bound("2026-11-21", "until", last=True) == EIGHT + timedelta(hours=16)
    assert moments.read_bound("2026-11-21T08:00:00Z", "until", last=True) == EIGHT


@pytest.mark.parametrize("text", ["yesterday", "2026-11-31", "2026-11-21T08:00:00", "9999-12-31", "20261121", "08:00", "\u0662026-11-21"])
def test_what_is_not_a_time_is_named(text):
    with pytest.raises(InputError, match="^bookie_audit_until is .*give a day such as"):
        moments.read_bound(text, "bookie_audit_until", last=True)
