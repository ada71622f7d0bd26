# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The token: what may be sent, what is masked, when it expires."""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _token


def jwt(claims):
    return "head." + base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=") + ".signature"


@pytest.mark.parametrize("token,sendable", [("abc.def", True), ("a b", False), ("a\nb", False), ("", False), ("\u00e4", False), ("a\x7f", False)])
def test_sendable(token, sendable):
    assert _token.is_sendable(token) is sendable


def test_the_token_and_its_longer_parts_are_secrets():
    assert _token.secrets_of("short.long-enough.12345678") == ("short.long-enough.12345678", "long-enough", "12345678")


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
    assert _token.expires(token) == expires
