# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plays with the callback that writes the trail, and the trail that they leave."""

from __future__ import annotations

import json
import pathlib
import re

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import entries as audit_entries
from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import MODULE, command

PLUGIN = "bookieops.betmatic.bookie_audit"
RUNNING = ({"id": 123, "bot": "RUNNING"}, {"id": 124, "bot": "RUNNING"})
DEFAULT = object()


def task(name, options, module=MODULE, **keywords):
    return {"name": name, module: options, "ignore_errors": True, **keywords}


def play(folder, simulator, *tasks, arguments=(), code=0, path=DEFAULT, more=(), **keywords):
    """Run tasks in one play with the callback; returns what was shown."""
    common = {"name": "Race day", "hosts": "localhost", "gather_facts": False, "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}
    plays = [{**common, "tasks": list(tasks), **keywords}]
    folder.joinpath("play.yml").write_text(json.dumps(plays), encoding="utf-8")
    setting = "" if path is None else f"[callback_bookie_audit]\npath = {folder / 'trail.jsonl' if path is DEFAULT else path}\n"
    folder.joinpath("ansible.cfg").write_text(f"[defaults]\ncallbacks_enabled = {PLUGIN}\n{setting}", encoding="utf-8")
    shown = command(folder, simulator, "playbook", "play.yml", *arguments, code=code, more=more)
    rules.assert_no_leak(shown, simulator.token)
    assert "DEPRECATION" not in shown
    return shown


def trail(folder, simulator, file="trail.jsonl"):
    """The entries that tell of accounts; each has the documented fields, and each task has its intent before them."""
    return [entry for entry in whole_trail(folder, simulator, file) if entry["event"] not in ("intent", "skipped", "end")]


def whole_trail(folder, simulator, file="trail.jsonl"):
    """All entries, each of which has the documented fields and stands behind the intent of its task."""
    text = pathlib.Path(folder, file).read_text(encoding="ascii")
    rules.assert_no_leak(text, simulator.token)
    assert text.endswith("\n")
    entries = [json.loads(line) for line in text.splitlines()]
    begun = set()
    for entry in entries:
        intent = entry["event"] == "intent"
        assert list(entry)[:len(audit_entries.FIELDS)] == list(audit_entries.FIELDS) and set(entry) <= {*audit_entries.FIELDS, "msg", "asked"}
        assert ("asked" in entry) == intent
        assert "msg" in entry or intent or entry["account_id"] is not None
        assert (entry["task_id"] not in begun) if intent else (entry["task_id"] in begun)
        begun.add(entry["task_id"])
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry["time"])
    return entries
