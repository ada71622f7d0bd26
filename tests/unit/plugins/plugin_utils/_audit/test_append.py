# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whole lines in one write, on the disk before anything goes on."""

from __future__ import annotations

import os
import stat

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import append


@pytest.fixture(name="calls")
def _calls(monkeypatch, tmp_path):
    """What is written and brought to the disk, in order; tmp_path first, as pytest itself writes when it makes one."""
    assert tmp_path.is_dir()
    calls = []
    write, fsync = os.write, os.fsync
    monkeypatch.setattr(append.os, "write", lambda descriptor, data: calls.append(("write", data)) or write(descriptor, data))
    monkeypatch.setattr(append.os, "fsync", lambda descriptor: calls.append(("fsync", stat.S_ISREG(os.fstat(descriptor).st_mode))) or fsync(descriptor))
    return calls


def test_all_lines_of_a_task_are_one_write_and_then_on_the_disk(calls, tmp_path):
    data = b"".join(b'{"account_id": "%d", "filler": "%s"}\n' % (number, b"x" * 400) for number in range(5000))
    path = tmp_path / "new" / "trail"
    append.append(str(path), data)
    append.append(str(path), b"{}\n")
    assert calls == [("write", data), ("fsync", True), ("fsync", False), ("write", b"{}\n"), ("fsync", True)]
    assert path.read_bytes() == data + b"{}\n"


def test_the_file_is_opened_to_append(monkeypatch, tmp_path):
    flags = []
    real = os.open
    monkeypatch.setattr(append.os, "open", lambda path, how, *mode: flags.append(how) or real(path, how, *mode))
    append.append(str(tmp_path / "trail"), b"{}\n")
    assert flags[0] & os.O_APPEND and flags[0] & os.O_NONBLOCK and not flags[0] & os.O_TRUNC


def test_a_new_file_is_for_its_owner_and_an_old_one_keeps_its_mode(tmp_path):
    path = tmp_path / "folder" / "trail"
    before = os.umask(0)
    try:
        append.append(str(path), b"1\n")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        path.chmod(0o640)
        append.append(str(path), b"2\n")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 and path.read_bytes() == b"1\n2\n"


@pytest.mark.parametrize("left,found", [(b"", b"new\n"), (b"old\n", b"old\nnew\n"), (b"torn", b"torn\nnew\n"), (b"\n", b"\nnew\n")])
def test_a_new_line_begins_on_its_own_line(left, found, tmp_path):
    path = tmp_path / "trail"
    path.write_bytes(left)
    append.append(str(path), b"new\n")
    assert path.read_bytes() == found


def test_a_file_whose_end_cannot_be_read_gets_a_line_of_its_own(monkeypatch, tmp_path):
    def refuse(*_arguments, **_keywords):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "trail"
    path.write_bytes(b"old\n")
    monkeypatch.setattr(append, "open", refuse, raising=False)
    append.append(str(path), b"new\n")
    assert path.read_bytes() == b"old\n\nnew\n"


def test_a_file_without_a_folder_in_its_path_is_beside_us(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    append.append("trail", b"new\n")
    assert tmp_path.joinpath("trail").read_bytes() == b"new\n"


def test_a_short_write_is_said_and_ended_by_the_next(monkeypatch, tmp_path):
    real = os.write
    path = tmp_path / "trail"
    with monkeypatch.context() as patch:
        patch.setattr(append.os, "write", lambda descriptor, data: real(descriptor, data[:4]))
        with pytest.raises(OSError, match="only 4 of 9 bytes"):
            append.append(str(path), b"a line..\n")
    append.append(str(path), b"next\n")
    assert path.read_bytes() == b"a li\nnext\n"


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(OSError, match="not a regular file"):
        append.append("/dev/null", b"x\n")
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "pipe" / "below"):
        with pytest.raises(OSError):
            append.append(str(path), b"x\n")


def test_a_folder_that_cannot_be_brought_to_the_disk_is_no_failure(monkeypatch, tmp_path):
    def refuse(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")

    monkeypatch.setattr(append.os, "fsync", refuse)
    append.append(str(tmp_path / "trail"), b"x\n")
    assert tmp_path.joinpath("trail").read_bytes() == b"x\n"


def test_a_disk_that_does_not_take_it_is_a_failure(monkeypatch, tmp_path):
    def refuse(_descriptor):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(append.os, "fsync", refuse)
    with pytest.raises(OSError, match="Input/output error"):
        append.append(str(tmp_path / "trail"), b"x\n")
