# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What bookie_service_info does: five readings of the list at most, a look at the folder of the holds, and the findings. Sends no command."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Callable, Sequence, TypeVar

from .. import _account_list, _arguments, _module
from .._api import token as api_token
from .._api.documents import AccountList
from .._api.inspection import Exchange, Inspector
from .._api.transport import REQUESTS_IMPORT_ERROR
from .._errors import InputError
from .._holds import claims, folder, tasks, trial
from . import contract, machine, service
from .findings import STOP, WARNING, Finding, conclusion

try:
    from requests import __version__ as _VERSION
except Exception:  # pylint: disable=broad-except
    # Whatever is wrong with the library: it is a finding.
    _VERSION = ""

READINGS = 5
# Seconds after which no further reading begins.
_LONGEST = 1.5
_NOTHING: dict[str, Any] = {
    "token_account": None, "accounts": None, "unclear_ids": [], "clock_ahead": None, "certificate_expires": None, "latency": [],
    "contract": contract.compared(None, {}, None),
}
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class _Connection:
    """Options that can be used; `timeout` in seconds."""

    url: str
    token: str
    ca_path: str | None
    validate_certs: bool
    timeout: float


def look(task: _module.Task) -> dict[str, Any]:
    """Return the task's result; every option that cannot be used is a finding of its own."""
    refused: list[Finding] = []
    params = task.params
    url = _tried(refused, "service", lambda: _arguments.read_url(params))
    token = _tried(refused, "token", lambda: _module.token(task))
    ca_path = _tried(refused, "certificate", lambda: _arguments.read_ca_path(params))
    limits = _tried(refused, "options", lambda: _arguments.read_reading_limits(params))
    if url is None or token is None or limits is None or refused:
        return _result(task, [*refused, Finding(WARNING, "list", "not requested, because an option is not valid.")], _NOTHING)
    connection = _Connection(url, token, ca_path, params["validate_certs"], limits.timeout)
    with closing(Inspector(url, token, connection.validate_certs, ca_path, getattr(task, "folder", ""))) as inspector:
        exchanges = readings(inspector.read, connection.timeout)
    return _result(task, *_told(connection, exchanges, time.time()))


def without_service(task: _module.Task, finding: Finding | None) -> dict[str, Any]:
    """Return the task's result where the service cannot be asked at all, as without requests."""
    return _result(task, [finding] if finding else [], _NOTHING)


def _tried(refused: list[Finding], subject: str, read: Callable[[], _Value]) -> _Value | None:
    try:
        return read()
    except InputError as error:
        refused.append(Finding(STOP, subject, f"{error}."))
        return None


def readings(read: Callable[[float], Exchange], timeout: float, clock: Callable[[], float] = time.monotonic) -> tuple[Exchange, ...]:
    """Return the readings: five, fewer where another one would tell nothing or the time is over.

    :param read: called with the seconds that it may take
    """
    began, found = clock(), [read(timeout)]
    while len(found) < READINGS and service.goes_on(found[-1]) and clock() - began < _LONGEST:
        found.append(read(min(timeout, _LONGEST)))
    return tuple(found)


def _told(connection: _Connection, exchanges: Sequence[Exchange], now: float) -> tuple[list[Finding], dict[str, Any]]:
    """Return the findings of the readings, and what they measured; `now` in seconds since 1970."""
    chosen, url = service.deciding(exchanges), connection.url
    answer = chosen.answer
    is_list = isinstance(answer, AccountList)
    selected = _account_list.select(answer if isinstance(answer, AccountList) else AccountList(), _account_list.Selection())
    expires, account = api_token.expires(connection.token), api_token.account(connection.token)
    differences = contract.compared(service.status_of(answer), chosen.headers, chosen.body)
    found = [
        service.of_service(url, answer, differences["document"]),
        service.of_token(expires, account, answer, now, [one.answer for one in exchanges if one is not chosen]),
        service.of_list(answer, url, selected.unclear, selected.twice),
        *([contract.finding(differences)] if service.status_of(answer) == 200 else []),
        service.of_clock(chosen.clock_ahead),
        service.of_certificate(url, connection.validate_certs, chosen.certificate_ends, now),
        service.of_latency(exchanges, connection.timeout),
    ]
    ends = chosen.certificate_ends
    return found, {
        "token_account": account,
        "accounts": selected.listed if is_list else None,
        "unclear_ids": list(selected.unclear),
        "clock_ahead": chosen.clock_ahead,
        "certificate_expires": None if ends is None else datetime.fromtimestamp(ends, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "latency": [round(one.seconds, 4) for one in exchanges],
        "contract": differences,
    }


def _result(task: _module.Task, found: Sequence[Finding], measured: dict[str, Any]) -> dict[str, Any]:
    """Return the result: what was found of the service, then of this machine."""
    path, url, now = task.params["holds_path"], _arguments.usable_url(task.params), folder.now()
    standing = folder.read_in_time(path)
    # A folder that does not answer is not waited for twice.
    why = standing.broken[0].why if any(one.id is None and "did not answer" in one.why for one in standing.broken) else trial.why_not(path)
    # A library that is there and too old, or broken, has a version and is of no use.
    version = None if REQUESTS_IMPORT_ERROR else _VERSION
    of_holds = machine.of_holds(standing, url, now, _arguments.named_holds_path(path))
    every = [*found, machine.of_library(version, sys.executable), of_holds, _of_folder(path, why)]
    holds = tasks.summary(standing, now, url, claims.states(path, standing), folder.here())["holds"]
    return {"changed": False, "failed": False, **conclusion(every), "api_url": url, **measured, "requests_version": version, "holds": holds}


def _of_folder(path: str, why: str | None) -> Finding:
    is_named = not _arguments.is_a_default_holds_path(path)
    return machine.of_missing(path) if why is None and is_named and trial.is_missing(path) else machine.of_folder(path, why)
