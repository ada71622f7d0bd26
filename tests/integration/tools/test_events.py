# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rulebooks and the event source as they are run: a real ansible-rulebook, real posts, a real service."""

from __future__ import annotations

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import time

import pytest
import yaml

from ansible_collections.bookieops.betmatic.extensions.eda.plugins.event_filter import plain_text
from ansible_collections.bookieops.betmatic.extensions.eda.plugins.event_source import bot_states
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import folder as holds
from ansible_collections.bookieops.betmatic.tests.integration.support.pages import COLLECTION, block_with, blocks
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE
from ansible_collections.bookieops.betmatic.tests.integration.support.rulebooks import EVENT_TOKEN, Rulebook, accepts
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, delay

WEBHOOK = "bookieops.betmatic.emergency_stop_webhook"
ALERTMANAGER = "bookieops.betmatic.emergency_stop_alertmanager"
BOT_STATES = "bookieops.betmatic.bot_states"
HOLD_GUARD = "bookieops.betmatic.hold_guard"
TOKEN = {"BETMATIC_EVENT_TOKEN": EVENT_TOKEN}
STOP = {"action": "emergency_stop", "reason": "the feed is stale"}


@pytest.fixture(name="fleet")
def _fleet(simulator):
    simulator.put_accounts(running())
    return simulator


def commands(simulator):
    """The requests but for the list, which the watch over the token reads as well."""
    return [entry for entry in simulator.log() if entry["endpoint"] != "list"]


def all_offs(simulator):
    """How many all_off were sent: a stop that the service lets through sends two, the second behind its hold."""
    return sum(entry["command"] == "all_off" for entry in simulator.log())


def is_stopped(simulator):
    return set(simulator.bots().values()) == {"STOPPED"}


def runs(rulebook):
    """How many playbooks ended."""
    return rulebook.shown().count("PLAY RECAP")


def test_a_posted_event_stops_every_bot(fleet, tmp_path, record_property):
    # On the first day nobody has placed a hold, and the folder is not there: the stop makes it.
    path = tmp_path / "holds"
    with Rulebook(tmp_path, fleet, WEBHOOK, {**TOKEN, "BETMATIC_HOLDS": str(path)}) as rulebook:
        rulebook.listening()
        posted = time.time()
        assert rulebook.post(STOP) == 200
        rulebook.until_shown("6 of 6 accounts as wanted")
        assert is_stopped(fleet) and [hold.name for hold in holds.read(str(path)).holds] == ["emergency_stop"]
    record_property("seconds from the posted event to the first OFF", round(commands(fleet)[0]["time"] - posted, 2))
    record_property("seconds from the posted event to the last bot proven off", round(fleet.log()[-1]["time"] - posted, 2))


def test_the_shell_commands_of_the_page(fleet, tmp_path):
    _install, start, stop, guard, states = (block.splitlines() for block in blocks("docs/events.md", "shell"))
    # As Rulebook starts it; each terminal has what its commands need.
    assert start[3:] == [f"ansible-rulebook -i inventory.yml -r {WEBHOOK} -E BETMATIC_EVENT_TOKEN"]
    assert guard == [start[0], "export BETMATIC_HOLDS=/var/lib/bookieops/holds", f"ansible-rulebook -i inventory.yml -r {HOLD_GUARD} -E BETMATIC_HOLDS"]
    assert states == [
        start[0], "export BETMATIC_FLEET_FILE=fleet.yml BETMATIC_EVENT_INTERVAL=30",
        f"ansible-rulebook -r {BOT_STATES} -E BETMATIC_FLEET_FILE,BETMATIC_EVENT_INTERVAL",
    ]
    assert stop[0] == start[2] and len(stop) == 2
    # What they leave in the environment, from a file with the API token.
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    script = "\n".join([*start[:3], 'printf "%s %s" "$BETMATIC_API_TOKEN_FILE" "$BETMATIC_EVENT_TOKEN"'])
    file, token = subprocess.run(["bash", "-euc", script], env=home, stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE).stdout.split(" ")
    pathlib.Path(file).write_text(fleet.token + "\n", encoding="utf-8")
    variables = {"BETMATIC_EVENT_TOKEN": token, "BETMATIC_API_TOKEN": "", "BETMATIC_API_TOKEN_FILE": file}
    curl, *words = shlex.split(stop[1])
    headers = ["Authorization: Bearer $BETMATIC_EVENT_TOKEN", "Content-Type: application/json"]
    assert curl == "curl" and words[2:] == ["-H", headers[0], "-H", headers[1], "http://127.0.0.1:5000/"]
    with Rulebook(tmp_path, fleet, WEBHOOK, variables) as rulebook:
        assert words[0] == "-d" and rulebook.listening().post(words[1], token) == 200
        rulebook.until("end of the run", lambda: runs(rulebook) == 1)
    assert is_stopped(fleet)


def test_what_does_not_mean_it_is_refused_or_ignored(fleet, tmp_path):
    with Rulebook(tmp_path, fleet, WEBHOOK, TOKEN) as rulebook:
        rulebook.listening()
        assert [rulebook.post(STOP, token) for token in ("wrong", "", None, EVENT_TOKEN + "0")] == [401] * 4
        assert rulebook.post("no JSON") == 400
        others = [{"action": "emergency"}, {"action": ["emergency_stop"]}, {"payload": STOP}, [STOP], {"alerts": [STOP]}, {"action": None}, {}]
        # An empty key would end the engine of the rules, without a word.
        others += [{"": 1}, {"more": [{"": {"": 1}}]}]
        assert [rulebook.post(other) for other in others] == [200] * len(others)
        # Another address of this machine: it listens on one alone.
        assert not accepts("127.0.0.2", rulebook.port)
        assert commands(fleet) == []
        # All of the above came before this one, which is the only one that does anything.
        rulebook.post(STOP)
        rulebook.until("end of the run", lambda: runs(rulebook) == 1)
        assert all_offs(fleet) == 2 and is_stopped(fleet)


REASONS = {"{{ 7*7 }} {% raw %} \U0001f525\nstale": "Webhook: (( 7*7 )) (% raw %) ? stale", "7": "Webhook: 7"}


@pytest.mark.parametrize("reason", REASONS)
def test_the_reason_is_passed_on_as_text_and_never_evaluated(fleet, tmp_path, reason):
    evil = tmp_path / "evil"
    template = "{{ lookup('ansible.builtin.pipe', 'touch %s') }}" % evil
    with Rulebook(tmp_path, fleet, WEBHOOK, {**TOKEN, "ANSIBLE_VERBOSITY": "1"}) as rulebook:
        rulebook.listening()
        assert rulebook.post({**STOP, "reason": reason, template: template, "more": ["\U0001f525", {"x": template}]}) == 200
        rulebook.until_shown("6 of 6 accounts as wanted")
        assert f'"reason": "{REASONS[reason]}"' in rulebook.shown()
    assert is_stopped(fleet) and not evil.exists()


def test_when_the_rulebook_is_ended_a_run_goes_on_and_what_stays_is_its_users_alone(fleet, tmp_path):
    fleet.plan(delay(1, on="control_all"))
    with Rulebook(tmp_path, fleet, WEBHOOK, TOKEN) as rulebook:
        rulebook.listening().post(STOP)
        rulebook.until("command", lambda: commands(fleet)).end()
        limit = time.monotonic() + PATIENCE
        while not is_stopped(fleet):
            assert time.monotonic() < limit
            time.sleep(0.05)
        (folder,) = pathlib.Path(rulebook.temporary.name).glob("eda*")
        assert folder.stat().st_mode & 0o077 == 0


def alert(status="firing", **more):
    """An alert as Alertmanager posts it, made of the documented rule."""
    rule = yaml.safe_load(block_with("docs/events.md", "alert"))
    return {"status": status, "labels": {"alertname": rule["alert"], **rule["labels"]}, "annotations": rule["annotations"], "fingerprint": "c4", **more}


def notice(*alerts):
    """What Alertmanager posts: several alerts, and what they have in common."""
    common = {"commonLabels": {"betmatic_emergency_stop": "true"}, "commonAnnotations": {}, "externalURL": "http://127.0.0.1:9093"}
    return {"version": "4", "status": "firing", "receiver": "betmatic", "groupLabels": {}, **common, "alerts": list(alerts)}


def test_only_a_firing_alert_with_the_label_stops_every_bot(fleet, tmp_path, record_property):
    plain, false = alert(labels={"alertname": "Disk"}), alert(labels={"betmatic_emergency_stop": "false"})
    with Rulebook(tmp_path, fleet, ALERTMANAGER, {**TOKEN, "ANSIBLE_VERBOSITY": "1"}) as rulebook:
        rulebook.listening()
        assert rulebook.post(notice(alert()), "wrong") == 401
        # The one that has the label is over, and those that fire lack it.
        others = [notice(alert("resolved"), plain, false), notice(), alert(), STOP, {"payload": notice(alert())}]
        assert [rulebook.post(other) for other in others] == [200] * len(others)
        posted = time.time()
        hot = alert(annotations={"summary": "{{ 7*7 }} \U0001f525"}, meta={"hosts": "nobody"})
        assert rulebook.post(notice(plain, alert("resolved"), hot)) == 200
        rulebook.until("end of the run", lambda: runs(rulebook) == 1)
        assert '"reason": "Alertmanager: (( 7*7 )) ?"' in rulebook.shown()
        assert all_offs(fleet) == 2 and is_stopped(fleet)
    record_property("seconds from the posted alert to the first OFF", round(commands(fleet)[0]["time"] - posted, 2))
    record_property("seconds from the posted alert to the last bot proven off", round(fleet.log()[-1]["time"] - posted, 2))


def test_the_reason_of_an_alert_without_summary_is_its_name(fleet, tmp_path):
    with Rulebook(tmp_path, fleet, ALERTMANAGER, {**TOKEN, "ANSIBLE_VERBOSITY": "1"}) as rulebook:
        assert rulebook.listening().post(notice(alert(annotations={}))) == 200
        rulebook.until_shown('"reason": "Alertmanager: OddsFeedStale"')
        rulebook.until("end of the run", lambda: runs(rulebook) == 1)


def test_the_settings_of_alertmanager_send_what_the_rulebook_wants():
    settings = yaml.safe_load(block_with("docs/events.md", "route"))
    (route,) = settings["route"]["routes"]
    assert route["matchers"] == ['betmatic_emergency_stop="true"'] and route["receiver"] == "betmatic" and route["group_wait"] == "0s"
    (hook,) = settings["receivers"][1]["webhook_configs"]
    assert hook["http_config"]["authorization"]["type"] == "Bearer" and hook["url"] == "http://127.0.0.1:5000/"
    assert alert()["labels"]["betmatic_emergency_stop"] == "true"


def on_call(folder):
    """The variable that names a program, and what it was told so far, one line each."""
    program, told = folder / "page", folder / "told"
    # The page's own, with a file in the place of the mail.
    (text,) = (block for block in blocks("docs/events.md", "text") if "mail" in block)
    program.write_text(re.sub("mail -s .*", f"cat >>{shlex.quote(str(told))}", text), encoding="utf-8")
    program.chmod(0o755)
    return {"BETMATIC_EVENT_COMMAND": str(program)}, lambda: told.read_text(encoding="utf-8").splitlines() if told.exists() else []


def test_a_run_that_fails_is_repeated_until_every_bot_is_off_and_each_failure_is_told(fleet, tmp_path):
    # A 401 ends a run at once: more failures than the three runs after which a stop was once given up.
    fleet.plan(answer(401, on="control_all", times=3))
    variables, told = on_call(tmp_path)
    with Rulebook(tmp_path, fleet, WEBHOOK, {**TOKEN, **variables}) as rulebook:
        assert rulebook.listening().post(STOP) == 200
        for number in range(1, 5):
            rulebook.until_shown("PLAY RECAP", times=number)
        assert all_offs(fleet) == 3 + 2 and "6 of 6 accounts as wanted" in rulebook.shown()
        assert len(told()) == 3 and all(line.startswith("EMERGENCY STOP NOT PROVEN: NOT proven off") for line in told())
    assert is_stopped(fleet)


def test_a_token_that_stops_working_is_told_and_a_renewed_one_is_taken_up(fleet, tmp_path):
    """The token stands in a file: refused, then unreadable, then renewed; the stop that follows uses it."""
    file = tmp_path / "token"
    file.write_text(fleet.token, encoding="utf-8")
    variables, told = on_call(tmp_path)
    more = {**TOKEN, **variables, "BETMATIC_EVENT_INTERVAL": "0.2", "BETMATIC_API_TOKEN": "", "BETMATIC_API_TOKEN_FILE": str(file)}
    with Rulebook(tmp_path, fleet, WEBHOOK, more) as rulebook:
        rulebook.listening().until("reading", fleet.log)
        file.write_text("token-of-somebody-else-4711", encoding="utf-8")
        rulebook.until_shown("AN EMERGENCY STOP WOULD FAIL: The list of accounts was not given: 401 token invalid or expired")
        rulebook.until("call", lambda: len(told()) == 1)
        file.write_text("", encoding="utf-8")
        rulebook.until_shown(f"AN EMERGENCY STOP WOULD FAIL: The API token cannot be used: api_token_file '{file}' is empty")
        rulebook.until("call", lambda: len(told()) == 2)
        file.write_text(f"BETMATIC_API_TOKEN={fleet.token}\n", encoding="utf-8")
        rulebook.until_shown("The list of accounts can be read, so that the API token works.")
        assert rulebook.post(STOP) == 200
        rulebook.until("stop", lambda: is_stopped(fleet))
    assert [line.partition(":")[0] for line in told()] == ["AN EMERGENCY STOP WOULD FAIL"] * 2


def test_a_token_that_is_refused_ends_the_rulebook_at_its_start(fleet, tmp_path):
    fleet.plan(answer(401, on="list", times=None))
    with Rulebook(tmp_path, fleet, WEBHOOK, TOKEN) as rulebook:
        assert rulebook.wait() != 0
        assert "401 token invalid or expired" in rulebook.shown() and commands(fleet) == []


MISSING, REFUSED = ({}, "'BETMATIC_EVENT_TOKEN' is undefined"), "BETMATIC_EVENT_TOKEN_must_be_one_word_of_16_characters_or_more"
WRONG = [(WEBHOOK, {"BETMATIC_EVENT_TOKEN": token}, REFUSED) for token in ("", "a long random word of your own", "fifteen-chars-1", " leading-blank-1234567")]


@pytest.mark.parametrize("name,variables,words", [(WEBHOOK, *MISSING), (ALERTMANAGER, *MISSING), (ALERTMANAGER, *WRONG[1][1:]), *WRONG])
def test_without_an_event_token_nothing_starts(fleet, tmp_path, name, variables, words):
    with Rulebook(tmp_path, fleet, name, variables) as rulebook:
        assert rulebook.wait() != 0
        assert words in rulebook.shown() and not accepts("127.0.0.1", rulebook.port)


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


def test_a_stop_that_comes_right_after_a_run_is_run_as_well(fleet, tmp_path):
    with Rulebook(tmp_path, fleet, WEBHOOK, TOKEN) as rulebook:
        rulebook.listening().post(STOP)
        rulebook.until("end of the run", lambda: runs(rulebook) == 1)
        fleet.patch_accounts({"id": 204, "bot": "RUNNING"})
        assert rulebook.post(STOP) == 200
        rulebook.until("second stop", lambda: is_stopped(fleet))


def test_stops_that_come_together_are_one_run(fleet, tmp_path):
    with Rulebook(tmp_path, fleet, WEBHOOK, {**TOKEN, "ANSIBLE_VERBOSITY": "1"}) as rulebook:
        rulebook.listening()
        assert [rulebook.post({**STOP, "reason": f"number {number}"}) for number in range(20)] == [200] * 20
        rulebook.until("end of the run", lambda: runs(rulebook) >= 1)
        # Runs follow each other, so that this one is behind all of those.
        assert rulebook.post({**STOP, "reason": "last"}) == 200
        rulebook.until_shown("Webhook: last")
        reasons = re.findall('"reason": "Webhook: (.*?)"', rulebook.shown())
        assert reasons[0] == "number 0" and len(reasons) < 21


def test_an_alert_that_comes_during_a_run_is_run_as_well(fleet, tmp_path):
    """Another alert, while the first one's run has sent its command: a bot that started in between is stopped."""

    def hot(summary):
        return notice(alert(annotations={"summary": summary}, fingerprint=summary))

    fleet.plan(delay(1, on="control_all"))
    with Rulebook(tmp_path, fleet, ALERTMANAGER, {**TOKEN, "ANSIBLE_VERBOSITY": "1"}) as rulebook:
        assert rulebook.listening().post(hot("first")) == 200
        rulebook.until("command", lambda: commands(fleet))
        assert rulebook.post(hot("second")) == 200
        again = [time.monotonic() + 30]

        def both():
            # Where the machine stands still, the engine takes the second for one of the burst of the first; a sender repeats it.
            if runs(rulebook) == 1 and time.monotonic() > again[-1]:
                assert rulebook.post(hot("second")) == 200
                again.append(time.monotonic() + 30)
            return runs(rulebook) == 2

        rulebook.until("end of both runs", both)
        assert re.findall('"reason": "Alertmanager: (.*?)"', rulebook.shown()) == ["first", "second"] and all_offs(fleet) == 4


def test_alerts_that_come_together_are_fewer_runs(fleet, tmp_path):
    together = notice(*(alert(annotations={"summary": f"number {number}"}, fingerprint=str(number)) for number in range(5)))
    with Rulebook(tmp_path, fleet, ALERTMANAGER, {**TOKEN, "ANSIBLE_VERBOSITY": "1"}) as rulebook:
        assert rulebook.listening().post(together) == 200
        rulebook.until("end of the run", lambda: runs(rulebook) == 1)
        # Runs follow each other, so that this one is behind all of those.
        assert rulebook.post(notice(alert(annotations={"summary": "last"}))) == 200
        rulebook.until_shown("Alertmanager: last")
        reasons = re.findall('"reason": "Alertmanager: (.*?)"', rulebook.shown())
        # How many fall into one depends on how busy the machine is.
        assert reasons[0] == "number 0" and reasons[-1] == "last" and len(reasons) < 6
