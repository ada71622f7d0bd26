# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module around the sequences: what it masks, sends, logs and returns."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _module
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import (
    OFF,
    ON,
    RUNNING,
    STATUSES,
    STOPPED,
)
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import sequences
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.engine import Engine
from ansible_collections.bookieops.betmatic.plugins.modules import bookie_bot
from ansible_collections.bookieops.betmatic.tests.unit.support.fake_module import Ended, FakeModule
from ansible_collections.bookieops.betmatic.tests.unit.support.service_in_memory import (
    History,
    Prompt,
    Service,
)

TOKEN = "header12.payload34.signature56"
OPTIONS = {
    "api_token": " " + TOKEN + " ", "api_url": "https://betmatic.app/api", "timeout": 10.0, "retries": 1, "validate_certs": True, "ca_path": None,
    "account_id": None, "accounts": None, "all_accounts": False, "state": OFF, "reason": None,
    "wait": False, "wait_timeout": 120.0, "wait_sleep": 2.0, "concurrency": 2, "deadline": 600.0,
    "hold": None, "override_hold": None, "holds_path": "",
}


def module_with(check_mode: bool = False, diff: bool = False, **options: Any) -> FakeModule:
    return FakeModule(dict(OPTIONS, **options), check_mode, diff)


@pytest.fixture(name="left", autouse=True)
def _left(monkeypatch: Any) -> list[str]:
    """A word for each time that the module leaves the process group: pytest stays in its own."""
    times: list[str] = []
    monkeypatch.setattr(_module._parent, "leave_group", lambda: times.append("left"))
    return times


@pytest.fixture(name="main")
def _main(monkeypatch: Any, tmp_path: Any) -> Any:
    """Run the module's main against a service in memory; returns the service, None if no client was made."""

    def main(module: FakeModule, history: History) -> Service | None:
        module.params["holds_path"] = str(tmp_path / "holds")
        services: list[Service] = []
        service = Service(history, lambda: 0.0)
        monkeypatch.setattr(bookie_bot, "AnsibleModule", lambda *args, **kwargs: module)
        monkeypatch.setattr(_module, "Client", lambda *args: services.append(service) or Prompt(service))
        caught: list[Engine] = []

        def catch_signals(engine: Engine) -> None:
            caught.append(engine)

        monkeypatch.setattr(Engine, "catch_signals", catch_signals)
        with pytest.raises(Ended):
            bookie_bot.main()
        assert len(caught) == len(services)
        return services[0] if services else None

    return main


SELECTIONS = ({"account_id": ["1"]}, {"accounts": [{"account_id": "1", "state": None, "display_name": None}]}, {"all_accounts": True})


@pytest.mark.parametrize("selection", SELECTIONS, ids=lambda selection: next(iter(selection)))
@pytest.mark.parametrize("check_mode", (False, True))
@pytest.mark.parametrize("state", (OFF, ON))
def test_the_module_switches_and_in_check_mode_only_predicts(main: Any, selection: Any, check_mode: bool, state: str) -> None:
    before = RUNNING if state == OFF else STOPPED
    module = module_with(check_mode, True, state=state, **selection)
    service = main(module, History({"1": before}))
    assert service.world.states["1"] == (before if check_mode else STATUSES[state])
    assert bool(module.logged) is not check_mode
    # The folder that is named for the holds is not there, which only an ON asks.
    assert ["was not there" in text for text in module.warned] == [True] * (state == ON)
    assert (module.result["changed"], module.result["failed"]) == (True, False)
    assert module.result["diff"]["after"] == "1 Account 1: {0}\n".format(STATUSES[state])


@pytest.mark.parametrize("selection", SELECTIONS, ids=lambda selection: next(iter(selection)))
@pytest.mark.parametrize(("state", "check_mode", "expected"), [(OFF, False, ["left"]), (ON, False, []), (OFF, True, [])])
def test_a_killed_job_does_not_end_an_off(main: Any, left: list[str], selection: Any, state: str, check_mode: bool, expected: list[str]) -> None:
    main(module_with(check_mode, state=state, **selection), History({"1": RUNNING}))
    assert left == expected


@pytest.mark.usefixtures("old_core")
def test_the_module_masks_the_token_and_its_parts(main: Any) -> None:
    module = module_with(account_id=["1"])
    main(module, History({"1": STOPPED}))
    assert module.no_log_values == {TOKEN, *TOKEN.split(".")}
    assert "diff" not in module.result


@pytest.mark.parametrize("options", ({}, {"account_id": ["1", "."]}, {"account_id": ["1"], "api_token": "two words"}, {"account_id": ["1"], "deadline": 0.0}))
def test_the_module_sends_nothing_with_a_bad_option(main: Any, options: Any) -> None:
    module = module_with(**options)
    assert main(module, History({"1": RUNNING})) is None
    assert module.result["failed"] and not module.result["changed"]


def test_the_module_is_changed_and_failed_after_a_fault_of_its_own(main: Any, monkeypatch: Any) -> None:
    def fault(*arguments: Any) -> None:
        raise RuntimeError(TOKEN)

    monkeypatch.setattr(sequences, "switch_accounts", fault)
    module = module_with(account_id=["1"])
    main(module, History({"1": RUNNING}))
    assert module.result["failed"] and module.result["changed"]
    assert TOKEN not in json.dumps(module.result)


@pytest.mark.parametrize("url,returned", [
    ("https://betmatic.app/api/", "https://betmatic.app/api"), ("https://me:secret@betmatic.app/api", None), ("http://betmatic.app/api", None),
])
def test_the_module_returns_the_service_and_never_credentials(main: Any, url: str, returned: Any) -> None:
    module = module_with(account_id=["1"], api_url=url)
    main(module, History({"1": RUNNING}))
    assert module.result["api_url"] == returned and module.result["failed"] is (returned is None)
    assert "secret" not in json.dumps(module.result)
