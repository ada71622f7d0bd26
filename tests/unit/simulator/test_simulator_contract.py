# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract is valid, and it is kept in both directions."""

from __future__ import annotations

import pathlib

import openapi_spec_validator
import pytest
import yaml

from ansible_collections.bookieops.betmatic.tests.simulator import harness

CONTRACT = yaml.safe_load(pathlib.Path(harness.HERE, "openapi.yaml").read_text(encoding="utf-8"))
ONE, ALL, LIST = "/api/bookieaccount/control/123/", "/api/bookieaccount/control/", "/api/bookieaccount/"


def test_contract_is_valid_openapi():
    """Or other tools could not read it."""
    assert CONTRACT["openapi"].startswith("3.1")
    openapi_spec_validator.validate(CONTRACT)


def test_every_operation_names_its_source():
    """A reader must know what is authoritative and what is hearsay."""
    sources = {path: method["x-source"] for path, methods in CONTRACT["paths"].items() for method in methods.values()}
    assert sources == {
        "/bookieaccount/control/{id}/": "vendor page",
        "/bookieaccount/control/": "vendor page",
        "/bookieaccount/": "public Go client",
        "/account/login/": "vendor's authentication pages",
        "/account/refresh_token/": "vendor's authentication pages",
    }


@pytest.mark.parametrize("method, path, body, status", [
    ("POST", ONE, b'{"command": "on"}', 400),
    ("POST", ONE, b'{"command": "all_off"}', 400),
    ("POST", ONE, b'{"command": "OFF", "reason": "x"}', 400),
    ("POST", ONE, b'{}', 400),
    ("POST", ONE, b'["OFF"]', 400),
    ("POST", ONE, b'', 400),
    ("POST", ONE, b'{"command": NaN}', 400),
    ("POST", ONE, b'\xff', 400),
    ("POST", ONE, b'[' * 100000, 400),
    ("POST", ONE + "?x=1", b'{"command": "OFF"}', 400),
    ("POST", ALL, b'{"command": "OFF"}', 400),
    ("GET", LIST, b'{}', 400),
    ("POST", "/api/account/login/", b'{"email": "a"}', 400),
    ("GET", ONE, None, 405),
    ("POST", LIST, b'{"command": "OFF"}', 405),
    ("POST", "/api/bookieaccount/control/123", b'{"command": "OFF"}', 404),
    ("POST", "/api//bookieaccount/control/", b'{"command": "all_off"}', 404),
    ("POST", "/bookieaccount/control/", b'{"command": "all_off"}', 404),
])
def test_request_that_breaks_the_contract_is_refused_and_marked(simulator, client, method, path, body, status):
    """A client that sends it must not pass a test, whatever else it does."""
    simulator.patch_accounts({"id": 123, "bot": "RUNNING"})
    reply = client.call(method, path, body=body)
    entry, = simulator.log()
    assert reply.status == entry["status"] == status
    assert reply.document == {"detail": entry["violation"]}
    assert entry["applied"] == [] and simulator.bots()["123"] == "RUNNING"


def test_wrong_content_type_is_a_violation(simulator, client):
    """The contract knows JSON only."""
    reply = client.call("POST", ONE, {"command": "ON"}, headers={**client.head(), "Content-Type": "text/plain"})
    assert reply.status == 400 and "Content-Type" in simulator.violations()[0]


def test_what_is_no_http_is_logged(simulator, client):
    """The log is complete even where no request could be read."""
    with client.open() as connection:
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"nonsense\r\n\r\n")
        while b"400" not in connection.recv(65536):
            pass
    assert [entry["status"] for entry in simulator.log()] == [200, 400]
    assert len(simulator.violations()) == 1


@pytest.mark.parametrize("call, wrong", [
    (lambda client: client.one("123", "ON"), {"display_name": 7}),
    (lambda client: client.all("all_on"), {"display_name": None}),
    (lambda client: client.list(), {"balance": "much"}),
])
def test_own_answer_that_breaks_the_contract_becomes_a_500(simulator, client, call, wrong):
    """The simulator cannot drift away from the contract unseen; and what it cannot answer it does not do."""
    simulator.patch_accounts({"id": 123, **wrong})
    reply = call(client)
    assert reply.status == 500 and "own answer breaks the contract" in reply.document["detail"]
    assert simulator.violations() == [reply.document["detail"]]
    assert set(simulator.bots().values()) == {"STOPPED"}


def test_planned_answers_may_break_the_contract(simulator, client):
    """Faults are what the contract does not promise."""
    simulator.plan(harness.change({"status": "maybe", "-timestamp": None}))
    assert client.one("123", "ON").document["status"] == "maybe"
    assert simulator.violations() == []
