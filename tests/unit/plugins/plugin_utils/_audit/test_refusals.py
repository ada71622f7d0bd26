# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What core refuses before the module begins; the words are those of ansible-core 2.16, 2.19 and 2.21."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit.refusals import never_started

REFUSED = (
    "value of state must be one of: on, off, got: aus",
    "value of state must be one of: on, off, got: a\nb found in accounts",
    "Unsupported parameters for (bookieops.betmatic.bookie_bot) module: nope. Supported parameters include: account_id.",
    "Unsupported parameters for (bookie_bot) module: nope. Supported parameters include: account_id.",
    "argument 'deadline' is of type <class 'str'> and we were unable to convert to float: <class 'str'> cannot be converted to a float",
    "argument 'deadline' is of type str and we were unable to convert to float: <class 'str'> cannot be converted to a float",
    "Elements value for option 'accounts' is of type <class 'str'> and we were unable to convert to dict: dictionary requested",
    "missing required arguments: account_id found in accounts",
    "The task includes an option with an undefined variable. The error was: 'nosuch' is undefined. 'nosuch' is undefined",
    "Task failed: Finalization of task args for 'bookieops.betmatic.bookie_bot' failed: Error while resolving value for 'account_id': 'nosuch' is undefined",
    "Task failed: A 'when' expression failed: Error while evaluating conditional: 'nosuch' is undefined",
    "the connection plugin 'nosuch' was not found",
    "Task failed: Invalid become method specified, could not find matching plugin: 'nosuch'.",
)
# The same words stand for `until` and a loop's label, which core evaluates after the module.
EARLY_OR_LATE = (
    "'nosuch' is undefined. 'nosuch' is undefined",
    "Task failed: 'nosuch' is undefined",
    "The conditional check 'nosuch == 1' failed. The error was: error while evaluating conditional (nosuch == 1): 'nosuch' is undefined",
    "Task failed: Error while evaluating conditional: 'nosuch' is undefined",
    "template error while templating string: Could not load \"nosuchfilter\": 'nosuchfilter'. String: {{ 1 | nosuchfilter }}.",
)
OPEN = (
    "Task failed: Timed out after 1 second(s).", "MODULE FAILURE: No start of json char found", "Task failed: Module failed: 'x' is undefined",
    "could not find job", "Timed out, and value of state must be one of: on", "", "The 'file' lookup had an issue accessing the file '/nonexistent'.",
)


@pytest.mark.parametrize("msg", REFUSED)
def test_it_never_started(msg):
    assert never_started({"msg": msg, "changed": False}, True)


@pytest.mark.parametrize("msg", EARLY_OR_LATE)
def test_it_never_started_where_nothing_is_evaluated_later(msg):
    assert never_started({"msg": msg}, False) and not never_started({"msg": msg}, True)


@pytest.mark.parametrize("msg", [*OPEN, None, ["value of state must be one of: on"]])
def test_other_words_leave_it_open(msg):
    assert not never_started({"msg": msg}, False)


@pytest.mark.parametrize("sign", ["accounts", "timedout", "unreachable", "rc", "module_stdout", "module_stderr", "censored"])
def test_a_sign_that_it_got_further_leaves_it_open(sign):
    assert not never_started({"msg": REFUSED[0], sign: None}, False)


def test_a_job_in_the_background_was_refused_once_it_is_over():
    assert never_started({"msg": REFUSED[0], "ansible_job_id": "j1", "finished": 1}, False)
    assert not never_started({"msg": REFUSED[0], "ansible_job_id": "j1", "finished": 0}, False)
