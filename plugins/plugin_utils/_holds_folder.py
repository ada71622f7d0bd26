# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The folder of the holds of a module that is shipped: on this machine it is that of the user of ansible-playbook, whoever the module runs as.

Another user, or another HOME, has another default folder: an ON would not see the holds that stand, and a hold would stand where no ON looks.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action.normal import ActionModule as ShippedModule

from ..module_utils._arguments import DEFAULT_HOLDS_PATH

LOCAL = "ansible.plugins.connection.local"
VARIABLE = "BETMATIC_HOLDS"


def with_folder(options: Mapping[str, Any], connection: str, environment: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task's options with `holds_path` where they do not name it, and the module runs on this machine.

    :param connection: the module of the connection's class
    :param environment: what the keyword `environment` sets for the module
    """
    if connection != LOCAL or options.get("holds_path") is not None or VARIABLE in environment:
        return dict(options)
    return {**options, "holds_path": os.path.expanduser(os.path.expandvars(os.environ.get(VARIABLE, DEFAULT_HOLDS_PATH)))}


class ShippedWithFolder(ShippedModule):
    """The action of a module that is shipped with the folder of the holds."""

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ship the module; returns its result."""
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        self._task.args = with_folder(self._task.args, type(self._connection).__module__, environment)
        return super().run(tmp, task_vars)
