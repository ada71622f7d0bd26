# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One bounded HTTP exchange over requests, and the exact answer to: did the request leave?

Added to requests: a mark set when the request's first byte is handed to the socket, a watchdog that shuts
the socket down when the time is over, and an own Authorization header that no netrc file replaces.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
import time
import traceback
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Dict, Iterator, Mapping, Optional, Union
from urllib.parse import urlsplit

from ansible_collections.bookieops.betmatic.plugins.module_utils._answers import Maybe, NotSent

try:
    import requests
    from requests.adapters import HTTPAdapter
    from requests.auth import AuthBase
    from requests.utils import get_environ_proxies
    from urllib3 import disable_warnings
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.exceptions import InsecureRequestWarning

    REQUESTS_IMPORT_ERROR = None
except Exception:  # pylint: disable=broad-except
    # Whatever is wrong with the library: the module must say so, and not fall over.
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
    AuthBase = HTTPAdapter = HTTPConnection = HTTPSConnection = HTTPConnectionPool = HTTPSConnectionPool = object

LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
# Seconds after which an unused connection is not trusted any more: a server that closed it looks like a "maybe".
_LONGEST_IDLE = 1.0
_CHUNK = 65536


@dataclass(frozen=True)
class Answered:
    """A complete answer; `body` is None when it was too large or encoded."""

    status: int
    headers: Mapping[str, str]
    body: Optional[bytes]


class Transport:
    """Exchanges with one service; keeps one requests session for each thread that uses it."""

    def __init__(self, url: str, token: str, validate_certs: bool, ca_path: Optional[str]) -> None:
        self._auth = _TokenAuth(token)
        self._proxies = _proxies(url)
        self._verify = _verify(validate_certs, ca_path)
        self._watchdog = _Watchdog()
        self._own = threading.local()
        if not validate_certs:
            # The choice is the user's, and stdout belongs to Ansible.
            disable_warnings(InsecureRequestWarning)

    def exchange(self, method: str, url: str, body: Optional[bytes], seconds: float, cap: int) -> Union[Answered, NotSent, Maybe]:
        """Send one request and read its whole answer.

        :param seconds: bound from connect to the last byte
        :param cap: bytes of body that are read at most
        """
        attempt = _Attempt(seconds)
        _current.attempt = attempt
        self._watchdog.watch(attempt)
        try:
            answered = self._request(method, url, body, seconds, cap)
        except Exception as error:  # pylint: disable=broad-except
            self._drop_session()
            reason = _what_broke(error, attempt)
            return Maybe(reason) if attempt.left else NotSent(reason)
        finally:
            self._watchdog.release(attempt)
            _current.attempt = None
        if attempt.over:
            self._drop_session()
            return Maybe(_timed_out(attempt))
        return answered

    def _request(self, method: str, url: str, body: Optional[bytes], seconds: float, cap: int) -> Answered:
        with self._session().request(
            method, url, data=body, auth=self._auth, timeout=seconds, verify=self._verify, allow_redirects=False, stream=True
        ) as response:
            self._own.used = time.monotonic()
            return Answered(response.status_code, response.headers, _read(response, cap))

    def _session(self) -> Any:
        session = getattr(self._own, "session", None)
        if session is not None and time.monotonic() - self._own.used > _LONGEST_IDLE:
            self._drop_session()
            session = None
        if session is None:
            session = self._own.session = _new_session(self._proxies)
            self._own.used = time.monotonic()
        return session

    def _drop_session(self) -> None:
        session = getattr(self._own, "session", None)
        self._own.session = None
        if session is not None:
            session.close()


def _new_session(proxies: Dict[str, str]) -> Any:
    session = requests.Session()
    # The environment was read once; a netrc file must never replace our header.
    session.trust_env = False
    session.proxies = proxies
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update(
        {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": "bookieops.betmatic",
        }
    )
    session.mount("https://", _Adapter(pool_maxsize=1))
    session.mount("http://", _Adapter(pool_maxsize=1))
    return session


def _proxies(url: str) -> Dict[str, str]:
    # Past every proxy on loopback: plain http would hand it the token in clear.
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return {}
    return get_environ_proxies(url)


def _verify(validate_certs: bool, ca_path: Optional[str]) -> Union[bool, str]:
    if not validate_certs:
        return False
    return ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True


def _read(response: Any, cap: int) -> Optional[bytes]:
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


class _TokenAuth(AuthBase):
    """Puts our header last, so that nothing replaces it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = "Token " + self._token
        return request


# --- did it leave, and is its time over ------------------------------------------------------------------------


class _Attempt:
    """One exchange as its connection and the watchdog see it; times on the monotonic clock, in seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.ends = time.monotonic() + seconds
        self.left = False
        self.over = False
        self._lock = threading.Lock()
        self._socket: Optional[socket.socket] = None

    def remaining(self) -> float:
        """Return the seconds that are left, never zero: zero means for ever to a socket."""
        return max(0.001, self.ends - time.monotonic())

    def use(self, duplicate: Optional[socket.socket]) -> None:
        """Take the connection's socket under watch."""
        with self._lock:
            self._socket = duplicate
            if self.over:
                _shut(duplicate)

    def end(self) -> None:
        """Shut the socket down: the only thing that stops a read that always gets another byte."""
        with self._lock:
            self.over = True
            _shut(self._socket)


def _shut(duplicate: Optional[socket.socket]) -> None:
    try:
        if duplicate is not None:
            duplicate.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


class _Watchdog:
    """One daemon thread that ends every attempt whose time is over."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: Dict[_Attempt, float] = {}
        self._wakes = float("inf")
        self._thread: Optional[threading.Thread] = None

    def watch(self, attempt: _Attempt) -> None:
        with self._changed:
            self._watched[attempt] = attempt.ends
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            elif attempt.ends < self._wakes:
                self._changed.notify()

    def release(self, attempt: _Attempt) -> None:
        with self._changed:
            self._watched.pop(attempt, None)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._wakes = min(self._watched.values(), default=float("inf"))
                left = self._wakes - time.monotonic()
                if left > 0:
                    self._changed.wait(None if self._wakes == float("inf") else left)
                now = time.monotonic()
                over = [attempt for attempt, ends in self._watched.items() if ends <= now]
                for attempt in over:
                    del self._watched[attempt]
            for attempt in over:
                attempt.end()


# The attempt of the thread that is in requests just now; a connection has no other way to know it.
_current = threading.local()


class _Watched:
    """Mixed into urllib3's connections: marks the attempt as left, and puts its socket under watch."""

    _duplicate: Optional[socket.socket] = None
    _connecting = False

    def _new_conn(self) -> Any:
        attempt = _current.attempt
        host = self._dns_host
        addresses = [found[4][0] for found in socket.getaddrinfo(host, self.port, 0, socket.SOCK_STREAM)]
        try:
            # urllib3 would give each address of the host the whole time.
            for address in addresses[:-1]:
                self._dns_host, self.timeout = address, attempt.remaining()
                try:
                    return self._watch(super()._new_conn())
                except Exception:  # pylint: disable=broad-except
                    continue
            self._dns_host, self.timeout = addresses[-1], attempt.remaining()
            return self._watch(super()._new_conn())
        finally:
            self._dns_host = host

    def _watch(self, sock: Any) -> Any:
        # A duplicate, so that it stays usable from the watchdog's thread whatever becomes of the original.
        self._duplicate = sock.dup()
        _current.attempt.use(self._duplicate)
        return sock

    def connect(self) -> None:
        self._connecting = True
        try:
            super().connect()
        finally:
            self._connecting = False

    def send(self, data: Any) -> Any:
        # What connect() sends, such as CONNECT to a proxy, is not the request.
        if not self._connecting:
            if self.sock is None:
                self.connect()
            _current.attempt.use(self._duplicate)
            _current.attempt.left = True
        return super().send(data)

    def close(self) -> None:
        try:
            super().close()
        finally:
            if self._duplicate is not None:
                self._duplicate.close()
                self._duplicate = None


class _WatchedHTTP(_Watched, HTTPConnection):
    pass


class _WatchedHTTPS(_Watched, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPS


class _Adapter(HTTPAdapter):
    """requests' adapter with watched connections, directly and through proxies; urllib3 repeats nothing."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _watch_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return _watch_pools(super().proxy_manager_for(proxy, **kwargs))


def _watch_pools(manager: Any) -> Any:
    manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
    return manager


# --- what broke, in our words: exception texts can hold the token ----------------------------------------------


def _timed_out(attempt: _Attempt) -> str:
    return "no complete answer within {0:g} s".format(round(attempt.seconds, 1))


def _what_broke(error: BaseException, attempt: _Attempt) -> str:
    causes = tuple(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "the server's certificate is not valid for this host"
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "the host name is not known"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "the connection was refused"
    if attempt.over or any(isinstance(cause, (socket.timeout, requests.exceptions.Timeout)) for cause in causes):
        return _timed_out(attempt) if attempt.left else "no connection within {0:g} s".format(round(attempt.seconds, 1))
    if any(isinstance(cause, requests.exceptions.ProxyError) for cause in causes):
        return "the proxy did not connect"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "TLS failed"
    return "the connection broke" if attempt.left else "no connection"


def _causes(error: Optional[BaseException]) -> Iterator[BaseException]:
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
