# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The shipped playbooks run on this machine, as the user who starts them, whole or not at all."""

from __future__ import annotations

import pathlib

import pytest
import yaml

PLAYBOOKS = sorted(pathlib.Path(__file__).resolve().parents[3].joinpath("playbooks").glob("*.yml"))
HEADER = {
    "hosts": "{{ _play_localhost }}", "vars_files": ["vars/localhost.yml"], "connection": "local", "become": False, "gather_facts": False,
    "tags": ["always"],
}


@pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda path: path.stem)
def test_header(path):
    plays = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert plays and [{key: play.get(key) for key in HEADER} for play in plays] == [HEADER] * len(plays)
