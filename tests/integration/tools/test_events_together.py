# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Events that come during a run, right after it, or many at once: each stop that is asked for comes, and few runs do."""

from __future__ import annotations

import pathlib
import re
import time

from ansible_collections.bookieops.betmatic.tests.integration.support.events import STOP, alert, all_offs, commands, is_stopped, notice
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE
from ansible_collections.bookieops.betmatic.tests.integration.support.rulebooks import ALERTMANAGER, TOKEN, WEBHOOK, Rulebook, runs
from ansible_collections.bookieops.betmatic.tests.simulator.harness import delay


def test_a_stop_that_comes_right_after_a_run_is_run_as_well(fleet, tmp_path):
    with Rulebook(tmp_path, fleet, WEBHOOK, TOKEN) as rulebook:
        rulebook.listening().post(STOP)
        rulebook.until("end of the run", lambda: runs(rulebook) == 1)
        fleet.patch_accounts({"id": 204, "bot": "RUNNING"})
        assert rulebook.post(STOP) == 200
        rulebook.until("second stop", lambda: is_stopped(fleet))


def test_stops_that_come_together_are_one_run(fleet, tmp_path):
    with Rulebook(tmp_path, fleet, WEBHOOK, {**TOKEN, "ANSIBLE_VERBOSITY": "1"}) as rulebook:
        rulebook.listening()
        assert [rulebook.post({**STOP, "reason": f"number {number}"}) for number in range(20)] == [200] * 20
        rulebook.until("end of the run", lambda: runs(rulebook) >= 1)
        # Runs follow each other, so that this one is behind all of those.
        assert rulebook.post({**STOP, "reason": "last"}) == 200
        rulebook.until_shown("Webhook: last")
        reasons = re.findall('"reason": "Webhook: (.*?)"', rulebook.shown())
        assert reasons[0] == "number 0" and len(reasons) < 21


def test_an_alert_that_comes_during_a_run_is_run_as_well(fleet, tmp_path):
    """Another alert, while the first one's run has sent its command: a bot that started in between is stopped."""

    def hot(summary):
        return notice(alert(annotations={"summary": summary}, fingerprint=summary))

    fleet.plan(delay(1, on="control_all"))
    with Rulebook(tmp_path, fleet, ALERTMANAGER, {**TOKEN, "ANSIBLE_VERBOSITY": "1"}) as rulebook:
        assert rulebook.listening().post(hot("first")) == 200
        rulebook.until("command", lambda: commands(fleet))
        assert rulebook.post(hot("second")) == 200
        again = [time.monotonic() + 30]

        def both():
            # Where the machine stands still, the engine takes the second for one of the burst of the first; a sender repeats it.
            if runs(rulebook) == 1 and time.monotonic() > again[-1]:
                assert rulebook.post(hot("second")) == 200
                again.append(time.monotonic() + 30)
            return runs(rulebook) >= 2

        rulebook.until("end of both runs", both)
        # What was repeated although the second was only slow is a third run.
        assert re.findall('"reason": "Alertmanager: (.*?)"', rulebook.shown())[:2] == ["first", "second"] and all_offs(fleet) >= 4


def test_alerts_that_come_together_are_fewer_runs(fleet, tmp_path):
    together = notice(*(alert(annotations={"summary": f"number {number}"}, fingerprint=str(number)) for number in range(5)))
    with Rulebook(tmp_path, fleet, ALERTMANAGER, {**TOKEN, "ANSIBLE_VERBOSITY": "1"}) as rulebook:
        assert rulebook.listening().post(together) == 200
        rulebook.until("end of the run", lambda: runs(rulebook) == 1)
        # Runs follow each other, so that this one is behind all of those.
        assert rulebook.post(notice(alert(annotations={"summary": "last"}))) == 200
        rulebook.until_shown("Alertmanager: last")
        reasons = re.findall('"reason": "Alertmanager: (.*?)"', rulebook.shown())
        # How many fall into one depends on how busy the machine is.
        assert reasons[0] == "number 0" and reasons[-1] == "last" and len(reasons) < 6


def test_when_the_rulebook_is_ended_a_run_goes_on_and_what_stays_is_its_users_alone(fleet, tmp_path):
    fleet.plan(delay(1, on="control_all"))
    with Rulebook(tmp_path, fleet, WEBHOOK, TOKEN) as rulebook:
        rulebook.listening().post(STOP)
        rulebook.until("command", lambda: commands(fleet)).end()
        limit = time.monotonic() + PATIENCE
        while not is_stopped(fleet):
            assert time.monotonic() < limit
            time.sleep(0.05)
        (folder,) = pathlib.Path(rulebook.temporary.name).glob("eda*")
        assert folder.stat().st_mode & 0o077 == 0
