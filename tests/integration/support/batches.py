# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Several cases in one playbook, each with a simulator of its own: starting ansible-playbook takes longer than a case."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from ansible_collections.bookieops.betmatic.tests.integration.cases import CASES
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, Playbook, Task

SIZE = 24


@dataclass(frozen=True)
class Outcome:
    """What one case left: its registered result, what was shown of it and around it, what the server saw, and what the bots are."""

    result: dict
    shown: str
    around: str
    log: list
    bots: dict
    token: str
    megabytes: float | None


def _batches():
    """The name of the batch of each case, by id: cases with the same surroundings, SIZE at most."""
    together = {}
    for case in CASES:
        together.setdefault(case.surroundings, []).append(case.id)
    return {case_id: f"{same[0]} {number // SIZE}" for same in together.values() for number, case_id in enumerate(same)}


BATCHES = _batches()


def goes_both_ways(case):
    """Whether its task is done in Ansible's own process; one that is found by name or measured is always shipped."""
    return case.signal is None and case.most_megabytes is None


def run(cases, simulator_of, certs, proxy, folder, more=()):
    """Run cases, half of them beside the other half so that one works while the other waits; their outcomes by id.

    `more` is added to the environment of all of them.
    """
    # Where nothing may be sent, one simulator sees for all of them that nothing was.
    ready = [_Ready(case, _simulator(simulator_of, 0 if case.is_silent else number, case), certs, proxy, folder) for number, case in enumerate(cases)]
    playbooks = [(some, _start(some, folder / str(number), more)) for number, some in enumerate((ready[::2], ready[1::2])) if some]
    if cases[0].signal:
        _interrupt(playbooks[0][1], ready[0].simulator, *cases[0].signal)
    outcomes = {}
    for some, playbook in playbooks:
        ended = playbook.end()
        outcomes.update((one.case.id, one.outcome(ended)) for one in some)
    return outcomes


def _simulator(simulator_of, number, case):
    """One of its own within the batch, with the case's bots and plan."""
    simulator = simulator_of(number=number, **case.simulator)
    if isinstance(case.fleet, tuple):
        simulator.put_accounts(case.fleet)
    elif case.fleet:
        simulator.patch_accounts(*({"id": int(key), **(bot if isinstance(bot, dict) else {"bot": bot})} for key, bot in case.fleet.items()))
    simulator.plan(*case.faults)
    return simulator


class _Ready:
    """A case with its simulator and its task."""

    def __init__(self, case, simulator, certs, proxy, folder):
        self.case = case
        self.simulator = simulator
        self.variables = {
            "url": simulator.url, "service_port": simulator.port, "token": simulator.token, "ca": certs.ca, "wrong_ca": certs.wrong_ca,
            "proxy": proxy.url, "folder": str(folder / "0"),
        }
        self.task = Task(case.id, case.options, self.variables, {"check_mode": case.check, "diff": case.diff is not None})

    def outcome(self, ended):
        """What it left."""
        name, simulator = self.case.id, self.simulator
        shown, around = ended.shown_of(name), ended.shown_besides()
        return Outcome(ended.results[name], shown, around, simulator.log(), simulator.bots(), simulator.token, ended.megabytes)


def _start(ready, folder, more):
    first = ready[0].case
    environment = {name: value.format(**ready[0].variables) for name, value in first.environment.items()}
    environment.update(more)
    measured, named = first.most_megabytes is not None, first.signal is not None
    # The first batch goes through the command line itself, as do signals and measurements.
    as_a_command = BATCHES[first.id] == BATCHES[CASES[0].id]
    return Playbook(folder, [one.task for one in ready], environment, first.files, first.defaults, measured, named, as_a_command).start()


def _interrupt(playbook, simulator, name, commands):
    """Send the module a signal once the server has seen so many commands."""
    limit = time.monotonic() + PATIENCE
    while len(simulator.requests("POST")) < commands and time.monotonic() < limit:
        time.sleep(0.02)
    os.kill(playbook.module_pid(), getattr(signal, name))
