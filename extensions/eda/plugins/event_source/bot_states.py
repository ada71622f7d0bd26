# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the list of accounts again and again, and puts an event on the queue for each change."""

from __future__ import annotations

import asyncio
import pathlib
import sys
import threading
import time
from typing import Any, Callable, Mapping

import ansible.constants as C
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

DOCUMENTATION = r"""
---
short_description: Events when Betmatic bots start, stop or drift
description:
  - Reads the list of accounts (C(GET /bookieaccount/)) every O(interval) seconds and tells what has changed since. Sends no command.
  - The list cannot tell a bot that is starting from one that is stopped. V(stopped) says what the list shows, and V(started) comes when the start is over.
  - A bot that starts and stops before the list is read again is not seen.
  - The list is not on the vendor's pages of the control API, and a token may have none. Then V(unreadable) is the only event.
  - A token that is missing, or that the service refuses (401), ends the source at its start, as does, with O(holds_required), a folder of the holds that
    is named and missing. Later each is V(unreadable), and the source goes on.
  - Each event has all of these keys. C(change), what happened. C(msg), a sentence for people. C(account_id), C(display_name), C(bookie), null for
    the list itself. C(bot_status) and C(previous_status), V(RUNNING), V(STOPPED), or null where the list does not tell. C(state), the declared state or null.
    C(cause), of V(unreadable) alone, V(token) (it cannot be used), V(no_list) (the token has no list), V(service) (anything else),
    or V(holds) (with O(holds_required), the folder of the holds that is named is missing).
  - C(held) tells whether a hold keeps the account's bot off (M(bookieops.betmatic.bookie_hold)), null for the list itself. What cannot be read in
    O(holds_path) holds every account. A maintenance does not hold the accounts that it is to turn on again.
  - C(change) is V(started), V(stopped) or V(unclear) (the list no longer tells); V(appeared) or V(disappeared) (in the list);
    V(drifted) or V(as_declared) (against O(fleet_file)); V(unreadable) or V(readable) (the list itself).
  - The first list tells what drifted, what is unclear, and which held bots run or may run, V(runs_though_held) and V(unclear_though_held), as do
    later ones where the hold is new. There is nothing to compare the rest with.
  - A bot whose start under a hold was told is told again, V(not_off_though_held), every O(not_off_interval) seconds until the list shows it stopped
    or its hold is gone. It may have been switched off and started again between two lists.
  - While the list is unreadable nothing is known. V(unreadable) comes at once, when the reason changes, and every five minutes. Changes in the meantime
    are told afterwards.
  - Texts of the service are made plain as by the event filter C(bookieops.betmatic.plain_text).
options:
  interval:
    description: How often the list is read, in seconds.
    type: float
    default: 30.0
  not_off_interval:
    description: Seconds after which a bot that started under a hold, and has not been seen stopped since, is told again. The list that is read then tells it.
    type: float
    default: 30.0
  fleet_file:
    description:
      - A YAML file with the declared states, read at the start. C(accounts) is a list with C(account_id), C(state) (V(on) or V(off)), and
        C(display_name) where the account must have that name. It is read as the role C(drift) reads it. Every value is the text that stands there.
      - An account that differs from it is V(drifted), once for each way in which it differs, and V(as_declared) when it is back.
        An account that is declared but not in the list is V(drifted).
    type: path
  api_token:
    description:
      - The API token. If neither this nor O(api_token_file) is set, E(BETMATIC_API_TOKEN) or E(BETMATIC_API_TOKEN_FILE) of ansible-rulebook's environment
        is used, which keeps it out of the rulebook.
      - It counts until ansible-rulebook ends. Use O(api_token_file), so that a renewed token is taken up.
    type: str
  api_token_file:
    description:
      - A file with the API token, used in place of O(api_token). Give its full path.
      - It holds the token alone, or settings with one line C(BETMATIC_API_TOKEN=...). It is read again for each request, and once more after a 401.
    type: path
  api_url:
    description: Base URL of the API, C(https). If not set, the environment variable E(BETMATIC_API_URL) is used.
    type: str
    default: https://betmatic.app/api
  timeout:
    description: Seconds for one request. If not set, the environment variable E(BETMATIC_TIMEOUT) is used. One that fails is repeated after O(interval).
    type: float
    default: 10.0
  validate_certs:
    description: Whether the certificate of the service must be valid.
    type: bool
    default: true
  ca_path:
    description: File or folder of CA certificates to trust in place of the usual ones.
    type: path
  holds_path:
    description:
      - The folder of the holds. If not set, or empty, the environment variable E(BETMATIC_HOLDS) is used.
    type: path
    default: ~/.local/state/bookieops/holds
  holds_required:
    description:
      - Whether a folder that O(holds_path) or E(BETMATIC_HOLDS) names must be there, for rulebooks that act on C(held). Where its storage is not mounted, no
        hold is seen, and no bot would seem to be held.
    type: bool
    default: false
requirements:
  - ansible-core >= 2.16 and requests >= 2.32.4, for the Python that runs ansible-rulebook
"""

EXAMPLES = r"""
- bookieops.betmatic.bot_states:
    interval: 15
    fleet_file: fleet.yml
"""

try:
    import ansible_collections.bookieops.betmatic  # noqa: F401  # pylint: disable=unused-import
except ImportError:
    # ansible-rulebook runs this file alone, and knows no collections. Ansible's own finder would keep it from loading what follows.
    _around = [str(folder.parent) for folder in pathlib.Path(__file__).resolve().parents if folder.name == "ansible_collections"]
    sys.path += _around + [folder for folder in C.COLLECTIONS_PATHS if folder not in _around]

from ansible_collections.bookieops.betmatic.extensions.eda.plugins.event_filter import plain_text
from ansible_collections.bookieops.betmatic.plugins.module_utils import _arguments, _given, _token_source
from ansible_collections.bookieops.betmatic.plugins.module_utils._account_list import why_no_list
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.client import Client
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import AccountList
from ansible_collections.bookieops.betmatic.plugins.module_utils._api.transport import REQUESTS_IMPORT_ERROR
from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import decisions, folder, trial
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds.missing import WAY_OUT
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch import report
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Target
from ansible_collections.bookieops.betmatic.plugins.plugin_utils import _changes
from ansible_collections.bookieops.betmatic.plugins.plugin_utils._runbooks import fleet

# Seconds after which it is told again that the list cannot be read: silence would pass for calm.
REMIND = 300.0


class Service:
    """The list of the service, with the token as it is at each look."""

    def __init__(self, options: Mapping[str, Any], source: _token_source.TokenSource) -> None:
        self._rest = (_arguments.read_url(options), options["validate_certs"], _arguments.read_ca_path(options))
        self._seconds, self._holds_path, self._holds_required = options["timeout"], options["holds_path"], options["holds_required"]
        self._source = source
        self._token = ""
        self._client: Any = None
        self._renew()

    def look(self) -> tuple[Any, frozenset[str]]:
        """Return the service's answer to the list and the listed accounts whose bots a hold keeps off.

        In place of the answer NoToken where no token can be read, and NoHolds in place of a list where a folder that is required is missing.
        """
        answer = self._answer()
        if not isinstance(answer, AccountList):
            return answer, frozenset()
        why = why_no_holds(self._holds_path) if self._holds_required else None
        if why is not None:
            return _changes.NoHolds(why), frozenset()
        # After the list: a hold that was lifted before a bot started stands no more.
        standing, now, url = folder.read_in_time(self._holds_path), folder.now(), self._rest[0]
        return answer, frozenset(row.account_id for row in answer.rows if decisions.guards(standing, url, row.account_id, now))

    def _answer(self) -> Any:
        """Return the service's answer. A token that was renewed meanwhile is tried at once."""
        try:
            self._renew()
            answer = self._client.list_accounts(self._seconds)
            if _changes.refuses_token(answer) and self._renew():
                answer = self._client.list_accounts(self._seconds)
        except InputError as error:
            return _changes.NoToken(str(error))
        return answer

    def _renew(self) -> bool:
        """Read the token, and tell whether it is a new one; raises InputError."""
        token = self._source.read()
        if token == self._token:
            return False
        url, validate_certs, ca_path = self._rest
        if self._client is not None:
            self._client.close()
        self._token, self._client = token, Client(url, token, validate_certs, ca_path)
        return True


async def main(queue: Any, args: dict[str, Any]) -> None:
    """Put an event on the queue for each change, until cancelled; raises InputError for options that cannot be used."""
    options, source = read_options(args)
    declared = read_fleet(options["fleet_file"]) if options["fleet_file"] is not None else ()
    why = why_no_holds(options["holds_path"]) if options["holds_required"] else None
    if why is not None:
        raise InputError(f"bot_states: {why}")
    service, known, again = Service(options, source), None, _changes.Again(REMIND, options["not_off_interval"])
    while True:
        answer, held = await _in_thread(service.look)
        if known is None and _changes.refuses_token(answer):
            raise InputError(f"bot_states: {why_no_list(answer)}")
        before = known or _changes.Known()
        known = _changes.after_look(before, answer, time.monotonic(), again, held)
        for change in _changes.changes(before, known, declared):
            await queue.put(plain_text.main(change.as_event()))
        await asyncio.sleep(options["interval"])


def read_options(args: Mapping[str, Any]) -> tuple[dict[str, Any], _token_source.TokenSource]:
    """Return the options with their types, defaults and environment, and where the token comes from; raises InputError."""
    if REQUESTS_IMPORT_ERROR:
        raise InputError("bot_states needs the Python library requests: install it for the Python that runs ansible-rulebook")
    spec = _arguments.connection_spec()
    # A reading that fails is an event, and the next one comes by itself.
    del spec["retries"]
    seconds = {"type": "float", "default": 30.0}
    spec.update(interval=seconds, not_off_interval=seconds, fleet_file={"type": "path"}, holds_required={"type": "bool", "default": False})
    given = {name: value for name, value in args.items() if name != "eda_feedback_queue" and (name, value) != ("holds_path", "")}
    result = ArgumentSpecValidator(spec).validate(given)
    if result.error_messages:
        raise InputError(f"bot_states: {'; '.join(result.error_messages)}")
    options = result.validated_parameters
    for name in ("interval", "not_off_interval", "timeout"):
        _arguments.read_seconds(options, name)
    return options, _token_source.choose(options, _given.given(spec, options))


def why_no_holds(path: str) -> str | None:
    """Say why no hold would be seen: the folder that is named is missing, as where its storage is not mounted. None where it is there."""
    if _arguments.is_a_default_holds_path(path) or not trial.is_missing(path):
        return None
    return f"holds_path {path} is missing, or an ON made it, so that no hold is seen: {WAY_OUT}."


def read_fleet(path: str) -> tuple[Target, ...]:
    """Return the declared states of a file; raises InputError."""
    name = f"fleet_file {path!r}"
    try:
        with open(path, encoding="utf-8") as file:
            return tuple(Target(**account) for account in fleet.read(file.read()))
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}") from None
    except InputError as error:
        raise InputError(f"{name} {error}") from None
    except UnicodeDecodeError:
        raise InputError(f"{name} is not UTF-8 text") from None


async def _in_thread(work: Callable[[], Any]) -> Any:
    """Do blocking work in a daemon thread, so that a service that hangs does not keep the process from ending."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def settle(set_it: Callable[[Any], None], value: Any) -> None:
        if not done.done():
            set_it(value)

    def run() -> None:
        try:
            outcome = (done.set_result, work())
        except Exception as error:  # pylint: disable=broad-except
            # Its own text could hold the token.
            outcome = (done.set_exception, RuntimeError(report.fault(error)))
        try:
            loop.call_soon_threadsafe(settle, *outcome)
        except RuntimeError:
            # The loop has ended meanwhile, and nobody waits.
            pass

    threading.Thread(target=run, daemon=True).start()
    return await done
