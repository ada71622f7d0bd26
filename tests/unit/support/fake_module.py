# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""In the place of AnsibleModule: options, and what the module ended with."""

from __future__ import annotations

from typing import Any, Iterable, Mapping


class Ended(Exception):
    """In the place of the process's end."""


class FakeModule:
    """A module with these parameters; `secrets` are those that core finds by itself."""

    argument_spec: dict = {}

    def __init__(self, params: Mapping[str, Any], check_mode: bool = False, diff: bool = False, secrets: Iterable[str] = ()) -> None:
        self.params = dict(params)
        self.check_mode, self._diff = check_mode, diff
        self.no_log_values = set(secrets)
        self.logged: list[str] = []
        self.warned: list[str] = []
        self.result: Any = None

    def log(self, line: str) -> None:
        self.logged.append(line)

    def warn(self, text: str) -> None:
        self.warned.append(text)

    def exit_json(self, **result: Any) -> None:
        self.result = result
        raise Ended

    def fail_json(self, **result: Any) -> None:
        self.exit_json(failed=True, **result)
