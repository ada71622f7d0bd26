# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Other ways to run the playbooks: ansible-runner, ansible-navigator, an execution environment, automation controller."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import jinja2
import yaml

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.pages import COLLECTION, block_with, blocks
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import BUILD, PATIENCE, clean_environment, command
from ansible_collections.bookieops.betmatic.tests.integration.support.rulebooks import temporary_folder

EXAMPLES = COLLECTION / "docs" / "examples"
COMMANDS = blocks("docs/platforms.md", "shell")[0].splitlines()
STOPPED = "6 of 6 accounts as wanted"


def tool(folder, *arguments, **environment):
    """Run a command of the test environment, which must leave no temporary file; returns all that it shows."""
    folder.joinpath("home").mkdir(exist_ok=True)
    with temporary_folder() as temporary:
        run = subprocess.run(
            [str(pathlib.Path(sys.executable).with_name(arguments[0])), *arguments[1:]], cwd=folder,
            env=clean_environment(folder, {"TMPDIR": temporary, "TERM": "dumb", **environment}),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE,
        )
        assert run.returncode == 0, run.stdout[-5000:]
        assert [path for path in pathlib.Path(temporary).rglob("*") if path.is_file()] == []
    return run.stdout


def documented(start):
    """The words of the documented command that begins so."""
    (found,) = [line for line in COMMANDS if line.startswith(start)]
    # The one argument with blanks is the last one.
    plain, _quote, quoted = found.partition(" '")
    return [*plain.split(), *([quoted[:-1]] if quoted else [])]


def assert_nothing_left(folder, token):
    """No file below the folder holds the token."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        rules.assert_no_leak(path.read_text(encoding="utf-8", errors="replace"), token)


def inventory(folder):
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("inventory.yml").write_text(block_with("docs/events.md", "all"), encoding="utf-8")


def test_ansible_runner_with_a_vaulted_token_leaves_none_in_its_artifacts(fleet, tmp_path):
    inventory(tmp_path / "runner" / "inventory")
    project = tmp_path / "runner" / "project"
    project.mkdir()
    project.joinpath("vars.yml").write_text(block_with("docs/platforms.md", "bookie_api_token").replace("your token", fleet.token), encoding="utf-8")
    project.joinpath("password").write_text("vault password of the tests", encoding="utf-8")
    command(project, fleet, "vault", "encrypt", "vars.yml", "--vault-password-file", "password")
    shown = tool(tmp_path, *documented("ansible-runner"), BETMATIC_API_URL=fleet.url)
    assert STOPPED in shown and set(fleet.bots().values()) == {"STOPPED"}
    rules.assert_no_leak(shown, fleet.token)
    assert list(tmp_path.glob("runner/artifacts/*/command"))
    assert_nothing_left(tmp_path, fleet.token)


def test_ansible_navigator_stops_every_bot(fleet, tmp_path):
    inventory(tmp_path)
    shown = tool(tmp_path, *documented("ansible-navigator"), BETMATIC_API_URL=fleet.url, BETMATIC_API_TOKEN=fleet.token)
    assert STOPPED in shown and set(fleet.bots().values()) == {"STOPPED"}
    rules.assert_no_leak(shown, fleet.token)
    assert tmp_path.joinpath("emergency_stop.json").is_file()
    assert_nothing_left(tmp_path, fleet.token)


def test_the_collection_tells_an_execution_environment_what_it_needs(tmp_path):
    found = yaml.safe_load(tool(tmp_path, "ansible-builder", "introspect", str(BUILD)))
    wanted = [line for line in (COLLECTION / "requirements.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert [line.partition("#")[0].strip() for line in found["python"]] == wanted and found["system"] == []


def test_the_execution_environment_has_the_collection(tmp_path):
    tool(tmp_path, "ansible-builder", "create", "-f", str(EXAMPLES / "execution-environment.yml"), "-c", "context", "--output-filename", "Containerfile")
    base = yaml.safe_load((EXAMPLES / "execution-environment.yml").read_text(encoding="utf-8"))["images"]["base_image"]["name"]
    assert f'ARG EE_BASE_IMAGE="{base}"' in (tmp_path / "context" / "Containerfile").read_text(encoding="utf-8")
    galaxy = yaml.safe_load((tmp_path / "context" / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    assert galaxy == {"collections": [{"name": "bookieops.betmatic"}]}


def test_the_credential_type_gives_the_module_its_token(fleet, tmp_path):
    files = [EXAMPLES / "controller" / f"credential_type_{name}.yml" for name in ("inputs", "injectors")]
    inputs, injectors = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)
    (field,) = inputs["fields"]
    assert field["secret"] is True and field["type"] == "string" and inputs["required"] == [field["id"]]
    # The page on the token has the same two documents.
    assert [set(one) for one in (inputs, injectors)] == [{"fields", "required"}, {"env"}]
    page = [yaml.safe_load(block) for block in blocks("docs/token.md", "yaml")]
    assert injectors in page and [one["fields"][0]["id"] for one in page if "fields" in one] == [field["id"]]
    injected = {name: jinja2.Template(text).render({field["id"]: fleet.token}) for name, text in injectors["env"].items()}
    inventory(tmp_path)
    shown = tool(tmp_path, "ansible-playbook", "-i", "inventory.yml", "bookieops.betmatic.emergency_stop", BETMATIC_API_URL=fleet.url, **injected)
    assert STOPPED in shown and set(fleet.bots().values()) == {"STOPPED"}
