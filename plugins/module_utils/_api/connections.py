# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Connections that tell whether a request left, and that end when its time is over.

urllib3's connections, with a mark set when the request's first byte is handed to the socket, and a watchdog
that shuts the socket down: the only thing that ends a read that always gets another byte.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any

try:
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
except Exception:  # pylint: disable=broad-except
    # transport reports what is wrong with the library.
    HTTPAdapter = HTTPConnection = HTTPSConnection = HTTPConnectionPool = HTTPSConnectionPool = object  # type: ignore[misc, assignment]

if TYPE_CHECKING:
    # What _Watched is mixed into; without it super() would have no methods.
    from urllib3.connection import HTTPConnection as _Mixed
else:
    _Mixed = object


class Attempt:
    """One exchange as its connection and the watchdog see it; times on the monotonic clock, in seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.ends = time.monotonic() + seconds
        self.left = False
        self.over = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def remaining(self) -> float:
        """Return the seconds that are left, never zero: zero means for ever to a socket."""
        return max(0.001, self.ends - time.monotonic())

    def use(self, duplicate: socket.socket | None) -> None:
        """Take the connection's socket under watch."""
        with self._lock:
            self._socket = duplicate
            if self.over:
                _shut(duplicate)

    def leave(self) -> None:
        """Mark the request as left, right before its first byte; raises where the attempt is over, so that nothing leaves."""
        with self._lock:
            if self.over:
                # Not a BrokenPipeError: urllib3 goes on after it.
                raise ConnectionAbortedError("the attempt is over")
            self.left = True

    def end_unless_left(self) -> None:
        """Let the request not leave any more; one that has left is waited for, as before."""
        with self._lock:
            if not self.left:
                self.over = True
                _shut(self._socket)

    def end(self) -> None:
        """Shut the socket down: the only thing that stops a read that always gets another byte."""
        with self._lock:
            self.over = True
            _shut(self._socket)


def _shut(duplicate: socket.socket | None) -> None:
    try:
        if duplicate is not None:
            duplicate.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


class Watchdog:
    """One daemon thread that ends every attempt whose time is over."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: dict[Attempt, float] = {}
        self._wakes = float("inf")
        self._thread: threading.Thread | None = None
        self._closed = False

    def watch(self, attempt: Attempt) -> bool:
        """Watch over an attempt until its release; False once closed: the attempt must not begin."""
        with self._changed:
            if self._closed:
                return False
            self._watched[attempt] = attempt.ends
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            elif attempt.ends < self._wakes:
                self._changed.notify()
            return True

    def release(self, attempt: Attempt) -> None:
        with self._changed:
            self._watched.pop(attempt, None)

    def close(self) -> None:
        """Let no attempt leave any more, and the thread end once those that have left are answered."""
        with self._changed:
            self._closed = True
            for attempt in self._watched:
                attempt.end_unless_left()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._closed and not self._watched:
                    self._thread = None
                    return
                self._wakes = min(self._watched.values(), default=float("inf"))
                left = self._wakes - time.monotonic()
                if left > 0:
                    self._changed.wait(None if self._wakes == float("inf") else left)
                now = time.monotonic()
                over = [attempt for attempt, ends in self._watched.items() if ends <= now]
                for attempt in over:
                    # Here and not outside the lock: close() no longer finds what is deleted.
                    attempt.end()
                    del self._watched[attempt]


# The attempt of the thread that is in requests just now; a connection has no other way to know it.
current = threading.local()


class _Watched(_Mixed):
    """Mixed into urllib3's connections: marks the attempt as left, and puts its socket under watch."""

    _duplicate: socket.socket | None = None
    _connecting = False
    _pieces: list[bytes] | None = None
    _dns_host: str
    timeout: Any

    def _new_conn(self) -> Any:
        attempt = current.attempt
        host = self._dns_host
        addresses = [str(found[4][0]) for found in socket.getaddrinfo(host, self.port, 0, socket.SOCK_STREAM)]
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
        current.attempt.use(self._duplicate)
        return sock

    def connect(self) -> None:
        self._connecting = True
        try:
            super().connect()
        finally:
            self._connecting = False

    def request(self, *args: Any, **options: Any) -> None:
        # Head and body leave together: over TLS a second write costs a request a quarter more of the processor.
        self._pieces = []
        try:
            super().request(*args, **options)
            whole = b"".join(self._pieces)
        finally:
            self._pieces = None
        self.send(whole)

    def send(self, data: Any) -> None:
        if self._pieces is not None:
            self._pieces.append(data)
            return
        # What connect() sends, such as CONNECT to a proxy, is not the request.
        if not self._connecting:
            if self.sock is None:
                self.connect()
            current.attempt.use(self._duplicate)
            current.attempt.leave()
        super().send(data)

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


class Adapter(HTTPAdapter):
    """requests' adapter with watched connections, directly and through proxies; urllib3 repeats nothing.

    :param context: the TLS settings of every connection, its certificates loaded; None lets each connection load its own
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        super().__init__(pool_maxsize=1)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, settings = super().build_connection_pool_key_attributes(request, verify, cert)
        if self._context is not None:
            settings = {"cert_reqs": "CERT_REQUIRED", "ssl_context": self._context}
        return host, settings

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        super().cert_verify(conn, url, verify, cert)
        # Otherwise urllib3 would load the same certificates into the context again, for each connection.
        if self._context is not None and conn.conn_kw.get("ssl_context") is self._context:
            conn.ca_certs = conn.ca_cert_dir = None

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _watch_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        # A proxy's own certificate is judged by the same authorities as the service's.
        if self._context is not None and proxy.lower().startswith("https"):
            kwargs["proxy_ssl_context"] = self._context
        return _watch_pools(super().proxy_manager_for(proxy, **kwargs))


def _watch_pools(manager: Any) -> Any:
    manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
    return manager
