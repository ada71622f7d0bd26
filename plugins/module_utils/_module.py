# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The edge towards Ansible that all modules share: what is masked, what is caught, how a module ends."""

from __future__ import annotations

import contextlib
import time
from typing import Any, Callable, Dict, Iterable, Protocol, Sequence

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from . import _arguments, _parent, _token_source
from ._api import token as api_token
from ._api.client import Client
from ._api.documents import OFF
from ._api.transport import REQUESTS_IMPORT_ERROR
from ._errors import NOTHING_SENT, InputError
from ._given import given, require_one_name
from ._switch.records import Target

try:
    from ansible.module_utils.secrets import mask_secrets, register_secrets
except ImportError:
    # ansible-core before 2.22
    mask_secrets = register_secrets = None

Result = Dict[str, Any]


class Task(Protocol):
    """What a module's work needs of the edge: AnsibleModule has it, and the task that an action plugin does itself."""

    params: dict[str, Any]
    argument_spec: dict[str, Any]
    check_mode: bool
    no_log_values: set[str]
    _diff: bool

    def log(self, msg: str) -> None:
        """Write a line to the system log."""

    def warn(self, warning: str) -> None:
        """Show a warning with the result."""


def result_of(task: Task, work: Callable[[], Result], refused: Callable[[str], Result], broken: Callable[[Exception], Result]) -> Result:
    """Do a module's work and return its result; an exception's own text is never shown, it can hold the token.

    :param work: returns the result, with `failed`
    :param refused: returns the result for an option that cannot be used, given the reason
    :param broken: returns the result for a fault of this collection
    """
    if REQUESTS_IMPORT_ERROR:
        result = dict(refused(f"{missing_required_lib('requests')}. {NOTHING_SENT}"), exception=REQUESTS_IMPORT_ERROR)
    else:
        # Before anything is said: what stands in the wrong option may be a part of it.
        with contextlib.suppress(InputError):
            token(task)
        try:
            require_one_name(task.argument_spec, task.params)
            result = work()
        except InputError as error:
            result = refused(f"{error}. {NOTHING_SENT}")
        except Exception as error:  # pylint: disable=broad-except
            result = broken(error)
    result.setdefault("token_expires", expires(task))
    # The new token where there is one. Core shows what a warning holds in clear: a date of our own making, and nothing else.
    warning = api_token.warning(result.get("expires", result["token_expires"]), time.time())
    if warning:
        task.warn(warning)
    return result


def as_asked(task: Task, result: Result) -> Result:
    """Return the result, with the difference only where --diff asks for it."""
    return result if task._diff else {key: value for key, value in result.items() if key != "diff"}


def end(module: AnsibleModule, result: Result) -> None:
    """End the module with its result."""
    if result["failed"]:
        module.fail_json(**{key: value for key, value in result.items() if key != "failed"})
    module.exit_json(**result)


def end_masked(module: AnsibleModule, result: Result) -> None:
    """End the module with its result, in which no secret is left: from 2.22 on core masks what is shown, and nothing that is returned."""
    end(module, result if mask_secrets is None else {key: masked_texts(value) for key, value in result.items()})


def masked_texts(value: Any) -> Any:
    """Return a value of a result with each text in it masked, as ansible-core from 2.22 on does it."""
    if isinstance(value, str):
        return mask_secrets(value)
    if isinstance(value, dict):
        return {key: masked_texts(one) for key, one in value.items()}
    return [masked_texts(one) for one in value] if isinstance(value, (list, tuple)) else value


def orphan_check(task: Task) -> Callable[[], bool]:
    """Return what tells whether ansible-playbook is gone: the task's own way where it has one, else by the processes above."""
    return getattr(task, "is_orphan", None) or _parent.watch()


def let_offs_finish(task: Task, targets: Sequence[Target] | None) -> None:
    """Let the OFFs of a task go on to their end though its job is killed; `targets` is None for all accounts."""
    states = [task.params["state"]] if targets is None else [target.state for target in targets]
    if OFF in states:
        _parent.leave_group()


def expires(task: Task) -> str | None:
    """Return the expiry of the task's token; None when it has none, or there is no token that can be used."""
    try:
        return api_token.expires(token_source(task).read())
    except InputError:
        return None


def token_source(task: Task) -> _token_source.TokenSource:
    """Return where the task's token comes from; raises InputError where it names two."""
    return _token_source.choose(task.params, given(task.argument_spec, task.params))


def token(task: Task) -> str:
    """Return the task's token, masked from here on; raises InputError."""
    value = token_source(task).read()
    mask(task, api_token.secrets_of(value))
    return value


def client(task: Task, value: str | None = None) -> Client:
    """Return the client of the connection options, its token masked; raises InputError. `value`: the token where it was read before."""
    params = task.params
    # A module runs in the folder that relative paths begin in; a task that an action plugin does itself names it.
    folder = getattr(task, "folder", "")
    return Client(_arguments.read_url(params), value or token(task), params["validate_certs"], _arguments.read_ca_path(params), folder)


def mask(task: Task, secrets: Iterable[str]) -> None:
    """Let core show none of these texts, by the way that its version has."""
    if register_secrets is not None:
        register_secrets(secrets)
    else:
        task.no_log_values.update(secrets)


def hand_over(task: Task, new: str, returned: Sequence[str]) -> None:
    """Let core return a new token as it is.

    Up to 2.21 core masks every secret wherever it stands in a result, and tokens of one service share their first part: the secrets that stand
    in these texts are masked no more. From 2.22 on core masks what is shown and nothing that is returned, so that the new token can be masked as well.
    """
    if register_secrets is not None:
        mask(task, api_token.secrets_of(new))
    else:
        task.no_log_values = {secret for secret in task.no_log_values if not any(secret in text for text in returned)}
