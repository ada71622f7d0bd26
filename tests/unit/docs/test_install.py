# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the documentation installs, where it keeps things, and what its crontabs start fit together."""

from __future__ import annotations

import pathlib
import re

COLLECTION = pathlib.Path(__file__).resolve().parents[3]
FILES = [*COLLECTION.glob("*.md"), *COLLECTION.glob("docs/*.md"), *COLLECTION.glob("docs/examples/*.*"), *COLLECTION.glob("roles/*/README.md")]
TEXTS = {str(path.relative_to(COLLECTION)): path.read_text(encoding="utf-8") for path in FILES}
VENVS = {found for text in TEXTS.values() for found in re.findall(r"python3 -m venv ~/(\S+)", text)}


def test_nothing_is_kept_in_the_folder_of_the_venv():
    # `python3 -m venv --clear` deletes all that is in it: a hold that is gone lets an ON go out.
    assert len(VENVS) == 1
    kept = {path for text in TEXTS.values() for path in re.findall(r"(?:~|\$HOME|/home/\w+)/([\w.-]+/[\w.-]+)", text)}
    assert [path for path in kept if path.split("/")[0] in VENVS and path.split("/")[1] != "bin"] == []


def test_each_crontab_finds_what_was_installed():
    (venv,) = VENVS
    crontabs = {name: text for name, text in TEXTS.items() if re.search(r"^[\d*]+ [\d*]+ \* \* \S+ ", text, re.MULTILINE)}
    assert {"docs/examples/cron.txt", "docs/fleets.md", "docs/token.md"} <= set(crontabs)
    for name, text in crontabs.items():
        # cron expands no ~ and no variable there.
        assert re.findall("^PATH=(.*)$", text, re.MULTILINE) == [f"/home/ops/{venv}/bin:/usr/bin:/bin"], name
