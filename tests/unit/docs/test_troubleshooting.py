# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The messages that the guide explains are messages that the collection has."""

from __future__ import annotations

import pathlib
import re

import pytest

COLLECTION = pathlib.Path(__file__).resolve().parents[3]
FILES = [*COLLECTION.joinpath("plugins").rglob("*.py"), *COLLECTION.joinpath("roles").rglob("*.yml"), *COLLECTION.joinpath("playbooks").rglob("*.yml")]
SOURCE = "".join(path.read_text(encoding="utf-8") for path in sorted(FILES))
MESSAGES = re.findall(r"^\| `([^`]+)` \|", (COLLECTION / "docs" / "troubleshooting.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_there_are_messages():
    assert len(MESSAGES) > 25


@pytest.mark.parametrize("message", MESSAGES)
def test_message(message):
    # A message may stand in the source on two lines, or with a place for a value.
    source = re.sub(r'"\s*\n\s*"', "", SOURCE)
    assert message in source
