# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ASGI application: each request is read, logged, perhaps spoiled, and answered."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass

import control_plane
import faults
import protocol
from bucket import Bucket
from fleet import Fleet
from request_log import RequestLog
from service import Answer, Service, refused
from state_file import StateFile


@dataclass(frozen=True)
class Settings:
    """How this simulator behaves; accounts and token are the world that a reset brings back."""

    accounts: tuple
    token: str
    latency: float = 0.0
    startup: float = 0.0
    rate_limit: int = 0
    retry_after: bool = False
    listed: bool = True
    log: str | None = None
    state: str | None = None


class App:
    """The API and, below /simulator/, the tests' own endpoints."""

    def __init__(self, settings, contract):
        self.settings = settings
        self.contract = contract
        self.plan = faults.Plan()
        self.log = RequestLog(settings.log)
        self.state = StateFile(settings.state)
        self.bucket = Bucket(settings.rate_limit)
        self.in_flight = 0
        saved, tokens = self.state.load()
        self.populate(settings.accounts if saved is None else saved, tokens)

    def populate(self, accounts, tokens=()):
        """Put this world in place of the present one."""
        valid = list(dict.fromkeys([self.settings.token, *tokens]))
        self.service = Service(Fleet(accounts), valid, self.settings.startup, self.settings.listed)
        self.state.start(self.service.fleet.all(time.time()), valid)

    def reset(self):
        """As freshly started with empty files."""
        self.plan.faults.clear()
        self.log.clear()
        self.bucket = Bucket(self.settings.rate_limit)
        self.populate(self.settings.accounts)

    def put(self, accounts):
        """Change accounts and keep the change."""
        self.service.fleet.put(accounts)
        self.state.changed(accounts)

    def unreadable(self, connection, why):
        """Log what is no HTTP; the protocol has answered it."""
        nothing = self.contract.read("", "", [], b"")
        entry = self._entry(nothing, connection)
        entry.update(status=400, violation=why)
        self.log.save(entry)

    async def __call__(self, scope, receive, send):
        reach = scope["extensions"]
        wire, target = reach[protocol.WIRE], reach[protocol.TARGET]
        try:
            body, complete = await _body(receive)
            if target.startswith("/simulator/"):
                status, document = control_plane.answer(self, scope["method"], target, body)
                await _send(send, status, json.dumps(document).encode())
                return
            self.in_flight += 1
            try:
                request = self.contract.read(scope["method"], target, reach[protocol.HEADERS], body)
                await self._handle(Exchange(self, request, self._entry(request, wire.number), wire, send), complete)
            finally:
                self.in_flight -= 1
        except asyncio.CancelledError:
            return

    async def _handle(self, exchange, complete):
        request, entry = exchange.request, exchange.entry
        if not complete:
            entry["violation"] = "The request ended before its body did"
            exchange.save()
            return
        if self.settings.latency:
            exchange.save()
            await asyncio.sleep(self.settings.latency)
        if request.refusal:
            entry["violation"] = request.refusal[1]
            exchange.natural = refused(*request.refusal)
        elif not self.bucket.take(time.monotonic()):
            headers = (("Retry-After", "1"),) if self.settings.retry_after else ()
            exchange.natural = self._kept(request, entry, refused(429, "Request was throttled", headers))
        else:
            fault = self.plan.take(request)
            if fault:
                entry["fault"] = fault.action
                await faults.perform(fault, exchange)
                return
            exchange.settle(commit=True, check=True)
        await exchange.send_natural()

    def _entry(self, request, connection):
        return self.log.open(
            time=time.time(), connection=connection, method=request.method, path=request.target, headers=request.headers,
            body=request.body.decode("utf-8", "replace"), endpoint=request.endpoint, account_id=request.account_id,
            command=request.command, status=None, fault=None, applied=[], violation=None, concurrent=self.in_flight,
        )

    def _kept(self, request, entry, answer):
        """The answer, or in its place a 500 that says how it breaks the contract."""
        why = self.contract.broken_by(request.operation, answer.status, answer.document)
        if why is None:
            return answer
        entry["violation"] = f"The simulator's own answer breaks the contract: {why}"
        return refused(500, entry["violation"])

    def natural(self, request, entry, check):
        """What the service answers by nature."""
        answer = self.service.answer(request, time.time())
        return self._kept(request, entry, answer) if check else answer

    def commit(self, answer):
        """Let it come true; the ids whose command was carried out."""
        if answer.token:
            self.service.tokens.append(answer.token)
            self.state.minted(answer.token)
        self.put(answer.changed)
        return [str(one.id) for one in answer.changed]


class Exchange:
    """One request and its answer: all that a fault may touch."""

    def __init__(self, app, request, entry, wire, send):
        self.app = app
        self.request = request
        self.entry = entry
        self.wire = wire
        self.natural = Answer(500, {"detail": "not settled"})
        self._send = send

    def settle(self, commit, check=False):
        """Work out the natural answer, and let its changes come true or not."""
        self.natural = self.app.natural(self.request, self.entry, check)
        if commit:
            self.entry["applied"] = self.app.commit(self.natural)

    def save(self):
        """Log what is known so far: a fault may wait for long."""
        self.app.log.save(self.entry)

    def patch(self, changes):
        """What a plan changes in the world after this request; before its answer leaves, so that no reader sees a race."""
        self.app.put(control_plane.patched(self.app, changes))

    def answered(self, status):
        """Log what goes out, before it does."""
        if self.entry["status"] != status:
            self.entry["status"] = status
            self.save()

    async def send(self, status, body, headers):
        """An answer as HTTP wants it."""
        self.answered(status)
        await _send(self._send, status, body, headers)

    async def send_natural(self):
        """The natural answer."""
        await self.send(self.natural.status, json.dumps(self.natural.document).encode(), self.natural.headers)

    def natural_bytes(self, *headers):
        """Head and body of the natural answer, for faults that write them in pieces."""
        body = json.dumps(self.natural.document).encode()
        fixed = [("Content-Type", "application/json"), ("Content-Length", len(body))]
        return protocol.head(self.natural.status, [*fixed, *self.natural.headers, *headers]), body


async def _body(receive):
    """The whole body, and whether it was whole."""
    parts, more = [], True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts), False
        parts.append(message["body"])
        more = message["more_body"]
    return b"".join(parts), True


async def _send(send, status, body, headers=()):
    names = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    if b"content-type" not in dict(names):
        names.append((b"content-type", b"application/json"))
    names.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": names})
    await send({"type": "http.response.body", "body": body})
