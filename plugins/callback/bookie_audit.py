# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The audit trail: one line for each account whenever a task of bookie_bot ends."""

from __future__ import annotations

DOCUMENTATION = r"""
name: bookie_audit
type: notification
short_description: Append what was switched to an audit trail
version_added: 1.0.0
author:
  - BookieOps contributors (@bookieops)
description:
  - Appends one JSON line for each account whenever a task of M(bookieops.betmatic.bookie_bot) in a playbook ends. In check mode too, marked so.
  - Each item of a loop, each attempt of C(until), and what M(ansible.builtin.async_status) reads of a task in the background is a task of its own.
  - The fields are C(time) (RFC 3339, UTC, when the task ended), C(user) (who runs C(ansible-playbook), by the operating system), C(playbook), C(play), C(task),
    C(host), C(account_id), C(display_name), C(state), C(outcome), C(changed), C(failed), C(previous_status), C(bot_status), C(http_status),
    C(message), C(reason) and C(check_mode).
  - A task that returned no accounts because it was cut off by the keyword C(timeout), lost its host, broke, or goes on in the background may have sent what it
    was asked for. It leaves a line for each account that its options name, with the outcome V(unknown), C(changed) true and why in C(msg).
  - A task that names no account, such as one with a refused option or with C(no_log), or that failed for more than the accounts it names, leaves a line
    with C(account_id) null and what it says of itself in C(msg).
  - The lines of one task are appended with a single write, and are on the disk before the playbook goes on. The token is never in them.
  - A file that cannot be written never stops the playbook. A warning says what was not recorded.
  - The command C(ansible), which runs one module without a playbook, loads no callbacks and leaves no line, unless C(ANSIBLE_LOAD_CALLBACK_PLUGINS) is V(1).
    Then C(playbook) ends in C(__adhoc_playbook__).
  - A task that was skipped leaves no line. Nor does one that was under way when C(ansible-playbook) itself was killed. The commands that it sent
    are in the system log of the machine that ran the module.
requirements:
  - enabled in the configuration, for example with C(callbacks_enabled = bookieops.betmatic.bookie_audit)
options:
  path:
    description:
      - The file that lines are appended to.
      - A file that is missing is made with mode 0600, its folder with 0700.
    type: path
    default: ~/.ansible/bookie_audit.jsonl
    env:
      - name: BOOKIE_AUDIT_PATH
    ini:
      - section: callback_bookie_audit
        key: path
"""

import os
import pwd
from dataclasses import replace
from datetime import datetime, timezone

from ansible.plugins.callback import CallbackBase

from ..plugin_utils._audit import entries as audit_entries
from ..plugin_utils._audit.append import append

MODULE = "bookieops.betmatic.bookie_bot"
ASYNC_STATUS = ("ansible.builtin.async_status", "ansible.legacy.async_status", "async_status")


class CallbackModule(CallbackBase):
    """Sees every result, keeps those of bookie_bot."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "bookieops.betmatic.bookie_audit"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._playbook = None
        self._play = None
        # Loops whose items are recorded: their own result repeats them.
        self._looped = set()
        # Tasks in the background by host and job.
        self._jobs = {}

    def v2_playbook_on_start(self, playbook):
        """Keep which playbook runs."""
        self._playbook = os.path.abspath(playbook._file_name)

    def v2_playbook_on_play_start(self, play):
        """Keep which play runs."""
        self._play = play.get_name()

    def v2_runner_on_ok(self, result):
        """Record a task, unless its items are recorded."""
        self._whole(result, failed=False)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        """Record a task, unless its items are recorded."""
        self._whole(result, failed=True)

    def v2_runner_on_unreachable(self, result):
        """Record a task, unless its items are recorded."""
        self._whole(result, failed=True)

    def v2_runner_on_skipped(self, result):
        """Nothing was tried; forget the items."""
        self._looped.discard(_key(result))

    def v2_runner_item_on_ok(self, result):
        """Record an item of a loop."""
        self._item(result, failed=False)

    def v2_runner_item_on_failed(self, result):
        """Record an item of a loop."""
        self._item(result, failed=True)

    def v2_runner_item_on_skipped(self, result):
        """Nothing was tried; the loop's own result has nothing more."""
        self._looped.add(_key(result))

    def v2_runner_retry(self, result):
        """Record an attempt that `until` repeats; it may have changed something."""
        # async_status is asked again until its job is over: that is no end.
        if _action(_get(result, "task")) not in ASYNC_STATUS:
            self._record(result, failed=not _get(result, "result").get("accounts"))

    def _whole(self, result, failed):
        if _key(result) in self._looped:
            self._looped.discard(_key(result))
        else:
            self._record(result, failed)

    def _item(self, result, failed):
        self._looped.add(_key(result))
        self._record(result, failed)

    def _record(self, result, failed):
        """Record what bookie_bot returned; whatever goes wrong here must not stop the run."""
        try:
            ended = self._ended(result, failed)
            if ended:
                self._write(audit_entries.entries(ended, _get(result, "result"), _tokens(result)))
        except Exception as error:  # pylint: disable=broad-except
            # Not the error's own text: it can hold the token.
            self._display.warning(
                "AUDIT TRAIL NOT WRITTEN: the callback bookie_audit met a fault of its own ({0}) at {1}. "
                "A task of bookie_bot may be missing from the trail. The playbook goes on. Please report it.".format(type(error).__name__, _now())
            )

    def _write(self, entries):
        path = self.get_option("path")
        try:
            append(path, audit_entries.lines(entries))
        except OSError as error:
            self._display.warning(audit_entries.not_recorded(entries, path, error.strerror or str(error)))

    def _ended(self, result, failed):
        """Return the task of bookie_bot that this result ends, None when it ends none."""
        task, content = _get(result, "task"), _get(result, "result")
        job = (_get(result, "host").get_name(), content.get("ansible_job_id"))
        if _action(task) in ASYNC_STATUS:
            if job not in self._jobs or not (content.get("finished") or failed):
                return None
            # A job that could not be read may be read later.
            started = self._jobs.pop(job) if content.get("finished") else self._jobs[job]
            return replace(started, time=_now(), failed=failed)
        if _action(task) not in (MODULE, "bookie_bot"):
            return None
        ended = audit_entries.Ended(
            time=_now(),
            user=_user(),
            playbook=self._playbook,
            play=self._play,
            task=task.get_name(),
            host=_host(result),
            check_mode=task.check_mode is True,
            failed=failed,
            # What no_log hides stays hidden.
            options={} if "censored" in content else dict(task.args),
        )
        if job[1] and not content.get("finished"):
            self._jobs[job] = ended
        return ended


def _get(result, name):
    """Return host, task or result of a callback's argument: public from ansible-core 2.19 on, before that with an underscore."""
    return getattr(result, name) if hasattr(result, name) else getattr(result, "_" + name)


def _key(result):
    return _get(result, "host").get_name(), _get(result, "task")._uuid


def _action(task):
    """Return the action's full name; as written where it was never resolved. The attribute, as the property warns then."""
    attributes = vars(task)
    return attributes.get("_resolved_action") or attributes.get("resolved_action") or task.action


def _host(result):
    """Return the host, and where its task was delegated to."""
    host, delegate = _get(result, "host").get_name(), _get(result, "task").delegate_to
    return f"{host} -> {delegate}" if delegate and delegate != host else host


def _tokens(result):
    """Return the tokens that this run may know."""
    given = _get(result, "task").args.get("api_token")
    return [str(token) for token in (given, os.environ.get("BETMATIC_API_TOKEN")) if token]


def _user():
    """Return who the operating system says runs this; the environment could say anything."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def _now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
