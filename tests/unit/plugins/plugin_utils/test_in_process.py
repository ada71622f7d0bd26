# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What decides whether a module's work is done in this process, and what is masked in its result."""

from __future__ import annotations

import sys

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils import _in_process
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._in_process import Surroundings, Task, as_modules_see_them, masked, why_shipped


@pytest.mark.parametrize("interpreter", [None, "", "auto", "auto_silent", "auto_legacy", "auto_legacy_silent", sys.executable])
def test_it_is_done_here_on_this_machine_as_this_user_with_this_python(interpreter):
    assert why_shipped(Surroundings(interpreter=interpreter)) is None


@pytest.mark.parametrize(("found", "why"), [
    (Surroundings(allowed=False), "bookie_in_process"),
    (Surroundings(system="darwin"), "darwin"),
    (Surroundings(system="win32"), "win32"),
    (Surroundings(in_main_thread=False), "main thread"),
    (Surroundings(connection="ansible.plugins.connection.ssh"), "connection"),
    (Surroundings(connection="ansible_collections.somebody.tools.plugins.connection.local"), "connection"),
    (Surroundings(become=True), "become"),
    (Surroundings(in_background=True), "background"),
    (Surroundings(environment=("HTTPS_PROXY",)), "HTTPS_PROXY"),
    (Surroundings(keeps_files=True), "ANSIBLE_KEEP_REMOTE_FILES"),
    (Surroundings(interpreter="/usr/bin/another-python"), "interpreter"),
    (Surroundings(has_requests=False), "requests"),
])
def test_each_condition_alone_ships_the_module(found, why):
    assert why in why_shipped(found)


def test_another_path_to_the_same_python_is_another_python(tmp_path):
    link = tmp_path / "python"
    link.symlink_to(sys.executable)
    assert why_shipped(Surroundings(interpreter=str(link))) is not None


def test_options_are_plain_data_as_modules_see_them():
    class Text(str):
        pass

    seen = as_modules_see_them({"account_id": [Text("123"), 124], "state": "off", "reason": None})
    assert seen == {"account_id": ["123", 124], "state": "off", "reason": None}
    assert not isinstance(seen["account_id"][0], Text)


def _task(**more):
    return Task("bookie_bot", {}, {}, False, False, False, **more)


def test_secrets_are_masked_wherever_they_stand_and_booleans_stay(monkeypatch):
    monkeypatch.setattr(_in_process, "mask_secrets", None)
    monkeypatch.setattr(_in_process, "register_secrets", None)
    result = masked({"changed": True, "msg": "it says token-of-the-task", "accounts": [{"message": "token-of-the-task"}], "reason": None},
                    _task(no_log_values={"token-of-the-task", "True"}))
    assert "token-of-the-task" not in str(result)
    assert (result["changed"], result["reason"]) == (True, None)


def test_from_core_2_22_on_core_masks_what_is_registered(monkeypatch):
    registered = []
    monkeypatch.setattr(_in_process, "register_secrets", registered.extend)
    monkeypatch.setattr(_in_process, "mask_secrets", lambda text: text.replace("token-of-the-task", "$REDACTED$"))
    result = masked({"changed": False, "msg": "it says token-of-the-task", "accounts": [{"message": "token-of-the-task"}]},
                    _task(no_log_values={"token-of-the-task"}))
    assert registered == ["token-of-the-task"]
    assert result == {"changed": False, "msg": "it says $REDACTED$", "accounts": [{"message": "$REDACTED$"}]}
