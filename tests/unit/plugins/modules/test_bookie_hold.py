# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""bookie_hold and bookie_hold_info as processes call them: what is written, what is refused, what is sent."""

from __future__ import annotations

import json
import os

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _module, _parent
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import AccountList, ListedAccount, Refusal
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import claims, door, folder
from ansible_collections.bookieops.betmatic.plugins.modules import bookie_hold, bookie_hold_info
from ansible_collections.bookieops.betmatic.tests.unit.support.fake_module import Ended, FakeModule

OPTIONS = {
    "state": "present", "name": None, "account_id": None, "all_accounts": False, "reason": None, "hold_until": None, "remember": False, "id": None,
    "api_token": "one-long-and-odd-token", "api_token_file": None, "api_url": "https://betmatic.app/api", "timeout": 1.0, "retries": 0,
    "validate_certs": True, "ca_path": None,
}
ALL = {"name": "emergency_stop", "all_accounts": True}
ROWS = (ListedAccount("123", bot_running=True), ListedAccount("124", bot_running=False))


@pytest.fixture(name="run")
def _run(monkeypatch, tmp_path):
    """Run a module's main; `run.list` is what the service answers, `run.sent` counts how often."""

    def run(check_mode=False, main=bookie_hold, **options):
        module = FakeModule(dict(OPTIONS, holds_path=run.path, **options), check_mode, diff=True)
        monkeypatch.setattr(main, "AnsibleModule", lambda *args, **kwargs: module)
        with pytest.raises(Ended):
            main.main()
        return module.result

    class Client:
        def __init__(self, *_arguments):
            pass

        def list_accounts(self, seconds):
            run.sent += 1
            return run.list

    monkeypatch.setattr(_module, "Client", Client)
    monkeypatch.setattr(_parent, "of_this_run", lambda: "the run")
    monkeypatch.setattr(_parent, "state_of", lambda known: run.states.get(known, _parent.NOT_KNOWN))
    run.states = {"the run": _parent.OWN}
    run.path, run.list, run.sent = str(tmp_path / "holds"), AccountList(ROWS), 0
    return run


def standing(run):
    return folder.read(run.path).holds


def test_a_hold_is_placed_found_and_lifted(run):
    placed = run(**ALL, reason="why")
    assert (placed["changed"], placed["failed"], placed["hold"]["scope"]) == (True, False, "all")
    again = run(**ALL, reason="another why")
    assert (again["changed"], again["hold_id"]) == (False, placed["hold_id"]) and len(standing(run)) == 1
    lifted = run(state="absent", id=placed["hold_id"], reason="checked")
    assert lifted["changed"] and lifted["hold"]["reason"] == "why" and standing(run) == ()
    assert not run(state="absent", id=placed["hold_id"], reason="checked")["changed"]
    assert run.sent == 0


def test_check_mode_writes_nothing(run):
    placed = run(check_mode=True, **ALL)
    assert (placed["changed"], placed["hold_id"]) == (True, None) and not os.path.lexists(run.path)
    assert run(check_mode=True, **ALL, remember=True)["hold"]["ran"] == ["123"] and not os.path.lexists(run.path)
    one = run(**ALL)["hold_id"]
    assert not run(check_mode=True, **ALL)["changed"]
    assert run(check_mode=True, state="absent", id=one, reason="x")["changed"] and len(standing(run)) == 1


@pytest.mark.parametrize("options", [
    {}, {"name": "x"}, {"all_accounts": True}, {"name": "two words", "all_accounts": True}, {"name": "x", "account_id": []}, {"name": "x", "account_id": ["."]},
    {"name": "x", "account_id": ["1"], "all_accounts": True}, {**ALL, "hold_until": "soon"}, {**ALL, "hold_until": "2001-01-01T00:00:00Z"}, {**ALL, "id": "x"},
    {**ALL, "api_url": "http://betmatic.app/api"}, {**ALL, "api_url": "https://user:secret@betmatic.app/api"}, {**ALL, "timeout": 0.0},
    {"state": "absent"}, {"state": "absent", "id": "x"}, {"state": "absent", "id": "x", "reason": " \n"}, {"state": "absent", "id": "../x", "reason": "x"},
    {"state": "absent", "id": "20261121T080002-kqzt", "reason": "x"}, {"state": "absent", "reason": "x"},
    {"state": "absent", "id": "x", "reason": "x", "all_accounts": True}, {"state": "absent", "id": "x", "reason": "x", "name": "x"},
])
def test_a_bad_option_writes_nothing(options, run):
    result = run(**options)
    assert result["failed"] and not result["changed"] and "Nothing was sent" in result["msg"] and not os.path.lexists(run.path)
    assert "secret" not in json.dumps(result)


def test_what_ran_is_remembered_and_gone_on_from(run):
    placed = run(name="maintenance", account_id=["123", "124"], remember=True)
    assert placed["hold"]["ran"] == ["123"]
    run.list = Refusal(401, None, None)
    again = run(name="maintenance", account_id=["124", "123"], remember=True)
    assert (again["changed"], again["failed"], again["hold"]["ran"]) == (False, False, ["123"]) and run.sent == 1
    other = run(name="maintenance", account_id=["124"], remember=True)
    assert other["failed"] and placed["hold_id"] in other["msg"] and len(standing(run)) == 1


@pytest.mark.parametrize(("state", "named", "words"), [
    (_parent.UNDER_WAY, True, "is at work under it"), (_parent.NOT_KNOWN, True, "began on another machine"),
    (_parent.ENDED, False, "somebody may work by hand"), (_parent.ENDED, True, None),
])
def test_of_two_runs_of_the_same_accounts_one_is_refused_as_long_as_the_other_may_work(state, named, words, run, monkeypatch):
    maintenance = {"name": "maintenance", "account_id": ["123"], "remember": True}
    placed = run(**maintenance)
    run.states["the run"] = state
    monkeypatch.setattr(_parent, "of_this_run", lambda: "another run")
    [listed] = run(main=bookie_hold_info)["holds"]
    assert listed["run"] == state and listed["mine"]
    maintenance["id"] = placed["hold_id"] if named else None
    for check_mode in (True, False):
        second = run(check_mode, **maintenance)
        assert second["failed"] is bool(words) and (words or "") in second["msg"] and not second["changed"]
    assert [one.id for one in standing(run)] == [placed["hold_id"]] and run.sent == 1
    assert claims.read(run.path, placed["hold_id"]) == ("the run" if words else "another run")


def test_a_name_of_a_hold_that_is_not_that_of_these_accounts_is_refused(run):
    maintenance = {"name": "maintenance", "account_id": ["123"], "remember": True}
    for _again in range(2):
        result = run(**maintenance, id="20261121T080002-kqzt")
        assert result["failed"] and "There is no hold 20261121T080002-kqzt that remembers what ran of these accounts" in result["msg"]
        run(**maintenance)
    assert len(standing(run)) == 1


@pytest.mark.parametrize("state", [_parent.UNDER_WAY, _parent.ENDED, _parent.NOT_KNOWN])
def test_a_hold_is_taken_over_to_end_it_unless_another_run_is_at_work_and_lifted_while_it_is_this_runs(state, run, monkeypatch):
    hold_id = run(name="maintenance", account_id=["123"], remember=True)["hold_id"]
    run.states.update({"the run": state, "another run": _parent.OWN})
    monkeypatch.setattr(_parent, "of_this_run", lambda: "another run")
    end = {"state": "absent", "id": hold_id, "remember": True, "reason": "on again"}
    refused = run(**end)
    assert refused["failed"] and "another run works under it" in refused["msg"] and len(standing(run)) == 1
    predicted = run(True, id=hold_id, remember=True)
    assert (predicted["failed"], predicted["changed"]) == (state == _parent.UNDER_WAY, False) and claims.read(run.path, hold_id) == "the run"
    taken = run(id=hold_id, remember=True)
    assert (taken["failed"], taken["changed"]) == (state == _parent.UNDER_WAY, False) and run.sent == 1
    assert claims.read(run.path, hold_id) == ("the run" if state == _parent.UNDER_WAY else "another run")
    assert run(**end)["failed"] is (state == _parent.UNDER_WAY) and bool(standing(run)) is (state == _parent.UNDER_WAY)


def test_a_hold_that_is_lifted_while_a_run_goes_on_from_it_is_not_placed_again_without_what_ran(run, monkeypatch):
    maintenance = {"name": "maintenance", "account_id": ["123"], "remember": True}
    placed, real = run(**maintenance), folder.read_in_time

    def read_then_lift(path, *arguments):
        standing_before = real(path, *arguments)
        folder.lift(path, placed["hold_id"], "x", folder.now())
        return standing_before

    monkeypatch.setattr(folder, "read_in_time", read_then_lift)
    assert "was lifted a moment ago" in run(**maintenance)["msg"] and standing(run) == ()


@pytest.mark.parametrize("answer", [Refusal(401, None, None), Refusal(404, None, None), AccountList(ROWS[:1]), AccountList((ListedAccount("123"), ROWS[1]))])
def test_nothing_is_placed_where_nobody_knows_what_ran(answer, run):
    run.list = answer
    result = run(name="maintenance", account_id=["123", "124"], remember=True)
    assert result["failed"] and "No hold was placed" in result["msg"] and standing(run) == ()


def test_a_folder_that_cannot_be_written_is_told_first(run):
    with open(run.path, "w", encoding="ascii"):
        pass
    for options in (ALL, {**ALL, "remember": True}):
        result = run(**options)
        assert result["failed"] and not result["changed"] and run.path in result["msg"]
    assert run(**ALL)["msg"].startswith("NO HOLD stands")


def test_an_on_under_way_fails_the_task_and_the_hold_stands(run):
    with door.Door(run.path, OPTIONS["api_url"]).ask("123"):
        result = run(**ALL, timeout=0.05)
    assert result["failed"] and result["changed"] and "a bot may still start" in result["msg"] and len(standing(run)) == 1
    assert not run(**ALL)["failed"]


def test_a_torn_file_is_told_and_can_be_lifted(run):
    os.makedirs(run.path)
    with open(os.path.join(run.path, "torn.json"), "w", encoding="ascii"):
        pass
    info = run(main=bookie_hold_info)
    assert (info["failed"], info["broken"][0]["id"]) == (False, "torn") and "bookie_hold_id=torn" in info["msg"]
    assert "Nothing was lifted" in run(state="absent", id="20261121T080002-kqzt", reason="x")["msg"]
    assert run(state="absent", id="torn", reason="a crash")["changed"]
    assert run(main=bookie_hold_info)["msg"] == "0 holds stand."


def test_a_hold_that_may_not_be_moved_is_not_lifted(run, monkeypatch):
    one = run(**ALL)["hold_id"]

    def refuse(*_arguments):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(folder, "lift", refuse)
    result = run(state="absent", id=one, reason="x")
    assert result["failed"] and "was not lifted: Operation not permitted" in result["msg"] and len(standing(run)) == 1


@pytest.mark.parametrize("error", [OSError(22, "Invalid argument"), TimeoutError("no answer within 2 s")])
def test_a_hold_that_is_gone_is_lifted_whatever_was_raised(error, run, monkeypatch):
    one, real = run(**ALL)["hold_id"], folder.lift

    def lift(*arguments):
        real(*arguments)
        raise error

    monkeypatch.setattr(folder, "lift", lift)
    result = run(state="absent", id=one, reason="x")
    assert (result["failed"], result["changed"], result["hold_id"]) == (False, True, one) and standing(run) == ()


@pytest.mark.parametrize(("error", "there"), [(TimeoutError("late"), True), (TimeoutError("late"), None), (OSError(5, "Input/output error"), None)])
def test_a_hold_that_may_still_be_lifted_is_not_said_to_stand(error, there, run, monkeypatch):
    one = run(**ALL)["hold_id"]

    def lift(*_arguments):
        raise error

    monkeypatch.setattr(folder, "lift", lift)
    monkeypatch.setattr(folder, "is_there", lambda *_arguments: there)
    result = run(state="absent", id=one, reason="x")
    assert (result["failed"], result["changed"], result["hold_id"]) == (True, True, one)
    assert "NOT KNOWN" in result["msg"] and "bookie_hold_info" in result["msg"] and "It stands" not in result["msg"]


@pytest.mark.parametrize("remember", [False, True])
def test_a_hold_that_is_there_is_not_denied(remember, run, monkeypatch):
    real = folder.place

    def place(*arguments):
        real(*arguments)
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(folder, "place", place)
    result = run(**ALL, remember=remember)
    assert (result["failed"], result["changed"]) == (False, True) and [one.id for one in standing(run)] == [result["hold_id"]]


@pytest.mark.parametrize("remember", [False, True])
def test_a_hold_that_may_still_come_is_not_denied(remember, run, monkeypatch):
    def place(*_arguments):
        raise TimeoutError("no answer within 2 s")

    monkeypatch.setattr(folder, "place", place)
    result = run(**ALL, remember=remember)
    assert (result["failed"], result["changed"], result["hold_id"]) == (True, True, None)
    assert "NOT KNOWN" in result["msg"] and "NO HOLD" not in result["msg"] and "bookie_hold_info" in result["msg"]


def test_lifting_needs_a_reason_and_an_id_that_leads_nowhere_else(run):
    one = run(**ALL)["hold_id"]
    # The last is what stands for it in the printed command.
    for reason in (None, " \n", "..."):
        assert "reason is missing" in run(state="absent", id=one, reason=reason)["msg"]
    for hold_id in ("../x", "lifted/x", None):
        assert "is not a valid id of a hold" in run(state="absent", id=hold_id, reason="x")["msg"]
    assert len(standing(run)) == 1
