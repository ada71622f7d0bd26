# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lines of a trail for the tests, and what the parser makes of them."""

from __future__ import annotations

import json

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import digest as _digest
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import files
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import page as _page

KNOWN = {
    "time": "2026-11-21T08:00:00.000Z", "event": "result", "task_id": "0123456789abcdef", "user": "anna", "uid": 1000, "sudo_user": None,
    "platform": None, "platform_user": None, "platform_job": None, "api_url": "https://betmatic.app/api", "token_account": "user_id:3f2a9c0d1e4b",
    "playbook": "/srv/race_day.yml", "play": "Race day", "task": "Off", "host": "localhost", "account_id": "123", "display_name": "TAB", "state": "off",
    "outcome": "ok", "changed": True, "failed": False, "previous_status": "RUNNING", "bot_status": "STOPPED", "http_status": 200,
    "message": "Bot turned OFF", "reason": "CHG-1042", "hold": None, "override_hold": None, "check_mode": False,
}


def line(**fields):
    """A line of the trail: an OFF that changed something, unless fields say otherwise."""
    return json.dumps({**KNOWN, **fields})


def without(field):
    return json.dumps({key: value for key, value in KNOWN.items() if key != field})


def intent(**fields):
    """The line of a task that is about to start."""
    bare = dict.fromkeys(("account_id", "display_name", "outcome", "changed", "failed", "previous_status", "bot_status", "http_status", "message"))
    return line(**{"event": "intent", **bare, "asked": {"off": ["123"]}, **fields})


def digest(*lines, since=None, until=None):
    """What lines of one file tell."""
    given = (files.Line("trail", number, one.encode("utf-8", "surrogatepass")) for number, one in enumerate(lines, 1) if one.strip())
    return _digest.digest(given, _digest.Period(since, until))


def page(*lines, **period):
    return _page.render(digest(*lines, **period))
