# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in what roles and events decide."""

from __future__ import annotations

from table.mutant import (
    BATCHES,
    BOOKMAKERS,
    CHANGES,
    COMPLIANCE,
    DRIFT,
    LEFT_ON,
    NAMES,
    ROLL_BACK,
    ROLLOUT,
    ROLLOUT_STATUS,
    TRADING_DAY,
    Mutant,
    of_runbooks,
    of_utils,
)

MUTANTS = (
    # --- events
    Mutant("an-event-forgets-the-hold", CHANGES, "held=change.account_id in now.held", "held=False", (of_utils("plugin_utils/changes"),)),
    Mutant("told-once-and-never-again", CHANGES, "now - known.told_at < again.unreadable", "True", (of_utils("plugin_utils/changes"),)),
    Mutant(
        "no-event-when-the-list-fails", CHANGES,
        "        return (Change(UNREADABLE, now.why or \"\", cause=now.cause),) if",
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
    Mutant(
        "a-bot-that-started-under-a-hold-is-told-once", CHANGES,
        "        told_at = now if _starts(known.reading, one, row) else known.started.get(one)\n",
        "        told_at = now if _starts(known.reading, one, row) else None\n",
        (of_utils("plugin_utils/changes"),),
    ),
    Mutant("what-is-unclear-under-a-hold-is-calm", CHANGES, "if one not in now.held or status == STOPPED or", "if one not in now.held or status != RUNNING or",
           (of_utils("plugin_utils/changes"),)),
    # --- roles
    Mutant("a-text-is-taken-for-its-characters", NAMES, "        value = value.split(\",\")\n", "        value = list(value)\n", (of_runbooks("names"),)),
    Mutant("what-is-no-id-is-taken-for-one", NAMES, "    if wrong:\n", "    if False:\n", (of_runbooks("names"),)),
    Mutant("failures-keep-an-off-back", ROLLOUT, "or _off_is_next(plan, number) else", "else", (of_runbooks("rollout"),)),
    Mutant(
        "a-roll-out-goes-past-an-emergency-stop", ROLLOUT,
        "(limit or any(account[\"state\"] == ON for account in lost))",
        "limit",
        (of_runbooks("rollout"),),
    ),
    Mutant("a-small-fleet-has-no-canary", BATCHES, "return int(number) if number >= 1 or number == 0 else 1", "return int(number)", (of_runbooks("batches"),)),
    Mutant("a-roll-back-turns-on-without-a-list", ROLL_BACK, "    if before is None or now is None:\n", "    if before is None:\n", (of_runbooks("rollout"),)),
    Mutant("a-roll-back-does-not-look-for-a-stop", ROLL_BACK, "    if gone:\n", "    if lost:\n", (of_runbooks("rollout"),)),
    Mutant("a-stop-without-a-trace-is-none", ROLL_BACK, 'return "" if ran else "no other', 'return "" if True else "no other', (of_runbooks("rollout"),)),
    Mutant("an-off-in-the-night-comes-once", TRADING_DAY, "            repeated.append(hour)\n", "            pass\n", (of_runbooks("trading_day"),)),
    Mutant(
        "an-on-has-its-whole-time-when-clocks-go-forward", TRADING_DAY,
        "(_FORWARD if night else 0)",
        "0",
        (of_runbooks("trading_day"),),
    ),
    Mutant("an-account-that-drops-out-is-not-named", LEFT_ON, "if account not in after.accounts)", "if False)", (of_runbooks("left_on"),)),
    Mutant("an-off-that-goes-away-is-not-missed", LEFT_ON, "    if is_on and _state(after, now, host) == OFF:\n", "    if False:\n", (of_runbooks("left_on"),)),
    Mutant("a-schedule-of-an-unknown-zone-has-bots-off", LEFT_ON, "        return ON\n", "        return OFF\n", (of_runbooks("left_on"),)),
    Mutant("the-zone-of-who-installs-counts", LEFT_ON, "if schedule.zone else host\n", "if schedule.zone else timezone.utc\n", (of_runbooks("left_on"),)),
    Mutant("a-zone-of-the-crontab-is-overlooked", LEFT_ON, "+ [UNKNOWN for line in lines if _ZONE_OF_CRONTAB.match(line)]", "", (of_runbooks("left_on"),)),
    Mutant("accounts-that-nobody-knows-are-none", LEFT_ON, "    if not before.accounts:\n", "    if before.accounts is None:\n", (of_runbooks("left_on"),)),
    Mutant(
        "a-week-begins-with-bots-off", TRADING_DAY,
        "if moment <= minute] or states)]", "if moment <= minute] or [min(states)])]", (of_runbooks("left_on"),),
    ),
    Mutant("a-list-of-no-accounts-is-a-bot-that-runs", ROLLOUT, 'ids.split(",") if account_id}', 'ids.split(",")}', (of_runbooks("rollout"),)),
    Mutant("a-roll-back-repeats-an-on", ROLL_BACK, 'or state == account["state"] == ON:', "or False:", (of_runbooks("rollout"),)),
    Mutant("an-old-list-is-a-fresh-one", ROLLOUT, "replace(progress, now=None, stop=f", "replace(progress, stop=f", (of_runbooks("rollout"),)),
    Mutant(
        "what-got-no-off-is-not-named", ROLLOUT_STATUS,
        "for target in left if target.state == OFF]",
        "for target in left if False]",
        (of_runbooks("rollout"),),
    ),
    Mutant(
        "what-nobody-could-read-does-not-fail", DRIFT,
        "verdict not in (AS_DECLARED, CHANGED), detail)",
        "verdict in (DRIFT, NOT_PROVEN), detail)",
        (of_runbooks("drift"),),
    ),
    Mutant(
        "a-stopped-bot-with-sessions-is-stopped", DRIFT,
        "    status = status_of(row)\n",
        '    status = row and row["bot_status"]\n',
        (of_runbooks("drift"),),
    ),
    Mutant(
        "a-text-falls-apart-into-accounts", BATCHES,
        "    if not isinstance(entries, (list, tuple)):\n", "    if False:\n", (of_runbooks("batches"),),
    ),
    # --- bookmakers that a person names
    Mutant(
        "a-bookmaker-is-compared-in-part", BOOKMAKERS,
        'if row["bookie"] in wanted)', 'if any(row["bookie"] in name for name in wanted))', (of_runbooks("bookmakers"),),
    ),
    Mutant("no-bookmaker-chooses-without-a-word", BOOKMAKERS, 'if value is None or value in ("", []):', "if value is None:", (of_runbooks("bookmakers"),)),
    Mutant(
        "a-bookmaker-that-no-account-has-is-passed-over", BOOKMAKERS,
        "for name in wanted if name not in known]", "for name in wanted if not known]", (of_runbooks("bookmakers"),),
    ),
    Mutant(
        "an-account-without-a-bookmaker-is-passed-over", BOOKMAKERS,
        'for row in rows if not row["bookie"]]', 'for row in rows if not known]', (of_runbooks("bookmakers"), of_runbooks("compliance")),
    ),
    Mutant("a-list-that-failed-is-chosen-from", BOOKMAKERS, 'if account_list.get("failed") or "accounts"', 'if "accounts"', (of_runbooks("bookmakers"),)),
    Mutant("no-scope-means-every-account", COMPLIANCE, "    if not all_accounts and not ids and not at:\n", "    if False:\n", (of_runbooks("compliance"),)),
    Mutant("an-empty-list-is-compliant", COMPLIANCE, "    if scope.all_accounts and not at:\n", "    if False:\n", (of_runbooks("compliance"),)),
)
