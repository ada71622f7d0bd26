# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The reading side through real Ansible: the info module, the inventory, and a fleet run from either."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import folder as holds
from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import command
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, hang

FLEET = [
    {"id": 9, "bookie": "TAB", "display_name": "TAB Main", "bot": "RUNNING", "bot_id": "bot-1"},
    {"id": 10, "bookie": "WishBet", "display_name": "Wish {{ 7 * 7 }}", "bot": "STOPPED", "bot_id": "bot-1"},
    {"id": 11, "bookie": "TAB", "display_name": "TAB Main", "bot": "STOPPED", "bot_id": "bot-2"},
]
FIELDS = {"account_id", "bookie", "display_name", "bot_id", "bot_status", "running_sessions", "update_time", "held"}


@pytest.fixture(name="fleet")
def _fleet(simulator):
    simulator.put_accounts(FLEET)
    return simulator


# --- the info module ---


def info(simulator, folder, options=None, keywords=None):
    """Run one task of the info module; returns its result."""
    task = {"bookieops.betmatic.bookie_account_info": options or {}, "register": "info", "ignore_errors": True, **(keywords or {})}
    keep = {"ansible.builtin.copy": {"content": "{{ info | to_json }}", "dest": str(folder / "info.json"), "mode": "0600"}, "check_mode": False}
    play = [{"hosts": "localhost", "gather_facts": False, "vars": {"chosen": None}, "tasks": [task, keep]}]
    folder.joinpath("play.yml").write_text(json.dumps(play), encoding="utf-8")
    shown = command(folder, simulator, "playbook", "play.yml", "-vvvvv")
    rules.assert_no_leak(shown, simulator.token)
    assert simulator.requests("POST") == [] and simulator.violations() == []
    return json.loads(folder.joinpath("info.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "options,ids",
    [
        ({}, ["9", "10", "11"]),
        ({"account_id": 10}, ["10"]),
        ({"bookie": "TAB"}, ["9", "11"]),
        ({"bot_id": "bot-1"}, ["9", "10"]),
        ({"display_name": "TAB Main", "bot_status": "STOPPED"}, ["11"]),
        ({"bot_status": "RUNNING"}, ["9"]),
    ],
)
def test_info_lists_what_is_asked_for(options, ids, fleet, tmp_path):
    result = info(fleet, tmp_path, options)
    assert result["account_ids"] == ids == [account["account_id"] for account in result["accounts"]]
    assert all(set(account) == FIELDS for account in result["accounts"])
    assert not result["changed"] and not result["failed"] and result["token_expires"] == "2100-01-01T00:00:00Z"
    assert [entry["endpoint"] for entry in fleet.log()] == ["list"]


@pytest.mark.core
def test_info_is_the_same_in_check_mode(fleet, tmp_path):
    result = info(fleet, tmp_path, keywords={"check_mode": True})
    assert [account["bot_status"] for account in result["accounts"]] == ["RUNNING", "STOPPED", "STOPPED"]
    # What the service says is never taken for a template.
    assert result["accounts"][1]["display_name"] == "Wish {{ 7 * 7 }}"


def test_info_gives_money_and_addresses_only_when_asked(fleet, tmp_path):
    result = info(fleet, tmp_path, {"include_balances": True, "include_network": True})
    assert all(set(account) == FIELDS | {"balance", "bonus_balance", "bot_ip"} for account in result["accounts"])


@pytest.mark.parametrize(
    "faults,options,words,requests",
    [
        ((answer(404),), {}, "no list of accounts for this token (404)", 1),
        ((answer(401, {"detail": "no"}),), {}, "401 token invalid or expired", 1),
        ((answer(500, times=None),), {"retries": 1}, "500 from the service", 2),
        ((change(add_rows=[{"id": ".."}], times=None),), {"retries": 0}, "not a valid document", 1),
        ((hang(times=None),), {"retries": 0, "timeout": 0.3}, "no complete answer within 0.3 s", 1),
        ((), {"bookie": []}, "bookie is an empty list", 0),
        # Nothing chosen must not mean all.
        ((), {"bookie": "{{ chosen }}"}, "bookie is null, which would select every account", 0),
        ((), {"account_ids": "{{ chosen }}"}, "account_id is null", 0),
        ((), {"account_ids": ["11", "77"], "bookie": "tab"}, "The list of this token has no account '77' and no bookmaker 'tab'. No account is returned", 1),
        ((), {"timeout": -1}, "timeout is -1", 0),
        ((), {"retries": 99}, "retries is 99", 0),
        ((), {"api_url": "http://betmatic.app/api"}, "api_url", 0),
    ],
)
def test_info_says_why_there_is_no_list(faults, options, words, requests, fleet, tmp_path):
    fleet.plan(*faults)
    result = info(fleet, tmp_path, options)
    assert result["failed"] and words in result["msg"]
    assert (result["accounts"], result["account_ids"]) == ([], [])
    assert len(fleet.log()) == requests


# --- the inventory ---


def inventory(simulator, folder, *arguments, config=""):
    folder.joinpath("bookie_accounts.yml").write_text("plugin: bookieops.betmatic.bookie_accounts\n" + config, encoding="utf-8")
    shown = command(folder, simulator, "inventory", "-i", "bookie_accounts.yml", *arguments)
    rules.assert_no_leak(shown, simulator.token)
    return shown


def hosts(simulator, folder, config=""):
    # Some versions of core show a text that is not to be trusted in a dictionary of its own.
    text = re.sub(r'\{\s*"__ansible_unsafe": ("[^"]*")\s*\}', r"\1", inventory(simulator, folder, "--list", config=config))
    # A warning may stand before it.
    listed = json.loads(text[text.index("{"):])
    return listed, listed["_meta"]["hostvars"]


@pytest.mark.core
def test_the_graph_is_readable(fleet, tmp_path):
    graph = inventory(fleet, tmp_path, "--graph")
    assert graph == (
        "@all:\n  |--@ungrouped:\n  |--@bookie_accounts:\n  |  |--9\n  |  |--10\n  |  |--11\n  |--@bot_running:\n  |  |--9\n"
        "  |--@bot_stopped:\n  |  |--10\n  |  |--11\n  |--@bot_unclear:\n  |--@bookie_TAB:\n  |  |--9\n  |  |--11\n  |--@bookie_WishBet:\n  |  |--10\n"
    )


def test_what_proves_neither_and_what_is_listed_twice_is_unclear(fleet, tmp_path):
    """A bot that shows sessions, and one that is listed twice, in the inventory and in the info module."""
    more = [{"id": 9, "bookie": "Bet 365", "bot_running": False}, {"id": 12, "bookie": "Bet-365", "bot_running": False, "running_sessions": 2}]
    fleet.plan(change(add_rows=more, times=None))
    listed, variables = hosts(fleet, tmp_path)
    assert set(variables) == {"9", "10", "11", "12"}
    assert listed["bot_unclear"]["hosts"] == ["9", "12"] and listed["bot_stopped"]["hosts"] == ["10", "11"] and "hosts" not in listed.get("bot_running", {})
    assert variables["9"]["bookie_bot_status"] is None and variables["12"]["bookie_bot_status"] is None
    result = info(fleet, tmp_path, {"bot_status": "STOPPED"})
    assert result["account_ids"] == ["10", "11"] and result["unclear_ids"] == ["9", "12"]
    assert "2 are neither proven RUNNING nor STOPPED: 9, 12. Listed twice by the service: 9." in result["msg"]


def test_what_is_held_is_looked_up_each_time_also_where_the_list_is_cached(fleet, tmp_path):
    config = "cache: true\ncache_plugin: ansible.builtin.jsonfile\ncache_connection: ./cache\ncache_timeout: 600\n"

    def held():
        return {host: variables["bookie_held"] for host, variables in hosts(fleet, tmp_path, config)[1].items()}

    assert held() == {"9": False, "10": False, "11": False}
    path = tmp_path.joinpath("home", ".local", "state", "bookieops", "holds")
    holds.place(str(path), holds.new_hold("race_day", fleet.url, ("10",), holds.now()))
    assert held() == {"9": False, "10": True, "11": False} and len(fleet.log()) == 1
    path.joinpath("torn.json").touch()
    assert set(held().values()) == {True}
    result = info(fleet, tmp_path)
    assert not result["failed"] and {account["held"] for account in result["accounts"]} == {True}


@pytest.mark.core
def test_no_account_becomes_the_host_of_another_source_or_of_another_account(fleet, simulator_of, tmp_path):
    """A static host, an account of another token and an account's own id keep their names."""
    fleet.put_accounts([{"id": 123, "display_name": "124"}, {"id": 124, "display_name": "web"}, {"id": 125, "display_name": "Main"}])
    other = simulator_of(1)
    other.put_accounts([{"id": 7, "display_name": "Main"}])
    tmp_path.joinpath("first.ini").write_text("web ansible_connection=ssh\n", encoding="utf-8")
    tmp_path.joinpath("other_bookie_accounts.yml").write_text(
        f"plugin: bookieops.betmatic.bookie_accounts\nhostname: display_name\napi_url: {other.url}\n", encoding="utf-8"
    )
    tmp_path.joinpath("bookie_accounts.yml").write_text("plugin: bookieops.betmatic.bookie_accounts\nhostname: display_name\n", encoding="utf-8")
    sources = [word for name in ("first.ini", "other_bookie_accounts.yml", "bookie_accounts.yml") for word in ("-i", name)]
    variables = json.loads(command(tmp_path, fleet, "inventory", *sources, "--list"))["_meta"]["hostvars"]
    ids = {host: told.get("bookie_account_id") for host, told in variables.items()}
    assert {host: str(one) if one is None else re.search("[0-9]+", str(one)).group() for host, one in ids.items()} == {
        "web": "None", "Main": "7", "124_123": "123", "web_124": "124", "Main_125": "125",
    }
    assert variables["web"]["ansible_connection"] == "ssh"


@pytest.mark.core
def test_host_variables_are_prefixed_and_never_templated(fleet, tmp_path):
    _listed, variables = hosts(fleet, tmp_path)
    names = {"bookie_" + name for name in FIELDS - {"account_id", "bookie"}} | {"bookie_account_id", "bookie_bookmaker"}
    assert set(variables["10"]) == names | {"ansible_connection", "ansible_python_interpreter"}
    assert variables["9"]["bookie_account_id"] == "9" and variables["9"]["ansible_connection"] == "local"
    play = [{"hosts": "10", "gather_facts": False, "tasks": [{"ansible.builtin.debug": {"var": "bookie_display_name"}}]}]
    tmp_path.joinpath("play.yml").write_text(json.dumps(play), encoding="utf-8")
    shown = command(tmp_path, fleet, "playbook", "-i", "bookie_accounts.yml", "play.yml")
    assert "7 * 7" in shown and "Wish 49" not in shown


def test_names_money_addresses_and_constructed_groups(fleet, tmp_path):
    config = (
        "hostname: display_name\ninclude_balances: true\ninclude_network: true\n"
        "compose: {bookie_label: \"bookie_bookmaker ~ '-' ~ bookie_account_id\"}\n"
        "groups: {idle: bookie_running_sessions == 0}\n"
        "keyed_groups: [{prefix: bot, key: bookie_bot_id}]\n"
    )
    listed, variables = hosts(fleet, tmp_path, config)
    assert set(variables) == {"TAB_Main_9", "TAB_Main_11", "Wish_7_7"}
    assert variables["TAB_Main_9"]["bookie_label"] == "TAB-9"
    assert {"bookie_balance", "bookie_bonus_balance", "bookie_bot_ip"} <= set(variables["TAB_Main_9"])
    assert listed["idle"]["hosts"] == ["Wish_7_7", "TAB_Main_11"] and listed["bot_bot_2"]["hosts"] == ["TAB_Main_11"]


NAMES = ["all", "ungrouped", "localhost", "bookie_accounts", "bot_running", "bot_stopped", "bookie_TAB", "idle", "bot_bot_1"]


@pytest.mark.parametrize("name", NAMES)
def test_no_account_passes_for_a_group_or_for_localhost(name, fleet, tmp_path):
    fleet.patch_accounts({"id": 10, "display_name": name})
    config = "hostname: display_name\ngroups: {idle: bookie_running_sessions == 0}\nkeyed_groups: [{prefix: bot, key: bookie_bot_id}]\n"
    listed, variables = hosts(fleet, tmp_path, config)
    mine = name + "_10"
    assert set(variables) == {"TAB_Main_9", "TAB_Main_11", mine} and variables[mine]["bookie_account_id"] == "10"
    assert listed["bot_stopped"] == {"hosts": [mine, "TAB_Main_11"]} and listed["bot_running"] == {"hosts": ["TAB_Main_9"]}


def test_no_account_passes_for_a_group_of_another_inventory(fleet, tmp_path):
    fleet.patch_accounts({"id": 10, "display_name": "vip"})
    tmp_path.joinpath("first.ini").write_text("[vip]\nsomebody\n", encoding="utf-8")
    tmp_path.joinpath("bookie_accounts.yml").write_text("plugin: bookieops.betmatic.bookie_accounts\nhostname: display_name\n", encoding="utf-8")
    graph = command(tmp_path, fleet, "inventory", "-i", "first.ini", "-i", "bookie_accounts.yml", "--graph", "vip")
    assert graph == "@vip:\n  |--somebody\n"
    assert "vip_10" in command(tmp_path, fleet, "inventory", "-i", "first.ini", "-i", "bookie_accounts.yml", "--graph", "bot_stopped")


def test_an_account_whose_longer_name_is_a_group_s_is_refused(fleet, tmp_path):
    fleet.patch_accounts({"id": 10, "display_name": "all"})
    config = "hostname: display_name\ngroups: {all_10: true}\n"
    assert "account 10 would be the host 'all_10'" in " ".join(inventory(fleet, tmp_path, "--list", config=config).split())


def test_strict_makes_a_bad_expression_an_error(fleet, tmp_path):
    config = "compose: {x: no_such_variable}\n"
    inventory(fleet, tmp_path, "--list", config=config)
    shown = inventory(fleet, tmp_path, "--list", config=config + "strict: true\n")
    assert "no_such_variable" in shown


def test_the_cache_is_used_until_it_is_flushed(fleet, tmp_path):
    config = "cache: true\ncache_plugin: ansible.builtin.jsonfile\ncache_connection: ./kept\n"
    for _run in range(2):
        _listed, variables = hosts(fleet, tmp_path, config)
        assert variables["10"]["bookie_display_name"] == "Wish {{ 7 * 7 }}"
    assert len(fleet.log()) == 1
    tmp_path.joinpath("play.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False}]), encoding="utf-8")
    command(tmp_path, fleet, "playbook", "-i", "bookie_accounts.yml", "--flush-cache", "--list-hosts", "play.yml")
    assert len(fleet.log()) == 2


def test_what_was_cached_for_another_token_service_or_choice_is_not_used(fleet, simulator_of, tmp_path):
    config = "cache: true\ncache_plugin: ansible.builtin.jsonfile\ncache_connection: ./kept\n"
    assert "bookie_balance" in hosts(fleet, tmp_path, config + "include_balances: true\n")[1]["10"]
    assert "bookie_balance" not in hosts(fleet, tmp_path, config)[1]["10"] and len(fleet.log()) == 2
    other = {"BETMATIC_API_TOKEN": "another-token-of-the-tests-7c1e"}
    assert "401 token invalid or expired" in " ".join(command(tmp_path, fleet, "inventory", "-i", "bookie_accounts.yml", "--list", more=other).split())
    elsewhere = simulator_of(1)
    elsewhere.put_accounts(FLEET[:1])
    assert set(hosts(elsewhere, tmp_path, config)[1]) == {"9"}
    # As it stands in a file's name: neither the token nor a part of it.
    for kept in tmp_path.joinpath("kept").iterdir():
        rules.assert_no_leak(kept.name + kept.read_text(encoding="utf-8"), fleet.token)


def test_options_can_be_templates(fleet, tmp_path):
    config = "api_token: \"{{ lookup('ansible.builtin.file', 'kept_token') }}\"\n"
    tmp_path.joinpath("kept_token").write_text(fleet.token + "\n", encoding="utf-8")
    assert len(hosts(fleet, tmp_path, config)[1]) == 3


@pytest.mark.core
@pytest.mark.parametrize(
    "faults,config,words",
    [
        ((answer(404),), "", "no list of accounts for this token (404)"),
        ((), "api_token: two words\n", "api_token holds blanks"),
        ((), "api_url: http://betmatic.app/api\n", "api_url"),
        ((), "timeout: 0\n", "timeout is 0"),
        ((), "ca_path: /no/such/file\n", "ca_path"),
    ],
)
def test_an_inventory_that_cannot_be_read_says_why(faults, config, words, fleet, tmp_path):
    fleet.plan(*faults)
    assert words in inventory(fleet, tmp_path, "--list", config=config).replace("\n", " ")


# --- a fleet, one host for each account ---


def test_one_host_for_each_account(fleet, tmp_path):
    task = {"bookieops.betmatic.bookie_bot": {"account_id": "{{ bookie_account_id }}", "state": "off"}}
    tmp_path.joinpath("play.yml").write_text(json.dumps([{"hosts": "bookie_TAB", "gather_facts": False, "tasks": [task]}]), encoding="utf-8")
    tmp_path.joinpath("bookie_accounts.yml").write_text("plugin: bookieops.betmatic.bookie_accounts\n", encoding="utf-8")
    shown = command(tmp_path, fleet, "playbook", "-i", "bookie_accounts.yml", "play.yml", "--limit", "bot_running")
    assert "changed: [9]" in shown and "[11]" not in shown
    assert [entry["account_id"] for entry in fleet.requests("POST")] == ["9"]
    assert fleet.bots() == {"9": "STOPPED", "10": "STOPPED", "11": "STOPPED"}
