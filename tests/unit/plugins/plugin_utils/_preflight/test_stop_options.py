# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each option of the emergency stop that makes it a weaker one is named; sound ones are not."""

from __future__ import annotations

import pathlib

import pytest
import yaml

from ansible_collections.bookieops.betmatic.plugins.module_utils._preflight.findings import WARNING
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._preflight import stop_options
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._preflight.stop_options import UNREADABLE

ROLE = pathlib.Path(__file__).resolve().parents[5] / "roles" / "emergency_stop"


def test_the_role_s_own_defaults_are_silent_and_every_option_is_looked_at():
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
    assert stop_options.findings(defaults) == [] and stop_options.findings({}) == []
    # The action plugin looks at bookie_bookmakers by itself.
    assert {*stop_options.NAMES, "bookie_bookmakers"} == set(defaults)


@pytest.mark.parametrize(("name", "value"), [
    ("bookie_hold", "Yes"), ("bookie_hold", 1), ("bookie_retries", "5"), ("bookie_deadline", "900"), ("bookie_known_accounts", "123, 124"),
    ("bookie_known_accounts", [123, ["abc-1"]]), ("bookie_known_accounts", 123),
])
def test_what_the_role_can_use_is_silent(name, value):
    assert stop_options.findings({name: value}) == []


@pytest.mark.parametrize(("name", "value", "word"), [
    ("bookie_hold", False, "would place no hold"),
    ("bookie_hold", "No ", "would place no hold"),
    ("bookie_hold", "flase", 'is "flase", which is neither true nor false'),
    ("bookie_hold", UNREADABLE, "cannot be rendered, so a hold would be placed"),
    ("bookie_reason", UNREADABLE, "bookie_reason cannot be rendered"),
    ("bookie_retries", 99, "bookie_retries is 99: give a whole number from 0 to 20"),
    ("bookie_retries", "many", 'bookie_retries is "many", which is not a number'),
    ("bookie_concurrency", 0, "bookie_concurrency is 0: give a whole number from 1 to 64"),
    ("bookie_wait_timeout", -1, "bookie_wait_timeout is -1.0: give seconds"),
    ("bookie_deadline", "", "bookie_deadline is \"\", which is not a number"),
    ("bookie_deadline", [5], "bookie_deadline is [5], which is not a number"),
    ("bookie_deadline", "60", 'bookie_deadline is "60" for this host, and 600 by default'),
    ("bookie_wait_timeout", 119, "could end before each bot is proven off"),
    ("bookie_known_accounts", ["123", "12 4", None], 'not a valid account id: ["12 4", "None"]'),
    ("bookie_known_accounts", "", 'not a valid account id: [""]'),
    ("bookie_known_accounts", "all", 'not a valid account id: ["all"]'),
    ("bookie_known_accounts", UNREADABLE, "cannot be rendered, so no account"),
])
def test_each_that_weakens_the_stop_is_named(name, value, word):
    [found] = stop_options.findings({name: value})
    assert (found.level, found.subject) == (WARNING, stop_options.SUBJECT) and word in found.text


def test_the_role_s_patience_is_the_least_that_is_silent():
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
    assert stop_options.LEAST_SECONDS == {name: defaults[name] for name in stop_options.LEAST_SECONDS}


@pytest.mark.parametrize(("options", "seconds"), [
    ({}, 600.0), ({"bookie_deadline": "900"}, 900.0), ({"bookie_deadline": 60}, 60.0), ({"bookie_deadline": 0}, 600.0),
    ({"bookie_deadline": UNREADABLE}, 600.0),
])
def test_a_task_of_the_stop_takes_as_long_as_its_deadline(options, seconds):
    assert stop_options.longest_task(options) == seconds


def test_several_are_named_each():
    assert len(stop_options.findings({"bookie_hold": False, "bookie_retries": -1, "bookie_deadline": 0})) == 3
