# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Masking by the way that the version of ansible-core has: up to 2.21 the module's own set, from 2.22 on a registry."""

from __future__ import annotations

import importlib
import sys
import types

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _module

TOKEN = "head-part-91c4.middle-part-91c4.last-part-91c4"
NEW = "head-part-91c4.new-middle-91c4.new-last-91c4"


class Module:
    argument_spec: dict = {}

    def __init__(self, params):
        self.params = params
        self.no_log_values = {"of-core", TOKEN}


@pytest.fixture(name="registered")
def _registered(monkeypatch):
    """ansible-core 2.22: what it is told to mask."""
    names = set()
    secrets = types.ModuleType("ansible.module_utils.secrets")
    secrets.register_secrets = names.update
    secrets.mask_secrets = lambda text: text
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "ansible.module_utils.secrets", secrets)
        importlib.reload(_module)
        yield names
    importlib.reload(_module)


def test_a_token_of_a_file_and_its_parts_are_masked(old_core, tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN, encoding="utf-8")
    module = Module({"api_token": None, "api_token_file": str(file)})
    assert _module.token(module) == TOKEN and set(TOKEN.split(".")) <= module.no_log_values


def test_a_core_with_a_registry_is_told_there(registered):
    module = Module({"api_token": TOKEN, "api_token_file": None})
    _module.token(module)
    assert registered == {TOKEN, *TOKEN.split(".")} and module.no_log_values == {"of-core", TOKEN}


def test_a_core_that_masks_only_what_is_shown_gets_a_result_without_secrets(registered, monkeypatch):
    ended = []
    monkeypatch.setattr(_module, "mask_secrets", lambda text: text.replace(TOKEN, "masked"))
    monkeypatch.setattr(_module, "end", lambda module, result: ended.append(result))
    _module.end_masked(Module({}), {"failed": False, "msg": f"it says {TOKEN}", "accounts": [{"message": TOKEN, "attempts": 1, "held": None}]})
    assert ended == [{"failed": False, "msg": "it says masked", "accounts": [{"message": "masked", "attempts": 1, "held": None}]}]


def test_a_new_token_is_returned_whole(old_core):
    module = Module({})
    module.no_log_values.update(TOKEN.split("."))
    _module.hand_over(module, NEW, (NEW, "2026-12-31"))
    assert module.no_log_values == {"of-core", TOKEN, "middle-part-91c4", "last-part-91c4"}


def test_a_new_token_is_masked_where_masking_leaves_what_is_returned(registered):
    module = Module({})
    _module.hand_over(module, NEW, (NEW,))
    assert registered == {NEW, *NEW.split(".")}
