# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The trail's files: which, in which order, and line by line."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import files
from ansible_collections.bookieops.betmatic.tests.unit.support.trails import line


def at(day):
    return (line(time=f"2026-11-{day:02d}T08:00:00Z") + "\n").encode()


def test_the_rotated_files_are_read_with_the_trail_the_oldest_first(tmp_path):
    contents = {
        "audit.jsonl": at(9), "audit.jsonl.1": at(8), "audit.jsonl.2.gz": gzip.compress(at(7)), "audit.jsonl-20261106.gz": gzip.compress(at(6)),
        "audit.jsonl-2026-11-05.bz2": bz2.compress(at(5)), "audit.jsonl.3.xz": lzma.compress(at(4)), "audit.jsonl-20261103": at(3),
        "audit.jsonl.html": b"x", "audit.jsonl.bak": at(1), "audit.jsonlx.1": at(1), "other.jsonl.1": at(1), "audit.html": b"x",
    }
    for name, content in contents.items():
        tmp_path.joinpath(name).write_bytes(content)
    tmp_path.joinpath("audit.jsonl.9").mkdir()
    os.mkfifo(tmp_path / "audit.jsonl.8")
    found = files.find(str(tmp_path / "audit.jsonl"))
    assert [os.path.basename(one) for one in found] == list(contents)[6::-1]
    assert [one.data for one in files.read(found)] == [at(day) for day in range(3, 10)]


def test_a_file_that_is_just_being_compressed_is_read_once(tmp_path):
    tmp_path.joinpath("t.1").write_bytes(at(1))
    tmp_path.joinpath("t.1.gz").write_bytes(gzip.compress(at(1))[:20])
    assert [os.path.basename(one) for one in files.find(str(tmp_path / "t"))] == ["t.1"]


@pytest.mark.parametrize("name", ["t", "missing/t", ""])
def test_without_a_trail_it_says_what_to_do(name, tmp_path):
    with pytest.raises(InputError, match="there is no audit trail at .*enable the callback .*bookie_audit_file"):
        files.find(str(tmp_path / name) if name else str(tmp_path))


def test_what_cannot_be_read_is_said_and_the_rest_is_read(tmp_path):
    tmp_path.joinpath("t.2.gz").write_bytes(gzip.compress(at(1) * 2000)[:-12])
    tmp_path.joinpath("t.1.gz").write_bytes(b"not compressed at all")
    tmp_path.joinpath("t").write_bytes(at(2))
    read = list(files.read(files.find(str(tmp_path / "t"))))
    damaged = [one for one in read if one.damage]
    assert {one.file for one in damaged} == {"t.1.gz", "t.2.gz"} and read[-1].data == at(2)


def test_a_line_without_end_is_cut_and_the_next_is_read(tmp_path):
    tmp_path.joinpath("t").write_bytes(b"\n" + b"x" * (5 << 20) + b"\n" + at(2) + at(3).strip())
    assert [(one.number, len(one.data)) for one in files.read([str(tmp_path / "t")])] == [(2, 0), (3, len(at(2))), (4, len(at(3)) - 1)]
