# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Ansible is told to leave out, by tags, a limit or a task to start at, never ends as if it had been done."""

from __future__ import annotations

import json

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import run, running

STOP = "bookieops.betmatic.emergency_stop"


@pytest.fixture(name="fleet")
def _fleet(simulator):
    simulator.put_accounts(running(2))
    return simulator


def written(folder, **play):
    path = folder / "site.yml"
    path.write_text(json.dumps([{"name": "Site", "hosts": "localhost", "gather_facts": False, **play}]), encoding="utf-8")
    return str(path)


def included(name, tags=(), **options):
    return {"name": f"Include {name}", "ansible.builtin.include_role": {"name": f"bookieops.betmatic.{name}", **options}, "tags": list(tags)}


def flat(shown):
    return " ".join(shown.split())


@pytest.mark.parametrize("arguments,more", [(("--tags", "web"), {}), (("--skip-tags", "all"), {}), ((), {"ANSIBLE_RUN_TAGS": "web"})])
def test_tags_cannot_cut_a_shipped_playbook(arguments, more, fleet, tmp_path):
    run(tmp_path, fleet, "emergency_stop", None, *arguments, more=more)
    assert set(fleet.bots().values()) == {"STOPPED"}


@pytest.mark.core
@pytest.mark.parametrize(
    "arguments",
    [("--limit", "web"), ("--limit", "all:!localhost"), ("--limit", "localhost,!localhost"), ("--limit", "localhost,&web"),
     ("--skip-tags", "always"), ("--start-at-task", "Show the result of each account"), ("--start-at-task=no such task",), ("--sta", "no such task")],
)
def test_what_would_leave_out_a_shipped_playbook_ends_with_an_error(arguments, fleet, tmp_path):
    # A process of its own, whose command line says what it was started with.
    shown = run(tmp_path, fleet, "emergency_stop", None, *arguments, code=4, prefix=("env",))
    option = "--start-at-task" if arguments[0].startswith("--sta") else arguments[0]
    assert fleet.log() == [] and f"Nothing was sent: {option} would leave out this playbook" in flat(shown)


def test_a_limit_ends_with_an_error_where_undefined_variables_are_none_and_a_stop_leaves_its_hold(fleet, tmp_path):
    more = {"ANSIBLE_ERROR_ON_UNDEFINED_VARS": "false"}
    # Up to ansible-core 2.18 an error of another kind.
    with pytest.raises(AssertionError, match="(?s)Nothing was sent.*--limit would leave out this playbook"):
        run(tmp_path, fleet, "emergency_stop", None, "--limit", "web", more=more)
    assert fleet.log() == []
    assert "To lift it: " in flat(run(tmp_path, fleet, "emergency_stop", None, more=more))


def test_a_limit_that_holds_localhost_is_fine(fleet, tmp_path):
    tmp_path.joinpath("hosts").write_text("web\n[here]\nlocalhost ansible_connection=local\n", encoding="utf-8")
    run(tmp_path, fleet, "emergency_stop", None, "--limit", "localhost")
    run(tmp_path, fleet, "emergency_stop", None, "-i", "hosts", "--limit", "here,!web")
    # Each of the two stops sends it again behind its hold.
    assert [entry["command"] for entry in fleet.requests("POST")].count("all_off") == 2 * 2


@pytest.mark.core
@pytest.mark.parametrize("name", ["emergency_stop", "compliance"])
def test_an_included_role_whose_tasks_the_tags_leave_out_fails(name, fleet, tmp_path):
    variables = {"bookie_evidence_file": "evidence.json", "bookie_all_accounts": True, "bookie_compliance_enforce": True}
    # Once whole, and then cut in the same play: the results of the first run are not taken for those of the second.
    site = written(tmp_path, tasks=[included(name, ["stop"], apply={"tags": ["stop"]}), included(name, ["stop"])])
    shown = run(tmp_path, fleet, site, variables, "--tags", "stop", code=2)
    assert f"left out the tasks of bookieops.betmatic.{name}" in flat(shown) and shown.count("left out the tasks") <= 2
    assert set(fleet.bots().values()) == {"STOPPED"}


@pytest.mark.parametrize("arguments", [("--tags", "web"), ("--skip-tags", "all"), ("--start-at-task", "*Show the result of each account")])
def test_a_role_of_a_play_that_is_left_out_fails(arguments, fleet, tmp_path):
    run(tmp_path, fleet, written(tmp_path, roles=[STOP]), None, *arguments, code=2)
    assert fleet.log() == []


def test_a_role_that_is_not_included_is_not_missed(fleet, tmp_path):
    run(tmp_path, fleet, written(tmp_path, tasks=[included("emergency_stop", ["never", "stop"])]), None)
    assert fleet.log() == []
