# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A roll-out in batches: every account once, OFF first, a canary first, and nothing that cannot be used."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.filter.rollout_plan import rollout_plan
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
    "value,whole,expected",
    [(10, 3, 10), ("10", 3, 10), ("10%", 50, 5), ("10%", 7, 1), ("0.5%", 7, 1), ("33.5%", 200, 67), ("100%", 7, 7), (0, 10, 0), ("0%", 10, 0)],
)
def test_how_many_go_together_is_at_least_one_of_a_percentage_above_zero(value, whole, expected):
    assert _batches.some(value, whole, "bookie_canary", 0) == expected


@given(st.integers(1, 500), st.integers(1, 100))
def test_a_percentage_of_a_fleet_never_sends_all_at_once_unless_it_is_all(whole, percentage):
    some = [Target(str(number), "on") for number in range(whole)]
    plan = _batches.plan([_batches.as_entry(target) for target in some], None, f"{percentage}%", f"{percentage}%", f"{percentage}%")
    assert len(plan.batches[0]) == max(1, whole * percentage // 100) and plan.most_failures == whole * percentage // 100


@pytest.mark.parametrize("value,whole,expected", [("10%", 9, 0), ("5%", 40, 2), (3, 1, 3), ("0", 5, 0)])
def test_how_many_may_fail_is_rounded_down(value, whole, expected):
    assert _batches.at_most(value, whole, "bookie_max_failures") == expected


@pytest.mark.parametrize("value", [0, "0", "0%", "0.0%", -1, "101%", "-5%", "%", "", "ten", True, None, 1.5, "1\n", "\u0661", [1]])
def test_a_batch_size_that_is_not_usable_is_refused_by_name(value):
    with pytest.raises(InputError, match="bookie_batch_size is "):
        _batches.some(value, 10, "bookie_batch_size", 1)


def test_ids_and_entries_become_targets_with_the_booleans_of_yaml_turned_back():
    entries = ["123", 124, {"account_id": 125, "state": False, "display_name": "TAB"}, {"account_id": "126", "state": "off"}]
    assert _batches.read_accounts(entries, True) == (Target("123", "on"), Target("124", "on"), Target("125", "off", "TAB"), Target("126", "off"))


@pytest.mark.parametrize(
    "entries,state,words",
    [
        ([], "on", "empty list"),
        ("123", "on", "the accounts are '123', which is not a list"),
        (123, "on", "which is not a list"),
        ({"123": "on"}, "on", "which is not a list"),
        (["."], "on", "'.' is not a valid account id"),
        ([True], "on", "'True' is not a valid account id"),
        (["123"], None, "state is missing for account_id '123'"),
        (["123"], 1, "state is 1"),
        ([{"account_id": "123", "state": "paused"}], "on", "state is 'paused'"),
        ([{"account_id": "123", "stat": "on"}], "on", "has the unknown key 'stat'"),
        ([{"state": "on"}], "on", "no account_id"),
        ([{"account_id": "123", "state": "on"}, {"account_id": "123", "state": "off"}], None, "is listed twice"),
    ],
)
def test_what_cannot_be_used_is_refused(entries, state, words):
    with pytest.raises(InputError, match=words):
        _batches.read_accounts(entries, state)


def test_the_filter_takes_percentages_and_keeps_guards():
    entries = [{"account_id": str(number), "state": "on", "display_name": f"Account {number}"} for number in range(10)]
    plan = rollout_plan(entries, canary="20%", batch_size="50%", max_failures="15%")
    assert [len(batch) for batch in plan["batches"]] == [2, 5, 3] and plan["most_failures"] == 1
    assert plan["batches"][0][1] == {"account_id": "1", "state": "on", "display_name": "Account 1"}
    assert _batches.as_dict(_batches.from_dict(plan)) == plan
    assert rollout_plan(["1"], state="off") == {"batches": [[{"account_id": "1", "state": "off"}]], "most_failures": 0}


@pytest.mark.parametrize("option", ["canary", "batch_size", "max_failures"])
def test_the_filter_names_the_variable_of_the_role_and_that_nothing_was_sent(option):
    with pytest.raises(AnsibleFilterError, match=f"bookie_{option} is 'many': give a whole number .* Nothing was sent"):
        rollout_plan(["1"], state="on", **{option: "many"})
