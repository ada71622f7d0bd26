# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in options, in modules and in the token's renewal."""

from __future__ import annotations

from table.mutant import (
    ACCOUNT_LIST,
    ARGUMENTS,
    EDGE,
    GIVEN,
    HOST_NAMES,
    IN_PROCESS,
    MODULE,
    MODULE_TESTS,
    PARSING,
    RENEWAL,
    RETRIES,
    TOKEN,
    TOKEN_MODULE,
    TOKEN_SOURCE,
    TOKEN_TESTS,
    TRANSPORT,
    URL,
    Mutant,
    fuzz,
    of_api,
    of_utils,
)

MUTANTS = (
    # --- arguments
    Mutant("any-id-accepted", ARGUMENTS, "    if not is_account_id(account_id):", "    if not account_id:", (fuzz("targets_are_read_or_refused"),)),
    Mutant("empty-list-means-nothing-to-do", ARGUMENTS, "    if not entries:", "    if False:", (fuzz("targets_are_read_or_refused"),)),
    Mutant("one-of-two-lists-dropped", GIVEN, "            if alias in params and", "            if False and", (of_utils("module_utils/given"),)),
    Mutant("address-that-only-a-resolver-knows", URL, "    if _is_bent_address(host):", "    if False:", (of_utils("module_utils/arguments"),)),
    Mutant("two-spellings-of-one-account", ARGUMENTS, "    both = two_spellings(targets)", "    both = None", (of_utils("module_utils/arguments"),)),
    Mutant("two-states-for-one-account", ARGUMENTS, "    if known.state != target.state or", "    if", (of_utils("module_utils/arguments"),)),
    Mutant(
        "http-to-anybody", URL,
        '    if parts.scheme == "http" and host not in LOOPBACK:',
        "    if False:",
        (of_utils("module_utils/arguments"),),
    ),
    Mutant("password-in-the-url", URL, '    if "@" in url:', "    if False:", (of_utils("module_utils/arguments"),)),
    # --- where the token comes from
    Mutant(
        "token-of-two-words", TOKEN_SOURCE,
        "        if not is_sendable(token):\n            raise InputError(f\"api_token {",
        "        if False:\n            raise InputError(f\"api_token {",
        (fuzz("a_token_that_is_read_can_be_sent"),),
    ),
    Mutant(
        "file-of-two-words", TOKEN_SOURCE,
        "    if not is_sendable(token):\n        raise InputError(f\"holds",
        "    if False:\n        raise InputError(f\"holds",
        (of_utils("module_utils/token_source"),),
    ),
    Mutant(
        "null-token-gives-way-to-the-environment", TOKEN_SOURCE,
        "        if values[name] is None:",
        "        if False:",
        (of_utils("module_utils/token_source"),),
    ),
    Mutant("environment-beats-the-task", TOKEN_SOURCE, "    named = explicit or [", "    named = [", (of_utils("module_utils/token_source"),)),
    Mutant("null-counts-as-not-given", GIVEN, "        self.asked = True\n", "        self.asked = False\n", (of_utils("module_utils/given"),)),
    Mutant("named-pipe-waited-for", TOKEN_SOURCE, "        if not stat.S_ISREG(kind):", "        if False:", (of_utils("module_utils/token_source"),)),
    # --- what is selected, and under which name
    Mutant(
        "null-filter-selects-all", ACCOUNT_LIST,
        "        if option in given and params[option] is None:",
        "        if False:",
        (of_utils("module_utils/account_list"),),
    ),
    Mutant(
        "misspelt-value-leaves-accounts-out", ACCOUNT_LIST,
        '    return " and ".join(said) or None',
        "    return None",
        (of_utils("module_utils/account_list"),),
    ),
    Mutant(
        "listed-twice-taken-as-proof", ACCOUNT_LIST,
        '{**differing, "bot_running": None, "no_sessions": False, "running_sessions": None}',
        "differing",
        (of_utils("module_utils/account_list"),),
    ),
    Mutant("host-with-the-id-of-another-account", HOST_NAMES, "not (name in known or name.isdigit())", "True", (of_utils("plugin_utils/host_names"),)),
    Mutant("host-with-a-name-that-is-taken", HOST_NAMES, "name not in taken and (", "(", (of_utils("plugin_utils/host_names"),)),
    # --- a new token
    Mutant(
        "login-carries-the-token", TRANSPORT,
        '_HEADERS if token is None else {**_HEADERS, "Authorization": "Token " + token}',
        '{**_HEADERS, "Authorization": f"Token {token}"}',
        (of_api("client"),),
    ),
    Mutant("login-sent-again-after-401", RETRIES, "frozenset((406, 408, 429))", "frozenset((401, 406, 408, 429))", (of_utils("module_utils/renewal"),)),
    Mutant("lost-refresh-counts-as-unchanged", RENEWAL, "maybe_applied or isinstance(answer, Maybe)", "maybe_applied", (of_utils("module_utils/renewal"),)),
    Mutant("one-refresh-too-many", RENEWAL, "tries > limits.retries:", "tries > limits.retries + 1:", (of_utils("module_utils/renewal"),)),
    Mutant("same-token-counts-as-new", RENEWAL, "        if answer.token == old:", "        if False:", (of_utils("module_utils/renewal"),)),
    Mutant(
        "token-without-expiry-left-to-die", RENEWAL,
        "    return expires is None or",
        "    return expires is not None and",
        (of_utils("module_utils/renewal"),),
    ),
    Mutant("token-that-no-header-holds-taken", PARSING, " or not is_sendable(token)", "", (of_api("parsing"),)),
    Mutant("new-token-mangled", EDGE, " if not any(secret in text for text in returned)}", "}", (TOKEN_TESTS,)),
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
    Mutant("no-warning-before-the-end", TOKEN, "    if rest > _WARNED:", "    if True:", (of_api("token"),)),
    Mutant("warning-of-an-expired-token-says-renew", TOKEN, "    if rest <= timedelta(0):", "    if False:", (of_api("token"),)),
    # --- the module
    Mutant("check-mode-switches", MODULE, " if task.check_mode else run(", " if False else run(", (MODULE_TESTS, "-k", "only_predicts")),
    Mutant("off-dies-with-its-job", EDGE, "    if OFF in states:", "    if False:", (MODULE_TESTS, "-k", "killed")),
    # --- in the controller's own process
    Mutant(
        "signal-leaves-no-line", IN_PROCESS,
        "            if _is_ended(task) or is_orphan():",
        "            if False:",
        (of_utils("plugin_utils/in_process"),),
    ),
    Mutant(
        "signal-swallowed", IN_PROCESS,
        "        if ended_by is not None and _is_ended(task):",
        "        if False:",
        (of_utils("plugin_utils/in_process"),),
    ),
    Mutant("token-not-masked", EDGE, "    mask(task, api_token.secrets_of(value))\n", "", (MODULE_TESTS, "-k", "masks")),
    Mutant(
        "masked-where-core-does-not-look", EDGE,
        "        register_secrets(secrets)\n",
        "        module.no_log_values.update(secrets)\n",
        (of_utils("module_utils/module"),),
    ),
    Mutant("signals-not-caught", MODULE, "    engine.catch_signals()\n", "", (MODULE_TESTS, "-k", "only_predicts")),
    Mutant(
        "fault-of-our-own-not-caught", EDGE,
        "    except Exception as error:",
        "    except KeyboardInterrupt as error:",
        (MODULE_TESTS, "-k", "fault_of_its_own"),
    ),
)
