# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users do with plain Python: one requests session in each of 32 threads. Ids on standard input, one a line."""

from __future__ import annotations

import os
import queue
import sys
import threading

import requests

ids = queue.SimpleQueue()
for line in sys.stdin:
    ids.put(line.strip())


def work():
    with requests.Session() as session:
        session.headers["Authorization"] = "Token " + os.environ["BETMATIC_API_TOKEN"]
        while True:
            try:
                account_id = ids.get_nowait()
            except queue.Empty:
                return
            url = f"{os.environ['BETMATIC_API_URL']}/bookieaccount/control/{account_id}/"
            session.post(url, json={"command": "OFF"}, timeout=10).raise_for_status()


threads = [threading.Thread(target=work) for _number in range(32)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
