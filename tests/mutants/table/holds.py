# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in what keeps bots off."""

from __future__ import annotations

from table.mutant import BULK, SEQUENCES, VERDICTS, Mutant, of_switch

_HOLDS = "plugins/module_utils/_holds/"
DECISIONS, DOOR, FOLDER, TASKS = (_HOLDS + name + ".py" for name in ("decisions", "door", "folder", "tasks"))
GATE, HOLD_GATE, HOLD_MODULE = "plugins/module_utils/_switch/gate.py", "plugins/module_utils/_hold_gate.py", "plugins/modules/bookie_hold.py"
LOCKS, MISSING, TRIAL = (_HOLDS + name + ".py" for name in ("locks", "missing", "trial"))
PARENT, REMEMBERING = "plugins/module_utils/_parent.py", "plugins/module_utils/_remembering.py"
_UNITS = "tests/unit/plugins/"
HOLDS_FOLDER, HOLDS_FOLDER_TESTS = "plugins/plugin_utils/_holds_folder.py", _UNITS + "plugin_utils/test_holds_folder.py"
PARENT_TESTS = _UNITS + "module_utils/test_parent.py"
HOLD_GATE_TESTS, MODULE_TESTS = _UNITS + "module_utils/test_hold_gate.py", _UNITS + "modules/test_bookie_hold.py"


def of_holds(name: str) -> str:
    """Return the unit tests of a file of `_holds`."""
    return f"{_UNITS}module_utils/_holds/test_{name}.py"


MUTANTS = (
    # --- fails open
    Mutant("hold-broken-file-ignored", DECISIONS, "    return standing.broken + holds", "    return holds", (of_holds("decisions"),)),
    Mutant(
        "hold-folder-that-cannot-be-read-is-missing", FOLDER,
        "        return Standing(broken=(Broken(None, path, str(error)),))",
        "        return Standing()",
        (of_holds("folder"),),
    ),
    Mutant(
        "hold-folder-that-hangs-has-none", FOLDER,
        '        return Standing(broken=(Broken(None, path, f"did not answer within {seconds:g} s"),))',
        "        return Standing()",
        (of_holds("folder"),),
    ),
    Mutant("hold-passed-by-another-user", HOLDS_FOLDER, "    if connection != LOCAL or options", "    if True or options", (HOLDS_FOLDER_TESTS,)),
    Mutant("hold-lock-not-needed", DOOR, "        if why is not None and", "        if False and", (of_holds("door"),)),
    Mutant("hold-ends-by-time", DECISIONS, "    return hold.until is not None and now", "    return hold.until is None or now", (of_holds("decisions"),)),
    Mutant("hold-of-ids-lets-all-on-go", DECISIONS, " or account_id is None or", " or", (of_holds("decisions"),)),
    Mutant("hold-override-passes-all", DECISIONS, "if hold.id != override and", "if not override and", (of_holds("decisions"),)),
    Mutant("hold-passed-by-another-spelling", DECISIONS, "service(hold.api_url) != service(api_url)", "hold.api_url != api_url", (of_holds("decisions"),)),
    Mutant(
        "hold-passed-by-another-spelling-of-an-address", DECISIONS,
        'host = plain_host(parts.hostname or "")',
        'host = (parts.hostname or "").rstrip(".")',
        (of_holds("decisions"),),
    ),
    Mutant(
        "hold-passed-by-a-zero-before-the-id", DECISIONS,
        "plain_id(account_id) in map(plain_id, hold.scope)",
        "account_id in hold.scope",
        (of_holds("decisions"),),
    ),
    Mutant(
        "hold-of-a-missing-folder-is-not-said", DOOR,
        "        self.was_missing = self.was_missing or",
        "        self.was_missing = False and",
        (HOLD_GATE_TESTS,),
    ),
    Mutant("hold-folder-that-an-on-made-counts", MISSING, " or os.path.lexists(os.path.join(path, MARK))", "", (HOLD_GATE_TESTS,)),
    Mutant("hold-folder-with-holds-counts-as-missing", MISSING, " and not _was_used(path)", "", (of_holds("trial"),)),
    Mutant("hold-that-is-null-keeps-an-off-back", HOLD_GATE, '(switches_on or "hold" not in given):', '"hold" not in given:', (HOLD_GATE_TESTS,)),
    Mutant("hold-folder-that-an-on-made-is-not-marked", MISSING, "    if not was_there:", "    if False:", (HOLD_GATE_TESTS,)),
    Mutant("hold-lock-leads-elsewhere", LOCKS, "os.open(file, os.O_RDWR | os.O_NOFOLLOW)", "os.open(file, os.O_RDWR)", (of_holds("locks"),)),
    Mutant("hold-lock-that-cannot-be-opened-is-not-tried", TRIAL, "    return _why_not_locked(path)", "    return None", (of_holds("trial"),)),
    Mutant("hold-that-is-null-is-none", HOLD_GATE, '(switches_on or "hold" not in given):', '("hold" not in given or True):', (HOLD_GATE_TESTS,)),
    Mutant("all-on-that-may-have-been-applied-is-forgotten", BULK, "    if maybe:\n", "    if False:\n", (of_switch("gate"),)),
    # --- asked when, and by whom
    Mutant("hold-asked-by-off", GATE, "        if command == COMMANDS[ON]:", "        if True:", (of_switch("gate"),)),
    Mutant("hold-asked-by-all-off", GATE, "        if command == BULK_COMMANDS[ON]:", "        if True:", (of_switch("gate"),)),
    Mutant("hold-not-asked-by-all-on", GATE, "        if command == BULK_COMMANDS[ON]:", "        if False:", (of_switch("gate"),)),
    Mutant(
        "hold-asked-once-at-the-start", HOLD_GATE,
        "        with self._door().ask(account_id) as keepers:\n            yield _kept_back(keepers, self._elsewhere)",
        "        self._kept = getattr(self, '_kept', None) or [self.look(account_id)]\n        yield self._kept[0]",
        (HOLD_GATE_TESTS,),
    ),
    Mutant(
        "hold-lock-let-go-before-the-answer", DOOR,
        "        standing, passed, lock = self._standing_and_lock()\n",
        "        standing, passed, lock = self._standing_and_lock()\n        lock = lock and lock.close()\n",
        (of_holds("door"),),
    ),
    Mutant("hold-not-foreseen", SEQUENCES, "foresee(record, gate.look(key)) if record.state == ON", "record if record.state == ON", (of_switch("gate"),)),
    # --- the second sweep
    Mutant(
        "hold-no-second-sweep", SEQUENCES,
        "        if placing.stands():\n            records.update({key",
        "        if False:\n            records.update({key",
        (of_switch("gate"),),
    ),
    Mutant("hold-no-second-sweep-of-all", SEQUENCES, " if run.task.is_over else _all(run, service, OFF, first)", "", (of_switch("gate"),)),
    Mutant(
        "hold-that-comes-too-late-proves-all-the-same", SEQUENCES,
        "        if not in_time:\n",
        "        if False:\n",
        (of_switch("gate"),),
    ),
    Mutant(
        "hold-of-all-that-comes-too-late-proves-all-the-same", SEQUENCES,
        "return findings if in_time else",
        "return findings if True else",
        (of_switch("gate"),),
    ),
    Mutant(
        "hold-second-sweep-forgets-a-doubt-for-good", VERDICTS,
        "    if before.evidence.final:\n        return replace(before",
        "    if False:\n        return replace(before",
        (of_switch("gate"),),
    ),
    Mutant(
        "hold-account-in-doubt-for-good-gets-off-again", BULK,
        "if record.outcome == OK or record.evidence.final:",
        "if record.outcome == OK:",
        (of_switch("gate"),),
    ),
    Mutant(
        "guard-says-nothing-was-sent-after-an-off", VERDICTS,
        "    if record.attempts:\n        return _final",
        "    if False:\n        return _final",
        (of_switch("gate"),),
    ),
    Mutant(
        "hold-second-off-need-not-be-accepted", VERDICTS,
        "    record = record.noting(accepted=False)\n",
        "",
        (of_switch("gate"),),
    ),
    Mutant(
        "hold-nobody-waits-for-ons-under-way", HOLD_GATE,
        "        self._under_way = door.everybody_is_out(self._path, self._seconds)",
        "        self._under_way = None",
        (HOLD_GATE_TESTS,),
    ),
    Mutant(
        "hold-not-written-and-not-said", HOLD_GATE,
        "            return dict(result, failed=True, hold_id=None, msg=f\"NO HOLD stands",
        "            return dict(result, hold_id=None, msg=f\"NO HOLD stands",
        (HOLD_GATE_TESTS,),
    ),
    Mutant(
        "hold-that-may-still-come-is-denied", HOLD_GATE,
        "        if not self.stands() and not known:",
        "        if False:",
        (HOLD_GATE_TESTS,),
    ),
    Mutant(
        "hold-that-is-there-is-denied", DOOR,
        "    if any(one.id == wanted.id for one in standing.holds) and",
        "    if False and",
        (of_holds("door"),),
    ),
    # --- the guard, and who reads
    Mutant(
        "guard-fights-the-end-of-a-maintenance", DECISIONS,
        "one.ran is None or plain_id(account_id) not in map(plain_id, one.ran) for",
        "True for",
        (of_holds("decisions"),),
    ),
    Mutant(
        "guard-lets-the-others-of-a-maintenance-run", DECISIONS,
        " or plain_id(account_id) not in map(plain_id, one.ran) for",
        " for",
        (of_holds("decisions"),),
    ),
    Mutant("hold-that-was-lifted-meanwhile-stands", HOLD_GATE, "        if there is False:", "        if False:", (HOLD_GATE_TESTS,)),
    Mutant("hold-of-a-maintenance-is-everybody-s", DECISIONS, "if hold.ran is None), wanted", "if True), wanted", (of_holds("decisions"),)),
    Mutant("reader-waits-as-long-as-an-on", HOLD_GATE, "self._wait(_GRACE)", "self._wait(2.0)", (HOLD_GATE_TESTS,)),
    Mutant(
        "reader-calls-an-account-free-that-nobody-could-look-up", HOLD_GATE,
        "        if standing is None:\n            return frozenset(account_ids)\n",
        "        if standing is None:\n            return frozenset()\n",
        (HOLD_GATE_TESTS,),
    ),
    # --- lifting
    Mutant("hold-that-is-lifted-is-said-to-stand", HOLD_MODULE, "    if there is False:", "    if False:", (MODULE_TESTS,)),
    Mutant(
        "hold-that-may-be-lifted-is-said-to-stand", HOLD_MODULE,
        "    if there is None or isinstance(error, TimeoutError):",
        "    if False:",
        (MODULE_TESTS,),
    ),
    Mutant("hold-lift-needs-no-reason", HOLD_MODULE, "    if not any(character.isalnum() for", "    if False and any(character.isalnum() for", (MODULE_TESTS,)),
    Mutant(
        "hold-that-is-found-has-no-way-out", TASKS,
        "return result(f\"{stands} {decisions.way_out(hold, path)}\", hold)",
        "return result(stands, hold)",
        (of_holds("tasks"),),
    ),
    Mutant("empty-list-says-that-nothing-runs", TASKS, "    if scope is None and not statuses:", "    if False:", (of_holds("tasks"),)),
    Mutant("folder-below-a-dead-link-is-missing", FOLDER, "        if link is not None:", "        if link == path:", (of_holds("folder"),)),
    Mutant("hold-lift-leads-elsewhere", HOLD_MODULE, "    if hold_id is None or not folder.is_liftable(hold_id):", "    if hold_id is None:", (MODULE_TESTS,)),
    Mutant("hold-lift-in-check-mode", HOLD_MODULE, "    if not module.check_mode:\n        try:", "    if True:\n        try:", (MODULE_TESTS,)),
    Mutant(
        "hold-lift-starts-something", HOLD_MODULE,
        "    standing = folder.read_in_time(path)\n",
        "    standing = folder.read_in_time(path)\n    _module.client(module).list_accounts(1.0)\n",
        (MODULE_TESTS,),
    ),
    Mutant("hold-two-maintenances-at-once", TASKS, "    if others:", "    if False:", (of_holds("tasks"),)),
    Mutant(
        "hold-a-second-maintenance-goes-on-from-the-first", TASKS,
        "    if run_state == OWN or (run_state == ENDED and hold.id == named):",
        "    if True:",
        (of_holds("tasks"),),
    ),
    Mutant(
        "hold-of-another-machine-is-gone-on-from", TASKS,
        "(run_state == ENDED and hold.id == named)",
        "(run_state != UNDER_WAY and hold.id == named)",
        (of_holds("tasks"),),
    ),
    Mutant(
        "hold-under-which-somebody-works-by-hand-is-gone-on-from", TASKS,
        "(run_state == ENDED and hold.id == named)",
        "run_state == ENDED",
        (of_holds("tasks"),),
    ),
    Mutant("hold-of-another-name-is-gone-on-from", REMEMBERING, "    if named is not None and (", "    if False and (", (MODULE_TESTS,)),
    Mutant(
        "hold-is-ended-while-another-run-works-under-it", REMEMBERING,
        "        tasks.require_nobody_at_work(",
        "        (lambda *_given: None)(",
        (MODULE_TESTS,),
    ),
    Mutant(
        "hold-that-is-ended-is-not-taken-over", DOOR,
        "            _take_over(path, hold.id, run)\n            return hold",
        "            return hold",
        (of_holds("door"),),
    ),
    Mutant(
        "hold-that-another-run-took-over-is-passed", DOOR,
        "        if remembering and self._override and not",
        "        if False and not",
        (of_holds("door"),),
    ),
    Mutant("hold-that-another-run-took-over-is-lifted", DOOR, "        if not is_of(path, hold_id, run):", "        if False:", (of_holds("door"),)),
    Mutant("hold-of-anybody-is-mine", TASKS, "mine=(hold.placed_by, hold.host) == here", "mine=True", (of_holds("tasks"),)),
    Mutant("hold-nobody-asks-who-is-at-work", REMEMBERING, "        tasks.require_free(", "        (lambda *_given: None)(", (MODULE_TESTS,)),
    Mutant("hold-of-two-that-go-on-both-may", DOOR, "                _take_over(path, found.hold.id, run)\n", "", (of_holds("door"),)),
    Mutant(
        "hold-that-was-lifted-is-placed-without-what-ran", REMEMBERING,
        "        if own is None and wanted.ran is None:",
        "        if False:",
        (MODULE_TESTS,),
    ),
    Mutant("an-ended-run-is-under-way", PARENT, '"" if not fields or fields[0] == "Z" else', '"" if not fields else', (PARENT_TESTS,)),
    Mutant("a-run-of-another-machine-has-ended", PARENT, "    if machine != _machine() or", "    if", (PARENT_TESTS,)),
    Mutant("hold-remembers-what-the-list-does-not-tell", TASKS, "    if unclear:", "    if False:", (of_holds("tasks"),)),
)
