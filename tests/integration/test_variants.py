# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many faults in one task, one for each account: every account gets its own verdict, whatever the others meet."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.cases import VARIANTS
from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.case import fleet, ids
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import Playbook, Task

pytestmark = pytest.mark.core
ROWS = [(group, number, variant) for group, (_options, _bot, variants) in VARIANTS.items() for number, variant in enumerate(variants)]


@pytest.fixture(scope="session")
def outcome_of(simulator_of, tmp_path_factory):
    """The result, the log and the bots of a group, whose task runs once."""
    known = {}

    def get(group):
        if group not in known:
            options, bot, variants = VARIANTS[group]
            simulator = simulator_of()
            simulator.put_accounts(fleet(len(variants), bot))
            simulator.plan(*(variant.fault(str(1001 + number)) for number, variant in enumerate(variants)))
            task = Task(group, "{account_id: " + ids(len(variants)) + ", " + options + "}", {"url": simulator.url, "token": simulator.token})
            run = Playbook(tmp_path_factory.mktemp("variants") / "play", [task]).start().end()
            known[group] = run, simulator.log(), simulator.bots(), simulator.token
        return known[group]

    return get


@pytest.mark.parametrize("group, number, variant", [pytest.param(*row, id=row[2].id) for row in ROWS])
def test_variant(group, number, variant, outcome_of):
    run, log, bots, _token = outcome_of(group)
    account_id = str(1001 + number)
    account = run.results[group]["accounts"][number]
    assert account["account_id"] == account_id
    assert account["outcome"] + (" changed" if account["changed"] else "") == variant.outcome
    assert sum(entry["account_id"] == account_id for entry in log) == account["attempts"] == variant.sent
    assert {name: account[name] for name in variant.fields} == variant.fields
    assert variant.stopped is None or (bots[account_id] == "STOPPED") == variant.stopped


@pytest.mark.parametrize("group", VARIANTS)
def test_whole_task(group, outcome_of):
    run, log, bots, token = outcome_of(group)
    result = run.results[group]
    rules.assert_no_leak(run.shown + str(result), token)
    rules.assert_requests(log, token, check=False)
    rules.assert_one_result(run.shown_of(group))
    rules.assert_shape(result, with_diff=False)
    rules.assert_truth(result, bots)
    assert result["changed"] and result["failed"]
    assert [entry["endpoint"] for entry in log].count("list") == 1
