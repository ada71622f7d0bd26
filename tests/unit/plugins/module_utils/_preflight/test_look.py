# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How often the list is read, and that every option that cannot be used is a finding of its own."""

from __future__ import annotations

import os
import time
from itertools import repeat
from types import SimpleNamespace

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.bookieops.betmatic.plugins.module_utils import _arguments
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import AccountList, Maybe, NotSent, Refusal
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.inspection import Exchange
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import folder, missing
from ansible_collections.bookieops.betmatic.plugins.module_utils._preflight import look
from ansible_collections.bookieops.betmatic.plugins.modules import bookie_service_info
from ansible_collections.bookieops.betmatic.tests.unit.support.fake_module import FakeModule

SOUND = {"api_token": "a-token-of-one-word", "api_url": "https://betmatic.app/api"}


@pytest.mark.parametrize(("answer", "seconds", "count"), [
    (AccountList(), 0.1, 5),
    (AccountList(), 0.6, 3),
    (AccountList(), 2.0, 1),
    (NotSent("the connection was refused"), 0.0, 5),
    (Maybe("503 from the service", 503), 0.1, 5),
    (Maybe("no complete answer within 10 s"), 10.0, 1),
    (Refusal(401), 0.1, 1),
    (Refusal(408), 0.1, 5),
    (Refusal(406), 0.1, 5),
    (Refusal(429), 0.1, 1),
])
def test_five_readings_unless_they_tell_nothing_more_or_take_long(answer, seconds, count):
    now, asked = [0.0], []

    def read(limit):
        asked.append(limit)
        now[0] += seconds
        return Exchange(answer, seconds)

    assert len(look.readings(read, 10.0, lambda: now[0])) == count
    assert asked == [10.0, *repeat(1.5, count - 1)]


def task_of(options):
    """A task with these options; the others have their defaults."""
    spec = bookie_service_info.argument_spec()
    task = FakeModule(ArgumentSpecValidator(spec).validate(options).validated_parameters)
    task.argument_spec = spec
    return task


def looked(tmp_path, monkeypatch, **changed):
    """The result of a task with these options; nothing may be sent."""
    def inspector(*_arguments):
        raise AssertionError("something was sent")

    monkeypatch.setattr(look, "Inspector", inspector)
    for name in [name for name in os.environ if name.startswith("BETMATIC_")]:
        monkeypatch.delenv(name)
    options = {name: value for name, value in {**SOUND, "holds_path": str(tmp_path / "holds"), **changed}.items() if value is not None}
    return bookie_service_info.result_of(task_of(options))


@pytest.mark.parametrize(("changed", "subject", "word"), [
    ({"api_token": None}, "token", "api_token is missing"),
    ({"api_token": "two words"}, "token", "holds blanks"),
    ({"api_token": None, "api_token_file": "/no/such/file"}, "token", "cannot be read"),
    ({"api_token": None, "api_token_file": "token"}, "token", "full path"),
    ({"api_token_file": "/etc/betmatic/token"}, "token", "api_token and api_token_file are both given"),
    ({"api_url": "http://betmatic.app/api"}, "service", "would send the token in clear"),
    ({"api_url": "betmatic.app"}, "service", "must begin with https://"),
    ({"ca_path": "/no/such/file"}, "certificate", "does not exist"),
    ({"timeout": -1.0}, "options", "timeout is -1.0"),
    ({"retries": 99}, "options", "retries is 99"),
])
def test_an_option_that_cannot_be_used_stops_and_nothing_is_sent(tmp_path, monkeypatch, changed, subject, word):
    result = looked(tmp_path, monkeypatch, **changed)
    [stop] = [one for one in result["findings"] if one["level"] == "stop"]
    assert (result["ready"], result["failed"], stop["subject"]) == (False, False, subject) and word in stop["text"]
    assert {one["subject"] for one in result["findings"]} == {subject, "list", "requests", "holds", "holds folder"}


def test_several_options_are_named_each(tmp_path, monkeypatch):
    result = looked(tmp_path, monkeypatch, api_token=None, api_url="betmatic.app", ca_path="/no/such/file", timeout=0.0, holds_path="holds")
    assert [one["subject"] for one in result["findings"] if one["level"] == "stop"] == ["service", "token", "certificate", "options", "holds folder"]


def test_without_requests_it_says_so_and_looks_at_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr(bookie_service_info._module, "REQUESTS_IMPORT_ERROR", "Traceback")
    monkeypatch.setattr(bookie_service_info, "REQUESTS_IMPORT_ERROR", "Traceback")
    # An old one, or one that is broken, may well tell its version.
    monkeypatch.setattr(look, "REQUESTS_IMPORT_ERROR", "Traceback")
    monkeypatch.setattr(look, "_VERSION", "2.32.4")
    (tmp_path / "holds").mkdir()
    result = looked(tmp_path, monkeypatch)
    assert {one["subject"]: one["level"] for one in result["findings"]} == {"requests": "stop", "holds": "ok", "holds folder": "ok"}
    assert not result["ready"] and not result["failed"] and "exception" not in result and result["requests_version"] is None


def test_a_fault_of_our_own_is_a_finding_and_its_text_is_not_shown(tmp_path, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("a-token-of-one-word")

    monkeypatch.setattr(_arguments, "read_url", broken)
    monkeypatch.setattr(_arguments, "usable_url", lambda params: None)
    result = looked(tmp_path, monkeypatch)
    assert not result["ready"] and not result["failed"] and "a-token-of-one-word" not in str(result)


def test_a_folder_that_hangs_is_waited_for_once(tmp_path, monkeypatch):
    broken = look.folder.Broken(None, "/holds", "did not answer within 2 s")
    monkeypatch.setattr(look.folder, "read_in_time", lambda path: look.folder.Standing(broken=(broken,)))
    monkeypatch.setattr(look.trial, "why_not", lambda path: time.sleep(60))
    result = looked(tmp_path, monkeypatch)
    assert {one["subject"]: one["level"] for one in result["findings"]}["holds folder"] == "stop"


def test_a_holds_folder_that_is_named_and_missing_is_not_called_writable(tmp_path, monkeypatch):
    def graded(path):
        found = {one["subject"]: one for one in looked(tmp_path, monkeypatch, api_token=None, holds_path=path)["findings"]}
        return found["holds folder"]["level"], found["holds folder"]["text"]

    monkeypatch.setenv("HOME", str(tmp_path))
    assert graded(None) == ("ok", f"{tmp_path}/.local/state/bookieops/holds can be written.")
    level, text = graded(str(tmp_path / "mounted"))
    assert level == "warning" and "is missing, or an ON made it: mount it, or make it" in text
    (tmp_path / "mounted").mkdir()
    assert graded(str(tmp_path / "mounted"))[0] == "ok"
    (tmp_path / "mounted" / missing.MARK).touch()
    assert graded(str(tmp_path / "mounted"))[0] == "warning"


def test_the_holds_are_told_as_bookie_hold_info_tells_them(tmp_path, monkeypatch):
    one = folder.new_hold("maintenance", SOUND["api_url"], ("123",), folder.now(), ran=("123",))
    folder.place(str(tmp_path / "holds"), one)
    [told] = looked(tmp_path, monkeypatch, api_token=None)["holds"]
    assert (told["id"], told["here"], told["mine"], told["run"]) == (one.id, True, True, "not_known")


def test_the_service_is_asked_as_the_task_s_own_client_would_ask(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(look, "Inspector", lambda *given: made.append(given) or SimpleNamespace(read=lambda seconds: Exchange(AccountList(), 9.0), close=int))
    task = task_of({**SOUND, "holds_path": str(tmp_path)})
    task.folder = "/play"
    look.look(task)
    assert made == [("https://betmatic.app/api", "a-token-of-one-word", True, None, "/play")]
