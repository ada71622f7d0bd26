# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which service, and whose token, before the module says so."""

from __future__ import annotations

import os

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.token import account
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit.connection import connection
from ansible_collections.bookieops.betmatic.tests.simulator.harness import SIMULATOR_TOKEN as TOKEN

HERE = "http://127.0.0.1:8080/api"


@pytest.mark.parametrize(
    "options,environment,is_ours,url",
    [
        ({}, {}, True, "https://betmatic.app/api"),
        ({}, {"BETMATIC_API_URL": HERE + "/"}, True, HERE),
        ({}, {"BETMATIC_API_URL": HERE}, False, None),
        ({"api_url": HERE}, {"BETMATIC_API_URL": "https://other/api"}, False, HERE),
        ({"api_url": "{{ x }}"}, {"BETMATIC_API_URL": HERE}, True, None),
        ({"api_url": "https://user:password@betmatic.app/api"}, {}, True, None),
    ],
)
def test_the_service(options, environment, is_ours, url):
    assert connection(options, environment, is_ours).api_url == url


@pytest.mark.parametrize(
    "options,environment,is_ours,known",
    [
        ({"api_token": f" {TOKEN}\n"}, {}, False, True),
        ({}, {"BETMATIC_API_TOKEN": TOKEN}, True, True),
        ({}, {"BETMATIC_API_TOKEN": TOKEN}, False, False),
        ({"api_token": "{{ x }}"}, {"BETMATIC_API_TOKEN": TOKEN}, True, False),
        ({}, {}, True, False),
    ],
)
def test_whose_token(options, environment, is_ours, known):
    found = connection(options, environment, is_ours)
    assert found.token_account == (account(TOKEN) if known else None)
    # Masked wherever it is found, whether it is this task's or not.
    assert found.tokens == ((TOKEN,) if options.get("api_token", "").strip() == TOKEN or environment else ())


def test_a_token_in_a_file_is_read_and_nothing_waits_for_it(tmp_path):
    tmp_path.joinpath("token").write_text(TOKEN + "\n", encoding="ascii")
    os.mkfifo(tmp_path / "pipe")
    assert connection({"api_token_file": str(tmp_path / "token")}, {}, False).token_account == account(TOKEN)
    assert connection({}, {"BETMATIC_API_TOKEN_FILE": str(tmp_path / "token")}, True).token_account == account(TOKEN)
    for name in ("pipe", "missing", ""):
        assert connection({"api_token_file": str(tmp_path / name)}, {}, True).tokens == ()


def test_a_value_of_the_vault_that_cannot_be_opened_tells_nothing():
    class Sealed:
        def __str__(self):
            raise RuntimeError("no secret")

    assert connection({"api_token": Sealed()}, {}, True).tokens == ()
