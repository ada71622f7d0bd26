# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token bucket over all clients."""

from __future__ import annotations


class Bucket:
    """At most rate requests a second, as many at once; 0 is no limit."""

    def __init__(self, rate):
        self._rate = rate
        self._left = rate
        self._last = 0.0

    def take(self, now):
        """Whether one more may pass."""
        if not self._rate:
            return True
        self._left = min(self._rate, self._left + (now - self._last) * self._rate)
        self._last = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
