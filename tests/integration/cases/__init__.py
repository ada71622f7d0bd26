# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The acceptance table, a file a section."""

from __future__ import annotations

from ansible_collections.bookieops.betmatic.tests.integration.cases import (
    all_accounts,
    answers,
    check_mode,
    contradictions,
    ids,
    malformed,
    maybe,
    options,
    rate,
    signals,
    single,
    transport,
    waiting,
)

SECTIONS = (single, maybe, malformed, contradictions, answers, rate, ids, options, check_mode, all_accounts, waiting, transport, signals)
CASES = tuple(case for section in SECTIONS for case in section.CASES)
# Each in one task: an option list, what the bots are before, and an account for each variant.
VARIANTS = {
    "off_once": ("state: 'off', retries: 0", "RUNNING", malformed.VARIANTS + contradictions.VARIANTS),
    "off": ("state: 'off', timeout: 1.5", "RUNNING", maybe.VARIANTS_OFF),
    "on": ("state: 'on', timeout: 1.5", "STOPPED", maybe.VARIANTS_ON),
}
assert len({case.id for case in CASES}) == len(CASES)
