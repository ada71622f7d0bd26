# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deliberate mistakes, and the tests that must notice each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

_UTILS = "plugins/module_utils/"
_TESTS = "tests/unit/plugins/module_utils/"
VERDICTS, SENDING, CONTROL, ENGINE = _UTILS + "_verdicts.py", _UTILS + "_sending.py", _UTILS + "_control.py", _UTILS + "_engine.py"
ANSWERS, CLIENT, TRANSPORT, TOKEN = _UTILS + "_answers.py", _UTILS + "_client.py", _UTILS + "_transport.py", _UTILS + "_token.py"
ARGUMENTS, REPORT, OUTCOMES = _UTILS + "_arguments.py", _UTILS + "_report.py", _UTILS + "_outcomes.py"
BULK, WATCHED, RENEWAL, WATCHING = _UTILS + "_bulk.py", _UTILS + "_watched.py", _UTILS + "_renewal.py", _UTILS + "_watching.py"
ROLLOUT, NAMES, SNAPSHOT, EVIDENCE = _UTILS + "_rollout.py", _UTILS + "_names.py", _UTILS + "_snapshot.py", _UTILS + "_evidence.py"
MODULE, EDGE = "plugins/modules/bookie_bot.py", _UTILS + "_module.py"
TOKEN_MODULE = "plugins/modules/bookie_token.py"

NAMED = _TESTS + "test_properties.py::test_accounts_that_are_named"
ALL = _TESTS + "test_properties.py::test_all_accounts"
CHECK_SENDS = _TESTS + "test_properties.py::test_check_mode_sends_no_command"
CHECK_NAMED = _TESTS + "test_properties.py::test_check_mode_predicts_named_accounts"
CHECK_ALL = _TESTS + "test_properties.py::test_check_mode_predicts_all_accounts"
MODULE_TESTS = "tests/unit/plugins/modules/test_bookie_bot.py"
TOKEN_TESTS = "tests/unit/plugins/modules/test_bookie_token.py"


def _fuzz(name: str) -> str:
    return _TESTS + "test_fuzz_answers.py::test_" + name


def _unit(name: str) -> str:
    return _TESTS + "test_" + name + ".py"


@dataclass(frozen=True)
class Mutant:
    """One mistake: `text`, which stands exactly once in `file`, becomes `instead`; `tests` must fail."""

    name: str
    file: str
    text: str
    instead: str
    tests: Tuple[str, ...]


MUTANTS = (
    # --- verdicts
    Mutant(
        "off-proven-by-success-alone", VERDICTS,
        "    stopped = answer.bot_status == STOPPED and answer.no_sessions\n",
        "    stopped = answer.status == SUCCESS\n",
        (NAMED,),
    ),
    Mutant("off-proven-with-active-sessions", VERDICTS, "answer.bot_status == STOPPED and answer.no_sessions", "answer.bot_status == STOPPED", (NAMED,)),
    Mutant(
        "off-proven-by-a-failure", VERDICTS,
        "    if stopped and (answer.status == SUCCESS or answer.previous_status == STOPPED):",
        "    if stopped:",
        (_unit("verdicts"),),
    ),
    Mutant(
        "off-proven-by-404", VERDICTS,
        "    return replace(record, outcome=REJECTED, http_status=answer.http_status, message=answer.message, reason=refusal_reason(answer))\n\n\n"
        "def refusal",
        "    return replace(record, outcome=OK if answer.http_status == 404 else REJECTED, http_status=answer.http_status)\n\n\ndef refusal",
        (NAMED,),
    ),
    Mutant(
        "on-proven-by-success", VERDICTS,
        "    if answer.bot_status == RUNNING:\n        return _proven",
        "    if answer.status == SUCCESS:\n        return _proven",
        (NAMED,),
    ),
    Mutant("off-proven-by-the-list-after-a-starting-word", VERDICTS, " and record.last_word in (None, RUNNING, STOPPED)", "", (NAMED,)),
    Mutant("off-proven-by-the-list-after-bulk-called-it-failed", VERDICTS, "not record.bulk_failed and not", "not", (ALL,)),
    Mutant("off-proven-by-the-list-after-a-bulk-that-failed", VERDICTS, "and not record.needs_own_command and", "and", (_unit("verdicts"),)),
    Mutant(
        "nobody-knows-whether-all-are-off-and-it-is-called-ok", BULK,
        "    if state == OFF and isinstance(answer, BulkAnswer) and reading is None and",
        "    if False and",
        (_unit("control"),),
    ),
    Mutant("off-proven-by-a-row-with-sessions", VERDICTS, "row.bot_running is False and row.no_sessions", "row.bot_running is False", (NAMED,)),
    Mutant(
        "off-proven-by-a-row-that-says-nothing", VERDICTS,
        "    return row.bot_running is False and",
        "    return not row.bot_running and",
        (_unit("verdicts"),),
    ),
    Mutant("cut-body-taken-as-whole", TRANSPORT, "        raise ConnectionError(\"the body was cut\")", "        return body", (_unit("transport"),)),
    Mutant("doubled-row-taken-as-proof", VERDICTS, "None if row.account_id in rows else row", "row", (_unit("verdicts"),)),
    Mutant("answer-for-another-account-taken", VERDICTS, "    if answer.account_id != record.account_id:", "    if False:", (NAMED,)),
    Mutant("guard-not-compared-with-the-answer", VERDICTS, "    if _another_name(record.guard, answer.display_name):", "    if False:", (NAMED,)),
    Mutant("guard-not-compared-with-the-list", VERDICTS, "or record.guard is None or record.account_id not in", "or record.account_id in", (NAMED,)),
    Mutant("change-taken-back", VERDICTS, "changed=record.changed or _switched(record.state, answer)", "changed=_switched(record.state, answer)", (NAMED,)),
    Mutant(
        "lost-answer-counts-as-unchanged", VERDICTS,
        "        outcome=UNKNOWN,\n        changed=True,\n        maybe_applied=True,\n        previous_status=None,\n        bot_status=None,",
        "        outcome=UNKNOWN,\n        maybe_applied=True,\n        previous_status=None,\n        bot_status=None,",
        (NAMED,),
    ),
    Mutant(
        "previous-status-after-a-maybe", VERDICTS,
        "None if record.maybe_applied else record.previous_status or answer.previous_status",
        "record.previous_status or answer.previous_status",
        (NAMED,),
    ),
    Mutant(
        "under-way-counts-as-unchanged", VERDICTS,
        "        outcome=UNKNOWN,\n        changed=True,\n        previous_status=None,\n        maybe_applied=True,\n        needs_own",
        "        outcome=UNKNOWN,\n        previous_status=None,\n        maybe_applied=True,\n        needs_own",
        (NAMED,),
    ),
    Mutant("pending-after-waiting", VERDICTS, "    if record.outcome != PENDING:\n        return record", "    if True:\n        return record", (NAMED,)),
    Mutant("bulk-success-proves-off", BULK, "    return PENDING if state == ON else UNKNOWN", "    return OK", (ALL,)),
    Mutant(
        "unproven-account-gets-no-single-off", BULK,
        "    if record.state == OFF:\n        return True",
        "    if record.state == OFF:\n        return record.bulk_failed",
        (_unit("control"),),
    ),
    Mutant(
        "never-left-hides-what-came-before", VERDICTS,
        "    if record.outcome not in (NOT_ATTEMPTED, NOT_SENT):\n        return record",
        "",
        (_unit("verdicts"),),
    ),
    Mutant(
        "check-mode-forgets-the-guard", VERDICTS,
        "    record = guarded(replace(record, display_name=row.display_name if row else None), reading)\n",
        "",
        (CHECK_NAMED,),
    ),
    Mutant("check-mode-takes-unlisted-for-sendable", VERDICTS, "    if record.account_id not in reading.rows:", "    if False:", (CHECK_NAMED,)),
    Mutant(
        "check-mode-predicts-no-change", VERDICTS,
        "outcome=NOT_ATTEMPTED, changed=True, predicted=True",
        "outcome=NOT_ATTEMPTED, predicted=True",
        (CHECK_ALL,),
    ),
    Mutant("unknown-does-not-fail", OUTCOMES, "not in (OK, PENDING)", "not in (OK, PENDING, UNKNOWN)", (NAMED,)),
    Mutant(
        "tries-not-counted", VERDICTS,
        "    record = replace(record, attempts=record.attempts + 1, http_status=200",
        "    record = replace(record, http_status=200",
        (NAMED,),
    ),
    # --- sending
    Mutant(
        "on-sent-again-after-a-maybe", SENDING,
        "return state == OFF or (answer.http_status == 503 and answer.retry_after is not None)",
        "return True",
        (NAMED,),
    ),
    Mutant(
        "on-sent-again-after-any-503", SENDING,
        "(answer.http_status == 503 and answer.retry_after is not None)",
        "answer.http_status == 503",
        (_unit("sending"),),
    ),
    Mutant("on-sent-again-after-406", SENDING, "if state == OFF else answer.http_status == 429", "if True else False", (NAMED,)),
    Mutant(
        "on-sent-again-after-an-answer", SENDING,
        "        return state == OFF or (answer.http_status == 503 and answer.retry_after is not None)\n    return state == OFF",
        "        return state == OFF or (answer.http_status == 503 and answer.retry_after is not None)\n    return True",
        (NAMED,),
    ),
    Mutant("off-given-up-after-406", SENDING, "frozenset((406, 408, 429))", "frozenset((408, 429))", (_unit("sending"),)),
    Mutant("retry-after-of-hours-is-kept", SENDING, "LONGEST_RETRY_AFTER = 30.0", "LONGEST_RETRY_AFTER = 86400.0", (_unit("sending"),)),
    Mutant("401-does-not-end-the-run", SENDING, "if answer.http_status == 401:", "if answer.http_status == 400:", (NAMED,)),
    Mutant("403-ends-off-as-well", SENDING, "answer.http_status == 403 and state == ON", "answer.http_status == 403", (_unit("sending"),)),
    # --- control
    Mutant("401-to-a-single-command-goes-on", CONTROL, "            self.ended = self.ended or _sending.ends_run(record.state, answer)\n", "", (NAMED,)),
    Mutant(
        "on-goes-before-off", CONTROL,
        "record.state == OFF and not record.guard])",
        "not record.guard])",
        (NAMED,),
    ),
    Mutant("one-try-too-many", CONTROL, "return following if tries <= retries else", "return following if tries <= retries + 1 else", (NAMED,)),
    Mutant(
        "one-bulk-try-too-many", CONTROL,
        "return self.bulk(state, self.limits.retries - 1)",
        "return self.bulk(state, self.limits.retries)",
        (_unit("control"),),
    ),
    Mutant("nothing-kept-for-the-reading", CONTROL, "self.deadline - min(limits.timeout, limits.deadline / 4)", "self.deadline", (NAMED,)),
    Mutant(
        "an-attempt-outlasts-the-deadline", CONTROL,
        "max(0.1, min(self.limits.timeout, until - self.engine.clock()))",
        "self.limits.timeout",
        (_unit("control"),),
    ),
    Mutant(
        "wait-repeats-on", CONTROL,
        "[key for key in waiting if records[key].state == OFF and (self.no_list or not _verdicts.list_can_prove(records[key]))]",
        "list(waiting)",
        (NAMED,),
    ),
    Mutant(
        "bulk-comes-after-the-reading", CONTROL,
        "    answer = run.bulk(OFF, retries=0)\n    reading = run.glance()\n",
        "    reading = run.glance()\n    answer = run.bulk(OFF, retries=0)\n",
        (ALL,),
    ),
    Mutant("accounts-of-the-list-forgotten", BULK, "dict.fromkeys((*rows, *listed))", "rows", (ALL,)),
    Mutant("uncounted-accounts-are-no-failure", BULK, "    return max(0, (counted or 0) - len(records))", "    return 0", (ALL,)),
    Mutant(
        "check-mode-sends-the-bulk-command", CONTROL,
        "    reading = run.read(run.deadline)\n    return run.findings({",
        "    run.bulk(OFF, 0)\n    reading = run.read(run.deadline)\n    return run.findings({",
        (CHECK_SENDS,),
    ),
    # --- engine
    Mutant("goes-on-after-a-signal", ENGINE, "        while self.signal is None:\n            now", "        while True:\n            now", (NAMED,)),
    Mutant("more-at-once-than-allowed", ENGINE, "return under_way < self._allowed and", "return", (_unit("engine"),)),
    Mutant("started-after-the-end", ENGINE, "and open_again and now < until", "and open_again", (NAMED,)),
    Mutant("stopped-not-asked", ENGINE, "while self.signal is None and not stopped() and self._may", "while self.signal is None and self._may", (NAMED,)),
    Mutant("goes-on-between-runs-after-a-signal", ENGINE, "while self.signal is None and not stopped()", "while not stopped()", (_unit("engine"),)),
    Mutant("retries-keep-fresh-jobs-back", ENGINE, "        if due and (self._retry_next or not fresh):", "        if due:", (_unit("engine"),)),
    Mutant("congestion-slows-nothing", ENGINE, "            self._allowed = max(1, self._allowed // 2)\n", "", (_unit("engine"),)),
    # --- answers
    Mutant(
        "id-of-dots-accepted", ANSWERS,
        '_ID = re.compile("[A-Za-z0-9_-]{1,64}"',
        '_ID = re.compile("[A-Za-z0-9_.-]{1,64}"',
        (_fuzz("an_account_id_is_short_and_plain"),),
    ),
    Mutant(
        "id-with-a-line-break-accepted", ANSWERS,
        "bool(_ID.fullmatch(text))",
        'bool(re.match("[A-Za-z0-9_-]{1,64}$", text))',
        (_fuzz("an_account_id_is_short_and_plain"),),
    ),
    Mutant("id-for-every-account-accepted", ANSWERS, '"null", "none", "all"', '"null", "none"', (_fuzz("an_account_id_is_short_and_plain"),)),
    Mutant("doubled-keys-accepted", ANSWERS, "    if len(document) != len(pairs):", "    if False:", (_fuzz("bent_documents_are_refused"),)),
    Mutant(
        "deep-nesting-breaks-the-task", ANSWERS,
        "except (ValueError, RecursionError) as error",
        "except ValueError as error",
        (_fuzz("bent_documents_are_refused"),),
    ),
    Mutant("nan-accepted", ANSWERS, ", parse_constant=_no_constant)", ")", (_unit("answers"),)),
    Mutant("infinite-balance-returned", ANSWERS, "math.isfinite(value)", "True", (_fuzz("a_number_without_end_is_not_returned"),)),
    Mutant(
        "true-counts-as-a-number", ANSWERS,
        "    return isinstance(value, int) and not isinstance(value, bool) and value >= 0",
        "    return isinstance(value, int) and value >= 0",
        (_fuzz("no_trap_is_taken_for_no_sessions"),),
    ),
    Mutant("text-shows-control-characters", ANSWERS, 'c if c.isprintable() else " "', "c", (_fuzz("clean_text_is_harmless"),)),
    Mutant("cut-word-kept", ANSWERS, "    if len(head) < len(text):\n", "    if False:\n", (_unit("answers"),)),
    Mutant("text-of-any-length", ANSWERS, '    while len(" ".join(words)) > _LONGEST_TEXT:\n', "    while False:\n", (_unit("answers"),)),
    Mutant(
        "session-info-passed-through", ANSWERS,
        '        "active_sessions": _count(value.get("active_sessions")),\n',
        "        **value,\n",
        (_fuzz("what_a_parser_returns_is_harmless"),),
    ),
    Mutant(
        "sessions-of-any-empty-value-count-as-none", ANSWERS,
        "    return active is None or (_is_count(active) and active == 0)",
        "    return not active",
        (_fuzz("no_trap_is_taken_for_no_sessions"),),
    ),
    # --- client
    Mutant(
        "201-taken-as-an-answer", CLIENT,
        "    if answered.status == 200:",
        "    if 200 <= answered.status < 300:",
        (_fuzz("only_a_200_with_a_valid_document_is_an_answer"),),
    ),
    Mutant(
        "500-taken-as-a-refusal", CLIENT,
        "    if 300 <= answered.status < 500:",
        "    if 300 <= answered.status < 600:",
        (_fuzz("only_a_200_with_a_valid_document_is_an_answer"),),
    ),
    Mutant(
        "id-not-checked-before-the-url", CLIENT,
        "        if not is_account_id(account_id):",
        "        if False:",
        (_fuzz("an_id_leads_to_its_own_address_and_nowhere_else"),),
    ),
    Mutant(
        "retry-after-negative", CLIENT,
        "max(0.0, parsedate_to_datetime(text).timestamp() - now)",
        "parsedate_to_datetime(text).timestamp() - now",
        (_fuzz("retry_after_is_a_number_of_seconds_or_nothing"),),
    ),
    Mutant(
        "retry-after-breaks-the-task", CLIENT,
        "except (ValueError, TypeError, IndexError, OverflowError):",
        "except ValueError:",
        (_fuzz("retry_after_is_a_number_of_seconds_or_nothing"),),
    ),
    # --- transport
    Mutant("request-not-marked-as-left", WATCHED, "            current.attempt.left = True\n", "", (_unit("transport"),)),
    Mutant("handshake-marked-as-left", WATCHED, "        if not self._connecting:", "        if True:", (_unit("transport"),)),
    Mutant("redirect-followed", TRANSPORT, "allow_redirects=False", "allow_redirects=True", (_unit("transport"),)),
    Mutant("netrc-replaces-the-token", TRANSPORT, "data=body, auth=self._auth,", 'data=body, headers={"Authorization": "Token x"},', (_unit("transport"),)),
    Mutant(
        "loopback-goes-through-the-proxy", TRANSPORT,
        '    if parts.scheme == "http" and parts.hostname in LOOPBACK:',
        "    if False:",
        (_unit("transport"),),
    ),
    Mutant(
        "body-over-the-cap-taken", TRANSPORT,
        "        if len(body) > cap:\n            return None",
        "        if len(body) > cap:\n            break",
        (_unit("transport"),),
    ),
    Mutant("encoded-body-taken", TRANSPORT, '.strip().lower() != "identity":', '.strip().lower() == "packed":', (_unit("transport"),)),
    # --- arguments
    Mutant("any-id-accepted", ARGUMENTS, "    if not is_account_id(account_id):", "    if not account_id:", (_fuzz("targets_are_read_or_refused"),)),
    Mutant("empty-list-means-nothing-to-do", ARGUMENTS, "    if not entries:", "    if False:", (_fuzz("targets_are_read_or_refused"),)),
    Mutant("two-states-for-one-account", ARGUMENTS, "    if known.state != target.state or", "    if", (_unit("arguments"),)),
    Mutant(
        "http-to-anybody", ARGUMENTS,
        '    if parts.scheme == "http" and host not in LOOPBACK:',
        "    if False:",
        (_fuzz("a_url_that_is_read_leads_where_it_says"),),
    ),
    Mutant("password-in-the-url", ARGUMENTS, '    if "@" in url:', "    if False:", (_unit("arguments"),)),
    Mutant("token-of-two-words", ARGUMENTS, "    if not is_sendable(token):", "    if False:", (_fuzz("a_token_that_is_read_can_be_sent"),)),
    # --- report and token
    Mutant(
        "failure-hides-the-change", REPORT,
        "any(record.changed for record in everything)",
        "not failures and any(record.changed for record in everything)",
        (NAMED,),
    ),
    Mutant("failed-off-not-named", REPORT, "record.failed and record.state == state)", "record.failed and record.state == state == ON)", (NAMED,)),
    Mutant(
        "diff-of-a-prediction-shows-the-past", REPORT,
        "    if record.predicted:\n        return STATUSES[record.state]\n",
        "",
        (MODULE_TESTS, "-k", "only_predicts"),
    ),
    Mutant("fault-of-our-own-is-unchanged", REPORT, "check_mode=False), changed=True, failed=True", "check_mode=False), failed=True", (_unit("report"),)),
    Mutant("parts-of-the-token-not-masked", TOKEN, "if len(part) >= _SHORTEST_SECRET", "if False", (MODULE_TESTS, "-k", "masks")),
    # --- a new token
    Mutant("login-carries-the-token", TRANSPORT, "None if token is None else _TokenAuth(token)", "_TokenAuth(token)", (_unit("client"),)),
    Mutant("login-sent-again-after-401", SENDING, "frozenset((406, 408, 429))", "frozenset((401, 406, 408, 429))", (_unit("renewal"),)),
    Mutant("lost-refresh-counts-as-unchanged", RENEWAL, "maybe_applied or isinstance(answer, Maybe)", "maybe_applied", (_unit("renewal"),)),
    Mutant("one-refresh-too-many", RENEWAL, "tries > limits.retries:", "tries > limits.retries + 1:", (_unit("renewal"),)),
    Mutant("same-token-counts-as-new", RENEWAL, "        if answer.token == old:", "        if False:", (_unit("renewal"),)),
    Mutant("token-without-expiry-left-to-die", RENEWAL, "    return expires is None or", "    return expires is not None and", (_unit("renewal"),)),
    Mutant("token-that-no-header-holds-taken", ANSWERS, " or not is_sendable(token)", "", (_unit("answers"),)),
    Mutant("new-token-mangled", TOKEN_MODULE, " if not any(secret in text for text in shown)}", "}", (TOKEN_TESTS,)),
    Mutant(
        "password-shown-with-the-new-token", TOKEN_MODULE,
        'for option in ("api_token", "password"):',
        'for option in ("api_token",):',
        (TOKEN_TESTS,),
    ),
    Mutant(
        "check-mode-refreshes", TOKEN_MODULE,
        "    if module.check_mode:\n        return _renewal.would_refresh",
        "    if False:\n        return _renewal.would_refresh",
        (TOKEN_TESTS,),
    ),
    Mutant(
        "check-mode-logs-in", TOKEN_MODULE,
        "        if module.check_mode:\n            return _renewal.would_log_in",
        "        if False:\n            return _renewal.would_log_in",
        (TOKEN_TESTS,),
    ),
    Mutant("no-warning-before-the-end", TOKEN, "    if rest > _WARNED:", "    if True:", (_unit("token"),)),
    Mutant("warning-of-an-expired-token-says-renew", TOKEN, "    if rest <= timedelta(0):", "    if False:", (_unit("token"),)),
    # --- events
    Mutant("stopped-though-sessions-run", WATCHING, "    return STOPPED if as_wanted(row, OFF) else None\n", "    return STOPPED\n", (_unit("watching"),)),
    Mutant("no-event-when-the-list-fails", WATCHING, "        return (Change(UNREADABLE, now.why),) if", "        return () if", (_unit("watching"),)),
    Mutant("what-changed-unseen-is-forgotten", WATCHING, "Known(known.reading, why_no_list(answer))", "Known(None, why_no_list(answer))", (_unit("watching"),)),
    Mutant("a-declared-account-that-is-gone-is-calm", WATCHING, '        return "it is not in the list"\n', "        return None\n", (_unit("watching"),)),
    Mutant("an-account-that-is-gone-is-called-stopped", WATCHING, '"bot_status": None}', '"bot_status": STOPPED}', (_unit("watching"),)),
    Mutant("drift-is-told-again-and-again", WATCHING, "        if drift == earlier:\n", "        if drift is earlier is None:\n", (_unit("watching"),)),
    # --- roles
    Mutant("a-text-is-taken-for-its-characters", NAMES, "        value = value.split(\",\")\n", "        value = list(value)\n", (_unit("names"),)),
    Mutant("failures-keep-an-off-back", ROLLOUT, "or _off_is_next(batches, number) else \"{0} failed", "else \"{0} failed", (_unit("rollout"),)),
    Mutant("a-roll-out-goes-past-an-emergency-stop", ROLLOUT, "(limit or any(account[\"state\"] == ON for account in lost))", "limit", (_unit("rollout"),)),
    Mutant("what-got-no-off-is-not-named", ROLLOUT, "for target in left if target.state == OFF]", "for target in left if False]", (_unit("rollout"),)),
    Mutant("an-old-snapshot-is-gone-on-from", SNAPSHOT, "    if age > timedelta(hours=most_hours):\n", "    if False:\n", (_unit("snapshot"),)),
    Mutant("an-empty-list-is-compliant", EVIDENCE, "    if scope.is_all and not at:\n", "    if False:\n", (_unit("evidence"),)),
    # --- the module
    Mutant("check-mode-switches", MODULE, "    elif module.check_mode:\n", "    elif False:\n", (MODULE_TESTS, "-k", "only_predicts")),
    Mutant("check-mode-switches-all", MODULE, "    if everyone and module.check_mode:\n", "    if False:\n", (MODULE_TESTS, "-k", "only_predicts")),
    Mutant("token-not-masked", EDGE, "    module.no_log_values.update(_token.secrets_of(token))\n", "", (MODULE_TESTS, "-k", "masks")),
    Mutant("signals-not-caught", MODULE, "    engine.catch_signals()\n", "", (MODULE_TESTS, "-k", "only_predicts")),
    Mutant(
        "fault-of-our-own-not-caught", EDGE,
        "    except Exception as error:",
        "    except KeyboardInterrupt as error:",
        (MODULE_TESTS, "-k", "fault_of_its_own"),
    ),
)
