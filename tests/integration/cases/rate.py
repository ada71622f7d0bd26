# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""429 and Retry-After."""

from __future__ import annotations

from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case, all_of, fleet, ids
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change

case = partial(Case, "rate")
OFF = "{account_id: '123', state: 'off'}"
ON = "{account_id: '123', state: 'on'}"
RUNNING = {"123": "RUNNING"}


def _refused(value, status=429, **more):
    return answer(status, {"detail": "throttled"}, headers={"Retry-After": value}, account="123", **more)


def _kept(result, shown, log):
    """The server's own clock: the second command came no sooner than asked for."""
    assert log[1]["time"] - log[0]["time"] >= 0.99


CASES = (
    case("429_is_kept_for_as_long_as_asked", OFF, "OFF 123 x2", {"123": "ok changed"}, (_refused("1"),), RUNNING, also=_kept),
    case("429_on_is_kept_for_as_long_as_asked", ON, "ON 123 x2", {"123": "ok changed"}, (_refused("1"),), also=_kept),
    case("503_is_kept_for_as_long_as_asked", OFF, "OFF 123 x2", {"123": "ok changed"}, (_refused("1", 503),), RUNNING, also=_kept),
    case("retry_after_as_a_date_in_the_past", ON, "ON 123 x2", {"123": "ok changed"}, (_refused("Wed, 21 Oct 2015 07:28:00 GMT"),)),
    case("retry_after_as_a_date_far_away_ends_the_account", ON, "ON 123, list", {"123": "rejected"}, (_refused("Fri, 31 Dec 2099 23:59:59 GMT"),),
         msg=("123 (429",)),
    case("retry_after_0", ON, "ON 123 x2", {"123": "ok changed"}, (_refused("0"),)),
    case("malformed_retry_after_is_none_429_is_sent_again", ON, "ON 123 x2", {"123": "ok changed"}, (_refused("soon"),)),
    case("malformed_retry_after_of_503_names_none_for_on", ON, "ON 123, list", {"123": "unknown changed"}, (_refused("soon", 503),)),
    case("negative_retry_after_is_none", OFF, "OFF 123 x2", {"123": "ok changed"}, (_refused("-1"),), RUNNING),
    case("retry_after_31_ends_the_account_and_says_so", "{account_id: ['123', '124'], state: 'off', concurrency: 1}", "OFF 123, OFF 124, list",
         {"123": "rejected", "124": "ok"}, (_refused("31"),), RUNNING, msg=("NOT proven off: 123 (429", "31 s")),
    case("retry_after_21600_ends_the_account", OFF, "OFF 123, list", {"123": "rejected"}, (_refused("21600"),), RUNNING, msg=("21600 s",)),
    case("retry_after_of_ten_digits_ends_the_account", OFF, "OFF 123, list", {"123": "rejected"}, (_refused("1000000000"),), RUNNING,
         msg=("1000000000 s",)),
    case("retry_after_that_does_not_fit_the_deadline_ends_the_account", "{account_id: '123', state: 'off', deadline: 4}", "OFF 123, list",
         {"123": "rejected"}, (_refused("20"),), RUNNING, msg=("20 s",)),
    case("429_for_ever_ends_with_the_retries", "{account_id: '123', state: 'on', retries: 1}", "ON 123 x2, list", {"123": "rejected"},
         (answer(429, account="123", times=None),), msg=("Not on: 123 (429", "lower concurrency")),
    case("429_of_one_account_does_not_end_the_others", "{account_id: ['123', '124'], state: 'off', retries: 0, concurrency: 1}", "OFF 123, OFF 124, list",
         {"123": "rejected", "124": "ok"}, (answer(429, account="123"),), RUNNING),
    case("429_of_the_list_is_asked_again", OFF, "OFF 123 x3, list x2", {"123": "ok changed"},
         (change({"-bot_status": None}, account="123", times=None), answer(429, on="list")), RUNNING),
    case("429_for_all_accounts_off_does_not_keep_the_first_single_off_back", "{all_accounts: true, state: 'off', retries: 0}",
         "all_off, list, OFF 123, OFF 124, OFF 125", {"123": "ok changed", "124": "ok", "125": "ok"}, (answer(429, on="control_all", times=None),), RUNNING),
    case("limit_of_20_a_second_over_40_accounts", "{account_id: " + ids(40) + ", state: 'off', retries: 5}", None, all_of(40, "ok changed"), (),
         fleet(40, "RUNNING"), simulator={"rate_limit": 20}),
)
