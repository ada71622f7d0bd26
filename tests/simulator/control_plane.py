# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests' own endpoints: never logged, never limited, no token."""

from __future__ import annotations

import json
import time

import faults
import fleet as world


def answer(app, method, path, body):
    """Status and document for a request below /simulator/."""
    action = ACTIONS.get((method, path.rstrip("/")))
    if action is None:
        return 404, {"detail": f"No such endpoint: {method} {path}"}
    try:
        return 200, action(app, json.loads(body) if body else None)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        return 400, {"detail": f"{type(error).__name__}: {error}"}


def patched(app, changes):
    """The accounts with fields changed; an unknown id is a mistake."""
    now, changed = time.time(), {}
    for change in changes:
        key = str(change["id"])
        old = changed.get(key) or app.service.fleet.get(key, now)
        if old is None:
            raise ValueError(f"no such account: {key}")
        changed[key] = world.patched(old, {name: value for name, value in change.items() if name != "id"})
    return tuple(changed.values())


def _accounts(app, _nothing):
    keys = ("id", "display_name", "bookie", "bot_id", "bot", "maintenance", "commands_applied")
    return [{key: getattr(one, key) for key in keys} for one in app.service.fleet.all(time.time())]


def _put_accounts(app, rows):
    app.populate([world.account(row) for row in rows], app.service.tokens)
    return _accounts(app, None)


def _patch_accounts(app, changes):
    app.put(patched(app, changes))
    return _accounts(app, None)


def _log(app, _nothing):
    return app.log.entries


def _clear_log(app, _nothing):
    app.log.clear()
    return []


def _plan(app, _nothing):
    return [fault.document() for fault in app.plan.faults]


def _add_plan(app, entries):
    parsed = [faults.parse(entry) for entry in entries]
    for fault in parsed:
        patched(app, fault.patch)
    app.plan.faults += parsed
    return _plan(app, None)


def _clear_plan(app, _nothing):
    app.plan.faults.clear()
    return []


def _reset(app, _nothing):
    app.reset()
    return {}


ACTIONS = {
    ("GET", "/simulator/log"): _log,
    ("DELETE", "/simulator/log"): _clear_log,
    ("GET", "/simulator/accounts"): _accounts,
    ("PUT", "/simulator/accounts"): _put_accounts,
    ("PATCH", "/simulator/accounts"): _patch_accounts,
    ("GET", "/simulator/plan"): _plan,
    ("POST", "/simulator/plan"): _add_plan,
    ("DELETE", "/simulator/plan"): _clear_plan,
    ("POST", "/simulator/reset"): _reset,
}
