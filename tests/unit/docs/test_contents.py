# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The page of contents, changelog, CONTRIBUTING and the page on architecture name what is there, all of it and nothing else."""

from __future__ import annotations

import pathlib
import re

import pytest
import yaml

COLLECTION = pathlib.Path(__file__).resolve().parents[3]
PLUGINS = COLLECTION / "plugins"
README = (COLLECTION / "README.md").read_text(encoding="utf-8")
CONTENTS = (COLLECTION / "docs" / "contents.md").read_text(encoding="utf-8")
ARCHITECTURE = (COLLECTION / "docs" / "architecture.md").read_text(encoding="utf-8")
RELEASE = yaml.safe_load((COLLECTION / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))["releases"]["1.0.0"]
KINDS = {"modules": "modules", "inventory": "inventory", "callback": "callback", "filters": "filter", "test": "test"}


def names(folder, pattern="*.py"):
    return {path.stem for path in folder.glob(pattern)}


def roles():
    return {path.parent.name for path in COLLECTION.glob("roles/*/meta")}


def in_contents(kind):
    section = CONTENTS.split("## Plugins and roles", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith(f"| {kind}")]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[2])}


@pytest.mark.parametrize("kind,folder", KINDS.items())
def test_the_page_names_each_plugin(kind, folder):
    assert in_contents(kind) == names(PLUGINS / folder)


def test_the_page_names_each_role():
    assert in_contents("roles") == roles()


def test_the_page_names_each_playbook():
    section = CONTENTS.split("## Runbooks", 1)[1].split("\n## ", 1)[0]
    told = {name for line in section.splitlines() if line.startswith("|") for name in re.findall(r"`(\w+)`", line.split("|")[2])}
    halves, by_rulebooks = {"maintenance_begin", "maintenance_end"}, {"emergency_stop_on_event", "event_notice", "off_on_event"}
    assert told == names(COLLECTION / "playbooks", "*.yml") - halves - by_rulebooks - {"demo"}


def test_the_readme_says_what_it_is_before_the_first_link():
    # The recording is an image, not a link.
    before = re.split(r"(?<!!)\[[^]]*\]\(https://", README, maxsplit=1)[0]
    assert re.findall(r"^## (.*)$", before, re.MULTILINE) == ["Two commands", "A first playbook", "Why not a task with `uri`?", "Outcomes"]
    assert "/docs/emergency_stop.svg?raw=true)" in before.split("##", 1)[0]


def test_the_changelog_names_each_plugin_and_role():
    assert {entry["name"] for entry in RELEASE["modules"]} == names(PLUGINS / "modules")
    assert {entry["name"] for entry in RELEASE["objects"]["role"]} == roles()
    for kind in ("callback", "filter", "inventory", "test"):
        assert {entry["name"] for entry in RELEASE["plugins"][kind]} == names(PLUGINS / kind)


def test_the_changelog_names_each_playbook_and_rulebook():
    told = set(re.findall(r"``(\w+)``", " ".join(RELEASE["changes"]["major_changes"])))
    assert told == names(COLLECTION / "playbooks", "*.yml") | names(COLLECTION / "extensions/eda/rulebooks", "*.yml") | {"plain_text"}


def test_the_drawing_has_each_folder_and_each_private_file():
    drawing = ARCHITECTURE.split("```text", 1)[1].split("```", 1)[0]
    folders = {path.name for path in PLUGINS.rglob("*") if path.is_dir() and path.name != "__pycache__"}
    assert set(re.findall(r"(\w+)/", drawing)) == folders | {"plugins"}
    shared = {path.stem for path in PLUGINS.glob("module_utils/**/*.py")} | names(PLUGINS / "plugin_utils")
    # The files of _audit and _runbooks are told in words; the table below the drawing names those that decide.
    assert {name for name in shared if not re.search(rf"\b{name}\b", drawing)} == set()


def test_each_place_of_a_decision_is_there():
    table = ARCHITECTURE.split("| what is decided | where |", 1)[1].split("\n\n", 1)[0]
    places = re.findall(r"`(_[\w/]+)`", table)
    assert len(places) > 20
    roots = (PLUGINS / "module_utils", PLUGINS / "plugin_utils")
    assert [place for place in places if not any((root / f"{place}.py").exists() for root in roots)] == []


def test_contributing_names_only_targets_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", (COLLECTION / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    guides = ("CONTRIBUTING.md", "README.md", "docs/architecture.md", "docs/first_ten_minutes.md")
    text = "\n".join((COLLECTION / name).read_text(encoding="utf-8") for name in guides)
    lines = re.findall(r"(?:`|^|&& )make ((?:[A-Z]+=\S+ )?[a-z -]+)", text, re.MULTILINE)
    named = {word for line in lines for word in line.split() if "=" not in word}
    assert named and named - targets == set()
