# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The natural behaviour, as the vendor's pages show it."""

from __future__ import annotations

import base64
import json
from datetime import datetime

import pytest

from ansible_collections.bookieops.betmatic.tests.simulator import harness


def test_single_on_is_the_page_document(simulator, client):
    """Key by key, types included."""
    reply = client.one("123", "ON")
    document = reply.document
    started = document["session_info"]["session_start_time"]
    assert reply.status == 200
    assert document == {
        "status": "success", "message": "Bot turned ON successfully", "account_id": "123", "display_name": "TAB Main Account",
        "bot_status": "RUNNING", "timestamp": document["timestamp"], "previous_status": "STOPPED",
        "session_info": {"active_sessions": 1, "session_start_time": started},
    }
    assert datetime.fromisoformat(document["timestamp"]).tzinfo and datetime.fromisoformat(started).tzinfo
    assert simulator.bots() == {"123": "RUNNING", "124": "STOPPED", "125": "STOPPED"}


@pytest.mark.parametrize("before, command, after, sessions", [
    ("STOPPED", "ON", "RUNNING", 1), ("RUNNING", "ON", "RUNNING", 1), ("STARTING", "ON", "STARTING", 0),
    ("STOPPED", "OFF", "STOPPED", 0), ("RUNNING", "OFF", "STOPPED", 0), ("STARTING", "OFF", "STOPPED", 0),
])
def test_single_command_from_every_state(simulator, client, before, command, after, sessions):
    """A repeated command is a success that tells the previous status."""
    simulator.patch_accounts({"id": 124, "bot": before})
    document = client.one("124", command).document
    assert (document["status"], document["previous_status"], document["bot_status"]) == ("success", before, after)
    assert document["session_info"]["active_sessions"] == sessions
    assert (document["session_info"]["session_start_time"] is None) == (sessions == 0)
    assert simulator.bots()["124"] == after and simulator.accounts()["124"]["commands_applied"] == 1
    assert simulator.log()[-1]["applied"] == ["124"]


@pytest.mark.parametrize("account_id, status", [("999", 404), ("0123", 404), (".", 404), ("125", 406)])
def test_single_command_refused(simulator, client, account_id, status):
    """Nothing is applied where nothing can be."""
    simulator.patch_accounts({"id": 125, "maintenance": True, "bot": "RUNNING"})
    reply = client.one(account_id, "OFF")
    assert reply.status == status and isinstance(reply.document["detail"], str)
    assert simulator.bots() == {"123": "STOPPED", "124": "STOPPED", "125": "RUNNING"}
    assert simulator.violations() == []


@pytest.mark.parametrize("command, states, words", [
    ("all_on", ["STOPPED", "RUNNING", "STARTING"], ["Bot turned on successfully", "Bot already running", "Bot already starting"]),
    ("all_off", ["STOPPED", "RUNNING", "STARTING"], ["Bot already stopped", "Bot turned off successfully", "Bot turned off successfully"]),
])
def test_bulk_answers_a_row_an_account(simulator, client, command, states, words):
    """Those already as wanted are failed rows in a successful answer."""
    simulator.patch_accounts(*({"id": number, "bot": state} for number, state in zip((123, 124, 125), states)))
    document = client.all(command).document
    assert document["status"] == "success" and document["affected_accounts"] == 3
    assert document["message"] == f"Command '{command}' sent to all bots successfully"
    assert [(row["account_id"], row["message"]) for row in document["results"]] == list(zip((123, 124, 125), words))
    assert [row["status"] for row in document["results"]] == ["failed" if "already" in word else "success" for word in words]
    assert simulator.log()[-1]["applied"] == [str(row["account_id"]) for row in document["results"] if row["status"] == "success"]


def test_bulk_leaves_maintenance_alone(simulator, client):
    """The dangerous row: the bot goes on."""
    simulator.patch_accounts({"id": 124, "maintenance": True, "bot": "RUNNING"})
    row = client.all("all_off").document["results"][1]
    assert (row["status"], row["message"]) == ("failed", "Bot in maintenance")
    assert simulator.bots()["124"] == "RUNNING"


def test_list_rows(simulator, client):
    """Every field that the public client knows; a starting bot looks stopped."""
    simulator.patch_accounts({"id": 123, "bot": "RUNNING"}, {"id": 124, "bot": "STARTING"})
    rows = client.list().document
    assert list(rows[0]) == [
        "id", "bookie", "display_name", "balance", "bonus_balance", "update_time", "bot_ip", "bot_id", "bot_running", "running_sessions",
    ]
    assert [(row["id"], row["bookie"], row["bot_running"], row["running_sessions"]) for row in rows] == [
        (123, "TAB", True, 1), (124, "WishBet", False, 0), (125, "Sportsbet", False, 0),
    ]


@pytest.mark.parametrize("header", [None, "", "Token", "Token ", "Token wrong", "token {}", "Bearer {}", "Token  {}", "Token {}x", "{}"])
def test_authorization_must_be_exact(simulator, client, header):
    """Anything but the word, one space and the token."""
    headers = {"Content-Type": "application/json"}
    if header is not None:
        headers["Authorization"] = header.format(simulator.token)
    reply = client.call("POST", "/api/bookieaccount/control/", {"command": "all_on"}, headers=headers)
    assert (reply.status, reply.document) == (401, {"detail": "Invalid credentials"})
    assert set(simulator.bots().values()) == {"STOPPED"}


def test_login_and_refresh(simulator, client):
    """A new token is as good as the first, and its exp is readable."""
    first = client.call("POST", "/api/account/login/", {"email": harness.EMAIL, "password": harness.PASSWORD}, headers={"Content-Type": "application/json"})
    assert first.document == {"token": simulator.token}
    new = client.call("POST", "/api/account/refresh_token/", first.document).document["token"]
    claims = new.split(".")[1]
    assert new != simulator.token and isinstance(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"], int)
    assert client.call("GET", "/api/bookieaccount/", headers=client.head(new)).status == 200


def test_login_and_refresh_refused(simulator, client):
    """Wrong words, unknown token."""
    assert client.call("POST", "/api/account/login/", {"email": harness.EMAIL, "password": "x"}).status == 401
    assert client.call("POST", "/api/account/refresh_token/", {"token": "x"}).status == 401
    assert simulator.violations() == []


def test_log_tells_everything(simulator, client):
    """What a test may want to know of a request, as it was received."""
    client.one("124", "ON")
    client.call("GET", "/nowhere?a=%20", headers={"X-Odd-Case": "1"})
    first, second = simulator.log()
    assert [second["seq"] - first["seq"], second["connection"] > first["connection"]] == [1, True]
    assert {key: first[key] for key in ("method", "path", "body", "endpoint", "account_id", "command", "status", "applied", "concurrent")} == {
        "method": "POST", "path": "/api/bookieaccount/control/124/", "body": '{"command": "ON"}', "endpoint": "control_one",
        "account_id": "124", "command": "ON", "status": 200, "applied": ["124"], "concurrent": 1,
    }
    assert ["Authorization", f"Token {simulator.token}"] in first["headers"]
    assert (second["path"], second["status"]) == ("/nowhere?a=%20", 404) and ["X-Odd-Case", "1"] in second["headers"]
    assert simulator.requests("POST") == [first]


def test_concurrent_requests_are_counted(simulator, client, until):
    """A limit on requests in flight can be proven."""
    simulator.plan(harness.hang(times=2))
    with client.open("123"), client.open("124"):
        until(lambda: len(simulator.log()) == 2)
        client.one("125", "ON")
    assert [entry["concurrent"] for entry in simulator.log()] == [1, 2, 3]


def test_control_plane_refuses_mistakes(simulator):
    """A typo in a test must not make it pass."""
    entries = [
        {"do": {"answr": {}}}, {"do": {"hang": 1, "delay": 1}}, {"do": {"hang": 1}, "time": 2}, {"do": {"cut": "middle"}}, {"do": {"hang": "x"}},
        {"match": {"endpoint": "all"}, "do": {"hang": 1}}, {"do": {"hang": 1, "apply": "later"}}, {"do": {"echo": True, "after": {"patch": [{"id": 9}]}}},
        {"do": {"answer": {"status": 200, "headers": {"Content-Length": "3"}}}},
    ]
    for entry in entries:
        with pytest.raises(ValueError):
            simulator.plan(entry)
    for change in ({"id": 9, "bot": "RUNNING"}, {"id": 123, "bot": "ON"}, {"id": 123, "state": "on"}):
        with pytest.raises(ValueError):
            simulator.patch_accounts(change)
    assert simulator.planned() == [] and simulator.log() == []


def test_put_accounts_replaces_the_fleet(simulator, client):
    """A test brings its own world."""
    simulator.put_accounts([{"id": 7, "display_name": "Seven", "bot": "RUNNING"}])
    assert client.one("123", "ON").status == 404
    assert client.one("7", "OFF").document["display_name"] == "Seven"
    simulator.reset()
    assert list(simulator.bots()) == ["123", "124", "125"] and simulator.log() == []
