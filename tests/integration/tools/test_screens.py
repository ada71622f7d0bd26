# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the documentation shows is what the commands print."""

from __future__ import annotations

import pathlib
import re

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support import recording, rules, screens

DOCS = pathlib.Path(__file__).resolve().parents[3] / "docs"
PAGES = [path.name for path in sorted(DOCS.glob("*.md")) if screens.has_screens(path.read_text(encoding="utf-8"))]


def test_there_are_screens():
    assert {"first_ten_minutes.md", "emergency_stop.md"} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_screens(page, simulator, tmp_path):
    text = DOCS.joinpath(page).read_text(encoding="utf-8")
    assert screens.alike(screens.rendered(text, tmp_path, simulator)) == screens.alike(text)


def test_the_recording_is_what_a_terminal_shows_and_needs_nothing_from_elsewhere(simulator, tmp_path):
    kept = DOCS.joinpath("emergency_stop.svg").read_text(encoding="utf-8")
    anew = recording.drawn(recording.recorded(simulator, tmp_path))
    assert screens.alike(recording.text_of(kept)) == screens.alike(recording.text_of(anew))
    rules.assert_no_leak(kept, simulator.token)
    assert re.findall(r"href|src=|url\(|@import|<script|<image", kept) == []
    assert set(re.findall(r"https?://[^/]*", kept)) == {"http://www.w3.org", *re.findall(r"http://127\.0\.0\.1:\d+", kept)}
