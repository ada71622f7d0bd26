# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A case: what is asked for, what goes wrong, and what the result, the server and the bots must show."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# The last one: of a module that is shipped, from ansible-core 2.22 on.
CORE_KEYS = frozenset(("exception", "warnings", "deprecations", "invocation", "ansible_parsed"))
RESULT_KEYS = frozenset(("changed", "failed", "msg", "accounts", "summary", "reason", "token_expires", "api_url", "holds", "hold_id", "check_mode"))
ACCOUNT_KEYS = frozenset(
    "account_id display_name state outcome changed failed previous_status bot_status message http_status attempts session_info timestamp verdict held".split()
)
OUTCOMES = ("ok", "pending", "rejected", "held", "would_send", "not_sent", "not_attempted", "unknown")
SUMMARY_KEYS = frozenset(("total", "changed", "unlisted", *OUTCOMES))
# What the service may read in a body, to the byte.
BODIES = frozenset('{"command": "%s"}' % command for command in ("ON", "OFF", "all_on", "all_off"))


@dataclass(frozen=True)
class Case:
    """One row of the acceptance table.

    `options`: the module's options as in a playbook, in one line; `api_url` and `api_token` come as defaults.
    `wire`: every request in order, as in "all_off, list, OFF 124 x2"; within one kind the accounts come in any order,
    "list+" is one or more, None is not looked at.
    `accounts`: an outcome for each account, in order, and "changed" behind it. The task is changed if one of them is, and
    failed as safety.md says for its outcome, unless the case says otherwise.
    `fleet`: bots that are not STOPPED, by id, or a tuple of accounts in place of the usual three.
    `bots`: what the bots truly are at the end. `fields`: further values of accounts by id.
    """

    section: str
    name: str
    options: str
    wire: str | None
    accounts: Mapping[str, str]
    faults: tuple = ()
    fleet: Mapping[str, str] | tuple = field(default_factory=dict)
    simulator: Mapping[str, object] = field(default_factory=dict)
    changed: bool | None = None
    failed: bool | None = None
    msg: tuple = ()
    previous: Mapping[str, str | None] = field(default_factory=dict)
    bots: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Mapping] = field(default_factory=dict)
    summary: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    token_expires: str | None = "2100-01-01T00:00:00Z"
    diff: tuple | None = None
    check: bool = False
    # Refused before the module's own code runs: the result is core's, with a message alone.
    by_core: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    # Which module_defaults hold api_url and api_token, None for none.
    defaults: str | None = "bookieops.betmatic.bookie_bot"
    # What a proxy was asked for: None when there is none.
    proxied: tuple | None = None
    most_at_once: int | None = None
    most_connections: int | None = None
    most_megabytes: int | None = None
    # The signal, and how many commands the server has seen when the module gets it.
    signal: tuple | None = None
    also: Callable | None = None

    @property
    def id(self):
        return f"{self.section}-{self.name}"

    @property
    def is_silent(self):
        """Whether the server must see nothing, and is as freshly started."""
        return self.wire == "" and not (self.faults or self.fleet or self.simulator)

    @property
    def surroundings(self):
        """What is not said in its task: cases with the same may share a playbook."""
        alone = self.id if self.signal or self.proxied is not None else None
        return repr((alone, self.is_silent, self.environment, self.files, self.defaults, self.most_megabytes))

    @property
    def is_changed(self):
        return any(self.wants_change(text) for text in self.accounts.values()) if self.changed is None else self.changed

    @property
    def is_failed(self):
        good = ("ok", "pending", "would_send")
        return any(text.split()[0] not in good for text in self.accounts.values()) if self.failed is None else self.failed

    @staticmethod
    def wants_change(text):
        return text.endswith(" changed")


@dataclass(frozen=True)
class Variant:
    """One account of many in one task, and what goes wrong for it alone.

    `fault`: a function of the account's id. `sent`: its commands. `stopped`: whether its bot is STOPPED in the end.
    """

    section: str
    name: str
    fault: Callable
    outcome: str
    sent: int
    fields: Mapping = field(default_factory=dict)
    stopped: bool | None = None

    @property
    def id(self):
        return f"{self.section}-{self.name}"


def fleet(count, bot="STOPPED"):
    """As many accounts from 1001 on, all bots in one state."""
    return tuple({"id": 1001 + number, "display_name": f"Account {number + 1}", "bot": bot} for number in range(count))


def ids(count):
    """Their ids as a list in YAML."""
    return "[" + ", ".join(f"'{1001 + number}'" for number in range(count)) + "]"


def all_of(count, text, first=1001):
    """The same expectation for each of them."""
    return {str(first + number): text for number in range(count)}


def on_the_wire(log):
    """Every request in a word or two, in order, accounts sorted within one kind."""
    words = [_word(entry) for entry in log]
    return _sorted_within_kinds(words)


def _word(entry):
    if entry["endpoint"] == "control_one":
        return f"{entry['command']} {entry['account_id']}"
    return {"control_all": entry["command"], "list": "list"}.get(entry["endpoint"]) or f"{entry['method']} {entry['path']}"


def _sorted_within_kinds(words):
    kinds = []
    for word in words:
        kind = word.split()[0]
        if not kinds or kinds[-1][0] != kind:
            kinds.append((kind, []))
        kinds[-1][1].append(word)
    return [word for _kind, same in kinds for word in sorted(same)]


def expected_on_the_wire(text):
    """The words of a case, with "x3" written out."""
    words = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        times = re.fullmatch(r"(.+) x(\d+)", part)
        words += [times[1]] * int(times[2]) if times else [part]
    return _sorted_within_kinds(words)


def fits(seen, text):
    """Whether the server saw what the case says."""
    wanted = expected_on_the_wire(text)
    if "list+" not in wanted:
        return seen == wanted
    pattern = "".join("(list,)+" if word == "list+" else re.escape(word) + "," for word in wanted)
    return re.fullmatch(pattern, "".join(word + "," for word in seen)) is not None
