# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SIGTERM, SIGINT and SIGHUP: what is under way is unknown, the rest was not attempted, and the result arrives."""

from __future__ import annotations

from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case, all_of, fleet, ids
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, delay, hang

case = partial(Case, "signals")
EIGHT = "{account_id: " + ids(8) + ", state: 'off', concurrency: 2, timeout: 60}"
TWO_UNDER_WAY = {**all_of(2, "unknown changed"), **all_of(6, "not_attempted", 1003)}
# What was slow may have come true after the task: nobody is told that it did not.
ONE_DONE = {"1001": "ok changed", "1002": "unknown changed", **all_of(6, "not_attempted", 1003)}


def _during_a_hang(name):
    return case(f"{name}_while_the_service_hangs", EIGHT, "OFF 1001, OFF 1002", TWO_UNDER_WAY, (hang(on="control_one", times=None),), fleet(8, "RUNNING"),
                signal=(name, 2), msg=("NOT proven off: 1001, 1002", "not attempted", f"stopped by {name}"))


CASES = (
    _during_a_hang("SIGTERM"),
    _during_a_hang("SIGINT"),
    _during_a_hang("SIGHUP"),
    case("SIGTERM_during_on", EIGHT.replace("'off'", "'on'"), "ON 1001, ON 1002", TWO_UNDER_WAY, (hang(on="control_one", times=None),), fleet(8),
         signal=("SIGTERM", 2)),
    case("SIGTERM_after_the_first_answer", EIGHT.replace("concurrency: 2", "concurrency: 1"), "OFF 1001, OFF 1002", ONE_DONE,
         (hang(account="1002", times=None),), fleet(8, "RUNNING"), signal=("SIGTERM", 2)),
    case("SIGTERM_between_two_tries", "{account_id: ['123', '124'], state: 'off', concurrency: 1}", "OFF 123", {"123": "rejected", "124": "not_attempted"},
         (answer(429, headers={"Retry-After": "25"}, on="control_one", times=None),), {"123": "RUNNING"}, signal=("SIGTERM", 1)),
    case("SIGTERM_during_the_bulk_command", "{all_accounts: true, state: 'off', timeout: 60}", "all_off", {}, (hang(on="control_all", times=None),),
         fleet(8, "RUNNING"), signal=("SIGTERM", 1), changed=True, failed=True, msg=("NOT proven off: all accounts",)),
    case("SIGTERM_while_waiting", "{account_id: '123', state: 'on', wait: true, wait_sleep: 30}", "ON 123, list", {"123": "unknown changed"},
         (delay(0.3, on="list"),), simulator={"startup": 60}, signal=("SIGTERM", 1)),
)
