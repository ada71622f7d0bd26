# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A trading day for two of three accounts, what of it is installed, and where."""

from __future__ import annotations

DAY = {
    "bookie_account_ids": ["201", "202"],
    "bookie_trading_windows": [{"start": "09:00", "end": "17:30", "weekdays": ["mon", "sat"]}],
    "bookie_restricted_periods": [{"start": "09:00", "end": "10:00", "weekdays": ["sat"]}],
}
ABSENT = {"bookie_schedule_state": "absent"}
# Saturday's ON at 09:00 would meet the restricted period: there is none.
TIMES = {"30 17 * * 1,6": "off", "0 9 * * 1": "on", "0 10 * * 6": "on"}


def states(host):
    return {times: job.rpartition(" ")[2] for times, job in host.jobs().items()}


def script(host):
    return host.home / ".local/share/bookieops/trading_day"
