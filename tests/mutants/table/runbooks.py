# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in what roles and events decide."""

from __future__ import annotations

from table.mutant import CHANGES, COMPLIANCE, MAINTENANCE, NAMES, ROLLOUT, Mutant, of_runbooks, of_utils

MUTANTS = (
    # --- events
    Mutant("told-once-and-never-again", CHANGES, "now - known.told_at < remind", "True", (of_utils("plugin_utils/changes"),)),
    Mutant(
        "no-event-when-the-list-fails", CHANGES,
        "        return (Change(UNREADABLE, now.why, cause=now.cause),) if",
        "        return () if",
        (of_utils("plugin_utils/changes"),),
    ),
    Mutant(
        "what-changed-unseen-is-forgotten", CHANGES,
        "replace(known, why=why,",
        "replace(Known(), why=why,",
        (of_utils("plugin_utils/changes"),),
    ),
    Mutant(
        "a-declared-account-that-is-gone-is-calm", CHANGES,
        '        return "it is not in the list"\n',
        "        return None\n",
        (of_utils("plugin_utils/changes"),),
    ),
    Mutant("an-account-that-is-gone-is-called-stopped", CHANGES, '"bot_status": None}', '"bot_status": STOPPED}', (of_utils("plugin_utils/changes"),)),
    Mutant(
        "drift-is-told-again-and-again", CHANGES,
        "        if drift == earlier:\n",
        "        if drift is earlier is None:\n",
        (of_utils("plugin_utils/changes"),),
    ),
    # --- roles
    Mutant("a-text-is-taken-for-its-characters", NAMES, "        value = value.split(\",\")\n", "        value = list(value)\n", (of_runbooks("names"),)),
    Mutant("what-is-no-id-is-taken-for-one", NAMES, "    if wrong:\n", "    if False:\n", (of_runbooks("names"),)),
    Mutant("failures-keep-an-off-back", ROLLOUT, "or _off_is_next(batches, number) else", "else", (of_runbooks("rollout"),)),
    Mutant(
        "a-roll-out-goes-past-an-emergency-stop", ROLLOUT,
        "(limit or any(account[\"state\"] == ON for account in lost))",
        "limit",
        (of_runbooks("rollout"),),
    ),
    Mutant("what-got-no-off-is-not-named", ROLLOUT, "for target in left if target.state == OFF]", "for target in left if False]", (of_runbooks("rollout"),)),
    Mutant("an-old-snapshot-is-gone-on-from", MAINTENANCE, "    if age > timedelta(hours=most_hours):\n", "    if False:\n", (of_runbooks("maintenance"),)),
    Mutant("an-empty-list-is-compliant", COMPLIANCE, "    if scope.is_all and not at:\n", "    if False:\n", (of_runbooks("compliance"),)),
)
