# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The declared fleet against what runs: each verdict, and the reports that tell it."""

from __future__ import annotations

import pathlib
from xml.etree import ElementTree

import jinja2
import pytest
from ansible.errors import AnsibleFilterError
from ansible.plugins.filter.core import regex_replace

from ansible_collections.bookieops.betmatic.plugins.filter.drift_report import drift_report
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import drift

HOSTILE = "<script>&\"'|`[x](http://a) www.b.example\n\x00\x1b[31m\ud800\u202e{{ 7*7 }}]]>"
MAIN = {"account_id": "1", "display_name": "Main", "bot_status": "RUNNING", "running_sessions": 1}
LISTED = {"failed": False, "accounts": [MAIN]}
UNREAD = {"failed": True, "msg": "401 token", "accounts": []}
ON = [{"account_id": "1", "state": "on"}]
OFF = [{"account_id": "1", "state": "off"}]


TEMPLATES = pathlib.Path(__file__).resolve().parents[5] / "roles" / "drift" / "templates"


def rendered(name, report):
    """What Ansible writes from a template of the role."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), trim_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined)
    environment.filters["regex_replace"] = regex_replace
    return environment.get_template(name).render(_drift_shown=report, _drift_began="2026-11-21T08:00:00Z", _drift_ended="2026-11-21T08:00:05Z")


def judged(outcome, status=None, **more):
    account = {"account_id": "1", "display_name": "Main", "state": "off", "outcome": outcome, "bot_status": status}
    return {"accounts": [{**account, "changed": False, "failed": False, "http_status": None, "message": None, "verdict": "its verdict", **more}]}


@pytest.mark.parametrize(
    "declared,result,account_list,applied,verdict,detail",
    [
        (ON, judged("ok", "RUNNING"), LISTED, False, "as declared", ""),
        (OFF, judged("would_send", "RUNNING"), LISTED, False, "drift", "RUNNING, declared off"),
        (OFF, judged("would_send", "STOPPED"), LISTED, False, "drift", "STOPPED with active sessions, declared off"),
        (OFF, judged("would_send", None), LISTED, False, "not known", "the list does not show its status"),
        (OFF, judged("would_send", None), UNREAD, False, "not known", "401 token"),
        (OFF, judged("unknown", "STOPPED"), LISTED, False, "not known", "the list does not show its status"),
        (OFF, judged("rejected", display_name=None), UNREAD, False, "drift", "not in the list of the token's accounts"),
        (OFF, judged("rejected", display_name=None), LISTED, False, "drift", "listed more than once"),
        ([{**OFF[0], "display_name": "X"}], judged("rejected"), LISTED, False, "drift", "display_name is 'Main' there, not 'X'"),
        (OFF, {"msg": "api_token is missing", "accounts": []}, LISTED, False, "not known", "api_token is missing"),
        (OFF, {}, LISTED, False, "not known", "nothing was read"),
        (ON, judged("held", "STOPPED"), LISTED, False, "drift", "STOPPED, declared on, its verdict"),
        (ON, judged("held", None), UNREAD, False, "drift", "not known, declared on, its verdict"),
        (ON, judged("held", "STOPPED", failed=True), LISTED, True, "not proven", "its verdict"),
        (OFF, judged("ok", "STOPPED"), LISTED, True, "as declared", ""),
        (OFF, judged("ok", "STOPPED", changed=True), LISTED, True, "changed", "switched off"),
        (OFF, judged("pending", "STARTING"), LISTED, True, "not proven", "its verdict"),
        (OFF, judged("rejected", None, http_status=406, failed=True), LISTED, True, "not proven", "its verdict"),
        (OFF, judged("not_attempted", None, failed=True), LISTED, True, "not proven", "its verdict"),
    ],
)
def test_the_verdict_on_an_account(declared, result, account_list, applied, verdict, detail):
    [finding] = drift.drift_of(declared, result, account_list, applied, drift.IGNORE).findings
    assert (finding.verdict, finding.detail) == (verdict, detail)
    assert finding.failed == (verdict not in ("as declared", "changed"))


@pytest.mark.parametrize("undeclared,failed", [("report", False), ("fail", True), ("ignore", False)])
def test_what_the_file_does_not_name(undeclared, failed):
    report = drift_report([], {}, LISTED, undeclared=undeclared)
    assert report["failed"] is failed and ("1 Main: undeclared (RUNNING, not in the file)" in report["lines"]) == (undeclared != "ignore")


@pytest.mark.parametrize(
    "applied,undeclared,failed",
    [(False, "report", True), (False, "fail", True), (False, "ignore", False), (True, "report", False), (True, "fail", True), (True, "ignore", False)],
)
def test_a_list_that_could_not_be_read(applied, undeclared, failed):
    report = drift_report(OFF, judged("ok", "STOPPED"), UNREAD, applied, undeclared)
    assert report["failed"] is failed and ("401 token" in report["msg"]) == (undeclared != "ignore")


def test_an_account_that_is_listed_twice_and_not_declared_is_one_finding_without_a_status():
    report = drift_report([], {}, {"failed": False, "accounts": [MAIN, {**MAIN, "bot_status": "STOPPED"}]})
    assert report["lines"] == ["1: undeclared (listed more than once, not in the file)"]


def test_a_stopped_bot_with_sessions_is_not_said_to_be_stopped():
    report = drift_report([], {}, {"failed": False, "accounts": [{**MAIN, "bot_status": "STOPPED", "running_sessions": 2}]})
    assert report["lines"] == ["1 Main: undeclared (in a status that the list does not show, not in the file)"]


def test_no_other_word_decides_about_the_undeclared():
    with pytest.raises(AnsibleFilterError, match="use report, fail or ignore"):
        drift_report(OFF, {}, LISTED, undeclared="warn")


def test_what_is_held_is_seen_in_each_report_and_how_it_may_go_in_the_message():
    account_list = {"failed": False, "accounts": [{**MAIN, "held": True}, {**MAIN, "account_id": "2", "held": False}]}
    report = drift_report(ON, {**judged("held", "STOPPED"), "holds": [{"way_out": "To lift it: do so"}]}, account_list)
    assert report["msg"].endswith("or apply it with bookie_drift_enforce: true. To lift it: do so") and "A hold keeps every ON back: 1." in report["msg"]
    assert report["lines"] == ["1 Main: drift (STOPPED, declared on, its verdict), held", "2 Main: undeclared (RUNNING, not in the file)"]
    assert "(STOPPED, declared on, its verdict), held |" in rendered("report.md.j2", report)
    assert "its verdict), held</failure>" in rendered("report.xml.j2", report)
    assert "hold" not in drift_report(ON, judged("ok", "RUNNING"), LISTED)["msg"]


def test_junit_is_well_formed_whatever_the_names_hold():
    account_list = {"failed": False, "accounts": [{**MAIN, "display_name": HOSTILE}]}
    report = drift_report([], {}, account_list, undeclared="fail")
    suite = ElementTree.fromstring(rendered("report.xml.j2", report).encode("utf-8"))
    [case] = suite
    assert case.get("name") == "1 " + "".join(c if c.isprintable() else "\ufffd" for c in HOSTILE)
    assert (case[0].tag, suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("failure", "1", "1", "0")


def test_markdown_shows_a_name_as_text_in_its_cell():
    account_list = {"failed": False, "accounts": [{**MAIN, "display_name": HOSTILE}]}
    page = rendered("report.md.j2", drift_report([], {}, account_list))
    row = page.splitlines()[-1]
    assert row.replace("\\|", "").count("|") == 6
    for raw in ("<", "\x1b", "\ud800", "\u202e", "http://", "www.b", "&\""):
        assert raw not in row
    assert "&lt;script&gt;&amp;" in row and "\\`\\[x\\]" in row


@pytest.mark.parametrize(
    "declared,result,applied,undeclared,held",
    [
        (ON, judged("ok", "RUNNING"), False, "fail", None),
        (OFF, judged("ok", "STOPPED", changed=True), True, "fail", None),
        (OFF, judged("would_send", "RUNNING"), False, "fail", "failure"),
        (OFF, judged("unknown"), True, "fail", "failure"),
        (OFF, {}, False, "fail", "error"),
        ([], {}, False, "fail", "failure"),
        ([], {}, False, "report", "skipped"),
    ],
)
def test_what_junit_calls_a_finding(declared, result, applied, undeclared, held):
    [case] = suite = ElementTree.fromstring(rendered("report.xml.j2", drift_report(declared, result, LISTED, applied, undeclared)).encode("utf-8"))
    assert [one.tag for one in case] == ([held] if held else []) and [one.text for one in case] == [one.get("message") for one in case]
    counts = {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": 1, "failures": held == "failure", "errors": held == "error", "skipped": held == "skipped"}


def test_a_problem_is_a_test_case_so_that_no_report_is_empty():
    report = drift_report([], {}, {}, problem="fleet.yml: is empty")
    suite = ElementTree.fromstring(rendered("report.xml.j2", report).encode("utf-8"))
    assert report["failed"] is True and suite.get("errors") == "1" and suite[0][0].get("message") == "fleet.yml: is empty"
    assert "fleet.yml: is empty" in rendered("report.md.j2", report)


def test_the_message_says_what_to_do():
    assert "bookie_drift_enforce: true" in drift_report(OFF, judged("would_send", "RUNNING"), LISTED)["msg"]
    assert "Check these accounts in Betmatic" in drift_report(OFF, judged("unknown"), LISTED, applied=True)["msg"]
    assert "set bookie_undeclared" in drift_report([], {}, LISTED, undeclared="fail")["msg"]
