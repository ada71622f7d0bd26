# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The edge towards Ansible that all modules share: what is masked, what is caught, how a module ends."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from . import _arguments
from ._api import token as api_token
from ._api.client import Client
from ._api.transport import REQUESTS_IMPORT_ERROR
from ._errors import NOTHING_SENT, InputError

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
    result.setdefault("token_expires", api_token.expires((module.params["api_token"] or "").strip()))
    # The new token where there is one. Core shows what a warning holds in clear: a date of our own making, and nothing else.
    warning = api_token.warning(result.get("expires", result["token_expires"]), time.time())
    if warning:
        module.warn(warning)
    if result.pop("failed"):
        module.fail_json(**result)
    module.exit_json(failed=False, **result)


def client(module: AnsibleModule) -> Client:
    """Return the client of the connection options, its token masked; raises InputError."""
    params = module.params
    token = _arguments.read_token(params)
    module.no_log_values.update(api_token.secrets_of(token))
    return Client(_arguments.read_url(params), token, params["validate_certs"], _arguments.read_ca_path(params))
