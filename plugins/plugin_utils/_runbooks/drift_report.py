# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was found of each account -> lines, Markdown and JUnit XML.

Nothing but the findings goes in, no time and no count of runs: the same findings give the same text, byte by byte.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from .drift import NOT_KNOWN, UNDECLARED, Drift, Finding

# What Markdown may take for more than text, with the marks that make a link of an address.
_MARKS = re.compile(r"[\\`*_{}\[\]#|~!@$^]|:(?=/)|(?<=www)\.")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def lines(drift: Drift) -> list[str]:
    """Return `123 TAB Main Account: as declared (off)` for each account."""
    return [f"{_name(finding)}: {_verdict(finding)}" for finding in drift.findings]


def markdown(drift: Drift, message: str) -> str:
    """Return the report as a page of Markdown: what was found, then a row for each account."""
    rows = [_row("account", "name", "declared", "status", "verdict"), _row(*["---"] * 5)]
    rows += [_row(*(_escaped(cell) for cell in _cells(finding))) for finding in drift.findings]
    head = ["# Drift of the declared fleet", "", f"**{'Failed.' if drift.failed else 'Passed.'}** {_escaped(message)}"]
    return "\n".join(head + (["", *rows] if drift.findings else [])) + "\n"


def junit(drift: Drift) -> str:
    """Return the report as JUnit XML: a test case for each account, and one for each problem that concerns none."""
    suite = ElementTree.Element("testsuite", name="Drift of the declared fleet")
    for number, problem in enumerate(drift.problems, 1):
        _case(suite, f"problem {number}", "error", problem)
    for finding in drift.findings:
        _case(suite, _name(finding), _element(finding), _verdict(finding))
    for name, attribute in (("testcase", "tests"), ("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(1 for _one in suite.iter(name))))
    text = ElementTree.tostring(suite, encoding="unicode")
    return '<?xml version="1.0" encoding="UTF-8"?>\n{0}\n'.format(text)


def _name(finding: Finding) -> str:
    return _printable(" ".join(filter(None, (finding.account_id, finding.display_name))))


def _verdict(finding: Finding) -> str:
    detail = finding.detail or finding.declared
    return _printable(f"{finding.verdict} ({detail})")


def _cells(finding: Finding) -> tuple[str, str, str, str, str]:
    return finding.account_id, finding.display_name or "", finding.declared or "", finding.bot_status or "", _verdict(finding)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _printable(text: str) -> str:
    """Return the text on one line, without characters that XML or a terminal cannot take."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _escaped(text: str) -> str:
    """Return the text so that Markdown shows it as it is: no tag, no link, no further cell."""
    return re.sub("[&<>]", lambda found: _ENTITIES[found.group()], _MARKS.sub(r"\\\g<0>", _printable(text)))


def _element(finding: Finding) -> str:
    """Return what JUnit calls this finding; an empty word for one that passes."""
    if finding.verdict == UNDECLARED and not finding.failed:
        return "skipped"
    if not finding.failed:
        return ""
    return "error" if finding.verdict == NOT_KNOWN else "failure"


def _case(suite: ElementTree.Element, name: str, element: str, text: str) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname="betmatic.drift", name=name)
    case.tail = "\n"
    if element:
        # Some readers show the attribute, some the text.
        ElementTree.SubElement(case, element, message=_printable(text)).text = _printable(text)
