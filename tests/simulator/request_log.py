# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request that arrived, in memory and, when asked for, in a file."""

from __future__ import annotations

import json


class RequestLog:
    """Entries in order of arrival. A line may be written twice as an entry grows: the last one of a seq counts."""

    def __init__(self, path=None):
        self.entries = _load(path) if path else []
        self._next = max((entry["seq"] for entry in self.entries), default=0) + 1
        self._file = open(path, "ab", buffering=0) if path else None

    def open(self, **content):
        """A new entry; save() writes it once it has something to say."""
        entry = {"seq": self._next, **content}
        self._next += 1
        self.entries.append(entry)
        return entry

    def save(self, entry):
        """One write a line, so that a killed process leaves whole lines."""
        if self._file:
            self._file.write(json.dumps(entry).encode() + b"\n")

    def clear(self):
        """Forget all; numbers go on, so that no seq ever stands for two requests."""
        self.entries.clear()
        if self._file:
            self._file.truncate(0)


def _load(path):
    try:
        with open(path, encoding="utf-8") as file:
            entries = [json.loads(line) for line in file]
    except FileNotFoundError:
        return []
    return sorted({entry["seq"]: entry for entry in entries}.values(), key=lambda entry: entry["seq"])
