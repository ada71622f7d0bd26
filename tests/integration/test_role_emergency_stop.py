# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The emergency stop as it is run at night: by its playbook, with nothing but the token, against a service that fails."""

from __future__ import annotations

import json

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import every_other_fails, killed, run, running
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, hang

NAME = "emergency_stop"
QUICK = {"bookie_retries": 1, "bookie_wait_timeout": 3}


def is_stopped(fleet):
    return set(fleet.bots().values()) == {"STOPPED"}


@pytest.mark.core
def test_all_off_is_the_first_request_and_a_second_run_changes_nothing(fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME)
    assert fleet.log()[0]["command"] == "all_off" and is_stopped(fleet)
    assert "changed=1 " in shown and '"201": "off"' in shown and "6 of 6 accounts as wanted" in shown
    shown = run(tmp_path, fleet, NAME)
    assert "changed=0 " in shown and is_stopped(fleet)


@pytest.mark.core
def test_check_mode_sends_nothing_and_claims_nothing(fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, None, "--check", "--diff")
    assert fleet.requests("POST") == []
    assert '"201": "would be sent OFF"' in shown and '"off"' not in shown


@pytest.mark.core
def test_an_account_that_cannot_be_controlled_is_named_and_fails_the_run(fleet, tmp_path):
    fleet.patch_accounts({"id": 203, "maintenance": True})
    shown = run(tmp_path, fleet, NAME, QUICK, code=2)
    assert '"203": "NOT proven off (406' in shown and "Run the emergency stop again" in shown
    assert fleet.bots()["203"] == "RUNNING" and '"201": "off"' in shown


@pytest.mark.core
def test_a_service_that_fails_half_the_time_is_stopped_all_the_same(fleet, tmp_path):
    fleet.plan(*every_other_fails())
    run(tmp_path, fleet, NAME)
    assert is_stopped(fleet)


NEITHER = (answer(500, on="control_all", times=None), answer(404, on="list", times=None))


@pytest.mark.parametrize("known", [[account["id"] for account in running()], "201,202,203, 204,205,206"])
def test_without_bulk_command_and_list_the_known_accounts_are_stopped_and_the_run_says_that_others_may_run(known, fleet, tmp_path):
    fleet.plan(*NEITHER)
    shown = run(tmp_path, fleet, NAME, {**QUICK, "bookie_known_accounts": known}, code=2)
    assert is_stopped(fleet) and '"206": "off"' in shown
    assert "NOT proven off: all accounts" in shown and "Known accounts NOT" not in shown
    # The known ones wait for one all_off, and not for its repetitions.
    commands = [entry["command"] for entry in fleet.requests("POST")]
    assert commands[:7] == ["all_off", *["OFF"] * 6] and "all_off" in commands[7:]


@pytest.mark.parametrize("known", ["201", 201])
def test_a_known_account_is_what_was_named(known, fleet, tmp_path):
    fleet.plan(*NEITHER)
    run(tmp_path, fleet, NAME, {**QUICK, "bookie_known_accounts": known}, code=2)
    assert {entry["account_id"] for entry in fleet.requests("POST")} - {None} == {"201"}


def test_slips_among_the_known_accounts_keep_no_off_back_and_are_named(fleet, tmp_path):
    fleet.plan(*NEITHER)
    slips = [None, True, {"id": 204}, "20 5", ""]
    shown = run(tmp_path, fleet, NAME, {**QUICK, "bookie_known_accounts": ["201", *slips, 202]}, code=2)
    assert fleet.requests("POST")[0]["command"] == "all_off"
    assert {entry["account_id"] for entry in fleet.requests("POST")} - {None} == {"201", "202"}
    words = "Fix bookie_known_accounts: no OFF of its own was sent to what is not a valid account id:"
    assert words in shown and "20 5" in shown and "None" in shown and "Known accounts NOT" not in shown


GONE = "{{ lookup('ansible.builtin.file', '/no/such/file') }}"


# A list without entries in a file of variables is null; the next two cannot be rendered at all, and the last is for the module's options.
@pytest.mark.parametrize(
    "variables,words",
    [
        ({"bookie_known_accounts": None}, "Fix bookie_known_accounts"),
        ({"bookie_known_accounts": ["201", "{{ mistyped }}"]}, "Fix bookie_known_accounts, which cannot be read"),
        ({"bookie_reason": "{{ mistyped }}", "bookie_known_accounts": ["201"]}, "'mistyped' is undefined"),
        ({"bookie_concurrency": "many", "bookie_retries": 99, "bookie_deadline": None}, "One of bookie_reason, bookie_concurrency, bookie_retries"),
        ({"bookie_hold": "ture"}, "Fix bookie_hold: 'ture' is neither true nor false, so a hold was placed"),
        ({"bookie_hold": "{{ mistyped }}"}, "Fix bookie_hold: '' is neither true nor false, so a hold was placed"),
        ({"bookie_hold": GONE}, "Fix bookie_hold: '' is neither true nor false, so a hold was placed"),
        ({"bookie_holds_path": "{{ mistyped }}"}, "Fix bookie_holds_path, which cannot be rendered"),
        ({"bookie_holds_path": GONE, "bookie_known_accounts": ["201"]}, "Fix bookie_holds_path, which cannot be rendered"),
    ],
)
def test_nothing_that_is_mistyped_keeps_all_off_back(variables, words, fleet, tmp_path):
    shown = run(tmp_path, fleet, NAME, variables, code=2)
    assert fleet.log()[0]["command"] == "all_off" and is_stopped(fleet)
    assert "6 of 6 accounts as wanted" in shown and words in shown and "Run the emergency stop again" not in shown
    assert list(tmp_path.rglob("holds/*.json"))


@pytest.mark.parametrize(("name", "option"), [(NAME, "bookie_api_token_file"), ("emergency_stop_on_event", "bookie_api_url")])
def test_nothing_is_sent_where_a_mistake_decides_to_whom(name, option, fleet, tmp_path):
    # In the environment there is a token and a service: not the ones that were meant.
    shown = run(tmp_path, fleet, name, {option: "{{ mistyped }}"}, code=2)
    assert fleet.log() == [] and f"{option} cannot be rendered: correct or remove it. Nothing was sent." in shown


def test_what_the_bulk_command_did_not_stop_at_first_is_stopped_in_the_end(fleet, tmp_path):
    fleet.plan(answer(500, on="control_all"), answer(500, account="206", times=1))
    shown = run(tmp_path, fleet, NAME, {**QUICK, "bookie_known_accounts": ["201"]})
    assert is_stopped(fleet) and '"206": "off"' in shown


def test_known_accounts_that_are_proven_off_get_no_second_command(fleet, tmp_path):
    run(tmp_path, fleet, NAME, {"bookie_known_accounts": [201, "202"], "bookie_hold": False})
    assert [entry["command"] for entry in fleet.requests("POST")] == ["all_off"]


def test_an_empty_fleet_has_nothing_to_stop(simulator, tmp_path):
    simulator.put_accounts([])
    assert "changed=0 " in run(tmp_path, simulator, NAME, {**QUICK, "bookie_hold": False})


def test_a_token_that_expires_half_way_fails_and_names_what_is_not_proven(fleet, tmp_path):
    fleet.plan(answer(500, on="control_all"), answer(401, skip=4, times=None))
    shown = run(tmp_path, fleet, NAME, {**QUICK, "bookie_concurrency": 1}, code=2)
    running_still = {account for account, bot in fleet.bots().items() if bot == "RUNNING"}
    assert running_still and "Log in again or refresh the token" in shown
    for account in running_still:
        assert f'"{account}": "NOT proven off' in shown


def test_killed_in_the_middle_and_started_again(fleet, tmp_path):
    fleet.plan(answer(500, on="control_all"), hang(account="203"))
    killed(tmp_path, fleet, NAME, {"bookie_concurrency": 1}, commands=3)
    assert not is_stopped(fleet)
    run(tmp_path, fleet, NAME)
    assert is_stopped(fleet)


def test_each_variable_reaches_the_module(fleet, tmp_path):
    variables = {"bookie_reason": "CHG-7", "bookie_concurrency": 3, "bookie_retries": 4, "bookie_wait_timeout": 5, "bookie_deadline": 6}
    shown = run(tmp_path, fleet, NAME, variables, "-vvv")
    for text in ('"reason": "CHG-7"', '"concurrency": 3', '"retries": 4', '"wait_timeout": 5', '"deadline": 6'):
        assert text in shown


# Each setting of ansible.cfg as its environment variable; become without sudo would fail.
SETTINGS = {"ANSIBLE_STRATEGY": "free", "ANSIBLE_ANY_ERRORS_FATAL": "true", "ANSIBLE_JINJA2_NATIVE": "true", "ANSIBLE_BECOME": "true"}


@pytest.mark.parametrize("setting", SETTINGS)
def test_settings_of_the_user_do_not_keep_it_back(setting, fleet, tmp_path):
    playbook = tmp_path / "stop.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "roles": ["bookieops.betmatic.emergency_stop"]}]), encoding="utf-8")
    fleet.plan(answer(500, on="control_all"))
    shown = run(tmp_path, fleet, str(playbook), {"bookie_known_accounts": ["201", None]}, code=2, more={setting: SETTINGS[setting]})
    assert is_stopped(fleet) and '["None"]' in shown.replace("\\", "") and "Known accounts NOT" not in shown


# --- the bots at some bookmakers -----------------------------------------------------------------------------------


@pytest.fixture(name="mixed")
def _mixed(simulator):
    """Six accounts whose bots run, 201 to 203 at TAB, the others at WishBet."""
    simulator.put_accounts({**account, "bookie": "TAB" if account["id"] < 204 else "WishBet"} for account in running())
    return simulator


def commands(fleet):
    return sorted({(entry["command"], entry["account_id"]) for entry in fleet.requests("POST")})


TAB = [("OFF", "201"), ("OFF", "202"), ("OFF", "203")]


def test_with_bookmakers_no_other_account_gets_an_off_or_a_hold(mixed, tmp_path):
    # Accounts that are known for the other stop are not meant here; a tag of the caller's cuts nothing.
    some = {"bookie_bookmakers": "TAB", "bookie_known_accounts": ["204"]}
    shown = run(tmp_path, mixed, NAME, some, "--check", "--tags", "stop")
    assert mixed.requests("POST") == [] and '"201": "would be sent OFF"' in shown and '"204"' not in shown
    shown = run(tmp_path, mixed, NAME, some)
    assert commands(mixed) == TAB and '"203": "off"' in shown and '"204"' not in shown
    assert "Only the bots at the bookmakers of bookie_bookmakers were stopped" in shown
    (hold,) = [json.loads(path.read_text(encoding="utf-8")) for path in tmp_path.rglob("holds/*.json")]
    assert (hold["name"], sorted(hold["scope"])) == ("emergency_stop", ["201", "202", "203"])
    assert "changed=0 " in run(tmp_path, mixed, NAME, some)


def test_a_slip_beside_a_bookmaker_keeps_its_off_not_back_and_fails_in_the_end(mixed, tmp_path):
    slips = {"bookie_bookmakers": ["TAB", None, "Wishbet"], "bookie_concurrency": "many"}
    shown = " ".join(run(tmp_path, mixed, NAME, {**QUICK, **slips}, code=2).split())
    assert commands(mixed) == TAB and '"201": "off"' in shown
    assert "No OFF was sent for this: bookie_bookmakers has None: this is not the name of a bookmaker." in shown
    assert "bookie_bookmakers: the list has no account at Wishbet. It has TAB, WishBet." in shown
    assert "OFF went out with the defaults" in shown and "Without bookie_bookmakers it stops every bot." in shown


NOTHING = {
    "the list has no account at TABB, Wishbet. It has TAB, WishBet.": ["TABB", "Wishbet"],
    "bookie_bookmakers names no bookmaker": "",
    "names no bookmaker: name at least one": None,
    "bookie_bookmakers has an empty name": " , ",
    "bookie_bookmakers is True": True,
    "bookie_bookmakers cannot be read": "{{ mistyped }}",
    "bookie_bookmakers cannot be read: ": GONE,
    "Which accounts are at TAB is not known": "TAB",
}


def test_what_names_no_bookmaker_of_the_list_stops_nothing_and_says_so(mixed, tmp_path):
    role = {"ansible.builtin.include_role": {"name": "bookieops.betmatic.emergency_stop"}}
    blocks = [
        {
            "block": [{"name": "Stop", **role, "vars": {"bookie_bookmakers": slip}}],
            "rescue": [{"name": "Show", "ansible.builtin.debug": {"msg": f"slip {number}: {{{{ ansible_failed_result.msg }}}}"}}],
        }
        for number, slip in enumerate(NOTHING.values())
    ]
    play = {"name": "Slips", "hosts": "localhost", "gather_facts": False, "tasks": blocks}
    tmp_path.joinpath("play.yml").write_text(json.dumps([play]), encoding="utf-8")
    # The last one finds no list.
    mixed.plan(answer(404, on="list", skip=len(NOTHING) - 1, times=None))
    shown = run(tmp_path, mixed, "play.yml")
    lines = {int(line.split("slip ")[1].split(":")[0]): line for line in shown.splitlines() if "slip " in line}
    assert [words for number, words in enumerate(NOTHING) if "NOTHING WAS STOPPED. " not in lines[number] or words not in lines[number]] == []
    assert mixed.requests("POST") == []
