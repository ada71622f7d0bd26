# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Is an ON kept back, by what, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import decisions
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds.records import Broken, Hold, Standing

NOW = datetime(2026, 11, 21, 9, 0, 0, tzinfo=timezone.utc)
URL = "https://betmatic.app/api"
EVERYBODY = Hold("20261121T080002-kqzt", "emergency_stop", "2026-11-21T08:00:02Z", "ops", "controller1", URL, reason="two bots at once")
SOME = replace(EVERYBODY, id="20261121T080003-abcd", name="maintenance", scope=("123", "124"), reason=None)
PLANNED = replace(SOME, id="20261121T080004-abcd", until="2026-11-21T09:30:00Z")
TORN = Broken("x", "/holds/x.json", "is empty")
FOLDER = Broken(None, "/holds", "cannot be read (Permission denied)")


@pytest.mark.parametrize(("standing", "account", "kept"), [
    (Standing(), "123", ()),
    (Standing((EVERYBODY,)), "999", (EVERYBODY,)),
    (Standing((SOME,)), "123", (SOME,)),
    (Standing((SOME,)), "125", ()),
    (Standing((SOME,)), None, (SOME,)),
    (Standing((EVERYBODY, SOME)), "124", (EVERYBODY, SOME)),
    (Standing((EVERYBODY, SOME)), "125", (EVERYBODY,)),
    (Standing((SOME,), (TORN,)), "125", (TORN,)),
    (Standing((), (FOLDER,)), "125", (FOLDER,)),
    (Standing((), (FOLDER,)), None, (FOLDER,)),
])
def test_an_account_is_free_when_nothing_concerns_it(standing, account, kept):
    assert decisions.keepers(standing, URL, account, NOW) == kept


@pytest.mark.parametrize(("override", "kept"), [
    (EVERYBODY.id, (TORN, SOME)), (SOME.id, (TORN, EVERYBODY)), ("x", (TORN, EVERYBODY, SOME)), (None, (TORN, EVERYBODY, SOME)),
])
def test_an_override_passes_that_one_hold_and_nothing_that_is_broken(override, kept):
    assert decisions.keepers(Standing((EVERYBODY, SOME), (TORN,)), URL, "123", NOW, override) == kept


@pytest.mark.parametrize(("minutes", "held"), [(-600, True), (0, True), (29, True), (30, False), (600, False)])
def test_only_its_own_end_ends_a_hold_and_a_clock_that_goes_back_brings_it_back(minutes, held):
    assert decisions.concerns(PLANNED, URL, "123", NOW + timedelta(minutes=minutes)) is held
    assert decisions.concerns(SOME, URL, "123", NOW + timedelta(days=4000) + timedelta(minutes=minutes))


@pytest.mark.parametrize("url", [
    URL, URL + "/", "https://BETMATIC.app/api", "https://betmatic.app:443/api", "HTTPS://betmatic.app/api", "https://betmatic.app./api",
])
def test_no_other_way_of_writing_the_url_passes_a_hold(url):
    assert decisions.concerns(EVERYBODY, url, "123", NOW)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/api", "https://betmatic.app/other", "https://betmatic.app:8443/api", "https://example.org/api"])
def test_a_hold_of_another_service_keeps_nothing_back(url):
    assert not decisions.concerns(EVERYBODY, url, "123", NOW)


def test_the_names_of_this_machine_are_one_service():
    here = replace(EVERYBODY, api_url="http://127.0.0.1:8080/api")
    names = ("localhost", "127.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::0001]", "[::ffff:127.0.0.1]", "[::FFFF:7f00:1]")
    assert all(decisions.concerns(here, f"http://{name}:8080/api", "1", NOW) for name in names)


@pytest.mark.parametrize(("placed", "asked", "held"), [
    ("[2001:db8::a]", "[2001:DB8:0:0:0:0:0:A]", True), ("192.0.2.1", "[::ffff:192.0.2.1]", True), ("192.0.2.1", "[::ffff:c000:201]", True),
    ("192.0.2.1", "192.0.2.2", False), ("[2001:db8::a]", "[2001:db8::b]", False),
])
def test_an_address_in_another_spelling_is_the_same_service(placed, asked, held):
    assert decisions.concerns(replace(EVERYBODY, api_url=f"https://{placed}/api"), f"https://{asked}/api", "1", NOW) is held


@pytest.mark.parametrize(("wanted", "found"), [
    (replace(SOME, id="new", scope=("124", "123"), reason="other"), True),
    (replace(SOME, name="other"), False),
    (replace(SOME, scope=("123",)), False),
    (replace(SOME, scope=None), False),
    (replace(SOME, api_url="https://betmatic.app/other"), False),
    (replace(SOME, until="2026-11-22T00:00:00Z"), False),
])
def test_a_second_stop_finds_the_hold_of_the_first(wanted, found):
    assert decisions.found(Standing((EVERYBODY, SOME)), wanted, NOW) == (SOME if found else None)


def test_a_hold_that_remembers_is_found_by_its_maintenance_alone():
    maintenance = replace(SOME, id="maintenance", ran=("123",))
    assert decisions.found(Standing((maintenance,)), SOME, NOW) is None and decisions.found(Standing((maintenance, SOME)), SOME, NOW) == SOME
    assert decisions.found_remembering(Standing((SOME, maintenance)), SOME, NOW) == maintenance
    assert decisions.found_remembering(Standing((SOME,)), maintenance, NOW) is None


def test_a_hold_that_has_ended_is_not_found():
    assert decisions.found(Standing((PLANNED,)), PLANNED, NOW) == PLANNED
    assert decisions.found(Standing((PLANNED,)), PLANNED, NOW + timedelta(hours=1)) is None


@pytest.mark.parametrize(("wanted", "others"), [
    (SOME, True), (replace(SOME, scope=("124", "9")), True), (replace(SOME, scope=None), True), (replace(SOME, scope=("9",)), False),
    (replace(SOME, api_url="https://example.org"), False),
])
def test_who_remembers_the_same_accounts_is_in_the_way(wanted, others):
    own = replace(SOME, ran=("123",))
    assert decisions.in_the_way(Standing((EVERYBODY, own)), wanted, NOW) == ((own,) if others else ())
    assert decisions.in_the_way(Standing((), (TORN,)), wanted, NOW) == (TORN,)


def test_the_words_name_who_when_why_and_which():
    assert decisions.words(EVERYBODY) == (
        "held since 2026-11-21T08:00:02Z by ops on controller1 (emergency_stop: two bots at once), hold 20261121T080002-kqzt"
    )
    assert " until 2026-11-21T09:30:00Z by ops" in decisions.words(PLANNED)
    assert "because /holds/x.json is empty" in decisions.words(TORN)
    assert "bookieops.betmatic.lift -e bookie_hold_id=20261121T080002-kqzt" in decisions.way_out(EVERYBODY)
    assert " -e bookie_holds_path=/a/holds -e " in decisions.way_out(EVERYBODY, "/a/holds")
    assert """ -e '{"bookie_holds_path": "/a b/holds"}' -e """ in decisions.way_out(EVERYBODY, "/a b/holds")
    assert "bookie_hold_id=x" in decisions.way_out(TORN) and "Fix the folder" in decisions.way_out(FOLDER)
    assert decisions.ids((TORN, FOLDER, SOME)) == ("x", SOME.id)


def test_what_is_older_than_a_day_is_named():
    assert decisions.forgotten(Standing((EVERYBODY,)), NOW) == ()
    assert decisions.forgotten(Standing((EVERYBODY,)), NOW + timedelta(days=1)) == (EVERYBODY,)


@pytest.mark.parametrize(("standing", "account", "guarded"), [
    (Standing(), "123", False),
    (Standing((EVERYBODY,)), "123", True),
    (Standing((SOME,)), "999", False),
    (Standing((), (TORN,)), "123", True),
    (Standing((), (FOLDER,)), "123", True),
    # A maintenance turns on what ran while its own hold stands.
    (Standing((replace(SOME, ran=("123",)),)), "123", False),
    (Standing((replace(SOME, ran=("123",)),)), "124", True),
    (Standing((replace(SOME, ran=()),)), "123", True),
    (Standing((replace(SOME, ran=("123",)), EVERYBODY)), "123", True),
    (Standing((replace(SOME, ran=("123",)),), (TORN,)), "123", True),
])
def test_what_a_guard_switches_off(standing, account, guarded):
    assert decisions.guards(standing, URL, account, NOW) is guarded
    assert not decisions.guards(replace(standing, broken=()), "https://elsewhere.example/api", account, NOW)


# An id is a text: "123" and the service's number 123 are the same one. The service may read 0123 as 123, so that no zero passes a hold.
@pytest.mark.parametrize(("scope", "account", "held"), [
    (("123",), "0123", True), (("0123",), "123", True), (("00",), "0", True),
    (("123",), "1230", False), (("123",), "x123", False), (("x-0123",), "x-123", False),
])
def test_zeros_before_a_number_pass_no_hold(scope, account, held):
    one = replace(SOME, scope=scope)
    assert decisions.concerns(one, URL, account, NOW) is held and decisions.guards(Standing((one,)), URL, account, NOW) is held
    other = replace(SOME, id="20261121T080009-abcd", scope=(account,))
    assert (decisions.found(Standing((one,)), other, NOW) is not None) is held
    assert bool(decisions.in_the_way(Standing((replace(one, ran=()),)), other, NOW)) is held


def test_a_clock_that_jumps_ends_a_hold_only_as_long_as_it_is_past_its_end():
    for minutes, held in ((0, True), (31, False), (-600, True), (29, True), (600, False), (0, True)):
        assert decisions.concerns(PLANNED, URL, "123", NOW + timedelta(minutes=minutes)) is held
    # One without an end, from a machine whose clock is ahead, or long ago.
    for days in (-4000, 4000):
        assert decisions.concerns(EVERYBODY, URL, "123", NOW + timedelta(days=days))
