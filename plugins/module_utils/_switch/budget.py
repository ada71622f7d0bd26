# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The time of one task: computed once, asked by everything that is sent."""

from __future__ import annotations

from typing import Callable

from .records import Limits

# Seconds that an attempt gets even where less is left.
_SHORTEST_ATTEMPT = 0.1


class Budget:
    """Every moment is on the engine's clock.

    `deadline`: nothing is done after it. `send_until`: no command is sent after it, the rest is kept for the reading at the end.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self.deadline = clock() + limits.deadline
        self.send_until = self.deadline - min(limits.timeout, limits.deadline / 4)

    def left(self, until: float) -> float:
        """Return the seconds until that moment."""
        return until - self._clock()

    def of_attempt(self, until: float) -> float:
        """Return the seconds that one attempt gets."""
        return max(_SHORTEST_ATTEMPT, min(self._limits.timeout, self.left(until)))

    def glance_until(self) -> float:
        """Return the end of a reading while commands are still due: a list that hangs does not keep them back."""
        return self._clock() + min(self._limits.timeout, self.left(self.send_until) / 4)

    def first_sweep_until(self) -> float:
        """Return the end of a first sweep that begins now: half of the time is kept for the second one."""
        return self._clock() + self.left(self.send_until) / 2

    def wait_until(self) -> float:
        """Return the end of a wait that begins now."""
        return min(self._clock() + self._limits.wait_timeout, self.deadline)
