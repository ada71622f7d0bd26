# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One exchange on real sockets: bounded, honest about what left, and without the token in any word."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from types import SimpleNamespace
from unittest import mock

import pytest
import trustme

from ansible_collections.bookieops.betmatic.plugins.module_utils._api import client, connections
from ansible_collections.bookieops.betmatic.plugins.module_utils._api import transport as _transport
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import Maybe, NotSent, Refusal
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.transport import Answered, Transport

TOKEN = "head-of-the-token.middle-of-the-token.end-of-the-token"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


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


@pytest.mark.parametrize(
    "validate,path,environment,expected",
    [
        # A relative path begins in the folder that is named, where a module would run.
        (True, None, {"REQUESTS_CA_BUNDLE": "env"}, "/folder/env"),
        (True, None, {"CURL_CA_BUNDLE": "curl"}, "/folder/curl"),
        (True, None, {}, True),
        (True, "/own", {"REQUESTS_CA_BUNDLE": "/env"}, "/own"),
        (True, None, {"REQUESTS_CA_BUNDLE": "/env", "CURL_CA_BUNDLE": "/curl"}, "/env"),
        (True, None, {"CURL_CA_BUNDLE": "/curl"}, "/curl"),
        (False, "/own", {"REQUESTS_CA_BUNDLE": "/env"}, False),
    ],
)
def test_which_certificates_are_trusted(monkeypatch, validate, path, environment, expected):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert _transport._verify(validate, path, "/folder") == expected
    assert Transport("https://127.0.0.1:1/api", TOKEN, validate, path, "/folder")._verify == expected


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


@pytest.fixture(name="tls_peer")
def _tls_peer():
    """The port of a server with a certificate for 127.0.0.1 that closes each connection, and its CA as PEM."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    def talk(connection):
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as served:
            head(served)
            served.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

    with peer(talk) as port:
        yield port, authority.cert_pem.bytes().decode("ascii")


def test_the_certificates_are_loaded_once_for_all_connections(tls_peer, tmp_path, monkeypatch):
    port, ca = tls_peer
    (tmp_path / "ca.pem").write_text(ca, encoding="ascii")
    loaded = []
    real = ssl.SSLContext.load_verify_locations

    def load(self, *args, **kwargs):
        loaded.append(args or kwargs)
        return real(self, *args, **kwargs)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", load)
    url = f"https://127.0.0.1:{port}/api"
    own = Transport(url, TOKEN, True, str(tmp_path / "ca.pem"))
    assert [own.exchange("GET", url, None, 5.0, 100).status for _number in range(3)] == [200, 200, 200]
    assert len(loaded) == 1


@pytest.mark.parametrize("text", ["", "no certificate"])
def test_a_certificate_that_nobody_vouches_for_is_refused(tls_peer, tmp_path, text):
    port, _ca = tls_peer
    url = f"https://127.0.0.1:{port}/api"
    path = tmp_path / "ca.pem"
    path.write_text(text or trustme.CA().cert_pem.bytes().decode("ascii"), encoding="ascii")
    assert isinstance(Transport(url, TOKEN, True, str(path)).exchange("GET", url, None, 5.0, 100), NotSent)


def test_a_certificate_for_another_host_is_refused(tls_peer, tmp_path):
    port, ca = tls_peer
    (tmp_path / "ca.pem").write_text(ca, encoding="ascii")
    url = f"https://localhost:{port}/api"
    answer = Transport(url, TOKEN, True, str(tmp_path / "ca.pem")).exchange("GET", url, None, 5.0, 100)
    assert answer == NotSent("the server's certificate is not valid for this host")


@pytest.mark.parametrize("is_trusted", [True, False])
def test_the_certificate_of_an_https_proxy_is_judged_by_the_same_authorities(is_trusted, tmp_path, monkeypatch):
    authority, context, heads = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), []
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusted = authority if is_trusted else trustme.CA()
    (tmp_path / "ca.pem").write_bytes(trusted.cert_pem.bytes())

    def talk(connection):
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as served:
            heads.append(served.recv(65536))
            served.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with peer(talk) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"https://127.0.0.1:{port}")
        url = "https://betmatic.example/api"
        answer = Transport(url, TOKEN, True, str(tmp_path / "ca.pem")).exchange("POST", url, b"{}", 5.0, 100)
    assert isinstance(answer, NotSent)
    # The proxy hears where to connect to, and nothing at all where nobody vouches for it.
    assert [data.split(b" ")[0] for data in heads] == ([b"CONNECT"] if is_trusted else [])
    assert TOKEN.encode("ascii") not in b"".join(heads)


@pytest.mark.parametrize(("url", "loads"), [("http://127.0.0.1:8000/api", False), ("https://betmatic.app/api", True), (None, True)])
def test_certificates_are_loaded_early_unless_the_service_has_none(url, loads, monkeypatch):
    loaded = []
    monkeypatch.setattr(_transport, "default_context", lambda: loaded.append(True))
    monkeypatch.delenv("BETMATIC_API_URL", raising=False)
    if url:
        monkeypatch.setenv("BETMATIC_API_URL", url)
    _transport.warm_up()
    assert bool(loaded) is loads


def test_what_stands_in_a_redirect_is_not_looked_into():
    """Neither where it leads nor its body, which says of itself that it is packed and is not."""
    answer = b"HTTP/1.1 302 Found\r\nLocation: https://[betmatic/\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"
    with peer(lambda connection: (head(connection), connection.sendall(answer))) as port:
        result = exchange(port)
    assert isinstance(result, Answered) and (result.status, result.body) == (302, None)
