# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""bookie_bot and the folder of the holds: what an ON meets there, and what an OFF leaves there."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _arguments, _hold_gate
from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import door, folder
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds.records import Placed, Standing
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Target

URL = "https://betmatic.app/api"
RESULT = {"failed": False, "changed": False, "msg": "1 of 1 account as wanted, 0 changed."}


@pytest.fixture(name="path")
def _path(tmp_path):
    return str(tmp_path / "holds")


def hold(path, scope=None):
    one = folder.new_hold("emergency_stop", URL, scope, folder.now(), reason="why")
    folder.place(path, one)
    return one


def placing(path, name="emergency_stop", scope=None, timeout=10.0):
    return _hold_gate.FolderPlacing(name, path, URL, scope, "why", timeout)


def test_an_on_is_told_who_when_why_and_how_to_lift(path):
    gate, one = _hold_gate.FolderGate(path, URL, None), hold(path)
    with gate.ask("123") as kept:
        assert one.id in kept.reason and folder.user() in kept.reason and f"bookie_hold_id={one.id} -e bookie_holds_path={path} " in kept.way_out
        assert [document["id"] for document in kept.holds] == [one.id]
    assert gate.look("123") == kept
    folder.lift(path, one.id, "why", folder.now())
    with gate.ask("123") as kept:
        assert kept is None
    assert gate.look(None) is None


def _torn(path):
    os.makedirs(path)
    with open(os.path.join(path, "torn.json"), "w", encoding="ascii"):
        pass


def _file(path):
    with open(path, "w", encoding="ascii"):
        pass


@pytest.mark.parametrize("make", [_torn, _file, lambda path: os.symlink("/proc/nowhere/at/all", path)])
def test_what_cannot_be_read_keeps_every_on_back(make, path):
    make(path)
    for override in (None, "torn"):
        with _hold_gate.FolderGate(path, URL, override).ask("123") as kept:
            assert path in kept.reason and "why" in kept.holds[0]


def test_the_holds_are_not_loaded_before_they_are_needed(monkeypatch):
    for name in [name for name in sys.modules if "._holds" in name]:
        monkeypatch.delitem(sys.modules, name)
    _hold_gate.FolderGate("/proc/nowhere", URL, None)
    placing("/proc/nowhere")
    assert not [name for name in sys.modules if "._holds" in name]


def test_an_off_places_a_hold_once_and_finds_it_again(path):
    first = placing(path)
    first.begin()
    first.begin()
    assert first.wait(20) and first.stands()
    result = first.result(RESULT)
    [one] = folder.read(path).holds
    assert (result["hold_id"], result["changed"], result["failed"], one.reason) == (one.id, True, False, "why")
    assert result["msg"].startswith(RESULT["msg"])
    again = placing(path).result(RESULT)
    assert (again["hold_id"], again["changed"], again["failed"]) == (one.id, False, False) and len(folder.read(path).holds) == 1


@pytest.mark.parametrize("make", [_file, lambda path: os.symlink(path, path)])
def test_a_hold_that_cannot_be_written_is_told_first_and_fails(make, path):
    make(path)
    result = placing(path).result(dict(RESULT, failed=True, changed=True, msg="NOT proven off: 123."))
    assert result["msg"].startswith("NO HOLD stands: ") and result["msg"].endswith("NOT proven off: 123.")
    assert (result["failed"], result["changed"], result["hold_id"]) == (True, True, None)


def test_a_hold_that_is_null_keeps_no_off_back_and_fails(path):
    params = {"hold": None, "state": "off", "holds_path": path, "api_url": URL, "reason": None, "timeout": 10.0}
    assert _hold_gate.read_placing(params, (), None) is None
    named = _hold_gate.read_placing(params, ("hold",), None)
    for result in (named.result(RESULT), named.prediction(RESULT)):
        assert result["failed"] and result["msg"].startswith("NO HOLD ") and "hold '' is not a valid name of a hold" in result["msg"]
    # A template that gives a hold to the OFFs alone: the ONs of the same task must not keep its OFFs back.
    assert _hold_gate.read_placing({**params, "state": "on"}, ("hold",), None) is None
    assert _hold_gate.read_placing(params, ("hold",), (Target("1", "off"), Target("2", "on"))) is None
    with pytest.raises(InputError, match="hold is for state=off"):
        _hold_gate.read_placing({**params, "hold": "x", "state": "on"}, ("hold",), None)


@pytest.mark.parametrize("found", [False, True])
def test_a_hold_that_somebody_lifts_meanwhile_is_told_first_and_fails(found, path):
    if found:
        hold(path)
    stop = placing(path)
    stop.begin()
    assert stop.wait(20)
    [one] = folder.read(path).holds
    folder.lift(path, one.id, "the other incident is over", folder.now())
    result = stop.result(RESULT)
    assert result["msg"].startswith(f"NO HOLD stands: somebody lifted {one.id} while this ran") and result["msg"].endswith(RESULT["msg"])
    assert (result["failed"], result["changed"], result["hold_id"]) == (True, True, None)


@pytest.mark.parametrize("name", ["", "two words", "../x"])
def test_a_name_that_no_hold_can_have_keeps_no_off_back(name, path):
    bad = placing(path, name)
    bad.begin()
    assert bad.wait(20) and not bad.stands()
    assert bad.result(RESULT)["msg"].startswith("NO HOLD stands: hold ") and folder.read(path) == Standing()
    assert bad.prediction(RESULT)["failed"]


def test_a_fault_of_our_own_says_that_no_hold_stands(path, monkeypatch):
    def fault(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(door, "place", fault)
    result = placing(path).result(RESULT)
    assert result["failed"] and "NO HOLD stands: internal error in bookieops.betmatic (ZeroDivisionError)" in result["msg"]


def test_an_on_that_stays_under_way_fails_the_stop(path, monkeypatch):
    monkeypatch.setattr(_hold_gate, "_LONGEST_ATTEMPT", 0.2)
    with door.Door(path, URL).ask("123"):
        slow = placing(path, timeout=0.1)
        slow.begin()
        assert not slow.wait(0.01)
        result = slow.result(RESULT)
    assert result["failed"] and result["hold_id"] and result["msg"].startswith(f"The hold {result['hold_id']} stands, but")


def test_check_mode_leaves_no_trace(path):
    predicted = placing(path, scope=("123",)).prediction(RESULT)
    assert (predicted["changed"], predicted["hold_id"]) == (True, None) and "Would place a hold emergency_stop over 123 of" in predicted["msg"]
    assert not os.path.lexists(path)
    one = hold(path)
    found = placing(path).prediction(RESULT)
    assert (found["changed"], found["hold_id"]) == (False, one.id)


def test_a_reader_is_told_which_accounts_are_held(path):
    def held():
        return _hold_gate.HeldLook(path, URL).held(["123", "124"])

    assert held() == frozenset() and not os.path.lexists(path)
    hold(path, ("124",))
    assert held() == {"124"}
    with open(os.path.join(path, "torn.json"), "w", encoding="ascii"):
        pass
    assert held() == {"123", "124"}


def test_a_reader_waits_for_no_folder_that_hangs(path, monkeypatch):
    """The folder is begun before the list and asked after it, with a grace that is far below an ON's patience."""
    read, answered, waited = folder.read, threading.Event(), []
    monkeypatch.setattr(folder, "read", lambda where: answered.wait(60) and read(where))
    real = folder.started
    monkeypatch.setattr(folder, "started", lambda work: lambda seconds: waited.append(seconds) or real(work)(0.01))
    look = _hold_gate.HeldLook(path, URL)
    assert waited == []
    assert look.held(["123"]) == {"123"} and waited == [_hold_gate._GRACE] and waited[0] < folder.PATIENCE / 4
    answered.set()


def test_a_reader_without_a_thread_counts_every_account_as_held(path, monkeypatch):
    def refuse(_work):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(folder, "started", refuse)
    assert _hold_gate.HeldLook(path, URL).held(["123"]) == {"123"}


def test_a_hold_that_may_still_come_is_not_denied(path, monkeypatch):
    monkeypatch.setattr(door, "place", lambda *_arguments: Placed(why="slow", known=False))
    result = placing(path).result(RESULT)
    assert result["msg"].startswith("It is NOT KNOWN whether the hold stands: ") and "bookie_hold_info" in result["msg"]
    assert (result["failed"], result["changed"], result["hold_id"]) == (True, True, None)


def test_a_hold_that_is_still_being_placed_is_not_denied(path, monkeypatch):
    go = threading.Event()
    monkeypatch.setattr(_hold_gate, "_LONGEST_ATTEMPT", 0.2)
    monkeypatch.setattr(door, "place", lambda *_arguments: go.wait(10) and Placed(why="slow"))
    result = placing(path).result(RESULT)
    go.set()
    assert result["failed"] and result["changed"] and "NOT KNOWN" in result["msg"] and "NO HOLD" not in result["msg"]


def test_a_folder_that_is_named_and_not_there_is_said_once_an_on_has_asked(path, monkeypatch):
    def missing(gate):
        told = []
        gate.tell_missing(told.append)
        return told

    gate = _hold_gate.FolderGate(path, URL, None)
    assert missing(gate) == []
    with gate.ask("123"):
        pass
    [words] = missing(gate)
    assert f"holds_path {path} was not there when an ON looked first, so that no hold was seen" in words and "mount it" in words
    # That an ON made it for its lock proves nothing to the next one.
    again = _hold_gate.FolderGate(path, URL, None)
    assert again.look("123") is None and len(missing(again)) == 1
    with again.ask("123"):
        pass
    assert missing(_hold_gate.FolderGate(path, URL, None)) == []
    one = placing(path)
    assert one.result(RESULT)["hold_id"] and not os.path.exists(os.path.join(path, ".made_by_an_on"))
    again = _hold_gate.FolderGate(path, URL, None)
    assert again.look("123") is not None and missing(again) == []
    os.rename(path, path + ".gone")
    assert again.look("123") is None and len(missing(again)) == 1
    # Nor need that of another user be there, which a task is given that runs as somebody else.
    other = _hold_gate.FolderGate(path + _arguments.DEFAULT_HOLDS_PATH[1:], URL, None)
    with other.ask("123"):
        pass
    assert missing(other) == []
    # The folder that is used by default need not be there.
    monkeypatch.setattr(_arguments, "DEFAULT_HOLDS_PATH", path)
    usual = _hold_gate.FolderGate(path, URL, None)
    assert usual.look("123") is None and missing(usual) == []
