# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator for each file, as new for each test, and the plainest client there is."""

from __future__ import annotations

import http.client
import json
import socket
import time
import urllib.parse
from dataclasses import dataclass

import pytest

from ansible_collections.bookieops.betmatic.tests.simulator import harness

PATHS = {
    "list": "/api/bookieaccount/",
    "control_all": "/api/bookieaccount/control/",
    "login": "/api/account/login/",
    "refresh": "/api/account/refresh_token/",
}


@dataclass(frozen=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: dict
    body: bytes

    @property
    def document(self):
        return json.loads(self.body)


class Client:
    """One connection a request; nothing is repaired, nothing is tried again."""

    def __init__(self, simulator):
        self.simulator = simulator
        self.address = urllib.parse.urlsplit(simulator.root)

    def head(self, token=None):
        return {"Authorization": f"Token {token or self.simulator.token}", "Content-Type": "application/json"}

    def call(self, method, path, document=None, headers=None, body=None):
        """One request and its whole answer."""
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=20)
        try:
            data = json.dumps(document).encode() if body is None and document is not None else body
            connection.request(method, path, data, self.head() if headers is None else headers)
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def one(self, account_id, command):
        return self.call("POST", f"/api/bookieaccount/control/{account_id}/", {"command": command})

    def all(self, command):
        return self.call("POST", PATHS["control_all"], {"command": command})

    def list(self):
        return self.call("GET", PATHS["list"])

    def open(self, account_id="123", command="ON"):
        """A socket on which a command has just been sent."""
        body = json.dumps({"command": command})
        lines = [f"POST /api/bookieaccount/control/{account_id}/ HTTP/1.1", "Host: simulator", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in self.head().items()]
        connection = socket.create_connection((self.address.hostname, self.address.port), timeout=20)
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        return connection

    def bytes(self):
        """All that comes back for an ON until the connection ends."""
        with self.open() as connection:
            return read_to_end(connection)


def read_to_end(connection):
    data = b""
    while part := connection.recv(65536):
        data += part
    return data


@pytest.fixture(scope="module")
def process():
    with harness.start() as simulator:
        yield simulator
        assert simulator.errors() == ""


@pytest.fixture
def simulator(process):
    process.reset()
    return process


@pytest.fixture
def client(simulator):
    return Client(simulator)


@pytest.fixture
def until():
    """Wait for something that must come; the limit is only there so that a broken simulator ends the run."""
    def wait(condition):
        limit = time.monotonic() + harness.PATIENCE
        while not condition():
            assert time.monotonic() < limit
            time.sleep(0.01)
    return wait


@pytest.fixture
def client_of():
    """For tests that start a simulator of their own."""
    return Client
