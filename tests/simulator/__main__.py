# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the simulator: python tests/simulator --ready-file FILE."""

from __future__ import annotations

import argparse
import json
import pathlib
import sys

import uvloop

import contract
import fleet
from app import App, Settings
from harness import SIMULATOR_TOKEN
from server import Server, configured


def arguments(argv):
    """The command line."""
    parser = argparse.ArgumentParser(prog="simulator", description="The Betmatic API as a local server.", allow_abbrev=False)
    parser.add_argument("--ready-file", help="gets {pid, port} once connections are accepted")
    parser.add_argument("--host", default="127.0.0.1", choices=("127.0.0.1", "::1", "localhost"))
    parser.add_argument("--port", type=int, help="default 0, a free one")
    parser.add_argument("--accounts", type=int, metavar="N", help="N generated accounts; default: the three of the vendor's pages")
    parser.add_argument("--fleet", type=pathlib.Path, metavar="FILE", help="a JSON list of accounts")
    parser.add_argument("--token", default=SIMULATOR_TOKEN)
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="before each answer")
    parser.add_argument("--startup", type=float, default=0.0, metavar="SECONDS", help="how long a bot is STARTING")
    parser.add_argument("--rate-limit", type=int, default=0, metavar="N", help="requests a second over all clients, 429 beyond")
    parser.add_argument("--retry-after", action="store_true", help="give Retry-After: 1 with a 429")
    parser.add_argument("--no-list", action="store_true", help="the list answers 404")
    parser.add_argument("--log", metavar="FILE", help="append every request as a JSON line")
    parser.add_argument("--state", metavar="FILE", help="keep the bots' states here")
    parser.add_argument("--certfile", metavar="FILE", help="serve TLS")
    parser.add_argument("--keyfile", metavar="FILE")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when the parent process does")
    chosen = parser.parse_args(argv)
    if chosen.ready_file is None and chosen.port is None:
        parser.error("--ready-file is needed to learn the port, unless --port names it")
    if chosen.accounts is not None and chosen.fleet is not None:
        parser.error("--accounts or --fleet, not both")
    return chosen


def accounts(chosen):
    """The fleet to begin with."""
    if chosen.fleet is not None:
        return tuple(fleet.account(row) for row in json.loads(chosen.fleet.read_text(encoding="utf-8")))
    return fleet.PAGES if chosen.accounts is None else fleet.generated(chosen.accounts)


def main(argv):
    """Serve until a signal comes."""
    chosen = arguments(argv)
    settings = Settings(
        accounts(chosen), chosen.token, chosen.latency, chosen.startup, chosen.rate_limit, chosen.retry_after, not chosen.no_list,
        chosen.log, chosen.state,
    )
    config = configured(App(settings, contract.load()), chosen.host, chosen.port or 0, chosen.certfile, chosen.keyfile)
    uvloop.run(Server(config, chosen.ready_file, chosen.exit_with_parent).serve())


if __name__ == "__main__":
    main(sys.argv[1:])
