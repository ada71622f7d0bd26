# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every figure is found in the runs that the benchmark makes, of which some tell of one thing alone."""

from __future__ import annotations

from ansible_collections.bookieops.betmatic.tests.benchmark.figures import MANY_HOSTS, MEASURED_TO, SIZES, Figures
from ansible_collections.bookieops.betmatic.tests.benchmark.ways import (
    CACHED,
    EMPTY,
    HOSTS,
    LISTED,
    NOTHING,
    OURS,
    STOP,
    THREADS,
    URI,
    WRITTEN,
    XARGS,
)

RUN = {"seconds": 1.0, "cpu": 0.5, "foreign": 0.0}
SWITCH = {**RUN, "phase": 1.0, "simulator_cpu": 0.1, "connections": 1}
RUNS = [
    *({"kind": "off", "way": way, "first": first, **RUN} for way, first in ((OURS, 0.5), (URI, 1.0), (STOP, 0.6), (XARGS, 0.1), (EMPTY, 0.9))),
    *({"kind": "switch", "way": way, "count": count, **SWITCH}
      for way in (OURS, URI, HOSTS, XARGS, THREADS) for count in SIZES if count <= MEASURED_TO.get(way, count)),
    {"kind": "connections", **SWITCH, "connections": 64},
    *({"kind": "memory", "count": count, "megabytes": 50.0, **SWITCH} for count in (1000, 5000)),
    *({"kind": "check", "count": count, **RUN} for count in (1, 5000)),
    *({"kind": "inventory", "way": way, **RUN} for way in (LISTED, CACHED, WRITTEN)),
    *({"kind": "hosts", "way": way, "count": count, **RUN} for way in (HOSTS, NOTHING) for count in (1, MANY_HOSTS)),
    {"kind": "loop", "threads": 3},
    {"kind": "tls", **SWITCH},
]


def test_every_bound_and_every_other_figure_is_found():
    # No host takes any time in these runs, and nothing is divided by that.
    figures = Figures([{**run, "seconds": 2.0} if run.get("count") == MANY_HOSTS else run for run in RUNS])
    bounds = {bound.name: bound for bound in figures.bounds()}
    assert bounds["time to off against uri, a task"].value == 0.5 and bounds["time to off against uri, a task"].met
    assert bounds["threads that a loop of 30 items leaves behind"].value == 3 and not bounds["threads that a loop of 30 items leaves behind"].met
    assert {what: value for what, value, _unit in figures.others()}["share of the machine that went to others, the simulator among them"] == 0.0
    assert figures.time(URI, 1000).extrapolated and not figures.time(OURS, 1000).extrapolated
    assert figures.rounds(50) == 1
