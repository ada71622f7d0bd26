# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Servers on real sockets that say what a test wants, and one exchange with them."""

from __future__ import annotations

import contextlib
import socket
import threading

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.transport import Transport

TOKEN = "head-of-the-token.middle-of-the-token.end-of-the-token"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextlib.contextmanager
def peer(talk):
    """A server that hands each connection to `talk` in a thread of its own; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    closed = threading.Event()

    def serve():
        while not closed.is_set():
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=converse, args=(connection,), daemon=True).start()

    def converse(connection):
        with connection, contextlib.suppress(OSError):
            talk(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        closed.set()
        listener.close()


def head(connection):
    """Read one request's head and its body of 17 bytes."""
    got = b""
    while b'"}' not in got and not (got.startswith((b"GET", b"CONNECT")) and got.endswith(b"\r\n\r\n")):
        got += connection.recv(65536)
    return got


def exchange(port, seconds=5.0, cap=1000, scheme="http", transport=None):
    url = f"{scheme}://127.0.0.1:{port}/api"
    transport = transport or Transport(url, TOKEN, True, None)
    result = transport.exchange("POST", url + "/x/", b'{"command": "ON"}', seconds, cap)
    assert not any(part in str(result) for part in TOKEN.split("."))
    return result


def says(*pieces, then=lambda connection: None):
    def talk(connection):
        head(connection)
        for piece in pieces:
            connection.sendall(piece)
        then(connection)

    return talk


def forever(*pieces):
    def then(connection):
        while True:
            for piece in pieces:
                connection.sendall(piece)
                threading.Event().wait(0.02)

    return then
