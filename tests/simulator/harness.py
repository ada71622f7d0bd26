# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests' side of the simulator: start it, plan faults, read what arrived, stop it. Standard library only."""

from __future__ import annotations

import base64
import json as _json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

# A JWT in shape, valid until 2100; long and odd, so that a leak is found and masking it hides nothing else.
SIMULATOR_TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
    ".eyJ1c2VyX2lkIjo0NzExLCJleHAiOjQxMDI0NDQ4MDAsImp0aSI6InNpbXVsYXRvci1maXJzdC10b2tlbiJ9"
    ".VeCKVnakl5LdCK0PwIc7qKAMwAVg8fNCZqbsfK27hXk"
)
EMAIL, PASSWORD = "ops@example.com", "correct horse"
HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 30


class Simulator:
    """A running simulator. As a context manager it stops at the end."""

    def __init__(self, python, options):
        self.folder = tempfile.mkdtemp(prefix="simulator-")
        files = {name: os.path.join(self.folder, name) for name in ("log", "state")}
        self.options = {"exit_with_parent": True, "host": "127.0.0.1", **files, **options}
        self.python = python or sys.executable
        self.token = options.get("token", SIMULATOR_TOKEN)
        self.port = 0
        self._process = None
        try:
            self._launch()
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self):
        return self._process.pid

    @property
    def root(self):
        scheme = "https" if self.options.get("certfile") else "http"
        host = "[::1]" if self.options["host"] == "::1" else self.options["host"]
        return f"{scheme}://{host}:{self.port}"

    @property
    def url(self):
        return self.root + "/api"

    def plan(self, *faults):
        """Append faults to the plan."""
        return self._call("POST", "plan", list(faults))

    def planned(self):
        """The faults that are left."""
        return self._call("GET", "plan")

    def clear_plan(self):
        return self._call("DELETE", "plan")

    def log(self):
        """Every request so far."""
        return self._call("GET", "log")

    def clear_log(self):
        return self._call("DELETE", "log")

    def requests(self, method=None):
        """Every request so far of one method."""
        return [entry for entry in self.log() if method in (None, entry["method"])]

    def violations(self):
        """What broke the contract, in either direction."""
        return [entry["violation"] for entry in self.log() if entry["violation"]]

    def accounts(self):
        """The truth about every account, by id as text."""
        return {str(one["id"]): one for one in self._call("GET", "accounts")}

    def bots(self):
        """The true state of every bot, by id as text."""
        return {account_id: one["bot"] for account_id, one in self.accounts().items()}

    def put_accounts(self, accounts):
        """Replace the fleet."""
        return self._call("PUT", "accounts", list(accounts))

    def patch_accounts(self, *changes):
        """Change fields of accounts, each change a dict with an id."""
        return self._call("PATCH", "accounts", list(changes))

    def reset(self):
        """As freshly started."""
        return self._call("POST", "reset")

    def stop(self):
        """End it in good order and remove its files."""
        if self._process:
            self._process.terminate()
            self._reap()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self):
        """End it at once, as a crash does; its files stay for a restart."""
        self._process.kill()
        self._reap()

    def restart(self):
        """Kill it if it runs, and start it with the same port and files. The plan is gone."""
        if self._process.poll() is None:
            self.kill()
        self._launch()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.stop()

    def _reap(self):
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _launch(self):
        ready = pathlib.Path(self.folder, "ready")
        ready.unlink(missing_ok=True)
        command = [self.python, str(HERE), "--ready-file", str(ready), *_flags({**self.options, "port": self.port})]
        with open(os.path.join(self.folder, "stderr"), "w+b") as stderr:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr)
            limit = time.monotonic() + PATIENCE
            while not ready.exists():
                if self._process.poll() is not None or time.monotonic() > limit:
                    stderr.seek(0)
                    raise RuntimeError(f"the simulator did not start: {stderr.read().decode(errors='replace')}")
                time.sleep(0.01)
        self.port = _json.loads(ready.read_text(encoding="utf-8"))["port"]

    def errors(self):
        """What the process wrote to its standard error: nothing, when all is well."""
        return pathlib.Path(self.folder, "stderr").read_text(encoding="utf-8")

    def _call(self, method, name, document=None):
        body = None if document is None else _json.dumps(document).encode()
        request = urllib.request.Request(f"{self.root}/simulator/{name}", body, {"Content-Type": "application/json"}, method=method)
        try:
            with _opener().open(request, timeout=PATIENCE) as answer:
                return _json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(f"{method} {name}: {error.read().decode(errors='replace')}") from None


def start(python=None, **options):
    """Start a simulator; options are the command line's with underscores. None leaves an option out."""
    return Simulator(python, options)


def _flags(options):
    """Command line of options: True is a bare flag, None and False are nothing."""
    flags = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            flags.append(flag)
        elif value is not None and value is not False:
            flags += [flag, str(value)]
    return flags


def _opener():
    """Straight to this machine: no proxy, and the certificate is the test's business."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))


def fault(action, on=None, account=None, command=None, method=None, skip=0, times=1, apply=None, patch=None, **options):
    """A plan's entry: action is a dict of one key; on, account, command and method say which requests it is for."""
    match = {"endpoint": on, "account_id": account, "command": command, "method": method}
    do = {**action, **options}
    if apply is not None:
        do["apply"] = apply
    if patch is not None:
        do["after"] = {"patch": list(patch)}
    return {"match": {key: value for key, value in match.items() if value is not None}, "skip": skip, "times": times, "do": do}


def answer(status, json=..., text=None, data=None, headers=None, **common):
    """This answer instead of the natural one; json=None is the document null."""
    content = {"status": status, "headers": headers or {}}
    if json is not ...:
        content["json"] = json
    if text is not None:
        content["text"] = text
    if data is not None:
        content["base64"] = base64.b64encode(data).decode()
    return fault({"answer": content}, **common)


def change(document=None, rows=None, add_rows=None, **common):
    """The natural answer with keys replaced ("-name" removes), rows by id (None hides), rows added."""
    content = dict(document or {})
    if rows is not None:
        content["rows"] = rows
    if add_rows is not None:
        content["add_rows"] = add_rows
    return fault({"change": content}, **common)


def cut(where="before", **common):
    """The connection ends: before, in the head, in the status lines, in the body."""
    return fault({"cut": where}, **common)


def hang(seconds=None, **common):
    """No byte, for ever or for so long, then the end."""
    return fault({"hang": seconds}, **common)


def drip(interval=0.2, **common):
    """The natural answer byte by byte."""
    return fault({"drip": {"interval": interval}}, **common)


def endless_continue(interval=0.2, **common):
    """100 Continue for ever."""
    return fault({"continue": {"interval": interval}}, **common)


def raw(data, **common):
    """Exactly these bytes or this text, then the end."""
    if isinstance(data, bytes):
        return fault({"raw_base64": base64.b64encode(data).decode()}, **common)
    return fault({"raw": data}, **common)


def flood(megabytes=None, encoding=None, **common):
    """A 200 whose body is that large once decoded; None never ends."""
    return fault({"flood": {"encoding": encoding, "megabytes": megabytes}}, **common)


def delay(seconds, **common):
    """The natural answer later; the command comes true with it, unless apply says otherwise."""
    return fault({"delay": seconds}, **common)


def redirect(url, status=307, **common):
    """To another place."""
    return fault({"redirect": url}, status=status, **common)


def echo(**common):
    """A 500 that tells the token."""
    return fault({"echo": True}, **common)


def close(**common):
    """The natural answer, then the end, unannounced."""
    return fault({"close": True}, **common)
