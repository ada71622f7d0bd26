# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The edge towards Ansible that all modules share: what is masked, what is caught, how a module ends."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.bookieops.betmatic.plugins.module_utils import _arguments, _token
from ansible_collections.bookieops.betmatic.plugins.module_utils._client import Client
from ansible_collections.bookieops.betmatic.plugins.module_utils._outcomes import NOTHING_SENT
from ansible_collections.bookieops.betmatic.plugins.module_utils._transport import REQUESTS_IMPORT_ERROR

Result = Dict[str, Any]


def run(module: AnsibleModule, work: Callable[[], Result], refused: Callable[[str], Result], broken: Callable[[Exception], Result]) -> None:
    """Do the module's work and end it; an exception's own text is never shown, it can hold the token.

    :param work: returns the result, with `failed`
    :param refused: returns the result for an option that cannot be used, given the reason
    :param broken: returns the result for a fault of this collection
    """
    if REQUESTS_IMPORT_ERROR:
        _end(module, dict(refused("{0}. {1}".format(missing_required_lib("requests"), NOTHING_SENT)), exception=REQUESTS_IMPORT_ERROR))
    try:
        result = work()
    except _arguments.BadArgument as error:
        result = refused("{0}. {1}".format(error, NOTHING_SENT))
    except Exception as error:  # pylint: disable=broad-except
        result = broken(error)
    _end(module, result)


def _end(module: AnsibleModule, result: Result) -> None:
    result.setdefault("token_expires", _token.expires((module.params["api_token"] or "").strip()))
    # The new token where there is one. Core shows what a warning holds in clear: a date of our own making, and nothing else.
    warning = _token.warning(result.get("expires", result["token_expires"]), time.time())
    if warning:
        module.warn(warning)
    if result.pop("failed"):
        module.fail_json(**result)
    module.exit_json(failed=False, **result)


def client(module: AnsibleModule) -> Client:
    """Return the client of the connection options, its token masked; raises BadArgument."""
    params = module.params
    token = _arguments.read_token(params)
    module.no_log_values.update(_token.secrets_of(token))
    return Client(_arguments.read_url(params), token, params["validate_certs"], _arguments.read_ca_path(params))
