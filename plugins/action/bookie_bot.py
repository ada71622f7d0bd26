# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module bookie_bot, in this process where it would run on this machine."""

from __future__ import annotations

from ..module_utils._api.transport import warm_up
from ..modules import bookie_bot
from ..plugin_utils._in_process import InProcess

# Core loads this file before it forks: what is loaded here is loaded once for all tasks.
warm_up()


class ActionModule(InProcess):
    """Switch the bots here, or ship the module."""

    module = bookie_bot
