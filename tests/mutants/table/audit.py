# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in the audit trail: what is written before a task, what counts as not sent, and what the page calls known."""

from __future__ import annotations

from table.mutant import Mutant

_AUDIT, _TESTS = "plugins/plugin_utils/_audit/", "tests/unit/plugins/plugin_utils/_audit/test_"
CALLBACK, CALLBACK_TESTS = "plugins/callback/bookie_audit.py", "tests/unit/plugins/callback/test_bookie_audit.py"
CONNECTION, DIGEST, ENTRIES, EVENTS, REFUSALS = (_AUDIT + name + ".py" for name in ("connection", "digest", "entries", "events", "refusals"))
PLACES = _AUDIT + "places.py"


def _of(name: str) -> tuple[str, ...]:
    return (f"{_TESTS}{name}.py",)


MUTANTS = (
    Mutant("no-intent", CALLBACK, "        if (_action(task) in BOT or", "        if False and (_action(task) in BOT or", (CALLBACK_TESTS,)),
    Mutant("intent-shows-what-a-template-may-hide", CALLBACK, "hidden = task.no_log not in (None, False)", "hidden = task.no_log is True", (CALLBACK_TESTS,)),
    Mutant("intent-holds-the-token", ENTRIES, "    if any(secret in json.dumps(asked) for secret in secrets):", "    if False:", _of("entries")),
    Mutant("password-of-a-url-recorded", CONNECTION, "if url and why_unusable(url) is None else None", "if url else None", _of("connection")),
    Mutant("another-machine-s-environment", CONNECTION, "around if is_ours else None", "around", _of("connection")),
    Mutant("attempt-settles-the-intent", EVENTS, "CLOSING = frozenset((RESULT,", "CLOSING = frozenset((ATTEMPT, RESULT,", _of("digest")),
    Mutant("words-after-the-module-taken-for-words-before-it", REFUSALS, "_SURE if late_templates else _EARLY", "_EARLY", _of("refusals")),
    Mutant("cut-off-counts-as-never-started", REFUSALS, '"timedout", ', "", _of("refusals")),
    Mutant("prediction-is-an-account-s-last-word", DIGEST, "        if entry.check_mode:\n            return\n", "", _of("digest")),
    Mutant("doubt-forgotten", DIGEST, "found[place] = _later(found.get(place), intent) or intent", "pass", _of("digest")),
    Mutant("a-template-casts-no-doubt", DIGEST, " for account_id in accounts] or [ALL]", " for account_id in accounts]", _of("digest")),
    Mutant("a-simulator-proves-a-real-account-off", PLACES, "if not _is_local(url)]", "]", _of("digest")),
    Mutant("an-id-is-one-on-every-service", PLACES, "return Place(entry.api_url, entry.token_account,", 'return Place("", entry.token_account,', _of("digest")),
    Mutant("one-of-two-tokens-is-taken", PLACES, "place.token_account or len(named) != 1 else", "place.token_account or not named else", _of("digest")),
    Mutant("proof-without-its-service-counts", DIGEST, "if entry.proves and entry.api_url and (", "if entry.proves and (", _of("digest")),
    Mutant("older-proof-ends-the-doubt", DIGEST, " and account.proof.moment > moment else None", " else None", _of("digest")),
)
