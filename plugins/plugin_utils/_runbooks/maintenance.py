# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What ran before a maintenance: taken from a reading, kept as a JSON file, read back strictly. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Mapping, Sequence

from ...module_utils._api.documents import OFF, RUNNING, STOPPED, is_account_id
from ...module_utils._errors import NOTHING_SENT, InputError
from ...module_utils._switch.proof import by_id, status_of

_WAY_OUT = "check what it is, then delete it or name another file with bookie_snapshot_file"


@dataclass(frozen=True)
class Choice:
    """The accounts that a maintenance is for; no ids means all."""

    account_ids: tuple[str, ...]
    all_accounts: bool = False


@dataclass(frozen=True)
class Snapshot:
    """`account_ids` is the choice, or with `all_accounts` what was listed; `ran` are those of them whose bot ran at the time `taken`.

    `api_url` is the service that was read; `process` is the run that works with the snapshot, see `processes`.
    """

    all_accounts: bool
    account_ids: tuple[str, ...]
    ran: tuple[str, ...]
    taken: str
    api_url: str | None = None
    process: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON and Ansible have it."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


def take(choice: Choice, reading: Sequence[Mapping[str, Any]], taken: str, api_url: str | None = None, process: str | None = None) -> Snapshot:
    """Return the snapshot of a reading; raises InputError when the reading does not tell of each account whether its bot runs.

    :param reading: the `accounts` of bookie_account_info
    :param taken: the time, such as 2026-11-21T03:00:00Z
    """
    statuses = {account_id: status_of(row) for account_id, row in by_id(reading).items()}
    ids = tuple(statuses) if choice.all_accounts else choice.account_ids
    missing = [one for one in ids if one not in statuses]
    if missing:
        raise InputError(f"not in the list of this token's accounts: {', '.join(missing)}. Take them out of bookie_account_ids. {NOTHING_SENT}")
    unclear = [one for one in ids if statuses[one] not in (RUNNING, STOPPED)]
    if unclear:
        raise InputError(f"the list does not tell whether these bots run: {', '.join(unclear)}. {NOTHING_SENT}")
    return Snapshot(choice.all_accounts, ids, tuple(one for one in ids if statuses[one] == RUNNING), taken, api_url, process)


def read(text: str, path: str) -> Snapshot:
    """Return the snapshot in a file's text; raises InputError, which names the path."""
    try:
        document = json.loads(text)
    except ValueError:
        raise InputError(f"{path} is not a valid snapshot of a maintenance: {_WAY_OUT}. {NOTHING_SENT}") from None
    if not _is_snapshot(document):
        raise InputError(f"{path} is not a valid snapshot of a maintenance: {_WAY_OUT}. {NOTHING_SENT}")
    return from_dict(document)


def from_dict(document: Mapping[str, Any]) -> Snapshot:
    """Return the snapshot that `as_dict` made this of."""
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in document.items()}
    return Snapshot(**fields)


def _is_snapshot(document: Any) -> bool:
    if not isinstance(document, dict) or set(document) != set(Snapshot.__dataclass_fields__):
        return False
    if not isinstance(document["all_accounts"], bool) or not _is_moment(document["taken"]):
        return False
    if not all(document[key] is None or isinstance(document[key], str) and document[key].isprintable() for key in ("api_url", "process")):
        return False
    lists = (document["account_ids"], document["ran"])
    if not all(isinstance(ids, list) and all(isinstance(one, str) and is_account_id(one) for one in ids) for ids in lists):
        return False
    return set(document["ran"]) <= set(document["account_ids"])


def require_same(snapshot: Snapshot, choice: Choice, path: str) -> None:
    """Raise InputError when the snapshot is for other accounts than the choice."""
    same_ids = snapshot.all_accounts or set(snapshot.account_ids) == set(choice.account_ids)
    if snapshot.all_accounts != choice.all_accounts or not same_ids:
        begun, asked = _named(snapshot.all_accounts, snapshot.account_ids), _named(choice.all_accounts, choice.account_ids)
        raise InputError(
            f"{path} is the snapshot of a maintenance of {begun}, begun {snapshot.taken} and not ended; this run is for {asked}."
            f" End that one first (ansible-playbook bookieops.betmatic.maintenance_end), or name another file with bookie_snapshot_file. {NOTHING_SENT}"
        )


def require_service(snapshot: Snapshot, api_url: str | None, path: str) -> None:
    """Raise InputError when the snapshot is of another service than `api_url`."""
    if snapshot.api_url != api_url:
        raise InputError(
            f"{path} is the snapshot of a maintenance at {snapshot.api_url}; this run is for {api_url}."
            f" Set the api_url of that maintenance, or name another file with bookie_snapshot_file. {NOTHING_SENT}"
        )


def require_listed(snapshot: Snapshot, listed: Sequence[str], path: str) -> None:
    """Raise InputError when accounts that ran are not the token's: then what runs now would be switched off and not be turned on."""
    missing = [one for one in snapshot.ran if one not in listed]
    if missing:
        raise InputError(
            f"{path} is the snapshot of a maintenance begun {snapshot.taken}, when {', '.join(missing)} ran, which this token's list does not name."
            f" Use the token of that maintenance, or name another file with bookie_snapshot_file. {NOTHING_SENT}"
        )


def require_ended(snapshot: Snapshot, process: str, still_runs: bool, path: str) -> None:
    """Raise InputError when another run that `still_runs` works with the snapshot: its bots must stay off until it is done."""
    if snapshot.process != process and still_runs:
        raise InputError(
            f"{path} belongs to a maintenance that is under way (host and process {snapshot.process}), begun {snapshot.taken}."
            f" Let it end, or stop it, then run this again. {NOTHING_SENT}"
        )


def require_recent(snapshot: Snapshot, now: str, most_hours: float, path: str) -> None:
    """Raise InputError when the snapshot is older: what ran then need not be what is to run now.

    :param now: the time, such as 2026-11-21T03:00:00Z
    """
    age = _moment(now) - _moment(snapshot.taken)
    if age > timedelta(hours=most_hours):
        ran = ", ".join(snapshot.ran) or "no bots"
        raise InputError(
            f"{path} is the snapshot of a maintenance begun {snapshot.taken} and not ended, more than {most_hours:g} hours ago, when {ran} ran."
            " Turn those on with ansible-playbook bookieops.betmatic.maintenance_end, or delete the file and begin anew, or go on from it with a higher"
            f" bookie_snapshot_max_hours. {NOTHING_SENT}"
        )


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_moment(value))
    except ValueError:
        return False


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
                f"{account_id}: did not run when the snapshot was taken, and runs or may have run since. It is not turned on at the end:"
                " switch it on by hand if it is to run."
            )
        elif account["state"] != OFF and account["previous_status"] == RUNNING and not account["changed"]:
            lines.append(f"{account_id}: was on already: somebody else, or an earlier run, had switched it on.")
    return lines
