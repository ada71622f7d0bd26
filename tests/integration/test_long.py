# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many accounts, many tries, a service that dies: what only shows at length."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.case import fleet, ids
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, Playbook, Task
from ansible_collections.bookieops.betmatic.tests.simulator import harness
from ansible_collections.bookieops.betmatic.tests.simulator.harness import cut, hang

pytestmark = pytest.mark.long


def switch(simulator, folder, *options):
    """Run the options one after the other in one playbook; the results."""
    tasks = [Task(f"task {number}", text, {"url": simulator.url, "token": simulator.token}) for number, text in enumerate(options)]
    run = Playbook(folder, tasks).start().end()
    rules.assert_no_leak(run.shown, simulator.token)
    for task in tasks:
        rules.assert_shape(run.results[task.name], with_diff=False)
        rules.assert_one_result(run.shown_of(task.name))
    return [run.results[task.name] for task in tasks]


def outcomes(result):
    return {one["account_id"]: one["outcome"] for one in result["accounts"]}


@pytest.mark.parametrize("state, bot", [("off", "RUNNING"), ("on", "STOPPED")])
@pytest.mark.parametrize("where", ["before", "head", "status", "body"])
def test_lost_answer_is_changed_in_100_of_100(simulator, tmp_path, state, bot, where):
    simulator.put_accounts(fleet(100, bot))
    # Each account's first answer is lost: without accounts in the match, a second try could meet the fault of a first one.
    simulator.plan(*(cut(where, account=str(1001 + number), apply="before") for number in range(100)))
    [result] = switch(simulator, tmp_path / "play", "{account_id: " + ids(100) + f", state: '{state}'" + "}")
    rules.assert_requests(simulator.log(), simulator.token, check=False)
    rules.assert_truth(result, simulator.bots())
    assert (result["failed"], result["summary"]["ok"], result["summary"]["changed"]) == (False, 100, 100)
    assert {one["previous_status"] for one in result["accounts"]} == {None}


@pytest.mark.parametrize("retry_after", [False, True], ids=["429_alone", "429_with_retry_after"])
@pytest.mark.parametrize("state, bot", [("off", "RUNNING"), ("on", "STOPPED")])
def test_1000_accounts_against_a_limit_of_50_a_second(simulator_of, tmp_path, state, bot, retry_after):
    simulator = simulator_of(rate_limit=50, retry_after=retry_after)
    simulator.put_accounts(fleet(1000, bot))
    [result] = switch(simulator, tmp_path / "play", "{account_id: " + ids(1000) + f", state: '{state}', retries: 20" + "}")
    posts = len(simulator.requests("POST"))
    print(f"{posts} commands for 1000 accounts")
    rules.assert_truth(result, simulator.bots())
    assert result["summary"]["ok"] == result["summary"]["changed"] == 1000
    assert set(simulator.bots().values()) == {"STOPPED" if state == "off" else "RUNNING"}
    # Who does not slow down sends each command many times.
    assert posts < 2000


@pytest.mark.parametrize("state, bot", [("off", "RUNNING"), ("on", "STOPPED")])
def test_service_dies_in_the_middle_and_a_second_run_ends_well(tmp_path, state, bot):
    options = "{account_id: " + ids(200) + f", state: '{state}', concurrency: 4, retries: 1, timeout: 2" + "}"
    with harness.start(latency=0.02) as simulator:
        simulator.put_accounts(fleet(200, bot))
        crash = threading.Thread(target=_crash, args=(simulator,))
        crash.start()
        [first] = switch(simulator, tmp_path / "first", options)
        crash.join()
        wanted, bots, log = ("STOPPED" if state == "off" else "RUNNING"), simulator.bots(), simulator.log()
        rules.assert_truth(first, bots)
        assert first["failed"] and 0 < first["summary"]["ok"] < 200
        asked = {entry["account_id"] for entry in log if entry["method"] == "POST"}
        for one in first["accounts"]:
            account_id, outcome = one["account_id"], one["outcome"]
            assert outcome != "ok" or bots[account_id] == wanted
            assert outcome not in ("not_sent", "not_attempted", "rejected") or account_id not in asked
            # Whatever was switched is called changed.
            assert one["changed"] or bots[account_id] == bot
        [second] = switch(simulator, tmp_path / "second", options)
        assert set(outcomes(second).values()) == {"ok"}
        assert set(simulator.bots().values()) == {wanted}


def _crash(simulator):
    """Kill the service in the middle, and leave it dead for longer than the retries last."""
    limit = time.monotonic() + PATIENCE
    while len(simulator.requests("POST")) < 60 and time.monotonic() < limit:
        time.sleep(0.02)
    simulator.kill()
    time.sleep(4)
    simulator.restart()


@pytest.mark.parametrize("options", ["deadline: 5, timeout: 60", "deadline: 6, timeout: 1, retries: 20", "deadline: 5, timeout: 60, wait: true"])
def test_deadline_ends_a_run_against_a_service_that_hangs(simulator, tmp_path, options):
    simulator.put_accounts(fleet(50, "RUNNING"))
    simulator.plan(hang(on="any", times=None))
    [result] = switch(simulator, tmp_path / "play", "{account_id: " + ids(50) + ", state: 'off', " + options + "}")
    asked = {entry["account_id"] for entry in simulator.requests("POST")}
    assert result["failed"] and set(outcomes(result).values()) <= {"unknown", "not_attempted"}
    assert {account_id for account_id, outcome in outcomes(result).items() if outcome == "unknown"} == asked
    before = len(simulator.log())
    time.sleep(1)
    assert len(simulator.log()) == before, "something was sent after the end"


@pytest.mark.parametrize("selection", ["account_id: " + ids(500), "all_accounts: true"], ids=["named", "all_accounts"])
def test_500_accounts_off_is_500_true_verdicts(simulator, tmp_path, selection):
    simulator.put_accounts(fleet(500, "RUNNING"))
    first, second = switch(simulator, tmp_path / "play", *["{" + selection + ", state: 'off'}"] * 2)
    rules.assert_truth(second, simulator.bots())
    assert (first["summary"]["ok"], first["summary"]["changed"]) == (500, 500)
    assert (second["summary"]["ok"], second["summary"]["changed"]) == (500, 0)
