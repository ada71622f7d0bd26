# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who may import whom, as docs/architecture.md draws it: read from the files, nothing is imported."""

from __future__ import annotations

import ast
import pathlib
import re

import pytest

PLUGINS = pathlib.Path(__file__).resolve().parents[3] / "plugins"
FILES = {".".join(file.relative_to(PLUGINS).with_suffix("").parts): file for file in sorted(PLUGINS.rglob("*.py"))}
# What decides and never sends: it must work, and load quickly, where requests is not installed.
WITHOUT_HTTP = ("filter.", "test.", "callback.", "plugin_utils._audit.", "plugin_utils._runbooks.", "module_utils._switch.", "module_utils._holds.")


def imports(name):
    """The plugins' modules that a module names in its imports, whatever function they stand in."""
    found = set()
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            around = name.split(".")[: -node.level] if node.level else []
            start = (node.module or "").replace("ansible_collections.bookieops.betmatic.plugins.", "")
            path = ".".join(filter(None, (*around, start)))
            found |= {one for alias in node.names for one in (path, f"{path}.{alias.name}") if one in FILES}
    return found


IMPORTS = {name: imports(name) for name in FILES}


def reached(name):
    """All that is loaded with a module."""
    seen, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += IMPORTS[one]
    return seen


def test_the_rooms_are_there():
    rooms = {name.rpartition(".")[0] for name in FILES}
    assert rooms >= {"module_utils._api", "module_utils._holds", "module_utils._switch", "plugin_utils._audit", "plugin_utils._runbooks"}
    assert rooms >= {"module_utils", "plugin_utils"}
    assert IMPORTS["modules.bookie_bot"] >= {"module_utils._arguments", "module_utils._module"}


@pytest.mark.parametrize(("room", "never"), [
    ("module_utils._holds.", ("module_utils._switch.", "module_utils._arguments", "module_utils._module", "module_utils._api.client")),
    ("module_utils._api.", ("module_utils._holds.",)),
    ("module_utils._api.", ("module_utils._switch.", "module_utils._arguments", "module_utils._module", "module_utils._renewal")),
    ("module_utils._switch.", ("module_utils._holds.",)),
    ("module_utils._switch.", ("module_utils._arguments", "module_utils._module", "module_utils._api.client", "module_utils._api.transport")),
    ("module_utils.", ("plugin_utils.", "modules.", "filter.", "callback.", "inventory.")),
    ("plugin_utils.", ("modules.", "filter.", "callback.", "inventory.")),
])
def test_no_import_points_upwards(room, never):
    wrong = {name: sorted(one for one in IMPORTS[name] if one.startswith(never)) for name in FILES if name.startswith(room)}
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith(WITHOUT_HTTP)])
def test_what_decides_does_not_load_http(name):
    assert not {"module_utils._api.transport", "module_utils._api.connections"} & reached(name)


def test_there_is_no_circle():
    assert [name for name in FILES if any(name in reached(one) for one in IMPORTS[name])] == []


@pytest.mark.parametrize("name", FILES)
def test_imports_are_relative(name):
    text = FILES[name].read_text(encoding="utf-8")
    assert "from ansible_collections.bookieops" not in text and "import ansible_collections.bookieops" not in text


def test_no_function_is_longer_than_a_screen():
    long = []
    for name, file in FILES.items():
        nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        functions = [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
        long += [f"{name}.{one.name}" for one in functions if one.end_lineno - one.lineno >= 50]
    assert long == []


def test_no_file_holds_two_ideas():
    lengths = {name: len(file.read_text(encoding="utf-8").splitlines()) for name, file in FILES.items()}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith(("filter.", "test."))])
def test_a_filter_that_is_not_used_costs_nothing(name):
    """Core loads every filter file of a collection at the first use of one, in each task's process."""
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    assert [node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.level] == []


@pytest.mark.parametrize("room", ["module_utils", "modules"])
def test_the_tests_of_what_travels_with_a_module_import_nothing_of_the_controller(room):
    """`ansible-test units` runs them where ansible is only what a module finds of it."""
    files = sorted(PLUGINS.parent.joinpath("tests/unit/plugins", room).rglob("test_*.py"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    assert files and [file.name for file, text in zip(files, texts) if re.search("plugins[.](action|callback|filter|inventory|plugin_utils|test)", text)] == []
