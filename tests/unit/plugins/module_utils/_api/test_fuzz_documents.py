# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever comes over the wire or from a playbook: refused in our own way, or harmless."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import asdict
from typing import Any, Callable, Iterator

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.module_utils import _arguments, _token_source
from ansible_collections.bookieops.betmatic.plugins.module_utils._api import client as _client
from ansible_collections.bookieops.betmatic.plugins.module_utils._api import documents as _documents
from ansible_collections.bookieops.betmatic.plugins.module_utils._api import parsing, transport
from ansible_collections.bookieops.betmatic.plugins.module_utils._api import token as api_token
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import Maybe, Refusal
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.parsing import Malformed
from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.tests.unit.support.documents import PAGE_ALL, PAGE_ONE
from ansible_collections.bookieops.betmatic.tests.unit.support.generated import load_profile

load_profile()

LIST = [
    {
        "id": 123,
        "bookie": "TAB",
        "display_name": "TAB Main Account",
        "balance": 1250.5,
        "bonus_balance": 50,
        "update_time": "2026-01-24T21:00:00+11:00",
        "bot_ip": "192.0.2.17",
        "bot_id": "bot-17",
        "bot_running": True,
        "running_sessions": 1,
    },
    {"id": 124},
]
PARSERS = {
    "control": (parsing.parse_control, PAGE_ONE),
    "bulk": (parsing.parse_bulk, PAGE_ALL),
    "list": (parsing.parse_list, LIST),
    "words": (parsing.parse_words, {"detail": "no", "message": "not today"}),
}
LONGEST = 200
ID_TRAPS = (
    ("", ".", "..", "/", "#", "?", "%2e", "123/..", "123\n", " 123", "\u0661\u0662\u0663", "\u217b", "-", "_", "True", "none", "ALL", "1" * 64, "1" * 65)
    + ("a;b", "a\\b", "a@b", "a:b", "a.b", "1.", "-1")
)
TEXT_TRAPS = ("\ud800", "\x00", "\x1b[31m", "\u202e", "\ufeff", "\u2028", "x" * 5000, " " * 900 + "x", "\U0010ffff", "")
NUMBER_TRAPS = (0, -1, 2**63, 10**4000, -(10**400), 1e308, -0.0, 1.5, True, False)

# --- documents -------------------------------------------------------------------------------------------------

texts = st.text() | st.text(alphabet=st.characters(exclude_categories=())) | st.sampled_from(TEXT_TRAPS)
ids = st.sampled_from(ID_TRAPS) | st.text(max_size=70) | st.from_regex("[A-Za-z0-9_-]{1,70}", fullmatch=True)
numbers = st.integers() | st.floats() | st.sampled_from(NUMBER_TRAPS)
scalars = st.none() | st.booleans() | numbers | texts | ids
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=5)


def _places(document: Any, path: Any = ()) -> Iterator[Any]:
    """Walk over the path of every value in a document."""
    yield path
    children = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for key, child in children:
        yield from _places(child, (*path, key))


def trapped(valid: Any, place: Any = None) -> Iterator[Any]:
    """Yield the document with every trap in every place, or only in one."""
    traps = (*ID_TRAPS, *TEXT_TRAPS, *NUMBER_TRAPS, "0", "false", None, [], {}, [{}], math.nan, math.inf)
    for path in _places(valid) if place is None else (place,):
        for trap in traps:
            yield _changed(valid, path, lambda old, trap=trap: trap)


def _changed(document: Any, path: Any, change: Callable[[Any], Any]) -> Any:
    """Return the document with `change` made to the value at the path."""
    if not path:
        return change(document)
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[path[0]] = _changed(copy[path[0]], path[1:], change)
    return copy


@st.composite
def documents(draw: Any, valid: Any) -> bytes:
    """Draw a valid document with up to three values replaced or removed, then bent as text and as bytes."""
    document = valid
    for _number in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(list(_places(document))))
        value = draw(values)
        document = _changed(document, path, lambda old, value=value: value)
    text = json.dumps(document)
    text = draw(st.sampled_from(_BENDS))(text)
    body = text.encode("utf-8", "surrogatepass")
    for _number in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, max(0, len(body) - 1)))
        body = body[:place] + draw(st.binary(max_size=3)) + body[place + draw(st.integers(0, 2)):]
    return body


def _double_a_key(text: str) -> str:
    return text.replace("{", '{"status": "failed", "status": "success", ', 1)


_BENDS = (
    str,
    str,
    str,
    _double_a_key,
    lambda text: "\ufeff" + text,
    lambda text: text + text,
    lambda text: text.replace("true", "NaN").replace("1", "Infinity", 1),
    lambda text: text.replace("123", "1" * 5000),
    lambda text: text.replace("123", "-0"),
    lambda text: text.replace("1250.5", "1e999"),
    lambda text: "[" * 100000 + text,
    lambda text: '{"a":' * 100000 + text,
    lambda text: text.encode("utf-16").decode("latin-1"),
    lambda text: text.replace("B", "\\ud800").replace("T", "\ud800"),
)

_RUINS = (_double_a_key, lambda text: "\ufeff" + text, lambda text: text + text, lambda text: "[" * 100000 + text, lambda text: text[:-1])

bodies = st.one_of([documents(valid) for _parse, valid in PARSERS.values()] + [st.binary(), values.map(lambda value: json.dumps(value).encode())])


def is_harmless(value: Any) -> bool:
    """Tell whether everything in a value may be returned: JSON, printable, bounded."""
    json.dumps(value, allow_nan=False).encode("utf-8")
    if isinstance(value, str):
        return value.isprintable() and len(value) <= LONGEST
    if isinstance(value, dict):
        return all(is_harmless(key) and is_harmless(child) for key, child in value.items())
    return all(is_harmless(child) for child in value) if isinstance(value, (list, tuple)) else True


def ids_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (child for key, child in value.items() if key == "account_id")
        value = tuple(value.values())
    for child in value if isinstance(value, (list, tuple)) else ():
        yield from ids_in(child)


def parsed(parse: Callable[[bytes], Any], body: bytes) -> Any:
    """Return the parsed document as plain data; Malformed is the only exception that may come."""
    try:
        answer = parse(body)
    except Malformed:
        return None
    return answer if answer is None or isinstance(answer, str) else asdict(answer)


@pytest.mark.parametrize("kind", PARSERS)
def test_what_a_parser_returns_is_harmless(kind: str) -> None:
    parse, valid = PARSERS[kind]

    @given(documents(valid) | bodies)
    def holds(body: bytes) -> None:
        value = parsed(parse, body)
        assert is_harmless(value)
        assert all(_documents.is_account_id(account_id) for account_id in ids_in(value))

    holds()


@pytest.mark.parametrize("kind", PARSERS)
def test_no_trap_in_any_place_gets_through(kind: str) -> None:
    parse, valid = PARSERS[kind]
    for document in trapped(valid):
        value = parsed(parse, json.dumps(document).encode("utf-8"))
        assert is_harmless(value)
        assert all(_documents.is_account_id(account_id) for account_id in ids_in(value))


def test_a_number_without_end_is_not_returned() -> None:
    (row,) = parsed(parsing.parse_list, b'[{"id": 123, "balance": 1e999, "bonus_balance": -1e999}]')["rows"]
    assert (row["balance"], row["bonus_balance"]) == (None, None)


@pytest.mark.parametrize("kind", PARSERS)
def test_valid_documents_are_parsed(kind: str) -> None:
    parse, valid = PARSERS[kind]
    assert parsed(parse, json.dumps(valid).encode())


@pytest.mark.parametrize("kind", PARSERS)
@pytest.mark.parametrize("bend", _RUINS)
def test_bent_documents_are_refused(kind: str, bend: Callable[[str], str]) -> None:
    parse, valid = PARSERS[kind]
    text = json.dumps(valid[0] if isinstance(valid, list) else valid)
    text = bend(text)
    text = "[" + text + "]" if isinstance(valid, list) else text
    assert parsed(parse, text.encode("utf-8")) is None


def _is_zero(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value == 0


def _control_is_strict(body: bytes) -> None:
    value = parsed(parsing.parse_control, body)
    if value is not None and value["no_sessions"]:
        active = (json.loads(body).get("session_info") or {}).get("active_sessions")
        assert active is None or _is_zero(active)


def _list_is_strict(body: bytes) -> None:
    value = parsed(parsing.parse_list, body)
    for row, raw in zip(value["rows"] if value else (), json.loads(body) if value else ()):
        assert row["bot_running"] is raw.get("bot_running") or row["bot_running"] is None
        assert not row["no_sessions"] or _is_zero(raw.get("running_sessions", 0))


@given(documents(PAGE_ONE))
def test_off_is_proven_by_nothing_but_integers(body: bytes) -> None:
    _control_is_strict(body)


@given(documents(LIST))
def test_a_row_shows_a_stopped_bot_by_nothing_but_false_and_zero(body: bytes) -> None:
    _list_is_strict(body)


def test_no_trap_is_taken_for_no_sessions() -> None:
    for document in trapped(PAGE_ONE, ("session_info", "active_sessions")):
        _control_is_strict(json.dumps(document).encode("utf-8"))
    for key in ("running_sessions", "bot_running"):
        for document in trapped(LIST, (0, key)):
            _list_is_strict(json.dumps(document).encode("utf-8"))


@given(st.one_of(st.none(), st.integers(), st.text(), st.text(min_size=150, max_size=1000)))
def test_clean_text_is_harmless(value: Any) -> None:
    text = _documents.clean(value)
    assert text is None or (0 < len(text) <= 200 and text.isprintable() and text == text.strip())
    assert _documents.clean(text) == text


@given(st.text(max_size=900), st.text(max_size=900))
def test_clean_text_holds_the_whole_secret_or_nothing_of_it(before: str, after: str) -> None:
    secret = "a-long-secret-of-34-characters-more"
    text = _documents.clean(before + " " + secret + " " + after) or ""
    assert secret in text or secret[:8] not in text or secret[:8] in before + after


@given(ids)
def test_an_account_id_is_short_and_plain(text: str) -> None:
    if _documents.is_account_id(text):
        assert 0 < len(text) <= 64
        assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
        assert any(letter not in "_-" for letter in text)
        assert text.lower() not in ("true", "false", "null", "none", "all")


# --- an exchange -----------------------------------------------------------------------------------------------

dates = st.datetimes().map(lambda moment: moment.strftime("%a, %d %b %Y %H:%M:%S GMT"))
DATE_TRAPS = ("Fri, 31 Dec 9999 23:59:59 -2359", "01 Jan 0001 00:00:00 +2359", "Mon, 1 Jan 99999 0:0:0", "1 Jan 2026 00:00:00 +99999999999999")
headers = st.none() | texts | dates | st.integers().map(str) | st.sampled_from(("1e9", "Inf", "-1", "9" * 9, "9" * 10, *DATE_TRAPS))
statuses = st.sampled_from((100, 199, 200, 201, 204, 299, 300, 307, 399, 400, 401, 404, 406, 429, 499, 500, 503, 599, 999))


@given(headers, st.floats(0, 4e9))
def test_retry_after_is_a_number_of_seconds_or_nothing(value: str | None, now: float) -> None:
    seconds = _client._retry_after(value, now)
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)


@pytest.mark.parametrize("kind", PARSERS)
def test_only_a_200_with_a_valid_document_is_an_answer(kind: str) -> None:
    parse, valid = PARSERS[kind]

    @given(statuses, headers, st.none() | documents(valid) | bodies)
    def holds(status: int, retry_after: str | None, body: bytes | None) -> None:
        judged = _client.judge(transport.Answered(status, {} if retry_after is None else {"Retry-After": retry_after}, body), parse)
        if isinstance(judged, (Refusal, Maybe)):
            assert is_harmless(asdict(judged))
            assert judged.http_status == status
            assert isinstance(judged, Refusal) == (300 <= status < 500)
        else:
            assert status == 200

    holds()


# --- the token -------------------------------------------------------------------------------------------------

claims = st.fixed_dictionaries({"exp": scalars}) | values
tokens = st.text() | claims.map(lambda value: "a." + base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=") + ".b")


@given(tokens)
@example("a." + base64.urlsafe_b64encode(b"[" * 100000).decode() + ".b")
@example("a." + base64.urlsafe_b64encode(b'{"exp": 1e999}').decode() + ".b")
@example("a." + base64.urlsafe_b64encode(b'{"exp": ' + b"9" * 5000 + b"}").decode() + ".b")
@example("a.\u0660\u0660\u0660\u0660.b")
def test_a_token_expires_or_says_nothing(token: str) -> None:
    moment = api_token.expires(token)
    assert moment is None or (moment.endswith("Z") and len(moment) <= 30)
    assert (api_token.warning(moment, 1e9) or "The API token").startswith("The API token")


@given(texts)
def test_a_token_that_is_read_can_be_sent(text: str) -> None:
    try:
        token = _token_source.choose({"api_token": text}).read()
    except InputError as error:
        assert len(text) < 3 or text.strip() not in str(error)
        return
    assert token and set(token) <= set(map(chr, range(33, 127)))
    header = {"Authorization": "Token " + token}
    assert requests.Request("GET", "https://betmatic.app/", headers=header).prepare().headers["Authorization"] == "Token " + token


# --- arguments -------------------------------------------------------------------------------------------------

names = st.none() | texts
entries = st.fixed_dictionaries({"account_id": ids}, optional={"state": st.sampled_from((None, "on", "off")), "display_name": names})
params = st.fixed_dictionaries(
    {
        "accounts": st.none() | st.lists(entries, max_size=4),
        "account_id": st.lists(ids, max_size=4),
        "state": st.sampled_from((None, "on", "off")),
    }
)


@given(params)
def test_targets_are_read_or_refused(given_params: Any) -> None:
    try:
        targets = _arguments.read_targets(given_params)
    except InputError as error:
        str(error)
        return
    assert targets
    assert len({target.account_id for target in targets}) == len(targets)
    assert all(_documents.is_account_id(target.account_id) and target.state in ("on", "off") for target in targets)


SCHEMES_AND_HOSTS = ("https://", "http://", "HTTPS://", "ftp://", "//", "", "betmatic.app", "127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1")
USERS_AND_PORTS = ("user:pw@", "@", ":0", ":80", ":99999", ":x")
PATHS = ("/api", "/", "//", "/..", "/.", "/%2e%2e", "?", "?a=b", "#", "\\", "\n", "\t", " ", ";")
ODDITIES = ("\u3002", "\uff0e", "\u0661", "[", "]", "[::1", "[v1.x]", "localhost.", "%00")
url_parts = st.sampled_from(SCHEMES_AND_HOSTS + USERS_AND_PORTS + PATHS + ODDITIES)
urls = st.lists(url_parts, max_size=6).map("".join) | texts | st.text().map("https://".__add__) | st.text().map("https://betmatic.app/".__add__)


def read_url(text: str) -> str | None:
    try:
        return _arguments.read_url({"api_url": text})
    except InputError as error:
        str(error)
        return None


@given(urls)
@example("http://evil.example\\[::1]")
@example("https://evil.example\\[::1]")
@example("https://betmatic.app/a\npi")
@example("ht\ntps://betmatic.app")
def test_a_url_that_is_read_leads_where_it_says(text: str) -> None:
    url = read_url(text)
    if url is None:
        return
    try:
        prepared = requests.Request("GET", url + "/bookieaccount/").prepare()
    except requests.exceptions.InvalidURL:
        # Nothing leaves.
        return
    host = transport.urlsplit(url).hostname
    assert transport.urlsplit(prepared.url).hostname == host
    assert prepared.path_url == transport.urlsplit(url).path + "/bookieaccount/"
    assert prepared.url.startswith("https://") or host in ("127.0.0.1", "::1", "localhost")
    assert "@" not in prepared.url


class Recorder:
    """In the place of Transport: keeps the URL as requests would send it."""

    def __init__(self) -> None:
        self.path: str | None = None

    def exchange(self, method: str, url: str, body: bytes | None, seconds: float, cap: int) -> Any:
        self.path = requests.Request(method, url, data=body).prepare().path_url
        return Maybe("not sent by a test")


# Making one loads the authorities that sign certificates.
CLIENT = _client.Client("https://betmatic.app/api", "token")


@given(ids)
def test_an_id_leads_to_its_own_address_and_nowhere_else(account_id: str) -> None:
    client = CLIENT
    client._transport = Recorder()
    try:
        client.control_one(account_id, "OFF", 1.0)
    except ValueError:
        assert not _documents.is_account_id(account_id)
        assert client._transport.path is None
    else:
        assert client._transport.path == "/api/bookieaccount/control/" + account_id + "/"
