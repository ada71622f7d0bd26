# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others wrote, made fit to be handed to a playbook."""

from __future__ import annotations

import math
from typing import Any

DOCUMENTATION = r"""
---
short_description: Make every text of an event plain
description:
  - An action hands the whole event to its playbook as extra variables, in which Ansible evaluates templates. Without braces there are none.
  - A character beyond U+FFFF, such as most emoji, makes ansible-playbook refuse the file of extra variables, and nothing would run.
  - In every text, keys among them, braces become parentheses, characters beyond U+FFFF a question mark, and what is not printable a blank.
    Texts are cut at 500 characters. An empty key becomes an underscore. Numbers that JSON does not have (NaN, Infinity) become texts.
options: {}
"""

EXAMPLES = r"""
- eda.builtin.webhook:
    host: 127.0.0.1
    port: 5000
    token: "{{ BETMATIC_EVENT_TOKEN | string | tojson }}"
  filters:
    - bookieops.betmatic.plain_text:
"""

LONGEST = 500
_LAST_OF_THE_BASIC_PLANE = 0xFFFF
_BRACES = {"{": "(", "}": ")"}


def main(event: Any) -> Any:
    """Return the event with every text in it made plain; its shape and its other values stay."""
    if isinstance(event, dict):
        # The engine of the rules takes no more events after one with an empty key.
        return {"_" if key == "" else main(key): main(value) for key, value in event.items()}
    if isinstance(event, list):
        return [main(value) for value in event]
    if isinstance(event, float) and not math.isfinite(event):
        return str(event)
    return plain(event) if isinstance(event, str) else event


def plain(text: str) -> str:
    """Return the text without templates, and without characters that do not reach a playbook."""
    return "".join(map(_plain, text[:LONGEST]))


def _plain(character: str) -> str:
    if ord(character) > _LAST_OF_THE_BASIC_PLANE:
        return "?"
    if not character.isprintable():
        return " "
    return _BRACES.get(character, character)
