# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rulebooks of the emergency stop as they are run: a real ansible-rulebook, real posts, a real service."""

from __future__ import annotations

import os
import pathlib
import re
import shlex
import subprocess
import time

import pytest
import yaml

from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import folder as holds
from ansible_collections.bookieops.betmatic.tests.integration.support.events import STOP, alert, all_offs, commands, is_stopped, notice
from ansible_collections.bookieops.betmatic.tests.integration.support.pages import block_with, blocks
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE
from ansible_collections.bookieops.betmatic.tests.integration.support.rulebooks import (
    ALERTMANAGER,
    BOT_STATES,
    EVENT_TOKEN,
    HOLD_GUARD,
    TOKEN,
    WEBHOOK,
    Rulebook,
    accepts,
    runs,
)
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer


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
