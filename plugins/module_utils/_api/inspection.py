# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A reading of the list with everything that it shows of the connection: its time, the service's clock, the certificate's end."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Mapping, Union

from .client import LIST_CAP, judge
from .documents import AccountList, Maybe, NotSent, Refusal
from .parsing import parse_list
from .transport import Answered, Transport

Answer = Union[AccountList, Refusal, NotSent, Maybe]


@dataclass(frozen=True)
class Exchange:
    """One reading.

    `seconds`: from connect to the last byte. `clock_ahead`: seconds that the service's clock is ahead of this machine's, None where it tells no time.
    `certificate_ends`: seconds since 1970, None where there is no certificate, or it could not be looked at.
    """

    answer: Answer
    seconds: float
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    clock_ahead: float | None = None
    certificate_ends: float | None = None


class Inspector:
    """Reads the list of one service; sends nothing else.

    :param folder: where relative paths in the environment begin, as for the client that sends commands
    """

    def __init__(self, url: str, token: str, validate_certs: bool, ca_path: str | None, folder: str) -> None:
        self._transport = Transport(url, token, validate_certs, ca_path, folder, self._look)
        self._list_url = url + "/bookieaccount/"
        self._certificate_ends: float | None = None

    def close(self) -> None:
        """End what this keeps running."""
        self._transport.close()

    def read(self, seconds: float) -> Exchange:
        """`GET /bookieaccount/`, bounded by `seconds`."""
        began, at = time.monotonic(), time.time()
        answered = self._transport.exchange("GET", self._list_url, None, seconds, LIST_CAP)
        took = time.monotonic() - began
        answer = judge(answered, parse_list)
        if not isinstance(answered, Answered):
            return Exchange(answer, took, certificate_ends=self._certificate_ends)
        ahead = clock_ahead(answered.headers.get("Date"), at, took)
        return Exchange(answer, took, answered.body, answered.headers, ahead, self._certificate_ends)

    def _look(self, response: Any) -> None:
        # The same connection serves several readings; one that was closed with the answer's head has nothing to look at.
        self._certificate_ends = certificate_ends(getattr(response.raw, "connection", None)) or self._certificate_ends


def clock_ahead(date: str | None, began: float, took: float) -> float | None:
    """Return the seconds that the clock behind a Date header is ahead; None where the header tells no time.

    The header tells whole seconds, and was written at some time of the exchange: what may be due to that counts as none.
    """
    try:
        told = parsedate_to_datetime(date or "").timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if told > began + took:
        return told - (began + took)
    return min(0.0, told + 1.0 - began)


def certificate_ends(connection: Any) -> float | None:
    """Return when the certificate of an open connection ends, in seconds since 1970; None where there is none to look at."""
    try:
        return float(ssl.cert_time_to_seconds(connection.sock.getpeercert()["notAfter"]))
    except (AttributeError, KeyError, TypeError, ValueError, OSError):
        return None
