# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A roll-out in batches: every account once, OFF first, a canary first, and nothing that cannot be used."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.filter.batches import batches as as_filter
from ansible_collections.bookieops.betmatic.plugins.filter.share import share as share_filter
from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Target
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import batches as _batches
from ansible_collections.bookieops.betmatic.tests.unit.support.generated import load_profile

load_profile()

targets = st.lists(st.tuples(st.integers(1, 99), st.sampled_from(("on", "off"))), min_size=1, max_size=60, unique_by=lambda one: one[0]).map(
    lambda some: [Target(str(number), state) for number, state in some]
)


@given(targets, st.integers(0, 70), st.integers(1, 70))
def test_every_account_is_in_exactly_one_batch_in_its_order_and_off_goes_first(some, canary, size):
    batches = _batches.batches(some, canary, size)
    flat = [target for batch in batches for target in batch]
    assert flat == [target for target in some if target.state == "off"] + [target for target in some if target.state == "on"]
    assert all(len({target.state for target in batch}) == 1 for batch in batches)


@given(targets, st.integers(0, 70), st.integers(1, 70))
def test_each_direction_begins_with_its_canary_and_goes_on_in_full_batches(some, canary, size):
    batches = _batches.batches(some, canary, size)
    for state in ("off", "on"):
        lengths = [len(batch) for batch in batches if batch[0].state == state]
        total = sum(lengths)
        if canary and total:
            assert lengths.pop(0) == min(canary, total)
        assert all(length == size for length in lengths[:-1]) and all(0 < length <= size for length in lengths[-1:])


@pytest.mark.parametrize(
    "value,whole,least,expected",
    [(10, 3, 1, 10), ("10", 3, 1, 10), ("10%", 50, 1, 5), ("10%", 9, 1, 1), ("5%", 10, 0, 0), (0, 10, 0, 0), ("33.5%", 200, 1, 67), ("100%", 7, 1, 7)],
)
def test_a_share_is_a_number_or_a_percentage_rounded_down(value, whole, least, expected):
    assert _batches.share(value, whole, "bookie_batch", least) == expected


@pytest.mark.parametrize("value", [0, "0", -1, "101%", "-5%", "%", "", "ten", True, None, 1.5, "1\n", "\u0661", [1]])
def test_a_share_that_is_none_is_refused_by_name(value):
    with pytest.raises(InputError, match="bookie_batch is "):
        _batches.share(value, 10, "bookie_batch", 1)


def test_ids_and_entries_become_targets_with_the_booleans_of_yaml_turned_back():
    entries = ["123", 124, {"account_id": 125, "state": False, "display_name": "TAB"}, {"account_id": "126", "state": "off"}]
    assert _batches.read_accounts(entries, True) == (Target("123", "on"), Target("124", "on"), Target("125", "off", "TAB"), Target("126", "off"))


@pytest.mark.parametrize(
    "entries,state,words",
    [
        ([], "on", "empty list"),
        (["."], "on", "'.' is no account id"),
        ([True], "on", "'True' is no account id"),
        (["123"], None, "state is missing for account_id '123'"),
        (["123"], 1, "state is 1"),
        ([{"account_id": "123", "state": "paused"}], "on", "state is 'paused'"),
        ([{"account_id": "123", "stat": "on"}], "on", "stat, which is not known"),
        ([{"state": "on"}], "on", "no account_id"),
        ([{"account_id": "123", "state": "on"}, {"account_id": "123", "state": "off"}], None, "stands twice"),
    ],
)
def test_what_cannot_be_used_is_refused(entries, state, words):
    with pytest.raises(InputError, match=words):
        _batches.read_accounts(entries, state)


def test_the_filter_takes_percentages_and_keeps_guards():
    entries = [{"account_id": str(number), "state": "on", "display_name": f"Account {number}"} for number in range(10)]
    batches = as_filter(entries, canary="20%", size="50%")
    assert [len(batch) for batch in batches] == [2, 5, 3]
    assert batches[0][1] == {"account_id": "1", "state": "on", "display_name": "Account 1"}
    assert as_filter(["1"], state="off") == [[{"account_id": "1", "state": "off"}]]


def test_the_filters_name_the_variable_of_the_role_and_that_nothing_was_sent():
    for refused in (
        lambda: as_filter(["1"], canary=-1, state="on"),
        lambda: as_filter(["1"], size=0, state="on"),
        lambda: share_filter("many", 10, "bookie_max_failures"),
    ):
        with pytest.raises(AnsibleFilterError, match="bookie_(canary|batch|max_failures) is .* Nothing was sent"):
            refused()
