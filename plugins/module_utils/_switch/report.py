# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Findings -> what the task returns: always the same keys, and a message that says what to do next."""

from __future__ import annotations

import os
import traceback
from typing import Any, Iterable, Mapping, Sequence

from .._api.documents import COMMANDS, OFF, ON, STATUSES
from .bulk import ALL_ACCOUNTS
from .records import (
    HELD,
    NOT_ATTEMPTED,
    NOT_SENT,
    OK,
    OUTCOMES,
    PENDING,
    REJECTED,
    UNKNOWN,
    WOULD_SEND,
    Findings,
    Record,
)

_RETURNED = (
    "account_id",
    "display_name",
    "state",
    "outcome",
    "changed",
    "failed",
    "previous_status",
    "bot_status",
    "message",
    "http_status",
    "attempts",
    "session_info",
    "timestamp",
    "held",
)

_NEXT_STEPS = {
    400: "400: check the account_id, then whether the API has changed.",
    401: "401: nothing more was sent. Log in again or refresh the token, then put the new one where this one came from:"
    " BETMATIC_API_TOKEN, api_token, or the token's file.",
    403: "403: use a token that may control these accounts.",
    404: "404: check the account_id and that the token belongs to the account's owner.",
    406: "406: the bot is not configured, in maintenance, has technical issues, or its service is unavailable."
    " Check the account in Betmatic, then run the task again.",
    429: "429: run again with a lower concurrency.",
}
_REJECTED_OTHERWISE = "rejected: check the account in Betmatic, then run the task again."
_CHECK_URL = "404: check api_url."
_CHECK_NAME = "display_name: nothing was sent. Check which account is meant, then correct account_id or display_name."
DO_NOT_REPEAT = "Do not run the task again before you have checked both accounts in Betmatic: another one may have got the command."
_NEXT_STEPS_BY_OUTCOME = {
    NOT_SENT: "not_sent: check api_url, network, proxy and certificates, then run the task again.",
    NOT_ATTEMPTED: "not_attempted: run the task again for these accounts.",
}
_UNKNOWN = {
    OFF: "unknown: OFF may have been applied. Run the task again, or check the account in Betmatic.",
    ON: "unknown: ON may have been applied. Check the account in Betmatic before you send ON again.",
}


def report(findings: Findings, check_mode: bool) -> dict[str, Any]:
    """Return changed, failed, msg, accounts, summary and diff."""
    everything = findings.records + ((findings.bulk,) if findings.bulk else ())
    failures = _failures(findings, everything)
    if failures:
        sentences = [". ".join(failures) + ".", *_counted(findings.records, check_mode), *_next_steps(everything)]
    else:
        sentences = _without_failure(findings, everything, check_mode)
    msg = " ".join([*sentences, *_pending(everything)])
    return {
        "changed": any(record.changed for record in everything),
        "failed": bool(failures),
        "msg": msg,
        "accounts": [_returned(record) for record in findings.records],
        "summary": _summary(findings),
        "holds": _holds(everything),
        "diff": _diff(findings.records),
    }


def _returned(record: Record) -> dict[str, Any]:
    account = {key: getattr(record, key) for key in _RETURNED}
    return dict(account, verdict=verdict(account, record.why))


def verdict(account: Mapping[str, Any], why: str = "") -> str:
    """Return the result of one account in words, without its name.

    :param account: as it is returned
    :param why: our reason, for where the service said nothing
    """
    state, outcome = account["state"], account["outcome"]
    if outcome == OK:
        return str(state)
    if outcome == PENDING:
        return f"{COMMANDS[state]} was accepted, not proven yet"
    if outcome == WOULD_SEND:
        return f"would be sent {COMMANDS[state]}"
    if outcome == HELD:
        return why or "held"
    said = [account["http_status"], account["bot_status"], account["message"]]
    # A refusal is told by its status; where the service said nothing, our own reason does.
    ours = [] if outcome == REJECTED and account["http_status"] else [outcome.replace("_", " ")]
    words = [*ours, *(said if any(said) else [why or None])]
    return f"NOT proven {state} ({', '.join(str(word) for word in words if word is not None)})"


def refused(msg: str) -> dict[str, Any]:
    """Return the result of a task that sent nothing because an option cannot be used."""
    return dict(report(Findings(), check_mode=False), failed=True, msg=msg)


def broken(error: Exception) -> dict[str, Any]:
    """Return the result of a task that met a fault of this collection: commands may have been sent."""
    msg = f"NOT proven: {fault(error)}. Commands may have been sent: check the accounts in Betmatic."
    return dict(report(Findings(), check_mode=False), changed=True, failed=True, msg=msg)


def fault(error: Exception) -> str:
    """Name the place of an internal error, without a word of the exception's own text."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"internal error in bookieops.betmatic ({type(error).__name__} in {os.path.basename(place.filename)}, line {place.lineno}); please report it"


def _holds(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Return each hold that kept something back, once."""
    holds: list[dict[str, Any]] = []
    for hold in (one for record in records for one in record.evidence.holds):
        if dict(hold) not in holds:
            holds.append(dict(hold))
    return holds


def _summary(findings: Findings) -> dict[str, int]:
    counts = {outcome: sum(record.outcome == outcome for record in findings.records) for outcome in OUTCOMES}
    changed = sum(record.changed for record in findings.records)
    return dict(total=len(findings.records), changed=changed, unlisted=findings.unlisted, **counts)


def _failures(findings: Findings, everything: Sequence[Record]) -> list[str]:
    """Return what failed, a phrase for each direction; OFF first."""
    phrases = []
    for state, words in ((OFF, "NOT proven off: "), (ON, "Not on: ")):
        failed = _grouped(record for record in everything if record.failed and record.state == state)
        if state == OFF and findings.unlisted and findings.bulk and findings.bulk.state == OFF:
            failed.append(f"{count_of_accounts(findings.unlisted, ' more')} that the service counted and did not name")
        if failed:
            phrases.append(words + ", ".join(failed))
    if findings.fault:
        phrases.append("The run ended early: " + fault(findings.fault))
    if phrases and findings.no_list:
        phrases.append(f"There was no list to read: {findings.no_list}")
    return phrases


def _grouped(records: Iterable[Record]) -> list[str]:
    """Return `ids (reason)` for each reason, in the order in which the reasons first come."""
    ids: dict[str, list[str]] = {}
    for record in records:
        reason = record.why
        if record.outcome == NOT_ATTEMPTED:
            reason = "not attempted: " + reason
        ids.setdefault(reason, []).append(record.account_id)
    return [f"{', '.join(accounts)} ({reason})" for reason, accounts in ids.items()]


def _without_failure(findings: Findings, everything: Sequence[Record], check_mode: bool) -> list[str]:
    sentences = _would_send(findings, everything) if check_mode else []
    sentences += _counted(findings.records, check_mode)
    if findings.unlisted:
        sentences.append(f"{count_of_accounts(findings.unlisted, ' more')} counted by the service and not named.")
    return sentences


def _pending(records: Sequence[Record]) -> list[str]:
    pending = _grouped(record for record in records if record.outcome == PENDING)
    return [f"Pending: {', '.join(pending)}. Use wait to go on until they are proven."] if pending else []


def _would_send(findings: Findings, everything: Sequence[Record]) -> list[str]:
    sentences = []
    for state in (OFF, ON):
        ids = [record.account_id for record in everything if record.changed and record.state == state]
        if ids:
            sentences.append(f"Would send {COMMANDS[state]} to {', '.join(ids)}.")
    if findings.no_list:
        sentences.append(f"There is no list to read the present state from: {findings.no_list}.")
    return sentences


def _counted(records: Sequence[Record], check_mode: bool) -> list[str]:
    if not records:
        return [] if check_mode else ["No account is named."]
    good = sum(record.outcome == OK for record in records)
    changed = sum(record.changed for record in records)
    verb = "to change" if check_mode else "changed"
    return [f"{good} of {count_of_accounts(len(records))} as wanted, {changed} {verb}."]


def count_of_accounts(count: int, more: str = "") -> str:
    """Return `1 account`, `2 accounts`, `2 more accounts`."""
    return f"{count}{more} account{'' if count == 1 else 's'}"


def _next_steps(records: Sequence[Record]) -> list[str]:
    """Return each next step once, in the order of the failed accounts."""
    return list(dict.fromkeys(_next_step(record) for record in records if record.failed))


def _next_step(record: Record) -> str:
    if record.held:
        return record.evidence.way_out
    if record.evidence.final:
        return DO_NOT_REPEAT if record.outcome == UNKNOWN else _CHECK_NAME
    if record.outcome == UNKNOWN:
        return _UNKNOWN[record.state]
    if record.http_status == 401:
        return _NEXT_STEPS[401]
    if record.outcome in _NEXT_STEPS_BY_OUTCOME:
        return _NEXT_STEPS_BY_OUTCOME[record.outcome]
    if record.http_status == 404 and record.account_id == ALL_ACCOUNTS:
        return _CHECK_URL
    return _NEXT_STEPS.get(record.http_status or 0, _REJECTED_OTHERWISE)


def _diff(records: Sequence[Record]) -> dict[str, str]:
    """Return prepared text, a line for each account that changes: core compares nested data slowly."""
    changing = [record for record in records if record.changed]
    return {
        "before": "".join(_line(record, record.previous_status) for record in changing),
        "after": "".join(_line(record, _status_after(record)) for record in changing),
    }


def _status_after(record: Record) -> str | None:
    if record.outcome == WOULD_SEND:
        return STATUSES[record.state]
    return None if record.outcome == UNKNOWN else record.bot_status


def _line(record: Record, status: str | None) -> str:
    name = " " + record.display_name if record.display_name else ""
    return "{0}{1}: {2}\n".format(record.account_id, name, status or "unknown")
