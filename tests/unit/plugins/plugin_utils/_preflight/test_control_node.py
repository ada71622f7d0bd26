# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each broken surrounding of a task is named; sound ones are not."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._preflight.findings import OK, STOP, WARNING
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._preflight.control_node import (
    Controller,
    Inventory,
    Trail,
    of_inventory,
    of_limit,
    of_nothing,
    of_task,
    of_timeout,
    of_trail,
)


@pytest.mark.parametrize("found", [
    Controller(),
    Controller(shipped="the interpreter is /usr/bin/python3, not /opt/bin/python3"),
    Controller(environment=("HTTPS_PROXY",)),
    Controller(variables=("BETMATIC_API_TOKEN", "BETMATIC_HOLDS", "BETMATIC_EVENT_TOKEN_NEXT", "HOME")),
])
def test_sound_surroundings_are_silent(found):
    assert [one for one in of_task(found) if one.level != OK] == []


@pytest.mark.parametrize(("found", "subject", "word"), [
    (Controller(become=True), "become", "ansible_become to false"),
    (Controller(become_by_default=True), "become", "need become: false"),
    (Controller(connection="ansible.plugins.connection.ssh"), "connection", "ssh: the module has"),
    (Controller(environment=("BETMATIC_API_TOKEN",)), "environment", "process lists"),
    (Controller(variables=("BETMATIC_TOKEN", "BETMATIC_API_URL")), "variables", "nothing reads BETMATIC_TOKEN:"),
    (Controller(tags=("web",)), "tags", "sets tags web"),
    (Controller(skipped_tags=("slow",)), "tags", "sets skipped tags slow"),
    (Controller(keeps_files=True), "temporary files", "files with the token"),
])
def test_each_broken_one_is_named(found, subject, word):
    [finding] = [one for one in of_task(found) if one.level != OK]
    assert (finding.level, finding.subject) == (WARNING, subject) and word in finding.text


def test_a_stop_of_every_bot_that_would_be_one_of_some_is_not_ready():
    [finding] = [one for one in of_task(Controller(narrowed=True)) if one.level != OK]
    assert (finding.level, finding.subject) == (STOP, "scope") and "at those bookmakers alone" in finding.text


@pytest.mark.parametrize("found", [
    Inventory(),
    Inventory(sources=("/etc/hosts.yml",)),
    Inventory(sources=("/x/accounts.yml",), has_accounts=True, unread_fails=True, mismatch_fails=True),
])
def test_a_sound_inventory_is_silent(found):
    assert of_inventory(found).level == OK


@pytest.mark.parametrize(("found", "word"), [
    (Inventory(sources=("/x/a.yml", "/x/b.yml"), unread=("/x/b.yml",)), "cannot be read: /x/b.yml."),
    (Inventory(sources=("/x/accounts.yml",), has_accounts=True, unread_fails=True), "set host_pattern_mismatch = error under"),
    (Inventory(sources=("/x/accounts.yml",), has_accounts=True), "any_unparsed_is_failed = true and host_pattern_mismatch = error"),
    (Inventory(sources=("/x/bookie_accounts.yml",), has_accounts=True, asks_service=True), "waits for the list before its first OFF. Run the emergency stop"),
    (Inventory(("/x/bookie_accounts.yml", "/x/b.yml"), ("/x/bookie_accounts.yml", "/x/b.yml"), asks_service=True), "Besides, these cannot be read: /x/b.yml."),
    (Inventory(("/x/bookie_accounts.yml",), ("/x/bookie_accounts.yml",), asks_service=True, mismatch_fails=True), "set any_unparsed_is_failed = true under"),
    (Inventory(sources=("/x/a.yml",), unread=None), "ansible-inventory --list"),
])
def test_an_inventory_that_would_end_green_and_do_nothing_is_named(found, word):
    assert of_inventory(found).level == WARNING and word in of_inventory(found).text


@pytest.mark.parametrize("unread", [(), ("/x/bookie_accounts.yml",), None])
def test_an_inventory_without_which_no_stop_begins_is_not_ready(unread):
    found = of_inventory(Inventory(("/x/bookie_accounts.yml",), unread, has_accounts=True, asks_service=True, unread_fails=True, mismatch_fails=True))
    assert found.level == STOP and "would not even begin" in found.text and "with `-i localhost,`" in found.text


@pytest.mark.parametrize(("seconds", "needed", "is_short"), [(0, 600.0, False), (599, 600.0, True), (600, 600.0, False), (30, 20.0, False)])
def test_a_task_timeout_that_would_cut_the_stop_is_not_ready(seconds, needed, is_short):
    found = of_limit(seconds, needed)
    assert (found is not None) == is_short
    assert found is None or (found.level, found.subject) == (STOP, "task timeout") and "after 599 s" in found.text and "may need 600 s" in found.text


@pytest.mark.parametrize(("found", "level", "word"), [
    (Trail(path="/var/log/trail.jsonl"), OK, "can be written"),
    (Trail(enabled=False), WARNING, "callbacks_enabled = bookieops.betmatic.bookie_audit"),
    (Trail(), WARNING, "could not be found out"),
    (Trail(path="/x", why="is not a regular file"), WARNING, "/x is not a regular file: nothing would be recorded"),
])
def test_a_trail_that_is_not_written_is_named(found, level, word):
    assert of_trail(found).level == level and word in of_trail(found).text


def test_a_module_that_gave_no_findings_stops_and_says_why():
    found = of_nothing("argument 'timeout' is of type <class 'str'>", "soon")
    assert (found.level, found.subject) == (STOP, "options")
    assert "BETMATIC_TIMEOUT is 'soon', which is not a number" in found.text and "<class" not in found.text
    for timeout in (None, "10", "0.5"):
        found = of_nothing("The host was\nnot reached", timeout)
        assert (found.level, found.subject) == (STOP, "module") and "it did not run: The host was not reached." in found.text
    found = of_timeout(2)
    assert (found.level, found.subject) == (STOP, "module") and "timeout of 2 s" in found.text and "ANSIBLE_TASK_TIMEOUT" in found.text
