# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each broken connection is named, with what to do; a sound one is not."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import AccountList, ListedAccount, Maybe, NotSent, Refusal
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.inspection import Exchange
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.url import DEFAULT_URL
from ansible_collections.bookieops.betmatic.plugins.module_utils._preflight import service
from ansible_collections.bookieops.betmatic.plugins.module_utils._preflight.findings import OK, STOP, WARNING, Finding, conclusion

NOW = 1_795_000_000.0
EXPIRES, EXPIRED, SOON = "2027-01-01T00:00:00Z", "2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"
LIST = AccountList((ListedAccount("123", bot_running=True), ListedAccount("124", bot_running=False)))
GATEWAY = "https://gateway.example.com/api"


def graded(finding):
    return finding.level, finding.subject


def of_all(answer=LIST, url=DEFAULT_URL, expires=EXPIRES, unclear=(), twice=(), ahead=0.0, ends=NOW + 40 * 86400, seconds=(0.05,) * 5, validated=True):
    """The findings that are not ok, of a connection that is sound but for what is given."""
    exchanges = [Exchange(answer, one) for one in seconds]
    found = [
        service.of_service(url, answer), service.of_token(expires, "user_id:3f2a9c0d1e4b", answer, NOW), service.of_list(answer, url, unclear, twice),
        service.of_clock(ahead), service.of_certificate(url, validated, ends, NOW), service.of_latency(exchanges, 10.0),
    ]
    return {one.subject: (one.level, one.text) for one in found if one.level != OK}


def test_a_sound_connection_is_silent():
    assert of_all() == {}
    assert of_all(url=GATEWAY) == {}


@pytest.mark.parametrize(("reason", "way_out"), [
    ("the host name is not known", "check api_url and the name servers"),
    ("the connection was refused", "its port and the firewall"),
    ("the server's certificate is not valid for this host", "check ca_path"),
    ("the proxy did not connect", "HTTPS_PROXY"),
    ("no connection within 10 s", "check api_url, network"),
    ("TLS failed", "check api_url, network"),
])
def test_a_service_that_is_not_reached_stops(reason, way_out):
    level, text = of_all(NotSent(reason))["service"]
    assert level == STOP and reason in text and way_out in text


@pytest.mark.parametrize(("answer", "word"), [
    (Maybe("503 from the service", 503), "out of service"),
    (Maybe("no complete answer within 10 s"), "was not reached: no complete answer within 10 s"),
    (Refusal(301), "redirects (301)"),
    (Refusal(400), "refuses to give the list (400)"),
    (Refusal(407), "refuses to give the list (407)"),
])
def test_a_service_that_does_not_answer_as_it_should_stops(answer, word):
    level, text = of_all(answer)["service"]
    assert level == STOP and word in text


def test_a_login_page_in_place_of_the_service_stops():
    answer = Maybe("the answer is not a valid document", 200)
    for document, word in (("not JSON", "login page"), ("object", "JSON that is not a list (object)"), ("none", "nothing that can be read")):
        found = service.of_service(DEFAULT_URL, answer, document)
        assert found.level == STOP and word in found.text and "what stands before the service" in found.text
    # An array that is not as it should be is the service's own.
    assert service.of_service(DEFAULT_URL, answer, "array").level == OK


def test_a_firewall_s_403_is_not_the_service_s():
    assert service.of_service(DEFAULT_URL, Refusal(403), "not JSON").level == STOP
    assert [service.of_service(DEFAULT_URL, Refusal(403), document).level for document in ("object", "none")] == [OK, OK]


def test_a_rate_limit_is_no_reason_to_believe_that_nothing_works():
    assert of_all(Refusal(429))["service"][0] == WARNING


@pytest.mark.parametrize("status", [403, 404])
def test_the_service_may_have_no_list_for_a_token(status):
    found = of_all(Refusal(status))
    assert found["list"][0] == WARNING and "bookie_known_accounts" in found["list"][1] and "service" not in found


def test_no_list_at_another_address_may_be_another_service():
    level, text = of_all(Refusal(404), url=GATEWAY)["service"]
    assert level == STOP and "check api_url" in text and DEFAULT_URL in text


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/api", "http://localhost/api", "http://[::1]:1/api", "https://localhost/api"])
def test_a_service_on_this_machine_is_a_simulator(url):
    level, text = of_all(url=url)["service"]
    assert level == WARNING and "simulator" in text


def test_a_token_that_is_refused_stops():
    level, text = of_all(Refusal(401))["token"]
    assert level == STOP and "(401)" in text and "bookie_token" in text
    assert of_all(Refusal(401), expires=None)["token"][0] == STOP


def test_a_token_that_has_expired_stops_unless_the_service_takes_it():
    assert of_all(Refusal(403), expires=EXPIRED)["token"][0] == STOP
    assert of_all(NotSent("the connection was refused"), expires=EXPIRED)["token"][0] == STOP
    level, text = of_all(expires=EXPIRED)["token"]
    assert level == WARNING and "check the clock" in text


@pytest.mark.parametrize(("expires", "word"), [(SOON, "renew it"), (None, "does not say when it expires")])
def test_a_token_that_ends_soon_or_nobody_knows_when_is_named(expires, word):
    level, text = of_all(expires=expires)["token"]
    assert level == WARNING and word in text and "user_id:3f2a9c0d1e4b" in text


@pytest.mark.parametrize("answer", [NotSent("the connection was refused"), Maybe("the answer is not a valid document", 200), Refusal(403), Refusal(429)])
def test_a_token_that_the_service_has_not_taken_is_not_called_valid(answer):
    level, text = of_all(answer)["token"]
    assert level == WARNING and "has not said" in text


@pytest.mark.parametrize(("expires", "word"), [
    ("2026-11-18T17:00:00Z", "it ends in 5 hours, on"), ("2026-11-18T12:30:00Z", "it ends in 1 hour, on"), ("2026-11-18T11:30:00Z", "less than an hour"),
])
def test_a_token_that_ends_before_the_next_nightly_check_stops(expires, word):
    level, text = of_all(expires=expires)["token"]
    assert level == STOP and word in text and "refresh it now" in text


def test_a_token_that_is_refused_once_in_a_while_stops():
    found = service.of_token(EXPIRES, None, LIST, NOW, [LIST, Refusal(401)])
    assert found.level == STOP and "a moment later (401)" in found.text
    assert service.of_token(EXPIRES, None, LIST, NOW, [LIST, Refusal(429), NotSent("no connection")]).level == OK


def test_a_list_without_accounts_stops():
    level, text = of_all(AccountList())["list"]
    assert level == STOP and "names no account" in text


@pytest.mark.parametrize(("unclear", "twice", "word"), [
    (("124",), (), "neither on nor off for 124"),
    ((), ("123",), "listed twice"),
    (tuple(map(str, range(200, 220))), (), "209 and 10 more"),
])
def test_what_the_list_does_not_prove_is_named(unclear, twice, word):
    level, text = of_all(unclear=unclear, twice=twice)["list"]
    assert level == WARNING and word in text


def test_a_list_that_is_no_valid_document_is_named():
    level, text = of_all(Maybe("the answer is not a valid document", 200))["list"]
    assert level == WARNING and "bookie_contract_file" in text


@pytest.mark.parametrize(("ahead", "word"), [(95.0, "95 s behind"), (-3700.0, "3700 s ahead of"), (None, "tells no time")])
def test_a_clock_that_is_off_is_named(ahead, word):
    level, text = of_all(ahead=ahead)["clock"]
    assert level == WARNING and word in text


@pytest.mark.parametrize(("changed", "word"), [
    ({"ends": NOW + 3.5 * 86400}, "3 days left"),
    ({"ends": NOW + 3600}, "less than a day left"),
    ({"ends": None}, "could not be read"),
    ({"validated": False}, "validate_certs"),
])
def test_a_certificate_that_ends_or_is_not_checked_is_named(changed, word):
    level, text = of_all(**changed)["certificate"]
    assert level == WARNING and word in text


def test_a_slow_service_is_named():
    level, text = of_all(seconds=(0.1, 2.5))["latency"]
    assert level == WARNING and "100, 2500 ms" in text


def test_a_service_that_fails_now_and_then_is_named():
    for answer, word in ((Maybe("the connection broke"), "the connection broke"), (Maybe("503 from the service", 503), "503"), (Refusal(429), "429")):
        found = service.of_latency([Exchange(LIST, 0.1), Exchange(answer, 0.2), Exchange(LIST, 0.1)], 10.0)
        assert found.level == WARNING and f"1 of 3 failed ({word})" in found.text


def test_what_an_off_is_sent_again_for_is_asked_again_for():
    assert [service.goes_on(Exchange(answer, 0.1)) for answer in (LIST, Refusal(408), Refusal(406), Refusal(401), Refusal(429))] == [
        True, True, True, False, False,
    ]


def test_the_reading_that_gave_a_list_counts():
    lost, first, second = Exchange(NotSent("no connection"), 0.1), Exchange(LIST, 0.2), Exchange(LIST, 0.3)
    assert service.deciding([lost, first, second]) is first
    assert service.deciding([first, lost]) is first
    assert service.deciding([lost]) is lost


def test_only_what_stops_makes_it_not_ready():
    warned = conclusion([Finding(OK, "a", "x."), Finding(WARNING, "b", "y.")])
    assert warned["ready"] and warned["msg"] == "Ready for an emergency stop. 2 checks, 1 warning."
    stopped = conclusion([Finding(WARNING, "b", "y."), Finding(STOP, "c", "z: do it.")])
    assert not stopped["ready"] and stopped["msg"] == "NOT READY: an emergency stop would fail. c: z: do it."
    assert stopped["findings"] == [{"level": "warning", "subject": "b", "text": "y."}, {"level": "stop", "subject": "c", "text": "z: do it."}]
