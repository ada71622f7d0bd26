# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests a second on the single-account endpoint: python tests/simulator/measure.py."""

from __future__ import annotations

import argparse
import multiprocessing
import socket
import threading
import time

import harness


def talk(port, request, until, counts):
    """One connection, one request after the other."""
    count = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while time.monotonic() < until:
            connection.sendall(request)
            answer = b""
            while b"\r\n\r\n" not in answer or not answer.endswith(b"}}"):
                answer += connection.recv(65536)
            count += answer.startswith(b"HTTP/1.1 200")
    counts.append(count)


def client(port, request, until, connections, total):
    """A process of its own, or the client's threads would share the reader's lock."""
    counts = []
    threads = [threading.Thread(target=talk, args=(port, request, until, counts)) for _number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total.put(sum(counts))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--files", action="store_true", help="with the log and state files that a restart needs")
    chosen = parser.parse_args()
    options = {} if chosen.files else {"log": None, "state": None}
    with harness.start(**options) as simulator:
        body = b'{"command": "ON"}'
        request = (
            "POST /api/bookieaccount/control/123/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Token {simulator.token}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        total = multiprocessing.Queue()
        until = time.monotonic() + chosen.seconds
        process = multiprocessing.Process(target=client, args=(simulator.port, request, until, chosen.connections, total))
        process.start()
        answered = total.get()
        process.join()
        logged = len(simulator.log())
    print(f"{answered / chosen.seconds:.0f} requests a second, {answered} answered 200, {logged} logged")


if __name__ == "__main__":
    main()
