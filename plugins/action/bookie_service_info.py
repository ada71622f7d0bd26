# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module bookie_service_info, with what only the control node knows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import ansible.constants as C
from ansible.errors import AnsibleConnectionFailure

from ..module_utils._api.transport import warm_up
from ..module_utils._preflight.findings import WARNING, Finding, conclusion
from ..modules import bookie_service_info
from ..plugin_utils._in_process import InProcess, as_modules_see_them, why_shipped
from ..plugin_utils._preflight import facts, stop_options
from ..plugin_utils._preflight.control_node import Controller, of_inventory, of_limit, of_nothing, of_task, of_timeout, of_trail

warm_up()


class ActionModule(InProcess):
    """Look at the service as the module does, then at this control node."""

    module = bookie_service_info

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what the module returns, with the findings of the control node."""
        try:
            result = super().run(tmp, task_vars)
        except AnsibleConnectionFailure as error:
            result = {"failed": True, "changed": False, "msg": f"The host was not reached: {error}"}
        except BaseException as error:  # pylint: disable=broad-except
            # No Exception, and at another place in each ansible-core.
            if type(error).__name__ != "TaskTimeoutError":
                raise
            result = {"failed": True, "changed": False, "findings": [asdict(of_timeout(self._task.timeout))]}
        known = [Finding(**one) for one in result["findings"]] if "findings" in result else []
        if not known:
            # Core refused an option, or the module could not run: there is nothing of the service in the result.
            known = [of_nothing(str(result.get("msg")), os.environ.get("BETMATIC_TIMEOUT"))]
        return {**result, **conclusion([*known, *self._around(dict(task_vars or {}))])}

    def _around(self, variables: Mapping[str, Any]) -> list[Finding]:
        """Return the findings of the control node."""
        around = self._surroundings(variables)
        controller = Controller(
            become=around.become,
            become_by_default=bool(C.DEFAULT_BECOME),
            connection=around.connection,
            environment=around.environment,
            shipped=why_shipped(around),
            tags=tuple(tag for tag in C.TAGS_RUN or () if tag != "all"),
            skipped_tags=tuple(C.TAGS_SKIP or ()),
            keeps_files=around.keeps_files,
            variables=tuple(sorted(os.environ)),
            # As the role takes it: an empty list is its default, and what cannot be rendered was a wish for some.
            narrowed=self._rendered(variables.get("bookie_bookmakers", [])) != [],
        )
        options = {name: self._rendered(variables[name]) for name in stop_options.NAMES if name in variables}
        limit = of_limit(self._task.timeout or 0, stop_options.longest_task(options))
        return [
            *of_task(controller),
            *([limit] if limit else []),
            *stop_options.findings(options),
            _tried("inventory", lambda: of_inventory(facts.inventory(variables))),
            _tried("audit trail", lambda: of_trail(facts.trail())),
            _tried("schedule", lambda: facts.schedule(time.time())),
        ]

    def _rendered(self, value: Any) -> Any:
        """Return what a variable comes to, UNREADABLE where that cannot be found out."""
        try:
            # Plain data: newer versions of core render what is in a container when it is looked at.
            return as_modules_see_them({"value": self._templar.template(value)})["value"]
        except Exception:  # pylint: disable=broad-except
            return stop_options.UNREADABLE


def _tried(subject: str, look: Callable[[], Finding]) -> Finding:
    """Return a finding; what cannot be looked up is one as well."""
    try:
        return look()
    except Exception as error:  # pylint: disable=broad-except
        # Not the error's own text: it can hold anything.
        return Finding(WARNING, subject, f"it could not be looked at: internal error in bookieops.betmatic ({type(error).__name__}). Please report it.")
