# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The screens of the documentation: what the shell block before a text block really shows.

    python -m ansible_collections.bookieops.betmatic.tests.integration.support.screens PAGE...    writes them anew

A YAML block that begins with a comment such as `# race_day.yml` is that file.
"""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import tempfile

from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, clean_environment
from ansible_collections.bookieops.betmatic.tests.simulator import harness

_BLOCK = re.compile(r"^```(yaml|shell)\n(.*?)^```$(?:\n\n^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
_HOLD = re.compile(r"\d{8}T\d{6}-[a-z]{4}")
_URL = re.compile(r"http://127\.0\.0\.1:\d+")
# What the preflight measures, and where the home folder is.
_MEASURED = re.compile(r"\d+ days left|\d+ readings? of the list took [\d, ]+ ms|requests: [\d.]+|/[^ \"]*(?=/\.local/state/)")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")


def has_screens(text):
    """Whether a page shows what a command prints."""
    return any(found[3] is not None for found in _BLOCK.finditer(text))


def rendered(text, folder, simulator):
    """The page with each screen as it is now."""
    shown = iter(_played(text, folder, simulator))
    return _BLOCK.sub(lambda found: found[0] if found[3] is None else _with_screen(found, next(shown)), text)


def alike(text):
    """The page without the times, ids of holds, URLs and measurements that differ from run to run."""
    return _MEASURED.sub("MEASURED", _URL.sub("URL", _HOLD.sub("HOLD", _TIME.sub("TIME", text))))


def _with_screen(found, shown):
    return found[0][: found.start(3) - found.start()] + shown + "```"


def _played(text, folder, simulator):
    """What each command shows that has a screen, in their order."""
    environment = clean_environment(folder, {"BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token, "COLUMNS": "80"})
    for found in _BLOCK.finditer(text):
        language, block = found[1], found[2]
        name = re.match(r"# (\w+\.yml)\n", block)
        if language == "yaml" and name:
            folder.joinpath(name[1]).write_text(block, encoding="utf-8")
        if found[3] is not None:
            yield _run(block, folder, environment)


def _run(block, folder, environment):
    run = subprocess.run(
        ["bash", "-e", "-c", block], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE,
    )
    return re.sub(r"[ \t]+$", "", run.stdout, flags=re.MULTILINE).strip("\n") + "\n"


def _update(path):
    with tempfile.TemporaryDirectory() as folder, harness.start() as simulator:
        path.write_text(rendered(path.read_text(encoding="utf-8"), pathlib.Path(folder), simulator), encoding="utf-8")


if __name__ == "__main__":
    os.environ.pop("ANSIBLE_CONFIG", None)
    for argument in sys.argv[1:]:
        _update(pathlib.Path(argument))
