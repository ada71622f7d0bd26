# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is around a task on the control node, looked up: settings of Ansible, inventory, trail, crontab and units. Nothing is changed."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

import ansible.constants as C
import ansible.context
from ansible.errors import AnsibleError
from ansible.inventory.manager import IGNORED

from ...module_utils._api import token as api_token
from ...module_utils._errors import InputError
from ...module_utils._preflight.findings import Finding
from ...module_utils._token_source import TokenSource
from . import schedules
from .control_node import CALLBACK, SERVICE_FILES, Inventory, Trail
from .schedules import Entry, Script

# Seconds; crontab answers in a few thousandths.
_PATIENCE = 2.0
# By which core knows a callback's options: by its full name, or by that of its module.
_NAMES = (CALLBACK, "ansible_collections.bookieops.betmatic.plugins.callback.bookie_audit")
_UNITS = "~/.config/systemd/user"


def inventory(variables: Mapping[str, Any]) -> Inventory:
    """Return what the inventory of this run is made of."""
    named = ansible.context.CLIARGS.get("inventory") or C.DEFAULT_HOST_LIST or ()
    given = [named] if isinstance(named, str) else list(named)
    files = [file for source in given for file in _files(source)]
    # Core keeps which ones it has read where plugins are not meant to look.
    data = getattr(getattr(variables.get("hostvars"), "_inventory", None), "_inventory", None)
    read = getattr(data, "processed_sources", None)
    unread = None if read is None else tuple(file for file in files if file not in set(map(str, read)))
    asks_service = any(file.endswith(SERVICE_FILES) for file in files)
    return Inventory(
        sources=tuple(files),
        unread=unread,
        has_accounts=asks_service or "bookie_accounts" in (variables.get("groups") or {}),
        asks_service=asks_service,
        unread_fails=bool(C.config.get_config_value("INVENTORY_ANY_UNPARSED_IS_FAILED")),
        mismatch_fails=C.config.get_config_value("HOST_PATTERN_MISMATCH") == "error",
    )


def _files(source: str) -> Iterator[str]:
    """Give the files of a source as core reads them; a list of hosts is none, and so is the default file where it is missing."""
    if "," in source or (source == "/etc/ansible/hosts" and not os.path.exists(source)):
        return
    path = os.path.abspath(os.path.expanduser(source))
    if not os.path.isdir(path):
        yield path
        return
    for name in sorted(os.listdir(path)):
        if not IGNORED.search(os.fsencode(name) if isinstance(IGNORED.pattern, bytes) else name):
            yield from _files(os.path.join(path, name))


def trail() -> Trail:
    """Return whether the audit trail is written, and where."""
    if CALLBACK not in (C.CALLBACKS_ENABLED or ()):
        return Trail(enabled=False)
    for name in _NAMES:
        with contextlib.suppress(AnsibleError, KeyError):
            path = str(C.config.get_config_value("path", plugin_type="callback", plugin_name=name))
            return Trail(path=path, why=why_not_appended(path))
    return Trail()


def why_not_appended(path: str) -> str | None:
    """Say why nothing could be appended to a file, None where it could; a file that is missing is made with its folder."""
    try:
        # Without O_CREAT nothing is changed; O_NONBLOCK: a pipe that nobody reads must not stop this.
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK))
        return None if os.path.isfile(path) else "is not a regular file"
    except FileNotFoundError:
        above = os.path.dirname(os.path.abspath(path))
    except OSError as error:
        return f"cannot be written ({error.strerror})"
    while not os.path.lexists(above):
        above = os.path.dirname(above)
    if not os.path.isdir(above) or not os.access(above, os.W_OK | os.X_OK):
        return f"cannot be made in {above}"
    return None


def schedule(now: float) -> Finding:
    """Return the finding of what the role trading_day installed for this user; `now` in seconds since 1970."""
    text, why_unread = _crontab()
    entries = [*schedules.of_crontab(text), *_timers(pathlib.Path(_UNITS).expanduser())]
    scripts = {path: _script(path) for path in {entry.script for entry in entries if entry.script}}
    return schedules.finding(entries, scripts, now, why_unread)


def _crontab() -> tuple[str, str | None]:
    """Return this user's crontab, and why it could not be read; None where it could, and where there is none."""
    command = shutil.which("crontab")
    if command is None:
        return "", None
    try:
        # In English: what it says tells a user without a crontab from one who may not have it.
        environment = {**os.environ, "LC_ALL": "C"}
        done = subprocess.run([command, "-l"], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_PATIENCE, env=environment)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", type(error).__name__
    said = " ".join(done.stderr.decode("utf-8", "replace").split())
    return done.stdout.decode("utf-8", "replace"), schedules.why_unread(done.returncode, said)


def _timers(folder: pathlib.Path) -> Iterator[Entry]:
    for timer in sorted(folder.glob("bookie-*.timer")):
        is_enabled = os.path.lexists(folder / "timers.target.wants" / timer.name)
        entry = schedules.of_unit(timer.name, _text(timer.with_suffix(".service")) or "", is_enabled)
        if entry is not None:
            yield entry


def _script(path: str) -> Script:
    text = _text(pathlib.Path(path)) if os.access(path, os.X_OK) else None
    gone = _gone(text or "")
    file = schedules.token_file(text or "")
    if file is None:
        return Script(text, gone=gone)
    try:
        return Script(text, None, api_token.expires(TokenSource(path=file).read()), gone)
    except InputError as error:
        # It begins with the option's name, which is another one here.
        return Script(text, f"its token file: {error}", gone=gone)


def _gone(script: str) -> str | None:
    """Say what a script runs and is not there any more: an environment that was rebuilt, a collection that was moved."""
    python, folder = schedules.python_of(script), schedules.collections_of(script)
    if python is not None and not os.access(python, os.X_OK):
        return f"Python {python}"
    if folder is not None and not os.path.isfile(os.path.join(folder, "ansible_collections/bookieops/betmatic/playbooks/switch.yml")):
        return f"collection below {folder}"
    return None


def _text(path: pathlib.Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
