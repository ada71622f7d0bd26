# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How fast a task sends, and for how long it goes on."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation shared by extends_documentation_fragment."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Go on until every account is proven in its state, or O(wait_timeout) is over.
      - Rejected accounts are not waited for. An account that is still pending at the end is V(unknown).
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait at most, more than 0 and at most 86400.
    type: float
    default: 120.0
  wait_sleep:
    description: Seconds between two looks at the list while waiting. Must be less than O(wait_timeout), or the list is read only once.
    type: float
    default: 2.0
  concurrency:
    description: Commands under way at once at most, from 1 to 64. Halved while the service answers 429 or 503.
    type: int
    default: 10
  deadline:
    description:
      - Seconds for the whole task, more than 0 and at most 86400.
      - A part of it, O(timeout) or a quarter if that is less, is kept for reading the list at the end.
    type: float
    default: 600.0
"""
