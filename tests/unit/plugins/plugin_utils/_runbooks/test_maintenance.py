# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A snapshot says of each account whether it ran, comes back from its file as it was, and is for its own accounts only."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import maintenance
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks.maintenance import Choice, Snapshot
from ansible_collections.bookieops.betmatic.tests.unit.support.generated import load_profile

load_profile()
TAKEN = "2026-11-21T03:00:00Z"
IDS = st.lists(st.from_regex("[1-9][0-9]{0,5}", fullmatch=True), min_size=1, unique=True)


def row(account_id, status="RUNNING"):
    return {"account_id": account_id, "bot_status": status, "running_sessions": None}


def test_only_what_is_chosen_is_taken():
    snapshot = maintenance.take(Choice(("3", "1")), [row("1"), row("2"), row("3", "STOPPED")], TAKEN)
    assert snapshot == Snapshot(False, ("3", "1"), ("1",), TAKEN)


@pytest.mark.parametrize(
    "reading, words",
    [([row("1")], "accounts: 2"), ([row("1"), row("2", None)], "bots run: 2"), ([row("1"), row("2"), row("2", "STOPPED")], "bots run: 2")],
)
def test_a_reading_that_leaves_one_open_makes_no_snapshot(reading, words):
    with pytest.raises(InputError, match=words + r"\. .*Nothing was sent|" + words + r"\. Nothing"):
        maintenance.take(Choice(("1", "2")), reading, TAKEN)


@given(ids=IDS, data=st.data(), everyone=st.booleans())
def test_taken_written_and_read_is_the_same_and_only_what_ran_is_in_it(ids, data, everyone):
    runs = {one: data.draw(st.booleans()) for one in ids}
    choice = Choice((), True) if everyone else Choice(tuple(data.draw(st.permutations(ids))[: data.draw(st.integers(1, len(ids)))]))
    snapshot = maintenance.take(choice, [row(one, "RUNNING" if on else "STOPPED") for one, on in runs.items()], TAKEN)
    assert maintenance.read(json.dumps(snapshot.as_dict()), "f") == snapshot
    assert set(snapshot.ran) == {one for one in (ids if everyone else choice.account_ids) if runs[one]}
    maintenance.require_same(snapshot, choice, "f")


GOOD = {"all_accounts": False, "account_ids": ["1", "2"], "ran": ["1"], "taken": TAKEN, "api_url": "https://a.example/api", "process": "ops 1 2"}


@pytest.mark.parametrize(
    "document",
    [
        "", "{", "[]", "null", "{}",
        *(json.dumps({**GOOD, **change}) for change in (
            {"ran": ["3"]}, {"ran": "1"}, {"ran": [1]}, {"account_ids": ["1", "../2"]}, {"all_accounts": 1}, {"taken": None},
            {"taken": "yesterday"}, {"more": 1},
            {"api_url": 1}, {"api_url": "a\nb"}, {"process": []},
        )),
        json.dumps({key: value for key, value in GOOD.items() if key != "ran"}),
    ],
)
def test_what_is_no_snapshot_is_refused_with_its_path(document):
    with pytest.raises(InputError, match="/a/file is not a valid snapshot .* Nothing was sent"):
        maintenance.read(document, "/a/file")


@pytest.mark.parametrize("choice", [Choice(("1",)), Choice(("1", "2", "3")), Choice((), True)])
def test_a_snapshot_for_other_accounts_says_for_which(choice):
    with pytest.raises(InputError, match="/a/file is the snapshot of a maintenance of 1, 2, begun " + TAKEN):
        maintenance.require_same(maintenance.read(json.dumps(GOOD), "f"), choice, "/a/file")


def test_a_snapshot_of_all_is_none_of_named_accounts():
    snapshot = maintenance.read(json.dumps({**GOOD, "all_accounts": True}), "f")
    maintenance.require_same(snapshot, Choice((), True), "f")
    with pytest.raises(InputError, match="of all accounts, begun"):
        maintenance.require_same(snapshot, Choice(("1", "2")), "f")


def test_notes_name_what_somebody_else_switched_and_nothing_else():
    def account(account_id, state, changed, previous):
        return {"account_id": account_id, "state": state, "changed": changed, "previous_status": previous}

    snapshot = maintenance.read(json.dumps(GOOD), "f")
    off = [account("1", "off", True, "RUNNING"), account("2", "off", True, "RUNNING"), account("3", "off", False, "STOPPED")]
    assert [line.split(":")[0] for line in maintenance.notes(snapshot, off)] == ["2"]
    on = [account("1", "on", False, "RUNNING"), account("2", "on", True, "STOPPED"), account("3", "on", True, None)]
    assert [line.split(":")[0] for line in maintenance.notes(snapshot, on)] == ["1"]


@pytest.mark.parametrize("taken,fresh", [("2026-11-21T03:00:00Z", True), ("2026-11-20T03:00:00Z", True), ("2026-11-20T02:59:59Z", False)])
def test_an_old_snapshot_is_refused(taken, fresh):
    snapshot = maintenance.Snapshot(False, ("1",), ("1",), taken)
    if fresh:
        maintenance.require_recent(snapshot, "2026-11-21T03:00:00Z", 24, "kept.json")
        return
    with pytest.raises(InputError, match="kept.json is .* Nothing was sent"):
        maintenance.require_recent(snapshot, "2026-11-21T03:00:00Z", 24, "kept.json")


@pytest.mark.parametrize("check", [
    lambda snapshot: maintenance.require_service(snapshot, "https://a.example/api", "f"),
    lambda snapshot: maintenance.require_listed(snapshot, ["3", "1"], "f"),
    lambda snapshot: maintenance.require_ended(snapshot, "ops 1 2", True, "f"),
    lambda snapshot: maintenance.require_ended(snapshot, "ops 3 4", False, "f"),
])
def test_a_snapshot_that_may_be_gone_on_from(check):
    check(maintenance.from_dict(GOOD))


@pytest.mark.parametrize("check, words", [
    (lambda snapshot: maintenance.require_service(snapshot, "http://127.0.0.1:1/api", "f"), "at https://a.example/api; this run is for http://127.0.0.1:1/api"),
    (lambda snapshot: maintenance.require_listed(snapshot, ["2", "3"], "f"), "when 1 ran, which this token's list does not name"),
    (lambda snapshot: maintenance.require_ended(snapshot, "ops 3 4", True, "f"), r"under way \(host and process ops 1 2\)"),
])
def test_a_snapshot_of_another_service_token_or_run_is_refused(check, words):
    with pytest.raises(InputError, match="f .*" + words + ".* Nothing was sent"):
        check(maintenance.from_dict(GOOD))
