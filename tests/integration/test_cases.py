# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The acceptance table: every case through ansible-playbook against the simulator."""

from __future__ import annotations

import re

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.cases import CASES
from ansible_collections.bookieops.betmatic.tests.integration.support import batches, rules
from ansible_collections.bookieops.betmatic.tests.integration.support import case as table

# `make test` runs these sections: what is sent and what is proven. The others go with test-all.
CORE = frozenset(("single", "all_accounts", "maybe", "check_mode"))
SHIPPED = {"BETMATIC_IN_PROCESS": "false"}
# Times; how it was run; and what core adds to a module's answer that it had to parse.
DIFFERENT = frozenset(("timestamp", "session_start_time", "invocation", "exception", "ansible_parsed"))
ROWS = [pytest.param(case, id=case.id, marks=[pytest.mark.core] if case.section in CORE else []) for case in CASES]


@pytest.fixture(scope="session")
def outcomes_of(request, simulator_of, certs, tmp_path_factory):
    """Run the batch of a case, once for all of its cases that are wanted; with --both-ways as a shipped module first, and then as ever."""
    wanted, known = {}, {}
    for item in request.session.items:
        case = getattr(item, "callspec", None) and item.callspec.params.get("case")
        if isinstance(case, table.Case):
            wanted.setdefault(batches.BATCHES[case.id], []).append(case)

    def get(case, proxy):
        if case.id not in known:
            together = wanted[batches.BATCHES[case.id]]
            ways = [SHIPPED, {}] if request.config.getoption("--both-ways") and batches.goes_both_ways(case) else [{}]
            for one in together:
                known[one.id] = []
            for way in ways:
                proxy.seen.clear()
                try:
                    outcomes = batches.run(together, simulator_of, certs, proxy, tmp_path_factory.mktemp("batch"), way)
                except AssertionError as error:
                    outcomes = {one.id: error for one in together}
                for one in together:
                    known[one.id].append(outcomes[one.id])
        for outcome in known[case.id]:
            if isinstance(outcome, AssertionError):
                raise outcome
        return known[case.id]

    return get


@pytest.mark.parametrize("case", ROWS)
def test_case(case, outcomes_of, proxy):
    proxy.refuses = "refused" in case.name
    outcomes = outcomes_of(case, proxy)
    for outcome in outcomes:
        assert_outcome(case, outcome)
    assert comparable(case, outcomes[0]) == comparable(case, outcomes[-1])
    if case.proxied is not None:
        assert proxy.methods == case.proxied
        rules.assert_no_leak(b"".join(proxy.seen).decode("latin-1"), outcomes[-1].token)


def assert_outcome(case, outcome):
    """All that the case expects, and what holds for every case."""
    rules.assert_no_leak(outcome.around + outcome.shown + str(outcome.result), outcome.token)
    rules.assert_requests(outcome.log, outcome.token, case.check)
    rules.assert_one_result(outcome.shown)
    assert_message(case, outcome.result)
    if not case.by_core:
        rules.assert_shape(outcome.result, case.diff is not None)
        rules.assert_truth(outcome.result, outcome.bots)
        assert_result(case, outcome.result)
    assert_world(case, outcome.log, outcome.bots)
    if case.most_megabytes:
        assert outcome.megabytes < case.most_megabytes
    if case.also:
        case.also(outcome.result, outcome.shown, outcome.log)


def comparable(case, outcome):
    """The result without what is another one each time, or tells how it was run."""
    if case.wire is not None:
        return _without(outcome.result, DIFFERENT)
    # Where a case does not look at the wire, the clock decides how often is sent, and what the last answer was.
    accounts = [{name: one[name] for name in ("account_id", "state", "outcome", "changed", "failed")} for one in outcome.result["accounts"]]
    return set(outcome.result) - DIFFERENT, outcome.result["changed"], outcome.result["failed"], accounts


def _without(value, names):
    if isinstance(value, dict):
        return {key: _without(one, names) for key, one in value.items() if key not in names}
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    # The folder of a run, and the seconds until a date.
    return re.sub(r"/[^ ']*/batch\d+|\b\d{9,} s\b", "X", value) if isinstance(value, str) else value


def assert_message(case, result):
    """Changed, failed and what is said."""
    assert (result["changed"], result["failed"]) == (case.is_changed, case.is_failed), result["msg"]
    for fragment in case.msg:
        assert fragment in result["msg"]


def assert_result(case, result):
    """What the case expects of the accounts, and of what else is returned."""
    seen = {one["account_id"]: one["outcome"] + (" changed" if one["changed"] else "") for one in result["accounts"]}
    assert list(seen.items()) == list(case.accounts.items()), result["msg"]
    accounts = {one["account_id"]: one for one in result["accounts"]}
    for account_id, status in case.previous.items():
        assert accounts[account_id]["previous_status"] == status
    for account_id, fields in case.fields.items():
        assert {name: accounts[account_id][name] for name in fields} == fields
    assert {name: result["summary"][name] for name in case.summary} == case.summary
    assert (result["reason"], result["token_expires"]) == (case.reason, case.token_expires)
    if case.diff is not None:
        assert (result["diff"]["before"], result["diff"]["after"]) == case.diff


def assert_world(case, log, bots):
    """What the case expects of the server and of the bots."""
    seen = table.on_the_wire(log)
    fits = case.wire is None or table.fits(seen, case.wire)
    assert fits, f"the server saw: {', '.join(seen)}, not: {case.wire}"
    assert {account_id: bots[account_id] for account_id in case.bots} == case.bots
    assert case.most_at_once is None or max(entry["concurrent"] for entry in log) <= case.most_at_once
    assert case.most_connections is None or len({entry["connection"] for entry in log}) <= case.most_connections
