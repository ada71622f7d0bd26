# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process: ready file, signals, and an end that nothing delays."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal

import uvicorn

from protocol import SimulatorProtocol


class Server(uvicorn.Server):
    """uvicorn's server, which waits for nobody when it is told to stop."""

    def __init__(self, config, ready_file=None, exit_with_parent=False):
        super().__init__(config)
        self._ready_file = ready_file
        self._parent = os.getppid() if exit_with_parent else None

    @contextlib.contextmanager
    def capture_signals(self):
        """A signal ends the process with code 0, it is not raised again."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        yield

    def _stop(self):
        self.should_exit = True

    async def startup(self, sockets=None):
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        if self._ready_file:
            write_ready_file(self._ready_file, port)
        else:
            print(json.dumps({"pid": os.getpid(), "port": port}), flush=True)

    async def on_tick(self, counter):
        """Ten times a second; look for the parent once a second."""
        if self._parent is not None and counter % 10 == 0 and os.getppid() != self._parent:
            return True
        return await super().on_tick(counter)

    async def shutdown(self, sockets=None):
        """Drop every connection, finished or not."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=0.5)


def write_ready_file(path, port):
    """Whole or not at all: who waits for the file may read it at once."""
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        json.dump({"pid": os.getpid(), "port": port}, file)
    os.replace(f"{path}.new", path)


def configured(app, host, port, certfile=None, keyfile=None):
    """uvicorn's settings: nothing between the connection and the application."""
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    return uvicorn.Config(
        app, host=host, port=port, http=SimulatorProtocol, ws="none", lifespan="off", interface="asgi3", log_config=None, access_log=False,
        proxy_headers=False, server_header=False, timeout_keep_alive=120, ssl_certfile=certfile, ssl_keyfile=keyfile,
    )
