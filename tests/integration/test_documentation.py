# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ansible-doc knows every plugin and role."""

from __future__ import annotations

import json
import pathlib
import re

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import command

COLLECTION = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = {"module": "plugins/modules", "inventory": "plugins/inventory", "callback": "plugins/callback", "filter": "plugins/filter", "test": "plugins/test"}
NAMES = {kind: sorted(path.stem for path in (COLLECTION / folder).glob("[a-z]*.py")) for kind, folder in FOLDERS.items()}
NAMES["role"] = sorted(path.name for path in (COLLECTION / "roles").iterdir())


_HEADING = re.compile(r"([A-Z][A-Z ]+)[:(]|> ")


def too_wide(text):
    """The lines above 80 columns, examples too; not among them what core shows as YAML of its own: paths, attributes and samples."""
    found, is_counted, in_sample = [], True, False
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading:
            is_counted = heading[1] is not None and heading[1].strip() != "ATTRIBUTES"
        key = re.match(r" +(\w+): ?", line)
        in_sample = key[1] == "sample" if key and key[1] in ("sample", "type", "returned", "version_added", "contains") else in_sample and not heading
        if is_counted and not in_sample and len(line) > 80 and not line.startswith("[WARNING]"):
            found.append(line)
    return found


@pytest.mark.core
def test_no_kind_of_plugin_is_left_out():
    assert {path.name for path in (COLLECTION / "plugins").iterdir()} == {pathlib.Path(folder).name for folder in FOLDERS.values()} | {
        # No kinds of their own in ansible-doc; the action is the module's.
        "action", "doc_fragments", "module_utils", "plugin_utils",
    }


@pytest.mark.parametrize("kind", NAMES)
def test_ansible_doc(kind, simulator, tmp_path):
    names = ["bookieops.betmatic." + name for name in NAMES[kind]]
    document = command(tmp_path, simulator, "doc", "--type", kind, "--json", *names)
    # ansible-core 2.21 warns of a collection of its own, before or after.
    shown, _end = json.JSONDecoder().raw_decode(document, document.index("{"))
    assert set(shown) == set(names)
    text = command(tmp_path, simulator, "doc", "--type", kind, *names)
    for name in names:
        documented = shown[name]
        assert documented.get("entry_points") or documented["doc"]["short_description"]
        assert name.upper() in text.upper()
    assert too_wide(text) == []
