# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What bookie_hold decides: which accounts, what is remembered, what stands in the way, and what its task returns. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Mapping, Sequence

from .._api.documents import RUNNING, is_account_id
from .._errors import InputError
from .._parent import ENDED, OWN, UNDER_WAY
from . import decisions
from .records import Hold, Placed, Standing, as_dict, moment

NOT_KNOWN = "It is NOT KNOWN whether the hold stands"
LOOK = "Look with bookieops.betmatic.bookie_hold_info"


def read_scope(account_ids: Sequence[str] | None, all_accounts: bool) -> tuple[str, ...] | None:
    """Return the ids, each once, or None for all accounts; raises InputError unless exactly one selector is used."""
    if (account_ids is not None) == all_accounts:
        both = "are both given" if all_accounts else "are both missing"
        raise InputError(f"account_id and all_accounts {both}: use exactly one of them")
    if account_ids is None:
        return None
    if not account_ids:
        raise InputError("account_id is an empty list, which means no account: name at least one")
    for one in account_ids:
        if not is_account_id(one):
            raise InputError(f"account_id {one!r} is not a valid account id: give 1 to 64 letters, digits, '_' or '-', in quotes")
    return tuple(dict.fromkeys(account_ids))


def what_ran(statuses: Mapping[str, str | None], scope: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return which accounts of the scope run; raises InputError when the list does not tell that of each.

    :param statuses: the list: ids with RUNNING, STOPPED, or None where the row proves neither
    """
    if scope is None and not statuses:
        raise InputError("The list of accounts is empty, so that it does not tell what runs: check that this is the right token. No hold was placed")
    chosen = tuple(statuses) if scope is None else scope
    missing = [one for one in chosen if one not in statuses]
    unclear = [one for one in chosen if one in statuses and statuses[one] is None]
    if missing:
        raise InputError(f"The list of accounts does not name {', '.join(missing)}: check the ids and the token. No hold was placed")
    if unclear:
        raise InputError(f"The list of accounts does not tell whether the bots of {', '.join(unclear)} run: check them in Betmatic. No hold was placed")
    return tuple(one for one in chosen if statuses[one] == RUNNING)


def instead(standing: Standing, wanted: Hold, now: datetime, path: str | None = None) -> Placed | None:
    """Return what is instead of a new hold that remembers: its own, found again. None to place it; raises InputError where another is in the way.

    :param path: the folder, where it is not the one that is used by default
    """
    found = decisions.found_remembering(standing, wanted, now)
    if found is not None:
        return Placed(found, found=True)
    others = decisions.in_the_way(standing, wanted, now)
    if others:
        id_option = f" -e bookie_hold_id={others[0].id}" if others[0].id else ""
        raise InputError(
            f"Another hold remembers what ran, or cannot be read: {decisions.words(others[0])}. End that maintenance first"
            f" (ansible-playbook bookieops.betmatic.maintenance_end{id_option}). {decisions.way_out(others[0], path)} No hold was placed"
        )
    return None


def require_free(hold: Hold, run_state: str, named: str | None) -> None:
    """Raise InputError unless this run may go on from a hold that remembers: its own, or a named one whose run has surely ended.

    Somebody may work by hand under a hold whose run has ended, as after maintenance_begin: only a person can tell that from an interruption.

    :param run_state: what is known of the run that worked under it, as in `_parent`
    :param named: the id of the hold that the operator wants to go on from, None where none is named
    """
    if run_state == OWN or (run_state == ENDED and hold.id == named):
        return
    end = f"ansible-playbook bookieops.betmatic.maintenance_end -e bookie_hold_id={hold.id}"
    if run_state == UNDER_WAY:
        what, out = "is at work under it", "Let it end, or stop it, then run this again"
    elif run_state == ENDED:
        what = "has ended, so that somebody may work by hand under it, or it was interrupted"
        out = f"To end it: {end}. To go on from it, if it was interrupted: this command again, with -e bookie_hold_id={hold.id}"
    else:
        what, out = "began on another machine, or cannot be seen from here", f"Once it has ended, run {end}, then run this again"
    raise InputError(
        f"The hold {hold.id} remembers what ran when {hold.placed_by} on {hold.host} placed it at {hold.placed_at},"
        f" and the run that placed it or went on from it {what}. {out}. No hold was placed"
    )


def to_end(standing: Standing, hold_id: str) -> Hold:
    """Return the hold that remembers what ran, by its id; raises InputError where there is none."""
    for hold in standing.holds:
        if hold.id == hold_id and hold.ran is not None:
            return hold
    stands = ", ".join(hold.id for hold in standing.holds if hold.ran is not None) or "none"
    raise InputError(f"There is no hold {hold_id} that remembers what ran. Such holds that stand: {stands}")


def require_nobody_at_work(hold: Hold, run_state: str) -> None:
    """Raise InputError where another run is at work under the hold that is to be ended; one of another machine cannot be seen."""
    if run_state == UNDER_WAY:
        raise InputError(f"The hold {hold.id} is of a maintenance that is at work. Let it end, or stop it, then run this again")


def result_of_placing(placed: Placed, check_mode: bool, under_way: str | None = None, path: str | None = None) -> dict[str, Any]:
    """Return the result of `present`.

    :param under_way: why it is not known that no ON is under way any more; None when it is
    :param path: the folder, where it is not the one that is used by default
    """
    hold, changed = placed.hold, not placed.found
    if hold is None and not placed.known:
        return result(f"{NOT_KNOWN}: {placed.why}. {LOOK}, then run the task again.", changed=True, failed=True)
    if hold is None:
        return result(f"NO HOLD stands: {placed.why}. Fix the folder (holds_path), then run the task again.", failed=True)
    if under_way is not None:
        msg = f"The hold {hold.id} stands, but {under_way}: a bot may still start. Run the task again before you rely on it."
        return result(msg, hold, changed, failed=True)
    if placed.found:
        stands = f"The hold {hold.id} ({hold.name}) has been in place over {over(hold)} since {hold.placed_at}: no new one was placed."
        return result(f"{stands} {decisions.way_out(hold, path)}", hold)
    if check_mode:
        return result(f"Would place a hold {hold.name} over {over(hold)}.", replace(hold, id=""), True)
    return result(f"The hold {hold.id} ({hold.name}) stands over {over(hold)}. {decisions.way_out(hold, path)}", hold, True)


def result_of_lifting(hold_id: str, hold: Hold | None, check_mode: bool) -> dict[str, Any]:
    """Return the result of `absent` for a hold that stood; `hold` is None when its file could not be read."""
    verb = "Would lift" if check_mode else "Lifted"
    words = f" ({hold.name}, over {over(hold)})" if hold else ", a file that could not be read"
    return dict(result(f"{verb} the hold {hold_id}{words}. No bot was started.", hold, True, lifted=True), hold_id=hold_id)


def result_of_unknown_lifting(hold_id: str, why: str) -> dict[str, Any]:
    """Return the result of `absent` where nobody knows whether the hold was lifted."""
    return dict(result(f"{NOT_KNOWN} or was lifted: {hold_id} ({why}). {LOOK}.", changed=True, failed=True), hold_id=hold_id)


def result(msg: str, hold: Hold | None = None, changed: bool = False, failed: bool = False, lifted: bool = False) -> dict[str, Any]:
    """Return a result in the shape that bookie_hold always has."""
    line = f"{hold.name}: {over(hold)}{' until ' + hold.until if hold.until else ''}\n" if hold and changed else ""
    document = None if hold is None else dict(as_dict(hold), id=hold.id or None)
    return {
        "changed": changed,
        "failed": failed,
        "msg": msg,
        "hold": document,
        "hold_id": document["id"] if document else None,
        "diff": {"before": line if lifted else "", "after": "" if lifted else line},
    }


def over(hold: Hold) -> str:
    """Say which accounts the hold is over."""
    return f"all accounts of {hold.api_url}" if hold.scope is None else f"{', '.join(hold.scope)} of {hold.api_url}"


def summary(
    standing: Standing,
    now: datetime,
    api_url: str | None = None,
    runs: Mapping[str, str] = MappingProxyType({}),
    here: tuple[str, str] | None = None,
    path: str | None = None,
) -> dict[str, Any]:
    """Return the result of bookie_hold_info.

    :param api_url: the service of the task, None where it cannot be used
    :param runs: of holds that remember, by id: what is known of the run that works under them
    :param here: this user and this machine, as a hold has them
    :param path: the folder, where it is not the one that is used by default
    """
    sentences = [f"{decisions.words(one)[:1].upper()}{decisions.words(one)[1:]}. {decisions.way_out(one, path)}" for one in standing.broken]
    held = [hold for hold in standing.holds if not decisions.has_ended(hold, now)]
    sentences.append(f"{len(held)} hold{' stands' if len(held) == 1 else 's stand'}." if held or not standing.broken else "")
    old = decisions.forgotten(replace(standing, holds=tuple(held)), now)
    if old:
        sentences.append(f"Older than a day: {'; '.join(f'{one.id} ({one.name}, {over(one)}, placed by {one.placed_by} on {one.host})' for one in old)}.")
    return {
        "changed": False,
        "failed": False,
        "msg": " ".join(filter(None, sentences)),
        "holds": [dict(_listed(hold, now, api_url, runs.get(hold.id)), mine=(hold.placed_by, hold.host) == here) for hold in standing.holds],
        "broken": [decisions.document(one) for one in standing.broken],
    }


def _listed(hold: Hold, now: datetime, api_url: str | None, run: str | None) -> dict[str, Any]:
    here = api_url is not None and decisions.service(hold.api_url) == decisions.service(api_url)
    minutes = int((now - moment(hold.placed_at)).total_seconds() // 60)
    return dict(as_dict(hold), ended=decisions.has_ended(hold, now), here=here, age_minutes=minutes, run=run)
