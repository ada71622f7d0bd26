# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every example of the documentation runs, as it stands, against the simulator."""

from __future__ import annotations

import functools
import importlib
import json
import re
import shlex
import subprocess
import sys
import time

import pytest
import yaml

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.token import expires
from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.pages import COLLECTION, PAGES, blocks, path_of
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, clean_environment, command
from ansible_collections.bookieops.betmatic.tests.simulator.harness import EMAIL, PASSWORD, answer
from ansible_collections.bookieops.betmatic.tests.simulator.tokens import LIFETIME, mint

MODULES = sorted(path.stem for path in (COLLECTION / "plugins" / "modules").glob("bookie_*.py"))
FILTERS = sorted(path.stem for path in (COLLECTION / "plugins" / "filter").glob("[a-z]*.py"))
SENDS = re.compile(r"bookie_bot:|((role|name|import_playbook):|^ +-) bookieops\.betmatic\.(?!preflight)\w+$", re.MULTILINE)


EXAMPLES = [(page, block, yaml.safe_load(block)) for page in PAGES for block in blocks(page, "yaml")]
PLAYBOOKS = {document[0]["name"]: block for _page, block, document in EXAMPLES if isinstance(document, list) and "rules" not in document[0]}
RULEBOOKS = [document for _page, _block, document in EXAMPLES if isinstance(document, list) and "rules" in document[0]]
OTHERS = [document for _page, _block, document in EXAMPLES if isinstance(document, dict)]
INVENTORY = next(block for _page, block, document in EXAMPLES if "plugin" in document)
STATIC = next(block for _page, block, document in EXAMPLES if "bookie_accounts" in document)
FLEET = next(block for page, block, document in EXAMPLES if page == "roles/drift/README.md" and "accounts" in document)


def play(folder, simulator, text, *arguments):
    """Run a playbook's text with the token in the controller's environment; returns what was shown."""
    folder.joinpath("vault.yml").write_text("vault_betmatic_token: " + simulator.token, encoding="utf-8")
    folder.joinpath("bookie_accounts.yml").write_text(INVENTORY, encoding="utf-8")
    folder.joinpath("accounts.yml").write_text(STATIC, encoding="utf-8")
    folder.joinpath("fleet.yml").write_text(FLEET, encoding="utf-8")
    folder.joinpath("race_day.yml").write_text(text, encoding="utf-8")
    folder.joinpath("home", ".ansible").mkdir(parents=True, exist_ok=True)
    folder.joinpath("home", ".ansible", "bookie_audit.jsonl").touch()
    folder.joinpath("home", "betmatic_token").write_text(simulator.token + "\n", encoding="utf-8")
    if "hosts: bookie_" in text and "-i" not in arguments:
        arguments += ("-i", "bookie_accounts.yml")
    if "{{ betmatic_token_file }}" in text:
        arguments += ("-e", "betmatic_token_file=~/betmatic_token")
    arguments += ("-vvvvv", "-e", "ansible_python_interpreter=" + sys.executable)
    shown = command(folder, simulator, "playbook", "race_day.yml", *arguments, more={"BETMATIC_EMAIL": EMAIL, "BETMATIC_PASSWORD": PASSWORD})
    rules.assert_no_leak(shown, simulator.token)
    assert PASSWORD not in shown
    return shown


@pytest.mark.core
def test_no_example_is_left_out():
    # Beside playbooks: the two files of a credential type, the inventory and its static like.
    credential, inventories = [{"fields", "required"}, {"env"}], [{"plugin", "hostname", "groups"}, {"bookie_accounts"}]
    # tools/test_events*.py run these, and one rulebook: an inventory, Alertmanager's settings, a rule of Prometheus, a fleet.
    events = [{"all"}, {"route", "receivers"}, {"alert", "expr", "labels", "annotations"}, {"accounts"}]
    # test_playbook_declare.py reads it.
    fleets = [{"accounts"}]
    # test_past_one_machine.py has two of it.
    sources = [{"plugin", "api_token_file", "compose"}]
    # test_platforms.py runs the first; the second is the inventory without its options.
    platforms = [{"bookie_api_token"}, {"plugin"}]
    # The declared fleet of drift, and a trading day (test_role_trading_day.py).
    roles = [{"accounts"}, {"bookie_account_ids", "bookie_trading_windows", "bookie_restricted_periods"}]
    assert [set(document) for document in OTHERS] == events + fleets + inventories + sources + platforms + credential + roles
    assert len(PLAYBOOKS) + len(OTHERS) + len(RULEBOOKS) == len(EXAMPLES) and len(RULEBOOKS) == 1


@pytest.mark.core
def test_every_name_is_text():
    # YAML makes a boolean of a bare Off, and Ansible shows no such name.
    plays = [play for _page, _block, document in EXAMPLES if isinstance(document, list) for play in document]
    names = [named.get("name") for play in plays for named in [play, *play.get("tasks", [])]]
    assert names and [name for name in names if not isinstance(name, str)] == []


def test_the_static_inventory_serves_the_same_playbook(simulator, tmp_path):
    simulator.patch_accounts({"id": 123, "bot": "RUNNING"}, {"id": 125, "bot": "RUNNING"})
    play(tmp_path, simulator, PLAYBOOKS["Check that the TAB accounts are there"], "-i", "accounts.yml")
    assert sorted(entry["account_id"] for entry in simulator.requests("POST")) == ["123", "124"]


def test_hosts_as_selectors_are_switched_by_one_task_and_fail_each_by_itself(simulator, tmp_path):
    simulator.patch_accounts({"id": 123, "bot": "RUNNING", "maintenance": True}, {"id": 124, "bot": "RUNNING"})
    tmp_path.joinpath("accounts.yml").write_text(STATIC, encoding="utf-8")
    tmp_path.joinpath("race_day.yml").write_text(PLAYBOOKS["TAB accounts off, the hosts as selectors"], encoding="utf-8")
    shown = command(tmp_path, simulator, "playbook", "race_day.yml", "-i", "accounts.yml", "-e", "ansible_python_interpreter=" + sys.executable, code=2)
    assert simulator.bots()["124"] == "STOPPED" and "NOT proven off (406" in shown
    failed = {host: int(count) for host, count in re.findall(r"^(\w+) +: .* failed=(\d)", shown, re.MULTILINE)}
    assert failed == {"tab_main": 1, "tab_second": 0}
    # One module for both: they share the reading of the list.
    assert len([entry for entry in simulator.log() if entry["endpoint"] == "list"]) <= 1
    # What the module refuses is said on each host.
    shown = command(tmp_path, simulator, "playbook", "race_day.yml", "-i", "accounts.yml", code=2, more={"BETMATIC_API_TOKEN": "two words"})
    assert shown.count("Nothing was sent.") >= 3


def test_the_settings_of_the_page_make_an_inventory_without_accounts_an_error(simulator, tmp_path):
    (settings,) = blocks("docs/fleets.md", "ini")
    off = re.sub("(?s)^.*?\n\n", "", PLAYBOOKS["Check that the TAB accounts are there"])
    tmp_path.joinpath("race_day.yml").write_text(off, encoding="utf-8")
    tmp_path.joinpath("bookie_accounts.yml").write_text(INVENTORY, encoding="utf-8")
    start = ("playbook", "race_day.yml", "-i", "bookie_accounts.yml")
    # Without them it is as the page says: the play ends with 0, and nothing was switched.
    simulator.plan(answer(401, on="list", times=None))
    assert "no hosts matched" in command(tmp_path, simulator, *start)
    tmp_path.joinpath("ansible.cfg").write_text(settings, encoding="utf-8")
    command(tmp_path, simulator, *start, code=1)
    simulator.clear_plan()
    simulator.put_accounts([{"id": 7, "bookie": "Other", "bot": "RUNNING"}])
    assert "bookie_TAB" in command(tmp_path, simulator, *start, code=1)
    assert simulator.requests("POST") == []


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_playbook(name, simulator, tmp_path):
    simulator.patch_accounts({"id": 123, "bot": "RUNNING"}, {"id": 124, "bot": "RUNNING"})
    play(tmp_path, simulator, PLAYBOOKS[name], "--check", "--diff")
    assert simulator.requests("POST") == []
    play(tmp_path, simulator, PLAYBOOKS[name])
    seen = {entry["endpoint"] for entry in simulator.requests("POST")}
    assert bool(seen & {"control_one", "control_all"}) == bool(SENDS.search(PLAYBOOKS[name]))
    # The token of the simulator lives too long to be refreshed.
    assert ("login" in seen) == ("email:" in PLAYBOOKS[name]) and "refresh" not in seen and simulator.violations() == []


def test_the_login_of_the_documentation_keeps_a_token_for_its_owner_alone(simulator, tmp_path):
    play(tmp_path, simulator, PLAYBOOKS["Log in"].replace("betmatic_token", "another_file"))
    kept = tmp_path / "home" / "another_file"
    assert (kept.read_text(encoding="utf-8"), kept.stat().st_mode & 0o777) == (simulator.token + "\n", 0o600)


def test_the_login_of_the_documentation_says_that_the_password_is_wrong(simulator, tmp_path):
    tmp_path.joinpath("login.yml").write_text(PLAYBOOKS["Log in"], encoding="utf-8")
    shown = command(tmp_path, simulator, "playbook", "login.yml", "-vvvvv", more={"BETMATIC_EMAIL": EMAIL, "BETMATIC_PASSWORD": "not " + PASSWORD}, code=2)
    assert "401" in shown and "password" in shown and PASSWORD not in shown and not tmp_path.joinpath("home", "betmatic_token").exists()


def test_the_token_s_page_from_the_login_to_the_refresh(simulator_of, tmp_path):
    old = mint("from login to refresh", time.time() - LIFETIME + 86400)
    simulator = simulator_of(token=old)
    [commands] = [block for block in blocks("docs/token.md", "shell") if "login.yml" in block]
    [cron] = [block for block in blocks("docs/token.md", "text") if "refresh_token" in block]
    tmp_path.joinpath("login.yml").write_text(PLAYBOOKS["Log in"], encoding="utf-8")
    kept = tmp_path / "home" / "betmatic_token"
    kept.parent.mkdir()
    # One after the other, as the page has them; cron's own line without its five fields of time.
    _path, line = cron.splitlines()
    job = f"PATH={shlex.quote(path_of(cron))} sh -euc '" + re.sub(r"^(\S+ ){5}", "", line) + "'"
    lines = [commands.replace("you@example.com", EMAIL), 'cat "$BETMATIC_API_TOKEN_FILE" >seen', job]
    environment = clean_environment(tmp_path, {"BETMATIC_API_URL": simulator.url})
    run = subprocess.run(
        ["bash", "-euc", "\n".join(lines)], cwd=tmp_path, env=environment, input=PASSWORD + "\n",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE,
    )
    assert run.returncode == 0, run.stdout
    given, new = tmp_path.joinpath("seen").read_text(encoding="utf-8").strip(), kept.read_text(encoding="utf-8").strip()
    assert [entry["endpoint"] for entry in simulator.requests("POST")] == ["login", "refresh"] and expires(new) > expires(given)
    for secret in (given, new):
        rules.assert_no_leak(run.stdout, secret)
    assert PASSWORD not in run.stdout


def test_the_shell_commands_around_an_encrypted_token(simulator_of, tmp_path):
    old = mint("encrypted", time.time() - LIFETIME + 86400)
    simulator = simulator_of(token=old)
    kept = tmp_path / "home" / "betmatic_token"
    kept.parent.mkdir()
    kept.write_text(old + "\n", encoding="utf-8")
    tmp_path.joinpath("password").write_text("a vault's password", encoding="utf-8")
    environment = clean_environment(tmp_path, {"BETMATIC_API_URL": simulator.url, "ANSIBLE_VAULT_PASSWORD_FILE": str(tmp_path / "password")})
    vault = functools.partial(subprocess.run, cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True)
    vault(["ansible-vault", "encrypt", str(kept)])
    [commands] = [block for block in blocks("docs/token.md", "shell") if "ansible-vault" in block]
    shown = vault(["bash", "-euc", commands], stderr=subprocess.STDOUT).stdout
    assert kept.read_text(encoding="utf-8").startswith("$ANSIBLE_VAULT") and kept.stat().st_mode & 0o777 == 0o600
    new = vault(["ansible-vault", "view", str(kept)]).stdout.strip()
    assert new != old and expires(new) > expires(old)
    rules.assert_no_leak(shown, old)
    rules.assert_no_leak(shown, new)


@pytest.mark.core
def test_the_emergency_stop_of_the_page_of_contents_stops_all(simulator, tmp_path):
    simulator.patch_accounts(*({"id": account, "bot": "RUNNING"} for account in (123, 124, 125)))
    play(tmp_path, simulator, PLAYBOOKS["Emergency stop"])
    assert set(simulator.bots().values()) == {"STOPPED"}


@pytest.mark.parametrize(
    "name, code",
    [("Switch risky accounts off, show the results, and fail if any is not proven off", 2), ("Show which accounts need attention", 0)],
)
def test_a_runbook_of_one_s_own_goes_on_where_ansible_itself_refuses_an_option(name, code, simulator, tmp_path):
    tmp_path.joinpath("play.yml").write_text(re.sub('state: "o(n|ff)"', "state: stopped", PLAYBOOKS[name]), encoding="utf-8")
    shown = command(tmp_path, simulator, "playbook", "play.yml", code=code)
    assert shown.count("TASK [") == len(yaml.safe_load(PLAYBOOKS[name])[0]["tasks"])
    assert "value of state must be one of" in shown and simulator.log() == []


@pytest.mark.core
def test_the_shell_commands_of_the_readme_are_those_that_are_tried():
    commands = [line.split("    #")[0] for block in blocks("README.md", "shell") for line in block.splitlines()]
    assert commands == [
        "git clone https://github.com/bookieops/betmatic && cd betmatic",
        "make demo",
        "make test",
        "ansible-playbook race_day.yml --check --diff",
        "ansible-playbook race_day.yml",
        "ansible-playbook bookieops.betmatic.emergency_stop",
        "python3 -m venv ~/betmatic-venv && source ~/betmatic-venv/bin/activate",
        "python3 -m pip install 'ansible-core>=2.16' 'requests>=2.32.4'",
        "ansible-galaxy collection install bookieops.betmatic",
        "export BETMATIC_API_TOKEN='your token'",
    ]


@pytest.mark.parametrize("way", ["ini", "shell"])
def test_the_audit_trail_as_its_page_says(way, simulator, tmp_path):
    (setting,), (exports, *commands) = blocks("docs/audit.md", "ini"), blocks("docs/audit.md", "shell")
    path = "/var/log/bookie/audit.jsonl"
    assert path in setting and path in exports and len(commands) == 2
    if way == "ini":
        tmp_path.joinpath("ansible.cfg").write_text(setting.replace(path, "audit.jsonl"), encoding="utf-8")
        exports = ""
    play_text = PLAYBOOKS["Off with a reason"].replace('"123"', '["123", "999"]')
    tmp_path.joinpath("play.yml").write_text(play_text, encoding="utf-8")
    script = "\n".join([exports.replace(path, "audit.jsonl"), "ansible-playbook play.yml || test $? = 2", "set -e", *commands])
    environment = clean_environment(tmp_path, {"BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token})
    run = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE,
    )
    assert run.returncode == 0, run.stdout
    intent, *lines = tmp_path.joinpath("audit.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(intent)["event"] == "intent" and [json.loads(line)["account_id"] for line in lines] == ["123", "999"]
    assert lines[0] not in run.stdout and lines[1] in run.stdout
    assert "CHG-1042 maintenance at TAB" in tmp_path.joinpath("audit.html").read_text(encoding="utf-8")
    (shown,) = blocks("docs/audit.md", "json")
    assert list(json.loads(shown)) == list(json.loads(lines[0])) and json.loads(shown)["message"] == json.loads(lines[0])["message"]


@pytest.mark.parametrize("plugin", [*(f"modules.{name}" for name in MODULES), *(f"filter.{name}" for name in FILTERS)])
def test_examples_of_the_plugin(plugin, simulator, tmp_path):
    examples = importlib.import_module("ansible_collections.bookieops.betmatic.plugins." + plugin).EXAMPLES
    tasks = re.sub("^", "    ", examples, flags=re.MULTILINE)
    shown = play(tmp_path, simulator, "- hosts: localhost\n  gather_facts: false\n  tasks:\n" + tasks)
    assert shown.count("TASK [") == len(yaml.safe_load(examples))
