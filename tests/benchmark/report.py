# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/benchmark.md and docs/benchmark.svg from the results; nothing in them is written by hand."""

from __future__ import annotations

import matplotlib

from ansible_collections.bookieops.betmatic.tests.benchmark.figures import LATENCY, MANY_HOSTS, MEASURED_TO, SIZES, Figures
from ansible_collections.bookieops.betmatic.tests.benchmark.ways import HOSTS, IDEAL, NAMES, OURS, URI

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

_STYLES = {OURS: {"color": "tab:purple", "linewidth": 2.5}, IDEAL: {"color": "black", "linestyle": ":"}}


def text(results):
    """The page."""
    figures, machine = Figures(results["runs"]), results["machine"]
    times = figures.times()
    rows = [[NAMES[way], *(_cell(times[way][count], times[OURS][count]) for count in SIZES)] for way in NAMES]
    parts = [
        "<!-- Written by `make bench`. Change tests/benchmark/, not this page. -->",
        "# Benchmark",
        f"Whole commands against the simulator, which takes {LATENCY * 1000:g} ms for each answer and runs in a process of its own. A run that switches "
        "running bots off counts only when the server's log shows each command once and every bot stopped. The ways take turns; a figure is the median of "
        "its runs, and a ratio the median of the ratios of neighbours.",
        "![Wall time against accounts](benchmark.svg)",
        "## Wall time",
        "One command for each account, in seconds; in brackets how many times as long as ours.",
        _table(["accounts", *map(str, SIZES)], [*rows, ["runs of each", *(str(figures.rounds(count)) for count in SIZES)]]),
        f"`~` is extrapolated: measured up to {MEASURED_TO[URI]} accounts for uri and {MEASURED_TO[HOSTS]} for one host per account, then on along the line "
        "through the two largest measured sizes. The ideal is the time on the wire alone, with no process to start.",
        "## Bounds",
        "`make bench` fails when one is not met.",
        _table(["figure", "measured", "bound", ""], [_bound_row(bound) for bound in figures.bounds()]),
        "The request phase goes from the first request in the server's log to the last, and one latency more for its answer. The ideal is accounts / "
        "concurrency x latency. Time to off goes from the start of `ansible-playbook` to the server's receipt of the first `all_off`. What each further host "
        f"takes is the whole run of {MANY_HOSTS} hosts without that of one, for each of the others; the task that does nothing is `ansible.builtin.debug` "
        "on the same hosts. The hosts in a file are what the inventory gave, as JSON that `ansible-inventory` reads by itself.",
        "## Besides",
        _table(["figure", "measured"], [[what, _number(value, unit)] for what, value, unit in figures.others()]),
        "## Machine",
        _table(["", ""], [[name, str(value)] for name, value in machine.items()]),
    ]
    return "\n\n".join(parts) + "\n"


def lines(results):
    """The bounds for a terminal."""
    for name, measured, bound, verdict in map(_bound_row, Figures(results["runs"]).bounds()):
        yield f"{verdict:8} {name}: {measured} (bound {bound})"


def plot(results, path):
    """Wall time against accounts, both logarithmic."""
    # The same results give the same file.
    matplotlib.rcParams["svg.hashsalt"] = "benchmark"
    figure, axes = pyplot.subplots(figsize=(8, 5.5))
    for way, times in Figures(results["runs"]).times().items():
        measured = [count for count in SIZES if not times[count].extrapolated]
        beyond = [count for count in SIZES if count >= measured[-1]]
        style = {"marker": "o", "markersize": 4, **_STYLES.get(way, {})}
        (line,) = axes.plot(measured, [times[count].seconds for count in measured], label=NAMES[way], **style)
        if len(beyond) > 1:
            axes.plot(beyond, [times[count].seconds for count in beyond], linestyle="--", marker="o", markersize=4, markerfacecolor="white",
                      color=line.get_color())
    axes.set(xscale="log", yscale="log", xlabel="accounts", ylabel="wall time in seconds", xticks=SIZES, xticklabels=SIZES)
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.set_title(f"Switching accounts off, {LATENCY * 1000:g} ms latency (dashed: extrapolated)", fontsize=11)
    axes.legend(fontsize=9)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def _cell(time, ours):
    return f"{'~' if time.extrapolated else ''}{_short(time.seconds)} ({_short(time.seconds / ours.seconds)})"


def _bound_row(bound):
    sign = "at least" if bound.at_least else "at most"
    return [bound.name, _number(bound.value, bound.unit), f"{sign} {bound.limit:g} {bound.unit}".strip(), "met" if bound.met else "NOT MET"]


def _number(value, unit):
    return f"{_short(value)} {unit}".strip()


def _short(value):
    """Three digits or so."""
    digits = 0 if isinstance(value, int) or value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 3
    return f"{value:.{digits}f}"


def _table(head, rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])
