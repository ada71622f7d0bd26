# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Validation before the first byte: what is accepted, and what the refusal says."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _arguments
from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Target

NOTHING = {"account_id": None, "accounts": None, "all_accounts": False, "state": None}
LIMITS = {"deadline": 600.0, "timeout": 10.0, "retries": 2, "wait": False, "wait_timeout": 120.0, "wait_sleep": 2.0, "concurrency": 10}


def params(**given):
    return {**NOTHING, **given}


def refusal(function, given):
    with pytest.raises(InputError) as caught:
        function(given)
    return str(caught.value)


def test_targets_keep_their_order_and_stand_once():
    assert _arguments.read_targets(params(account_id=["2", "1", "2"], state="off")) == (Target("2", "off"), Target("1", "off"))


def test_an_entry_has_its_own_state_or_the_tasks():
    entries = [{"account_id": "1", "state": "on", "display_name": "TAB"}, {"account_id": "2", "state": None, "display_name": None}]
    assert _arguments.read_targets(params(accounts=entries, state="off")) == (Target("1", "on", "TAB"), Target("2", "off"))


def test_the_same_account_twice_keeps_the_guard_that_one_entry_has():
    entries = [{"account_id": "1"}, {"account_id": "1", "display_name": "TAB"}, {"account_id": "1"}]
    assert _arguments.read_targets(params(accounts=entries, state="off")) == (Target("1", "off", "TAB"),)


@pytest.mark.parametrize(
    "given,words",
    [
        (params(account_id=[], state="on"), ("account_id", "empty list")),
        (params(accounts=[]), ("accounts", "empty list")),
        (params(account_id=[""], state="on"), ("account_id ''", "in quotes")),
        (params(account_id=["123"]), ("state is missing", "'123'")),
        (params(accounts=[{"account_id": "1", "state": "on"}, {"account_id": "1", "state": "off"}]), ("'1'", "twice")),
        (params(accounts=[{"account_id": "1", "display_name": "A"}, {"account_id": "1", "display_name": "B"}], state="on"), ("'1'", "twice")),
        # A service that reads numbers would get both states for one account.
        (params(accounts=[{"account_id": "123", "state": "off"}, {"account_id": "0123", "state": "on"}]), ("accounts names '123' and '0123'", "list it once")),
        (params(account_id=["7", "00", "a0", "0"], state="off"), ("account_id names '00' and '0'", "list it once")),
        (params(accounts=[{"account_id": "1", "display_name": " "}], state="on"), ("display_name", "'1'")),
    ],
)
def test_refused_targets(given, words):
    said = refusal(_arguments.read_targets, given)
    assert all(word in said for word in words)


BAD_IDS = ["", " ", ".", "..", "#", "/", "123/..", "123\n", "\u0661\u0662\u0663", "\u00e4", "1 2", "%2e", "-", "__", "x" * 65]
BAD_IDS += ["all", "ALL", "True", "null", "none"]


@pytest.mark.parametrize("account_id", BAD_IDS)
def test_refused_ids(account_id):
    assert repr(account_id) in refusal(_arguments.read_targets, params(account_id=["123", account_id], state="off"))


@pytest.mark.parametrize("account_id", ["123", "a", "A-b_9", "x" * 64])
def test_accepted_ids(account_id):
    assert _arguments.read_targets(params(account_id=[account_id], state="off")) == (Target(account_id, "off"),)


def test_a_zero_before_an_id_is_accepted_where_it_is_the_only_spelling():
    assert _arguments.read_targets(params(account_id=["0123", "0123", "x123", "x0123"], state="off"))[0] == Target("0123", "off")


def test_exactly_one_selector():
    assert _arguments.selects_all(params(all_accounts=True, state="on")) is True
    assert _arguments.selects_all(params(account_id=["1"], state="on")) is False
    assert "no account" in refusal(_arguments.selects_all, params(state="on"))
    assert "account_id and all_accounts" in refusal(_arguments.selects_all, params(account_id=["1"], all_accounts=True, state="on"))
    assert "account_id and accounts" in refusal(_arguments.selects_all, params(account_id=["1"], accounts=[], state="on"))
    assert "state is missing" in refusal(_arguments.selects_all, params(all_accounts=True))


@pytest.mark.parametrize(
    "url",
    ["https://betmatic.app/api", "https://betmatic.app/api/", "http://127.0.0.1:8080/api", "http://[::1]:8080/api", "http://localhost/api", "https://x.y:443",
     "https://192.0.2.1/api", "https://[2001:DB8::1]:8443/api", "https://7.betmatic.app/api"],
)
def test_accepted_urls(url):
    assert _arguments.read_url({"api_url": f" {url} "}) == url.rstrip("/")


BAD_URLS = [
    "",
    "betmatic.app/api",
    "ftp://betmatic.app/api",
    "http://betmatic.app/api",
    "http://127.0.0.2/api",
    "http://localhost.evil.example/api",
    "http://127.0.0.1.evil.example/api",
    "https://betmatic.app/api?x=1",
    "https://betmatic.app/api?",
    "https://betmatic.app/api#x",
    "https://betmatic.app/api/../x",
    "https://betmatic.app/./api",
    "https://betmatic.app/a%2fpi",
    "https://betmatic.app//api",
    "ht\ntps://betmatic.app/api",
    "https://betmatic.app/a\tpi",
    "https:///api",
    "https://127.1/api",
    "https://2130706433/api",
    "https://0x7f.1/api",
    "https://0x7f000001/api",
    "https://192.0.2.010/api",
    "https://192.0.2.1./api",
    "https://192.0.2.256/api",
    "https://[::1::]/api",
    "https://betmatic.app:99999/api",
    "https://betmatic.app:0/api",
    "https://bet matic.app/api",
    "https://betmatic.app\\@evil.example/api",
    "https://[::1/api",
    "http://evil.example\\[::1]/api",
    "http://evil.example[::1]/api",
]


@pytest.mark.parametrize("url", BAD_URLS)
def test_refused_urls(url):
    assert "api_url" in refusal(_arguments.read_url, {"api_url": url})


@pytest.mark.parametrize("url", ["https://user:Passw0rd@betmatic.app/api", "https:/user:Passw0rd@x", "user:Passw0rd@betmatic.app/api"])
def test_a_password_in_the_url_is_not_shown(url):
    said = refusal(_arguments.read_url, {"api_url": url})
    assert "user or a password" in said and "Passw0rd" not in said


@pytest.mark.parametrize(
    "option,value",
    [(option, value) for option in ("deadline", "timeout", "wait_timeout", "wait_sleep") for value in (0.0, -1.0, float("nan"), float("inf"), 86401.0)]
    + [("retries", -1), ("retries", 21)],
)
def test_refused_limits(option, value):
    said = refusal(_arguments.read_limits, dict(LIMITS, **{option: value}))
    assert option in said and str(value) in said


@pytest.mark.parametrize("value", [0, 65, -1])
def test_refused_concurrency(value):
    assert f"concurrency is {value}" in refusal(_arguments.read_concurrency, dict(LIMITS, concurrency=value))


def test_accepted_limits():
    limits = _arguments.read_limits(LIMITS)
    assert (limits.deadline, limits.timeout, limits.retries, limits.wait, limits.wait_timeout, limits.wait_sleep) == (600.0, 10.0, 2, False, 120.0, 2.0)
    assert [_arguments.read_concurrency({"concurrency": value}) for value in (1, 64)] == [1, 64]


def test_the_ca_path_must_be_there(tmp_path):
    assert _arguments.read_ca_path({"ca_path": None}) is None
    assert _arguments.read_ca_path({"ca_path": str(tmp_path)}) == str(tmp_path)
    assert "ca_path" in refusal(_arguments.read_ca_path, {"ca_path": str(tmp_path / "gone")})


def test_a_login_is_read_without_white_space_around_the_email():
    assert _arguments.read_login({"email": " ops@example.com\n", "password": " p "}) == ("ops@example.com", " p ")
    assert _arguments.read_login({"email": None, "password": None}) is None


@pytest.mark.parametrize("given", [("a", None), (None, "secret-4711"), (" ", "secret-4711"), ("a", ""), ("", ""), ("", None)])
def test_half_a_login_is_refused_without_showing_it(given):
    words = refusal(_arguments.read_login, dict(zip(("email", "password"), given)))
    assert "refresh api_token" in words and "secret-4711" not in words


@pytest.mark.parametrize("days", [0.0, -1.0, 3650.5, float("nan"), float("inf")])
def test_min_days_that_cannot_be(days):
    assert f"min_days is {days}" in refusal(_arguments.read_min_days, {"min_days": days})


@pytest.mark.parametrize("days", [0.01, 14.0, 3650.0])
def test_min_days_that_can_be(days):
    assert _arguments.read_min_days({"min_days": days}) == days
