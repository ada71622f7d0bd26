# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One exchange on real sockets: bounded, honest about what left, and without the token in any word."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import SimpleNamespace
from unittest import mock

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api import client, connections
from ansible_collections.bookieops.betmatic.plugins.module_utils._api import transport as _transport
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import Maybe, NotSent, Refusal
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.transport import Answered, Transport
from ansible_collections.bookieops.betmatic.tests.unit.support.peers import OK, TOKEN, exchange, forever, head, peer, says


def test_a_complete_answer():
    with peer(says(OK)) as port:
        answered = exchange(port)
    assert (answered.status, answered.body) == (200, b"{}")


def test_one_connection_serves_many_requests():
    seen = []

    def talk(connection):
        seen.append(connection.getpeername())
        for _request in range(3):
            head(connection)
            connection.sendall(OK)

    with peer(talk) as port:
        transport = Transport(f"http://127.0.0.1:{port}/api", TOKEN, True, None)
        assert [exchange(port, transport=transport).status for _request in range(3)] == [200] * 3
    assert len(seen) == 1


def test_head_and_body_leave_in_one_piece(monkeypatch):
    pieces = []
    send = connections.HTTPConnection.send
    monkeypatch.setattr(connections.HTTPConnection, "send", lambda connection, data: (pieces.append(data), send(connection, data)))
    with peer(says(OK)) as port:
        assert exchange(port).status == 200
    (piece,) = pieces
    assert piece.startswith(b"POST /api/x/ ") and piece.endswith(b'\r\n\r\n{"command": "ON"}')


def test_an_answer_that_was_only_announced_is_not_taken_for_that_to_the_next_request():
    def talk(connection):
        head(connection)
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        head(connection)
        connection.sendall(OK)

    with peer(talk) as port:
        transport = Transport(f"http://127.0.0.1:{port}/api", TOKEN, True, None)
        assert [exchange(port, transport=transport).status for _request in range(2)] == [103, 103]


def test_our_header_wins_over_netrc_and_the_environment(monkeypatch, tmp_path):
    heads = []
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with peer(lambda connection: (heads.append(head(connection)), connection.sendall(OK))) as port:
        exchange(port)
    assert heads[0].count(b"Authorization: Token " + TOKEN.encode()) == 1 and b"Basic" not in heads[0]


def test_plain_http_on_loopback_goes_past_every_proxy(monkeypatch):
    seen = []
    with peer(seen.append) as proxy, peer(says(OK)) as port:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy}")
        assert exchange(port).status == 200
    assert seen == []


# (what the peer does after the request came, what is left of it)
LOST = {
    "closed without an answer": says(),
    "cut in the head": says(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "cut in the body": says(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"),
    "no HTTP": says(b"hello\r\n"),
    "a broken chunk": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "two lengths": says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "silence": says(then=lambda connection: connection.recv(1)),
    "drip": says(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", then=forever(b" ")),
    "drip in the head": says(b"HTTP/1.1 200 OK\r\nX: ", then=forever(b"x")),
    "100 Continue for ever": says(then=forever(b"HTTP/1.1 100 Continue\r\n\r\n")),
}


@pytest.mark.parametrize("talk", LOST.values(), ids=LOST)
def test_after_the_request_left_it_may_have_been_applied(talk):
    with peer(talk) as port:
        result = exchange(port, seconds=0.4, cap=100000)
    # A head that is cut behind its status line comes back as an answer without a body.
    assert isinstance(result, Maybe) or client.judge(result, client.parse_control) == Maybe("the answer is not a valid document", 200)


def test_a_refused_connection_was_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert exchange(port) == NotSent("the connection was refused")


def test_an_unknown_host_was_not_sent(monkeypatch):
    def unknown(*_args):
        raise socket.gaierror(socket.EAI_NONAME, "name of the host")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert exchange(1) == NotSent("the host name is not known")


def test_a_silent_peer_in_the_tls_handshake_was_not_sent():
    with peer(lambda connection: threading.Event().wait(5)) as port:
        assert exchange(port, seconds=0.3, scheme="https") == NotSent("no connection within 0.3 s")


def test_a_handshake_that_drips_was_not_sent():
    with peer(forever(b"\x16\x03\x03\x40\x00", b"\x02")) as port:
        assert isinstance(exchange(port, seconds=0.3, scheme="https"), NotSent)


def test_a_peer_that_speaks_no_tls_was_not_sent():
    with peer(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        assert exchange(port, scheme="https") == NotSent("TLS failed")


@contextlib.contextmanager
def under_way(transport, port, scheme="http"):
    """An exchange in a thread of its own; yields the list that its result comes into, and waits for it at the end."""
    results = []
    thread = threading.Thread(target=lambda: results.append(exchange(port, transport=transport, scheme=scheme)), daemon=True)
    thread.start()
    try:
        yield results
    finally:
        thread.join(10)
        assert not thread.is_alive()


def keeps(heard):
    def talk(connection):
        while True:
            piece = connection.recv(65536)
            heard.append(piece)
            if not piece:
                return

    return talk


def test_what_is_still_connecting_when_the_task_reports_never_arrives(monkeypatch):
    heard, connecting, go_on = [], threading.Event(), threading.Event()
    real = connections.HTTPConnection._new_conn

    def slow(self):
        connecting.set()
        assert go_on.wait(10)
        return real(self)

    monkeypatch.setattr(connections.HTTPConnection, "_new_conn", slow)
    with peer(keeps(heard)) as port:
        transport = Transport(f"http://127.0.0.1:{port}/api", TOKEN, True, None)
        with under_way(transport, port) as results:
            assert connecting.wait(10)
            transport.close()
            go_on.set()
    assert isinstance(results[0], NotSent) and b"".join(heard) == b""


def test_a_handshake_ends_when_the_task_reports():
    shaking, closed, heard = threading.Event(), threading.Event(), []

    def talk(connection):
        connection.recv(65536)
        shaking.set()
        while True:
            piece = connection.recv(65536)
            heard.append(piece)
            if not piece:
                closed.set()
                return

    with peer(talk) as port:
        transport = Transport(f"https://127.0.0.1:{port}/api", TOKEN, True, None)
        with under_way(transport, port, scheme="https") as results:
            assert shaking.wait(10)
            transport.close()
            assert closed.wait(3)
    assert isinstance(results[0], NotSent) and b"".join(heard) == b""


def test_what_has_left_when_the_task_reports_is_answered():
    came, go_on = threading.Event(), threading.Event()

    def talk(connection):
        head(connection)
        came.set()
        assert go_on.wait(10)
        connection.sendall(OK)

    with peer(talk) as port:
        transport = Transport(f"http://127.0.0.1:{port}/api", TOKEN, True, None)
        with under_way(transport, port) as results:
            assert came.wait(10)
            transport.close()
            go_on.set()
    assert results[0].status == 200


def test_nothing_begins_after_the_task_has_reported():
    seen = []
    with peer(seen.append) as port:
        transport = Transport(f"http://127.0.0.1:{port}/api", TOKEN, True, None)
        transport.close()
        assert exchange(port, transport=transport) == NotSent("the run had ended before it")
    assert seen == []


@pytest.mark.parametrize("answer", [b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", b""])
def test_a_proxy_that_does_not_connect_sent_nothing(monkeypatch, answer):
    heads = []
    with peer(lambda connection: (heads.append(head(connection)), connection.sendall(answer))) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy}")
        url = "https://betmatic.invalid/api"
        result = Transport(url, TOKEN, True, None).exchange("POST", url + "/x/", b"{}", 5.0, 1000)
    assert isinstance(result, NotSent) and heads[0].startswith(b"CONNECT betmatic.invalid:443 ") and TOKEN.encode() not in heads[0]


def test_each_address_of_a_host_gets_only_the_time_that_is_left(monkeypatch):
    def addresses(host, port, *_args):
        found = ("127.0.0.2", "127.0.0.1") if host == "localhost" else (host,)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    given = []
    real = connections.HTTPConnection._new_conn

    def record(self):
        given.append((self._dns_host, self.timeout))
        return real(self)

    with peer(says(OK)) as port:
        monkeypatch.setattr(connections.HTTPConnection, "_new_conn", record)
        monkeypatch.setattr(socket, "getaddrinfo", addresses)
        url = f"http://localhost:{port}/api"
        assert Transport(url, TOKEN, True, None).exchange("POST", url, b'{"command": "ON"}', 5.0, 1000).status == 200
    assert [address for address, _seconds in given] == ["127.0.0.2", "127.0.0.1"]
    assert given[0][1] >= given[1][1] > 0


@pytest.mark.parametrize("encoding", [b"gzip", b"br", b"gzip, identity"])
def test_an_encoded_body_is_not_taken(encoding):
    with peer(says(b"HTTP/1.1 200 OK\r\nContent-Encoding: " + encoding + b"\r\nContent-Length: 2\r\n\r\n{}")) as port:
        assert exchange(port).body is None


def test_a_body_over_the_cap_is_not_taken():
    with peer(says(b"HTTP/1.1 200 OK\r\n\r\n", then=forever(b"x" * 60000))) as port:
        assert exchange(port, cap=1000).body is None


def test_a_cut_body_is_noticed_also_where_urllib3_does_not_count():
    response = SimpleNamespace(headers={"Content-Length": "3"}, raw=mock.Mock(read=mock.Mock(side_effect=[b"{}", b""])))
    with pytest.raises(ConnectionError):
        _transport._read(response, 1000)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status):
    heads = []
    location = b"HTTP/1.1 %d Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n" % status
    with peer(lambda connection: (heads.append(head(connection)), connection.sendall(location))) as port:
        assert exchange(port).status == status
    assert len(heads) == 1


def test_cookies_are_not_kept():
    heads = []

    def talk(connection):
        for _request in range(2):
            heads.append(head(connection))
            connection.sendall(OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n"))

    with peer(talk) as port:
        transport = Transport(f"http://127.0.0.1:{port}/api", TOKEN, True, None)
        exchange(port, transport=transport)
        exchange(port, transport=transport)
    assert len(heads) == 2 and b"cookie" not in heads[1].lower()


# --- what an exchange means ---


def answered(status, body=b"", **headers):
    return Answered(status, {key.replace("_", "-"): value for key, value in headers.items()}, body)


@pytest.mark.parametrize(
    "got,meaning",
    [
        (answered(200, b"{}"), Maybe("the answer is not a valid document", 200)),
        (answered(200, None), Maybe("the answer is encoded or too large", 200)),
        (answered(201, b"{}"), Maybe("201 from the service", 201)),
        (answered(204), Maybe("204 from the service", 204)),
        (answered(302, b""), Refusal(302)),
        (answered(406, b'{"detail": "in maintenance"}'), Refusal(406, "in maintenance")),
        (answered(406, None), Refusal(406)),
        (answered(429, b"<html>", Retry_After="7"), Refusal(429, None, 7.0)),
        (answered(503, b"", Retry_After="soon"), Maybe("503 from the service", 503)),
        (answered(500, b'{"message": "down"}'), Maybe("500 from the service", 500, "down")),
        (NotSent("no"), NotSent("no")),
    ],
)
def test_what_an_exchange_means(got, meaning):
    assert client.judge(got, client.parse_control) == meaning


@pytest.mark.parametrize(
    "value,seconds",
    [
        (None, None),
        ("", None),
        ("5", 5.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("\u0665", None),
        ("99999999999", 1e9),
        ("9" * 400, 1e9),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 90.0),
        ("Thu, 01 Jan 1970 00:00:05 GMT", 0.0),
        ("Thu, 99 Jan 1970 00:00:05 GMT", None),
    ],
)
def test_retry_after_in_both_forms(value, seconds):
    assert client._retry_after(value, now=10.0) == seconds


@pytest.mark.parametrize("account_id", ["", ".", "..", "#", "123/..", "123\n"])
def test_the_path_of_the_single_command_takes_no_id_that_leads_elsewhere(account_id):
    with pytest.raises(ValueError):
        client.Client("http://127.0.0.1:1/api", TOKEN).control_one(account_id, "OFF", 1.0)


def test_what_stands_in_a_redirect_is_not_looked_into():
    """Neither where it leads nor its body, which says of itself that it is packed and is not."""
    answer = b"HTTP/1.1 302 Found\r\nLocation: https://[betmatic/\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"
    with peer(lambda connection: (head(connection), connection.sendall(answer))) as port:
        result = exchange(port)
    assert isinstance(result, Answered) and (result.status, result.body) == (302, None)
