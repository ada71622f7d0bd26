# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From runs to figures: medians, extrapolation, ideal, bounds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from ansible_collections.bookieops.betmatic.tests.benchmark.ways import (
    CACHED,
    CONCURRENCY,
    EMPTY,
    HOSTS,
    IDEAL,
    LISTED,
    NAMES,
    NOTHING,
    OURS,
    STOP,
    THREADS,
    URI,
    WRITTEN,
    XARGS,
)

SIZES = (1, 5, 50, 200, 1000, 5000)
# The largest size that is measured; beyond it the line through the two largest goes on.
MEASURED_TO = {URI: 200, HOSTS: 200}
# How many hosts tell what each of them takes, and how many items of a loop what each leaves behind.
MANY_HOSTS = 100
ITEMS = 30
LATENCY = 0.05
TLS_CONCURRENCY = 16


@dataclass(frozen=True)
class Time:
    """Seconds for one way and size."""

    seconds: float
    extrapolated: bool = False


@dataclass(frozen=True)
class Bound:
    """A figure and what it must be: at most `limit`, or at least it."""

    name: str
    value: float
    limit: float
    unit: str = ""
    at_least: bool = False

    @property
    def met(self):
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def ideal(count, concurrency=CONCURRENCY):
    """No way at this concurrency is quicker."""
    return max(1.0, count / concurrency) * LATENCY


class Figures:
    """What the runs say. A run is a dict with `kind`, and what `kind` needs."""

    def __init__(self, runs):
        self._runs = runs

    def middle(self, key, **wanted):
        """The median of a key over the runs that have these values."""
        return median(self.all(key, **wanted))

    def all(self, key, **wanted):
        """The key of the runs that have it and these values: a run of a loop tells of threads alone."""
        return [run[key] for run in self._runs if key in run and all(run.get(name) == value for name, value in wanted.items())]

    def rounds(self, count):
        """How often each way has switched as many accounts."""
        return len(self.all("seconds", kind="switch", way=OURS, count=count))

    def against(self, key, other, way=OURS, **wanted):
        """The median over the rounds of one way against another: neighbours in time bear the same load of the machine."""
        pairs = zip(self.all(key, way=way, **wanted), self.all(key, way=other, **wanted))
        return median(one / others for one, others in pairs)

    def of_each_host(self, way):
        """Milliseconds for each further host: of the whole run of many, without that of one."""
        many, one = (self.middle("seconds", kind="hosts", way=way, count=count) for count in (MANY_HOSTS, 1))
        return (many - one) / (MANY_HOSTS - 1) * 1000

    def time(self, way, count):
        """Wall time of the whole command."""
        if way == IDEAL:
            return Time(ideal(count))
        largest = MEASURED_TO.get(way, count)
        if count <= largest:
            return Time(self.middle("seconds", kind="switch", way=way, count=count))
        smaller = max(size for size in SIZES if size < largest)
        high, low = self.time(way, largest).seconds, self.time(way, smaller).seconds
        return Time(high + (count - largest) * (high - low) / (largest - smaller), extrapolated=True)

    def times(self):
        """Way -> size -> Time."""
        return {way: {count: self.time(way, count) for count in SIZES} for way in NAMES}

    def phase_ratio(self, count, way=OURS):
        """The request phase against the ideal."""
        return self.middle("phase", kind="switch", way=way, count=count) / ideal(count)

    def phase_against_threads(self, count):
        """The request phase against that of plain requests in as many threads, neighbours in time."""
        return self.against("phase", THREADS, kind="switch", count=count)

    def per_account(self, key):
        """Time for each account at 5000 against that at 1000."""
        return self.middle(key, kind="switch", way=OURS, count=5000) / 5 / self.middle(key, kind="switch", way=OURS, count=1000)

    def bounds(self):
        """What must hold."""
        tls = self.middle("phase", kind="tls") / ideal(1000, TLS_CONCURRENCY)
        return [
            Bound("request phase of 1000 accounts, concurrency 32, against requests in 32 threads", self.phase_against_threads(1000), 1.06, "x"),
            Bound("the same over TLS, concurrency 16, with the usual certificate authorities to judge by", tls, 1.12, "x"),
            Bound("1000 accounts: uri loop (extrapolated) against ours", self.time(URI, 1000).seconds / self.time(OURS, 1000).seconds, 100, "x", True),
            Bound("time to off against uri, a task", self.against("first", URI, kind="off"), 0.62, "x"),
            Bound("time to off against uri, the playbook emergency_stop", self.against("first", URI, STOP, kind="off"), 0.70, "x"),
            Bound("one account: whole run against uri", self.against("seconds", URI, kind="switch", count=1), 0.72, "x"),
            Bound(f"one host per account, {MANY_HOSTS} hosts: each further host", self.of_each_host(HOSTS), 40, "ms"),
            Bound("the same against a task that does nothing", self.of_each_host(HOSTS) / self.of_each_host(NOTHING), 2.5, "x"),
            Bound(f"threads that a loop of {ITEMS} items leaves behind", max(self.all("threads", kind="loop")), 0),
            Bound("5000 accounts: peak memory of the module where it is shipped", self.middle("megabytes", kind="memory", count=5000), 100, "MB"),
            Bound("time for each account at 5000 against 1000, whole run", self.per_account("seconds"), 1.1, "x"),
            Bound("time for each account at 5000 against 1000, request phase", self.per_account("phase"), 1.1, "x"),
            Bound("connections, concurrency 64", max(self.all("connections", kind="connections")), 64),
            Bound("inventory of 5000 accounts against the same hosts in a file", self.against("seconds", WRITTEN, LISTED, kind="inventory"), 1.5, "x"),
            Bound("the same from the cache", self.against("seconds", WRITTEN, CACHED, kind="inventory"), 1.3, "x"),
            Bound("simulator's share of one core, 1000 accounts", self.middle("simulator_cpu", kind="switch", way=OURS, count=1000), 0.5),
        ]

    def others(self):
        """What is told and has no bound: (what, value, unit)."""
        first = {way: self.middle("first", kind="off", way=way) for way in (OURS, STOP, URI, XARGS, EMPTY)}
        whole = self.middle("seconds", kind="off", way=EMPTY)
        check = {count: self.middle("seconds", kind="check", count=count) for count in (1, 5000)}
        return [
            ("time to off, a task of bookie_bot", first[OURS], "s"),
            ("time to off, the playbook emergency_stop", first[STOP], "s"),
            ("time to off, uri", first[URI], "s"),
            ("time to off, curl alone", first[XARGS], "s"),
            ("time to the first line of a module that does nothing", first[EMPTY], "s"),
            ("the same against uri's time to off: no module that is shipped can be quicker", first[EMPTY] / first[URI], "x"),
            ("whole run of a module that does nothing, and one latency, against uri with one account", (whole + LATENCY) / self.time(URI, 1).seconds, "x"),
            ("one host per account: each further host, a task that does nothing", self.of_each_host(NOTHING), "ms"),
            ("time to off, ours against curl", self.against("first", XARGS, kind="off"), "x"),
            ("request phase of 1000 accounts, concurrency 32, against the ideal", self.phase_ratio(1000), "x"),
            ("request phase of 1000 accounts with requests in 32 threads, against the ideal", self.phase_ratio(1000, THREADS), "x"),
            ("inventory of 5000 accounts", self.middle("seconds", kind="inventory", way=LISTED), "s"),
            ("inventory of 5000 accounts from the cache", self.middle("seconds", kind="inventory", way=CACHED), "s"),
            ("the same hosts in a file", self.middle("seconds", kind="inventory", way=WRITTEN), "s"),
            ("peak memory of the module where it is shipped, 1000 accounts", self.middle("megabytes", kind="memory", count=1000), "MB"),
            ("check mode, one account", check[1], "s"),
            ("check mode, 5000 accounts", check[5000], "s"),
            ("5000 ids in and 5000 verdicts out: the difference", check[5000] - check[1], "s"),
            ("one account: processor time of the whole run against uri", self.against("cpu", URI, kind="switch", count=1), "x"),
            ("share of the machine that went to others, the simulator among them", self.middle("foreign"), ""),
            ("simulator's share of one core over TLS", self.middle("simulator_cpu", kind="tls"), ""),
        ]
