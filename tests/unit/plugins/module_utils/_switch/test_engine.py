# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The engine: everything is done, never too much at once, in the right order, and it ends."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.engine import Engine
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.retries import Next

FAR = 60.0


def run(engine, jobs, work, finished=lambda job, result: Next(), seconds=FAR, **more):
    started = []
    engine.run(jobs, work, started.append, finished, engine.clock() + seconds, **more)
    return started


def test_every_job_is_done_once_and_started_in_order():
    done = {}
    started = run(Engine(4), range(50), lambda job: job * 2, lambda job, result: done.update({job: result}) or Next())
    assert started == list(range(50)) and done == {job: job * 2 for job in range(50)}


@pytest.mark.parametrize("concurrency", [1, 3, 8])
def test_no_more_than_concurrency_at_once(concurrency):
    lock, now, most = threading.Lock(), [0], [0]

    def work(job):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.005)
        with lock:
            now[0] -= 1

    run(Engine(concurrency), range(40), work)
    assert most[0] == concurrency


def test_a_job_is_tried_again_as_often_as_asked():
    tries = []
    run(Engine(2), ("a",), tries.append, lambda job, result: Next(0.0 if len(tries) < 3 else None))
    assert tries == ["a"] * 3


def test_what_is_due_again_goes_before_what_was_never_tried():
    asked = iter([Next(0.0)])
    started = run(Engine(1), "abc", lambda job: None, lambda job, result: next(asked, Next()))
    assert started == list("aabc")


def test_repeated_jobs_do_not_keep_a_fresh_one_back():
    tries = []

    def finished(job, result):
        tries.append(job)
        return Next(0.0 if job == "a" and tries.count("a") < 4 else None)

    assert run(Engine(1), "abc", lambda job: None, finished) == list("aabaca")


def test_a_pause_that_outlasts_the_run_holds_nothing_back():
    answers = iter([Next(congested=True, delay=30.0)])
    assert run(Engine(1), "ab", lambda job: None, lambda job, result: next(answers, Next()), seconds=1.0) == ["a", "b"]


def test_after_stopped_what_is_under_way_is_finished_and_nothing_started():
    finished, gate = [], threading.Event()

    def work(job):
        if job == 0:
            gate.set()
        else:
            gate.wait(FAR)
        return job

    started = run(Engine(2), range(10), work, lambda job, result: finished.append(job) or Next(), stopped=lambda: 0 in finished)
    assert sorted(finished) == sorted(started) and len(started) < 10


def test_past_its_end_nothing_is_started_and_nobody_is_waited_for():
    gate, finished = threading.Event(), []
    engine = Engine(1)
    started = run(engine, range(5), lambda job: gate.wait(FAR), lambda job, result: finished.append(job) or Next(), seconds=0.05)
    assert started == [0] and finished == []
    # The stuck worker does not stand in the way of the next run, and its late result is nobody's.
    assert run(engine, ("x",), lambda job: job, lambda job, result: finished.append(result) or Next()) == ["x"]
    gate.set()
    assert run(engine, ("y",), lambda job: job, lambda job, result: finished.append(result) or Next()) == ["y"]
    assert finished == ["x", "y"]


def test_congestion_slows_all_down_and_passes():
    engine, answers, allowed = Engine(8), iter([Next(0.0, congested=True)]), []
    run(engine, range(100), lambda job: None, lambda job, result: allowed.append(engine.throttle.allowed) or next(answers, Next()))
    assert (allowed[0], allowed[1], allowed[-1]) == (8, 4, 8)
    assert all(after - before in (0, 1) for before, after in zip(allowed[1:], allowed[2:]))


def test_a_burst_of_congestion_halves_once():
    engine, count = Engine(8), iter(range(100))
    run(engine, range(8), lambda job: time.sleep(0.02), lambda job, result: Next(congested=next(count) < 8))
    assert engine.throttle.allowed == 4


def test_a_fault_in_the_work_is_raised_to_the_caller():
    def work(job):
        raise ZeroDivisionError(job)

    with pytest.raises(ZeroDivisionError):
        run(Engine(2), ("a", "b"), work)


def test_a_signal_ends_the_run_at_once():
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    gate = threading.Event()
    try:
        # What runs under nohup ignores SIGHUP, and so would the engine.
        for number in kept:
            signal.signal(number, signal.SIG_DFL)
        engine = Engine(2)
        engine.catch_signals()

        def work(job):
            if job == 1:
                os.kill(os.getpid(), signal.SIGTERM)
            gate.wait(FAR)

        started = run(engine, range(10), work)
        assert started == [0, 1] and engine.signal == signal.SIGTERM
        engine.signal = None
        begun = []

        def start(job):
            begun.append(job)
            if job == 0:
                os.kill(os.getpid(), signal.SIGHUP)

        engine.run(range(10), lambda job: None, start, lambda job, result: Next(), engine.clock() + FAR)
        assert begun == [0] and engine.signal == signal.SIGHUP
        assert run(engine, range(10), work) == []
        engine.pause(FAR)
    finally:
        gate.set()
        for number, handler in kept.items():
            signal.signal(number, handler)


def test_a_closed_engine_leaves_no_thread():
    before = set(threading.enumerate())
    engine = Engine(8)
    run(engine, range(40), lambda job: time.sleep(0.001))
    mine = set(threading.enumerate()) - before
    engine.close()
    for thread in mine:
        thread.join(FAR)
    assert mine and not any(thread.is_alive() for thread in mine)
