# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter's edge."""

from __future__ import annotations

import datetime

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.bookieops.betmatic.plugins.filter.audit_page import FilterModule
from ansible_collections.bookieops.betmatic.tests.unit.support.trails import line

PAGE = FilterModule().filters()["audit_page"]


@pytest.fixture(name="trail")
def _trail(tmp_path):
    """The path of a trail of two days, the first of them rotated."""
    tmp_path.joinpath("trail").write_text(line(account_id="second", time="2026-11-22T08:00:00Z") + "\n", encoding="ascii")
    tmp_path.joinpath("trail.1").write_text(line(account_id="first") + "\n", encoding="ascii")
    return str(tmp_path / "trail")


@pytest.mark.parametrize(
    "since,until,first,second",
    [("", None, True, True), ("2026-11-22", "", False, True), (None, "2026-11-21", True, False),
     (datetime.date(2026, 11, 22), datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.timezone.utc), False, True)],
)
def test_the_trail_and_its_rotated_files_become_a_page(since, until, first, second, trail):
    page = PAGE(trail, since=since, until=until)
    assert page.startswith("<!DOCTYPE html>\n") and ("<bdi>first</bdi>" in page, "<bdi>second</bdi>" in page) == (first, second)


def test_a_period_without_entries_says_so(trail):
    assert "There are no entries in the trail in this period." in PAGE(trail, since="2026-12-01")


@pytest.mark.parametrize(
    "path,since,until,words",
    [
        (None, None, None, "the path of the trail is None: name a file"),
        ("", None, None, "the path of the trail is '': name a file"),
        ("/nowhere/trail", None, None, "^audit_page: there is no audit trail at /nowhere/trail"),
        ("/nowhere/trail", "noon", None, "bookie_audit_from is 'noon': give a day such as"),
        ("/nowhere/trail", "2026-11-22", "2026-11-21", r"bookie_audit_from \(2026-11-22\) is not before bookie_audit_until \(2026-11-21\)"),
    ],
)
def test_what_cannot_be_used_is_named(path, since, until, words):
    with pytest.raises(AnsibleFilterError, match=words):
        PAGE(path, since=since, until=until)
