# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pure: what the bulk command's answer, and the list, say of every account and of the command itself."""

from __future__ import annotations

from dataclasses import replace

from .._api.documents import OFF, ON, SUCCESS, BulkAnswer, BulkRow, Maybe, NotSent, Refusal
from . import verdicts
from .proof import Reading
from .records import OK, PENDING, REJECTED, UNKNOWN, Record
from .service import BulkResult, KeptBack

ALL_ACCOUNTS = "all accounts"


def is_accepted(answer: BulkResult) -> bool:
    """Tell whether the bulk command was answered success, which by itself proves no state."""
    return isinstance(answer, BulkAnswer) and answer.status == SUCCESS


def after_bulk(account_id: str, state: str, row: BulkRow | None, answer: BulkResult, maybe: bool) -> Record:
    """Return the record of one account after the bulk command.

    :param row: what the valid answer says of the account; None when it does not name it
    :param answer: the last one: BulkAnswer, Refusal, NotSent or Maybe
    :param maybe: whether any try of the bulk command may have been applied without a valid answer
    """
    record = Record(account_id, state, changed=maybe).noting(maybe_applied=maybe)
    if maybe:
        record = replace(record, outcome=UNKNOWN).noting(reason="an earlier attempt may have been applied")
    if isinstance(answer, Refusal):
        return verdicts.after_refusal(record, answer)
    if isinstance(answer, NotSent):
        return verdicts.after_not_sent(record, answer)
    if isinstance(answer, KeptBack):
        return verdicts.after_kept_back(record, answer)
    if isinstance(answer, Maybe):
        return verdicts.after_maybe(record, answer)
    if row is None:
        outcome = _unproven(state) if is_accepted(answer) else UNKNOWN
        return replace(record, outcome=outcome, changed=True, http_status=200).noting(
            maybe_applied=True, reason="the bulk answer does not name it"
        )
    record = replace(record, display_name=row.display_name, message=row.message, http_status=200, attempts=1)
    if row.status == SUCCESS:
        reason = "the bulk command was accepted" if is_accepted(answer) else f"the bulk answer is {answer.status}"
        record = replace(record, outcome=_unproven(state), changed=True)
        return record.noting(maybe_applied=True, accepted=is_accepted(answer), reason=reason + ", which proves no state")
    reason = f"the bulk answer calls it {row.status}{verdicts.says(row.message)}"
    return replace(record, outcome=REJECTED).noting(reason=reason)


def _unproven(state: str) -> str:
    return PENDING if state == ON else UNKNOWN


def needs_single(record: Record) -> bool:
    """Tell whether the account gets the single command after the bulk command and the reading."""
    if record.outcome == OK or record.evidence.final:
        return False
    if record.state == OFF:
        return True
    called_failed = record.outcome == REJECTED and record.http_status == 200
    return called_failed and "already" in (record.message or "").lower()


def records_after(answer: BulkResult, state: str, reading: Reading | None, maybe: bool) -> dict[str, Record]:
    """Return a record for every account that the bulk answer or the list names, the answer's order first."""
    rows = {row.account_id: row for row in answer.rows} if isinstance(answer, BulkAnswer) else {}
    listed = reading.rows if reading else {}
    records = {key: after_bulk(key, state, rows.get(key), answer, maybe) for key in dict.fromkeys((*rows, *listed))}
    return {key: verdicts.after_reading(record, reading) if reading else record for key, record in records.items()}


def count_unlisted(answer: BulkResult, records: dict[str, Record]) -> int:
    """Return how many accounts the service counted and nobody named."""
    counted = answer.affected_accounts if isinstance(answer, BulkAnswer) else None
    return max(0, (counted or 0) - len(records))


def own_record(
    state: str, answer: BulkResult, maybe: bool, records: dict[str, Record], unlisted: int, reading: Reading | None
) -> Record:
    """Return the bulk command's own record: ok once the accounts' records say all that there is to say."""
    bulk = after_bulk(ALL_ACCOUNTS, state, None, answer, maybe)
    if state == OFF and isinstance(answer, BulkAnswer) and reading is None and not (answer.affected_accounts and answer.rows):
        reason = "the answer does not name and count its accounts, and there is no list"
        return replace(bulk, outcome=UNKNOWN).noting(reason=reason)
    uncounted = isinstance(answer, BulkAnswer) and reading is None and answer.affected_accounts is None
    if not records and (uncounted or not is_accepted(answer)):
        return bulk if isinstance(answer, (NotSent, KeptBack)) else bulk.noting(reason=why(answer))
    return replace(bulk, outcome=OK, changed=unlisted > 0 or uncounted)


def why(answer: BulkResult) -> str:
    """Say what came instead of a usable answer to a request that concerns no single account."""
    if isinstance(answer, BulkAnswer):
        return f"200 with status {answer.status} that names no account"
    if isinstance(answer, Refusal) and answer.http_status == 404:
        return "404 the service has no such address"
    return verdicts.refusal_reason(answer) if isinstance(answer, Refusal) else answer.reason
