# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was found before the day: a line for each thing, how grave it is, and whether an emergency stop would work. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Iterable

OK, WARNING, STOP = "ok", "warning", "stop"


@dataclass(frozen=True)
class Finding:
    """One line: STOP where an emergency stop would fail or prove nothing; what it is about; what is so and, but for OK, what to do."""

    level: str
    subject: str
    text: str


def conclusion(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return what all the findings come to: `ready`, `msg`, and each as users see it."""
    every = list(findings)
    stops = [one for one in every if one.level == STOP]
    warnings = sum(one.level == WARNING for one in every)
    if stops:
        msg = f"NOT READY: an emergency stop would fail. {' '.join(f'{one.subject}: {one.text}' for one in stops)}"
    else:
        msg = f"Ready for an emergency stop. {len(every)} checks, {warnings} warning{'' if warnings == 1 else 's'}."
    return {"ready": not stops, "msg": msg, "findings": [asdict(one) for one in every]}
