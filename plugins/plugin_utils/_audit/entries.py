# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a task returned -> the entries of the audit trail, one for each account, and their lines. Knows no file and no Ansible."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, Iterable, Mapping, Sequence

from ...module_utils._api import token as api_token
from ...module_utils._api.documents import is_account_id
from ...module_utils._errors import NOTHING_SENT
from ...module_utils._switch.records import UNKNOWN

Entry = Dict[str, Any]

# The fields of an entry, in the order of the line; an entry that the task told nothing of, or that has no account, also has `msg`.
FIELDS = (
    "time",
    "user",
    "playbook",
    "play",
    "task",
    "host",
    "account_id",
    "display_name",
    "state",
    "outcome",
    "changed",
    "failed",
    "previous_status",
    "bot_status",
    "http_status",
    "message",
    "reason",
    "check_mode",
)
_OF_ACCOUNT = ("account_id", "display_name", "state", "outcome", "changed", "failed", "previous_status", "bot_status", "http_status", "message")
# Free text, which could repeat the token. The others are vocabulary or checked when they were read.
_FREE_TEXT = ("user", "playbook", "play", "task", "host", "display_name", "previous_status", "bot_status", "message", "reason", "msg")
_MASK = "********"
_STATES = {True: "on", False: "off", "on": "on", "off": "off"}
_MOST_NAMED = 20


@dataclass(frozen=True)
class Ended:
    """A task that ended on a host: where it stands, and what was asked for.

    `failed`: whether Ansible calls it failed. `options`: the task's options as far as they are known, empty where they must not be shown.
    """

    time: str
    user: str
    playbook: str | None
    play: str | None
    task: str
    host: str
    check_mode: bool
    failed: bool
    options: Mapping[str, Any]


def entries(ended: Ended, result: Mapping[str, Any], tokens: Iterable[str]) -> list[Entry]:
    """Return an entry for each account, and one without account where they do not tell everything.

    Of a task that told nothing and may have sent its commands, that is an entry for each account that it was asked for.

    :param result: what the task returned
    :param tokens: masked wherever they stand, with their parts
    """
    accounts = _accounts(result)
    found = [_entry(ended, {key: account.get(key) for key in _OF_ACCOUNT}, result) for account in accounts]
    secrets = sorted({secret for token in tokens if token.strip() for secret in api_token.secrets_of(token.strip())}, key=len, reverse=True)
    whole = {"changed": bool(result.get("changed")), "failed": ended.failed, "state": _state(ended.options.get("state"))}
    if _may_have_sent(ended, result):
        asked = _asked_for(ended.options)
        # An id of the options is as free as any text.
        targets = asked if all(_without(one["account_id"], secrets) == one["account_id"] for one in asked) else []
        maybe = [dict(whole, changed=True, outcome=UNKNOWN, **target) for target in targets or [{}]]
        found = [_entry(ended, one, result, msg=_msg(ended, result)) for one in maybe]
    elif not _tell_everything(accounts, ended, result):
        found.append(_entry(ended, whole, result, msg=_msg(ended, result)))
    return [_masked(entry, secrets) for entry in found]


def lines(some: Iterable[Entry]) -> bytes:
    """Return the lines, one JSON object each, in ASCII so that no name can steer the terminal that shows them."""
    return "".join(json.dumps(entry, default=str) + "\n" for entry in some).encode("ascii")


def not_recorded(some: Sequence[Entry], path: str, why: str) -> str:
    """Return the warning that these entries of one task are not in the file; without a word of the service in it."""
    first = some[0]
    shown = ", ".join(_named(entry) for entry in some[:_MOST_NAMED])
    more = f" and {len(some) - _MOST_NAMED} more" if len(some) > _MOST_NAMED else ""
    return (
        "AUDIT TRAIL NOT WRITTEN to {0}: {1}. Not recorded: the task {2!r} on {3}, ended at {4}: {5}{6}. "
        "The playbook goes on. Write this down, then make the file writable.".format(path, why, first["task"], first["host"], first["time"], shown, more)
    )


def _accounts(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    accounts = result.get("accounts")
    return [one for one in accounts if isinstance(one, Mapping)] if isinstance(accounts, list) else []


def _may_have_sent(ended: Ended, result: Mapping[str, Any]) -> bool:
    """Tell whether the task may have sent commands of which it tells nothing: cut off, broken, or still going on."""
    told = isinstance(result.get("accounts"), list) and not result.get("changed")
    if ended.check_mode or told or _accounts(result) or str(result.get("msg")).rstrip().endswith(NOTHING_SENT):
        return False
    return ended.failed or bool(result.get("ansible_job_id"))


def _asked_for(options: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return account and state of each account that the options name, none when not each of them is clear."""
    given, accounts = options.get("account_id", options.get("account_ids")), options.get("accounts")
    if options.get("all_accounts") or (given is None) == (accounts is None):
        return []
    if given is not None:
        # As core reads a list.
        given = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else [given]
        accounts = [{"account_id": one} for one in given]
    found = {}
    for one in accounts if isinstance(accounts, list) else [None]:
        account_id = one.get("account_id") if isinstance(one, Mapping) else None
        if account_id is None or not is_account_id(str(account_id)):
            return []
        state = _state(options.get("state") if one.get("state") is None else one["state"])
        if state is None:
            return []
        found[str(account_id)] = {"account_id": str(account_id), "state": state}
    return list(found.values())


def _tell_everything(accounts: Sequence[Mapping[str, Any]], ended: Ended, result: Mapping[str, Any]) -> bool:
    """Tell whether the accounts say all that there is to say of the task."""
    if not accounts:
        return False
    summary = result.get("summary")
    if isinstance(summary, Mapping) and summary.get("unlisted"):
        return False
    # The bulk command can fail on its own account, and accounts that nobody named can be changed by it.
    if ended.failed and (ended.options.get("all_accounts") or not any(one.get("failed") for one in accounts)):
        return False
    return not result.get("changed") or any(one.get("changed") for one in accounts)


def _entry(ended: Ended, told: Mapping[str, Any], result: Mapping[str, Any], **more: Any) -> Entry:
    known = {key: getattr(ended, key) for key in ("time", "user", "playbook", "play", "task", "host", "check_mode")}
    reason = result["reason"] if "reason" in result else ended.options.get("reason")
    known.update(told, reason=reason)
    return dict({field: known.get(field) for field in FIELDS}, **more)


def _state(state: Any) -> str | None:
    return _STATES.get(state) if isinstance(state, (bool, str)) else None


def _msg(ended: Ended, result: Mapping[str, Any]) -> str:
    """Return what the task says of itself; of a result that is hidden by no_log, that it is."""
    msg = result.get("msg") or result.get("censored")
    if msg is None and result.get("ansible_job_id") and ended.failed:
        return "It was not over when the playbook last read it with async_status."
    if msg is None and result.get("ansible_job_id"):
        return "Started in the background. What becomes of it is recorded where the playbook reads it with async_status."
    return msg if isinstance(msg, str) else "The task left no message."


def _masked(entry: Entry, secrets: Sequence[str]) -> Entry:
    return {field: _without(value, secrets) if field in _FREE_TEXT else value for field, value in entry.items()}


def _without(value: Any, secrets: Sequence[str]) -> Any:
    if value is None:
        return None
    text = str(value)
    for secret in secrets:
        text = text.replace(secret, _MASK)
    return text


def _named(entry: Entry) -> str:
    if entry["account_id"] is None:
        return f"no account named, {'failed' if entry['failed'] else 'not failed'}"
    check = " in check mode" if entry["check_mode"] else ""
    return f"{entry['account_id']} {entry['state']}: {entry['outcome']}{check}"
