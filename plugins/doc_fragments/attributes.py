# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is the same for every module, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of modules."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/bookieops.betmatic.betmatic) in C(module_defaults) to set the connection options once.
    support: full
    membership:
      - bookieops.betmatic.betmatic
  check_mode:
    description: Can run in C(check_mode) and return the changed status prediction without modifying the target.
  diff_mode:
    description: Returns details on what has changed, or possibly needs changing in C(check_mode), when in diff mode.
  idempotent:
    description: A second run with the same options changes nothing.
"""
