# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options that every module shares, and the validation that stands before the first byte."""

from __future__ import annotations

import math
import os
from typing import Any, Mapping

from ansible.module_utils.basic import env_fallback

from ._api.documents import is_account_id, two_spellings
from ._api.url import DEFAULT_URL, why_unusable
from ._errors import InputError
from ._given import noted
from ._switch.records import Limits, Target
from ._switch.retries import LONGEST_RETRY_AFTER
from ._token_source import FILE_VARIABLE, TOKEN_VARIABLE

_MOST_CONCURRENCY = 64
_MOST_RETRIES = 20
_LONGEST_SECONDS = 86400.0
_MOST_DAYS = 3650.0
DEFAULT_HOLDS_PATH = "~/.local/state/bookieops/holds"


def connection_spec() -> dict[str, Any]:
    """Return the argument spec of the connection options."""
    return {
        "api_token": noted({"type": "str", "no_log": True}, TOKEN_VARIABLE),
        "api_token_file": noted({"type": "path", "no_log": False}, FILE_VARIABLE),
        "api_url": {"type": "str", "default": DEFAULT_URL, "fallback": (env_fallback, ["BETMATIC_API_URL"])},
        "timeout": {"type": "float", "default": 10.0, "fallback": (env_fallback, ["BETMATIC_TIMEOUT"])},
        "retries": {"type": "int", "default": 2},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "holds_path": {"type": "path", "default": DEFAULT_HOLDS_PATH, "fallback": (env_fallback, ["BETMATIC_HOLDS"])},
    }


def account_id_spec() -> dict[str, Any]:
    """Return the argument spec of the option that names accounts, of which it is known whether the task gives it."""
    return {"account_id": noted({"type": "list", "elements": "str", "aliases": ["account_ids"]})}


def pace_spec() -> dict[str, Any]:
    """Return the argument spec of how fast and how long commands are sent, times in seconds."""
    return {
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "float", "default": 120.0},
        "wait_sleep": {"type": "float", "default": 2.0},
        "concurrency": {"type": "int", "default": 10},
        "deadline": {"type": "float", "default": 600.0},
    }


def read_url(params: Mapping[str, Any]) -> str:
    """Return the API's base URL without a slash at its end; raises InputError."""
    url = params["api_url"].strip()
    why = why_unusable(url)
    if why:
        raise InputError(f"api_url {why}; give it as {DEFAULT_URL}")
    return url.rstrip("/")


def usable_url(params: Mapping[str, Any]) -> str | None:
    """Return the API's base URL for a result, None for one that cannot be used: it may hold credentials."""
    try:
        return read_url(params)
    except InputError:
        return None


def is_a_default_holds_path(path: str) -> bool:
    """Tell whether some user has this folder by default: a task that runs as another user is given that of ansible-playbook's user."""
    return path.endswith(DEFAULT_HOLDS_PATH[1:])


def named_holds_path(path: str) -> str | None:
    """Return the folder as a command for this user has to name it; None for the one that this user has by default."""
    return None if path == os.path.expanduser(DEFAULT_HOLDS_PATH) else path


def read_ca_path(params: Mapping[str, Any]) -> str | None:
    """Return the CA bundle's path, None when there is none; raises InputError."""
    path = params["ca_path"]
    if path is not None and not os.path.exists(path):
        raise InputError(f"ca_path {path!r} does not exist: name a file or folder of CA certificates")
    return path


def read_limits(params: Mapping[str, Any]) -> Limits:
    """Return the limits, all times in seconds; raises InputError."""
    return Limits(
        deadline=read_seconds(params, "deadline"),
        timeout=read_seconds(params, "timeout"),
        retries=_whole(params, "retries", 0, _MOST_RETRIES),
        wait=params["wait"],
        wait_timeout=read_seconds(params, "wait_timeout"),
        wait_sleep=read_seconds(params, "wait_sleep"),
    )


def read_reading_limits(params: Mapping[str, Any]) -> Limits:
    """Return the limits of a task that only reads: time for every attempt and the wait before it; raises InputError."""
    timeout, retries = read_seconds(params, "timeout"), _whole(params, "retries", 0, _MOST_RETRIES)
    return Limits(deadline=(retries + 1) * (timeout + LONGEST_RETRY_AFTER), timeout=timeout, retries=retries)


def read_concurrency(params: Mapping[str, Any]) -> int:
    """Return how many commands may be under way at once; raises InputError."""
    return _whole(params, "concurrency", 1, _MOST_CONCURRENCY)


def read_seconds(params: Mapping[str, Any], option: str) -> float:
    """Return an option that is a time in seconds; raises InputError."""
    value = params[option]
    if not math.isfinite(value) or not 0 < value <= _LONGEST_SECONDS:
        raise InputError(f"{option} is {value}: give seconds, more than 0 and at most {_LONGEST_SECONDS:g}")
    return value


def _whole(params: Mapping[str, Any], option: str, least: int, most: int) -> int:
    value = params[option]
    if not least <= value <= most:
        raise InputError(f"{option} is {value}: give a whole number from {least} to {most}")
    return value


def selects_all(params: Mapping[str, Any]) -> bool:
    """Tell whether every account is meant; raises InputError unless exactly one selector is used."""
    used = [name for name in ("account_id", "accounts") if params[name] is not None]
    used += ["all_accounts"] if params["all_accounts"] else []
    if len(used) != 1:
        raise InputError(
            f"{' and '.join(used) + ' are' if used else 'no account is'} given: use exactly one of account_id, accounts and all_accounts=true"
        )
    if used == ["all_accounts"] and params["state"] is None:
        raise InputError("state is missing: say on or off for all accounts")
    return used == ["all_accounts"]


def read_targets(params: Mapping[str, Any]) -> tuple[Target, ...]:
    """Return the targets in the order given, each account once; raises InputError."""
    if params["accounts"] is not None:
        entries: list[Mapping[str, Any]] = params["accounts"]
        option = "accounts"
    else:
        entries = [{"account_id": account_id} for account_id in params["account_id"]]
        option = "account_id"
    if not entries:
        raise InputError(f"{option} is an empty list, which means no account: name at least one, or leave the task out")
    targets: dict[str, Target] = {}
    for entry in entries:
        target = _target(entry, params["state"])
        targets[target.account_id] = _same(targets.get(target.account_id, target), target)
    both = two_spellings(targets)
    if both:
        raise InputError(f"{option} names {both[0]!r} and {both[1]!r}, which may be one account for the service: list it once, as the service writes it")
    return tuple(targets.values())


def _same(known: Target, target: Target) -> Target:
    """Return two entries of one account as one; raises InputError when they contradict each other."""
    guards = {guard for guard in (known.display_name, target.display_name) if guard is not None}
    if known.state != target.state or len(guards) > 1:
        raise InputError(f"account_id {target.account_id!r} is listed twice with different values: list it once")
    return Target(target.account_id, target.state, guards.pop() if guards else None)


def _target(entry: Mapping[str, Any], default_state: str | None) -> Target:
    account_id = entry["account_id"]
    if not is_account_id(account_id):
        raise InputError(
            f"account_id {account_id!r} is not a valid account id: give 1 to 64 letters, digits, '_' or '-', in quotes, so that YAML keeps it as it is"
        )
    state = entry.get("state") or default_state
    if state is None:
        raise InputError(f"state is missing for account_id {account_id!r}: say on or off for the task or for this entry")
    guard = entry.get("display_name")
    if guard is not None and not guard.strip():
        raise InputError(f"display_name of account_id {account_id!r} is empty: give the account's name or leave it out")
    return Target(account_id, state, guard)


def read_login(params: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return email and password, None when neither is given; raises InputError, which never shows them."""
    email, password = params["email"], params["password"]
    if email is None and password is None:
        return None
    for option, value, other in (("email", email, "password"), ("password", password, "email")):
        if value is None:
            raise InputError(f"{option} is missing: give it with {other} to log in, or give neither to refresh api_token")
        if not value.strip():
            raise InputError(f"{option} is empty: give email and password to log in, or leave both out to refresh api_token")
    return email.strip(), password


def read_min_days(params: Mapping[str, Any]) -> float:
    """Return how many days a token must live so that it is not refreshed; raises InputError."""
    value = params["min_days"]
    if not math.isfinite(value) or not 0 < value <= _MOST_DAYS:
        raise InputError(f"min_days is {value}: give days, more than 0 and at most {_MOST_DAYS:g}")
    return value
