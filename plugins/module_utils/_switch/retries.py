# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pure decisions: is a command sent again, when, and what ends the run.

OFF is repeated on anything that may pass; ON never after an answer that may have been lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from .._api.documents import (
    OFF,
    ON,
    Maybe,
    NotSent,
    Refusal,
)

LONGEST_RETRY_AFTER = 30.0
_FIRST_BACK_OFF = 0.5
_LONGEST_BACK_OFF = 8.0
# Refusals that may pass; every other 3xx and 4xx is final.
_PASSING = frozenset((406, 408, 429))
# The service asks for less from everybody, not only for this account.
_CONGESTED = frozenset((429, 503))


@dataclass(frozen=True)
class Next:
    """What follows an answer.

    `delay`: seconds until the next try, None for no other try. `congested`: the service wants less from
    everybody. `not_kept`: a wait in seconds that the service asked for and that is too long to be kept.
    """

    delay: float | None = None
    congested: bool = False
    not_kept: float | None = None


def send_again(state: str, answer: object, left: float, back_off: float) -> Next:
    """Decide whether a command that proved nothing is sent once more.

    :param answer: a valid answer, Refusal, NotSent or Maybe
    :param left: seconds until nothing may be sent any more
    :param back_off: seconds to wait where the service names none
    """
    congested = getattr(answer, "http_status", None) in _CONGESTED
    if not _may_pass(state, answer):
        return Next(congested=congested)
    asked = getattr(answer, "retry_after", None)
    if asked is not None and (asked > LONGEST_RETRY_AFTER or asked >= left):
        return Next(congested=congested, not_kept=asked)
    delay = back_off if asked is None else asked
    return Next(delay if delay < left else None, congested)


def _may_pass(state: str, answer: object) -> bool:
    if isinstance(answer, NotSent):
        return True
    if isinstance(answer, Refusal):
        return answer.http_status in _PASSING if state == OFF else answer.http_status == 429
    if isinstance(answer, Maybe):
        # A late second ON can undo somebody's emergency OFF; 503 with Retry-After says that nothing was done.
        return state == OFF or (answer.http_status == 503 and answer.retry_after is not None)
    return state == OFF


def back_off_seconds(tries: int, fraction: float) -> float:
    """Return full jitter: a random `fraction` (0 to 1) of a bound that doubles with each try, in seconds."""
    return fraction * min(_LONGEST_BACK_OFF, _FIRST_BACK_OFF * 2 ** max(0, tries - 1))


def ends_run(state: str, answer: object) -> str | None:
    """Return why no further command may be sent after this answer, or None."""
    if not isinstance(answer, Refusal):
        return None
    if answer.http_status == 401:
        return "the token was refused (401)"
    if answer.http_status == 403 and state == ON:
        return "ON was refused as not allowed for this token (403)"
    return None
