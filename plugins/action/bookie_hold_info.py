# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module bookie_hold_info, shipped with the folder of the holds."""

from __future__ import annotations

from ..plugin_utils._holds_folder import ShippedWithFolder


class ActionModule(ShippedWithFolder):
    """Ship the module."""
