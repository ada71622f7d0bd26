# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module's edge towards Ansible: what is sent, and what core is told to mask."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _module
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import TokenAnswer
from ansible_collections.bookieops.betmatic.plugins.modules import bookie_token
from ansible_collections.bookieops.betmatic.tests.unit.support.fake_module import Ended, FakeModule

OLD = "shared-first-part.old-middle-part.old-last-part"
NEW = "shared-first-part.new-middle-part.new-last-part"
PASSWORD = "new-middle"
OPTIONS = {
    "email": None, "password": None, "api_token": OLD, "min_days": 14.0, "api_url": "https://betmatic.app/api",
    "timeout": 10.0, "retries": 2, "validate_certs": True, "ca_path": None,
}


def module_with(check_mode=False, **options):
    params = dict(OPTIONS, **options)
    return FakeModule(params, check_mode, secrets=[value for value in (params["password"], params["api_token"]) if value])


@pytest.fixture(name="main")
def _main(monkeypatch):
    """Run the module's main; returns what was sent."""

    def main(module):
        sent = []

        class Client:
            def __init__(self, _url, token, *_rest):
                self.token = token

            def log_in(self, email, password, seconds):
                sent.append((self.token, email, password))
                return TokenAnswer(NEW)

            def refresh_token(self, seconds):
                sent.append(self.token)
                return TokenAnswer(NEW)

        monkeypatch.setattr(bookie_token, "AnsibleModule", lambda *args, **kwargs: module)
        monkeypatch.setattr(bookie_token, "Client", Client)
        monkeypatch.setattr(_module, "Client", Client)
        with pytest.raises(Ended):
            bookie_token.main()
        return sent

    return main


@pytest.mark.usefixtures("old_core")
def test_the_new_token_is_not_masked_and_the_old_one_is(main):
    module = module_with()
    assert main(module) == [OLD]
    assert module.result["token"] == NEW and not any(secret in NEW for secret in module.no_log_values)
    assert {OLD, "old-middle-part", "old-last-part"} <= module.no_log_values
    assert module.params["api_token"] == bookie_token.MASK


@pytest.mark.usefixtures("old_core")
def test_a_password_that_stands_in_the_token_is_returned_nowhere_else(main):
    module = module_with(email="ops@example.com", password=PASSWORD)
    assert main(module) == [(None, "ops@example.com", PASSWORD)]
    assert module.result["token"] == NEW and not any(secret in NEW for secret in module.no_log_values)
    assert PASSWORD not in str(dict(module.result, token=None)) + str(module.params)


@pytest.mark.parametrize("options", [{}, {"email": "ops@example.com", "password": PASSWORD}])
def test_check_mode_sends_nothing(options, main):
    module = module_with(check_mode=True, **options)
    assert main(module) == []
    assert (module.result["changed"], module.result["failed"], module.result["token"]) == (True, False, None)
    assert OLD in module.no_log_values


@pytest.mark.parametrize("options", [{"email": "a"}, {"min_days": 0.0}, {"api_token": ""}, {"api_token": "two words"}, {"email": "", "password": ""}])
def test_a_bad_option_sends_nothing(options, main):
    module = module_with(**options)
    assert main(module) == []
    assert module.result["failed"] and not module.result["changed"] and "Nothing was sent" in module.result["msg"]


def test_a_fault_of_our_own_is_failed_and_changed(main, monkeypatch):
    def fault(*_arguments):
        raise RuntimeError(OLD + PASSWORD)

    monkeypatch.setattr(bookie_token._renewal, "ask", fault)
    module = module_with()
    main(module)
    assert (module.result["failed"], module.result["changed"]) == (True, True)
    assert OLD not in module.result["msg"] and "RuntimeError" in module.result["msg"]
