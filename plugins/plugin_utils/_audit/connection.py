# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which service a task talks to and whose token it has, as far as the control node can know it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Mapping

from ...module_utils._api import token as api_token
from ...module_utils._api.url import DEFAULT_URL, why_unusable
from ...module_utils._errors import InputError
from ...module_utils._token_source import FILE_VARIABLE, TOKEN_VARIABLE, TokenSource


@dataclass(frozen=True)
class Connection:
    """The service and a fingerprint of the token's account, None where not known; `tokens` are never written, they are masked."""

    api_url: str | None
    token_account: str | None
    tokens: tuple[str, ...]


def connection(options: Mapping[str, Any], environment: Mapping[str, str], is_ours: bool) -> Connection:
    """Return what is known before the module says so itself.

    :param options: the task's options; a template tells nothing
    :param is_ours: whether the module has this environment and these files, and no other source of options
    """
    given = _token_of(options, "api_token", "api_token_file")
    around = _token_of(environment, TOKEN_VARIABLE, FILE_VARIABLE)
    has_own = any(options.get(name) for name in ("api_token", "api_token_file"))
    token = given if has_own else around if is_ours else None
    url = _plain(options.get("api_url"))
    if not options.get("api_url") and is_ours:
        url = environment.get("BETMATIC_API_URL") or DEFAULT_URL
    # One with a password in it is refused by the module, and must not stand here.
    known = url.rstrip("/") if url and why_unusable(url) is None else None
    return Connection(known, api_token.account(token) if token else None, tuple(one for one in (given, around) if one))


def _token_of(values: Mapping[str, Any], name: str, file_name: str) -> str | None:
    return _plain(values.get(name)) or _read(_plain(values.get(file_name)))


def _plain(value: Any) -> str | None:
    """Return the text of a value, None for none and for a template."""
    try:
        text = str(value).strip() if value is not None else ""
    except Exception:  # pylint: disable=broad-except
        # A value of the vault whose secret is not at hand.
        return None
    return text if text and "{{" not in text and "{%" not in text else None


def _read(path: str | None) -> str | None:
    """Return the token in a file; what is not a file with a token tells nothing."""
    try:
        return TokenSource(path=os.path.expanduser(path)).read() if path else None
    except InputError:
        return None
