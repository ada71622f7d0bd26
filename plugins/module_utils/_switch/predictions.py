# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pure: check mode, what a real run would do to an account."""

from __future__ import annotations

from dataclasses import replace

from .._api.documents import STATUSES, Refusal
from .proof import Reading, as_wanted, status_of
from .records import OK, REJECTED, WOULD_SEND, Record
from .retries import ends_run
from .service import KeptBack
from .verdicts import after_kept_back, guarded


def predict(record: Record, reading: Reading | None) -> Record:
    """Return what a real run would do to the account; without a list: that it would send."""
    if reading is None:
        return _would_send(record, None)
    row = reading.rows.get(record.account_id)
    if record.account_id not in reading.rows:
        return replace(record, outcome=REJECTED).noting(reason="not in the list of the token's accounts")
    record = guarded(replace(record, display_name=row.display_name if row else None), reading)
    if record.outcome == REJECTED:
        return record
    if as_wanted(row, record.state):
        return replace(record, outcome=OK, previous_status=STATUSES[record.state], bot_status=STATUSES[record.state])
    return _would_send(record, status_of(row))


def foresee(record: Record, kept_back: KeptBack | None) -> Record:
    """Return what a hold would make of an ON: it is asked for whatever the bot does now."""
    return record if kept_back is None else replace(after_kept_back(record, kept_back), changed=False)


def _would_send(record: Record, status: str | None) -> Record:
    return replace(record, outcome=WOULD_SEND, changed=True, previous_status=status, bot_status=status)


def without_a_token(record: Record) -> Record:
    """Return what is known of the account where the token was refused: nothing would be sent with it."""
    return replace(record, http_status=401).noting(reason=ends_run(record.state, Refusal(401)) or "")
