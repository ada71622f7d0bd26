# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in how the service is spoken to."""

from __future__ import annotations

from table.mutant import CLIENT, CONNECTIONS, DOCUMENTS, PARSING, TRANSPORT, Mutant, fuzz, of_api

MUTANTS = (
    # --- answers
    Mutant(
        "id-of-dots-accepted", DOCUMENTS,
        '_ID = re.compile("[A-Za-z0-9_-]{1,64}"',
        '_ID = re.compile("[A-Za-z0-9_.-]{1,64}"',
        (fuzz("an_account_id_is_short_and_plain"),),
    ),
    Mutant(
        "id-with-a-line-break-accepted", DOCUMENTS,
        "bool(_ID.fullmatch(text))",
        'bool(re.match("[A-Za-z0-9_-]{1,64}$", text))',
        (fuzz("an_account_id_is_short_and_plain"),),
    ),
    Mutant("id-for-every-account-accepted", DOCUMENTS, '"null", "none", "all"', '"null", "none"', (fuzz("an_account_id_is_short_and_plain"),)),
    Mutant("doubled-keys-accepted", PARSING, "    if len(document) != len(pairs):", "    if False:", (fuzz("bent_documents_are_refused"),)),
    Mutant(
        "deep-nesting-breaks-the-task", PARSING,
        "except (ValueError, RecursionError) as error",
        "except ValueError as error",
        (fuzz("bent_documents_are_refused"),),
    ),
    Mutant("nan-accepted", PARSING, ", parse_constant=_no_constant)", ")", (of_api("parsing"),)),
    Mutant("infinite-balance-returned", PARSING, "math.isfinite(value)", "True", (fuzz("a_number_without_end_is_not_returned"),)),
    Mutant(
        "true-counts-as-a-number", PARSING,
        "    return isinstance(value, int) and not isinstance(value, bool) and value >= 0",
        "    return isinstance(value, int) and value >= 0",
        (fuzz("no_trap_is_taken_for_no_sessions"),),
    ),
    Mutant("text-shows-control-characters", DOCUMENTS, 'c if c.isprintable() else " "', "c", (fuzz("clean_text_is_harmless"),)),
    Mutant("cut-word-kept", DOCUMENTS, "    if len(head) < len(text):\n", "    if False:\n", (of_api("documents"),)),
    Mutant("text-of-any-length", DOCUMENTS, '    while len(" ".join(words)) > _LONGEST_TEXT:\n', "    while False:\n", (of_api("documents"),)),
    Mutant(
        "session-info-passed-through", PARSING,
        '        "active_sessions": _count(value.get("active_sessions")),\n',
        "        **value,\n",
        (of_api("parsing"),),
    ),
    Mutant(
        "sessions-of-any-empty-value-count-as-none", PARSING,
        "    return active is None or (_is_count(active) and active == 0)",
        "    return not active",
        (fuzz("no_trap_is_taken_for_no_sessions"),),
    ),
    # --- client
    Mutant(
        "201-taken-as-an-answer", CLIENT,
        "    if answered.status == 200:",
        "    if 200 <= answered.status < 300:",
        (fuzz("only_a_200_with_a_valid_document_is_an_answer"),),
    ),
    Mutant(
        "500-taken-as-a-refusal", CLIENT,
        "    if 300 <= answered.status < 500:",
        "    if 300 <= answered.status < 600:",
        (fuzz("only_a_200_with_a_valid_document_is_an_answer"),),
    ),
    Mutant(
        "id-not-checked-before-the-url", CLIENT,
        "        if not is_account_id(account_id):",
        "        if False:",
        (fuzz("an_id_leads_to_its_own_address_and_nowhere_else"),),
    ),
    Mutant(
        "retry-after-negative", CLIENT,
        "max(0.0, parsedate_to_datetime(text).timestamp() - now)",
        "parsedate_to_datetime(text).timestamp() - now",
        (fuzz("retry_after_is_a_number_of_seconds_or_nothing"),),
    ),
    Mutant(
        "retry-after-breaks-the-task", CLIENT,
        "except (ValueError, TypeError, IndexError, OverflowError):",
        "except ValueError:",
        (fuzz("retry_after_is_a_number_of_seconds_or_nothing"),),
    ),
    # --- transport
    Mutant("request-not-marked-as-left", CONNECTIONS, "            self.left = True\n", "", (of_api("transport"),)),
    Mutant(
        "leaves-after-the-end", CONNECTIONS,
        "            if self.over:\n                # Not",
        "            if False:\n                # Not",
        (of_api("transport"),),
    ),
    Mutant(
        "what-is-connecting-leaves-after-the-report", CONNECTIONS,
        "                attempt.end_unless_left()\n",
        "                pass\n",
        (of_api("transport"),),
    ),
    Mutant("what-has-left-is-cut-at-the-report", CONNECTIONS, "            if not self.left:\n", "            if True:\n", (of_api("transport"),)),
    Mutant("begins-after-the-report", CONNECTIONS, "            if self._closed:\n                return False\n", "", (of_api("transport"),)),
    Mutant("handshake-marked-as-left", CONNECTIONS, "        if not self._connecting:", "        if True:", (of_api("transport"),)),
    Mutant(
        "netrc-replaces-the-token", TRANSPORT,
        "headers=self._headers, data=body)",
        "headers=self._headers, data=body, auth=requests.utils.get_netrc_auth(url))",
        (of_api("transport"),),
    ),
    Mutant("announced-answer-is-that-to-the-next-request", TRANSPORT, "        if answered.status < 200:\n", "        if False:\n", (of_api("transport"),)),
    Mutant(
        "loopback-goes-through-the-proxy", TRANSPORT,
        '    if parts.scheme == "http" and parts.hostname in LOOPBACK:',
        "    if False:",
        (of_api("transport"),),
    ),
    Mutant(
        "body-over-the-cap-taken", TRANSPORT,
        "        if len(body) > cap:\n            return None",
        "        if len(body) > cap:\n            break",
        (of_api("transport"),),
    ),
    Mutant("encoded-body-taken", TRANSPORT, '.strip().lower() != "identity":', '.strip().lower() == "packed":', (of_api("transport"),)),
)
