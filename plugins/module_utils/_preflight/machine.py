# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is asked of the machine that the module runs on: the library, and the folder of the holds with what stands in it. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from .._holds import decisions
from .._holds.missing import WAY_OUT
from .._holds.records import Standing
from .findings import OK, STOP, WARNING, Finding

# What requirements.txt asks for.
OLDEST_REQUESTS = (2, 32, 4)
_INSTALL = "install it for the Python that runs the modules: python3 -m pip install 'requests>=2.32.4', in a venv"


def of_library(version: str | None, python: str) -> Finding:
    """Say whether requests can be used; None where it cannot be imported."""
    if version is None:
        return Finding(STOP, "requests", f"it cannot be imported by {python}: {_INSTALL}.")
    numbers = tuple(int(one) for one in re.findall(r"\d+", version)[:3])
    if numbers < OLDEST_REQUESTS:
        return Finding(WARNING, "requests", f"{version} is older than 2.32.4, and was never tried here: {_INSTALL}.")
    return Finding(OK, "requests", f"{version}.")


def of_holds(standing: Standing, api_url: str | None, now: datetime, path: str | None = None) -> Finding:
    """Say which holds stand for this service; where it is not known, for any. `path`: the folder, where it is not the one that is used by default."""
    if standing.broken:
        first = standing.broken[0]
        return Finding(WARNING, "holds", f"{decisions.words(first)}. {decisions.way_out(first, path)}")
    held = [
        one for one in standing.holds
        if not decisions.has_ended(one, now) and (api_url is None or decisions.service(one.api_url) == decisions.service(api_url))
    ]
    if not held:
        return Finding(OK, "holds", "no hold is in place.")
    old = set(decisions.forgotten(Standing(tuple(held)), now))
    told = "; ".join(f"{one.id} ({one.name}, since {one.placed_at}{', OLDER THAN A DAY' if one in old else ''})" for one in held)
    counted, these = ("1 hold is", "it") if len(held) == 1 else (f"{len(held)} holds are", "them")
    return Finding(WARNING, "holds", f"{counted} in place, so the bots of the accounts under {these} cannot be turned on: {told}.")


def of_folder(path: str, why: str | None) -> Finding:
    """Say whether a hold can be placed; `why` it cannot, None where it can."""
    if why is not None:
        return Finding(STOP, "holds folder", f"NO HOLD could be placed: {path} {why}. Fix the folder (holds_path, BETMATIC_HOLDS).")
    return Finding(OK, "holds folder", f"{path} can be written.")


def of_missing(path: str) -> Finding:
    """Say that a folder is missing which somebody named: a hold would make it, though the one that all machines share may just not be mounted."""
    alone = "An emergency stop would place its hold on this machine alone, where no other sees it."
    return Finding(WARNING, "holds folder", f"{path} is missing, or an ON made it: {WAY_OUT}. {alone}")
