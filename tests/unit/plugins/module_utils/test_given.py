# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Null is not the same as nothing: what core's own validation leaves of it."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.bookieops.betmatic.plugins.module_utils._given import given, noted


@pytest.mark.parametrize(
    "options,names,value",
    [
        ({}, set(), None),
        ({"one": None}, {"one"}, None),
        ({"one": "x"}, {"one"}, ["x"]),
        ({"ones": None}, {"one"}, None),
        ({"ones": ["x"]}, {"one"}, ["x"]),
    ],
)
def test_what_a_task_names_null_among_it(options, names, value):
    spec = {"one": noted({"type": "list", "elements": "str", "aliases": ["ones"]})}
    result = ArgumentSpecValidator(spec).validate(options)
    assert (result.error_messages, result.validated_parameters["one"]) == ([], value)
    assert given(spec, result.validated_parameters) == names


@pytest.mark.parametrize("options,names,value", [({}, set(), "of the environment"), ({"one": "x"}, {"one"}, "x"), ({"one": None}, {"one"}, None)])
def test_what_the_environment_gives_is_not_named_by_the_task(options, names, value, monkeypatch):
    monkeypatch.setenv("BETMATIC_TEST", "of the environment")
    spec = {"one": noted({"type": "str"}, "BETMATIC_TEST")}
    result = ArgumentSpecValidator(spec).validate(options)
    assert result.validated_parameters["one"] == value and given(spec, result.validated_parameters) == names


def test_an_option_without_such_a_fallback_counts_as_given():
    assert given({"one": {"type": "str"}}, {"one": None}) == {"one"}
