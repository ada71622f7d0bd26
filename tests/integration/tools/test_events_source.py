# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The event source, its filter, and the rulebooks that read a fleet: a real ansible-rulebook, a real service."""

from __future__ import annotations

import shutil

import pytest
import yaml

from ansible_collections.bookieops.betmatic.extensions.eda.plugins.event_filter import plain_text
from ansible_collections.bookieops.betmatic.extensions.eda.plugins.event_source import bot_states
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import folder as holds
from ansible_collections.bookieops.betmatic.tests.integration.support.events import is_stopped
from ansible_collections.bookieops.betmatic.tests.integration.support.pages import COLLECTION, block_with
from ansible_collections.bookieops.betmatic.tests.integration.support.rulebooks import BOT_STATES, HOLD_GUARD, TOKEN, Rulebook, runs
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change

SHOWN = {
    "DRIFT: 123 TAB Main Account: declared on, but its bot is STOPPED": None,
    "started: 123 TAB Main Account: its bot is RUNNING, was STOPPED": {"id": 123, "bot": "RUNNING"},
    "as_declared: 123 TAB Main Account: on again, as declared": None,
    "DRIFT: 124 WishBet Secondary: declared off, but its bot is RUNNING": {"id": 124, "bot": "RUNNING"},
    "stopped: 124 WishBet Secondary: its bot is STOPPED, was RUNNING": {"id": 124, "bot": "STOPPED"},
    "as_declared: 124 WishBet Secondary: off again, as declared": None,
}


def test_each_change_of_a_bot_is_an_event(simulator, tmp_path):
    tmp_path.joinpath("fleet.yml").write_text(block_with("docs/events.md", "accounts"), encoding="utf-8")
    simulator.patch_accounts({"id": 123, "bot": "STOPPED"}, {"id": 124, "bot": "STOPPED"})
    variables = {"BETMATIC_FLEET_FILE": "fleet.yml", "BETMATIC_EVENT_INTERVAL": "0.1"}
    with Rulebook(tmp_path, simulator, BOT_STATES, variables, "-vv") as rulebook:
        for text, patch in SHOWN.items():
            if patch is not None:
                simulator.patch_accounts(patch)
            rulebook.until_shown(text)
        simulator.put_accounts([one for one in simulator.accounts().values() if one["id"] != 125])
        rulebook.until_shown("disappeared: 125 Sportsbet Premium: is no longer in the list")
        simulator.put_accounts([*simulator.accounts().values(), {"id": 126, "display_name": "{{ 7*7 }} \U0001f525", "bot": "RUNNING"}])
        rulebook.until_shown("appeared: 126 (( 7*7 )) ?: is new in the list, its bot is RUNNING")
        simulator.plan(answer(500, on="list", times=3))
        rulebook.until_shown("NOT KNOWN: The list of accounts could not be read: 500 from the service")
        rulebook.until_shown("readable: The list of accounts can be read again.")
        # Once each, although the list was read many times.
        shown = rulebook.shown()
        assert [shown.count("\n" + text) for text in SHOWN] == [1] * len(SHOWN)
        assert shown.count("\nNOT KNOWN") == shown.count("\nreadable:") == 1
        assert simulator.requests("POST") == []


def test_the_guard_switches_off_what_starts_though_it_is_held_and_nothing_else(simulator, tmp_path):
    path = tmp_path / "holds"
    simulator.patch_accounts({"id": 123, "bot": "STOPPED"}, {"id": 124, "bot": "STOPPED"}, {"id": 125, "bot": "RUNNING"})
    hold = holds.new_hold("emergency_stop", simulator.url, ("123", "125"), holds.now())
    holds.place(str(path), hold)
    variables = {"BETMATIC_HOLDS": str(path), "BETMATIC_EVENT_INTERVAL": "0.1"}
    with Rulebook(tmp_path, simulator, HOLD_GUARD, variables) as rulebook:
        rulebook.until_shown("HELD, AND RUNS: 125")
        # The first OFF is refused: the guard goes on.
        simulator.plan(answer(406, command="OFF", times=6))
        simulator.patch_accounts({"id": 123, "bot": "RUNNING"}, {"id": 124, "bot": "RUNNING"})
        rulebook.until_shown("HELD, AND STARTED: 123")
        rulebook.until("OFF", lambda: simulator.bots()["123"] == "STOPPED")
        rulebook.until_shown('"123": "off"')
        # What starts again before the guard has seen it stopped is told later: the next test.
        seen = len(simulator.log())
        rulebook.until("look at the bot that is off", lambda: len(simulator.log()) > seen + 2)
        simulator.patch_accounts({"id": 123, "bot": "RUNNING"})
        rulebook.until("second OFF", lambda: simulator.bots()["123"] == "STOPPED")
        rulebook.until("end of the runs", lambda: rulebook.shown().count('"123": "off"') == 2)
        assert simulator.bots() == {"123": "STOPPED", "124": "RUNNING", "125": "RUNNING"}
        assert {(entry["command"], entry["account_id"]) for entry in simulator.requests("POST")} == {("OFF", "123")}
        holds.lift(str(path), hold.id, "checked", holds.now())
        seen = len(simulator.log())
        rulebook.until("two looks at the folder", lambda: len(simulator.log()) > seen + 2)
        sent = len(simulator.requests("POST"))
        simulator.patch_accounts({"id": 123, "bot": "RUNNING"})
        seen = len(simulator.log())
        rulebook.until("looks at the bot that runs", lambda: len(simulator.log()) > seen + 3)
        assert len(simulator.requests("POST")) == sent and simulator.bots()["123"] == "RUNNING"


def test_the_guard_sends_off_again_while_it_has_not_seen_the_bot_stopped(simulator, tmp_path):
    text = COLLECTION.joinpath("extensions/eda/rulebooks/hold_guard.yml").read_text(encoding="utf-8")
    line = "        holds_path:"
    assert text.count(line) == 1
    tmp_path.joinpath("guard.yml").write_text(text.replace(line, f"        not_off_interval: 2\n{line}"), encoding="utf-8")
    path = tmp_path / "holds"
    holds.place(str(path), holds.new_hold("emergency_stop", simulator.url, None, holds.now()))
    simulator.patch_accounts(*({"id": number, "bot": "STOPPED"} for number in (123, 124, 125)))
    # The first list does not tell of 124; 123 is started again before any list shows it stopped.
    simulator.plan(
        change(rows={"124": {"-bot_running": None}}, on="list"),
        change({}, command="OFF", patch=[{"id": 123, "bot": "RUNNING"}]),
    )
    with Rulebook(tmp_path, simulator, "guard.yml", {"BETMATIC_HOLDS": str(path), "BETMATIC_EVENT_INTERVAL": "0.1"}) as rulebook:
        rulebook.until_shown("HELD, AND UNCLEAR: 124")
        simulator.patch_accounts({"id": 123, "bot": "RUNNING"})
        rulebook.until_shown("HELD, AND NOT OFF: 123")
        rulebook.until("OFF", lambda: simulator.bots()["123"] == "STOPPED")
        assert rulebook.shown().count("HELD, AND STARTED: 123") == 1
        assert {(entry["command"], entry["account_id"]) for entry in simulator.requests("POST")} == {("OFF", "123")}


def rulebook_of(folder, sources, message):
    """Write a rulebook that shows a message for each event of the sources; returns its name."""
    rules = [{"name": "each event", "condition": "event.meta is defined", "action": {"debug": {"msg": message}}}]
    folder.joinpath("rulebook.yml").write_text(yaml.safe_dump([{"name": "r", "hosts": "localhost", "sources": sources, "rules": rules}]), encoding="utf-8")
    return "rulebook.yml"


def test_the_example_of_the_source_and_a_token_that_is_refused(simulator, tmp_path):
    tmp_path.joinpath("fleet.yml").write_text(block_with("docs/events.md", "accounts"), encoding="utf-8")
    simulator.plan(answer(401, on="list", times=None))
    name = rulebook_of(tmp_path, yaml.safe_load(bot_states.EXAMPLES), "{{ event.change }}: {{ event.msg }}")
    with Rulebook(tmp_path, simulator, name, {}) as rulebook:
        assert rulebook.wait() != 0
        assert "The list of accounts was not given: 401 token invalid or expired." in rulebook.shown()


def test_the_example_of_the_filter(simulator, tmp_path):
    (source,) = yaml.safe_load(plain_text.EXAMPLES)
    source["eda.builtin.webhook"]["port"] = "{{ BETMATIC_EVENT_PORT }}"
    name = rulebook_of(tmp_path, [source], "got {{ event.payload.text }}")
    with Rulebook(tmp_path, simulator, name, TOKEN) as rulebook:
        assert rulebook.listening().post({"text": "{{ 7*7 }} \U0001f525"}) == 200
        rulebook.until_shown("got (( 7*7 )) ?")


@pytest.mark.parametrize("fleet_file,words", [(None, "'BETMATIC_FLEET_FILE' is undefined"), ("bad.yml", "has the account_id '../1'")])
def test_without_a_usable_fleet_file_the_source_does_not_start(simulator, tmp_path, fleet_file, words):
    tmp_path.joinpath("bad.yml").write_text('accounts: [{account_id: "../1", state: "on"}]', encoding="utf-8")
    with Rulebook(tmp_path, simulator, BOT_STATES, {"BETMATIC_FLEET_FILE": fleet_file} if fleet_file else {}) as rulebook:
        assert rulebook.wait() != 0
        assert words in rulebook.shown() and simulator.log() == []


def test_the_source_runs_from_a_folder_of_its_own(simulator, tmp_path):
    """A copy of the source outside the collection finds it on Ansible's own paths."""
    sources = tmp_path / "sources"
    sources.mkdir()
    shutil.copy(COLLECTION / "extensions/eda/plugins/event_source/bot_states.py", sources)
    name = rulebook_of(tmp_path, [{"bot_states": {"interval": 0.1}}], "{{ event.change }} {{ event.account_id }}")
    simulator.patch_accounts({"id": 123, "bot": "STOPPED"})
    with Rulebook(tmp_path, simulator, name, {}, "--source-dir", "sources") as rulebook:
        rulebook.until("reading", simulator.log)
        simulator.patch_accounts({"id": 123, "bot": "RUNNING"})
        rulebook.until_shown("started 123")


def test_the_documented_freeze_stops_each_bot_that_starts(simulator, tmp_path):
    text = block_with("docs/events.md", "rules").replace("interval: 5", "interval: 0.1")
    tmp_path.joinpath("freeze.yml").write_text(text, encoding="utf-8")
    simulator.put_accounts([{**account, "bot": "STOPPED"} for account in running()])
    with Rulebook(tmp_path, simulator, "freeze.yml", {}) as rulebook:
        rulebook.until("reading", simulator.log)
        simulator.patch_accounts({"id": 203, "bot": "RUNNING"})
        rulebook.until("end of the run", lambda: runs(rulebook) == 1)
        # Its only event comes right after the stop for the other one.
        simulator.patch_accounts({"id": 204, "bot": "RUNNING"})
        rulebook.until("second stop", lambda: is_stopped(simulator))
