# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbook switch: a declared state for named accounts, for a list of entries, or for all."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.forked import SETTINGS
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import run

NAME = "switch"
SLIP = "{{ mistyped }}"
QUICK = {"bookie_retries": 0, "bookie_wait_timeout": 3}


def stopped(fleet):
    return sorted(account for account, bot in fleet.bots().items() if bot == "STOPPED")


@pytest.mark.core
def test_named_accounts_and_a_second_run_changes_nothing(fleet, tmp_path):
    # As -e makes them: a text with a comma, and a text.
    arguments = ("-e", "bookie_account_ids=201,202", "-e", "bookie_state=off")
    shown = run(tmp_path, fleet, NAME, None, *arguments)
    assert stopped(fleet) == ["201", "202"] and "changed=1 " in shown and '"201": "off"' in shown
    assert "changed=0 " in run(tmp_path, fleet, NAME, None, *arguments)


@pytest.mark.parametrize(("name", "more"), [(NAME, ("-e", "bookie_state=on")), ("off_on_event", ("-e", "bookie_reason=held"))])
def test_an_id_that_looks_like_a_number_stays_the_id_that_was_written(name, more, fleet, tmp_path):
    # Up to ansible-core 2.18 jinja2_native would make 201 of it, which nobody named.
    run(tmp_path, fleet, name, QUICK, "-e", "bookie_account_ids=2_01", *more, code=2, more=SETTINGS)
    assert {entry["account_id"] for entry in fleet.requests("POST")} == {"2_01"}


# From a file or -e '{...}' the first, from -e bookie_state=off the second.
@pytest.mark.parametrize("state", [False, "off"])
def test_an_unquoted_off_is_off(state, fleet, tmp_path):
    run(tmp_path, fleet, NAME, {"bookie_account_ids": [203], "bookie_state": state})
    assert stopped(fleet) == ["203"]


def test_entries_with_states_of_their_own(fleet, tmp_path):
    fleet.patch_accounts({"id": 206, "bot": "STOPPED"})
    entries = [{"account_id": "206", "state": True}, {"account_id": "201", "state": False}, {"account_id": "202"}]
    run(tmp_path, fleet, NAME, {"bookie_accounts": entries, "bookie_state": False})
    assert stopped(fleet) == ["201", "202"]


@pytest.mark.core
def test_all_accounts(fleet, tmp_path):
    run(tmp_path, fleet, NAME, {"bookie_all_accounts": True, "bookie_state": False})
    assert fleet.requests("POST")[0]["command"] == "all_off" and len(stopped(fleet)) == 6


def test_the_bots_at_a_bookmaker(fleet, tmp_path):
    fleet.patch_accounts({"id": 205, "bookie": "Bet 365"}, {"id": 206, "bookie": "Bet 365"})
    shown = run(tmp_path, fleet, NAME, None, "-e", "bookie_state=off", "-e", "bookie_bookmakers='Bet 365'")
    assert stopped(fleet) == ["205", "206"] and '"205": "off"' in shown and '"201"' not in shown


@pytest.mark.core
def test_check_mode_sends_nothing(fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, {"bookie_account_ids": ["201"], "bookie_state": False}, "--check")
    assert fleet.requests("POST") == [] and '"201": "would be sent OFF"' in shown


@pytest.mark.core
def test_an_account_that_cannot_be_controlled_fails_the_run_and_is_shown(fleet, tmp_path):
    fleet.patch_accounts({"id": 202, "maintenance": True})
    shown = run(tmp_path, fleet, NAME, {**QUICK, "bookie_account_ids": ["201", "202"], "bookie_state": False}, code=2)
    assert '"202": "NOT proven off (406' in shown and '"201": "off"' in shown


@pytest.mark.parametrize(
    "variables, words",
    [
        ({"bookie_state": False}, "no account is given"),
        ({"bookie_state": False, "bookie_account_ids": []}, "account_id is an empty list"),
        ({"bookie_state": False, "bookie_account_ids": ["201"], "bookie_all_accounts": True}, "use exactly one of"),
        ({"bookie_state": "stopped", "bookie_account_ids": ["201"]}, "must be one of: on, off, got: stopped"),
        ({"bookie_all_accounts": True}, "state is missing"),
        ({"bookie_state": False, "bookie_bookmakers": ["TAB", "TABB"]}, "the list has no account at TABB. It has TAB. Write the name as the service does."),
        ({"bookie_state": False, "bookie_bookmakers": None}, "bookie_bookmakers names no bookmaker"),
        ({"bookie_state": False, "bookie_bookmakers": "TAB", "bookie_account_ids": "201"}, "bookie_bookmakers and bookie_account_ids are given"),
        ({"bookie_state": False, "bookie_bookmakers": "TAB", "bookie_all_accounts": True}, "bookie_bookmakers and bookie_all_accounts are given"),
        # As one that was not given, each of these would reach accounts that nobody named.
        ({"bookie_state": True, "bookie_account_ids": SLIP, "bookie_all_accounts": True}, "bookie_account_ids cannot be rendered"),
        ({"bookie_state": True, "bookie_bookmakers": SLIP, "bookie_all_accounts": True}, "bookie_bookmakers cannot be rendered"),
        ({"bookie_state": True, "bookie_account_ids": ["201"], "bookie_api_token_file": SLIP}, "bookie_api_token_file cannot be rendered"),
        ({"bookie_state": True, "bookie_account_ids": ["201"], "bookie_holds_path": SLIP}, "bookie_holds_path cannot be rendered"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(variables, words, fleet, tmp_path):
    assert words in run(tmp_path, fleet, NAME, variables, code=2)
    # A bookmaker needs the list.
    assert fleet.requests("POST") == [] and (fleet.log() == [] or "bookie_bookmakers" in variables)


def test_each_variable_reaches_the_module(fleet, tmp_path):
    variables = {"bookie_account_ids": ["201"], "bookie_state": False, "bookie_wait": False, "bookie_wait_timeout": 5, "bookie_retries": 4,
                 "bookie_concurrency": 3, "bookie_deadline": 6, "bookie_reason": "CHG-7"}
    shown = run(tmp_path, fleet, NAME, variables, "-vvv")
    for text in ('"wait": false', '"wait_timeout": 5', '"retries": 4', '"concurrency": 3', '"deadline": 6', '"reason": "CHG-7"'):
        assert text in shown
