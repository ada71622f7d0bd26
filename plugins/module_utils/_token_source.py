# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the API token comes from: an option, a file, or the environment. No message shows the token or a part of it."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from typing import Any, Collection, Mapping

from ._api.token import is_sendable, secrets_of
from ._errors import InputError

TOKEN_VARIABLE, FILE_VARIABLE = "BETMATIC_API_TOKEN", "BETMATIC_API_TOKEN_FILE"
# Bytes: a file of settings has some 200, and a token some 2000.
_LARGEST = 64 * 1024
_SETTING = re.compile(rf"[ \t]*(?:export[ \t]+)?{TOKEN_VARIABLE}[ \t]*=(.*)")
_OTHER_SETTING = re.compile(r"(?:export[ \t]+)?[A-Z][A-Z0-9_]*=")
_NOT_ONE_WORD = "holds blanks, line breaks or characters that no token has: copy it again, it is one word"


@dataclass(frozen=True)
class TokenSource:
    """A token as it was given, or the file that it is read from at each use."""

    token: str | None = field(default=None, repr=False)
    path: str | None = None

    def read(self) -> str:
        """Return the token as it is now, stripped and checked; raises InputError."""
        if self.path is not None:
            return _read_file(self.path)
        token = (self.token or "").strip()
        if not token:
            raise InputError(
                f"api_token is missing: set it or api_token_file, or {TOKEN_VARIABLE} or {FILE_VARIABLE} in the environment of the process that runs"
                " the module (with become, or on another host, the environment of ansible-playbook is not passed on)"
            )
        if not is_sendable(token):
            raise InputError(f"api_token {_NOT_ONE_WORD}")
        return token


def choose(params: Mapping[str, Any], given: Collection[str] | None = None) -> TokenSource:
    """Return the source that the options name; raises InputError where they name two.

    :param params: the options; what is not `given` comes from the environment
    :param given: the names of the options that the task itself names; None: each that has a value
    """
    values = {name: params.get(name) for name in ("api_token", "api_token_file")}
    explicit = [name for name, value in values.items() if (value is not None if given is None else name in given)]
    for name in explicit:
        if values[name] is None:
            raise InputError(f"{name} is null: give a value, or leave the option out")
    if len(explicit) == 2:
        raise InputError("api_token and api_token_file are both given: use one of them")
    # An empty variable of the environment is as good as none.
    named = explicit or [name for name, value in values.items() if (value or "").strip()]
    if len(named) == 2:
        raise InputError(f"{TOKEN_VARIABLE} and {FILE_VARIABLE} are both in the environment: unset one of them, or set api_token or api_token_file")
    if named == ["api_token_file"]:
        return TokenSource(path=values["api_token_file"])
    return TokenSource(token=values["api_token"])


def parse(text: str) -> str:
    """Return the token of a file that holds it alone, or in a line BETMATIC_API_TOKEN=...; raises InputError, whose text goes on after the file's name."""
    if text.startswith("$ANSIBLE_VAULT"):
        raise InputError("is encrypted with Ansible Vault: decrypt it, or use api_token with a look-up of the file")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise InputError("is empty: write the token into it")
    settings = [match.group(1) for match in map(_SETTING.fullmatch, lines) if match]
    if len(settings) > 1:
        raise InputError(f"has several lines {TOKEN_VARIABLE}=...: leave one")
    if not settings and (len(lines) > 1 or _OTHER_SETTING.match(lines[0])):
        raise InputError(f"has no line {TOKEN_VARIABLE}=...: write the token into it, alone or in such a line")
    token = _unquoted(settings[0].strip()) if settings else lines[0]
    if not token:
        raise InputError(f"has an empty {TOKEN_VARIABLE}: write the token behind it")
    if not is_sendable(token):
        raise InputError(f"holds no usable token: what stands there {_NOT_ONE_WORD}")
    return token


def _unquoted(value: str) -> str:
    quote = value[:1] if value[:1] in ('"', "'") else ""
    if quote and (len(value) < 2 or value[-1] != quote):
        raise InputError(f"has a {TOKEN_VARIABLE} with an unfinished quote: close it")
    return value[1:-1] if quote else value


def _read_file(path: str) -> str:
    # Where a relative path leads depends on where the module happens to run. It may be the token itself, so that it is not shown.
    if not os.path.isabs(path):
        raise InputError("api_token_file must be a full path, such as /etc/betmatic/token")
    try:
        return parse(_text(path))
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        why = "is not a text file"
    except InputError as error:
        why = str(error)
    except ValueError:
        why = "is not a valid path: it holds a character that no path has, such as NUL"
    raise InputError(f"api_token_file {_shown(path)} {why}") from None


def _text(path: str) -> str:
    # A named pipe would keep a plain open waiting for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        kind = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(kind):
            raise InputError(f"is {'a folder' if stat.S_ISDIR(kind) else 'not a regular file'}: name the file that holds the token")
        data = os.read(descriptor, _LARGEST + 1)
    finally:
        os.close(descriptor)
    if len(data) > _LARGEST:
        raise InputError("is too large for a file with a token: name the file that holds it")
    return data.decode("utf-8-sig")


def _shown(path: str) -> str:
    """Return the path as it may be shown: a token in the place of a file's name is not."""
    folder, name = os.path.split(path)
    return repr(os.path.join(folder, "...") if len(secrets_of(name)) > 2 else path)
