# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark: measures, keeps the runs as JSON, writes the page and the plot, ends with 1 when a bound is not met.

    python -m ansible_collections.bookieops.betmatic.tests.benchmark --results FILE --docs FOLDER
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version

import certifi
import trustme

from ansible_collections.bookieops.betmatic.tests.benchmark import report
from ansible_collections.bookieops.betmatic.tests.benchmark.figures import ITEMS, LATENCY, MANY_HOSTS, MEASURED_TO, SIZES, TLS_CONCURRENCY
from ansible_collections.bookieops.betmatic.tests.benchmark.runner import Runner, begin, ids
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
    Ways,
)
from ansible_collections.bookieops.betmatic.tests.simulator import harness

WAYS = (OURS, URI, HOSTS, XARGS, THREADS)
# How often each size is measured, and all else; --times multiplies.
ROUNDS = {1: 15, 5: 3, 50: 1, 200: 1, 1000: 3, 5000: 1}
OFF_ROUNDS = 15
OTHER_ROUNDS = 3


def main(argv):
    parser = argparse.ArgumentParser(prog="benchmark", description="Measure the collection against what users do without it.", allow_abbrev=False)
    parser.add_argument("--results", type=pathlib.Path, required=True, metavar="FILE", help="where the runs are kept as JSON")
    parser.add_argument("--docs", type=pathlib.Path, required=True, metavar="FOLDER", help="where page and plot are written")
    parser.add_argument("--times", type=int, default=1, metavar="N", help="N times as many rounds as in a quick run")
    parser.add_argument("--report-only", action="store_true", help="write page and plot from the runs that are kept")
    chosen = parser.parse_args(argv)
    if not chosen.report_only:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            runs = measured(pathlib.Path(folder), chosen.times)
        chosen.results.parent.mkdir(parents=True, exist_ok=True)
        chosen.results.write_text(json.dumps({"machine": machine(), "runs": runs}, indent=1), encoding="utf-8")
    results = json.loads(chosen.results.read_text(encoding="utf-8"))
    chosen.docs.mkdir(exist_ok=True)
    chosen.docs.joinpath("benchmark.md").write_text(report.text(results), encoding="utf-8")
    report.plot(results, chosen.docs / "benchmark.svg")
    told = list(report.lines(results))
    print("\n".join(told))
    return 1 if any(line.startswith("NOT MET") for line in told) else 0


def machine():
    """What the figures depend on; nothing that names the machine."""
    versions = {name: version(name) for name in ("ansible-core", "requests", "urllib3")}
    return {"cores": os.cpu_count(), "system": f"{platform.system()} {platform.machine()}", "Python": platform.python_version(), **versions}


def measured(folder, times):
    """Every run as a dict."""
    for tool in ("curl", "xargs"):
        if shutil.which(tool) is None:
            sys.exit(f"Error: the benchmark needs {tool}")
    runs, runner, ways = [], Runner(folder), Ways(folder)

    def keep(run, **what):
        runs.append({**what, **run})
        print("  ".join(f"{name} {value:.3f}" if isinstance(value, float) else f"{name} {value}" for name, value in runs[-1].items()), flush=True)

    with harness.start(latency=LATENCY, log=None, state=None) as simulator:
        # What the first run of each compiles and caches is nobody's time.
        for way in (OURS, STOP, URI):
            runner.time_to_off(ways.all_off(way, simulator), simulator)
        for _number in range(OFF_ROUNDS * times):
            for way in (OURS, URI, STOP, XARGS):
                keep(runner.time_to_off(ways.all_off(way, simulator), simulator), kind="off", way=way)
            began, run = runner.run(ways.empty(), simulator)
            keep({**run, "first": ways.reached() - began}, kind="off", way=EMPTY)
        for count in SIZES:
            for _number in range(ROUNDS[count] * times):
                for way in WAYS:
                    if count <= MEASURED_TO.get(way, count):
                        keep(runner.switch(ways.switch(way, ids(count), simulator), simulator, count), kind="switch", way=way, count=count)
        keep(runner.switch(ways.ours(ids(1000), concurrency=64), simulator, 1000), kind="connections")
        for count in (1000, 5000):
            run = runner.switch(ways.ours(ids(count), measured=True), simulator, count)
            keep({"megabytes": ways.megabytes(), **run}, kind="memory", count=count)
        without_commands(runner, ways, simulator, keep, times)
        one_by_one(runner, ways, simulator, keep, times)
    over_tls(folder, runner, ways, keep, times)
    return runs


def without_commands(runner, ways, simulator, keep, times):
    """Check mode and the inventory: one reading each, so that what is left is the way in and out."""
    begin(simulator, 5000, bot="STOPPED")
    runner.run(ways.inventory(CACHED), simulator)
    ways.write_inventory()
    for _number in range(OTHER_ROUNDS * times):
        for count in (1, 5000):
            keep(runner.run(ways.ours(ids(count), check=True), simulator)[1], kind="check", count=count)
        for source in (WRITTEN, LISTED, CACHED):
            keep(runner.run(ways.inventory(source), simulator)[1], kind="inventory", way=source)


def one_by_one(runner, ways, simulator, keep, times):
    """A task on each of many hosts, and one item of a loop after the other."""
    for _number in range(OTHER_ROUNDS * times):
        for count in (1, MANY_HOSTS):
            keep(runner.switch(ways.hosts(HOSTS), simulator, count), kind="hosts", way=HOSTS, count=count)
            keep(runner.run(ways.hosts(NOTHING), simulator)[1], kind="hosts", way=NOTHING, count=count)
    runner.switch(ways.loop(ids(ITEMS)), simulator, ITEMS)
    first, *_others, last = ways.threads()
    keep({"threads": last - first}, kind="loop")


def over_tls(folder, runner, ways, keep, times):
    """The request phase with certificates that are made here."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    certfile, keyfile, ca = (str(folder / name) for name in ("cert.pem", "key.pem", "ca.pem"))
    issued.cert_chain_pems[0].write_to_path(certfile)
    issued.private_key_pem.write_to_path(keyfile)
    # Among as many others as an operator's machine has: what reading them costs is part of a run.
    pathlib.Path(ca).write_bytes(certifi.contents().encode("ascii") + authority.cert_pem.bytes())
    with harness.start(latency=LATENCY, log=None, state=None, certfile=certfile, keyfile=keyfile) as simulator:
        for _number in range(OTHER_ROUNDS * times):
            keep(runner.switch(ways.ours(ids(1000), concurrency=TLS_CONCURRENCY, ca=ca), simulator, 1000), kind="tls")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
