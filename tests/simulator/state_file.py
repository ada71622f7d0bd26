# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bots' states on disk: a line a change, so that a killed simulator goes on as before."""

from __future__ import annotations

import json
import os

import fleet as world


class StateFile:
    """Without a path it keeps nothing."""

    def __init__(self, path=None):
        self.path = path
        self._file = None

    def load(self):
        """The accounts and the tokens as last saved, or (None, [])."""
        if not self.path or not os.path.exists(self.path):
            return None, []
        accounts, tokens = {}, []
        with open(self.path, encoding="utf-8") as file:
            for line in map(json.loads, file):
                if "fleet" in line:
                    accounts, tokens = {}, line["tokens"]
                tokens += [line["token"]] if "token" in line else []
                accounts.update((row["id"], world.account(row)) for row in line.get("fleet", line.get("accounts", ())))
        return list(accounts.values()), tokens

    def start(self, accounts, tokens):
        """Write everything as one line in place of the old file."""
        if not self.path:
            return
        if self._file:
            self._file.close()
        with open(f"{self.path}.new", "w", encoding="utf-8") as file:
            file.write(json.dumps({"fleet": [vars(one) for one in accounts], "tokens": tokens}) + "\n")
        os.replace(f"{self.path}.new", self.path)
        self._file = open(self.path, "ab", buffering=0)

    def changed(self, accounts):
        """Append what a command or a test changed."""
        if self._file and accounts:
            self._file.write(json.dumps({"accounts": [vars(one) for one in accounts]}).encode() + b"\n")

    def minted(self, token):
        """Append a new token."""
        if self._file and token:
            self._file.write(json.dumps({"token": token}).encode() + b"\n")
