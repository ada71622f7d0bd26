# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Holds in the sequences: every ON asks right before it is sent, no OFF ever does, and a stop with a hold sweeps twice."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import (
    AccountList,
    BulkAnswer,
    BulkRow,
    ControlAnswer,
    ListedAccount,
    Maybe,
    NotSent,
    Refusal,
)
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import report, sequences
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.budget import Budget
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.engine import Engine
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.gate import GatedService, OpenGate
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Limits, Target
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.service import KeptBack

HELD = KeptBack("held since today by ops", "To lift it: lift", ({"id": "kqzt"},))
QUICK = Limits(deadline=30.0, timeout=1.0, retries=2)


class World:
    """A gate, a placing and a service in one; `events` is what happened, in order."""

    def __init__(self, bots=("1", "2"), held=(), running=False):
        self.bots = dict.fromkeys(bots, running)
        self.held = set(held)
        self.events = []
        self.answers = {}
        self.on_wait = lambda: None
        self.hold = False
        self.fails = False

    # --- the gate

    @contextmanager
    def ask(self, account_id):
        self.events.append(f"ask {account_id}")
        yield HELD if account_id in self.held or (account_id is None and self.held) else None
        self.events.append(f"out {account_id}")

    def look(self, account_id):
        return HELD if account_id in self.held or (account_id is None and self.held) else None

    # --- the placing

    def begin(self):
        if "begin" not in self.events:
            self.events.append("begin")

    def wait(self, _seconds):
        self.on_wait()
        self.hold = not self.fails
        self.events.append("placed")
        return True

    def stands(self):
        return self.hold

    # --- the service

    def control_one(self, account_id, command, seconds):
        self.events.append(f"{command} {account_id}")
        answer = self.answers.get((command, account_id), []).pop(0) if self.answers.get((command, account_id)) else None
        if answer is not None:
            return answer
        before, self.bots[account_id] = self.bots[account_id], command == "ON"
        words = {True: "RUNNING", False: "STOPPED"}
        return ControlAnswer(account_id, "success", words[self.bots[account_id]], words[before])

    def control_all(self, command, seconds):
        self.events.append(command)
        rows = tuple(BulkRow(account_id, "success") for account_id in self.bots)
        self.bots = dict.fromkeys(self.bots, command == "all_on")
        return BulkAnswer("success", affected_accounts=len(rows), rows=rows)

    def list_accounts(self, seconds):
        self.events.append("list")
        return AccountList(tuple(ListedAccount(account_id, bot_running=running) for account_id, running in self.bots.items()))

    # --- what is tried

    def service(self):
        return GatedService(self, self, self.begin)

    def switch(self, *targets):
        return report.report(sequences.switch_accounts(self.service(), Engine(1), QUICK, targets, lambda line: None), False)

    def all(self, state):
        return report.report(sequences.switch_all(self.service(), Engine(1), QUICK, state, lambda line: None), False)

    def stop(self, *targets):
        return report.report(sequences.stop_accounts(self.service(), Engine(1), QUICK, targets, lambda line: None, self), False)

    def stop_all(self):
        return report.report(sequences.stop_all(self.service(), Engine(1), QUICK, lambda line: None, self), False)


def outcomes(result):
    return {one["account_id"]: (one["outcome"], one["changed"], one["held"], one["attempts"]) for one in result["accounts"]}


def on(*ids):
    return [Target(one, "on") for one in ids]


def off(*ids):
    return [Target(one, "off") for one in ids]


def test_each_on_asks_right_before_it_is_sent():
    world = World()
    assert outcomes(world.switch(*on("1", "2"))) == {"1": ("ok", True, False, 1), "2": ("ok", True, False, 1)}
    assert world.events == ["ask 1", "ON 1", "out 1", "ask 2", "ON 2", "out 2"]


def test_an_on_that_is_held_is_not_sent_and_the_others_go_on():
    world = World(held={"1"})
    result = world.switch(*on("1", "2"))
    assert outcomes(result) == {"1": ("held", False, True, 0), "2": ("ok", True, False, 1)}
    assert "ON 1" not in world.events and result["failed"] and result["summary"]["held"] == 1
    assert result["msg"].startswith("Not on: 1 (held since today by ops).") and "To lift it: lift" in result["msg"] and result["holds"] == [{"id": "kqzt"}]


def test_an_on_that_is_repeated_asks_again():
    world = World()
    world.answers = {("ON", "1"): [Refusal(429, None, 0.0)]}

    def hold():
        world.held = {"1"}
        return Refusal(429, None, 0.0)

    world.control_one = lambda *arguments: world.events.append("ON 1") or hold()
    assert outcomes(world.switch(*on("1"))) == {"1": ("held", False, True, 1)}
    assert world.events.count("ON 1") == 1 and world.events.count("ask 1") == 2


def test_what_an_on_may_have_done_before_it_was_held_stays():
    world = World()

    def lost(*_arguments):
        world.events.append("ON 1")
        world.held = {"1"}
        return Maybe("503 from the service", 503, None, 0.0)

    world.control_one = lost
    result = world.switch(*on("1"))
    assert outcomes(result) == {"1": ("unknown", True, True, 1)} and "503 from the service, then held" in result["msg"]


def test_no_off_and_no_reading_asks():
    world = World(held={"1", "2"}, running=True)
    assert outcomes(world.switch(*off("1", "2"))) == {"1": ("ok", True, False, 1), "2": ("ok", True, False, 1)}
    assert not world.all("off")["failed"] and not any(event.startswith("ask") for event in world.events)


def test_all_on_is_refused_as_a_whole():
    world = World(held={"2"})
    result = world.all("on")
    assert result["failed"] and not result["changed"] and world.events == ["ask None", "out None"]
    assert result["msg"].startswith("Not on: all accounts (held since today by ops)")


@pytest.mark.parametrize(("then", "words"), [("held", "then held since today by ops"), ("not sent", "an earlier attempt may have been applied")])
def test_what_all_on_may_have_done_before_it_was_held_or_not_sent_is_read_and_told(then, words):
    world = World()

    def lost(command, _seconds):
        world.events.append(command)
        if world.events.count("all_on") > 1:
            return NotSent("the connection was refused")
        world.held, world.bots["1"] = {"2"} if then == "held" else set(), True
        return Maybe("503 from the service", 503, None, 0.0)

    world.control_all = lost
    result = world.all("on")
    told = {one["account_id"]: (one["outcome"], one["changed"]) for one in result["accounts"]}
    assert told == {"1": ("ok", True), "2": ("unknown", True)} and result["failed"] and result["changed"]
    assert words in result["msg"] and "not attempted" not in result["msg"]


def test_all_on_goes_where_nothing_is_held():
    world = World()
    assert not world.all("on")["failed"] and world.events[:3] == ["ask None", "all_on", "out None"]


@pytest.mark.parametrize("account_id", ["1", None])
def test_check_mode_predicts_held_and_asks_nobody(account_id):
    world = World(held={"1"})
    if account_id is None:
        findings = sequences.check_all(world.service(), Engine(1), QUICK, "on", world)
    else:
        findings = sequences.check_accounts(world.service(), Engine(1), QUICK, [*on("1", "2"), Target("2", "off")], world)
    result = report.report(findings, True)
    assert result["failed"] and "held since today by ops" in result["msg"] and result["holds"] and not {"ask 1", "ask None"} & set(world.events)
    assert not any(event.split()[0] in ("ON", "OFF", "all_on") for event in world.events)


def test_an_off_is_predicted_past_every_hold():
    world = World(held={"1", "2"}, running=True)
    findings = sequences.check_all(world.service(), Engine(1), QUICK, "off", world)
    assert not report.report(findings, True)["failed"]


def test_an_attempt_whose_time_went_by_asking_is_not_sent():
    world, times = World(), iter((0.0, 1.0))
    service = GatedService(world, OpenGate(), clock=lambda: next(times))
    assert isinstance(service.control_one("1", "ON", 1.0), NotSent) and world.events == []


# --- a stop with a hold ----------------------------------------------------------------------------------------


def test_a_stop_sweeps_again_when_the_hold_stands():
    world = World(running=True)
    result = world.stop(*off("1", "2"))
    assert world.events == ["begin", "OFF 1", "OFF 2", "placed", "OFF 1", "OFF 2"]
    assert outcomes(result) == {"1": ("ok", True, False, 2), "2": ("ok", True, False, 2)}
    assert [one["previous_status"] for one in result["accounts"]] == ["RUNNING", "RUNNING"]


def test_an_on_that_came_between_is_undone():
    for world in (World(running=True), World(running=True)):
        world.on_wait = lambda world=world: world.bots.update({"1": True})
        assert not world.stop(*off("1", "2"))["failed"] and not any(world.bots.values())
    world = World(running=True)
    world.on_wait = lambda: world.bots.update({"1": True})
    assert not world.stop_all()["failed"] and not any(world.bots.values())


def test_a_stop_of_all_sweeps_again_and_keeps_what_the_first_changed():
    world = World(running=True)
    result = world.stop_all()
    assert [event for event in world.events if event != "list"] == ["begin", "all_off", "placed", "all_off"]
    assert world.events.index("placed") < len(world.events) - 1 - world.events[::-1].index("list")
    assert {key: value[:2] for key, value in outcomes(result).items()} == {"1": ("ok", True), "2": ("ok", True)}


def test_a_second_off_that_is_refused_is_not_proven_by_the_first():
    world = World(bots=("1",), running=True)
    world.answers = {("OFF", "1"): [ControlAnswer("1", "success", "STOPPED", "RUNNING"), *[Refusal(406, None, 0.0)] * 9]}
    # The list shows it stopped, as it does a bot that is starting.
    world.list_accounts = lambda seconds: AccountList((ListedAccount("1", bot_running=False),))
    [(outcome, changed, _held, attempts)] = outcomes(world.stop(*off("1"))).values()
    assert (outcome, changed, attempts) == ("rejected", True, 4)


def test_where_no_hold_stands_the_verdicts_are_the_same_as_without():
    world = World(running=True)
    world.fails = True
    result = world.stop(*off("1", "2"))
    assert world.events == ["begin", "OFF 1", "OFF 2", "placed"] and outcomes(result) == {"1": ("ok", True, False, 1), "2": ("ok", True, False, 1)}


def test_a_refused_token_ends_the_stop_and_nothing_is_claimed_that_an_on_may_have_undone():
    world = World(running=True)
    world.answers = {("OFF", "2"): [Refusal(401, None, None)]}
    result = world.stop(*off("1", "2"))
    assert world.events == ["begin", "OFF 1", "OFF 2", "placed"]
    assert {key: value[0] for key, value in outcomes(result).items()} == {"1": "unknown", "2": "rejected"} and result["failed"]


def test_a_refused_token_ends_the_stop_of_all():
    world = World(running=True)
    world.control_all = lambda *arguments: Refusal(401, None, None)
    result = world.stop_all()
    assert result["failed"] and "401" in result["msg"] and not any(event.startswith("OFF") for event in world.events)


class Late(World):
    """A hold that is not placed, or that an ON of another run keeps waiting, until the task has ended."""

    def __init__(self, written, **world):
        super().__init__(**world)
        self.hold = written

    def wait(self, _seconds):
        self.on_wait()
        return False


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("way", ["stop", "stop_all"])
def test_a_hold_that_comes_after_the_last_off_proves_nothing(way, written, monkeypatch):
    monkeypatch.setattr(Budget, "first_sweep_until", lambda budget: budget.deadline - 30.0)
    world = Late(written, running=True)
    result = world.stop(*off("1", "2")) if way == "stop" else world.stop_all()
    assert result["failed"] and "no OFF was sent after the hold was placed" in result["msg"] and "Run the task again" in result["msg"]
    assert {value[:2] for value in outcomes(result).values()} == {("unknown", True)}


@pytest.mark.parametrize("way", ["stop_accounts", "stop_all"])
def test_a_signal_before_the_hold_stands_proves_nothing(way):
    world, engine = Late(False, running=True), Engine(1)
    world.on_wait = lambda: setattr(engine, "signal", 15)
    targets = (off("1", "2"),) if way == "stop_accounts" else ()
    findings = getattr(sequences, way)(world.service(), engine, QUICK, *targets, lambda line: None, world)
    result = report.report(findings, False)
    assert result["failed"] and {value[0] for value in outcomes(result).values()} == {"unknown"}


def test_a_stop_of_all_whose_hold_comes_too_late_fails_though_it_names_no_account(monkeypatch):
    monkeypatch.setattr(Budget, "first_sweep_until", lambda budget: budget.deadline - 30.0)
    result = Late(False, bots=()).stop_all()
    assert result["failed"] and "all accounts (no OFF was sent after the hold was placed)" in result["msg"]


def test_a_name_that_is_another_one_after_the_first_off_is_not_called_unsent():
    world = World(bots=("1",), running=True)
    lists = [Maybe("503", 503), AccountList((ListedAccount("1", bot_running=True, display_name="Other"),))]
    world.list_accounts = lambda seconds: lists.pop(0) if len(lists) > 1 else lists[0]
    result = world.stop(Target("1", "off", "TAB Main"))
    assert outcomes(result) == {"1": ("unknown", True, False, 1)} and world.events.count("OFF 1") == 1
    assert "nothing was sent" not in result["msg"] and report.DO_NOT_REPEAT in result["msg"]


def test_a_doubt_of_the_first_sweep_of_all_stays():
    world = World(bots=("1",), running=True)
    world.answers = {("OFF", "1"): [ControlAnswer("999", "success", "STOPPED", "RUNNING")]}
    lists = [Maybe("503", 503), AccountList((ListedAccount("1", bot_running=False),))]
    world.list_accounts = lambda seconds: lists.pop(0) if len(lists) > 1 else lists[0]
    result = world.stop_all()
    assert outcomes(result) == {"1": ("unknown", True, False, 3)} and "the answer is about account 999" in result["msg"]
    assert world.events.count("OFF 1") == 1 and world.events.count("all_off") == 2 and report.DO_NOT_REPEAT in result["msg"]


def test_an_account_in_doubt_for_good_gets_no_single_off_again():
    world, lists = World(bots=("1",), running=True), iter([Maybe("503", 503), *[Refusal(404)] * 9])
    world.answers = {("OFF", "1"): [ControlAnswer("999", "success", "STOPPED", "RUNNING")]}
    world.list_accounts = lambda seconds: next(lists)
    assert outcomes(world.stop_all())["1"][0] == "unknown" and world.events.count("OFF 1") == 1
