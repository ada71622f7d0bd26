# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a reading shows besides the list: the service's clock, and the certificate's end."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api import inspection
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.client import Client
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import NotSent

# Sat, 21 Nov 2026 09:00:00 GMT
NINE = 1_795_251_600.0
DATE = "Sat, 21 Nov 2026 09:00:00 GMT"


@pytest.mark.parametrize(("began", "took", "ahead"), [
    (NINE, 0.1, 0.0),
    (NINE + 0.9, 0.05, 0.0),
    (NINE - 0.5, 1.0, 0.0),
    (NINE - 95.5, 0.5, 95.0),
    (NINE + 101.0, 0.5, -100.0),
])
def test_the_clock_is_compared_as_exactly_as_whole_seconds_and_the_way_allow(began, took, ahead):
    assert inspection.clock_ahead(DATE, began, took) == ahead


@pytest.mark.parametrize("date", [None, "", "yesterday", "Sat, 99 Nov 2026 09:00:00 GMT"])
def test_a_header_that_tells_no_time_compares_nothing(date):
    assert inspection.clock_ahead(date, NINE, 0.1) is None


@pytest.mark.parametrize(("connection", "ends"), [
    (SimpleNamespace(sock=SimpleNamespace(getpeercert=lambda: {"notAfter": "Nov 21 09:00:00 2026 GMT"})), NINE),
    (SimpleNamespace(sock=SimpleNamespace(getpeercert=dict)), None),
    (SimpleNamespace(sock=SimpleNamespace(getpeercert=lambda: None)), None),
    (SimpleNamespace(sock=SimpleNamespace()), None),
    (SimpleNamespace(sock=None), None),
    (None, None),
])
def test_the_end_of_a_certificate_is_read_where_there_is_one(connection, ends):
    assert inspection.certificate_ends(connection) == ends


def test_a_relative_path_of_certificates_begins_where_the_client_s_does(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "ca.pem").write_text("not a certificate", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "ca.pem")
    url, token = "https://127.0.0.1:1/api", "a-token-of-one-word"
    reasons = []
    for folder in ("", str(tmp_path)):
        inspector = inspection.Inspector(url, token, True, None, folder)
        client = Client(url, token, True, None, folder)
        reasons.append((inspector.read(5.0).answer, client.list_accounts(5.0)))
        inspector.close()
        client.close()
    assert [one == other and isinstance(one, NotSent) for one, other in reasons] == [True, True]
    assert reasons[0] != reasons[1]
