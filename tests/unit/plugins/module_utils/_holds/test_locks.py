# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lock file: made for everybody who shares the folder, and never somebody else's file."""

from __future__ import annotations

import os
import stat

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._holds.locks import Lock


def test_a_lock_is_made_for_all_who_share_the_folder_and_belongs_to_its_owner(tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda descriptor, user, group: given.append((user, group)))
    for _time in range(2):
        Lock(str(tmp_path)).close()
    there = tmp_path.stat()
    assert stat.S_IMODE((tmp_path / ".lock").stat().st_mode) == 0o660
    # What was there before is left as it is.
    assert given == [(there.st_uid, there.st_gid)]


def test_a_link_is_not_followed(tmp_path):
    other = tmp_path / "other"
    other.touch(0o600)
    (tmp_path / ".lock").symlink_to(other)
    with pytest.raises(OSError, match="symbolic links"):
        Lock(str(tmp_path))
    assert stat.S_IMODE(other.stat().st_mode) == 0o600
