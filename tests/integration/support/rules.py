# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every case, whatever it is about."""

from __future__ import annotations

import re

from ansible_collections.bookieops.betmatic.tests.integration.support import case as table

_RESULT_LINE = re.compile(r"^(ok|changed|fatal|failed|skipping|unreachable): \[localhost\]", re.MULTILINE)


def secrets_of(token):
    """The token and each part of it."""
    return [token, *token.split(".")]


def assert_no_leak(text, token):
    """Neither the token nor a part of it is to be seen."""
    for secret in secrets_of(token):
        at = text.find(secret)
        assert at < 0, f"the token is shown: {text[max(0, at - 300):at + 100]!r}"


def assert_requests(log, token, check):
    """Every request is ours, keeps to the contract, and no ON follows one that may have been applied."""
    assert [entry["violation"] for entry in log if entry["violation"]] == []
    applied_on = set()
    for entry in log:
        authorization = [value for name, value in entry["headers"] if name.lower() == "authorization"]
        assert authorization == ["Token " + token]
        assert not (check and entry["method"] == "POST"), "a command in check mode"
        assert entry["method"] == "GET" or entry["body"] in table.BODIES
        if entry["command"] == "ON":
            assert entry["account_id"] not in applied_on, "ON again after a maybe"
        if entry["command"] in ("ON", "all_on"):
            applied_on.update(entry["applied"])
            unanswered = entry["status"] is None or (entry["status"] >= 500 and entry["status"] != 503)
            applied_on.update([entry["account_id"]] if unanswered else [])


def assert_shape(result, with_diff):
    """The keys are those documented, the counts agree, and changed and failed follow from the accounts."""
    keys = set(result) - table.CORE_KEYS
    assert keys == table.RESULT_KEYS | ({"diff"} if with_diff else set())
    assert isinstance(result["msg"], str) and result["msg"]
    assert result["api_url"] is None or "@" not in result["api_url"]
    accounts, summary = result["accounts"], result["summary"]
    assert set(summary) == table.SUMMARY_KEYS
    for account in accounts:
        assert set(account) == table.ACCOUNT_KEYS
        assert isinstance(account["account_id"], str)
        assert account["message"] is None or (account["message"].isprintable() and len(account["message"]) <= 200)
        assert account["outcome"] != "unknown" or account["changed"], "unknown is changed"
        assert account["verdict"] == account["state"] or account["outcome"] != "ok"
        assert account["verdict"].startswith("NOT proven ") is account["failed"]
    assert summary["total"] == len(accounts)
    assert summary["changed"] == sum(account["changed"] for account in accounts)
    for outcome in table.OUTCOMES:
        assert summary[outcome] == sum(account["outcome"] == outcome for account in accounts)
    assert result["changed"] or not any(account["changed"] for account in accounts)
    assert result["failed"] or not any(account["failed"] for account in accounts)


def assert_truth(result, bots):
    """Nobody is told that a bot is off while it is not."""
    for account in result["accounts"]:
        if account["state"] == "off" and account["outcome"] == "ok":
            assert bots[account["account_id"]] == "STOPPED", f"{account['account_id']} is reported as off"


def assert_one_result(shown):
    """Core saw one result for the task."""
    assert len(_RESULT_LINE.findall(shown)) == 1
