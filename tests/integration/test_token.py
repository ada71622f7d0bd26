# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The token through real Ansible: log in, refresh, what is shown of it, and the warning before it expires."""

from __future__ import annotations

import importlib.util
import json

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.token import expires
from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.aging import WORDS, sent, token_for
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import command
from ansible_collections.bookieops.betmatic.tests.simulator.harness import EMAIL, PASSWORD, answer, cut, echo, hang, redirect
from ansible_collections.bookieops.betmatic.tests.simulator.tokens import mint

MODULE = "bookieops.betmatic.bookie_token"
LOGIN = {"email": EMAIL, "password": PASSWORD}
KEYS = {"changed", "failed", "msg", "token", "expires", "token_expires"}
FIRST_PART = mint(0, 0).partition(".")[0]
# From ansible-core 2.22 on, a token that a module returns is not shown without no_log either.
MASKS_WHAT_IS_RETURNED = importlib.util.find_spec("ansible.module_utils.secrets") is not None


def run(simulator, folder, *tasks, defaults=None, no_log=True, more=()):
    """Run tasks of the module, each (options, keywords) or options; their results, and what was shown."""
    pairs = [task if isinstance(task, tuple) else (task, {}) for task in tasks]
    plays = [{"hosts": "localhost", "gather_facts": False, "module_defaults": defaults or {}, "tasks": []}]
    for number, (options, keywords) in enumerate(pairs):
        # The values are not in the playbook itself: core shows lines of it.
        values = {name: "{{ options[%d].%s }}" % (number, name) for name in options}
        plays[0]["tasks"].append({MODULE: values, "register": f"result_{number}", "ignore_errors": True, "no_log": no_log, **keywords})
    kept = "{{ [" + ", ".join(f"result_{number}" for number in range(len(pairs))) + "] | to_json }}"
    keep = {"content": kept, "dest": str(folder / "results.json"), "mode": "0600"}
    plays[0]["tasks"].append({"ansible.builtin.copy": keep, "no_log": True, "check_mode": False})
    folder.joinpath("play.yml").write_text(json.dumps(plays), encoding="utf-8")
    folder.joinpath("variables.json").write_text(json.dumps({"options": [options for options, _keywords in pairs]}), encoding="utf-8")
    shown = command(folder, simulator, "playbook", "-vvvvv", "-e", "@variables.json", "play.yml", more=more)
    results = json.loads(folder.joinpath("results.json").read_text(encoding="utf-8"))
    assert PASSWORD not in shown and WORDS not in shown + str(results)
    for result in results:
        assert KEYS <= set(result)
        assert result["token"] is None or result["changed"] and not result["failed"]
        assert not any(secret in result["msg"] for secret in (PASSWORD, EMAIL, *rules.secrets_of(simulator.token)))
        if no_log and result["token"]:
            rules.assert_no_leak(shown, result["token"])
    if no_log:
        rules.assert_no_leak(shown, simulator.token)
        assert EMAIL not in shown
    return results, shown


def authorization(entry):
    return [value for name, value in entry["headers"] if name.lower() == "authorization"]


# --- log in ---


@pytest.mark.core
def test_a_login_gives_a_token_that_switches_a_bot(simulator, tmp_path):
    play = [{"hosts": "localhost", "gather_facts": False, "tasks": [
        {MODULE: LOGIN, "register": "login", "no_log": True},
        {"bookieops.betmatic.bookie_bot": {"account_id": "123", "state": "on", "api_token": "{{ login.token }}"}},
    ]}]
    tmp_path.joinpath("play.yml").write_text(json.dumps(play), encoding="utf-8")
    shown = command(tmp_path, simulator, "playbook", "-vvvvv", "play.yml", more={"BETMATIC_API_TOKEN": "another-token.of-the-environment"})
    login, switch = simulator.log()
    assert authorization(login) == [] and json.loads(login["body"]) == LOGIN
    assert authorization(switch) == ["Token " + simulator.token] and simulator.bots()["123"] == "RUNNING"
    rules.assert_no_leak(shown, simulator.token)


def test_a_login_returns_the_token_and_both_expiries(aging, tmp_path):
    [result], _shown = run(aging, tmp_path, LOGIN, more={"BETMATIC_API_TOKEN": token_for(9)})
    assert (result["token"], result["changed"]) == (aging.token, True)
    assert (result["expires"], result["token_expires"]) == (expires(aging.token), expires(token_for(9)))
    assert "Logged in with email and password; api_token was not used." in result["msg"] and expires(aging.token) in result["msg"]


@pytest.mark.parametrize("where", ["task", "group"])
def test_a_login_goes_past_api_token(where, simulator, tmp_path):
    given = {"api_token": "two words"}
    options, defaults = (dict(LOGIN, **given), None) if where == "task" else (LOGIN, {"group/bookieops.betmatic.betmatic": given})
    [result], _shown = run(simulator, tmp_path, options, defaults=defaults)
    assert (result["token"], result["failed"], sent(simulator)) == (simulator.token, False, ["login"])


def test_wrong_credentials_are_sent_once(simulator, tmp_path):
    [result], _shown = run(simulator, tmp_path, {"email": EMAIL, "password": "wrong-horse-4711", "retries": 20})
    assert (result["failed"], result["changed"], sent(simulator)) == (True, False, ["login"])
    assert "401 wrong email or password" in result["msg"] and "was not repeated" in result["msg"]


@pytest.mark.parametrize(
    "faults,options,words,changed,requests",
    [
        ((answer(500, {"detail": WORDS}, times=2),), {}, "Logged in", True, 3),
        ((answer(500, {"detail": WORDS}, times=None),), {"retries": 1}, "500 from the service", True, 2),
        ((answer(403, {"detail": WORDS}),), {}, "403 not allowed", False, 1),
        ((answer(200, {"token": "a b"}),), {"retries": 0}, "not a valid document", True, 1),
        ((hang(times=None),), {"retries": 0, "timeout": 0.3}, "no complete answer within 0.3 s", True, 1),
        ((redirect("http://127.0.0.1:1/x"),), {}, "307 from the service", False, 1),
    ],
)
def test_a_login_that_meets_a_fault(faults, options, words, changed, requests, simulator, tmp_path):
    simulator.plan(*faults)
    [result], _shown = run(simulator, tmp_path, dict(LOGIN, **options))
    assert words in result["msg"] and (result["changed"], sent(simulator)) == (changed, ["login"] * requests)
    assert result["failed"] != bool(result["token"])


# --- refresh ---


@pytest.mark.core
def test_a_refresh_gives_a_new_token_once(aging, tmp_path):
    [first], _shown = run(aging, tmp_path, {})
    [entry] = aging.log()
    assert authorization(entry) == ["Token " + aging.token] and json.loads(entry["body"]) == {"token": aging.token}
    # The two share their first part, and core masks what it knows.
    assert first["token"].startswith(FIRST_PART + ".") and expires(first["token"]) == first["expires"] > first["token_expires"] == expires(aging.token)
    assert first["changed"] and first["expires"] in first["msg"]
    [second], _shown = run(aging, tmp_path, {"api_token": first["token"]})
    assert (second["changed"], second["token"], second["expires"], sent(aging)) == (False, None, first["expires"], ["refresh"])
    assert "Nothing was sent" in second["msg"]
    [forced], _shown = run(aging, tmp_path, {"api_token": first["token"], "min_days": 60})
    assert forced["token"] != first["token"] and sent(aging) == ["refresh", "refresh"]


@pytest.mark.core
def test_min_days_decides(aging, tmp_path):
    results, _shown = run(aging, tmp_path, {"min_days": 2.5}, ({"min_days": 3.5}, {"check_mode": True}))
    assert [result["changed"] for result in results] == [False, True] and aging.log() == []


@pytest.mark.parametrize("days,words", [(None, "as it had no readable expiry"), (-2, "The token was refreshed.")])
def test_a_token_that_is_not_known_to_live_is_refreshed(days, words, simulator_of, tmp_path):
    simulator = simulator_of(token="plain-0pAqueT0ken-4711-ZzYy" if days is None else token_for(days))
    [result], _shown = run(simulator, tmp_path, {})
    assert result["changed"] and words in result["msg"] and expires(result["token"]) == result["expires"]


def test_the_same_token_given_back_is_no_change(aging, tmp_path):
    aging.plan(answer(200, {"token": aging.token}))
    [result], _shown = run(aging, tmp_path, {})
    assert (result["changed"], result["failed"], result["token"]) == (False, False, None) and "the same token" in result["msg"]


@pytest.mark.parametrize(
    "faults,options,words,changed,requests",
    [
        ((answer(401, {"detail": WORDS}),), {"retries": 5}, ("401 token invalid or expired", "Log in again"), False, 1),
        ((answer(500, {"detail": WORDS}),), {}, ("The token was refreshed",), True, 2),
        ((answer(500, {"detail": WORDS}, times=None),), {"retries": 1}, ("500 from the service", "may be invalid now", "If that answers 401"), True, 2),
        ((echo(times=None),), {"retries": 0}, ("500 from the service",), True, 1),
        ((hang(times=None),), {"retries": 0, "timeout": 0.3}, ("no complete answer", "may be invalid now"), True, 1),
        ((cut("body", apply="before"),), {"retries": 0}, ("the connection broke", "may be invalid now"), True, 1),
        ((cut("body", apply="before"), answer(401)), {}, ("An earlier try may have replaced it", "Log in again"), True, 2),
        ((answer(200, text="{"),), {"retries": 0}, ("not a valid document",), True, 1),
        ((answer(200, {"detail": WORDS}),), {"retries": 0}, ("not a valid document",), True, 1),
        ((answer(200, {"token": None}),), {"retries": 0}, ("not a valid document",), True, 1),
        ((answer(200, {"token": "a\nb"}),), {"retries": 0}, ("not a valid document",), True, 1),
        ((answer(200, {"token": "x" * 20000}),), {"retries": 0}, ("too large",), True, 1),
        ((answer(429, headers={"Retry-After": "900"}),), {}, ("429 too many requests", "asks to wait 900 s"), False, 1),
    ],
)
def test_a_refresh_that_meets_a_fault(faults, options, words, changed, requests, aging, tmp_path):
    aging.plan(*faults)
    [result], _shown = run(aging, tmp_path, options)
    assert all(word in result["msg"] for word in words), result["msg"]
    assert (result["changed"], sent(aging)) == (changed, ["refresh"] * requests)
    assert result["failed"] != bool(result["token"]) and result["token_expires"] == expires(aging.token)


def test_a_service_that_is_not_there_changes_nothing(aging, tmp_path):
    [result], _shown = run(aging, tmp_path, {"api_url": "http://127.0.0.1:9/api", "retries": 0})
    assert (result["failed"], result["changed"], aging.log()) == (True, False, []) and "the connection was refused" in result["msg"]


# --- options and check mode ---


def test_options_that_cannot_be_used_send_nothing(simulator, tmp_path):
    refused = {
        "password is missing": {"email": EMAIL},
        "email is missing": {"password": PASSWORD},
        "email is empty": {"email": " ", "password": PASSWORD},
        "password is empty": {"email": EMAIL, "password": ""},
        "min_days is 0": {"min_days": 0},
        "min_days is nan": {"min_days": "nan"},
        "min_days is 4000": {"min_days": 4000, **LOGIN},
        "api_token holds blanks": {"api_token": "two words"},
        "no token to refresh": {"api_token": "  "},
        "retries is 99": {"retries": 99},
        "http is for 127.0.0.1": {"api_url": "http://betmatic.app/api", **LOGIN},
    }
    results, _shown = run(simulator, tmp_path, *refused.values())
    for words, result in zip(refused, results):
        assert words in result["msg"] and (result["failed"], result["changed"]) == (True, False), result["msg"]
    assert all("email and password" in results[number]["msg"] or "neither" in results[number]["msg"] for number in (0, 1, 2, 3, 8))
    assert simulator.log() == []


@pytest.mark.core
def test_check_mode_sends_nothing_and_predicts(aging, tmp_path):
    check = {"check_mode": True}
    results, _shown = run(aging, tmp_path, (LOGIN, check), ({}, check), ({"min_days": 2}, check), ({"api_token": "opaque-4711-token"}, check))
    assert [one["changed"] for one in results] == [True, True, False, True]
    assert all((one["failed"], one["token"]) == (False, None) for one in results)
    assert [one["expires"] for one in results] == [None, None, expires(aging.token), None]
    assert "Would log in" in results[0]["msg"] and "Would refresh" in results[1]["msg"] and "no readable expiry" in results[3]["msg"]
    assert aging.log() == []


# --- what is shown ---


def test_without_no_log_only_the_new_token_is_shown(aging, tmp_path):
    results, shown = run(aging, tmp_path, {"min_days": 2}, {}, (dict(LOGIN, password="wrong-horse-4711"), {}), no_log=False)
    assert (results[1]["token"] in shown) != MASKS_WHAT_IS_RETURNED
    assert not any(secret in shown for secret in (aging.token, *aging.token.split(".")[1:], "wrong-horse-4711"))


def test_a_password_that_stands_in_the_token_does_not_mangle_it(simulator, tmp_path):
    token = token_for(59)
    simulator.plan(answer(200, {"token": token}))
    [result], shown = run(simulator, tmp_path, dict(LOGIN, password=token[50:58], api_token=token[:20]), no_log=False)
    assert (result["token"], result["expires"]) == (token, expires(token))
    # They stand nowhere but in the token.
    assert (token in shown) != MASKS_WHAT_IS_RETURNED and token[50:58] not in shown.replace(token, "") and token[:20] not in shown.replace(token, "")


def test_a_proxy_does_not_see_the_password(simulator_of, certs, proxy, tmp_path):
    simulator = simulator_of(tls=True)
    more = {"https_proxy": proxy.url, "no_proxy": ""}
    [result], _shown = run(simulator, tmp_path, dict(LOGIN, ca_path=certs.ca), more=more)
    assert (result["token"], proxy.methods) == (simulator.token, ("CONNECT",))
    assert PASSWORD.encode() not in b"".join(proxy.seen)


# --- a token in a file ---


def test_a_token_file_serves_every_module_and_is_read_at_each_use(simulator, tmp_path):
    """One run: the shipped way (module_defaults), a file that is renewed between two tasks, and slips that send nothing."""
    file, settings = tmp_path / "token", tmp_path / "settings"
    file.write_text(simulator.token + "\n", encoding="utf-8")
    settings.write_text(f"# ours\nexport BETMATIC_API_TOKEN='{simulator.token}'\n", encoding="utf-8")
    info, bot = "bookieops.betmatic.bookie_account_info", "bookieops.betmatic.bookie_bot"

    def task(name, module, options, **keywords):
        return {"name": name, module: options, "register": name, "ignore_errors": True, **keywords}

    tasks = [
        task("default", info, {}),
        task("settings", bot, {"account_id": "123", "state": "on", "api_token_file": str(settings)}),
        task("refreshed", MODULE, {"min_days": 1}),
        task("both", info, {"api_token": "another-token-of-the-tests"}),
        task("null", info, {"api_token_file": None}),
        task("wrong", info, {"api_token_file": str(tmp_path)}),
        {"ansible.builtin.copy": {"content": "token-that-was-renewed-elsewhere\n", "dest": str(file), "mode": "0600"}},
        task("renewed", info, {}),
    ]
    names = [one["name"] for one in tasks if "name" in one]
    kept = "{{ {" + ", ".join(f"'{name}': {name}" for name in names) + "} | to_json }}"
    tasks.append({"ansible.builtin.copy": {"content": kept, "dest": str(tmp_path / "results.json"), "mode": "0600"}})
    defaults = {"group/bookieops.betmatic.betmatic": {"api_token_file": str(file)}}
    play = [{"hosts": "localhost", "gather_facts": False, "module_defaults": defaults, "tasks": tasks}]
    tmp_path.joinpath("play.yml").write_text(json.dumps(play), encoding="utf-8")
    # The environment's token is another one, and the option beats it.
    shown = command(tmp_path, simulator, "playbook", "-vvvvv", "play.yml", more={"BETMATIC_API_TOKEN": "token-of-the-environment-4711"})
    rules.assert_no_leak(shown, simulator.token)
    results = json.loads(tmp_path.joinpath("results.json").read_text(encoding="utf-8"))
    assert {name: result["failed"] for name, result in results.items()} == {
        "default": False, "settings": False, "refreshed": False, "both": True, "null": True, "wrong": True, "renewed": True,
    }
    assert results["settings"]["changed"] and results["default"]["token_expires"] == expires(simulator.token)
    assert results["both"]["msg"] == "api_token and api_token_file are both given: use one of them. Nothing was sent."
    assert "api_token_file is null" in results["null"]["msg"] and f"api_token_file '{tmp_path}' is a folder" in results["wrong"]["msg"]
    assert "401 token invalid or expired" in results["renewed"]["msg"]
    assert [entry["endpoint"] for entry in simulator.log()] == ["list", "control_one", "list"]


def test_a_token_file_of_the_environment_and_two_sources_there(simulator, tmp_path):
    tmp_path.joinpath("token").write_text(simulator.token, encoding="utf-8")
    play = [{"hosts": "localhost", "gather_facts": False, "tasks": [{"bookieops.betmatic.bookie_account_info": {}}]}]
    tmp_path.joinpath("play.yml").write_text(json.dumps(play), encoding="utf-8")
    # An empty variable is as good as none.
    more = {"BETMATIC_API_TOKEN": "", "BETMATIC_API_TOKEN_FILE": str(tmp_path / "token")}
    rules.assert_no_leak(command(tmp_path, simulator, "playbook", "-vvvvv", "play.yml", more=more), simulator.token)
    shown = command(tmp_path, simulator, "playbook", "play.yml", more={"BETMATIC_API_TOKEN_FILE": str(tmp_path / "token")}, code=2)
    assert "BETMATIC_API_TOKEN and BETMATIC_API_TOKEN_FILE are both in the environment" in " ".join(shown.split())
    assert len(simulator.log()) == 1


# --- the warning ---

TASKS = {
    "bookie_bot": {"bookieops.betmatic.bookie_bot": {"account_id": "123", "state": "off"}},
    "bookie_account_info": {"bookieops.betmatic.bookie_account_info": {}},
    "bookie_token": {MODULE: {"min_days": 1}},
    "inventory": {"ansible.builtin.debug": {"msg": "read"}},
}
SENTENCES = {
    6.5: ["The API token expires on {0}, in 6 days: renew it with bookieops.betmatic.bookie_token."],
    8: [],
    -1: ["The API token expired on {0} by this machine's clock: log in again with bookieops.betmatic.bookie_token."],
}


@pytest.mark.parametrize("days", SENTENCES)
@pytest.mark.parametrize("name", TASKS)
def test_the_warning(name, days, simulator_of, tmp_path):
    simulator = simulator_of(token=token_for(days))
    simulator.patch_accounts({"id": 123, "bot": "RUNNING"})
    # Past the check of bookie_token, an expired token is refused as by the service.
    simulator.plan(answer(401, on="refresh", times=None))
    tmp_path.joinpath("bookie_accounts.yml").write_text("plugin: bookieops.betmatic.bookie_accounts\n", encoding="utf-8")
    tmp_path.joinpath("play.yml").write_text(
        json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [{**TASKS[name], "ignore_errors": True}]}]), encoding="utf-8"
    )
    shown = command(tmp_path, simulator, "playbook", "-vvvvv", "play.yml", *(("-i", "bookie_accounts.yml") if name == "inventory" else ()))
    rules.assert_no_leak(shown, simulator.token)
    plain = " ".join(shown.split())
    assert plain.count("[WARNING]: The API token") == len(SENTENCES[days])
    assert all(sentence.format(expires(simulator.token)) in plain for sentence in SENTENCES[days])
    # A token that looks expired keeps no command back.
    assert simulator.bots()["123"] == ("STOPPED" if name == "bookie_bot" else "RUNNING")
