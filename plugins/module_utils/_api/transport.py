# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One bounded HTTP exchange over requests, and the exact answer to: did the request leave?

Over watched connections and requests' adapter alone: no session, so no redirect, cookie or netrc file has a say, and a request takes a fifth less time.
"""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
import time
import traceback
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Callable, Iterator, Mapping
from urllib.parse import urlsplit

from .connections import Adapter, Attempt, Watchdog, current
from .documents import Maybe, NotSent
from .url import LOOPBACK

try:
    import requests
    from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies
    from urllib3 import disable_warnings
    from urllib3.exceptions import InsecureRequestWarning
    from urllib3.util.ssl_ import create_urllib3_context
    from urllib3.util.ssl_match_hostname import CertificateError

    REQUESTS_IMPORT_ERROR = None
except Exception:  # pylint: disable=broad-except
    # Whatever is wrong with the library: the module must say so, and not fall over.
    REQUESTS_IMPORT_ERROR = traceback.format_exc()

# Seconds after which an unused connection is not trusted any more: a server that closed it looks like a "maybe".
_LONGEST_IDLE = 1.0
_CHUNK = 65536
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Connection": "keep-alive",
    "Content-Type": "application/json",
    "User-Agent": "bookieops.betmatic",
}


@dataclass(frozen=True)
class Answered:
    """A complete answer; `body` is None when it was too large or encoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


class Transport:
    """Exchanges with one service; keeps one connection for each thread that uses it."""

    def __init__(
        self, url: str, token: str | None, validate_certs: bool, ca_path: str | None, folder: str = "", look: Callable[[Any], None] = lambda response: None
    ) -> None:
        """Keep what every exchange needs. `look` is called with each response of requests before its body is read."""
        self._look = look
        # Without a token, as for a login, no Authorization header is sent at all.
        self._headers = _HEADERS if token is None else {**_HEADERS, "Authorization": "Token " + token}
        self._proxies = _proxies(url)
        self._verify = _verify(validate_certs, ca_path, folder)
        self._context = _context(url, self._verify)
        self._watchdog = Watchdog()
        self._own = threading.local()
        if not validate_certs:
            # The choice is the user's, and stdout belongs to Ansible.
            disable_warnings(InsecureRequestWarning)

    def exchange(self, method: str, url: str, body: bytes | None, seconds: float, cap: int) -> Answered | NotSent | Maybe:
        """Send one request and read its whole answer.

        :param seconds: bound from connect to the last byte
        :param cap: bytes of body that are read at most
        """
        attempt = Attempt(seconds)
        if not self._watchdog.watch(attempt):
            return NotSent("the run had ended before it")
        current.attempt = attempt
        try:
            answered = self._request(method, url, body, seconds, cap)
        except Exception as error:  # pylint: disable=broad-except
            self._drop_adapter()
            reason = _what_broke(error, attempt)
            return Maybe(reason) if attempt.left else NotSent(reason)
        finally:
            self._watchdog.release(attempt)
            current.attempt = None
        if attempt.over:
            self._drop_adapter()
            return Maybe(_timed_out(attempt))
        if answered.status < 200:
            # Only announced: the answer itself would be taken for that to the next request.
            self._drop_adapter()
        return answered

    def close(self) -> None:
        """Send nothing more, not even what is connecting: the task reports now. What has left is not touched."""
        self._watchdog.close()

    def _request(self, method: str, url: str, body: bytes | None, seconds: float, cap: int) -> Answered:
        request = requests.Request(method, url, headers=self._headers, data=body).prepare()
        with self._adapter().send(request, stream=True, timeout=seconds, verify=self._verify, proxies=self._proxies) as response:
            self._own.used = time.monotonic()
            self._look(response)
            return Answered(response.status_code, response.headers, _read(response, cap))

    def _adapter(self) -> Adapter:
        adapter = getattr(self._own, "adapter", None)
        if adapter is not None and time.monotonic() - self._own.used > _LONGEST_IDLE:
            self._drop_adapter()
            adapter = None
        if adapter is None:
            adapter = self._own.adapter = Adapter(self._context)
            self._own.used = time.monotonic()
        return adapter

    def _drop_adapter(self) -> None:
        adapter = getattr(self._own, "adapter", None)
        self._own.adapter = None
        if adapter is not None:
            adapter.close()


def _proxies(url: str) -> dict[str, str]:
    # Past every proxy on loopback: plain http would hand it the token in clear.
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return {}
    return get_environ_proxies(url)


def _verify(validate_certs: bool, ca_path: str | None, folder: str) -> bool | str:
    if not validate_certs:
        return False
    if ca_path:
        return ca_path
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    return os.path.join(folder, named) if named else True


@lru_cache(maxsize=1)
def default_context() -> ssl.SSLContext:
    """Return TLS settings with the usual certificates, loaded once for the process: each connection would take some 20 ms for it."""
    return _loaded(DEFAULT_CA_BUNDLE_PATH)


def warm_up() -> None:
    """Load what every exchange needs, before a process is forked that will make some; nothing is sent, no thread is started."""
    # A simulator without TLS needs no certificates; who names another service in the task loads them then.
    if REQUESTS_IMPORT_ERROR is None and not os.environ.get("BETMATIC_API_URL", "").startswith("http:"):
        with contextlib.suppress(OSError, ValueError):
            default_context()


def _context(url: str, verify: bool | str) -> ssl.SSLContext | None:
    """Return the TLS settings of all connections to a URL; None where each connection makes its own, and says what is wrong with it."""
    if urlsplit(url).scheme != "https" or verify is False:
        return None
    try:
        return default_context() if verify is True else _loaded(str(verify))
    except (OSError, ValueError):
        return None


def _loaded(path: str) -> ssl.SSLContext:
    context = create_urllib3_context()
    context.load_verify_locations(**{"capath" if os.path.isdir(path) else "cafile": path})
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _read(response: Any, cap: int) -> bytes | None:
    """Return the body as it came over the wire; None when it is encoded or larger than the cap."""
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        return None
    body = b""
    for chunk in _chunks(response):
        body += chunk
        if len(body) > cap:
            return None
    length = response.headers.get("Content-Length")
    if length is not None and length.isdigit() and int(length) != len(body):
        raise ConnectionError("the body was cut")
    return body


def _chunks(response: Any) -> Iterator[bytes]:
    while True:
        chunk = response.raw.read(_CHUNK, decode_content=False)
        if not chunk:
            return
        yield chunk


# --- what broke, in our words: exception texts can hold the token ----------------------------------------------


def _timed_out(attempt: Attempt) -> str:
    return f"no complete answer within {round(attempt.seconds, 1):g} s"


def _what_broke(error: BaseException, attempt: Attempt) -> str:
    causes = tuple(_causes(error))
    # urllib3 before 2.0 compares the host name itself.
    if any(isinstance(cause, (ssl.SSLCertVerificationError, CertificateError)) for cause in causes):
        return "the server's certificate is not valid for this host"
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "the host name is not known"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "the connection was refused"
    if attempt.over or any(isinstance(cause, (socket.timeout, requests.exceptions.Timeout)) for cause in causes):
        return _timed_out(attempt) if attempt.left else f"no connection within {round(attempt.seconds, 1):g} s"
    if any(isinstance(cause, requests.exceptions.ProxyError) for cause in causes):
        return "the proxy did not connect"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "TLS failed"
    return "the connection broke" if attempt.left else "no connection"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Walk from an exception to what it was raised from; urllib3 hides some causes in `reason` and `args`."""
    seen = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop()
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
