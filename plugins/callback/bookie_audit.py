# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The audit trail: a line before a task of bookie_bot begins, and one for each account when it ends."""

from __future__ import annotations

DOCUMENTATION = r"""
name: bookie_audit
type: notification
short_description: Append what was switched to an audit trail
version_added: 1.0.0
author:
  - BookieOps contributors (@bookieops)
description:
  - Appends JSON lines for each task of M(bookieops.betmatic.bookie_bot) in a playbook, in check mode too. C(event) says what a line is.
  - V(intent) is written before the task begins, so before its first command. V(result) follows when it ends, one line for each account; both have
    the same C(task_id). An intent without a result was interrupted, killed, or is still under way; it may have sent commands.
  - Where a task is done in Ansible's own process, and a signal ends it or it outlives C(ansible-playbook), it appends the lines of its accounts itself.
  - An item of a loop is V(item), an attempt that C(until) repeats V(attempt), a task that goes on in the background V(background). These end with V(end), or
    with the V(result) that M(ansible.builtin.async_status) reads. A skipped task leaves V(skipped), or nothing where it was sure to be skipped.
  - A task of the module C(bookie_hold) leaves one line V(hold) with the id of the hold.
  - Each line says who and where. C(user) and C(uid) (by the operating system), C(sudo_user), C(platform) with C(platform_user) and C(platform_job)
    (automation controller and AWX, GitLab, GitHub, Jenkins), C(api_url), and C(token_account), a fingerprint of the token's account. The last two
    are null where the callback does not know them, as in the intent of a task in a play with C(module_defaults).
  - A task that core refused before the module began leaves a line without account that ends with C(Nothing was sent.)
  - A task that returned no accounts because it was cut off by the keyword C(timeout), lost its host, broke, or goes on in the background may have sent what it
    was asked for. It leaves a line for each account that its options name, with the outcome V(unknown), C(changed) true and why in C(msg).
  - The lines of one task are appended with a single write, and are on the disk before the playbook goes on. The token is never in them.
  - A file that cannot be written never stops the playbook. A warning says what was not recorded.
  - The command C(ansible), which runs one module without a playbook, loads no callbacks and leaves no line, unless C(ANSIBLE_LOAD_CALLBACK_PLUGINS) is V(1).
    Then C(playbook) ends in C(__adhoc_playbook__).
requirements:
  - enabled in the configuration, for example with C(callbacks_enabled = bookieops.betmatic.bookie_audit)
options:
  path:
    description:
      - The file that lines are appended to.
      - A file that is missing is made with mode 0600, its folder with 0700.
      - An empty E(BOOKIE_AUDIT_PATH) counts as not set, with a warning.
    type: path
    default: ~/.ansible/bookie_audit.jsonl
    env:
      - name: BOOKIE_AUDIT_PATH
    ini:
      - section: callback_bookie_audit
        key: path
"""

import os

from ansible.plugins.callback import CallbackBase

from ..plugin_utils._audit import entries as audit_entries
from ..plugin_utils._audit import events, interrupted, moments
from ..plugin_utils._audit.append import append
from ..plugin_utils._audit.connection import connection
from ..plugin_utils._audit.surroundings import surroundings

BOT = ("bookieops.betmatic.bookie_bot", "bookie_bot")
HOLD = ("bookieops.betmatic.bookie_hold", "bookie_hold")
ASYNC_STATUS = ("ansible.builtin.async_status", "ansible.legacy.async_status", "async_status")
PATH_VARIABLE = "BOOKIE_AUDIT_PATH"
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class CallbackModule(CallbackBase):
    """Sees every task, keeps those of bookie_bot and bookie_hold."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "bookieops.betmatic.bookie_audit"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._playbook = None
        self._play = None
        self._who = surroundings(os.environ, {})
        # The ids of the tasks that are under way, by host and task.
        self._ids = {}
        # Loops whose items are recorded: their own result repeats them.
        self._looped = set()
        # Tasks in the background by host and job.
        self._jobs = {}

    def set_options(self, task_keys=None, var_options=None, direct=None):
        """Take the options; an empty path would be the current folder."""
        if not os.environ.get(PATH_VARIABLE, "unset").strip():
            del os.environ[PATH_VARIABLE]
            self._display.warning(f"{PATH_VARIABLE} is empty and counts as not set: the audit trail goes where ansible.cfg says, or to the default file.")
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)

    def v2_playbook_on_start(self, playbook):
        """Keep which playbook runs."""
        self._playbook = os.path.abspath(playbook._file_name)

    def v2_playbook_on_play_start(self, play):
        """Keep which play runs, and who runs it."""
        self._play = play.get_name()
        manager = play.get_variable_manager()
        self._who = surroundings(os.environ, (manager.extra_vars if manager else None) or {})

    def v2_runner_on_start(self, host, task):
        """Record that a task begins; core calls this before it starts the worker."""
        # A literal false is known without the host's variables.
        if (_action(task) in BOT or _is_template(task.action)) and not any(one is False for one in task.when):
            self._safely(self._begin, host, task)

    def v2_runner_on_ok(self, result):
        """Record a task, unless its items are recorded."""
        self._safely(self._whole, result, False)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        """Record a task, unless its items are recorded."""
        self._safely(self._whole, result, True)

    def v2_runner_on_unreachable(self, result):
        """Record a task, unless its items are recorded."""
        self._safely(self._whole, result, True)

    def v2_runner_on_skipped(self, result):
        """Nothing was tried; settle the intent."""
        self._looped.discard(_key(result))
        self._safely(self._close, result, events.SKIPPED, "The task was skipped. Nothing was sent.")

    def v2_runner_item_on_ok(self, result):
        """Record an item of a loop."""
        self._safely(self._item, result, False)

    def v2_runner_item_on_failed(self, result):
        """Record an item of a loop."""
        self._safely(self._item, result, True)

    def v2_runner_item_on_skipped(self, result):
        """Nothing was tried; the loop's own result has nothing more."""
        self._looped.add(_key(result))

    def v2_runner_retry(self, result):
        """Record an attempt that `until` repeats; it may have changed something."""
        # async_status is asked again until its job is over: that is no end.
        if _action(_get(result, "task")) not in ASYNC_STATUS:
            self._safely(self._record, result, not _get(result, "result").get("accounts"), events.ATTEMPT)

    def _safely(self, record, *arguments):
        """Record something; whatever goes wrong here must not stop the run."""
        try:
            record(*arguments)
        except Exception as error:  # pylint: disable=broad-except
            # Not the error's own text: it can hold the token.
            self._display.warning(
                f"AUDIT TRAIL NOT WRITTEN: internal error in bookieops.betmatic.bookie_audit ({type(error).__name__}) at {moments.now()}. "
                "A task of bookie_bot may be missing from the trail. The playbook goes on. Please report it."
            )

    def _begin(self, host, task):
        key = host.get_name(), task._uuid
        self._ids[key] = os.urandom(8).hex()
        # What no_log hides stays hidden, and a template may yet decide that it does.
        hidden = task.no_log not in (None, False)
        begun = self._task(host, task, None if hidden else dict(task.args))
        self._write([audit_entries.intent(begun, moments.now())])
        interrupted.note(key, self.get_option("path"), begun)

    def _whole(self, result, failed):
        if _key(result) in self._looped:
            self._looped.discard(_key(result))
            self._close(result, events.END, "The loop is over.")
        elif _action(_get(result, "task")) in BOT + HOLD + ASYNC_STATUS:
            self._record(result, failed, events.RESULT)
            self._ids.pop(_key(result), None)
            interrupted.forget(_key(result))
        else:
            self._close(result, events.END, "The task was not one of bookie_bot.")

    def _item(self, result, failed):
        self._looped.add(_key(result))
        self._record(result, failed, events.ITEM)

    def _close(self, result, event, msg):
        """Settle an intent that no result settles."""
        if _key(result) in self._ids:
            task = self._task(_get(result, "host"), _get(result, "task"), None)
            self._ids.pop(_key(result))
            interrupted.forget(_key(result))
            self._write([audit_entries.closing(task, moments.now(), event, msg)])

    def _record(self, result, failed, event):
        """Record what a task returned that is of concern here."""
        task, content = _get(result, "task"), _get(result, "result")
        if _action(task) in ASYNC_STATUS:
            self._job(result, failed)
        elif _action(task) in BOT:
            known = self._task(_get(result, "host"), task, _options(task, content), _has_answered(content))
            if content.get("ansible_job_id") and not content.get("finished"):
                self._jobs[_job(result)] = known
                event = events.BACKGROUND
            self._write(audit_entries.results(known, audit_entries.Ended(moments.now(), event, failed), content))
        elif _action(task) in HOLD:
            known = self._task(_get(result, "host"), task, _options(task, content), _has_answered(content))
            self._write([audit_entries.hold(known, audit_entries.Ended(moments.now(), event, failed), content)])

    def _job(self, result, failed):
        """Record what async_status read of a task in the background."""
        job, content = _job(result), _get(result, "result")
        if job not in self._jobs or not (content.get("finished") or failed):
            return
        # A job that could not be read may be read later.
        known = self._jobs.pop(job) if content.get("finished") else self._jobs[job]
        event = events.RESULT if content.get("finished") else events.BACKGROUND
        self._write(audit_entries.results(known, audit_entries.Ended(moments.now(), event, failed), content))

    def _write(self, some):
        path = self.get_option("path")
        try:
            append(path, audit_entries.lines(some))
        except OSError as error:
            self._display.warning(audit_entries.not_recorded(some, path, error.strerror or str(error)))

    def _task(self, host, task, options, has_answered=False):
        """Return what is known of a task; `options`: None where they are hidden or unknown. Those of module_defaults are in them once it has answered."""
        name, delegate = host.get_name(), task.delegate_to
        is_local = (delegate or name) in THIS_MACHINE or task.connection == "local"
        # The others are lists, of which core makes an empty part for each block around the task.
        is_whole = has_answered or not any(task.module_defaults or ())
        return audit_entries.Task(
            task_id=self._ids.get((name, task._uuid)),
            who=self._who,
            where=connection(options or {}, os.environ, is_local and options is not None and is_whole and not any(task.environment or ())),
            playbook=self._playbook,
            play=self._play,
            task=task.get_name(),
            host=f"{name} -> {delegate}" if delegate and delegate != name else name,
            check_mode=task.check_mode is True,
            options=options or {},
            late_templates=bool(task.until or (task.loop_control and task.loop_control.label)),
        )


def _get(result, name):
    """Return host, task or result of a callback's argument: public from ansible-core 2.19 on, before that with an underscore."""
    return getattr(result, name) if hasattr(result, name) else getattr(result, "_" + name)


def _key(result):
    return _get(result, "host").get_name(), _get(result, "task")._uuid


def _job(result):
    return _get(result, "host").get_name(), _get(result, "result").get("ansible_job_id")


def _options(task, content):
    """Return the task's options; None where no_log hides them."""
    return None if "censored" in content else dict(task.args)


def _has_answered(content):
    """Tell whether the module has answered, or began in the background: only then does core tell all its options."""
    return "api_url" in content or "ansible_job_id" in content


def _action(task):
    """Return the action's full name; as written where it was never resolved. The attribute, as the property warns then."""
    attributes = vars(task)
    return attributes.get("_resolved_action") or attributes.get("resolved_action") or task.action


def _is_template(action):
    return "{{" in str(action)
