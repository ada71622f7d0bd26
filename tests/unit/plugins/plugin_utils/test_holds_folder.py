# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""With which folder of holds a module is shipped."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._holds_folder import LOCAL, with_folder

HOME = "/home/anna/.local/state/bookieops/holds"


@pytest.fixture(autouse=True)
def _anna(monkeypatch):
    monkeypatch.setenv("HOME", "/home/anna")
    monkeypatch.delenv("BETMATIC_HOLDS", raising=False)


@pytest.mark.parametrize("options", [{}, {"holds_path": None}])
def test_on_this_machine_the_folder_is_that_of_the_user_of_ansible_playbook(options, monkeypatch):
    assert with_folder({"state": "on", **options}, LOCAL, {"HOME": "/root"}) == {"state": "on", "holds_path": HOME}
    for value, folder in (("/shared/holds", "/shared/holds"), ("~/holds", "/home/anna/holds"), ("$HOME/holds", "/home/anna/holds"), ("", "")):
        monkeypatch.setenv("BETMATIC_HOLDS", value)
        assert with_folder(options, LOCAL, {})["holds_path"] == folder


@pytest.mark.parametrize(("options", "connection", "environment"), [
    ({"holds_path": "~/mine"}, LOCAL, {}),
    ({}, LOCAL, {"BETMATIC_HOLDS": "/shared/holds"}),
    ({}, "ansible.plugins.connection.ssh", {}),
])
def test_a_folder_that_the_task_names_and_another_machine_are_left_alone(options, connection, environment):
    assert with_folder(options, connection, environment) == options
