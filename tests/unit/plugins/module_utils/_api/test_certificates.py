# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who vouches for a service and for a proxy: which authorities are trusted, and when they are loaded."""

from __future__ import annotations

import contextlib
import ssl

import pytest
import requests
import trustme
from urllib3.exceptions import MaxRetryError, SSLError
from urllib3.util.ssl_match_hostname import CertificateError

from ansible_collections.bookieops.betmatic.plugins.module_utils._api import connections
from ansible_collections.bookieops.betmatic.plugins.module_utils._api import transport as _transport
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import NotSent
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.transport import Transport
from ansible_collections.bookieops.betmatic.tests.unit.support.peers import TOKEN, head, peer


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


def test_a_certificate_that_urllib3_before_2_refuses_by_its_own_comparison(monkeypatch):
    def send(_adapter, request, **_options):
        raise requests.exceptions.SSLError(MaxRetryError(None, request.url, SSLError(CertificateError("hostname 'a' doesn't match 'b'"))))

    monkeypatch.setattr(connections.Adapter, "send", send)
    answer = Transport("https://127.0.0.1:1/api", TOKEN, True, None).exchange("GET", "https://127.0.0.1:1/api", None, 5.0, 100)
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
