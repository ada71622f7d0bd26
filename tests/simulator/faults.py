# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planned faults: parsing a plan, finding the fault that fits a request, and doing it."""

from __future__ import annotations

import asyncio
import base64
import json
import zlib
from dataclasses import dataclass, replace

import protocol

ENDPOINTS = ("control_one", "control_all", "list", "login", "refresh", "any")
BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Fault:
    """One entry of a plan. apply is before, never, or after (only a delay: when the answer is given)."""

    match: dict
    skip: int
    times: int | None
    action: str
    value: object
    options: dict
    apply: str
    patch: tuple

    def fits(self, request):
        """Whether the request is one that this entry is about."""
        seen = {"method": request.method, "endpoint": request.endpoint, "account_id": request.account_id, "command": request.command}
        wanted = {key: value for key, value in self.match.items() if (key, value) != ("endpoint", "any")}
        return all(seen[key] == value for key, value in wanted.items())

    def document(self):
        """The entry as a test would write it."""
        do = {self.action: self.value, **self.options, "apply": self.apply}
        if self.patch:
            do["after"] = {"patch": list(self.patch)}
        return {"match": self.match, "skip": self.skip, "times": self.times, "do": do}


class Plan:
    """The entries that are left, in order."""

    def __init__(self):
        self.faults = []

    def take(self, request):
        """The first entry that fits and skips no more, used up by one; or None."""
        for index, fault in enumerate(self.faults):
            if not fault.fits(request):
                continue
            if fault.skip:
                self.faults[index] = replace(fault, skip=fault.skip - 1)
                continue
            if fault.times is not None:
                self.faults[index:index + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
            return fault
        return None


def parse(entry):
    """A fault from a document; whatever is not understood is refused, so that no typo makes a test pass."""
    _only(entry, {"match", "skip", "times", "do"})
    match = dict(entry.get("match") or {})
    _only(match, {"method", "endpoint", "account_id", "command"})
    if match.get("endpoint", "any") not in ENDPOINTS:
        raise ValueError(f"no such endpoint: {match['endpoint']!r}")
    if "account_id" in match:
        match["account_id"] = str(match["account_id"])
    do = dict(entry.get("do") or {})
    patch = do.pop("after", {}).get("patch", ())
    wanted = do.pop("apply", None)
    names = [name for name in do if name in ACTIONS]
    if len(names) != 1:
        raise ValueError(f"exactly one action wanted: {entry!r}")
    action, value = names[0], do.pop(names[0])
    kind = ACTIONS[action]
    _only(do, kind.options)
    kind.check(value)
    if wanted not in (None, "before", "never") + ((kind.apply,) if kind.apply == "after" else ()):
        raise ValueError(f"apply is before or never: {wanted!r}")
    return Fault(match, entry.get("skip", 0), entry.get("times", 1), action, value, do, wanted or kind.apply, tuple(patch))


async def perform(fault, exchange):
    """Do it. The command comes true at once (before), with the answer (after), or not at all (never)."""
    if fault.apply != "after":
        exchange.settle(commit=fault.apply == "before")
        exchange.patch(fault.patch)
    exchange.save()
    await ACTIONS[fault.action].do(fault, exchange)


async def _answer(fault, exchange):
    value = fault.value
    headers = dict(value.get("headers", {}))
    if "json" in value:
        kind, body = "application/json", json.dumps(value["json"]).encode()
    elif "base64" in value:
        kind, body = "application/octet-stream", base64.b64decode(value["base64"])
    else:
        kind, body = "text/plain; charset=utf-8", value.get("text", "").encode("utf-8", "surrogatepass")
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = kind
    await exchange.send(value["status"], body, headers.items())


async def _change(fault, exchange):
    change = dict(fault.value)
    rows, added = change.pop("rows", {}), change.pop("add_rows", [])
    document = exchange.natural.document
    if isinstance(document, list):
        document = _changed_rows(document, "id", rows, added)
    else:
        document = _merged(document, change)
        if isinstance(document.get("results"), list):
            document = {**document, "results": _changed_rows(document["results"], "account_id", rows, added)}
    await exchange.send(exchange.natural.status, json.dumps(document).encode(), exchange.natural.headers)


def _merged(document, change):
    """The keys of change on top; a key -name takes name away."""
    gone = {key[1:] for key in change if key.startswith("-")}
    kept = {key: value for key, value in document.items() if key not in gone}
    return {**kept, **{key: value for key, value in change.items() if not key.startswith("-")}}


def _changed_rows(rows, key, changes, added):
    """Each row merged with its change; a change of null hides the row."""
    pairs = [(row, changes.get(str(row[key]), {})) for row in rows]
    return [_merged(row, change) for row, change in pairs if change is not None] + list(added)


async def _cut(fault, exchange):
    wire = exchange.wire
    if fault.value == "before":
        await wire.abort()
        return
    whole, body = exchange.natural_bytes()
    part = {"head": b"HTTP/1.1 200 OK\r\nContent-Ty", "status": whole[:-2], "body": whole + body[:len(body) // 2]}[fault.value]
    if fault.value != "head":
        exchange.answered(exchange.natural.status)
    await wire.write(part)
    await wire.close()


async def _hang(fault, exchange):
    if not await exchange.wire.pause(fault.value):
        await exchange.wire.close()


async def _drip(fault, exchange):
    whole, body = exchange.natural_bytes(("Connection", "close"))
    exchange.answered(exchange.natural.status)
    for byte in whole + body:
        await exchange.wire.write(bytes([byte]))
        if await exchange.wire.pause(fault.value["interval"]):
            return
    await exchange.wire.close()


async def _continue(fault, exchange):
    gone = False
    while not gone:
        await exchange.wire.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        gone = await exchange.wire.pause(fault.value["interval"])


async def _raw(fault, exchange):
    data = fault.value.encode("utf-8", "surrogatepass") if fault.action == "raw" else base64.b64decode(fault.value)
    await exchange.wire.write(data)
    await exchange.wire.close()


async def _flood(fault, exchange):
    encoding, left = fault.value.get("encoding"), fault.value.get("megabytes")
    headers = [("Content-Type", "application/json"), ("Connection", "close")] + ([("Content-Encoding", encoding)] if encoding else [])
    exchange.answered(200)
    await exchange.wire.write(protocol.head(200, headers))
    stream = (_gzip_stream if encoding else _plain_stream)(left)
    for data in stream:
        if exchange.wire.transport.is_closing():
            break
        await exchange.wire.write(data)
        await asyncio.sleep(0)
    await exchange.wire.close()


def _blocks(megabytes):
    count = 0
    while megabytes is None or count < megabytes:
        count += 1
        yield b"A" * BLOCK


def _plain_stream(megabytes):
    """A JSON text of the wanted size."""
    yield b'{"message": "'
    yield from _blocks(megabytes)
    yield b'"}'


def _gzip_stream(megabytes):
    """The same text as a valid gzip file; a block is compressed once, since after a full flush it looks the same again."""
    begin, end, block = b'{"message": "', b'"}', b"A" * BLOCK
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed_begin = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
    packed_block = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum, size = zlib.crc32(begin), len(begin) + len(end)
    yield b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + packed_begin
    for data in _blocks(megabytes):
        checksum, size = zlib.crc32(data, checksum), size + len(data)
        yield packed_block
    yield packer.compress(end) + packer.flush()
    yield zlib.crc32(end, checksum).to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")


async def _delay(fault, exchange):
    await asyncio.sleep(fault.value)
    if fault.apply == "after":
        exchange.settle(commit=True)
        exchange.patch(fault.patch)
    await exchange.send_natural()


async def _redirect(fault, exchange):
    await exchange.send(fault.options.get("status", 307), b"", [("Location", fault.value)])


async def _echo(fault, exchange):
    header = exchange.request.header("authorization") or ""
    document = {"detail": f"Internal error at Authorization: {header}", "token": header.rpartition(" ")[2]}
    await exchange.send(500, json.dumps(document).encode(), [("Content-Type", "application/json")])


async def _close(fault, exchange):
    await exchange.send_natural()
    await exchange.wire.close()


@dataclass(frozen=True)
class Action:
    """How an action is done, when its command comes true by default, and what its value may be."""

    do: object
    apply: str
    check: object
    options: frozenset = frozenset()


def _only(document, allowed):
    if not isinstance(document, dict) or set(document) - set(allowed):
        raise ValueError(f"only {sorted(allowed)} wanted: {document!r}")


def _must(holds, value):
    if not holds:
        raise ValueError(f"no such value: {value!r}")


def _check_answer(value):
    _only(value, {"status", "headers", "json", "text", "base64"})
    _must(isinstance(value.get("status"), int) and 200 <= value["status"] <= 599, value)
    _must(not {"content-length", "transfer-encoding"} & {name.lower() for name in value.get("headers", {})}, "a false length: use raw")


def _check_number(value):
    _must(isinstance(value, (int, float)), value)


def _check_interval(value):
    _only(value, {"interval"})
    _check_number(value.get("interval"))


def _check_flood(value):
    _only(value, {"encoding", "megabytes"})
    _must(value.get("encoding") in (None, "gzip"), value)


ACTIONS = {
    "answer": Action(_answer, "never", _check_answer),
    "change": Action(_change, "before", lambda value: _must(isinstance(value, dict), value)),
    "cut": Action(_cut, "never", lambda value: _must(value in ("before", "head", "status", "body"), value)),
    "hang": Action(_hang, "never", lambda value: value is None or _check_number(value)),
    "drip": Action(_drip, "before", _check_interval),
    "continue": Action(_continue, "never", _check_interval),
    "raw": Action(_raw, "never", lambda value: _must(isinstance(value, str), value)),
    "raw_base64": Action(_raw, "never", base64.b64decode),
    "flood": Action(_flood, "never", _check_flood),
    "delay": Action(_delay, "after", _check_number),
    "redirect": Action(_redirect, "never", lambda value: _must(isinstance(value, str), value), frozenset({"status"})),
    "echo": Action(_echo, "never", lambda value: _must(value is True, value)),
    "close": Action(_close, "before", lambda value: _must(value is True, value)),
}
