# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a hold could be placed, and nothing is left of the trial."""

from __future__ import annotations

import os
import threading

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import missing, trial


def test_a_folder_that_can_be_written_stays_as_it_is(tmp_path):
    assert trial.why_not(str(tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


def test_whether_a_folder_is_missing(tmp_path):
    assert [trial.is_missing(str(path)) for path in (tmp_path, tmp_path / "holds")] == [False, True]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "is_missing"), [("a.json", False), ("lifted", False), (".lock", True)])
def test_a_folder_that_an_on_made_is_there_once_a_hold_was_placed_even_if_the_mark_cannot_be_removed(name, is_missing, tmp_path):
    for file in (missing.MARK, name):
        (tmp_path / file).touch()
    assert trial.is_missing(str(tmp_path)) is is_missing


def test_a_folder_that_is_missing_is_not_made(tmp_path):
    assert trial.why_not(str(tmp_path / "a" / "b" / "holds")) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("path", "why"), [
    ("", "is empty"),
    ("holds", "is not a full path"),
    ("{}/file", "cannot be written (Not a directory)"),
    ("{}/file/holds", "/file is not a folder"),
    ("{}/dangling", "cannot be written (No such file or directory)"),
])
def test_a_folder_that_cannot_be_used_is_told(tmp_path, path, why):
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert why in trial.why_not(path.format(tmp_path))


def test_a_lock_that_cannot_be_opened_is_told(tmp_path):
    (tmp_path / ".lock").touch()
    assert trial.why_not(str(tmp_path)) is None
    (tmp_path / ".lock").unlink()
    (tmp_path / ".lock").mkdir()
    assert trial.why_not(str(tmp_path)) == "cannot be locked: .lock in it cannot be opened (Is a directory)"


def test_a_disk_that_is_full_is_told(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert trial.why_not(str(tmp_path)) == "cannot be written (No space left on device)"


def test_a_folder_above_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert trial.why_not(str(tmp_path / "holds")) == f"is missing and cannot be made: {tmp_path} cannot be written"


def test_a_folder_that_hangs_is_given_up(tmp_path, monkeypatch):
    end = threading.Event()
    monkeypatch.setattr(os.path, "lexists", lambda path: end.wait(60))
    assert trial.why_not(str(tmp_path), 0.05) == "did not answer within 0.05 s"
    assert trial.is_missing(str(tmp_path), 0.05) is False
    end.set()
