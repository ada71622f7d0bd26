# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process: options, files, restart, and an end that leaves nothing behind."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys

import pytest
import trustme

from ansible_collections.bookieops.betmatic.tests.simulator import harness


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def refused(port):
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) != 0


def test_kill_and_restart_keep_state_and_log(client_of, until):
    """A crash of the service in the middle of a task must not lose what was done."""
    with harness.start() as simulator:
        client = client_of(simulator)
        client.one("123", "ON")
        new = client.call("POST", "/api/account/refresh_token/", {"token": simulator.token}).document["token"]
        simulator.patch_accounts({"id": 124, "maintenance": True})
        simulator.plan(harness.hang(apply="before"))
        with client.open("125"):
            until(lambda: len(simulator.log()) == 3)
            log, accounts, port = simulator.log(), simulator.accounts(), simulator.port
            simulator.kill()
        simulator.restart()
        assert (simulator.log(), simulator.accounts(), simulator.port) == (log, accounts, port)
        assert [entry["status"] for entry in log] == [200, 200, None] and log[2]["applied"] == ["125"]
        assert client.call("GET", "/api/bookieaccount/", headers=client.head(new)).status == 200
        assert simulator.log()[-1]["seq"] == log[-1]["seq"] + 1


def test_reset_empties_the_files_too(client_of):
    """Or a restart would bring back what a reset removed."""
    with harness.start() as simulator:
        client_of(simulator).one("123", "ON")
        simulator.reset()
        simulator.restart()
        assert simulator.log() == [] and simulator.bots()["123"] == "STOPPED"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_though_requests_hang(client_of, until, number):
    """Code 0, no traceback, no process left."""
    with harness.start() as simulator:
        simulator.plan(harness.hang(times=None))
        with client_of(simulator).open():
            until(simulator.log)
            os.kill(simulator.pid, number)
            assert simulator._process.wait(20) == 0
        assert simulator.errors() == "" and gone(simulator.pid)


def test_stop_leaves_nothing():
    """Neither a process nor files."""
    simulator = harness.start()
    simulator.stop()
    assert gone(simulator.pid) and not os.path.exists(simulator.folder)


def test_exit_with_parent(until):
    """A test run that is killed takes its simulator along."""
    script = (
        f"import os, sys; sys.path.insert(0, {str(harness.HERE)!r}); import harness; simulator = harness.start(); "
        "print(simulator.port, simulator.folder, flush=True); os._exit(0)"
    )
    parent = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True, timeout=60)
    port, _space, folder = parent.stdout.decode().strip().partition(" ")
    until(lambda: refused(int(port)))
    shutil.rmtree(folder)


def test_broken_start_says_why():
    """Instead of waiting for a file that never comes."""
    with pytest.raises(RuntimeError, match="--host"):
        harness.start(host="0.0.0.0")


def test_generated_fleet(client_of):
    """Large fleets with unique names, several bookmakers and shared bots."""
    with harness.start(accounts=500) as simulator:
        rows = client_of(simulator).list().document
        assert [row["id"] for row in rows] == list(range(1001, 1501))
        assert len({row["display_name"] for row in rows}) == 500 and 3 < len({row["bookie"] for row in rows}) < 50
        assert len({row["bot_id"] for row in rows}) == 250
        assert len(client_of(simulator).all("all_on").document["results"]) == 500


def test_fleet_file_and_token(client_of, tmp_path):
    """A fleet and a token of one's own."""
    fleet = tmp_path / "fleet.json"
    fleet.write_text(json.dumps([{"id": 5, "bot": "RUNNING"}]), encoding="utf-8")
    with harness.start(fleet=fleet, token="another-long-odd-token-40417") as simulator:
        assert client_of(simulator).one("5", "OFF").document["previous_status"] == "RUNNING"
        assert client_of(simulator).call("GET", "/api/bookieaccount/", headers=client_of(simulator).head(harness.SIMULATOR_TOKEN)).status == 401


def test_startup_takes_a_while(client_of, until):
    """ON is accepted, the bot is not yet running, and the list cannot tell."""
    with harness.start(startup=0.5) as simulator:
        client = client_of(simulator)
        answer = client.one("123", "ON").document
        assert (answer["status"], answer["previous_status"], answer["bot_status"]) == ("success", "STOPPED", "STARTING")
        until(lambda: simulator.bots()["123"] == "RUNNING")
        assert client.list().document[0]["bot_running"] is True


def test_bot_that_is_starting_survives_a_restart(client_of):
    """Its time runs on."""
    with harness.start(startup=3600) as simulator:
        client_of(simulator).one("123", "ON")
        simulator.restart()
        assert simulator.bots()["123"] == "STARTING"
        row = client_of(simulator).list().document[0]
        assert (row["bot_running"], row["running_sessions"]) == (False, 0)
        assert client_of(simulator).one("123", "OFF").document["previous_status"] == "STARTING"


@pytest.mark.parametrize("retry_after, header", [(True, "1"), (False, None)])
def test_rate_limit(client_of, retry_after, header):
    """Beyond the burst 429, and what is refused is not applied; the tests' own endpoints are free."""
    with harness.start(rate_limit=1, retry_after=retry_after) as simulator:
        replies = [client_of(simulator).one("123", "ON") for _number in range(10)]
        refused = [reply for reply in replies if reply.status == 429]
        assert replies[0].status == 200 and refused
        assert {reply.headers.get("retry-after") for reply in refused} == {header}
        assert simulator.accounts()["123"]["commands_applied"] == 10 - len(refused)
        assert simulator.violations() == []


def test_no_list(client_of):
    """The collection must work without it."""
    with harness.start(no_list=True) as simulator:
        assert client_of(simulator).list().status == 404 and simulator.violations() == []


def test_latency_lets_requests_overlap(client_of):
    """All are in flight at once, none is answered out of the blue."""
    with harness.start(latency=1) as simulator:
        client = client_of(simulator)
        connections = [client.open(account_id) for account_id in ("123", "124", "125")]
        for connection in connections:
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
            connection.close()
        assert max(entry["concurrent"] for entry in simulator.log()) == 3


def test_tls_and_its_faults(client_of, tmp_path):
    """Everything that works in clear works under TLS, the socket's faults as well."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with harness.start(certfile=tmp_path / "server.pem") as simulator:
        simulator.plan(harness.cut("before", apply="before"), harness.cut("body"), harness.close())
        client, outcomes = client_of(simulator), []
        for _number in range(4):
            connection = http.client.HTTPSConnection("127.0.0.1", simulator.port, timeout=20, context=context)
            try:
                connection.request("POST", "/api/bookieaccount/control/123/", b'{"command": "ON"}', client.head())
                outcomes.append(json.loads(connection.getresponse().read())["previous_status"])
            except (OSError, http.client.HTTPException) as error:
                outcomes.append(isinstance(error, (ConnectionError, http.client.IncompleteRead, ssl.SSLError)))
            finally:
                connection.close()
        assert outcomes == [True, True, "RUNNING", "RUNNING"]
        assert simulator.errors() == ""
