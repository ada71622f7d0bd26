# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was read and proven of each account -> evidence that no bot runs, or that one does, or that nobody knows. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from ...module_utils._api.documents import OFF, ON, RUNNING
from ...module_utils._errors import InputError
from ...module_utils._switch import proof
from ...module_utils._switch.records import OK
from . import bookmakers as _bookmakers
from . import names

COMPLIANT = "compliant"
NOT_COMPLIANT = "not compliant"
NOT_KNOWN = "not known"

# The verdict on one account that is not off.
RUNS = "runs"

_BASIS_NOTHING = "Nothing was read and nothing was proven."
_BASIS_READINGS = "The list of accounts as read before this time. No command was sent. A bot that was starting looks stopped in the list."
_BASIS_COMMANDS = "An OFF for each of these accounts, as its command tells. Its answer, or the list read after it, proves what is reported as off."
_COMMAND = ("outcome", "changed", "previous_status", "bot_status", "http_status", "attempts", "message", "timestamp")


@dataclass(frozen=True)
class Scope:
    """Which accounts: every one, or those named and those at these bookmakers."""

    account_ids: tuple[str, ...] = ()
    bookmakers: tuple[str, ...] = ()
    all_accounts: bool = False


def scope_of(account_ids: Any, bookmakers: Any, all_accounts: bool) -> Scope:
    """Return the scope that three variables say; raises InputError where they say none, or two: nothing means every account by itself."""
    ids = names.account_ids(account_ids, "bookie_account_ids")
    at = _bookmakers.some_named(bookmakers)
    if all_accounts and (ids or at):
        raise InputError("bookie_all_accounts is true, and bookie_account_ids or bookie_bookmakers names some: use one or the other")
    if not all_accounts and not ids and not at:
        raise InputError(
            "no account is in scope: name accounts with bookie_account_ids, bookmakers with bookie_bookmakers,"
            " or say bookie_all_accounts=true for every account of the token"
        )
    return Scope(tuple(ids), tuple(at), all_accounts)


def in_scope(listed: Sequence[Mapping[str, Any]], scope: Scope) -> list[str]:
    """Return the ids of the accounts in scope, each once: those named, listed or not, then those of the list."""
    found = [row["account_id"] for row in listed if scope.all_accounts or row["bookie"] in scope.bookmakers]
    return list(dict.fromkeys([*scope.account_ids, *found]))


def evidence_of(account_list: Mapping[str, Any], result: Mapping[str, Any], scope: Scope, applied: bool) -> dict[str, Any]:
    """Return verdict, msg, basis and accounts.

    :param account_list: what bookie_account_info returned
    :param result: what bookie_bot returned for the accounts in scope with state off, in check mode unless `applied`
    """
    listed = account_list.get("accounts") or []
    judged = {account["account_id"]: account for account in result.get("accounts") or []}
    rows = proof.by_id(listed)
    accounts = [_account(key, rows.get(key), judged.get(key), applied) for key in in_scope(listed, scope)]
    problems = _problems(account_list, scope, applied)
    verdicts = {account["verdict"] for account in accounts}
    if RUNS in verdicts:
        verdict = NOT_COMPLIANT
    else:
        verdict = NOT_KNOWN if problems or NOT_KNOWN in verdicts else COMPLIANT
    return {"verdict": verdict, "msg": _message(verdict, accounts, problems, result), "basis": _basis(account_list, result, applied), "accounts": accounts}


def _basis(account_list: Mapping[str, Any], result: Mapping[str, Any], applied: bool) -> str:
    if applied and (result.get("accounts") or result.get("changed")):
        return _BASIS_COMMANDS
    return _BASIS_NOTHING if account_list.get("failed") else _BASIS_READINGS


def _problems(account_list: Mapping[str, Any], scope: Scope, applied: bool) -> list[str]:
    """Return what keeps the accounts in scope from being known."""
    if account_list.get("failed"):
        # Accounts that are named are proven off by their own commands; no list is needed for them.
        return [] if applied and not scope.bookmakers and not scope.all_accounts else [str(account_list.get("msg"))]
    at = {row["bookie"] for row in account_list.get("accounts") or []}
    if scope.all_accounts and not at:
        # As well the list of a token that is not meant.
        return ["The list names no account: check that this is the right token, or name the accounts."]
    return list(_bookmakers.problems(account_list.get("accounts") or [], scope.bookmakers)) if scope.bookmakers else []


def _account(key: str, row: Mapping[str, Any] | None, account: Mapping[str, Any] | None, applied: bool) -> dict[str, Any]:
    verdict = _off_or_not(account) if applied else _reads(row, account)
    known: Mapping[str, Any] = row or {}
    return {
        "account_id": key,
        "display_name": known.get("display_name") or (account or {}).get("display_name"),
        "bookie": known.get("bookie"),
        # As the list showed them, before any command.
        "bot_status": known.get("bot_status"),
        "running_sessions": known.get("running_sessions"),
        # Whether a hold kept every ON to it back.
        "held": known.get("held"),
        "verdict": verdict,
        "command": {name: account[name] for name in _COMMAND} if applied and account else None,
        "detail": account["verdict"] if applied and account else _detail(row),
    }


def _off_or_not(account: Mapping[str, Any] | None) -> str:
    if account is None:
        return NOT_KNOWN
    if account["outcome"] == OK:
        return OFF
    return RUNS if account["bot_status"] == RUNNING else NOT_KNOWN


def _reads(row: Mapping[str, Any] | None, account: Mapping[str, Any] | None) -> str:
    """Return the verdict of two readings, the list's row and what check mode found after it: off only where both say so."""
    if proof.as_wanted(row, ON) or (row and row["running_sessions"]) or (account and account["bot_status"] == RUNNING):
        return RUNS
    return OFF if proof.as_wanted(row, OFF) and account and account["outcome"] == OK else NOT_KNOWN


def _detail(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "not in a list that was read"
    sessions = row["running_sessions"]
    return f"{row['bot_status'] or 'no status'}{f', {sessions} sessions' if sessions else ''}"


def _message(verdict: str, accounts: Sequence[Mapping[str, Any]], problems: Sequence[str], result: Mapping[str, Any]) -> str:
    sentences = [f"{verdict.capitalize()}."]
    for word, words in ((RUNS, "Runs: {0}."), (NOT_KNOWN, "Not known: {0}.")):
        found = [f"{one['account_id']} ({one['detail']})" for one in accounts if one["verdict"] == word]
        sentences += [words.format(", ".join(found))] if found else []
    sentences += problems
    sentences.append(f"{sum(one['verdict'] == OFF for one in accounts)} of {len(accounts)} accounts off.")
    if result.get("failed"):
        sentences.append(str(result.get("msg")))
    return " ".join(sentences)


def holds_of(info: Mapping[str, Any]) -> dict[str, Any]:
    """Return the holds at the service of this run, and what cannot be read, which keeps every ON back.

    :param info: what bookie_hold_info returned; empty where it did not run
    """
    standing = [hold for hold in info.get("holds") or [] if hold["here"] and not hold["ended"]]
    return {"known": "holds" in info and not info.get("failed") and not info.get("missing"), "standing": standing, "broken": list(info.get("broken") or [])}


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with the SHA-256 of its canonical form: sorted keys, no blanks, ASCII."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return dict(content, sha256=hashlib.sha256(text.encode("ascii")).hexdigest())
