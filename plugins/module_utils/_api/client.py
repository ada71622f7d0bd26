# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The API, one method an endpoint. Every call ends in a valid answer, Refusal, NotSent or Maybe."""

from __future__ import annotations

import json
import re
import time
from email.utils import parsedate_to_datetime
from typing import Any, Callable

from .documents import AccountList, BulkAnswer, ControlAnswer, Maybe, NotSent, Refusal, TokenAnswer, is_account_id
from .parsing import Malformed, parse_bulk, parse_control, parse_list, parse_token, parse_words
from .transport import Answered, Transport

# Bytes. A control answer has some 400; a list has some 400 for each account, so this is 20,000 accounts.
_CONTROL_CAP = 1024 * 1024
LIST_CAP = 8 * 1024 * 1024
# Servers take heads of some 8 KiB: a longer token could not be sent.
_TOKEN_CAP = 16 * 1024
_SECONDS = re.compile("[0-9]+", re.ASCII)
_LONGEST_SECONDS = 1e9


class Client:
    """The service at one URL with one token, None before a login; may be used from many threads.

    :param folder: where relative paths in the environment begin; "" for the current one
    """

    def __init__(self, url: str, token: str | None, validate_certs: bool = True, ca_path: str | None = None, folder: str = "") -> None:
        self._transport = Transport(url, token, validate_certs, ca_path, folder)
        self._token = token
        self._account_url = url + "/account/"
        self._list_url = url + "/bookieaccount/"
        self._control_url = url + "/bookieaccount/control/"

    def close(self) -> None:
        """End what this client keeps running."""
        self._transport.close()

    def control_one(self, account_id: str, command: str, seconds: float) -> ControlAnswer | Refusal | NotSent | Maybe:
        """`POST /bookieaccount/control/{id}/` with ON or OFF; raises ValueError for an id that leads elsewhere."""
        if not is_account_id(account_id):
            raise ValueError("no account id")
        return self._post(self._control_url + account_id + "/", {"command": command}, seconds, _CONTROL_CAP, parse_control)

    def control_all(self, command: str, seconds: float) -> BulkAnswer | Refusal | NotSent | Maybe:
        """`POST /bookieaccount/control/` with all_on or all_off."""
        return self._post(self._control_url, {"command": command}, seconds, LIST_CAP, parse_bulk)

    def list_accounts(self, seconds: float) -> AccountList | Refusal | NotSent | Maybe:
        """`GET /bookieaccount/`, which is not on the vendor's two pages (public Go client)."""
        return judge(self._transport.exchange("GET", self._list_url, None, seconds, LIST_CAP), parse_list)

    def log_in(self, email: str, password: str, seconds: float) -> TokenAnswer | Refusal | NotSent | Maybe:
        """`POST /account/login/` (vendor's authentication pages); of a client without a token."""
        return self._post(self._account_url + "login/", {"email": email, "password": password}, seconds, _TOKEN_CAP, parse_token)

    def refresh_token(self, seconds: float) -> TokenAnswer | Refusal | NotSent | Maybe:
        """`POST /account/refresh_token/` (vendor's authentication pages), with the token in the header and in the body."""
        return self._post(self._account_url + "refresh_token/", {"token": self._token}, seconds, _TOKEN_CAP, parse_token)

    def _post(self, url: str, document: dict[str, Any], seconds: float, cap: int, parse: Callable[[bytes], Any]) -> Any:
        body = json.dumps(document).encode("ascii")
        return judge(self._transport.exchange("POST", url, body, seconds, cap), parse)


def judge(answered: Answered | NotSent | Maybe, parse: Callable[[bytes], Any]) -> Any:
    """Turn an exchange into what it means: only a 200 with a valid document is an answer."""
    if not isinstance(answered, Answered):
        return answered
    if answered.status == 200:
        return _document(answered, parse)
    words = parse_words(answered.body) if answered.body else None
    retry_after = _retry_after(answered.headers.get("Retry-After"), time.time())
    if 300 <= answered.status < 500:
        return Refusal(answered.status, words, retry_after)
    return Maybe(f"{answered.status} from the service", answered.status, words, retry_after)


def _document(answered: Answered, parse: Callable[[bytes], Any]) -> Any:
    if answered.body is None:
        return Maybe("the answer is encoded or too large", 200)
    try:
        return parse(answered.body)
    except Malformed:
        return Maybe("the answer is not a valid document", 200)


def _retry_after(value: str | None, now: float) -> float | None:
    """Return the seconds that a Retry-After header names, in either form; None when it names none."""
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return min(_LONGEST_SECONDS, float(text))
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
