# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A task, and what it returned -> the entries of the audit trail, and their lines. Knows no file and no Ansible."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Dict, Iterable, Mapping, Sequence

from ...module_utils._api import token as api_token
from ...module_utils._errors import NOTHING_SENT
from ...module_utils._switch.records import UNKNOWN
from .asked import accounts_of, asked_for, state_of
from .connection import Connection
from .events import BARE, HOLD, INTENT
from .refusals import never_started
from .surroundings import Surroundings

Entry = Dict[str, Any]

# The fields of an entry, in the order of the line. `asked` is in an intent alone; `msg` where the accounts do not tell everything.
FIELDS = (
    "time",
    "event",
    "task_id",
    "user",
    "uid",
    "sudo_user",
    "platform",
    "platform_user",
    "platform_job",
    "api_url",
    "token_account",
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
    "hold",
    "override_hold",
    "check_mode",
)
_OF_ACCOUNT = ("account_id", "display_name", "state", "outcome", "changed", "failed", "previous_status", "bot_status", "http_status", "message")
# Neither of these is free text, which could repeat the token: they are ours, numbers, or checked when they were read.
_SAFE = frozenset(("time", "event", "task_id", "uid", "platform", "account_id", "state", "outcome", "changed", "failed", "http_status", "check_mode", "asked"))
_MASK = "********"
_MOST_NAMED = 20


@dataclass(frozen=True)
class Task:
    """A task on a host: who runs it, where it stands, and what it asks for.

    `options`: as far as they are known, empty where they must not be shown. `late_templates`: core evaluates some after the module.
    """

    task_id: str | None
    who: Surroundings
    where: Connection
    playbook: str | None
    play: str | None
    task: str
    host: str
    check_mode: bool
    options: Mapping[str, Any] = field(default_factory=dict)
    late_templates: bool = False


@dataclass(frozen=True)
class Ended:
    """When and how a task, an item or an attempt ended; `failed`: whether Ansible calls it failed."""

    time: str
    event: str
    failed: bool


def intent(task: Task, time: str) -> Entry:
    """Return the entry of a task that is about to start."""
    asked, secrets = asked_for(task.options), _secrets(task)
    if any(secret in json.dumps(asked) for secret in secrets):
        asked = None
    states = list(asked or ())
    state = states[0] if len(states) == 1 else state_of(task.options.get("state"))
    reason = task.options.get("reason")
    known = {"state": state, "reason": None if _is_template(reason) else reason, "override_hold": _literal(task.options.get("override_hold"))}
    return _masked(_entry(task, time, INTENT, known, asked=asked), secrets)


def closing(task: Task, time: str, event: str, msg: str) -> Entry:
    """Return the entry of a task that ended without a result of its own."""
    return _masked(_entry(task, time, event, {}, msg=msg), _secrets(task))


def results(task: Task, ended: Ended, result: Mapping[str, Any]) -> list[Entry]:
    """Return an entry for each account, and one without account where they do not tell everything.

    Of a task that told nothing and may have sent its commands, that is an entry for each account that it was asked for.
    """
    accounts = _accounts(result)
    secrets = _secrets(task)
    common = {
        "reason": result.get("reason", task.options.get("reason")),
        "hold": result.get("hold_id"),
        "override_hold": task.options.get("override_hold"),
    }
    if result.get("api_url"):
        common["api_url"] = result["api_url"]
    whole = dict(common, changed=bool(result.get("changed")), failed=ended.failed, state=state_of(task.options.get("state")))
    found = [_entry(task, ended.time, ended.event, dict(common, **{key: account.get(key) for key in _OF_ACCOUNT})) for account in accounts]
    if _may_have_sent(task, ended, result):
        asked = accounts_of(task.options)
        # An id of the options is as free as any text.
        targets = asked if all(_without(one["account_id"], secrets) == one["account_id"] for one in asked) else []
        maybe = [dict(whole, changed=True, outcome=UNKNOWN, **target) for target in targets or [{}]]
        found = [_entry(task, ended.time, ended.event, one, msg=_msg(ended, result)) for one in maybe]
    elif not _tell_everything(accounts, task, ended, result):
        msg = _msg(ended, result)
        if _is_refused(task, result):
            msg = f"{msg.rstrip().rstrip('.')}. {NOTHING_SENT}"
        found.append(_entry(task, ended.time, ended.event, whole, msg=msg))
    return [_masked(entry, secrets) for entry in found]


def hold(task: Task, ended: Ended, result: Mapping[str, Any]) -> Entry:
    """Return the entry of a task of bookie_hold; its `state` is present or absent."""
    # What no_log hides has no options, and no default of them either.
    state = task.options.get("state", "present") if task.options else None
    known = {
        "state": state if state in ("present", "absent") else None,
        "changed": bool(result.get("changed")),
        "failed": ended.failed,
        "reason": result.get("reason", task.options.get("reason")),
        "hold": result.get("hold_id") or _literal(task.options.get("id")),
        "api_url": result.get("api_url") or task.where.api_url,
    }
    return _masked(_entry(task, ended.time, HOLD, known, msg=_msg(ended, result)), _secrets(task))


def lines(some: Iterable[Entry]) -> bytes:
    """Return the lines, one JSON object each, in ASCII so that no name can steer the terminal that shows them."""
    return "".join(json.dumps(entry, default=str) + "\n" for entry in some).encode("ascii")


def not_recorded(some: Sequence[Entry], path: str, why: str) -> str:
    """Return the warning that these entries of one task are not in the file; without a word of the service in it."""
    first = some[0]
    shown = ", ".join(_named(entry) for entry in some[:_MOST_NAMED])
    more = f" and {len(some) - _MOST_NAMED} more" if len(some) > _MOST_NAMED else ""
    return (
        f"AUDIT TRAIL NOT WRITTEN to {path}: {why}. Not recorded: the task {first['task']!r} on {first['host']}, "
        f"{'started' if first['event'] == INTENT else 'ended'} at {first['time']}: {shown}{more}. "
        "The playbook goes on. Write this down, then make the file writable."
    )


def _accounts(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    accounts = result.get("accounts")
    return [one for one in accounts if isinstance(one, Mapping)] if isinstance(accounts, list) else []


def _is_refused(task: Task, result: Mapping[str, Any]) -> bool:
    """Tell whether core refused the task, whose words do not say that nothing was sent."""
    return not str(result.get("msg")).rstrip().endswith(NOTHING_SENT) and never_started(result, task.late_templates)


def _may_have_sent(task: Task, ended: Ended, result: Mapping[str, Any]) -> bool:
    """Tell whether the task may have sent commands of which it tells nothing: cut off, broken, or still going on."""
    told = isinstance(result.get("accounts"), list) and not result.get("changed")
    if task.check_mode or told or _accounts(result) or str(result.get("msg")).rstrip().endswith(NOTHING_SENT):
        return False
    if never_started(result, task.late_templates):
        return False
    return ended.failed or bool(result.get("ansible_job_id"))


def _tell_everything(accounts: Sequence[Mapping[str, Any]], task: Task, ended: Ended, result: Mapping[str, Any]) -> bool:
    """Tell whether the accounts say all that there is to say of the task."""
    if not accounts:
        return False
    summary = result.get("summary")
    if isinstance(summary, Mapping) and summary.get("unlisted"):
        return False
    # The bulk command can fail on its own account, and accounts that nobody named can be changed by it.
    if ended.failed and (task.options.get("all_accounts") or not any(one.get("failed") for one in accounts)):
        return False
    return not result.get("changed") or any(one.get("changed") for one in accounts)


def _entry(task: Task, time: str, event: str, told: Mapping[str, Any], **more: Any) -> Entry:
    known: Entry = {key: getattr(task, key) for key in ("task_id", "playbook", "play", "task", "host", "check_mode")}
    known.update(asdict(task.who), time=time, event=event, api_url=task.where.api_url, token_account=task.where.token_account)
    known.update(told)
    return dict({name: known.get(name) for name in FIELDS}, **more)


def _msg(ended: Ended, result: Mapping[str, Any]) -> str:
    """Return what the task says of itself; of a result that is hidden by no_log, that it is."""
    msg = result.get("msg") or result.get("censored")
    if msg is None and result.get("ansible_job_id") and ended.failed:
        return "It was not over when the playbook last read it with async_status."
    if msg is None and result.get("ansible_job_id"):
        return "Started in the background. Its result is recorded where the playbook reads it with async_status."
    return msg if isinstance(msg, str) else "The task left no message."


def _is_template(value: Any) -> bool:
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def _literal(value: Any) -> str | None:
    return value if isinstance(value, str) and not _is_template(value) else None


def _secrets(task: Task) -> list[str]:
    """Return what is masked wherever it stands: the tokens that are known, and their parts; the longest first."""
    return sorted({secret for token in task.where.tokens for secret in api_token.secrets_of(token)}, key=len, reverse=True)


def _masked(entry: Entry, secrets: Sequence[str]) -> Entry:
    return {name: value if name in _SAFE else _without(value, secrets) for name, value in entry.items()}


def _without(value: Any, secrets: Sequence[str]) -> Any:
    if value is None:
        return None
    text = str(value)
    for secret in secrets:
        text = text.replace(secret, _MASK)
    return text


def _named(entry: Entry) -> str:
    check = " in check mode" if entry["check_mode"] else ""
    if entry["event"] in BARE:
        return f"{entry['event']}{check}"
    if entry["account_id"] is None:
        return f"no account named, {'failed' if entry['failed'] else 'not failed'}"
    return f"{entry['account_id']} {entry['state']}: {entry['outcome']}{check}"
