# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pure: how many jobs may be under way at once, and from when on. Halves on congestion, grows back by one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .retries import Next

_FIRST_BRAKE = 0.2
_LONGEST_BRAKE = 5.0


@dataclass(frozen=True, repr=False, eq=False)
class Throttle:
    """What the answers so far allow; every time is on the clock of who asks.

    `most`: jobs at once at most; `allowed`: now. `successes`: since the last change. `brake`: the last pause in seconds.
    `congested_at`: when it was halved last. `closed_until`: nothing is started before.
    """

    most: int
    allowed: int
    successes: int = 0
    brake: float = 0.0
    congested_at: float = 0.0
    closed_until: float = 0.0

    def may_start(self, under_way: int, now: float, until: float) -> bool:
        """Tell whether one more job may be started, in a run that ends at `until`."""
        # A pause that outlasts the run would keep back commands that were never sent.
        open_again = self.closed_until <= now or self.closed_until >= until
        return under_way < self.allowed and open_again and now < until

    def after(self, following: Next, began: float, now: float) -> Throttle:
        """Return the throttle after an answer to a job that began then."""
        return self._braked(following, began, now) if following.congested else self._released()

    def _released(self) -> Throttle:
        if self.successes + 1 < self.allowed:
            return replace(self, successes=self.successes + 1)
        return replace(self, successes=0, brake=0.0, allowed=min(self.most, self.allowed + 1))

    def _braked(self, following: Next, began: float, now: float) -> Throttle:
        throttle = self
        # All that were under way together halve it once.
        if began >= self.congested_at:
            brake = min(_LONGEST_BRAKE, max(_FIRST_BRAKE, 2 * self.brake))
            throttle = replace(self, congested_at=now, successes=0, allowed=max(1, self.allowed // 2), brake=brake)
        return replace(throttle, closed_until=max(self.closed_until, now + max(throttle.brake, following.delay or 0.0)))
