# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gap that was: where no OFF was accepted, the list proves nothing. And what no answer of a service that lies can tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import (
    OFF,
    RUNNING,
    STOPPED,
)
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Limits, Target
from ansible_collections.bookieops.betmatic.tests.unit.support.played import (
    is_blind_spot,
    switch,
    switch_all,
)
from ansible_collections.bookieops.betmatic.tests.unit.support.service_in_memory import (
    LATE,
    LOST,
    REFUSED,
    STARTING,
    Fate,
    History,
)

ONE_OFF = (Target("1", OFF),)
STARTING_BOT = History({"1": STARTING}, limits=Limits(retries=0))


@pytest.mark.parametrize(
    "fate",
    (
        Fate(REFUSED, http_status=406),
        Fate(REFUSED, http_status=429),
        Fate(LOST, applied=False),
        Fate(LOST, applied=False, http_status=503),
        Fate(LATE, applied=False),
        Fate(applied=False, status="failed", word=None, previous=None),
    ),
    ids=("406", "429", "lost before it was applied", "503", "timeout", "failed without a word"),
)
def test_a_starting_bot_to_which_off_was_not_applied_is_not_off_though_the_list_shows_it_stopped(fate: Fate) -> None:
    played = switch(replace(STARTING_BOT, single={"1": (fate,)}), ONE_OFF)
    assert played.record("1").outcome in ("rejected", "unknown")
    assert played.record("1").why.endswith("; the list shows it stopped, as it does a bot that is starting")
    assert played.service.world.states["1"] == STARTING


def test_a_starting_bot_that_the_bulk_answer_does_not_name_gets_its_own_off() -> None:
    played = switch_all(replace(STARTING_BOT, bulk=(Fate(not_applied_to=("1",), hidden=("1",)),)), OFF)
    assert (played.record("1").outcome, played.service.world.states["1"]) == ("ok", STOPPED)
    refused_ = Fate(REFUSED, http_status=406)
    played = switch_all(replace(STARTING_BOT, bulk=(Fate(not_applied_to=("1",), hidden=("1",)),), single={"1": (refused_,)}), OFF)
    assert (played.record("1").outcome, played.service.world.states["1"]) == ("rejected", STARTING)


@pytest.mark.parametrize("single,bulk", [((Fate(applied=False, word=None, previous=None),), None), ((), Fate(not_applied_to=("1",), lied_about=("1",)))],
                         ids=("single", "bulk"))
def test_known_gap_a_success_that_was_not_applied_to_a_starting_bot(single: tuple[Fate, ...], bulk: Fate | None) -> None:
    history = replace(STARTING_BOT, single={"1": single}, bulk=(bulk,) if bulk else ())
    played = switch_all(history, OFF) if bulk else switch(history, ONE_OFF)
    assert (played.record("1").outcome, played.service.world.states["1"]) == ("ok", STARTING)
    assert is_blind_spot(played, played.record("1"))


def test_no_gap_where_the_service_named_the_starting_bot() -> None:
    named = Fate(applied=False, status="failed")
    called_failed = Fate(not_applied_to=("1",))
    refused_ = Fate(REFUSED, http_status=406)
    assert switch(replace(STARTING_BOT, single={"1": (named,)}), ONE_OFF).record("1").outcome == "rejected"
    assert switch_all(replace(STARTING_BOT, bulk=(called_failed,), single={"1": (refused_,)}), OFF).record("1").outcome == "rejected"


def test_known_gap_the_bulk_answer_calls_failed_what_it_did() -> None:
    played = switch_all(History({"1": RUNNING}, bulk=(Fate(lied_about=("1",)),)), OFF)
    assert not played.record("1").changed
    assert "1" in played.service.world.switched_by_us


def test_known_gap_a_command_that_was_doubled_on_its_way_and_answered_the_second_time() -> None:
    played = switch(History({"1": RUNNING}, single={"1": (Fate(twice=True, previous=STOPPED),)}), ONE_OFF)
    assert not played.record("1").changed
    assert "1" in played.service.world.switched_by_us
