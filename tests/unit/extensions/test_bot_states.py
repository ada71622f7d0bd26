# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The event source's options and its fleet file: bad ones are named, and nothing is read."""

from __future__ import annotations

import asyncio
import os

import pytest
import yaml

from ansible_collections.bookieops.betmatic.extensions.eda.plugins.event_source import bot_states
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import AccountList, ListedAccount, Refusal
from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import folder
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Target

TOKEN = "a-token-of-the-unit-tests-91c4"


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("BETMATIC_API_TOKEN", "BETMATIC_API_TOKEN_FILE", "BETMATIC_API_URL", "BETMATIC_TIMEOUT", "BETMATIC_HOLDS"):
        monkeypatch.delenv(name, raising=False)


def test_documented_options_and_defaults_are_those_of_the_code():
    documented = yaml.safe_load(bot_states.DOCUMENTATION)["options"]
    options, _source = bot_states.read_options({})
    assert set(documented) == set(options)
    defaults = {name: option.get("default") for name, option in documented.items()}
    assert {**defaults, "holds_path": os.path.expanduser(defaults["holds_path"])} == options


def test_options_have_their_types_and_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("BETMATIC_API_TOKEN", TOKEN)
    monkeypatch.setenv("BETMATIC_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("BETMATIC_TIMEOUT", "3")
    options, _source = bot_states.read_options({"interval": "5", "validate_certs": "no", "eda_feedback_queue": object()})
    assert (options["api_token"], options["api_url"], options["timeout"]) == (TOKEN, "http://127.0.0.1:9/api", 3.0)
    assert (options["interval"], options["validate_certs"]) == (5.0, False)


@pytest.mark.parametrize(
    "args,words",
    [
        ({"interval": 0}, "interval is 0"),
        ({"interval": "soon"}, "interval"),
        ({"interval": float("inf")}, "interval is inf"),
        ({"timeout": -1}, "timeout is -1"),
        ({"intervall": 5}, "intervall"),
        ({"api_token": ""}, "api_token is missing"),
        ({"api_token": None}, "api_token is null"),
        ({"api_token_file": "/nowhere/token"}, "api_token and api_token_file are both given"),
        ({"api_token": "two words"}, "api_token holds blanks"),
        ({"api_url": "http://example.com/api"}, "api_url 'http://example.com/api' would send the token in clear"),
        ({"ca_path": "/nowhere/ca.pem"}, "ca_path '/nowhere/ca.pem' does not exist"),
        ({"fleet_file": "/nowhere/fleet.yml"}, "fleet_file '/nowhere/fleet.yml' cannot be read"),
    ],
)
def test_a_bad_option_ends_the_source_and_is_named(args, words):
    with pytest.raises(InputError, match=words.replace("(", r"\(")):
        asyncio.run(bot_states.main(None, {"api_token": TOKEN, **args}))


@pytest.mark.parametrize("state", ["on", '"on"'])
def test_a_fleet_file_with_and_without_quotes(tmp_path, state):
    file = tmp_path / "fleet.yml"
    file.write_text(f'accounts:\n  - {{account_id: 123, state: {state}, display_name: Main}}\n  - {{account_id: "x-1", state: off}}\n', encoding="utf-8")
    assert bot_states.read_fleet(str(file)) == (Target("123", "on", "Main"), Target("x-1", "off"))


@pytest.mark.parametrize(
    "text,words",
    [
        ("accounts: [", "is not valid YAML: .*line 1"),
        ("- 1", "is not a mapping"),
        ("", "is empty"),
        ("fleet: []", "has the unknown key 'fleet'"),
        ("accounts: []", "names no account"),
        ('accounts: [{account_id: "1"}]', "state"),
        ('accounts: [{account_id: "1", state: RUNNING}]', "state"),
        ('accounts: [{account_id: "../1", state: "on"}]', "has the account_id '../1'"),
        ('accounts: [{account_id: "1", state: "on", stat: x}]', "stat"),
        ('accounts: [{account_id: "1", state: "on"}, {account_id: "1", state: "off"}]', "names account 1 twice"),
    ],
)
def test_a_bad_fleet_file_is_named(tmp_path, text, words):
    file = tmp_path / "fleet.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        bot_states.read_fleet(str(file))


def test_every_value_of_a_fleet_file_is_the_text_that_stands_there(tmp_path):
    # To YAML they are 83, 750 and a boolean.
    file = tmp_path / "fleet.yml"
    entries = ["{account_id: 0123, state: on, display_name: 12:30}", "{account_id: 1_000, state: off, display_name: yes}"]
    file.write_text("accounts:\n  - " + "\n  - ".join(entries) + "\n", encoding="utf-8")
    assert bot_states.read_fleet(str(file)) == (Target("0123", "on", "12:30"), Target("1_000", "off", "yes"))


def test_a_fleet_file_that_is_no_text_is_named(tmp_path):
    file = tmp_path / "fleet.yml"
    file.write_bytes(b"accounts: \xff")
    with pytest.raises(InputError, match="is not UTF-8 text"):
        bot_states.read_fleet(str(file))


OLD, NEW = "old-token-of-the-unit-tests", "new-token-of-the-unit-tests"


@pytest.fixture(name="service")
def _service(monkeypatch, tmp_path):
    """The source's view of a service that takes the tokens in `valid`; `seen` are those that it was asked with, `file` holds the token."""

    class Service:
        valid, seen, file, before, rows = {OLD}, [], tmp_path / "token", staticmethod(lambda: None), ()

    class Client:
        def __init__(self, _url, token, *_rest):
            self.token = token

        def close(self):
            pass

        def list_accounts(self, _seconds):
            Service.before()
            Service.seen.append(self.token)
            return AccountList(Service.rows) if self.token in Service.valid else Refusal(401)

    monkeypatch.setattr(bot_states, "Client", Client)
    Service.file.write_text(OLD, encoding="utf-8")
    Service.of_source = bot_states.Service(*bot_states.read_options({"api_token_file": str(Service.file)}))
    return Service


def test_a_renewed_token_is_taken_up_at_the_next_look(service):
    assert service.of_source.look()[0] == AccountList(())
    service.file.write_text(f"BETMATIC_API_TOKEN={NEW}\n", encoding="utf-8")
    service.valid = {NEW}
    assert service.of_source.look()[0] == AccountList(()) and service.seen == [OLD, NEW]


@pytest.mark.parametrize("given", [{}, {"holds_path": ""}])
def test_the_folder_of_the_holds_is_the_option_or_that_of_the_environment(given, monkeypatch, tmp_path):
    monkeypatch.setenv("BETMATIC_HOLDS", str(tmp_path))
    assert bot_states.read_options(given)[0]["holds_path"] == str(tmp_path)
    assert bot_states.read_options({"holds_path": "/srv/holds"})[0]["holds_path"] == "/srv/holds"


def test_each_look_tells_whose_bots_a_hold_keeps_off(service, tmp_path, monkeypatch):
    service.rows = (ListedAccount("1", bot_running=True), ListedAccount("2", bot_running=True))
    path = str(tmp_path / "holds")
    monkeypatch.setattr(service.of_source, "_holds_path", path)
    folder.make(path)
    answer, held = service.of_source.look()
    assert answer == AccountList(service.rows) and held == frozenset()
    one = folder.new_hold("x", "https://betmatic.app/api", ("2",), folder.now())
    folder.place(path, one)
    assert service.of_source.look()[1] == {"2"}
    folder.lift(path, one.id, "why", folder.now())
    assert service.of_source.look()[1] == frozenset()


def test_a_folder_of_the_holds_that_is_missing_counts_only_where_it_is_required(service, tmp_path, monkeypatch):
    path = str(tmp_path / "holds")
    monkeypatch.setattr(service.of_source, "_holds_path", path)
    # The watch over the token of the emergency stop's rulebooks: it must neither end nor be silent for a folder that the first stop makes.
    assert service.of_source.look() == (AccountList(()), frozenset())
    monkeypatch.setattr(service.of_source, "_holds_required", True)
    answer, held = service.of_source.look()
    assert f"holds_path {path} is missing" in answer.reason and held == frozenset()
    service.valid = set()
    assert service.of_source.look()[0] == Refusal(401)


def test_a_token_that_is_renewed_while_it_is_refused_is_tried_at_once(service):
    service.valid = {NEW}
    service.before = lambda: service.file.write_text(NEW, encoding="utf-8")
    assert service.of_source.look()[0] == AccountList(()) and service.seen == [OLD, NEW]


def test_a_token_that_is_refused_is_not_sent_twice_in_one_look(service):
    service.valid = set()
    assert service.of_source.look()[0] == Refusal(401) and service.seen == [OLD]


def test_a_file_that_cannot_be_read_is_an_answer_and_no_end(service):
    service.file.unlink()
    answer, held = service.of_source.look()
    assert "cannot be read: No such file" in answer.reason and held == frozenset() and service.seen == []
    service.file.write_text(OLD, encoding="utf-8")
    assert service.of_source.look()[0] == AccountList(())


def test_a_token_that_is_refused_ends_the_source_at_its_start(service):
    service.valid = set()
    with pytest.raises(InputError, match="401 token invalid or expired"):
        asyncio.run(bot_states.main(None, {"api_token_file": str(service.file)}))


def test_a_folder_of_the_holds_that_is_required_and_missing_ends_the_source_at_its_start(service, tmp_path):
    with pytest.raises(InputError, match="bot_states: holds_path .* is missing"):
        asyncio.run(bot_states.main(None, {"api_token_file": str(service.file), "holds_path": str(tmp_path / "holds"), "holds_required": True}))


def test_cancelled_while_the_service_hangs_it_ends_at_once(monkeypatch):
    # Never set: the reading lasts for ever.
    hanging = bot_states.threading.Event()
    monkeypatch.setattr(bot_states.Client, "list_accounts", lambda self, seconds: hanging.wait())

    async def cancelled():
        task = asyncio.create_task(bot_states.main(None, {"api_token": TOKEN}))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())


def test_a_fault_of_this_collection_ends_the_source_without_its_text(monkeypatch):
    def broken(self, seconds):
        raise ValueError("text with " + TOKEN)

    monkeypatch.setattr(bot_states.Client, "list_accounts", broken)
    with pytest.raises(RuntimeError, match="internal error in bookieops.betmatic") as raised:
        asyncio.run(bot_states.main(None, {"api_token": TOKEN}))
    assert TOKEN not in str(raised.value)
