# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The folder on the disk: what is missing is nothing, what cannot be read keeps every ON back."""

from __future__ import annotations

import errno
import functools
import importlib
import itertools
import json
import os
import signal
import stat
import tempfile
import threading
import time
from datetime import datetime, timezone

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import folder, records

URL = "https://betmatic.app/api"
NOW = datetime(2026, 11, 21, 8, 0, 2, tzinfo=timezone.utc)


def hold(**fields):
    return folder.new_hold("emergency_stop", URL, None, NOW, **fields)


@pytest.fixture(name="path")
def _path(tmp_path):
    return str(tmp_path / "state" / "holds")


def test_a_folder_that_is_missing_has_none(path):
    assert folder.read(path) == records.Standing()
    assert not os.path.lexists(path)


def test_what_is_placed_stands_oldest_first(path):
    holds = [hold(reason="why"), folder.new_hold("x", URL, ("123",), NOW.replace(hour=7))]
    for one in holds:
        folder.place(path, one)
    assert folder.read(path) == records.Standing((holds[1], holds[0]))
    assert sorted(os.listdir(path)) == sorted(one.id + ".json" for one in holds)
    assert os.stat(path).st_mode & 0o777 == 0o700 and os.stat(os.path.join(path, holds[0].id + ".json")).st_mode & 0o777 == 0o640


def test_a_hold_takes_the_place_of_no_other(path):
    one = hold()
    folder.place(path, one)
    with pytest.raises(FileExistsError):
        folder.place(path, one)
    assert folder.read(path).holds == (one,)


def _nowhere(path):
    os.symlink("/proc/nowhere/at/all", path)


def _loop(path):
    os.symlink(path, path)


def _file(path):
    with open(path, "w", encoding="ascii"):
        pass


@pytest.mark.parametrize("make", [_nowhere, _loop, _file])
def test_a_folder_that_is_none_is_broken(make, path):
    os.makedirs(os.path.dirname(path))
    make(path)
    assert [one.id for one in folder.read(path).broken] == [None]


def test_a_folder_below_a_link_that_leads_nowhere_is_broken_and_one_below_folders_only_is_missing(tmp_path):
    """Storage that is gone: below a link to it no hold may be forgotten."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "storage")
    [broken] = folder.read(str(link / "of" / "holds")).broken
    assert broken.why == f"is below {link}, a link that leads nowhere"
    assert folder.read(str(tmp_path / "of" / "holds")) == records.Standing()
    (tmp_path / "storage").mkdir()
    assert folder.read(str(link / "of" / "holds")) == records.Standing()


@pytest.mark.parametrize("path", ["", "holds", "./holds", "~/holds", "/hol\0ds"])
def test_a_path_that_may_be_anywhere_is_broken(path):
    assert folder.read(path).broken and folder.read_in_time(path).broken
    with pytest.raises(OSError):
        folder.place(path, hold())


def test_a_folder_below_a_file_is_broken(tmp_path):
    _file(tmp_path / "file")
    assert folder.read(str(tmp_path / "file" / "holds")).broken


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error"), OSError(116, "Stale file handle")])
@pytest.mark.parametrize("of", ["folder", "file"])
def test_what_the_system_does_not_give_is_broken(of, error, path, monkeypatch):
    folder.place(path, hold())

    def refuse(*_arguments):
        raise error

    monkeypatch.setattr(folder.os if of == "folder" else folder, "listdir" if of == "folder" else "_content", refuse)
    [broken] = folder.read(path).broken
    assert error.strerror in broken.why and (broken.id is None) == (of == "folder")


def test_files_that_are_no_holds_are_broken_and_the_others_count(path):
    one = hold()
    folder.place(path, one)
    texts = {"empty.json": "", "torn.json": "{", "20261121T080002-aaaa.json": records.as_text(one), " .json": ""}
    for name, text in texts.items():
        with open(os.path.join(path, name), "w", encoding="utf-8") as file:
            file.write(text)
    os.mkdir(os.path.join(path, "folder.json"))
    os.symlink("/proc/nowhere", os.path.join(path, "link.json"))
    standing = folder.read(path)
    assert standing.holds == (one,)
    assert {one.id for one in standing.broken} == {"empty", "torn", "20261121T080002-aaaa", "folder", "link", None}


def test_what_is_no_json_file_of_the_folder_is_not_read(path):
    folder.place(path, hold())
    for name in (".lock", "README.txt", ".20261121T080002-kqzt.123.new", ".hidden.json"):
        _file(os.path.join(path, name))
    assert not folder.read(path).broken


def test_a_file_too_large_is_broken(path):
    os.makedirs(path)
    with open(os.path.join(path, "large.json"), "wb") as file:
        file.truncate(folder._CAP + 1)
    assert "too large" in folder.read(path).broken[0].why


def test_a_hold_that_is_lifted_between_two_looks_is_gone(path, monkeypatch):
    folder.place(path, hold())
    monkeypatch.setattr(folder.os, "listdir", lambda _path: ["20261121T080002-gone.json"])
    assert folder.read(path) == records.Standing()


def test_a_file_that_hangs_is_broken_in_time(path):
    os.makedirs(path)
    os.mkfifo(os.path.join(path, "hangs.json"))
    [broken] = folder.read_in_time(path, 0.05).broken
    assert "did not answer within 0.05 s" in broken.why
    os.close(os.open(os.path.join(path, "hangs.json"), os.O_WRONLY | os.O_NONBLOCK))


def test_lifting_moves_the_one_file_and_says_who_when_and_why(path):
    one, other = hold(), hold()
    folder.place(path, one)
    folder.place(path, other)
    folder.lift(path, one.id, "checked\nwith the desk", NOW)
    assert folder.read(path).holds == (other,)
    lifted = os.path.join(path, "lifted")
    assert sorted(os.listdir(lifted)) == [one.id + ".json", one.id + ".why.json"]
    with open(os.path.join(lifted, one.id + ".json"), "rb") as file:
        assert records.parse(file.read(), one.id) == one
    with open(os.path.join(lifted, one.id + ".why.json"), encoding="utf-8") as file:
        note = json.load(file)
    assert (note["lifted_by"], note["lifted_at"], note["reason"]) == (folder.user(), "2026-11-21T08:00:02Z", "checked with the desk")


def test_a_file_that_cannot_be_read_can_be_lifted_and_again(path):
    os.makedirs(path)
    for _time in range(2):
        _file(os.path.join(path, "torn.json"))
        folder.lift(path, "torn", "a crash", NOW)
    assert sorted(os.listdir(os.path.join(path, "lifted"))) == ["torn.2.json", "torn.2.why.json", "torn.json", "torn.why.json"]


def test_who_comes_second_lifts_nothing(path):
    one = hold()
    folder.place(path, one)
    folder.lift(path, one.id, "first", NOW)
    with pytest.raises(FileNotFoundError):
        folder.lift(path, one.id, "second", NOW)
    assert not [name for name in os.listdir(os.path.join(path, "lifted")) if name.endswith(".new")]


def test_a_hold_that_may_not_be_moved_stands_and_no_note_says_otherwise(path, monkeypatch):
    one = hold()
    folder.place(path, one)

    def refuse(*_arguments):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(folder.os, "rename", refuse)
    with pytest.raises(PermissionError):
        folder.lift(path, one.id, "why", NOW)
    assert folder.read(path).holds == (one,) and os.listdir(os.path.join(path, "lifted")) == []


def test_lifted_may_be_used_by_all_who_share_the_folder(path):
    os.makedirs(path)
    os.chmod(path, 0o3770)
    one = hold()
    folder.place(path, one)
    folder.lift(path, one.id, "why", NOW)
    assert os.stat(os.path.join(path, "lifted")).st_mode & 0o7777 == 0o3770


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "lifted/x", ".lock", "x\n", "x" * 200])
def test_an_id_leads_nowhere_else(name):
    assert not folder.is_liftable(name)


def test_ten_thousand_lifted_files_are_not_looked_at(path, monkeypatch):
    one = hold()
    folder.place(path, one)
    lifted = os.path.join(path, "lifted")
    os.mkdir(lifted)
    for number in range(10000):
        _file(os.path.join(lifted, f"{number}.json"))
    looked = []
    real = os.listdir
    monkeypatch.setattr(folder.os, "listdir", lambda where: looked.append(where) or real(where))
    assert folder.read(path).holds == (one,)
    assert looked == [path]


def test_what_comes_too_late_is_handed_on():
    late, go = [], threading.Event()

    def work():
        go.wait(10)
        return "result"

    with pytest.raises(TimeoutError):
        folder.in_time(work, 0.01, late.append)
    go.set()
    while not late:
        time.sleep(0.001)
    assert late == ["result"]


def test_what_work_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        folder.in_time(lambda: 1 / 0, 5)


def _no_sync(_descriptor):
    raise OSError(errno.EINVAL, "Invalid argument")


def test_a_folder_that_cannot_be_synced_takes_a_hold_and_gives_it_back(path, monkeypatch):
    one = hold()
    real = os.fsync
    monkeypatch.setattr(folder.os, "fsync", lambda descriptor: (_no_sync if stat.S_ISDIR(os.fstat(descriptor).st_mode) else real)(descriptor))
    folder.place(path, one)
    assert folder.is_there(path, one.id)
    folder.lift(path, one.id, "why", NOW)
    assert folder.read(path).holds == () and folder.is_there(path, one.id) is False


def test_a_hold_is_lifted_though_its_note_keeps_its_temporary_name(path, monkeypatch):
    one, real = hold(), os.rename
    folder.place(path, one)

    def rename(source, target):
        if target.endswith(".why.json"):
            raise OSError(errno.EIO, "Input/output error")
        real(source, target)

    monkeypatch.setattr(folder.os, "rename", rename)
    folder.lift(path, one.id, "why", NOW)
    assert folder.read(path).holds == ()


def test_where_nobody_can_look_it_is_not_known_whether_a_hold_is_there(path, monkeypatch):
    go = threading.Event()
    monkeypatch.setattr(folder.os, "lstat", lambda _file: go.wait(10))
    assert folder.is_there(path, "x", 0.01) is None
    go.set()
    monkeypatch.setattr(folder.os, "lstat", lambda _file: _no_sync(0))
    assert folder.is_there(path, "x") is None


# --- killed at each step, as by SIGKILL: nothing is tidied up

STEPS = ("open", "fchmod", "fsync", "rename", "mkdir", "chmod", "lstat", "makedirs")


def killed_at(step, work):
    """Do the work in a process that is killed before its call number `step` of those that touch the disk; tells whether it was."""
    pid = os.fork()
    if pid == 0:
        counted = itertools.count(1)

        def counting(real):
            def call(*arguments, **more):
                if next(counted) == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*arguments, **more)

            return call

        for name in STEPS:
            setattr(os, name, counting(getattr(os, name)))
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def test_who_is_killed_while_placing_leaves_a_whole_hold_or_none(tmp_path):
    seen = []
    for step in itertools.count(1):
        path, one = str(tmp_path / str(step)), hold()
        killed = killed_at(step, functools.partial(folder.place, path, one))
        standing = folder.read(path)
        assert standing.broken == () and standing.holds in ((), (one,))
        seen.append(len(standing.holds))
        # Who comes next places a hold all the same.
        other = hold()
        folder.place(path, other)
        assert other in folder.read(path).holds
        if not killed:
            break
    assert seen == sorted(seen) and seen[0] == 0 and seen[-1] == 1 and len(seen) > 4


def test_who_is_killed_while_lifting_leaves_the_hold_or_has_lifted_it(tmp_path):
    seen = []
    for step in itertools.count(1):
        path, one = str(tmp_path / str(step)), hold()
        folder.place(path, one)
        killed = killed_at(step, functools.partial(folder.lift, path, one.id, "why", folder.now()))
        standing, lifted = folder.read(path), os.path.lexists(os.path.join(path, folder.LIFTED, one.id + ".json"))
        assert standing.broken == () and (standing.holds == (one,)) is not lifted
        seen.append(lifted)
        if not lifted:
            folder.lift(path, one.id, "again", folder.now())
            assert folder.read(path) == records.Standing()
        if not killed:
            break
    assert seen == sorted(seen) and seen[0] is False and seen[-1] is True and len(seen) > 4


# --- permissions, as a user who is not root meets them


def as_nobody(work):
    """Do the work in a process without root's rights; returns what it returns, as text."""
    # Imported by the first strptime, which may be that of the process: it cannot read every Python.
    importlib.import_module("_strptime")
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            os.write(writing, str(work()).encode("utf-8"))
        except BaseException as error:  # pylint: disable=broad-except
            os.write(writing, repr(error).encode("utf-8"))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        text = stream.read()
    os.waitpid(pid, 0)
    return text


@pytest.mark.parametrize(("mode", "file_mode"), [(0o000, 0o644), (0o311, 0o644), (0o755, 0o000)])
def test_what_one_may_not_read_is_broken(mode, file_mode):
    with tempfile.TemporaryDirectory() as around:
        os.chmod(around, 0o755)
        path, one = os.path.join(around, "holds"), hold()
        folder.place(path, one)
        os.chmod(os.path.join(path, one.id + ".json"), file_mode)
        os.chmod(path, mode)
        assert "cannot be read (Permission denied)" in as_nobody(lambda: folder.read(path).broken)
        os.chmod(path, 0o755)


def test_where_one_may_only_read_the_hold_is_seen_and_cannot_be_lifted():
    with tempfile.TemporaryDirectory() as around:
        os.chmod(around, 0o755)
        path, one = os.path.join(around, "holds"), hold()
        folder.place(path, one)
        os.chmod(os.path.join(path, one.id + ".json"), 0o644)
        os.chmod(path, 0o555)
        assert one.id in as_nobody(lambda: folder.read(path).holds[0].id)
        assert "PermissionError" in as_nobody(lambda: folder.lift(path, one.id, "why", folder.now()))
        os.chmod(path, 0o755)
        assert folder.read(path).holds == (one,)
