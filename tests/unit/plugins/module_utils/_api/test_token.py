# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The token: what may be sent, what is masked, when it expires."""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api import token as api_token


def jwt(claims):
    return "head." + base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=") + ".signature"


@pytest.mark.parametrize("token,sendable", [("abc.def", True), ("a b", False), ("a\nb", False), ("", False), ("\u00e4", False), ("a\x7f", False)])
def test_sendable(token, sendable):
    assert api_token.is_sendable(token) is sendable


def test_the_token_and_its_longer_parts_are_secrets():
    assert api_token.secrets_of("short.long-enough.12345678") == ("short.long-enough.12345678", "long-enough", "12345678")


@pytest.mark.parametrize(
    "token,expires",
    [
        (jwt({"exp": 1798761599}), "2026-12-31T23:59:59Z"),
        (jwt({"exp": "1798761599"}), "2026-12-31T23:59:59Z"),
        (jwt({}), None),
        (jwt({"exp": None}), None),
        (jwt({"exp": 10**30}), None),
        (jwt([]), None),
        ("opaque", None),
        ("a.b.c", None),
        ("a.!!!!.c", None),
    ],
)
def test_expiry(token, expires):
    assert api_token.expires(token) == expires


@pytest.mark.parametrize(
    "claims,name",
    [
        ({"user_id": 4711}, "user_id"),
        ({"user_id": 4711, "exp": 1, "email": "ops@example.com"}, "user_id"),
        ({"sub": "abc", "username": "ops"}, "sub"),
        ({"user_id": None, "sub": "", "username": True, "email": "ops@example.com"}, "email"),
    ],
)
def test_whose_token_it_is_stays_when_it_is_renewed_and_tells_nothing_of_it(claims, name):
    token = jwt(claims)
    account = api_token.account(token)
    assert account == api_token.account(jwt({**claims, "exp": 2, "jti": "another"}))
    assert account.partition(":")[0] == name and len(account.partition(":")[2]) == 12
    # Of each value another one, and of none a piece of the token.
    assert account != api_token.account(jwt({**claims, name: "another"}))
    assert not any(token[place:place + 8] in account for place in range(len(token) - 7))


@pytest.mark.parametrize("token", ["opaque", "a.b.c", jwt([]), jwt({}), jwt({"user_id": ["x"]}), jwt({"exp": 1}), ""])
def test_a_token_that_names_nobody_has_no_account(token):
    assert api_token.account(token) is None


EXPIRES = "2026-12-31T23:59:59Z"
EXPIRES_AT = 1798761599
DAY = 86400


@pytest.mark.parametrize(
    "left,words",
    [
        (60 * DAY, None),
        (7 * DAY + 1, None),
        (7 * DAY, "expires on {0}, in 7 days: renew it"),
        (7 * DAY - 1, "expires on {0}, in 6 days: renew it"),
        (2 * DAY - 1, "expires on {0}, in 1 day: renew it"),
        (DAY, "expires on {0}, in 1 day: renew it"),
        (DAY - 1, "expires on {0}, in less than a day: renew it"),
        (1, "expires on {0}, in less than a day: renew it"),
        (0, "expired on {0} by this machine's clock: log in again"),
        (-400 * DAY, "expired on {0} by this machine's clock: log in again"),
    ],
)
def test_the_warning_says_how_long_and_what_to_do(left, words):
    whole = words and "The API token " + words.format(EXPIRES) + " with bookieops.betmatic.bookie_token."
    assert api_token.warning(EXPIRES, EXPIRES_AT - left) == whole


def test_a_token_without_an_expiry_warns_of_nothing():
    assert api_token.warning(None, 0.0) is None


@pytest.mark.parametrize("moment", [1, EXPIRES_AT, 253402300799, -62135596800])
def test_every_expiry_that_is_read_can_be_counted_to(moment):
    assert api_token.left(api_token.expires(jwt({"exp": moment})), 0.0).total_seconds() == moment
