# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Evidence: compliant only where each account in scope is read or proven to be off."""

from __future__ import annotations

import hashlib
import json

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.bookieops.betmatic.plugins.filter.compliance_evidence import compliance_evidence as _filter

UNREAD = {"failed": True, "msg": "401 token", "accounts": []}


def compliance_evidence(account_list, result, account_ids=(), bookmakers=(), **more):
    """The filter, for every account where none is named."""
    return _filter(account_list, result, account_ids, bookmakers, all_accounts=not account_ids and not bookmakers, **more)


def row(key="1", status="STOPPED", sessions=0, bookie="TAB"):
    return {"account_id": key, "display_name": "Name", "bookie": bookie, "bot_status": status, "running_sessions": sessions}


def listed(*rows):
    return {"failed": False, "accounts": list(rows)}


def judged(outcome="ok", status="STOPPED"):
    account = {"account_id": "1", "display_name": "Name", "state": "off", "outcome": outcome, "bot_status": status, "changed": False}
    return {"accounts": [{**account, "failed": False, "http_status": 200, "attempts": 1, "message": None, "previous_status": None, "timestamp": None,
                          "verdict": outcome}]}


def test_the_evidence_has_the_holds_of_this_service_that_stand():
    here = {"id": "a", "here": True, "ended": False}
    info = {"holds": [here, {**here, "id": "b", "here": False}, {**here, "id": "c", "ended": True}], "broken": [{"id": "x"}]}
    found = compliance_evidence(listed({**row(), "held": True}), judged(), holds=info)
    assert found["holds"] == {"known": True, "standing": [here], "broken": [{"id": "x"}]} and found["accounts"][0]["held"] is True
    for unknown in ({}, {**info, "failed": True}, {**info, "missing": True}):
        assert compliance_evidence(listed(row()), judged(), holds=unknown)["holds"]["known"] is False
    assert found["verdict"] == "compliant" and found["sha256"] != compliance_evidence(listed(row()), judged())["sha256"]


@pytest.mark.parametrize(
    "account_list,result,applied,verdict",
    [
        (listed(row()), judged(), False, "compliant"),
        (listed(row(sessions=None)), judged(), False, "compliant"),
        (listed(), {}, False, "not known"),
        (listed(), {}, True, "not known"),
        (listed(row(status="RUNNING")), judged("would_send", "RUNNING"), False, "not compliant"),
        (listed(row()), judged("would_send", "RUNNING"), False, "not compliant"),
        (listed(row(status="RUNNING")), judged(), False, "not compliant"),
        (listed(row(sessions=1)), judged("would_send"), False, "not compliant"),
        (listed(row()), judged("would_send"), False, "not known"),
        (listed(row()), {"accounts": []}, False, "not known"),
        (listed(row(status=None)), judged("would_send", None), False, "not known"),
        (UNREAD, {}, False, "not known"),
        (listed(row(status="RUNNING")), judged(), True, "compliant"),
        (listed(row()), judged("rejected", "RUNNING"), True, "not compliant"),
        (listed(row()), judged("unknown", None), True, "not known"),
        (listed(row()), judged("pending"), True, "not known"),
        (listed(row()), {"accounts": []}, True, "not known"),
        (UNREAD, {}, True, "not known"),
    ],
)
def test_the_verdict(account_list, result, applied, verdict):
    content = compliance_evidence(account_list, result, applied=applied)
    assert content["verdict"] == verdict and content["msg"].startswith(verdict.capitalize())


@pytest.mark.parametrize(
    "account_ids,bookmakers,account_list,applied,verdict",
    [
        (["1"], [], UNREAD, True, "compliant"),
        (["1"], [], UNREAD, False, "not known"),
        (["1"], ["TAB"], UNREAD, True, "not known"),
        (["1"], [], listed(), False, "not known"),
        ([], ["tab"], listed(row()), False, "not known"),
        ([], ["TAB"], listed(row()), False, "compliant"),
        ([], ["TAB"], listed(row(), row("2", "RUNNING", 1, "WishBet")), False, "compliant"),
        # Nobody knows whether that one is at TAB.
        ([], ["TAB"], listed(row(), row("2", "RUNNING", 1, None)), False, "not known"),
        (["1"], [], listed(row(), row("2", "RUNNING", 1, None)), False, "compliant"),
    ],
)
def test_what_was_asked_for_and_is_not_in_the_list_is_not_known(account_ids, bookmakers, account_list, applied, verdict):
    assert compliance_evidence(account_list, judged(), account_ids, bookmakers, applied=applied)["verdict"] == verdict


def in_scope(*arguments, **options):
    return [account["account_id"] for account in _filter(listed(row("1"), row("2", bookie="WishBet"), row("3")), {}, *arguments, **options)["accounts"]]


def test_scope_is_what_is_said_and_nothing_else():
    assert in_scope(all_accounts=True) == ["1", "2", "3"]
    assert in_scope([2, "9"]) == ["2", "9"]
    assert in_scope(["3"], ["TAB"]) == ["3", "1"]
    assert in_scope([], "Tab") == []


@pytest.mark.parametrize(
    "scope,words",
    [
        ({}, "no account is in scope"),
        ({"account_ids": [], "bookmakers": []}, "no account is in scope"),
        ({"account_ids": ""}, "bookie_account_ids names ''"),
        ({"account_ids": None}, "bookie_account_ids is None"),
        ({"account_ids": ["12 5"]}, "bookie_account_ids names '12 5'"),
        ({"bookmakers": ""}, "bookie_bookmakers has an empty name"),
        ({"bookmakers": None}, "bookie_bookmakers is None"),
        ({"account_ids": ["1"], "all_accounts": True}, "use one or the other"),
        ({"bookmakers": ["TAB"], "all_accounts": True}, "use one or the other"),
    ],
)
def test_a_scope_that_is_not_said_never_means_every_account(scope, words):
    with pytest.raises(AnsibleFilterError) as error:
        _filter({}, {}, **scope)
    assert words in str(error.value) and str(error.value).endswith("Nothing was sent.")


def test_an_account_that_is_listed_twice_is_not_known():
    assert compliance_evidence(listed(row("1"), row("1")), judged(), ["1"])["verdict"] == "not known"


@pytest.mark.parametrize(
    "account_list,result,applied,words",
    [
        (listed(row()), judged(), False, "looks stopped in the list"),
        (listed(row()), judged(), True, "An OFF for each"),
        (listed(row()), {"accounts": [], "changed": True}, True, "An OFF for each"),
        (listed(row()), {"accounts": []}, True, "No command was sent"),
        (UNREAD, {}, True, "Nothing was read"),
    ],
)
def test_the_basis_tells_what_the_verdict_rests_on(account_list, result, applied, words):
    assert words in compliance_evidence(account_list, result, applied=applied)["basis"]


def test_the_seal_is_that_of_all_the_rest():
    content = compliance_evidence(listed(row()), judged(), about={"time": "t", "user": "Zoë"})
    rest = {key: value for key, value in content.items() if key != "sha256"}
    assert rest["user"] == "Zoë"
    assert content["sha256"] == hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()
