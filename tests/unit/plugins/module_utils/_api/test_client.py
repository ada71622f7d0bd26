# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the client sends to log in and to refresh, and what it takes for a token."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.client import Client
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import Maybe, Refusal, TokenAnswer

TOKEN = "head-of-the-token.middle-of-the-token.end-of-the-token"
NEW = "head-of-the-token.another-middle.another-end"


@pytest.fixture(name="service")
def _service():
    """A server that keeps what it is sent, and answers with `status` and `document`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.seen.append((self.path, self.headers.get_all("Authorization"), json.loads(body)))
            content = json.dumps(server.document).encode()
            self.send_response(server.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.status, server.document = [], 200, {"token": NEW}
    server.url = f"http://127.0.0.1:{server.server_port}/api"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_login_sends_no_header_of_ours(service):
    assert Client(service.url, None).log_in("ops@example.com", "p\u00e4ss \U0001f40e", 5.0) == TokenAnswer(NEW)
    assert service.seen == [("/api/account/login/", None, {"email": "ops@example.com", "password": "p\u00e4ss \U0001f40e"})]


def test_a_refresh_sends_the_token_in_header_and_body(service):
    assert Client(service.url, TOKEN).refresh_token(5.0) == TokenAnswer(NEW)
    assert service.seen == [("/api/account/refresh_token/", ["Token " + TOKEN], {"token": TOKEN})]


@pytest.mark.parametrize(
    "status,document,kind", [(201, {"token": NEW}, Maybe), (401, {"token": NEW}, Refusal), (500, {"token": NEW}, Maybe), (200, {"token": "a b"}, Maybe)]
)
def test_only_a_200_with_a_token_is_an_answer(status, document, kind, service):
    service.status, service.document = status, document
    assert isinstance(Client(service.url, TOKEN).refresh_token(5.0), kind)


def test_a_token_is_not_shown_with_its_answer():
    assert NEW not in repr(TokenAnswer(NEW))
