# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is wrong with the library or with the folder of the holds is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._holds.records import Broken, Hold, Standing
from ansible_collections.bookieops.betmatic.plugins.module_utils._preflight import machine
from ansible_collections.bookieops.betmatic.plugins.module_utils._preflight.findings import OK, STOP, WARNING

NOW = datetime(2026, 11, 21, 9, 0, 0, tzinfo=timezone.utc)
URL = "https://betmatic.app/api"
HOLD = Hold("20261121T080002-kqzt", "emergency_stop", "2026-11-21T08:00:02Z", "ops", "controller1", URL)


@pytest.mark.parametrize(("version", "level"), [("2.32.4", OK), ("2.34.0", OK), ("3.0", OK), ("2.32.3", WARNING), ("2.9.1", WARNING), (None, STOP)])
def test_requests(version, level):
    found = machine.of_library(version, "/usr/bin/python3")
    assert found.level == level and (level == OK or "pip install 'requests>=2.32.4'" in found.text)


@pytest.mark.parametrize(("standing", "level", "word"), [
    (Standing(), OK, "no hold is in place."),
    (Standing((replace(HOLD, api_url="http://127.0.0.1:8080/api"),)), OK, "no hold is in place."),
    (Standing((replace(HOLD, until="2026-11-21T08:30:00Z"),)), OK, "no hold is in place."),
    (Standing((HOLD,)), WARNING, "1 hold is in place, so the bots of the accounts under it cannot be turned on: "),
    (Standing((HOLD, replace(HOLD, id="x"))), WARNING, "2 holds are in place, so the bots of the accounts under them cannot be turned on: "),
    (Standing((HOLD,)), WARNING, "20261121T080002-kqzt (emergency_stop, since 2026-11-21T08:00:02Z)"),
    (Standing((replace(HOLD, placed_at="2026-11-19T08:00:02Z"),)), WARNING, "OLDER THAN A DAY"),
    (Standing((), (Broken("x", "/holds/x.json", "is empty"),)), WARNING, "/holds/x.json is empty"),
    (Standing((), (Broken(None, "/holds", "cannot be read (Permission denied)"),)), WARNING, "Permission denied"),
])
def test_holds(standing, level, word):
    found = machine.of_holds(standing, URL, NOW)
    assert found.level == level and word in found.text


def test_where_the_service_is_not_known_every_hold_is_named():
    assert machine.of_holds(Standing((HOLD,)), None, NOW).level == WARNING


def test_a_folder_in_which_no_hold_can_be_placed_stops():
    assert machine.of_folder("/holds", None).level == OK
    found = machine.of_folder("/holds", "cannot be written (Read-only file system)")
    assert found.level == STOP and "NO HOLD could be placed: /holds cannot be written (Read-only file system)" in found.text


def test_a_named_folder_that_is_missing_is_to_be_mounted():
    found = machine.of_missing("/mnt/holds")
    assert (found.level, found.subject) == (WARNING, "holds folder") and "/mnt/holds is missing, or an ON made it: mount it, or make it" in found.text
