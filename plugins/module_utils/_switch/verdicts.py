# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pure decisions: an answer or a reading, and the wanted state -> the account's record.

Off needs proof, and `changed` is never taken back.
"""

from __future__ import annotations

from dataclasses import replace

from .._api.documents import (
    OFF,
    ON,
    RUNNING,
    STATUSES,
    STOPPED,
    SUCCESS,
    ControlAnswer,
    Maybe,
    NotSent,
    Refusal,
)
from .proof import Reading, another_name, as_wanted, is_another_name
from .records import (
    HELD,
    NOT_ATTEMPTED,
    NOT_SENT,
    OK,
    PENDING,
    REJECTED,
    UNKNOWN,
    Record,
)
from .service import ControlResult, KeptBack

_REFUSALS = {
    400: "the service calls the request malformed",
    401: "token invalid or expired",
    403: "not allowed for this token",
    404: "not one of the token's accounts",
    406: "the bot cannot be controlled",
    408: "the service waited too long for the request",
    429: "too many requests",
}


# --- one account's answers -------------------------------------------------------------------------------------


def before_command(record: Record) -> Record:
    """Return the record as it must stand while a command is under way: perhaps applied, not proven."""
    return replace(
        record,
        outcome=UNKNOWN,
        changed=True,
        previous_status=None,
        attempts=record.attempts + 1,
    ).noting(maybe_applied=True, reason="no answer came before the run ended", shown="")


def after_answer(record: Record, answer: ControlResult) -> Record:
    """Fold the answer to one single command into the record that stood before it was sent."""
    if isinstance(answer, NotSent):
        return after_not_sent(record, answer)
    if isinstance(answer, KeptBack):
        return after_kept_back(record, answer)
    record = replace(record, attempts=record.attempts + 1, http_status=200, message=None).noting(shown="")
    if isinstance(answer, Maybe):
        return after_maybe(record, answer)
    if isinstance(answer, Refusal):
        return after_refusal(record, answer)
    record = _with_words(record, answer)
    if answer.account_id != record.account_id:
        return _final_unknown(record, f"the answer is about account {answer.account_id}, not {record.account_id}")
    if is_another_name(record.evidence.guard, answer.display_name):
        return _final_unknown(record, another_name(record.evidence.guard, answer.display_name))
    return _after_off(record, answer) if record.state == OFF else _after_on(record, answer)


def after_not_sent(record: Record, answer: NotSent) -> Record:
    """Fold a command that never left into the record."""
    # What an earlier command did is not undone by one that never left.
    if record.outcome not in (NOT_ATTEMPTED, NOT_SENT):
        return record
    return replace(record, outcome=NOT_SENT).noting(reason=answer.reason)


def after_kept_back(record: Record, kept_back: KeptBack) -> Record:
    """Fold an ON that a hold kept back into the record; what an earlier attempt may have done stays."""
    record = record.noting(way_out=kept_back.way_out, holds=kept_back.holds)
    if record.evidence.maybe_applied:
        return record.noting(reason=f"{record.evidence.reason}, then {kept_back.reason}")
    return replace(record, outcome=HELD).noting(reason=kept_back.reason)


def reopened(record: Record) -> Record:
    """Return the record of an OFF after which an ON may have come: proven by nothing until the next OFF is accepted."""
    record = record.noting(accepted=False)
    if record.outcome != OK:
        return record
    return replace(record, outcome=UNKNOWN).noting(reason="no OFF was sent after the hold was placed")


def carried(before: Record | None, record: Record) -> Record:
    """Return a record of the second sweep with what the first one is known to have done."""
    if before is None:
        return record
    if before.evidence.final:
        return replace(before, attempts=before.attempts + record.attempts)
    previous = before.previous_status if before.changed else record.previous_status
    return replace(
        record,
        changed=before.changed or record.changed,
        previous_status=previous,
        attempts=before.attempts + record.attempts,
        display_name=record.display_name or before.display_name,
    )


def after_maybe(record: Record, answer: Maybe) -> Record:
    """Fold an answer that may have been lost into the record."""
    return replace(
        record,
        outcome=UNKNOWN,
        changed=True,
        previous_status=None,
        bot_status=None,
        http_status=answer.http_status,
        message=answer.message,
    ).noting(maybe_applied=True, reason=answer.reason)


def after_refusal(record: Record, answer: Refusal) -> Record:
    """Fold a 3xx or 4xx into the record: nothing was applied."""
    return replace(record, outcome=REJECTED, http_status=answer.http_status, message=answer.message).noting(reason=refusal_reason(answer))


def refusal_reason(answer: Refusal) -> str:
    """Say in a few words what a 3xx or 4xx means, with the service's own words behind it."""
    words = "redirected, which is never followed" if answer.http_status < 400 else _REFUSALS.get(answer.http_status, "refused")
    return f"{answer.http_status} {words}{says(answer.message)}"


def says(message: str | None) -> str:
    """Return the service's own words as the end of a reason."""
    return f", it says: {message}" if message else ""


def _with_words(record: Record, answer: ControlAnswer) -> Record:
    """Take over what a valid answer says, short of a verdict."""
    return replace(
        record,
        display_name=answer.display_name or record.display_name,
        previous_status=None if record.evidence.maybe_applied else record.previous_status or answer.previous_status,
        bot_status=answer.bot_status,
        message=answer.message,
        session_info=answer.session_info,
        timestamp=answer.timestamp,
    ).noting(last_word=answer.bot_status or record.evidence.last_word)


def _final_unknown(record: Record, reason: str) -> Record:
    """End with a doubt that no later evidence removes: another account may have got the command."""
    return replace(record, outcome=UNKNOWN, changed=True, previous_status=None).noting(reason=reason, final=True)


def _after_off(record: Record, answer: ControlAnswer) -> Record:
    if answer.status == SUCCESS:
        record = record.noting(accepted=True)
    stopped = answer.bot_status == STOPPED and answer.no_sessions
    if stopped and (answer.status == SUCCESS or answer.previous_status == STOPPED):
        return _proven(record, answer)
    if answer.status == SUCCESS:
        return _doubtful(record, f"the answer is success, but says {_what_it_says(answer)}")
    return _after_failure(record, answer)


def _after_on(record: Record, answer: ControlAnswer) -> Record:
    if answer.bot_status == RUNNING:
        return _proven(record, answer)
    if answer.status == SUCCESS and answer.bot_status == STOPPED:
        return _doubtful(record, f"the answer is success, but says {_what_it_says(answer)}")
    if answer.status == SUCCESS:
        accepted = f"ON is accepted, the bot is {answer.bot_status or 'in a status that the answer does not name'}"
        return replace(record, outcome=PENDING, changed=record.changed or _switched(ON, answer)).noting(reason=accepted)
    return _after_failure(record, answer)


def _proven(record: Record, answer: ControlAnswer) -> Record:
    return replace(record, outcome=OK, changed=record.changed or _switched(record.state, answer)).noting(reason="")


def _switched(state: str, answer: ControlAnswer) -> bool:
    """Whether an answer that proves the state leaves room for a change made by this command."""
    if answer.status == SUCCESS:
        return answer.previous_status != STATUSES[state]
    return answer.previous_status not in (None, STATUSES[state])


def _after_failure(record: Record, answer: ControlAnswer) -> Record:
    """200 with a status other than success: not applied, unless its own words show a change."""
    if None not in (answer.previous_status, answer.bot_status) and answer.previous_status != answer.bot_status:
        return _doubtful(record, f"the answer is {answer.status}, but says {_what_it_says(answer)}")
    return replace(record, outcome=REJECTED).noting(reason=f"200 with status {answer.status}{says(answer.message)}")


def _doubtful(record: Record, reason: str) -> Record:
    return replace(record, outcome=UNKNOWN, changed=True).noting(reason=reason)


def _what_it_says(answer: ControlAnswer) -> str:
    sessions = "" if answer.no_sessions else " with active sessions"
    return f"{answer.bot_status or 'no status'}{sessions}, before that {answer.previous_status or 'no status'}"


# --- readings --------------------------------------------------------------------------------------------------


def is_open(record: Record) -> bool:
    """Tell whether a reading may still settle the record: a command reached the service, and nothing is proven."""
    return record.outcome in (PENDING, REJECTED, UNKNOWN) and not record.evidence.final


def list_can_prove(record: Record) -> bool:
    """Tell whether a row of the list may prove the bot off: only after an OFF that the service accepted."""
    # A bot that is starting looks stopped in the list, and only an OFF that was accepted says that it is no longer starting.
    return record.evidence.accepted and record.evidence.last_word in (None, RUNNING, STOPPED)


def after_reading(record: Record, reading: Reading) -> Record:
    """Fold a reading that was taken after the account's last command into its record."""
    if not is_open(record):
        return record
    row = reading.rows.get(record.account_id)
    if row is None:
        return record.noting(shown=_shown(record, reading))
    record = replace(record, display_name=record.display_name or row.display_name)
    if is_another_name(record.evidence.guard, row.display_name):
        return _final_unknown(record, another_name(record.evidence.guard, row.display_name))
    if as_wanted(row, record.state) and (record.state == ON or list_can_prove(record)):
        # What an earlier answer said of sessions is no longer so.
        return replace(record, outcome=OK, bot_status=STATUSES[record.state], session_info=None, timestamp=None).noting(reason="", shown="")
    if row.bot_running is True:
        record = replace(record, bot_status=RUNNING)
    return record.noting(shown=_shown(record, reading))


def _shown(record: Record, reading: Reading) -> str:
    """Say what the list shows of an account that should be off and is not proven off."""
    if record.state == ON:
        return ""
    if record.account_id not in reading.rows:
        return "the list does not name it"
    row = reading.rows[record.account_id]
    if row is None:
        return "the list names it more than once"
    if row.bot_running is None:
        return "the list does not say whether it runs"
    if row.bot_running or not row.no_sessions:
        return "the list shows it running" if row.bot_running else "the list shows running sessions"
    return "the list shows it stopped, as it does a bot that is starting"


def is_waited_for(record: Record) -> bool:
    """Tell whether `wait` goes on for the account; what was rejected is not waited for."""
    return record.outcome in (PENDING, UNKNOWN) and not record.evidence.final


def after_waiting(record: Record) -> Record:
    """Return the record when waiting has ended: what is still pending was not proven."""
    if record.outcome != PENDING:
        return record
    return replace(record, outcome=UNKNOWN, changed=True).noting(reason=record.evidence.reason + ", still so when the wait ended")


def guarded(record: Record, reading: Reading | None) -> Record:
    """Refuse the account, before anything more is sent to it, when the list shows another display_name."""
    if reading is None or record.evidence.guard is None or record.account_id not in reading.rows:
        return record
    row = reading.rows[record.account_id]
    if row is None:
        return _kept_back(record, "the list has it more than once, so that display_name cannot be checked")
    if is_another_name(record.evidence.guard, row.display_name):
        return _kept_back(replace(record, display_name=row.display_name), another_name(record.evidence.guard, row.display_name))
    return record


def _kept_back(record: Record, reason: str) -> Record:
    if record.attempts:
        return _final_unknown(record, reason)
    return replace(record, outcome=REJECTED).noting(final=True, reason=reason + ", nothing was sent to it")
