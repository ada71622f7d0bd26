# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The files of docs/examples/: their shell commands run as they stand, by the shell that the CI system would take.

Not run are the steps that install, as no package index and no Galaxy may be reached from a test (they are held against the one text that
they must have), and actions of others, which must be pinned to a commit.
"""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
from xml.etree import ElementTree

import pytest
import yaml

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.pages import path_of
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, clean_environment
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import running
from ansible_collections.bookieops.betmatic.tests.simulator import harness

COLLECTION = pathlib.Path(__file__).resolve().parents[2]
FOLDER = COLLECTION / "docs" / "examples"
SECRET = "${{ secrets.BETMATIC_API_TOKEN }}"
INSTALL = [
    "python3 -m pip install 'ansible-core>=2.16,<2.22' 'requests>=2.32.4'",
    "ansible-galaxy collection install 'bookieops.betmatic:<2.0.0'",
]
# As GitHub, GitLab and cron call it.
GITHUB, GITLAB, CRON = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"], ["bash", "-eo", "pipefail", "-c"], ["/bin/sh", "-c"]


FLEET = "accounts:\n  - {account_id: 201, state: on}\n  - {account_id: 202, state: %s}\n"


@pytest.fixture(name="fleet")
def _fleet(simulator, tmp_path):
    """201 is declared on and runs; 202 is declared off and runs; nothing else is there. The folder is a checkout of the branch's head."""
    simulator.put_accounts(running(2))
    git(tmp_path, "init", "--quiet", "--initial-branch=main", "origin")
    merged(tmp_path, "off")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "remote", "add", "origin", str(tmp_path / "origin"))
    checked_out(tmp_path)
    return simulator


def git(folder, *arguments):
    """Run git with nothing of the caller's; returns what it prints."""
    who = {f"GIT_{role}_{what}": "test@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = clean_environment(folder, who)
    return subprocess.run(["git", *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE).stdout.strip()


def merged(folder, state):
    """Merge a fleet file with that state for 202; returns the commit that is the branch's head then."""
    folder.joinpath("origin", "fleet.yml").write_text(FLEET % state, encoding="utf-8")
    git(folder / "origin", "add", "fleet.yml")
    git(folder / "origin", "commit", "--quiet", "--message", state)
    return git(folder / "origin", "rev-parse", "HEAD")


def checked_out(folder):
    """Check out the branch's head, as the systems do before a job."""
    git(folder, "fetch", "--quiet", "origin", "main")
    git(folder, "checkout", "--quiet", "--force", "--detach", "FETCH_HEAD")


def text_of(name):
    return FOLDER.joinpath(name).read_text(encoding="utf-8")


def workflow():
    return yaml.safe_load(text_of("github-actions.yml"))


def pipeline():
    return yaml.safe_load(text_of("gitlab-ci.yml"))


def shell(folder, fleet, how, script, more=()):
    """Run a script in the folder; returns its exit code and what it shows."""
    environment = clean_environment(folder, {"BETMATIC_API_URL": fleet.url, "CI_COMMIT_BRANCH": "main", **dict(more)})
    environment["GITHUB_STEP_SUMMARY"] = str(folder / "summary.md")
    run = subprocess.run(
        [*how, script],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE,
    )
    rules.assert_no_leak(run.stdout, fleet.token)
    return run.returncode, run.stdout


def github(folder, fleet, name):
    """Run a job's steps, after a failure only those that always run; returns the exit code of the first that failed."""
    failed = 0
    for step in workflow()["jobs"][name]["steps"]:
        if "uses" in step or step["name"] == "Install" or (failed and step.get("if") != "always()"):
            continue
        environment = {key: value.replace(SECRET, fleet.token) for key, value in step.get("env", {}).items()}
        code, shown = shell(folder, fleet, GITHUB, step["run"], {**environment, "ANSIBLE_VERBOSITY": "3"})
        assert name != "apply" or step["name"] != "Apply" or f'"reason": "{git(folder / "origin", "rev-parse", "HEAD")}"' in shown
        failed = failed or code
    return failed


def gitlab(folder, fleet, name):
    """Run a job's script, its lines as one; returns the exit code."""
    environment = {"BETMATIC_API_TOKEN": fleet.token, "ANSIBLE_VERBOSITY": "3"}
    code, shown = shell(folder, fleet, GITLAB, "\n".join(pipeline()[name]["script"]), environment)
    assert name != "apply" or f'"reason": "{git(folder / "origin", "rev-parse", "HEAD")}"' in shown
    return code


def cron(folder, fleet, name):
    """Run the line of one playbook; returns what would be sent by mail."""
    folder.joinpath(".betmatic").write_text("BETMATIC_API_TOKEN=" + fleet.token, encoding="ascii")
    [line] = [line for line in text_of("cron.txt").splitlines() if "betmatic." + name in line]
    command = re.fullmatch(r"[0-9*]+ [0-9*]+ \* \* \* (.*)", line)[1]
    # The home folder is where the fleet file is; % is a line break to cron.
    assert "%" not in command
    return shell(folder, fleet, CRON, command, {"HOME": str(folder), "PATH": path_of(text_of("cron.txt"))})[1]


@pytest.mark.parametrize("job", [github, gitlab])
def test_a_change_is_shown_applied_and_then_no_drift(job, fleet, tmp_path):
    assert job(tmp_path, fleet, "drift") == 2 and fleet.requests("POST") == []
    assert ElementTree.parse(tmp_path / "drift.xml").getroot().get("failures") == "1"
    assert "drift (RUNNING, declared off)" in tmp_path.joinpath("drift.md").read_text(encoding="utf-8")
    assert job(tmp_path, fleet, "apply") == 0 and fleet.bots() == {"201": "RUNNING", "202": "STOPPED"}
    assert job(tmp_path, fleet, "drift") == 0
    assert job is gitlab or tmp_path.joinpath("summary.md").read_text(encoding="utf-8").count("# Drift of the declared fleet") == 3


def test_a_job_that_is_late_or_run_again_applies_no_older_file(fleet, tmp_path):
    # GitLab checks out the commit that was pushed, and the file was changed since.
    merged(tmp_path, "on")
    assert "202, state: off" in tmp_path.joinpath("fleet.yml").read_text(encoding="utf-8")
    assert gitlab(tmp_path, fleet, "apply") == 0 and fleet.bots() == {"201": "RUNNING", "202": "RUNNING"}
    # GitHub's action does that by itself where it is told to take the branch, and not the commit.
    checkout = workflow()["jobs"]["apply"]["steps"][0]
    assert checkout["uses"].startswith("actions/checkout@") and checkout["with"]["ref"] == "${{ github.ref }}"
    checked_out(tmp_path)
    assert github(tmp_path, fleet, "apply") == 0 and fleet.bots() == {"201": "RUNNING", "202": "RUNNING"}


@pytest.mark.parametrize("job", [github, gitlab])
def test_the_nightly_check_leaves_evidence(job, fleet, tmp_path):
    assert job(tmp_path, fleet, "compliance") == 2 and fleet.requests("POST") == []
    evidence = json.loads(tmp_path.joinpath("evidence.json").read_text(encoding="utf-8"))
    assert (evidence["verdict"], evidence["period"]) == ("not compliant", "nightly")


@pytest.mark.parametrize("job", [github, gitlab])
def test_the_canary_tells_by_night_that_an_emergency_stop_would_fail(job, fleet, tmp_path):
    assert job(tmp_path, fleet, "preflight") == 0
    assert json.loads(tmp_path.joinpath("contract.json").read_text(encoding="utf-8"))["http_status"] == 200
    fleet.plan(harness.answer(401, on="list", times=None))
    assert job(tmp_path, fleet, "preflight") == 2 and fleet.requests("POST") == []
    assert json.loads(tmp_path.joinpath("contract.json").read_text(encoding="utf-8"))["http_status"] == 401


def test_cron_sends_mail_only_when_something_is_wrong(fleet, tmp_path):
    assert "202 (RUNNING, declared off)" in cron(tmp_path, fleet, "drift")
    assert "Runs: 201" in cron(tmp_path, fleet, "compliance")
    assert cron(tmp_path, fleet, "preflight") == "" and tmp_path.joinpath("contract.json").exists()
    fleet.patch_accounts({"id": 201, "bot": "STOPPED"}, {"id": 202, "bot": "STOPPED"})
    assert cron(tmp_path, fleet, "compliance") == ""
    fleet.patch_accounts({"id": 201, "bot": "RUNNING"})
    assert cron(tmp_path, fleet, "drift") == "" and fleet.requests("POST") == []


@pytest.mark.parametrize("role", ["drift", "compliance"])
def test_the_command_of_the_role_s_readme(role, fleet, tmp_path):
    page = COLLECTION.joinpath("roles", role, "README.md").read_text(encoding="utf-8")
    [line] = re.findall(r"^ansible-playbook .*$", page, re.MULTILINE)
    assert shell(tmp_path, fleet, GITHUB, line, {"BETMATIC_API_TOKEN": fleet.token})[0] == 2
    assert role == "drift" or json.loads(tmp_path.joinpath("evidence.json").read_text(encoding="utf-8"))["period"] == "Blackout of 7 July"


@pytest.mark.core
def test_a_job_without_a_token_fails_and_says_so(fleet, tmp_path):
    [compare] = [step["run"] for step in workflow()["jobs"]["drift"]["steps"] if step.get("name") == "Compare"]
    code, shown = shell(tmp_path, fleet, GITHUB, compare, {"BETMATIC_API_TOKEN": ""})
    assert code == 2 and "api_token is missing" in shown and fleet.log() == []


@pytest.mark.core
def test_the_workflow_asks_for_little_and_pins_what_it_uses():
    document = workflow()
    assert document["permissions"] == {"contents": "read"} and "pull_request_target" not in document["on"]
    for name, job in document["jobs"].items():
        assert "permissions" not in job and ("concurrency" in job) == (name == "apply")
        for step in job["steps"]:
            assert "uses" not in step or re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
            assert "run" not in step or "${{" not in step["run"]
            assert set(step.get("env", {}).values()) <= {SECRET}
            assert step.get("name") != "Install" or step["run"].splitlines() == INSTALL
    assert document["jobs"]["apply"]["concurrency"] == {"group": "betmatic-apply", "cancel-in-progress": False}


def test_the_pipeline_keeps_applies_apart_and_its_reports_always():
    document = pipeline()
    assert document["default"]["before_script"] == INSTALL
    assert document["apply"]["resource_group"] == "betmatic-apply" and document["apply"]["interruptible"] is False
    for name in ("drift", "apply", "preflight", "compliance"):
        assert document[name]["artifacts"]["when"] == "always" and set(document[name]["rules"][0]) <= {"if", "changes"}


@pytest.mark.core
@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml", "cron.txt"])
def test_no_secret_stands_on_a_command_line(name):
    for line in text_of(name).splitlines():
        assert "ansible-playbook" not in line or not re.search(r"token|secrets\.|password", line, re.IGNORECASE)


def test_only_what_runs_on_the_default_branch_gets_the_token_of_that_branch():
    environments = {name: job["environment"] for name, job in workflow()["jobs"].items()}
    assert environments == {"drift": "betmatic-check", "apply": "betmatic", "preflight": "betmatic", "compliance": "betmatic"}
    assert {name: pipeline()[name]["environment"] for name in environments} == {
        name: {"name": environment, "action": "access"} for name, environment in environments.items()
    }
