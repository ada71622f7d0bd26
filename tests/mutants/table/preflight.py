# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in the preflight: it calls ready what is not, or tells values of the service."""

from __future__ import annotations

from .mutant import Mutant

_ROOM = "plugins/module_utils/_preflight/"
_SERVICE = _ROOM + "service.py"
_AROUND = "plugins/plugin_utils/_preflight/"


def of_preflight(name: str) -> tuple[str, ...]:
    """Return the unit tests of a file of the module's `_preflight`."""
    return (f"tests/unit/plugins/module_utils/_preflight/test_{name}.py",)


MUTANTS = (
    Mutant("preflight-always-ready", _ROOM + "findings.py", 'return {"ready": not stops,', 'return {"ready": True,', of_preflight("service")),
    Mutant("preflight-warning-stops", _ROOM + "findings.py", "if one.level == STOP]", "if one.level != OK]", of_preflight("service")),
    Mutant("preflight-refused-token-passes", _SERVICE, "    if status_of(answer) == 401:", "    if False:", of_preflight("service")),
    Mutant("preflight-expired-token-passes", _SERVICE, "    if rest <= timedelta(0):", "    if False:", of_preflight("service")),
    Mutant("preflight-unreached-service-passes", _SERVICE,
           "        return Finding(STOP, \"service\", f\"{url} was not", "        return Finding(WARNING, \"service\", f\"{url} was not",
           of_preflight("service")),
    Mutant("preflight-another-service-passes", _SERVICE, "    if status == 404 and url != DEFAULT_URL:", "    if False:", of_preflight("service")),
    Mutant("preflight-login-page-passes", _SERVICE, 'status == 200 and document != "array":', "False:", of_preflight("service")),
    Mutant("preflight-firewall-page-passes", _SERVICE, 'status == 403 and document == "not JSON":', "False:", of_preflight("service")),
    Mutant("preflight-untaken-token-is-valid", _SERVICE, "    if not isinstance(answer, AccountList):\n        return Finding(WARNING, \"token\"",
           "    if status_of(answer) not in (200, 403):\n        return Finding(WARNING, \"token\"", of_preflight("service")),
    Mutant("preflight-token-of-hours-passes", _SERVICE, "    if rest < timedelta(days=1):", "    if False:", of_preflight("service")),
    Mutant("preflight-401-now-and-then-passes", _SERVICE, "    if 401 in map(status_of, others):", "    if False:", of_preflight("service")),
    Mutant("preflight-refusal-now-and-then-hidden", _SERVICE, "if not isinstance(one.answer, AccountList)]", "if isinstance(one.answer, NotSent)]",
           of_preflight("service")),
    Mutant("preflight-old-library-passes", _ROOM + "look.py", "None if REQUESTS_IMPORT_ERROR else _VERSION", "_VERSION", of_preflight("look")),
    Mutant("preflight-unmounted-folder-passes", _ROOM + "look.py", "and is_named and", "and False and", of_preflight("look")),
    Mutant("preflight-other-certificates", _ROOM + "look.py", 'getattr(task, "folder", "")', '""', of_preflight("look")),
    Mutant("preflight-simulator-not-named", _SERVICE, "    if urlsplit(url).hostname in LOOPBACK:", "    if False:", of_preflight("service")),
    Mutant("preflight-no-account-passes", _SERVICE, "    if not count:", "    if False:", of_preflight("service")),
    Mutant("preflight-unproven-bots-not-named", _SERVICE, "    if unclear:", "    if False:", of_preflight("service")),
    Mutant("preflight-no-hold-passes", _ROOM + "machine.py",
           'return Finding(STOP, "holds folder"', 'return Finding(WARNING, "holds folder"', of_preflight("machine")),
    Mutant("preflight-asks-with-a-bad-option", _ROOM + "look.py", "or limits is None or refused:", "or limits is None:", of_preflight("look")),
    Mutant("preflight-tells-names", _ROOM + "contract.py", " and name not in secret}", "}", of_preflight("contract")),
    Mutant("preflight-tells-any-key", _ROOM + "contract.py", 'if _WORDS.issuperset(name.split("_")) and', "if", of_preflight("contract")),
    Mutant("preflight-trial-leaves-a-folder", "plugins/module_utils/_holds/trial.py", "    if not os.path.lexists(path):\n",
           "    os.makedirs(path, exist_ok=True)\n    if not os.path.lexists(path):\n", ("tests/unit/plugins/module_utils/_holds/test_trial.py",)),
    Mutant("preflight-stop-of-some-passes", _AROUND + "control_node.py", "    if found.narrowed:", "    if False:",
           ("tests/unit/plugins/plugin_utils/_preflight/test_control_node.py",)),
    Mutant("preflight-stop-without-hold-passes", _AROUND + "stop_options.py", "    if said in _NO:", "    if False:",
           ("tests/unit/plugins/plugin_utils/_preflight/test_stop_options.py",)),
    Mutant("preflight-known-account-that-is-none-passes", _AROUND + "stop_options.py", "if not is_account_id(one)]", "if False]",
           ("tests/unit/plugins/plugin_utils/_preflight/test_stop_options.py",)),
    Mutant("preflight-on-without-off-passes", _AROUND + "schedules.py",
           "    if OFF not in {", "    if not {", ("tests/unit/plugins/plugin_utils/_preflight/test_schedules.py",)),
    Mutant("preflight-crontab-not-allowed-is-none", _AROUND + "schedules.py", "    if code == 0 or _NO_CRONTAB.search(said):", "    if True:",
           ("tests/unit/plugins/plugin_utils/_preflight/test_schedules.py",)),
    Mutant("preflight-python-gone-passes", _AROUND + "facts.py", "if python is not None and not os.access(python, os.X_OK):", "if False:",
           ("tests/unit/plugins/plugin_utils/_preflight/test_facts.py",)),
    Mutant("preflight-stop-that-waits-for-a-list-passes", _AROUND + "control_node.py", "    if found.asks_service:", "    if False:",
           ("tests/unit/plugins/plugin_utils/_preflight/test_control_node.py",)),
    Mutant("preflight-stop-that-never-begins-only-warns", _AROUND + "control_node.py", "    if found.unread_fails:", "    if False:",
           ("tests/unit/plugins/plugin_utils/_preflight/test_control_node.py",)),
    Mutant("preflight-short-task-timeout-passes", _AROUND + "control_node.py", "    if not 0 < seconds < needed:", "    if True:",
           ("tests/unit/plugins/plugin_utils/_preflight/test_control_node.py",)),
    Mutant("preflight-short-patience-passes", _AROUND + "stop_options.py", "check_type_float(value) < least:", "False:",
           ("tests/unit/plugins/plugin_utils/_preflight/test_stop_options.py",)),
)
