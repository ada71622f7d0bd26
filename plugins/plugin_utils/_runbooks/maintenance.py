# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What ran before a maintenance: taken from a reading, kept as a JSON file, read back strictly. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Mapping, Sequence

from ...module_utils._api.documents import OFF, RUNNING, STOPPED, is_account_id
from ...module_utils._errors import InputError
from .names import listed

_WAY_OUT = "look what it is, then delete it or name another file with bookie_snapshot_file"


@dataclass(frozen=True)
class Choice:
    """The accounts that a maintenance is for; no ids means all."""

    account_ids: tuple[str, ...]
    all_accounts: bool = False


@dataclass(frozen=True)
class Snapshot:
    """`account_ids` is the choice, or with `all_accounts` what was listed; `ran` are those of them whose bot ran at the time `taken`."""

    all_accounts: bool
    account_ids: tuple[str, ...]
    ran: tuple[str, ...]
    taken: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON and Ansible have it."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


def choose(account_ids: Any, all_accounts: bool) -> Choice:
    """Return the choice of exactly one of the two; raises InputError.

    :param account_ids: a list, a text with commas, or None when it is not given
    """
    if (account_ids is not None) == bool(all_accounts):
        both = "are both given" if all_accounts else "are both missing"
        raise InputError(f"bookie_account_ids and bookie_all_accounts {both}: use exactly one of them. Nothing was sent.")
    if all_accounts:
        return Choice((), True)
    ids = _ids(account_ids)
    if not ids:
        raise InputError("bookie_account_ids is an empty list, which means no account: name at least one. Nothing was sent.")
    for one in ids:
        if not is_account_id(one):
            raise InputError(
                f"bookie_account_ids: {one!r} is no account id: give 1 to 64 letters, digits, '_' or '-', in quotes. Nothing was sent."
            )
    return Choice(tuple(ids))


def _ids(account_ids: Any) -> list[str]:
    try:
        return listed(account_ids, "bookie_account_ids")
    except InputError as error:
        raise InputError(f"{error}. Nothing was sent.") from None


def take(choice: Choice, reading: Sequence[Mapping[str, Any]], taken: str) -> Snapshot:
    """Return the snapshot of a reading; raises InputError when the reading does not tell of each account whether its bot runs.

    :param reading: the `accounts` of bookie_account_info
    :param taken: the time, such as 2026-11-21T03:00:00Z
    """
    statuses = _statuses(reading)
    ids = tuple(statuses) if choice.all_accounts else choice.account_ids
    missing = [one for one in ids if one not in statuses]
    if missing:
        raise InputError(f"not in the list of this token's accounts: {', '.join(missing)}. Take them out of bookie_account_ids. Nothing was sent.")
    unclear = [one for one in ids if statuses[one] not in (RUNNING, STOPPED)]
    if unclear:
        raise InputError(f"the list does not tell whether these bots run: {', '.join(unclear)}. Nothing was sent.")
    return Snapshot(choice.all_accounts, ids, tuple(one for one in ids if statuses[one] == RUNNING), taken)


def _statuses(reading: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """Return the status of each account; one that is listed twice has none."""
    statuses: dict[str, str | None] = {}
    for row in reading:
        statuses[row["account_id"]] = None if row["account_id"] in statuses else row["bot_status"]
    return statuses


def read(text: str, path: str) -> Snapshot:
    """Return the snapshot in a file's text; raises InputError, which names the path."""
    try:
        document = json.loads(text)
    except ValueError:
        raise InputError(f"{path} is no snapshot of a maintenance: {_WAY_OUT}. Nothing was sent.") from None
    if not _is_snapshot(document):
        raise InputError(f"{path} is no snapshot of a maintenance: {_WAY_OUT}. Nothing was sent.")
    return Snapshot(document["all_accounts"], tuple(document["account_ids"]), tuple(document["ran"]), document["taken"])


def _is_snapshot(document: Any) -> bool:
    if not isinstance(document, dict) or set(document) != set(Snapshot.__dataclass_fields__):
        return False
    if not isinstance(document["all_accounts"], bool) or not isinstance(document["taken"], str) or not document["taken"].isprintable():
        return False
    lists = (document["account_ids"], document["ran"])
    if not all(isinstance(ids, list) and all(isinstance(one, str) and is_account_id(one) for one in ids) for ids in lists):
        return False
    return set(document["ran"]) <= set(document["account_ids"])


def require_same(snapshot: Snapshot, choice: Choice, path: str) -> None:
    """Raise InputError when the snapshot is for other accounts than the choice."""
    same_ids = snapshot.all_accounts or set(snapshot.account_ids) == set(choice.account_ids)
    if snapshot.all_accounts != choice.all_accounts or not same_ids:
        raise InputError(
            "{0} is the snapshot of a maintenance of {1}, begun {2} and not ended; this run is for {3}."
            " End that one first (ansible-playbook bookieops.betmatic.maintenance_end), or name another file with bookie_snapshot_file. Nothing was sent.".format(
                path, _named(snapshot.all_accounts, snapshot.account_ids), snapshot.taken, _named(choice.all_accounts, choice.account_ids)
            )
        )


def require_recent(snapshot: Snapshot, now: str, most_hours: float, path: str) -> None:
    """Raise InputError when the snapshot is older: what ran then need not be what is to run now.

    :param now: the time, such as 2026-11-21T03:00:00Z
    """
    try:
        age = _moment(now) - _moment(snapshot.taken)
    except ValueError:
        raise InputError(f"{path} is no snapshot of a maintenance: {_WAY_OUT}. Nothing was sent.") from None
    if age > timedelta(hours=most_hours):
        raise InputError(
            "{0} is the snapshot of a maintenance begun {1} and not ended, more than {2:g} hours ago, when {3} ran. Turn those on with"
            " ansible-playbook bookieops.betmatic.maintenance_end, or delete the file and begin anew, or go on from it with a higher"
            " bookie_snapshot_max_hours. Nothing was sent.".format(path, snapshot.taken, most_hours, ", ".join(snapshot.ran) or "no bots")
        )


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


def _named(all_accounts: bool, ids: Sequence[str]) -> str:
    return "all accounts" if all_accounts else ", ".join(ids)


def notes(snapshot: Snapshot, accounts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line for each account that somebody else seems to have switched, given the `accounts` of bookie_bot."""
    lines = []
    for account in accounts:
        account_id = account["account_id"]
        if account["state"] == OFF and account["changed"] and account_id not in snapshot.ran:
            lines.append(
                "{0}: did not run when the snapshot was taken, and runs or may have run since. It is not turned on at the end:"
                " switch it on by hand if it is to run.".format(account_id)
            )
        elif account["state"] != OFF and account["previous_status"] == RUNNING and not account["changed"]:
            lines.append(f"{account_id}: was on already: somebody else, or an earlier run, had switched it on.")
    return lines
