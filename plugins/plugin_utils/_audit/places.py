# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which account a line is about: an id tells only together with the service, and with whose token it was.

What a line leaves open may be anything: it is a reason for doubt, and never one for certainty.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple
from urllib.parse import urlsplit

from ...module_utils._api.url import LOOPBACK
from .trail import Entry


class Place(NamedTuple):
    """Service, fingerprint of the token's account, and id; the first two are empty where they are not known."""

    api_url: str
    token_account: str
    account_id: str


def place_of(entry: Entry, account_id: str | None = None) -> Place:
    """Return what a line says of its account, or of another one that it names."""
    return Place(entry.api_url, entry.token_account, entry.account_id or "" if account_id is None else account_id)


def may_be_one(one: Place, other: Place) -> bool:
    """Tell whether two may be of one service and token, as far as both say."""
    return all(a == b or not a or not b for a, b in ((one.api_url, other.api_url), (one.token_account, other.token_account)))


def only_real(services: Iterable[str]) -> str | None:
    """Return the one service that is not on this machine, as a simulator is; None where there are several or none."""
    real = [url for url in services if not _is_local(url)]
    return real[0] if len(real) == 1 else None


def _is_local(url: str) -> bool:
    try:
        return urlsplit(url).hostname in LOOPBACK
    except ValueError:
        return False


class Tokens:
    """Whose tokens the lines of each account name. A line that does not say counts for the only one that others name, where there is but one."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._named: dict[tuple[str, str], set[str]] = {}
        for place in places:
            if place.token_account:
                self._named.setdefault((place.api_url, place.account_id), set()).add(place.token_account)

    def resolve(self, place: Place) -> Place:
        """Return the place with the token that it must have; one of several is not known."""
        named = self._named.get((place.api_url, place.account_id), ())
        return place if place.token_account or len(named) != 1 else place._replace(token_account=next(iter(named)))

    def are_several(self, place: Place) -> bool:
        """Tell whether accounts of this service and id have to be told apart by the token."""
        return len(self._named.get((place.api_url, place.account_id), ())) > 1
