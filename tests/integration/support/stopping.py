# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A process that does what a task of bookie_bot does, for each line of options in JSON; its results as lines of JSON, and an empty line after the last."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

from ansible_collections.bookieops.betmatic.plugins.modules import bookie_bot

OPTIONS = {
    "api_token_file": None, "timeout": 10.0, "retries": 0, "validate_certs": True, "ca_path": None, "account_id": None, "accounts": None,
    "all_accounts": False, "state": None, "reason": None, "wait": False, "wait_timeout": 30.0, "wait_sleep": 0.2, "concurrency": 32, "deadline": 120.0,
    "hold": None, "override_hold": None,
}


def main(options):
    """Run the task until a hold keeps something back, or once."""
    again = options.pop("again")
    while True:
        edge = {"check_mode": False, "argument_spec": {}, "no_log_values": set(), "log": lambda line: None, "warn": lambda text: None}
        module = SimpleNamespace(params={**OPTIONS, **options}, **edge)
        result = bookie_bot.switch(module)
        print(json.dumps(result), flush=True)
        if not again or result["holds"]:
            print(flush=True)
            return


if __name__ == "__main__":
    for line in sys.stdin:
        main(json.loads(line))
