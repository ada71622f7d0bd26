# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An ON asks and goes in; who places a hold waits until everybody is out."""

from __future__ import annotations

import os
import threading

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import claims, door, folder, locks
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds.records import Broken, Placed, Standing

URL = "https://betmatic.app/api"


@pytest.fixture(name="path")
def _path(tmp_path):
    return str(tmp_path / "holds")


def hold(scope=None, **fields):
    return folder.new_hold("emergency_stop", URL, scope, folder.now(), **fields)


def test_every_attempt_asks_anew(path):
    asked = door.Door(path, URL)
    with asked.ask("123") as kept:
        assert kept == ()
    one = hold()
    folder.place(path, one)
    with asked.ask("123") as kept:
        assert kept == (one,)
    assert asked.look("123") == (one,) and asked.look(None) == (one,)
    folder.lift(path, one.id, "why", folder.now())
    with asked.ask("123") as kept:
        assert kept == ()


def test_an_override_passes_its_hold(path):
    one, other = hold(), hold(scope=("9",))
    folder.place(path, one)
    folder.place(path, other)
    with door.Door(path, URL, one.id).ask("123") as kept:
        assert kept == ()
    with door.Door(path, URL, one.id).ask(None) as kept:
        assert kept == (other,)


@pytest.mark.parametrize(("claimed", "run", "passes"), [
    ("host 1 2", "host 1 2", True), ("host 3 4", "host 1 2", False), (None, "host 1 2", False), ("host 1 2", None, False), (None, None, True),
])
def test_a_hold_that_remembers_is_passed_only_by_the_run_that_works_under_it(claimed, run, passes, path, monkeypatch):
    one = hold(ran=("123",))
    door.place_alone(path, one, run, lambda standing: None)
    monkeypatch.setattr(door._parent, "of_this_run", lambda: run)
    asked = door.Door(path, URL, one.id)
    with asked.ask("123") as kept:
        assert kept == ()
    claims.write(path, one.id, claimed)
    with asked.ask("123") as kept:
        assert kept == (() if passes else (one,))


def test_a_hold_is_taken_over_by_one_run_and_lifted_by_no_other(path):
    one = hold(ran=("123",))
    door.place_alone(path, one, "host 1 2", lambda standing: None)
    assert door.take_over(path, "host 3 4", lambda standing: standing.holds[0]) == one and claims.read(path, one.id) == "host 3 4"
    with pytest.raises(InputError, match="another run works under it now"):
        door.lift_own(path, one.id, "host 1 2", "why", folder.now())
    assert folder.read(path).holds == (one,)
    door.lift_own(path, one.id, "host 3 4", "why", folder.now())
    assert folder.read(path).holds == () and [name for name in os.listdir(path) if name.endswith(".run")] == []


def test_nothing_is_taken_over_where_it_is_refused_or_nobody_else_can_be_kept_out(path, monkeypatch):
    one = hold(ran=("123",))
    door.place_alone(path, one, "host 1 2", lambda standing: None)

    def refuse(*_arguments):
        raise InputError("at work")

    with pytest.raises(InputError, match="at work"):
        door.take_over(path, "host 3 4", refuse)

    def broken(_lock):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(locks.Lock, "alone", broken)
    with pytest.raises(InputError, match="Input/output error. Fix the folder"):
        door.take_over(path, "host 3 4", lambda standing: one)
    assert claims.read(path, one.id) == "host 1 2"


def test_who_may_not_say_which_run_works_leaves_no_file_behind(path, monkeypatch):
    folder.make(path)
    claims.write(path, "one", "host 1 2")

    def refuse(*_arguments):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(PermissionError):
        claims.write(path, "one", "host 3 4")
    assert os.listdir(path) == [".one.run"] and claims.read(path, "one") == "host 1 2"


def test_looking_makes_no_folder(path):
    assert door.Door(path, URL).look("123") == ()
    assert not os.path.lexists(path)


def test_who_places_waits_for_an_on_that_asked_before(path):
    with door.Door(path, URL).ask("123") as kept:
        assert kept == ()
        placed = door.place(path, hold(), folder.now())
        assert placed.hold and "still under way after 0.05 s" in door.everybody_is_out(path, 0.05)
        waiting = threading.Thread(target=lambda: out.append(door.everybody_is_out(path, 20)))
        out = []
        waiting.start()
    waiting.join(20)
    assert out == [None]
    # What had waited in vain let go as well.
    assert door.everybody_is_out(path, 5) is None
    with door.Door(path, URL).ask("123") as kept:
        assert kept == (placed.hold,)


def test_many_are_inside_at_once(path):
    first, second = door.Door(path, URL), door.Door(path, URL)
    with first.ask("1") as one, first.ask("2") as two, second.ask("1") as three:
        assert one == two == three == ()


def test_a_second_stop_finds_the_hold_of_the_first(path):
    first = door.place(path, hold(reason="one"), folder.now())
    second = door.place(path, hold(reason="two"), folder.now())
    assert second == Placed(first.hold, found=True) and len(folder.read(path).holds) == 1
    assert not door.place(path, hold(("1",)), folder.now()).found


def test_a_folder_that_is_none_keeps_back_and_cannot_be_placed_in(tmp_path):
    path = tmp_path / "holds"
    path.write_text("", encoding="ascii")
    with door.Door(str(path), URL).ask("123") as kept:
        assert [type(one) for one in kept] == [Broken]
    placed = door.place(str(path), hold(), folder.now())
    assert placed.hold is None and str(path) in placed.why
    assert "cannot be locked" in door.everybody_is_out(str(path), 1)


def test_a_folder_that_cannot_be_locked_keeps_back(path, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    os.mkdir(path)
    monkeypatch.setattr(door, "Lock", refuse)
    with door.Door(path, URL).ask("123") as [kept]:
        assert "cannot be locked (Permission denied)" in kept.why


def test_where_no_folder_can_be_made_there_is_no_hold(path, monkeypatch):
    def refuse(*_arguments, **_names):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folder.os, "makedirs", refuse)
    with door.Door(path, URL).ask("123") as kept:
        assert kept == ()


def test_a_lock_that_may_only_be_read_is_shared(path, monkeypatch):
    os.mkdir(path)
    door.Door(path, URL).ask("1").__enter__()
    real = os.open

    def only_read(file, flags, *mode):
        if flags & os.O_RDWR:
            raise PermissionError(13, "Permission denied")
        return real(file, flags, *mode)

    monkeypatch.setattr(locks.os, "open", only_read)
    with door.Door(path, URL).ask("123") as kept:
        assert kept == ()
        assert door.everybody_is_out(path, 0.05) is not None


def test_a_folder_that_hangs_keeps_back_and_is_waited_for_once(path):
    os.mkdir(path)
    os.mkfifo(os.path.join(path, "hangs.json"))
    asked = door.Door(path, URL, seconds=0.05)
    for _time in range(2):
        with asked.ask("123") as [kept]:
            assert "did not answer within 0.05 s" in kept.why
    threads = threading.active_count()
    with asked.ask("123") as kept:
        assert kept and threading.active_count() == threads
    assert asked.look("123")
    os.close(os.open(os.path.join(path, "hangs.json"), os.O_WRONLY | os.O_NONBLOCK))
    # The one that hung lets go when it comes back.
    assert door.everybody_is_out(path, 5) is None


def test_only_one_places_what_is_chosen(path):
    one = hold()
    assert door.place_alone(path, one, None, lambda standing: None) == Placed(one)
    seen = []
    assert door.place_alone(path, hold(), None, lambda standing: seen.append(standing) or Placed(one, found=True)) == Placed(one, found=True)
    assert seen[0].holds == (one,) and folder.read(path).holds == (one,)


def test_of_twenty_at_once_one_places(path):
    results = []

    def choose(standing):
        return Placed(standing.holds[0], found=True) if standing.holds else None

    threads = [threading.Thread(target=lambda: results.append(door.place_alone(path, hold(), None, choose, 30))) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(not result.found for result in results) == 1 and len(folder.read(path).holds) == 1


def test_the_hold_of_a_process_that_was_killed_is_there_whole_or_not_at_all(path, monkeypatch):
    class Killed(BaseException):
        pass

    def kill(*_arguments):
        raise Killed

    monkeypatch.setattr(folder.os, "rename", kill)
    with pytest.raises(Killed):
        folder.place(path, hold())
    monkeypatch.undo()
    assert folder.read(path).holds == () and not folder.read(path).broken


def _fails_after(real, error):
    def place(path, wanted):
        real(path, wanted)
        raise error

    return place


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), TimeoutError("no answer within 2 s")])
def test_a_hold_that_is_there_stands_whatever_was_raised(error, path, monkeypatch):
    monkeypatch.setattr(folder, "place", _fails_after(folder.place, error))
    one, other = hold(), hold(("1",))
    assert door.place(path, one, folder.now()) == Placed(one)
    assert door.place_alone(path, other, None, lambda standing: None) == Placed(other)


def test_a_hold_that_may_still_come_is_not_denied(path, monkeypatch):
    go = threading.Event()
    monkeypatch.setattr(folder, "place", lambda *_arguments: go.wait(10))
    for placed in (door.place(path, hold(), folder.now(), 0.01), door.place_alone(path, hold(), None, lambda standing: None, 0.01)):
        assert (placed.hold, placed.known) == (None, False) and "did not answer within 0.01 s" in placed.why
    go.set()


def test_a_hold_whose_file_is_there_and_cannot_be_read_is_not_denied(path, monkeypatch):
    def torn(folder_path, wanted):
        os.makedirs(folder_path)
        with open(os.path.join(folder_path, wanted.id + ".json"), "w", encoding="ascii"):
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(folder, "place", torn)
    assert not door.place(path, hold(), folder.now()).known


def test_the_file_of_another_is_not_taken_for_ones_own(path, monkeypatch):
    one = hold()
    folder.place(path, one)
    placed = door.after_failure(path, one, FileExistsError(17, "a hold of the same id is there"))
    assert placed.hold is None and placed.known


def test_a_hold_has_the_run_that_works_under_it_until_it_is_lifted(path):
    one = hold(ran=("123",))
    door.place_alone(path, one, "host 1 2", lambda standing: None)
    assert claims.read(path, one.id) == "host 1 2" and folder.read(path) == Standing((one,))
    door.place_alone(path, hold(), "host 3 4", lambda standing: Placed(one, found=True))
    assert claims.read(path, one.id) == "host 3 4"
    door.place_alone(path, hold(), None, lambda standing: Placed(one, found=True))
    assert claims.read(path, one.id) is None
    door.lift(path, one.id, "why", folder.now())
    assert [name for name in os.listdir(path) if name.endswith(".run")] == []


def test_where_it_cannot_be_said_who_works_no_hold_is_placed_and_none_is_gone_on_from(path, monkeypatch):
    one = hold(ran=())
    door.place_alone(path, one, "host 1 2", lambda standing: None)

    def refuse(*_arguments):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(claims, "write", refuse)
    with pytest.raises(InputError, match="may not go on from it .Operation not permitted"):
        door.place_alone(path, hold(), "host 3 4", lambda standing: Placed(one, found=True))
    placed = door.place_alone(path, hold(), "host 3 4", lambda standing: None)
    assert placed.hold is None and placed.known and folder.read(path).holds == (one,)
