# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a variable names: never the characters of a text, and never an id that leads somewhere else."""

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
        # An empty text is not an empty list: it is refused where ids are checked.
        ("", [""]),
    ],
)
def test_listed(value, names):
    assert _names.listed(value, "bookie_bookmakers") == names


@pytest.mark.parametrize("reader", [_names.listed, _names.account_ids])
@pytest.mark.parametrize("value", [None, True, {"125": 1}, [["125"]], [None], [True], 1.5, [{"account_id": "125"}]])
def test_anything_else_is_refused_by_name(value, reader):
    with pytest.raises(InputError, match="bookie_account_ids is .*: give a list, or a text with commas"):
        reader(value, "bookie_account_ids")


@pytest.mark.parametrize("value,ids", [("125, 126,125", ["125", "126"]), (125, ["125"]), ([125, "a_b-1"], ["125", "a_b-1"]), ([], [])])
def test_account_ids(value, ids):
    assert _names.account_ids(value, "bookie_account_ids") == ids


@pytest.mark.parametrize(
    "value,words",
    [
        ("", "bookie_account_ids names '': a valid account id has"),
        (["125", "12 6"], "names '12 6': a valid"),
        ("125,,.", "names '', '.': a valid"),
        (["123/.."], "names '123/..'"),
        ("all", "names 'all'"),
        ("123,7,0123", "bookie_account_ids names '123' and '0123', which may be one account for the service: list it once"),
    ],
)
def test_what_is_not_an_id_is_named(value, words):
    with pytest.raises(InputError) as error:
        _names.account_ids(value, "bookie_account_ids")
    assert words in str(error.value)


@pytest.mark.parametrize("value", ["125", 125, "a_b-1"])
def test_an_account_id_is_one(value):
    assert _names.is_account_id(value) is True


@pytest.mark.parametrize("value", ["", " 125", "12 5", ".", "all", "None", "-", None, True, False, 1.5, ["125"], {"account_id": "125"}, "1" * 65])
def test_anything_else_is_not_one(value):
    assert _names.is_account_id(value) is False
