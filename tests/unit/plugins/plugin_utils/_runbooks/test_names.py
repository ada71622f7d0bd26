# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a variable names: never the characters of a text."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import names as _names


@pytest.mark.parametrize(
    "value,names",
    [
        ("125", ["125"]),
        ("125, 126,125", ["125", "126"]),
        (125, ["125"]),
        ([125, " 126 ", "1,2"], ["125", "126", "1,2"]),
        ((), []),
        # An empty text is no empty list: it is refused where ids are checked.
        ("", [""]),
    ],
)
def test_listed(value, names):
    assert _names.listed(value, "bookie_account_ids") == names


@pytest.mark.parametrize("value", [None, True, {"125": 1}, [["125"]], [None], [True], 1.5, [{"account_id": "125"}]])
def test_anything_else_is_refused_by_name(value):
    with pytest.raises(InputError, match="bookie_account_ids is .*: give a list, or a text with commas"):
        _names.listed(value, "bookie_account_ids")
