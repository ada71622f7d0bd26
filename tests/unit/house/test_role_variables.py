# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a role sets is its own: roles share their options' prefix, and one that sets another's option breaks it in the same play."""

from __future__ import annotations

import pathlib

import pytest
import yaml

ROLES = sorted(path for path in pathlib.Path(__file__).resolve().parents[3].joinpath("roles").iterdir() if path.is_dir())


def loaded(path):
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None


def options(role):
    """The role's public variables: those that it declares, and those with a default."""
    specs = loaded(role / "meta" / "argument_specs.yml")["argument_specs"]
    return {name for entry in specs.values() for name in entry.get("options") or {}} | set(loaded(role / "defaults" / "main.yml") or {})


def names_set(role):
    """The variables that the role sets in its vars, or in a task of any file, in a block of any depth."""
    found = set(loaded(role / "vars" / "main.yml") or {})
    for path in sorted(role.joinpath("tasks").glob("*.yml")):
        found |= _set_in(loaded(path))
    return found


def _set_in(tasks):
    found = set()
    for task in tasks or []:
        found |= set(task.get("vars") or {}) | {task[key] for key in ("register",) if key in task}
        found |= set(task.get("ansible.builtin.set_fact") or {}) - {"cacheable"}
        control = task.get("loop_control") or {}
        found |= {control[key] for key in ("loop_var", "index_var") if key in control}
        for key in ("block", "rescue", "always"):
            found |= _set_in(task.get(key))
    return found


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_what_a_role_sets_carries_its_name(role):
    # Ansible's own name, for a block that runs as the user of ansible-playbook whatever an inventory says.
    assert [name for name in sorted(names_set(role) - {"ansible_become"}) if not name.startswith(f"_{role.name}_")] == []


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_what_a_role_declares_begins_as_all_options_do(role):
    assert [name for name in sorted(options(role)) if not name.startswith("bookie_")] == []


def test_no_role_sets_what_another_declares():
    declared = {name: role.name for role in ROLES for name in options(role)}
    assert {name: (role.name, declared[name]) for role in ROLES for name in names_set(role) if name in declared} == {}


def test_the_defaults_of_the_emergency_stop_stand_twice_and_are_equal():
    # Once as what is set, and once as what it goes out with where that cannot be used.
    role = next(role for role in ROLES if role.name == "emergency_stop")
    defaults, fallback = loaded(role / "defaults" / "main.yml"), loaded(role / "vars" / "main.yml")["_emergency_stop_defaults"]
    assert {name: defaults[f"bookie_{name}"] for name in fallback} == fallback


# The maintenance is entered by its halves as well; nothing comes before the first OFF of the emergency stop, which is looked at below.
ENTRIES = [(role, name) for role in ROLES if role.name != "emergency_stop" for name in (("begin", "end") if role.name == "maintenance" else ("main",))]


@pytest.mark.parametrize(("role", "name"), ENTRIES, ids=[f"{role.name}-{name}" for role, name in ENTRIES])
def test_a_role_ends_with_a_task_that_no_tag_cuts(role, name):
    first, *_others, last = loaded(role / "tasks" / f"{name}.yml")
    assert (first.get("tags"), last.get("tags")) == (["always"], ["always"])
    assert "ansible.builtin.set_fact" in first and "--skip-tags" in last["ansible.builtin.assert"]["fail_msg"]


def test_the_emergency_stop_begins_with_its_off_and_forgets_itself_though_it_fails():
    role = next(role for role in ROLES if role.name == "emergency_stop")
    (whole,) = loaded(role / "tasks" / "main.yml")
    every, _some, check = whole["block"]
    first = every["block"][0]
    (forget,) = whole["always"]
    assert "bookieops.betmatic.bookie_bot" in first and not any("tags" in one for one in (first, every, whole))
    assert "--skip-tags" in check["ansible.builtin.assert"]["fail_msg"] and (check["tags"], forget["tags"]) == (["always"], ["always"])
    unset = loaded(role / "vars" / "main.yml")
    assert {name: unset[name] for name in forget["ansible.builtin.set_fact"]} == forget["ansible.builtin.set_fact"]
