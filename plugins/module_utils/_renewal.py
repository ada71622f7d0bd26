# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A new token: is it due, ask until it is answered, and what the task returns. Knows no HTTP and no Ansible.

No text of the service stands in any message: the answers here are about secrets.
"""

from __future__ import annotations

import itertools
import random
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Callable, Union

from ._api import token as api_token
from ._api.documents import OFF, Maybe, NotSent, Refusal, TokenAnswer
from ._switch import retries
from ._switch.records import Limits

Answer = Union[TokenAnswer, Refusal, NotSent, Maybe]

_REFUSALS = {
    400: "the service calls the request malformed",
    403: "not allowed",
    404: "no such address",
    408: "the service waited too long for the request",
    429: "too many requests",
}
_CHECK = "Check api_url, network, proxy and certificates, then run again."
_LOG_IN_AGAIN = "Log in again with email and password."


@dataclass(frozen=True)
class Ended:
    """What a login or a refresh ended in.

    `maybe_applied`: a try left and its answer was lost. `not_kept`: a wait in seconds that the service asked for and that is too long.
    """

    answer: Answer
    maybe_applied: bool = False
    not_kept: float | None = None


def ask(request: Callable[[float], Answer], limits: Limits, clock: Callable[[], float] = time.monotonic, pause: Callable[[float], None] = time.sleep) -> Ended:
    """Send a login or a refresh until it is answered or may not be sent again.

    :param request: called with the seconds that it may take
    """
    deadline = clock() + limits.deadline
    maybe_applied = False
    for tries in itertools.count(1):
        answer = request(max(0.1, min(limits.timeout, deadline - clock())))
        if isinstance(answer, TokenAnswer):
            break
        maybe_applied = maybe_applied or isinstance(answer, Maybe)
        # It switches no bot, so that it may be repeated as freely as an OFF; 401 and other refusals end it.
        following = retries.send_again(OFF, answer, deadline - clock(), retries.back_off_seconds(tries, random.random()))
        if following.delay is None or tries > limits.retries:
            return Ended(answer, maybe_applied, following.not_kept)
        pause(following.delay)
    return Ended(answer, maybe_applied)


def is_due(expires: str | None, min_days: float, now: float) -> bool:
    """Tell whether a token is to be refreshed: it lives no longer than `min_days`, or nobody knows how long."""
    return expires is None or api_token.left(expires, now) <= timedelta(days=min_days)


# --- what the task returns -------------------------------------------------------------------------------------


def failed(msg: str, changed: bool = False, expires: str | None = None) -> dict[str, Any]:
    """Return the result of a task that has no new token; `expires` is the given token's."""
    return {"changed": changed, "failed": True, "msg": msg, "token": None, "expires": expires}


def unchanged(expires: str, min_days: float) -> dict[str, Any]:
    """Return the result of a refresh that is not due."""
    return _done(False, f"The token lives longer than {min_days:g} days, until {expires}. Nothing was sent.", expires=expires)


def would_log_in() -> dict[str, Any]:
    """Predict a login."""
    return _done(True, "Would log in.")


def would_refresh(expires: str | None) -> dict[str, Any]:
    """Predict a refresh that is due."""
    return _done(True, f"Would refresh the token: it {'expires on ' + expires if expires else 'has no readable expiry'}.")


def after_login(ended: Ended, had_token: bool) -> dict[str, Any]:
    """Return the result of a login; `had_token`: api_token was there and not used."""
    answer = ended.answer
    if isinstance(answer, TokenAnswer):
        words = f"Logged in with email and password{'; api_token was not used' if had_token else ''}."
        return _renewed(answer.token, words)
    if isinstance(answer, Refusal) and answer.http_status == 401:
        return failed(
            "The login was refused: 401 wrong email or password. It was not repeated, so that nobody is locked out."
            " Check email and password, then run again.",
            ended.maybe_applied,
        )
    return failed(f"The login failed: {_reason(ended)}. {_CHECK}", ended.maybe_applied)


def after_refresh(ended: Ended, old: str) -> dict[str, Any]:
    """Return the result of refreshing the token `old`."""
    answer, expires = ended.answer, api_token.expires(old)
    if isinstance(answer, TokenAnswer):
        if answer.token == old:
            return _done(False, f"The service gave the same token back, and it {_until(expires)}.", expires=expires)
        return _renewed(answer.token, f"The token was refreshed{'' if expires else ', as it had no readable expiry'}.")
    if isinstance(answer, Refusal) and answer.http_status == 401:
        why = " An earlier try may have replaced it, and its answer was lost." if ended.maybe_applied else ""
        return failed(f"The token was not refreshed: 401 token invalid or expired.{why} {_LOG_IN_AGAIN}", ended.maybe_applied, expires)
    lost = " The service may have refreshed it all the same, and the old token may be invalid now." if ended.maybe_applied else ""
    then = " If that answers 401, log in with email and password." if ended.maybe_applied else ""
    return failed(f"The token was not refreshed: {_reason(ended)}.{lost} {_CHECK}{then}", ended.maybe_applied, expires)


def _done(changed: bool, msg: str, token: str | None = None, expires: str | None = None) -> dict[str, Any]:
    return {"changed": changed, "failed": False, "msg": msg, "token": token, "expires": expires}


def _renewed(token: str, words: str) -> dict[str, Any]:
    expires = api_token.expires(token)
    return _done(True, f"{words} The new token {_until(expires)}.", token, expires)


def _until(expires: str | None) -> str:
    return "expires on " + expires if expires else "has no readable expiry"


def _reason(ended: Ended) -> str:
    """Say why there is no token, in our words alone."""
    answer = ended.answer
    if isinstance(answer, Refusal):
        reason = f"{answer.http_status} {_REFUSALS.get(answer.http_status, 'from the service')}"
    else:
        # A token is never asked for its reason.
        reason = "" if isinstance(answer, TokenAnswer) else answer.reason
    return reason if ended.not_kept is None else f"{reason}; it asks to wait {ended.not_kept:.0f} s, which is too long"
