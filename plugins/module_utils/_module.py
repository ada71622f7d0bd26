# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The edge towards Ansible that all modules share: what is masked, what is caught, how a module ends."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, Iterable, Sequence

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from . import _arguments, _token_source
from ._api import token as api_token
from ._api.client import Client
from ._api.transport import REQUESTS_IMPORT_ERROR
from ._errors import NOTHING_SENT, InputError
from ._given import given

try:
    from ansible.module_utils.secrets import register_secrets
except ImportError:
    # ansible-core before 2.22
    register_secrets = None

Result = Dict[str, Any]


def run(module: AnsibleModule, work: Callable[[], Result], refused: Callable[[str], Result], broken: Callable[[Exception], Result]) -> None:
    """Do the module's work and end it; an exception's own text is never shown, it can hold the token.

    :param work: returns the result, with `failed`
    :param refused: returns the result for an option that cannot be used, given the reason
    :param broken: returns the result for a fault of this collection
    """
    if REQUESTS_IMPORT_ERROR:
        _end(module, dict(refused(f"{missing_required_lib('requests')}. {NOTHING_SENT}"), exception=REQUESTS_IMPORT_ERROR))
    try:
        result = work()
    except InputError as error:
        result = refused(f"{error}. {NOTHING_SENT}")
    except Exception as error:  # pylint: disable=broad-except
        result = broken(error)
    _end(module, result)


def _end(module: AnsibleModule, result: Result) -> None:
    result.setdefault("token_expires", expires(module))
    # The new token where there is one. Core shows what a warning holds in clear: a date of our own making, and nothing else.
    warning = api_token.warning(result.get("expires", result["token_expires"]), time.time())
    if warning:
        module.warn(warning)
    if result.pop("failed"):
        module.fail_json(**result)
    module.exit_json(failed=False, **result)


def expires(module: AnsibleModule) -> str | None:
    """Return the expiry of the task's token; None when it has none, or there is no token that can be used."""
    try:
        return api_token.expires(token_source(module).read())
    except InputError:
        return None


def token_source(module: AnsibleModule) -> _token_source.TokenSource:
    """Return where the task's token comes from; raises InputError where it names two."""
    return _token_source.choose(module.params, given(module.argument_spec, module.params))


def token(module: AnsibleModule) -> str:
    """Return the task's token, masked from here on; raises InputError."""
    value = token_source(module).read()
    mask(module, api_token.secrets_of(value))
    return value


def client(module: AnsibleModule, value: str | None = None) -> Client:
    """Return the client of the connection options, its token masked; raises InputError. `value`: the token where it was read before."""
    params = module.params
    return Client(_arguments.read_url(params), value or token(module), params["validate_certs"], _arguments.read_ca_path(params))


def mask(module: AnsibleModule, secrets: Iterable[str]) -> None:
    """Let core show none of these texts, by the way that its version has."""
    if register_secrets is not None:
        register_secrets(secrets)
    else:
        module.no_log_values.update(secrets)


def hand_over(module: AnsibleModule, new: str, returned: Sequence[str]) -> None:
    """Let core return a new token as it is.

    Up to 2.21 core masks every secret wherever it stands in a result, and tokens of one service share their first part: the secrets that stand
    in these texts are masked no more. From 2.22 on core masks what is shown and nothing that is returned, so that the new token can be masked as well.
    """
    if register_secrets is not None:
        mask(module, api_token.secrets_of(new))
    else:
        module.no_log_values = {secret for secret in module.no_log_values if not any(secret in text for text in returned)}
