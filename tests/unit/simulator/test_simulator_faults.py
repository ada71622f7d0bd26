# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each planned fault does what its name says, on the wire."""

from __future__ import annotations

import gzip
import http.client
import json

import pytest

from ansible_collections.bookieops.betmatic.tests.simulator import harness

NATURAL = {"status": "success", "account_id": "123", "bot_status": "RUNNING"}


def shown(document):
    return {key: document[key] for key in NATURAL}


def body_of(data):
    return data.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("content, kind, body", [
    ({"json": {"a": None}}, "application/json", b'{"a": null}'),
    ({"json": None}, "application/json", b"null"),
    ({"text": "<h1>no</h1>"}, "text/plain; charset=utf-8", b"<h1>no</h1>"),
    ({"data": b"\xff\x00"}, "application/octet-stream", b"\xff\x00"),
    ({}, "text/plain; charset=utf-8", b""),
])
def test_answer(simulator, client, content, kind, body):
    """Any status, header and body in place of the natural answer; nothing is applied."""
    simulator.plan(harness.answer(503, headers={"Retry-After": "1"}, **content))
    reply = client.one("123", "ON")
    assert (reply.status, reply.headers["retry-after"], reply.headers["content-type"], reply.body) == (503, "1", kind, body)
    entry, = simulator.log()
    assert (entry["fault"], entry["status"], entry["applied"]) == ("answer", 503, []) and simulator.bots()["123"] == "STOPPED"
    assert shown(client.one("123", "ON").document) == NATURAL


def test_apply_before_carries_the_command_out(simulator, client):
    """The case that costs money: done, but not told."""
    simulator.plan(harness.answer(500, apply="before"))
    assert client.one("123", "ON").status == 500
    assert simulator.log()[0]["applied"] == ["123"] and simulator.bots()["123"] == "RUNNING"


def test_change_merges_and_removes(simulator, client):
    """The natural answer, bent."""
    simulator.plan(harness.change({"bot_status": "WARMING_UP", "session_info": None, "-timestamp": None}))
    document = client.one("123", "ON").document
    assert (document["bot_status"], document["session_info"], document["status"]) == ("WARMING_UP", None, "success")
    assert "timestamp" not in document and simulator.bots()["123"] == "RUNNING"


def test_change_never_applied_is_a_lie(simulator, client):
    """An answer that claims what is not so."""
    simulator.plan(harness.change({}, apply="never"))
    assert shown(client.one("123", "ON").document) == NATURAL
    assert simulator.bots()["123"] == "STOPPED" and simulator.log()[0]["applied"] == []


def test_change_rows(simulator, client):
    """Rows changed, hidden and added, in the list and in the bulk answer."""
    rows = {"124": {"bot_running": True, "-bookie": None}, "125": None}
    simulator.plan(harness.change(rows=rows, add_rows=[{"id": 9}], on="list"))
    listed = client.list().document
    assert [row["id"] for row in listed] == [123, 124, 9] and listed[1]["bot_running"] and "bookie" not in listed[1]
    simulator.plan(harness.change({"affected_accounts": 9}, rows={"123": None, "124": {"status": "odd"}}, on="control_all"))
    document = client.all("all_on").document
    assert document["affected_accounts"] == 9
    assert [(row["account_id"], row["status"]) for row in document["results"]] == [(124, "odd"), (125, "success")]


def test_cut_before(simulator, client):
    """A reset instead of an answer."""
    simulator.plan(harness.cut("before", apply="before"))
    with pytest.raises(ConnectionResetError):
        client.bytes()
    assert simulator.log()[0]["status"] is None and simulator.bots()["123"] == "RUNNING"


@pytest.mark.parametrize("where, status", [("head", None), ("status", 200), ("body", 200)])
def test_cut_inside(simulator, client, where, status):
    """The answer ends in the middle."""
    simulator.plan(harness.cut(where))
    data = client.bytes()
    assert simulator.log()[0]["status"] == status and simulator.bots()["123"] == "STOPPED"
    if where == "head":
        assert data == b"HTTP/1.1 200 OK\r\nContent-Ty"
    elif where == "status":
        assert data.startswith(b"HTTP/1.1 200 OK\r\n") and data.endswith(b"\r\n") and b"\r\n\r\n" not in data
    else:
        length = int(data.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
        assert len(body_of(data)) == length // 2


def test_hang(simulator, client):
    """Not a byte, then the end; for ever means until the client goes, and others are served meanwhile."""
    simulator.plan(harness.hang(0.2), harness.hang())
    assert client.bytes() == b""
    with client.open() as connection:
        assert client.list().status == 200
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
    assert [entry["fault"] for entry in simulator.requests("POST")] == ["hang", "hang"]


def test_drip(simulator, client):
    """The natural answer, byte by byte, in more than one piece."""
    simulator.plan(harness.drip(0.001))
    with client.open() as connection:
        pieces = []
        while part := connection.recv(65536):
            pieces.append(part)
    assert shown(json.loads(body_of(b"".join(pieces)))) == NATURAL
    assert len(pieces) > 2 and simulator.bots()["123"] == "RUNNING"


def test_continue(simulator, client):
    """Interim answers without an end."""
    simulator.plan(harness.endless_continue(0.01))
    with client.open() as connection:
        data = b""
        while data.count(b"\r\n\r\n") < 5:
            data += connection.recv(65536)
    assert data.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")


@pytest.mark.parametrize("data", ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", b"\x00\xffnot http"])
def test_raw(simulator, client, data):
    """Exactly these bytes."""
    simulator.plan(harness.raw(data))
    assert client.bytes() == (data if isinstance(data, bytes) else data.encode())


@pytest.mark.parametrize("encoding", [None, "gzip"])
def test_flood(simulator, client, encoding):
    """As large as asked for, small on the wire when packed, and a valid document."""
    simulator.plan(harness.flood(3, encoding))
    reply = client.one("123", "ON")
    data = gzip.decompress(reply.body) if encoding else reply.body
    assert reply.headers.get("content-encoding") == encoding
    assert len(json.loads(data)["message"]) == 3 * 1024 * 1024
    assert (len(reply.body) < 10000) == (encoding == "gzip")


def test_endless_flood_waits_for_its_reader(simulator, client):
    """Who does not read gets no more, and the server goes on."""
    simulator.plan(harness.flood())
    with client.open() as connection:
        assert len(connection.recv(65536)) > 0
        assert client.list().status == 200
    assert client.list().status == 200


def test_delay(simulator, client):
    """The command comes true with the answer, or before it, or never."""
    simulator.plan(harness.delay(0.1), harness.delay(0.1, apply="never", account="124"))
    assert shown(client.one("123", "ON").document) == NATURAL
    assert client.one("124", "ON").document["bot_status"] == "RUNNING"
    assert simulator.bots() == {"123": "RUNNING", "124": "STOPPED", "125": "STOPPED"}


def test_delayed_command_comes_true_after_its_client_went_away(simulator, client, until):
    """The late command that nobody waits for any more."""
    simulator.plan(harness.delay(0.5))
    client.open().close()
    until(lambda: [entry["applied"] for entry in simulator.log()] == [["123"]])
    assert simulator.bots()["123"] == "RUNNING"


def test_redirect(simulator, client):
    """Status and place as planned."""
    simulator.plan(harness.redirect("http://127.0.0.1:9/x", status=301))
    reply = client.one("123", "OFF")
    assert (reply.status, reply.headers["location"]) == (301, "http://127.0.0.1:9/x")


def test_echo_tells_the_token(simulator, client):
    """So that a leak test has something to leak."""
    simulator.plan(harness.echo())
    reply = client.one("123", "ON")
    assert reply.status == 500 and reply.document["token"] == simulator.token and f"Token {simulator.token}" in reply.document["detail"]


def test_close_is_not_announced(simulator, client):
    """A whole answer, and then no connection any more."""
    simulator.plan(harness.close())
    data = client.bytes()
    assert shown(json.loads(body_of(data))) == NATURAL and b"connection:" not in data.lower()


def test_natural_connection_stays_open(simulator, client):
    """Or nothing could be said about connections used again."""
    connection = http.client.HTTPConnection(client.address.hostname, client.address.port, timeout=20)
    for _number in range(2):
        connection.request("GET", "/api/bookieaccount/", headers=client.head())
        connection.getresponse().read()
    connection.close()
    first, second = simulator.log()
    assert first["connection"] == second["connection"]


def test_skip_times_order_and_match(simulator, client):
    """First match wins; a skipped or used up entry lets the next one have its turn."""
    simulator.plan(
        harness.answer(500, account="124", command="OFF", skip=1, times=2),
        harness.answer(502, method="GET", on="list", times=None),
        harness.answer(503, on="control_one", account="124"),
    )
    assert [client.one("124", "OFF").status for _number in range(5)] == [503, 500, 500, 200, 200]
    assert [client.list().status for _number in range(3)] == [502] * 3
    assert client.one("123", "OFF").status == 200
    assert [entry["do"]["answer"]["status"] for entry in simulator.planned()] == [502]
    assert simulator.clear_plan() == [] and client.list().status == 200


def test_after_changes_the_world(simulator, client):
    """A bot that somebody else switches on right after our OFF."""
    simulator.plan(harness.change({}, command="OFF", patch=[{"id": 123, "bot": "RUNNING"}, {"id": 125, "maintenance": True}]))
    assert client.one("123", "OFF").document["bot_status"] == "STOPPED"
    assert client.list().document[0]["bot_running"] is True
    assert client.one("125", "ON").status == 406


def test_faults_do_not_override_authorization(simulator, client):
    """A command with a wrong token is never applied, not even before a fault."""
    simulator.plan(harness.cut("body", apply="before"))
    path = "/api/bookieaccount/control/123/"
    with pytest.raises(http.client.IncompleteRead):
        client.call("POST", path, {"command": "ON"}, headers=client.head("wrong"))
    assert simulator.bots()["123"] == "STOPPED" and simulator.log()[0]["status"] == 401
