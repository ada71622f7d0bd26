# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""uvicorn's HTTP protocol, with the connection itself within reach of the application."""

from __future__ import annotations

import asyncio
import http
import itertools
import socket
import struct

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

WIRE, TARGET, HEADERS = "simulator.wire", "simulator.target", "simulator.headers"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class SimulatorProtocol(HttpToolsProtocol):
    """One TCP connection. The application finds it in the scope's extensions and may write what it likes."""

    numbers = itertools.count(1)

    def connection_made(self, transport):
        super().connection_made(transport)
        self.number = next(self.numbers)
        self.gone = asyncio.Event()
        self.received = []

    def connection_lost(self, exc):
        super().connection_lost(exc)
        self.gone.set()

    def on_message_begin(self):
        super().on_message_begin()
        self.received = []

    def on_header(self, name, value):
        self.received.append([name.decode("latin-1"), value.decode("latin-1")])
        super().on_header(name, value)

    def on_headers_complete(self):
        self.scope["extensions"] = {WIRE: self, TARGET: self.url.decode("latin-1"), HEADERS: self.received}
        super().on_headers_complete()

    def send_400_response(self, msg):
        """What is no HTTP never reaches the application, but must be in the log."""
        self.app.unreadable(self.number, msg)
        super().send_400_response(msg)

    async def write(self, data):
        """Write and wait until the peer has taken enough of it."""
        if not self.transport.is_closing():
            self.transport.write(data)
            await self.flow.drain()

    async def pause(self, seconds):
        """Wait; true when the peer went away meanwhile."""
        try:
            await asyncio.wait_for(self.gone.wait(), seconds)
        except asyncio.TimeoutError:
            return False
        return True

    async def close(self):
        """Close after the last byte."""
        self.transport.close()
        await self.gone.wait()

    async def abort(self):
        """Close with a reset: what is on its way is lost."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self.transport.abort()
        await self.gone.wait()


def head(status, headers):
    """The first bytes of an answer."""
    phrase = http.HTTPStatus(status).phrase if status in http.HTTPStatus._value2member_map_ else ""
    lines = [f"HTTP/1.1 {status} {phrase}"] + [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
