# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An option of the user that cannot be rendered is never taken for one that was not given.

`default` and `is defined` do just that: the environment's token and service, or every account, would be meant instead.
"""

from __future__ import annotations

import pathlib
import re

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
FILES = [path for folder in ("playbooks", "roles") for path in sorted(ROOT.joinpath(folder).rglob("*")) if path.suffix in (".yml", ".j2")]
UNSAFE = re.compile(r"(bookie_\w+) *(?:\| *(?:d|default)\(|is (?:not )?(?:un)?defined)")
# The assert in which it stands fails for it as for one that is missing, and names it.
NAMED_ALL_THE_SAME = {("declare", "bookie_fleet_file"), ("recovery", "bookie_fleet_file"), ("refresh_token", "bookie_token_file")}


def declared(path):
    """The options of the role that the file belongs to: Ansible renders each of them before the role's first task."""
    parts = path.relative_to(ROOT).parts
    if parts[0] != "roles":
        return set()
    specs = yaml.safe_load(ROOT.joinpath("roles", parts[1], "meta", "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    return {name for entry in specs.values() for name in entry.get("options") or {}}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_option_has_a_default_where_it_is_used(path):
    found = set(UNSAFE.findall(path.read_text(encoding="utf-8"))) - declared(path)
    assert {name for name in found if (path.stem, name) not in NAMED_ALL_THE_SAME} == set()


def options():
    """Each expression that gives an option, or leaves it out, with the option's name."""
    for path in sorted(ROOT.joinpath("playbooks").rglob("*.yml")):
        for text in re.findall(r"\{\{(.*?)\}\}", path.read_text(encoding="utf-8"), re.DOTALL):
            if re.search(r"else omit\b", text):
                yield path.stem, " ".join(text.split())


@pytest.mark.parametrize(("stem", "text"), list(options()))
def test_what_is_left_out_was_not_set(stem, text):
    # One may become a list, of a text with commas.
    shape = r"(\((?P<list>bookie_\w+)\.split\(','\) if )?(?P<name>bookie_\w+) \| mandatory\('(?P=name) .*?\)(?(list) is string else (?P=list)\))"
    found = re.fullmatch(shape + r" if lookup\('ansible\.builtin\.varnames', '\^(?P=name)\$'\) else omit", text)
    assert found and found["list"] in (None, found["name"]), stem


def test_each_variable_of_the_playbooks_options_is_named_as_its_option():
    found = yaml.safe_load(ROOT.joinpath("playbooks", "vars", "options.yml").read_text(encoding="utf-8"))
    del found["_play_unrendered"], found["_play_true"]
    assert {name: set(re.findall(r"bookie_\w+", text)) for name, text in found.items()} == {
        name: {name.replace("_play_", "bookie_")} for name in found}
