# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The declared fleet against what runs -> what is found of each account. Pure.

An account is as declared only where bookie_bot says so: what nobody could read is not known, and fails.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Mapping, Sequence

from ...module_utils._api.documents import RUNNING, STATUSES, STOPPED
from ...module_utils._switch.proof import another_name, by_id, is_another_name, status_of
from ...module_utils._switch.records import HELD, OK, REJECTED, WOULD_SEND

# What is done about accounts that the list names and the file does not.
REPORT, FAIL, IGNORE = "report", "fail", "ignore"

AS_DECLARED = "as declared"
CHANGED = "changed"
DRIFT = "drift"
NOT_PROVEN = "not proven"
NOT_KNOWN = "not known"
UNDECLARED = "undeclared"


@dataclass(frozen=True)
class Finding:
    """What is found of one account; `declared` is its wanted state, None for an account that the file does not name."""

    account_id: str
    display_name: str | None
    declared: str | None
    bot_status: str | None
    verdict: str
    failed: bool
    detail: str = ""
    # Whether a hold keeps every ON to it back.
    held: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it as the templates of the reports have it: every text on one line, without characters that XML or a terminal cannot take."""
        texts = {name: printable(getattr(self, name) or "") for name in ("account_id", "display_name", "declared", "bot_status", "verdict")}
        return {**texts, "detail": printable(self.detail or self.declared or ""), "failed": self.failed, "held": self.held}


def printable(text: str) -> str:
    """Return the text on one line, without characters that XML or a terminal cannot take."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


@dataclass(frozen=True)
class Drift:
    """All findings, in the order of the file, then of the list.

    `problems` concern no single account, and each fails the run; `notes` are as general, and do not.
    """

    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    # How the ONs that were held may go, a sentence each.
    ways_out: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether anything drifts, is not proven or not known."""
        return bool(self.problems) or any(finding.failed for finding in self.findings)


def unusable(reason: str) -> Drift:
    """Return what is known when the fleet file cannot be used: nothing."""
    return Drift(problems=(reason,))


def drift_of(
    declared: Sequence[Mapping[str, Any]], result: Mapping[str, Any], account_list: Mapping[str, Any], applied: bool, undeclared: str
) -> Drift:
    """Return what is found of each account.

    :param declared: the accounts of the fleet file
    :param result: what bookie_bot returned for them, in check mode unless `applied`
    :param account_list: what bookie_account_info returned
    :param undeclared: REPORT, FAIL or IGNORE
    """
    listed = account_list.get("accounts") or []
    judged = {account["account_id"]: account for account in result.get("accounts") or []}
    findings = [_finding(entry, judged.get(entry["account_id"]), result, account_list, applied) for entry in declared]
    ways_out = tuple(printable(hold["way_out"]) for hold in result.get("holds") or [])
    if undeclared == IGNORE:
        return Drift(_marked(findings, listed), ways_out=ways_out)
    known = {entry["account_id"] for entry in declared}
    findings += [_undeclared(account_id, row, undeclared) for account_id, row in by_id(listed).items() if account_id not in known]
    if not account_list.get("failed"):
        return Drift(_marked(findings, listed), ways_out=ways_out)
    unread = f"Which accounts the file does not name is not known. {account_list.get('msg')}"
    # A fleet that was just applied and proven does not fail for a token that has no list.
    if applied and undeclared == REPORT:
        return Drift(tuple(findings), notes=(unread,), ways_out=ways_out)
    return Drift(tuple(findings), problems=(unread,), ways_out=ways_out)


def _marked(findings: Sequence[Finding], listed: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    held = {row["account_id"] for row in listed if row.get("held")}
    return tuple(replace(finding, held=finding.account_id in held) for finding in findings)


def _undeclared(account_id: str, row: Mapping[str, Any] | None, undeclared: str) -> Finding:
    """Return the finding of a listed account; no row stands for several."""
    status = status_of(row)
    seen = "listed more than once" if row is None else status or "in a status that the list does not show"
    return Finding(account_id, row["display_name"] if row is not None else None, None, status, UNDECLARED, undeclared == FAIL, f"{seen}, not in the file")


def _finding(
    entry: Mapping[str, Any], account: Mapping[str, Any] | None, result: Mapping[str, Any], account_list: Mapping[str, Any], applied: bool
) -> Finding:
    state = entry["state"]
    if account is None:
        return Finding(entry["account_id"], entry.get("display_name"), state, None, NOT_KNOWN, True, result.get("msg") or "nothing was read")
    verdict, detail = _applied(entry, account, account_list) if applied else _compared(entry, account, account_list)
    name = account["display_name"] or entry.get("display_name")
    return Finding(entry["account_id"], name, state, account["bot_status"], verdict, verdict not in (AS_DECLARED, CHANGED), detail)


def _applied(entry: Mapping[str, Any], account: Mapping[str, Any], account_list: Mapping[str, Any]) -> tuple[str, str]:
    """Return verdict and detail of a command that was sent, or kept back."""
    if account["outcome"] == OK:
        return (CHANGED, f"switched {entry['state']}") if account["changed"] else (AS_DECLARED, "")
    if account["outcome"] == REJECTED and account["http_status"] is None:
        return NOT_PROVEN, f"{_why_rejected(entry, account, account_list)}, nothing was sent to it"
    return NOT_PROVEN, account["verdict"]


def _compared(entry: Mapping[str, Any], account: Mapping[str, Any], account_list: Mapping[str, Any]) -> tuple[str, str]:
    """Return verdict and detail of a prediction."""
    status = account["bot_status"]
    if account["outcome"] == OK:
        return AS_DECLARED, ""
    if account["outcome"] == REJECTED:
        return DRIFT, _why_rejected(entry, account, account_list)
    if account["outcome"] == HELD:
        return DRIFT, f"{status or 'not known'}, declared {entry['state']}, {account['verdict']}"
    if account["outcome"] != WOULD_SEND or status not in (RUNNING, STOPPED):
        return NOT_KNOWN, account_list["msg"] if account_list.get("failed") else "the list does not show its status"
    if status == STATUSES[entry["state"]]:
        return DRIFT, f"{status} with active sessions, declared {entry['state']}"
    return DRIFT, f"{status}, declared {entry['state']}"


def _why_rejected(entry: Mapping[str, Any], account: Mapping[str, Any], account_list: Mapping[str, Any]) -> str:
    """Say why bookie_bot keeps the command of this account back."""
    name, guard = account["display_name"], entry.get("display_name")
    if is_another_name(guard, name):
        return another_name(guard, name)
    if any(row["account_id"] == entry["account_id"] for row in account_list.get("accounts") or []):
        return "listed more than once"
    return "not in the list of the token's accounts"


def message(drift: Drift, applied: bool) -> str:
    """Say what was found, to which accounts, and what to do next."""
    declared = [finding for finding in drift.findings if finding.declared is not None]
    sentences: list[str] = list(drift.problems)
    for verdict, words in ((NOT_PROVEN, "NOT as declared: {0}."), (DRIFT, "Drift: {0}."), (NOT_KNOWN, "Not known: {0}.")):
        found = [finding for finding in declared if finding.verdict == verdict]
        if found:
            sentences.append(words.format(", ".join(f"{one.account_id} ({one.detail.rstrip('.')})" for one in found)))
    if declared:
        good = sum(not finding.failed for finding in declared)
        changed = sum(finding.verdict == CHANGED for finding in declared)
        sentences.append(f"{good} of {len(declared)} declared accounts as declared{f', {changed} changed' if applied else ''}.")
    others = [finding.account_id for finding in drift.findings if finding.declared is None]
    if others:
        sentences.append(f"Not in the file: {', '.join(others)}.")
    held = [finding.account_id for finding in drift.findings if finding.held]
    if held:
        sentences.append(f"A hold keeps every ON back: {', '.join(held)}.")
    return " ".join([*sentences, *drift.notes, *_next_steps(drift)])


def lines(drift: Drift) -> list[str]:
    """Return `123 TAB Main Account: as declared (off)` for each account."""
    findings = [finding.as_dict() for finding in drift.findings]
    return [f"{(one['account_id'] + ' ' + one['display_name']).rstrip()}: {one['verdict']} ({one['detail']}){', held' * one['held']}" for one in findings]


def _next_steps(drift: Drift) -> list[str]:
    verdicts = {finding.verdict for finding in drift.findings if finding.failed}
    steps = []
    if DRIFT in verdicts:
        steps.append("Correct the file, or apply it with bookie_drift_enforce: true.")
    if NOT_PROVEN in verdicts:
        steps.append("Check these accounts in Betmatic, then run this again.")
    if UNDECLARED in verdicts:
        steps.append("Add what is not in the file, or set bookie_undeclared.")
    return [*steps, *drift.ways_out]
