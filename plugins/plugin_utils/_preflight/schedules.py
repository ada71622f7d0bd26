# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the role trading_day installed, as it stands in the crontab and in systemd's units -> the finding. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ...module_utils._api import token as api_token
from ...module_utils._api.documents import OFF, ON
from ...module_utils._preflight.findings import OK, WARNING, Finding

_COMMENT = re.compile(r"#Ansible: bookieops\.betmatic (\S+) (on|off) ")
_UNIT = re.compile(r"bookie-([A-Za-z0-9_-]+)-(on|off)\.timer")
_TOKEN_FILE = re.compile(r"^ *\. (.+)$", re.MULTILINE)
_PYTHON = re.compile(r"^ *(.+?) -m ansible playbook ", re.MULTILINE)
_COLLECTIONS = re.compile(r"^ *ANSIBLE_COLLECTIONS_PATH=(.+)$", re.MULTILINE)
# As cron says it, and as busybox does.
_NO_CRONTAB = re.compile(r"no crontab for|No such file or directory")
_LONGEST = 120
_MARKER = "# Installed by the role bookieops.betmatic.trading_day"
_AGAIN = "run bookieops.betmatic.trading_day again"


@dataclass(frozen=True)
class Entry:
    """One switch of a schedule; `script` is None where the entry does not name one. `active`: the scheduler would run it."""

    schedule: str
    state: str
    script: str | None
    active: bool = True


@dataclass(frozen=True)
class Script:
    """The text of an installed script, None where it cannot be read or run; what its token file is worth: why not, else its expiry.

    `gone`: what it runs and is not there any more, None where all is there.
    """

    text: str | None = None
    token_why: str | None = None
    token_expires: str | None = None
    gone: str | None = None


def of_crontab(text: str) -> list[Entry]:
    """Return the entries that the role left in a crontab."""
    lines = text.splitlines()
    found = []
    for line, following in zip(lines, [*lines[1:], ""]):
        named = _COMMENT.match(line)
        if named:
            found.append(Entry(named[1], named[2], _script(following.lstrip("# ").split(None, 5)[5:], named[2]), not following.lstrip().startswith("#")))
    return found


def of_unit(name: str, service: str, enabled: bool) -> Entry | None:
    """Return the entry of a timer with this file's name and its service's text; None where it is not the role's."""
    named = _UNIT.fullmatch(name)
    if not named:
        return None
    started = re.search(r"^ExecStart=/bin/sh (.+)$", service, re.MULTILINE)
    return Entry(named[1], named[2], _script([started[1].replace("%%", "%")] if started else [], named[2]), enabled)


def _script(command: Sequence[str], state: str) -> str | None:
    try:
        words = shlex.split(command[0].replace("\\%", "%")) if command else []
    except ValueError:
        return None
    return words[0] if len(words) == 2 and words[1] == state else None


def token_file(script: str) -> str | None:
    """Return the token file that an installed script reads, None where it names none."""
    return _named(_TOKEN_FILE, script)


def python_of(script: str) -> str | None:
    """Return the Python that an installed script runs, None where it names none."""
    return _named(_PYTHON, script)


def collections_of(script: str) -> str | None:
    """Return the folder in which an installed script looks for the collection, None where it names none."""
    return _named(_COLLECTIONS, script)


def _named(pattern: re.Pattern[str], script: str) -> str | None:
    """Return the word that follows in a script, as a shell reads it."""
    named = pattern.search(script)
    try:
        return shlex.split(named[1])[0] if named else None
    except (ValueError, IndexError):
        return None


def why_unread(code: int, said: str) -> str | None:
    """Say why a crontab could not be read: by the exit code of crontab -l and what it said; None where it could, and where there is none."""
    if code == 0 or _NO_CRONTAB.search(said):
        return None
    return "".join(char for char in said if char.isprintable())[:_LONGEST] or f"exit code {code}"


def finding(entries: Iterable[Entry], scripts: Mapping[str, Script], now: float, unread: str | None = None) -> Finding:
    """Say whether each schedule would switch what it should; `now` in seconds since 1970, `unread`: why the crontab could not be read."""
    by_schedule: dict[str, list[Entry]] = {}
    for entry in entries:
        by_schedule.setdefault(entry.schedule, []).append(entry)
    if not by_schedule and unread is None:
        return Finding(OK, "schedule", "no trading_day schedule is installed for this user.")
    wrong = [f"{name}: {why}" for name, some in sorted(by_schedule.items()) for why in [_why_wrong(some, scripts, now)] if why]
    if unread is not None:
        wrong.append(f"the crontab of this user cannot be read, so nobody knows what is in it ({unread}): run crontab -l")
    if wrong:
        return Finding(WARNING, "schedule", f"{'; '.join(wrong)}.")
    return Finding(OK, "schedule", f"{', '.join(f'{name} ({len(some)} entries)' for name, some in sorted(by_schedule.items()))}.")


def _why_wrong(entries: Sequence[Entry], scripts: Mapping[str, Script], now: float) -> str | None:
    """Say what is wrong with one schedule and what to do; None where nothing is."""
    if OFF not in {entry.state for entry in entries if entry.active} and ON in {entry.state for entry in entries if entry.active}:
        return f"it turns bots on and never off: {_AGAIN}"
    if not all(entry.active for entry in entries):
        return f"an entry is switched off: {_AGAIN}, or with bookie_schedule_state=absent"
    for path in sorted({entry.script or "" for entry in entries}):
        script = scripts.get(path, Script())
        if script.text is None:
            return f"its script {path or '(not named)'} is missing or cannot be run: {_AGAIN}"
        if _MARKER not in script.text:
            return f"{path} is not the script of the role: check what it is"
        if script.gone is not None:
            return f"the {script.gone} of its script {path} is gone, so that no bot would be switched: {_AGAIN}"
        if script.token_why is not None:
            return script.token_why
        if script.token_expires is not None and api_token.left(script.token_expires, now) <= timedelta(0):
            return f"the token in its file expired on {script.token_expires}: log in again with bookieops.betmatic.bookie_token"
    return None
