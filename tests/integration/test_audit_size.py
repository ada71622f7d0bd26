# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A trail of 100 MB: the page and the memory that it takes stay small."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import clean_environment
from ansible_collections.bookieops.betmatic.tests.unit.support.trails import intent, line

pytestmark = pytest.mark.long

MEGABYTE = 1000 * 1000
FIRST = datetime(2025, 11, 21, tzinfo=timezone.utc)
HOSTILE = "<&'\"" * 60


def tasks():
    """The lines of task after task: an intent and ten accounts of a thousand, one of them failed; some tasks leave no result."""
    for number in itertools.count():
        known = {"time": (FIRST + timedelta(minutes=number)).isoformat(), "task_id": f"{number:016x}", "reason": f"CHG-{number} {HOSTILE}"}
        names = [str(1000 + (number * 10 + place) % 1000) for place in range(10)]
        yield intent(**known, asked={"off": names})
        if number % 1000:
            for place, name in enumerate(names):
                yield line(**known, account_id=name, **({} if place else {"failed": True, "outcome": "rejected", "changed": False}))


def write(path, lines, size, opened=open):
    """Write lines of this size together; returns how many entries of accounts are among them."""
    entries = 0
    with opened(path, "wt", encoding="ascii") as file:
        while size > 0:
            text = next(lines)
            size -= file.write(text + "\n")
            entries += '"event": "result"' in text
    return entries


def test_a_page_of_100_megabytes_is_small_and_takes_little_memory(tmp_path, record_property):
    lines = tasks()
    entries = write(tmp_path / "trail.2.gz", lines, 30 * MEGABYTE, gzip.open) + write(tmp_path / "trail.1", lines, 30 * MEGABYTE)
    entries += write(tmp_path / "trail", lines, 40 * MEGABYTE)
    run = subprocess.Popen(
        [sys.executable, "-m", "ansible", "playbook", "bookieops.betmatic.audit_page", "-e", f"bookie_audit_file={tmp_path / 'trail'}"],
        cwd=tmp_path, env=clean_environment(tmp_path), stdin=subprocess.DEVNULL,
    )
    _pid, status, used = os.wait4(run.pid, 0)
    assert status == 0
    page = tmp_path.joinpath("trail.html").read_bytes()
    record_property("megabytes of the page", round(len(page) / MEGABYTE, 1))
    record_property("megabytes of memory", round(used.ru_maxrss * 1024 / MEGABYTE))
    assert len(page) < 20 * MEGABYTE and used.ru_maxrss * 1024 < 300 * MEGABYTE
    text = " ".join(page.decode("utf-8").split())
    listed = int(re.search(r"The newest ([0-9,]+) of ([0-9,]+) entries are listed", text)[1].replace(",", ""))
    assert f"of {entries:,} entries are listed" in text and 1000 < listed <= 5000
    assert json.dumps(HOSTILE)[1:9] not in text and "older failures are not listed" in text and "Not known: may have sent commands" in text
