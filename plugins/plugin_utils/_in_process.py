# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module's work done by its action plugin, where Ansible already runs: no second Python, no payload, no temporary files.

Only where the module would run on this machine, as this user, with this Python and this environment. Everywhere else the module is shipped as ever.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import syslog
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import ansible.constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.utils.display import Display

from ..module_utils import _module
from ..module_utils._api.transport import REQUESTS_IMPORT_ERROR
from ..module_utils._errors import NOTHING_SENT
from ._holds_folder import LOCAL, ShippedWithFolder

try:
    from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder

    _ENCODER, _DECODER = get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE), get_module_decoder("legacy", Direction.CONTROLLER_TO_MODULE)
    _ENCODED: dict[str, Any] = {"cls": _ENCODER}
except ImportError:
    # ansible-core up to 2.18.
    from ansible.parsing.ajson import AnsibleJSONEncoder

    _ENCODED, _DECODER = {"cls": AnsibleJSONEncoder, "vault_to_text": True}, json.JSONDecoder

# The values of an interpreter that leave the choice to Ansible.
_ANY_PYTHON = (None, "", "auto", "auto_silent", "auto_legacy", "auto_legacy_silent")
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGALRM") if hasattr(signal, name))


@dataclass(frozen=True)
class Surroundings:
    """What decides whether a task runs in this process; `connection` is the module of the connection's class."""

    allowed: bool = True
    system: str = "linux"
    in_main_thread: bool = True
    connection: str = LOCAL
    become: bool = False
    in_background: bool = False
    environment: tuple[str, ...] = ()
    keeps_files: bool = False
    interpreter: str | None = None
    has_requests: bool = True


def why_shipped(found: Surroundings) -> str | None:
    """Say why the module must run as a process of its own; None when its work can be done in this one."""
    if not found.allowed:
        return "bookie_in_process or BETMATIC_IN_PROCESS switches it off"
    if found.system in ("darwin", "win32"):
        return f"HTTP after a fork is not safe on {found.system}"
    if not found.in_main_thread:
        return "signals reach the main thread only"
    if found.connection != LOCAL:
        return f"the connection is {found.connection}, not {LOCAL}"
    if found.become:
        return "become is in effect"
    if found.in_background:
        return "it runs in the background (async)"
    if found.environment:
        return f"environment sets {', '.join(found.environment)}"
    if found.keeps_files:
        return "ANSIBLE_KEEP_REMOTE_FILES wants its files"
    if found.interpreter not in (*_ANY_PYTHON, sys.executable):
        return f"the interpreter is {found.interpreter}, not {sys.executable}"
    return None if found.has_requests else "the Python library requests is missing here"


@dataclass
class Task:
    """What a module's work needs of AnsibleModule, without its process: read by `_module` and by the modules."""

    name: str
    argument_spec: dict[str, Any]
    params: dict[str, Any]
    check_mode: bool
    _diff: bool
    no_log: bool
    no_log_values: set[str] = field(default_factory=set)
    # Where a module would run: relative paths begin there.
    folder: str = ""
    # Returns the signal that the work has caught, None for none; the work puts its own here.
    caught: Callable[[], int | None] = lambda: None
    warnings: list[str] = field(default_factory=list)

    def is_orphan(self) -> bool:
        """Tell whether ansible-playbook is gone."""
        return is_orphan()

    def warn(self, text: str) -> None:
        """Keep a warning for the result."""
        self.warnings.append(text)

    def log(self, line: str) -> None:
        """Write a line to the system log, as a module does."""
        if not self.no_log and not C.DEFAULT_NO_TARGET_SYSLOG:
            syslog.openlog(f"ansible-{self.name}", 0, getattr(syslog, C.DEFAULT_SYSLOG_FACILITY, syslog.LOG_USER))
            syslog.syslog(syslog.LOG_INFO, line)


class InProcess(ShippedWithFolder):
    """The action of a module that can do its work here; `module` has `argument_spec`, and `result_of(task)`."""

    module: ModuleType

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what the module returns, whichever way it ran."""
        variables = dict(task_vars or {})
        why = why_shipped(self._surroundings(variables))
        if why is not None and is_orphan() and wants_on(self._task.args):
            return {"failed": True, "changed": False, "msg": f"ansible-playbook was killed: no ON is sent any more. {NOTHING_SENT}"}
        if why is not None:
            Display().vvv(f"{self._task.action} is shipped: {why}", host=variables.get("inventory_hostname"))
            return super().run(tmp, task_vars)
        return self._done_here(variables)

    def _surroundings(self, variables: Mapping[str, Any]) -> Surroundings:
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        return Surroundings(
            allowed=boolean(self._templated(variables.get("bookie_in_process", os.environ.get("BETMATIC_IN_PROCESS", True))), strict=False),
            system=sys.platform,
            in_main_thread=threading.current_thread() is threading.main_thread(),
            connection=type(self._connection).__module__,
            become=bool(self._play_context.become or getattr(self._connection, "become", None)),
            in_background=bool(self._task.async_val),
            environment=tuple(sorted(map(str, environment))),
            keeps_files=bool(C.DEFAULT_KEEP_REMOTE_FILES),
            interpreter=self._interpreter(variables),
            has_requests=REQUESTS_IMPORT_ERROR is None,
        )

    def _interpreter(self, variables: Mapping[str, Any]) -> str | None:
        of_host = variables.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {}) if self._task.delegate_to else variables
        chosen = self._templated(C.config.get_config_value("INTERPRETER_PYTHON", variables=of_host))
        return None if chosen is None else str(chosen).strip()

    def _templated(self, value: Any) -> Any:
        return self._templar.template(value) if isinstance(value, str) else value

    def _done_here(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        args = as_modules_see_them(self._task.args)
        spec = self.module.argument_spec()
        checked = ArgumentSpecValidator(spec).validate(_relative_to(self._loader.get_basedir(), args))
        task = Task(
            self._task.action, spec, checked.validated_parameters, bool(self._task.check_mode), bool(self._task.diff), bool(self._task.no_log),
            set(checked._no_log_values), self._loader.get_basedir(), warnings=_warnings(checked),
        )
        if checked.error_messages:
            warnings = {"warnings": task.warnings} if task.warnings else {}
            return masked({"failed": True, "changed": False, "msg": _refusal(task.name, checked), **warnings}, task)
        with _kept_handlers():
            result = self.module.result_of(task)
            if task.caught() == signal.SIGALRM:
                result["timedout"] = {"period": self._task.timeout}
            if task.warnings:
                result["warnings"] = task.warnings
            if _returns_invocation(variables):
                result["invocation"] = {"module_args": task.params}
            result = masked(result, task)
            if _is_ended(task) or is_orphan():
                self._append_to_trail(task, variables, args, result)
        # Asked again: a signal that came meanwhile is not swallowed.
        ended_by = task.caught()
        if ended_by is not None and _is_ended(task):
            # Core ends the worker by it, and nobody reads a result any more.
            os.kill(os.getpid(), ended_by)
        return result

    def _append_to_trail(self, task: Task, variables: Mapping[str, Any], args: Mapping[str, Any], result: Mapping[str, Any]) -> None:
        """Leave the lines of a result that no callback sees; whatever goes wrong here must not keep the worker."""
        # Late: no task needs it that ends as it should.
        from ._audit import interrupted

        is_item = self._task.loop is not None or bool(self._task.loop_with)
        try:
            interrupted.append_result((str(variables.get("inventory_hostname")), self._task._uuid), args, result, is_item, task.no_log)
        except Exception as error:  # pylint: disable=broad-except
            task.log(f"AUDIT TRAIL NOT WRITTEN: {type(error).__name__}")


def _is_ended(task: Task) -> bool:
    """Tell whether a signal ends the worker, so that nobody reads its result; after a task's `timeout` core goes on."""
    return task.caught() not in (None, signal.SIGALRM)


def _returns_invocation(variables: Mapping[str, Any]) -> bool:
    """Tell whether core wants a result to repeat the options: always up to 2.20, then where it is configured so."""
    try:
        return bool(C.config.get_config_value("INJECT_INVOCATION", variables=variables))
    except AnsibleError:
        return True


# Core loads this file before it forks; where a worker loads it, its parent is what a worker's parent was then.
_LOADED_BY, _LOADED_BELOW = os.getpid(), os.getppid()


def is_orphan() -> bool:
    """Tell whether ansible-playbook is gone, also where it was gone before this task began."""
    return os.getppid() != (_LOADED_BELOW if os.getpid() == _LOADED_BY else _LOADED_BY)


def wants_on(options: Mapping[str, Any]) -> bool:
    """Tell whether options may ask for an ON; what is not clear counts as one."""
    states = [options.get("state")]
    accounts = options.get("accounts")
    states += [one.get("state") for one in accounts if isinstance(one, Mapping)] if isinstance(accounts, (list, tuple)) else []
    return any(state not in (None, False, "off") for state in states)


def as_modules_see_them(args: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as plain data, the way in which they reach a module: no tags, no lazy containers, vaulted texts in clear."""
    return json.loads(json.dumps(args, **_ENCODED), cls=_DECODER)


def masked(result: Mapping[str, Any], task: Task) -> dict[str, Any]:
    """Return the result without a secret of the task; booleans and null stay, as in a module's result."""
    kept = {key: value for key, value in result.items() if value is None or isinstance(value, bool)}
    if _module.register_secrets is not None:
        _module.register_secrets(task.no_log_values)
        return {**_module.masked_texts(dict(result)), **kept}
    return {**remove_values(dict(result), task.no_log_values), **kept}


def _relative_to(folder: str, args: dict[str, Any]) -> dict[str, Any]:
    """Return the options with relative paths of certificates as seen from the playbook's folder, where a module would run."""
    path = args.get("ca_path")
    if not isinstance(path, str) or not path or path.startswith(("/", "~", "$")):
        return args
    return {**args, "ca_path": os.path.join(folder, path)}


def _warnings(checked: Any) -> list[str]:
    """Return what the check of the options warns of, in core's own words."""
    return [f"Both option {one['option']} and its alias {one['alias']} are set." for one in checked._warnings]


def _refusal(name: str, checked: Any) -> str:
    """Say why options cannot be used, in core's own words."""
    if isinstance(checked.errors[0], UnsupportedError):
        return f"Unsupported parameters for ({name}) module: {checked.errors.msg}"
    return checked.errors.msg


@contextlib.contextmanager
def _kept_handlers() -> Iterator[None]:
    """Put the handlers of signals back once the work is done."""
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
