# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What check mode predicts is what the real run does, and a second run does nothing."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import Playbook, Task

PREDICTED = ("account_id", "state", "changed", "failed")
SELECTIONS = {
    "accounts": "{accounts: [{account_id: '123', state: 'on'}, "
    "{account_id: '124', state: 'off'}, {account_id: '125', state: 'off'}, {account_id: '999', state: 'on'}]}",
    "all_off": "{all_accounts: true, state: 'off'}",
    "all_on": "{all_accounts: true, state: 'on'}",
}


@pytest.mark.core
@pytest.mark.parametrize("options", SELECTIONS.values(), ids=SELECTIONS)
def test_prediction_comes_true(options, simulator, tmp_path):
    simulator.patch_accounts({"id": 124, "bot": "RUNNING"})
    check = _run(simulator, tmp_path / "check", options, check_mode=True)
    real = _run(simulator, tmp_path / "run", options)
    again = _run(simulator, tmp_path / "again", options)
    rules.assert_truth(again, simulator.bots())
    assert _only(check, PREDICTED) == _only(real, PREDICTED)
    assert (check["changed"], check["failed"], check["diff"]["after"]) == (real["changed"], real["failed"], real["diff"]["after"])
    # The bulk command's answer does not tell what the bots were before it.
    assert "all_accounts" in options or check["diff"]["before"] == real["diff"]["before"]
    assert real["changed"] and not again["changed"]
    assert (again["diff"]["before"], again["diff"]["after"]) == ("", "")


def _run(simulator, folder, options, check_mode=False):
    simulator.clear_log()
    task = Task("task", options, {"url": simulator.url, "token": simulator.token}, {"diff": True, "check_mode": check_mode})
    run = Playbook(folder, [task]).start().end()
    rules.assert_no_leak(run.shown, simulator.token)
    rules.assert_requests(simulator.log(), simulator.token, check_mode)
    rules.assert_shape(run.results["task"], with_diff=True)
    return run.results["task"]


def _only(result, keys):
    return [{key: one[key] for key in keys} for one in result["accounts"]]
