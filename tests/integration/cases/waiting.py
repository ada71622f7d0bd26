# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""wait, wait_timeout and wait_sleep."""

from __future__ import annotations

from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change

case = partial(Case, "waiting")
NO_LIST = answer(404, on="list", times=None)
FOREVER = {"startup": 60}
ON = "{account_id: '123', state: 'on', wait: true, wait_sleep: 0.2}"
ON_BRIEFLY = "{account_id: '123', state: 'on', wait: true, wait_sleep: 0.2, wait_timeout: 1}"
OFF = "{account_id: '123', state: 'off', wait: true, wait_sleep: 0.2, retries: 0}"
OFF_BRIEFLY = "{account_id: '123', state: 'off', wait: true, wait_sleep: 0.2, wait_timeout: 0.7, retries: 0}"
RUNNING = {"123": "RUNNING"}

CASES = (
    case("not_waiting_leaves_a_starting_bot_pending", "{account_id: '123', state: 'on'}", "ON 123, list", {"123": "pending changed"}, simulator=FOREVER,
         previous={"123": "STOPPED"}, fields={"123": {"bot_status": "STARTING"}}, msg=("Use wait",)),
    case("starting_bot_is_waited_for", ON, "ON 123, list+", {"123": "ok changed"}, simulator={"startup": 0.7}, previous={"123": "STOPPED"}, bots=RUNNING),
    case("starting_bots_of_all_accounts_are_waited_for", "{all_accounts: true, state: 'on', wait: true, wait_sleep: 0.2}", "all_on, list+",
         dict.fromkeys(("123", "124", "125"), "ok changed"), simulator={"startup": 0.7}),
    case("pending_turns_unknown_when_the_wait_ends", ON_BRIEFLY, "ON 123, list+", {"123": "unknown changed"}, simulator=FOREVER, msg=("Not on: 123",)),
    case("deadline_ends_the_wait_too", "{account_id: '123', state: 'on', wait: true, wait_sleep: 0.2, deadline: 3}", "ON 123, list+",
         {"123": "unknown changed"}, simulator=FOREVER),
    case("without_list_the_last_answer_to_on_stands", ON_BRIEFLY, "ON 123, list", {"123": "unknown changed"}, (NO_LIST,), simulator=FOREVER),
    case("without_list_off_is_repeated", OFF, "OFF 123, list, OFF 123 x3", {"123": "ok changed"},
         (change({"bot_status": "STOPPING"}, account="123", times=3), NO_LIST), RUNNING),
    case("off_that_the_list_cannot_prove_is_repeated", OFF, None, {"123": "ok changed"}, (change({"bot_status": "STOPPING"}, account="123", times=3),), RUNNING,
         bots={"123": "STOPPED"}),
    case("off_whose_answers_are_lost_is_repeated_until_one_is_accepted", OFF, "OFF 123, list, OFF 123, list, OFF 123, list", {"123": "ok changed"},
         (answer(500, account="123", times=2), change({"-bot_status": None}, account="123")), {"123": "STARTING"}, bots={"123": "STOPPED"}),
    case("off_that_is_never_accepted_is_unknown", OFF_BRIEFLY, None, {"123": "unknown changed"}, (answer(500, account="123", times=None),),
         {"123": "STARTING"}, simulator=FOREVER, msg=("NOT proven off: 123",)),
    case("off_that_is_never_proven_is_unknown", OFF_BRIEFLY, None, {"123": "unknown changed"}, (change({"bot_status": "STOPPING"}, account="123", times=None),),
         RUNNING, msg=("NOT proven off: 123",)),
    case("on_after_a_maybe_is_read_and_not_sent_again", ON, "ON 123, list+", {"123": "ok changed"}, (answer(500, account="123", apply="before"),),
         simulator={"startup": 0.7}, previous={"123": None}),
    case("rejected_is_not_waited_for", "{account_id: '123', state: 'on', wait: true, wait_timeout: 60}", "ON 123, list", {"123": "rejected"}, (),
         {"123": {"maintenance": True}}),
    case("proven_at_once_is_not_waited_for", "{account_id: '123', state: 'off', wait: true, wait_sleep: 60}", "OFF 123", {"123": "ok changed"}, (), RUNNING),
    case("wait_sleep_longer_than_the_wait_reads_no_more", "{account_id: '123', state: 'on', wait: true, wait_sleep: 60, wait_timeout: 0.5}", "ON 123, list",
         {"123": "unknown changed"}, simulator=FOREVER),
)
