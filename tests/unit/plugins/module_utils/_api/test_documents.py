# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is kept of a text of the service."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api import documents


@pytest.mark.parametrize(
    "given,kept",
    [
        ("plain", "plain"),
        ("  two\n lines\t", "two lines"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("\ud800", None),
        ("x" * 200, "x" * 200),
        ("x" * 201, None),
        ("y " + "x" * 500, "y"),
        ("\x00" * 790 + " y " + "x" * 50, "y"),
        ("", None),
        (5, None),
        (None, None),
    ],
)
def test_clean(given, kept):
    assert documents.clean(given) == kept
