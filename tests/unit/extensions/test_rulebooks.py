# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the two rulebooks of the emergency stop have in common, so that one of them under a real ansible-rulebook speaks for both; and the guard."""

from __future__ import annotations

import pathlib

import pytest
import yaml

from ansible_collections.bookieops.betmatic.plugins.plugin_utils import _changes

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "extensions" / "eda" / "rulebooks"
WEBHOOK, ALERTMANAGER = (yaml.safe_load((FOLDER / f"emergency_stop_{name}.yml").read_text(encoding="utf-8")) for name in ("webhook", "alertmanager"))


def source(rulebook):
    return rulebook[0]["sources"][0]["eda.builtin.webhook"]


def test_they_listen_and_watch_over_the_token_alike():
    assert source(WEBHOOK) == source(ALERTMANAGER) and WEBHOOK[1] == ALERTMANAGER[1]
    # Rule sets of their own: neither waits for what the other one runs.
    assert [len(rulebook) for rulebook in (WEBHOOK, ALERTMANAGER)] == [2, 2]


@pytest.mark.parametrize("rulebook", [WEBHOOK, ALERTMANAGER], ids=["webhook", "alertmanager"])
def test_a_stop_goes_on_and_swallows_none_that_comes_after_its_first_command(rulebook):
    (rule,) = rulebook[0]["rules"]
    run = rule["action"]["run_playbook"]
    # The pauses alone are more than a year.
    assert run["name"] == "bookieops.betmatic.emergency_stop_on_event" and run["retries"] * run["delay"] > 365 * 86400
    amount, unit = rule["throttle"]["once_within"].split()
    assert unit == "milliseconds" and int(amount) <= 300
    assert set(run["extra_vars"]) == {"bookie_event_command", "bookie_holds_path", "bookie_reason"}


def test_only_the_guard_ends_where_the_folder_of_the_holds_is_missing():
    (guard,) = yaml.safe_load((FOLDER / "hold_guard.yml").read_text(encoding="utf-8"))
    watch = WEBHOOK[1]["sources"][0]["bookieops.betmatic.bot_states"]
    assert guard["sources"][0]["bookieops.betmatic.bot_states"]["holds_required"] is True and "holds_required" not in watch


def test_the_guard_goes_on_until_each_bot_is_off_and_none_waits_for_another():
    (guard,) = yaml.safe_load((FOLDER / "hold_guard.yml").read_text(encoding="utf-8"))
    run = guard["rules"][0]["actions"][1]["run_playbook"]
    assert guard["execution_strategy"] == "parallel" and "throttle" not in guard["rules"][0]
    assert run["name"] == "bookieops.betmatic.off_on_event" and run["retries"] * run["delay"] > 365 * 86400
    # What is told again and again is run once each time, and with the same words.
    again = guard["rules"][1]["actions"][1]["run_playbook"]
    assert again == {name: run[name] for name in ("name", "extra_vars")} and "throttle" not in guard["rules"][1]
    # No other rule switches anything.
    assert {action["run_playbook"]["name"] for rule in guard["rules"][2:] for action in rule.get("actions", []) if "run_playbook" in action} == {
        "bookieops.betmatic.event_notice"}


def test_each_event_of_a_held_bot_that_is_not_off_has_a_rule_of_the_guard():
    (guard,) = yaml.safe_load((FOLDER / "hold_guard.yml").read_text(encoding="utf-8"))
    conditions = [rule["condition"] for rule in guard["rules"][1:]]
    assert conditions[:3] == [f'event.change == "{change}"' for change in (_changes.NOT_OFF_HELD, _changes.RUNS_HELD, _changes.UNCLEAR_HELD)]
