# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Evidence: compliant only where each account in scope is read or proven to be off."""

from __future__ import annotations

import hashlib
import json

import pytest

from ansible_collections.bookieops.betmatic.plugins.filter.accounts_in_scope import accounts_in_scope
from ansible_collections.bookieops.betmatic.plugins.filter.compliance_evidence import compliance_evidence

UNREAD = {"failed": True, "msg": "401 token", "accounts": []}


def row(key="1", status="STOPPED", sessions=0, bookie="TAB"):
    return {"account_id": key, "display_name": "Name", "bookie": bookie, "bot_status": status, "running_sessions": sessions}


def listed(*rows):
    return {"failed": False, "accounts": list(rows)}


def judged(outcome="ok", status="STOPPED", key="1"):
    account = {"account_id": key, "display_name": "Name", "state": "off", "outcome": outcome, "bot_status": status, "changed": False}
    return {"accounts": [{**account, "failed": False, "http_status": 200, "attempts": 1, "message": None, "previous_status": None, "timestamp": None}]}


@pytest.mark.parametrize(
    "listing,result,applied,verdict",
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
def test_the_verdict(listing, result, applied, verdict):
    content = compliance_evidence(listing, result, applied=applied)
    assert content["verdict"] == verdict and content["msg"].startswith(verdict.capitalize())


@pytest.mark.parametrize(
    "account_ids,bookies,listing,applied,verdict",
    [
        (["1"], [], UNREAD, True, "compliant"),
        (["1"], [], UNREAD, False, "not known"),
        (["1"], ["TAB"], UNREAD, True, "not known"),
        (["1"], [], listed(), False, "not known"),
        ([], ["tab"], listed(row()), False, "not known"),
        ([], ["TAB"], listed(row()), False, "compliant"),
        ([], ["TAB"], listed(row(), row("2", "RUNNING", 1, "WishBet")), False, "compliant"),
    ],
)
def test_what_was_asked_for_and_is_not_in_the_list_is_not_known(account_ids, bookies, listing, applied, verdict):
    assert compliance_evidence(listing, judged(), account_ids, bookies, applied)["verdict"] == verdict


def test_scope_is_what_is_named_and_what_is_at_the_bookmakers():
    rows = [row("1"), row("2", bookie="WishBet"), row("3")]
    assert accounts_in_scope(rows) == ["1", "2", "3"]
    assert accounts_in_scope(rows, [2, "9"]) == ["2", "9"]
    assert accounts_in_scope(rows, ["3"], ["TAB"]) == ["3", "1"]
    assert accounts_in_scope(rows, [], ["Tab"]) == []


@pytest.mark.parametrize(
    "listing,result,applied,words",
    [
        (listed(row()), judged(), False, "looks stopped in the list"),
        (listed(row()), judged(), True, "An OFF for each"),
        (listed(row()), {"accounts": [], "changed": True}, True, "An OFF for each"),
        (listed(row()), {"accounts": []}, True, "No command was sent"),
        (UNREAD, {}, True, "Nothing was read"),
    ],
)
def test_the_basis_tells_what_the_verdict_rests_on(listing, result, applied, words):
    assert words in compliance_evidence(listing, result, applied=applied)["basis"]


def test_the_seal_is_that_of_all_the_rest():
    content = compliance_evidence(listed(row()), judged(), about={"time": "t", "user": "Zoë"})
    rest = {key: value for key, value in content.items() if key != "sha256"}
    assert rest["user"] == "Zoë"
    assert content["sha256"] == hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()
