# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a deliberate mistake is, and where the files and the tests are."""

from __future__ import annotations

from dataclasses import dataclass

_API, _SWITCH = "plugins/module_utils/_api/", "plugins/module_utils/_switch/"
_RUNBOOKS = "plugins/plugin_utils/_runbooks/"
CLIENT, CONNECTIONS, DOCUMENTS = _API + "client.py", _API + "connections.py", _API + "documents.py"
PARSING, TOKEN, TRANSPORT, URL = _API + "parsing.py", _API + "token.py", _API + "transport.py", _API + "url.py"
BULK, ENGINE, RECORDS, REPORT = _SWITCH + "bulk.py", _SWITCH + "engine.py", _SWITCH + "records.py", _SWITCH + "report.py"
RETRIES, SEQUENCES, VERDICTS = _SWITCH + "retries.py", _SWITCH + "sequences.py", _SWITCH + "verdicts.py"
BUDGET, COMMANDS, PREDICTIONS, PROOF, TASK, THROTTLE = (
    _SWITCH + name + ".py" for name in ("budget", "commands", "predictions", "proof", "task", "throttle")
)
ARGUMENTS, EDGE, RENEWAL = "plugins/module_utils/_arguments.py", "plugins/module_utils/_module.py", "plugins/module_utils/_renewal.py"
ACCOUNT_LIST, HOST_NAMES = "plugins/module_utils/_account_list.py", "plugins/plugin_utils/_host_names.py"
GIVEN, TOKEN_SOURCE = "plugins/module_utils/_given.py", "plugins/module_utils/_token_source.py"
CHANGES, IN_PROCESS = "plugins/plugin_utils/_changes.py", "plugins/plugin_utils/_in_process.py"
BOOKMAKERS = _RUNBOOKS + "bookmakers.py"
COMPLIANCE, NAMES, ROLLOUT = (_RUNBOOKS + name + ".py" for name in ("compliance", "names", "rollout"))
BATCHES, ROLL_BACK, ROLLOUT_STATUS = (_RUNBOOKS + name + ".py" for name in ("batches", "roll_back", "rollout_status"))
DRIFT, LEFT_ON, TRADING_DAY = _RUNBOOKS + "drift.py", _RUNBOOKS + "left_on.py", _RUNBOOKS + "trading_day.py"
MODULE, TOKEN_MODULE = "plugins/modules/bookie_bot.py", "plugins/modules/bookie_token.py"

_UNITS = "tests/unit/plugins/"
_PROPERTIES = _UNITS + "module_utils/_switch/test_properties.py::test_"
NAMED, ALL = _PROPERTIES + "accounts_that_are_named", _PROPERTIES + "all_accounts"
CHECK_SENDS = _PROPERTIES + "check_mode_sends_no_command"
CHECK_NAMED = _PROPERTIES + "check_mode_predicts_named_accounts"
CHECK_ALL = _PROPERTIES + "check_mode_predicts_all_accounts"
MODULE_TESTS, TOKEN_TESTS = _UNITS + "modules/test_bookie_bot.py", _UNITS + "modules/test_bookie_token.py"


def of_switch(name: str) -> str:
    """Return the unit tests of a file of `_switch`."""
    return f"{_UNITS}module_utils/_switch/test_{name}.py"


def of_api(name: str) -> str:
    """Return the unit tests of a file of `_api`."""
    return f"{_UNITS}module_utils/_api/test_{name}.py"


def of_runbooks(name: str) -> str:
    """Return the unit tests of a file of `_runbooks`."""
    return f"{_UNITS}plugin_utils/_runbooks/test_{name}.py"


def of_utils(path: str) -> str:
    """Return the unit tests of a file that stands in no room, such as `module_utils/arguments` for `_arguments.py`."""
    floor, _slash, name = path.partition("/")
    return f"{_UNITS}{floor}/test_{name}.py"


def fuzz(name: str) -> str:
    """Return one of the tests with documents that nobody would write."""
    return f"{_UNITS}module_utils/_api/test_fuzz_documents.py::test_{name}"


@dataclass(frozen=True)
class Mutant:
    """One mistake: `text`, which stands exactly once in `file`, becomes `instead`; `tests` must fail."""

    name: str
    file: str
    text: str
    instead: str
    tests: tuple[str, ...]
