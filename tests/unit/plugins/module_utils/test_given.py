# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Null is not the same as nothing: what core's own validation leaves of it."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.module_utils._given import Fallback, given, noted, require_one_name
from ansible_collections.bookieops.betmatic.plugins.modules import bookie_account_info, bookie_bot, bookie_hold


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


@pytest.mark.parametrize("options", [{}, {"one": ["x"]}, {"ones": ["x"]}, {"one": None}])
def test_an_option_under_one_of_its_names_is_accepted(options):
    spec = {"one": noted({"type": "list", "elements": "str", "aliases": ["ones"]})}
    require_one_name(spec, ArgumentSpecValidator(spec).validate(options).validated_parameters)


# Core keeps the alias's value, and nothing of the other one is left to compare it with.
@pytest.mark.parametrize("options", [{"one": ["x"], "ones": ["y"]}, {"one": ["x"], "ones": ["x"]}, {"one": ["x"], "ones": None}, {"one": None, "ones": ["x"]}])
def test_an_option_under_both_of_its_names_is_refused(options):
    spec = {"one": noted({"type": "list", "elements": "str", "aliases": ["ones"]})}
    with pytest.raises(InputError, match="^one and ones are both given: use one of them$"):
        require_one_name(spec, ArgumentSpecValidator(spec).validate(options).validated_parameters)


@pytest.mark.parametrize("module", [bookie_bot, bookie_account_info, bookie_hold])
def test_of_each_option_with_an_alias_it_is_known_whether_it_was_given(module):
    with_alias = {name: option for name, option in module.argument_spec().items() if option.get("aliases")}
    assert with_alias and all(isinstance(option.get("fallback", (None,))[0], Fallback) for option in with_alias.values())
