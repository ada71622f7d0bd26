# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options that every module shares, and the validation that stands before the first byte."""

from __future__ import annotations

import math
import os
import re
from typing import Any, Dict, List, Mapping, Optional, Tuple
from urllib.parse import urlsplit

from ansible.module_utils.basic import env_fallback

from ansible_collections.bookieops.betmatic.plugins.module_utils._answers import is_account_id
from ansible_collections.bookieops.betmatic.plugins.module_utils._control import Limits
from ansible_collections.bookieops.betmatic.plugins.module_utils._outcomes import Target
from ansible_collections.bookieops.betmatic.plugins.module_utils._sending import LONGEST_RETRY_AFTER
from ansible_collections.bookieops.betmatic.plugins.module_utils._token import is_sendable
from ansible_collections.bookieops.betmatic.plugins.module_utils._transport import LOOPBACK

DEFAULT_URL = "https://betmatic.app/api"
# The host and port as they stand: urlsplit finds a host in what is none.
_HOST_AND_PORT = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?", re.ASCII)
_VISIBLE = re.compile("[!-~]+", re.ASCII)
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*", re.ASCII)
_MOST_CONCURRENCY = 64
_MOST_RETRIES = 20
_LONGEST_SECONDS = 86400.0
_MOST_DAYS = 3650.0


class BadArgument(ValueError):
    """An option that cannot be used; the text names it, its value and the way out."""


def connection_spec() -> Dict[str, Any]:
    """Return the argument spec of the connection options."""
    return {
        "api_token": {"type": "str", "no_log": True, "fallback": (env_fallback, ["BETMATIC_API_TOKEN"])},
        "api_url": {"type": "str", "default": DEFAULT_URL, "fallback": (env_fallback, ["BETMATIC_API_URL"])},
        "timeout": {"type": "float", "default": 10.0, "fallback": (env_fallback, ["BETMATIC_TIMEOUT"])},
        "retries": {"type": "int", "default": 2},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
    }


def read_token(params: Mapping[str, Any]) -> str:
    """Return the stripped token; raises BadArgument, which never shows it."""
    token = (params["api_token"] or "").strip()
    if not token:
        raise BadArgument("api_token is missing: set it, or BETMATIC_API_TOKEN in the controller's environment")
    if not is_sendable(token):
        raise BadArgument("api_token holds blanks, line breaks or characters that no token has: copy it again, it is one word")
    return token


def read_url(params: Mapping[str, Any]) -> str:
    """Return the API's base URL without a slash at its end; raises BadArgument."""
    url = params["api_url"].strip()
    why = _why_no_url(url)
    if why:
        raise BadArgument("api_url {0}; give it as {1}".format(why, DEFAULT_URL))
    return url.rstrip("/")


def _why_no_url(url: str) -> Optional[str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is no URL"
    # No part is shown before it is known that it holds no password.
    if "@" in url:
        return "must not hold a user or a password"
    # urlsplit silently drops line breaks and tabs.
    if not _VISIBLE.fullmatch(url):
        return "{0!r} holds blanks, line breaks or characters that no URL has".format(url)
    if parts.query or parts.fragment or "?" in url or "#" in url:
        return "must not have a query or a fragment"
    if parts.scheme not in ("http", "https"):
        return "{0!r} must begin with https://".format(url)
    if not _HOST_AND_PORT.fullmatch(parts.netloc) or port == 0:
        return "{0!r} has no usable host or port".format(url)
    if parts.scheme == "http" and host not in LOOPBACK:
        return "{0!r} would send the token in clear: http is for 127.0.0.1, ::1 and localhost".format(url)
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path) or any(set(piece) == {"."} for piece in path.split("/") if piece):
        return "{0!r} has a path that is no plain path".format(url)
    return None


def read_ca_path(params: Mapping[str, Any]) -> Optional[str]:
    """Return the CA bundle's path, None when there is none; raises BadArgument."""
    path = params["ca_path"]
    if path is not None and not os.path.exists(path):
        raise BadArgument("ca_path {0!r} does not exist: name a file or folder of CA certificates".format(path))
    return path


def read_limits(params: Mapping[str, Any]) -> Limits:
    """Return the limits, all times in seconds; raises BadArgument."""
    return Limits(
        deadline=_seconds(params, "deadline"),
        timeout=_seconds(params, "timeout"),
        retries=_whole(params, "retries", 0, _MOST_RETRIES),
        wait=params["wait"],
        wait_timeout=_seconds(params, "wait_timeout"),
        wait_sleep=_seconds(params, "wait_sleep"),
    )


def read_reading_limits(params: Mapping[str, Any]) -> Limits:
    """Return the limits of a task that only reads: time for every attempt and the wait before it; raises BadArgument."""
    timeout, retries = _seconds(params, "timeout"), _whole(params, "retries", 0, _MOST_RETRIES)
    return Limits(deadline=(retries + 1) * (timeout + LONGEST_RETRY_AFTER), timeout=timeout, retries=retries)


def read_concurrency(params: Mapping[str, Any]) -> int:
    """Return how many commands may be under way at once; raises BadArgument."""
    return _whole(params, "concurrency", 1, _MOST_CONCURRENCY)


def read_seconds(params: Mapping[str, Any], option: str) -> float:
    """Return an option that is a time in seconds; raises BadArgument."""
    return _seconds(params, option)


def _seconds(params: Mapping[str, Any], option: str) -> float:
    value = params[option]
    if not math.isfinite(value) or not 0 < value <= _LONGEST_SECONDS:
        raise BadArgument("{0} is {1}: give seconds, more than 0 and at most {2:g}".format(option, value, _LONGEST_SECONDS))
    return value


def _whole(params: Mapping[str, Any], option: str, least: int, most: int) -> int:
    value = params[option]
    if not least <= value <= most:
        raise BadArgument("{0} is {1}: give a whole number from {2} to {3}".format(option, value, least, most))
    return value


def selects_all(params: Mapping[str, Any]) -> bool:
    """Tell whether every account is meant; raises BadArgument unless exactly one selector is used."""
    used = [name for name in ("account_id", "accounts") if params[name] is not None]
    used += ["all_accounts"] if params["all_accounts"] else []
    if len(used) != 1:
        raise BadArgument(
            "{0} given: use exactly one of account_id, accounts and all_accounts=true".format(" and ".join(used) + " are" if used else "no account is")
        )
    if used == ["all_accounts"] and params["state"] is None:
        raise BadArgument("state is missing: say on or off for all accounts")
    return used == ["all_accounts"]


def read_targets(params: Mapping[str, Any]) -> Tuple[Target, ...]:
    """Return the targets in the order given, each account once; raises BadArgument."""
    if params["accounts"] is not None:
        entries: List[Mapping[str, Any]] = params["accounts"]
        option = "accounts"
    else:
        entries = [{"account_id": account_id} for account_id in params["account_id"]]
        option = "account_id"
    if not entries:
        raise BadArgument("{0} is an empty list, which means no account: name at least one, or leave the task out".format(option))
    targets: Dict[str, Target] = {}
    for entry in entries:
        target = _target(entry, params["state"])
        targets[target.account_id] = _same(targets.get(target.account_id, target), target)
    return tuple(targets.values())


def _same(known: Target, target: Target) -> Target:
    """Return two entries of one account as one; raises BadArgument when they contradict each other."""
    guards = {guard for guard in (known.display_name, target.display_name) if guard is not None}
    if known.state != target.state or len(guards) > 1:
        raise BadArgument("account_id {0!r} stands twice with different entries: name it once".format(target.account_id))
    return Target(target.account_id, target.state, guards.pop() if guards else None)


def _target(entry: Mapping[str, Any], default_state: Optional[str]) -> Target:
    account_id = entry["account_id"]
    if not is_account_id(account_id):
        raise BadArgument(
            "account_id {0!r} is no account id: give 1 to 64 letters, digits, '_' or '-', in quotes, so that YAML keeps it as it is".format(account_id)
        )
    state = entry.get("state") or default_state
    if state is None:
        raise BadArgument("state is missing for account_id {0!r}: say on or off for the task or for this entry".format(account_id))
    guard = entry.get("display_name")
    if guard is not None and not guard.strip():
        raise BadArgument("display_name of account_id {0!r} is empty: give the account's name or leave it out".format(account_id))
    return Target(account_id, state, guard)


def read_login(params: Mapping[str, Any]) -> Optional[Tuple[str, str]]:
    """Return email and password, None when neither is given; raises BadArgument, which never shows them."""
    email, password = params["email"], params["password"]
    if email is None and password is None:
        return None
    for option, value, other in (("email", email, "password"), ("password", password, "email")):
        if value is None:
            raise BadArgument("{0} is missing: give it with {1} to log in, or give neither to refresh api_token".format(option, other))
        if not value.strip():
            raise BadArgument("{0} is empty: give email and password to log in, or leave both out to refresh api_token".format(option))
    return email.strip(), password


def read_min_days(params: Mapping[str, Any]) -> float:
    """Return how many days a token must live so that it is not refreshed; raises BadArgument."""
    value = params["min_days"]
    if not math.isfinite(value) or not 0 < value <= _MOST_DAYS:
        raise BadArgument("min_days is {0}: give days, more than 0 and at most {1:g}".format(value, _MOST_DAYS))
    return value
