# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What readings of the list say of service, token, list, clock, certificate and speed. Pure."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import Sequence
from urllib.parse import urlsplit

from .._api import token as api_token
from .._api.documents import AccountList, Maybe, Refusal
from .._api.inspection import Answer, Exchange
from .._api.url import DEFAULT_URL, LOOPBACK
from .findings import OK, STOP, WARNING, Finding

# Seconds that the clocks may be apart, and that a reading may take.
_CLOCKS = 60.0
_SLOW = 2.0
_DAY = 86400.0
_CERTIFICATE_DAYS = 14
# Refusals after which an OFF is sent again at once.
_PASSING = (406, 408)
_LOG_IN = "log in again with bookieops.betmatic.bookie_token"
_BEFORE_IT = "check api_url, and what stands before the service"
_WAYS_OUT = {
    "the server's certificate is not valid for this host": "check ca_path, a proxy that opens TLS, and this machine's clock",
    "the host name is not known": "check api_url and the name servers",
    "the connection was refused": "check api_url, its port and the firewall",
    "the proxy did not connect": "check HTTPS_PROXY and NO_PROXY",
}


def deciding(exchanges: Sequence[Exchange]) -> Exchange:
    """Return the reading that counts: the first that gave a list, else the last one."""
    lists = [one for one in exchanges if isinstance(one.answer, AccountList)]
    return lists[0] if lists else exchanges[-1]


def goes_on(exchange: Exchange) -> bool:
    """Tell whether another reading may tell more: most refusals stay, and a service that limits its rate is left alone."""
    return not isinstance(exchange.answer, Refusal) or exchange.answer.http_status in _PASSING


def of_service(url: str, answer: Answer, document: str = "array") -> Finding:
    """Say whether the service can be reached, and whether it is in service; `document`: what the contract calls the answer's body."""
    status = status_of(answer)
    if status is None:
        reason = getattr(answer, "reason", "no answer")
        way_out = _WAYS_OUT.get(reason, "check api_url, network, proxy and firewall")
        return Finding(STOP, "service", f"{url} was not reached: {reason}; {way_out}.")
    if status >= 500:
        return Finding(STOP, "service", f"{url} answers {status}: it is out of service, or a gateway before it is. Ask Betmatic.")
    if 300 <= status < 400:
        return Finding(STOP, "service", f"{url} redirects ({status}), which is never followed: set api_url to the API's own address.")
    if status == 404 and url != DEFAULT_URL:
        return Finding(
            STOP, "service", f"{url} has no list of accounts (404), so that it may be another service: check api_url; the usual one is"
            f" {DEFAULT_URL}.",
        )
    if status == 429:
        return Finding(WARNING, "service", f"{url} limits the rate (429): something sends it many requests. Find out what, then run this again.")
    if status not in (200, 401, 403, 404):
        return Finding(STOP, "service", f"{url} refuses to give the list ({status}): check api_url and the network.")
    if status == 200 and document != "array":
        return Finding(STOP, "service", f"{url} answers with {_told(document)} in place of the list: {_BEFORE_IT}.")
    if status == 403 and document == "not JSON":
        return Finding(STOP, "service", f"{url} refuses with a page that is not the service's (403, not JSON), such as a firewall's: {_BEFORE_IT}.")
    if urlsplit(url).hostname in LOOPBACK:
        return Finding(WARNING, "service", f"{url} is on this machine: a simulator, not the bots of Betmatic. Unset BETMATIC_API_URL for the real service.")
    return Finding(OK, "service", f"{url} answers.")


def _told(document: str) -> str:
    if document == "not JSON":
        return "what is not JSON, such as a login page,"
    return "nothing that can be read" if document == "none" else f"JSON that is not a list ({document})"


def of_token(expires: str | None, account: str | None, answer: Answer, now: float, others: Sequence[Answer] = ()) -> Finding:
    """Say whether the token is valid, for how long, and whose it is; `now` in seconds since 1970.

    :param others: what the other readings were answered
    """
    whose = f", account {account}" if account else ""
    if status_of(answer) == 401:
        ends = f", its expiry: {expires}" if expires else ""
        return Finding(STOP, "token", f"the service refuses it (401){whose}{ends}: {_LOG_IN}, or take another token.")
    if 401 in map(status_of, others):
        return Finding(STOP, "token", f"the service took it, and refused it a moment later (401){whose}: {_LOG_IN}. One such answer ends an emergency stop.")
    if expires is None:
        return Finding(WARNING, "token", f"it does not say when it expires{whose}: note when it was made; tokens live 60 days.")
    rest = api_token.left(expires, now)
    if rest <= timedelta(0):
        if isinstance(answer, AccountList):
            return Finding(
                WARNING, "token", f"it expired on {expires} by this machine's clock, and the service takes it{whose}: check the clock, or"
                f" {_LOG_IN}.",
            )
        return Finding(STOP, "token", f"it expired on {expires} by this machine's clock{whose}: {_LOG_IN}.")
    if rest < timedelta(days=1):
        return Finding(STOP, "token", f"it ends in {_hours(rest)}, on {expires}{whose}, and no emergency stop works after that: refresh it now with"
                       " bookieops.betmatic.bookie_token.")
    if not isinstance(answer, AccountList):
        return Finding(WARNING, "token", f"it lives until {expires}{whose}, and the service has not said whether it takes it.")
    if api_token.warning(expires, now) is not None:
        return Finding(WARNING, "token", f"it expires on {expires}, {api_token.days(rest.days)} left{whose}: renew it with bookieops.betmatic.bookie_token.")
    return Finding(OK, "token", f"valid until {expires}, {api_token.days(rest.days)} left{whose}.")


def of_list(answer: Answer, url: str, unclear: Sequence[str], twice: Sequence[str]) -> Finding:
    """Say whether the list can be read, how many accounts it has, and what it leaves unproven.

    :param unclear: ids of which it proves neither that the bot runs nor that it is off
    :param twice: ids that are listed twice
    """
    if not isinstance(answer, AccountList):
        return _of_no_list(answer, url)
    count = len({row.account_id for row in answer.rows})
    if not count:
        return Finding(STOP, "list", "it names no account, so that there is nothing to stop: check whose token this is.")
    told = f"{count} account{'' if count == 1 else 's'}"
    if twice:
        return Finding(WARNING, "list", f"{told}; listed twice, which proves nothing of them: {_named(twice)}. Ask Betmatic.")
    if unclear:
        return Finding(WARNING, "list", f"{told}; it proves neither on nor off for {_named(unclear)}: check them in Betmatic.")
    return Finding(OK, "list", f"{told}, each proven on or off.")


def _of_no_list(answer: Answer, url: str) -> Finding:
    status = status_of(answer)
    without = "Without it nothing is read back: name all accounts in bookie_known_accounts, so that the emergency stop reaches each."
    if isinstance(answer, Refusal) and (status == 403 or (status == 404 and url == DEFAULT_URL)):
        return Finding(WARNING, "list", f"the service has none for this token ({status}). {without}")
    if isinstance(answer, Maybe) and status == 200:
        return Finding(WARNING, "list", f"{answer.reason}. {without} Write bookie_contract_file and attach it to an issue.")
    return Finding(WARNING, "list", "it was not read, so that nothing is known of the accounts.")


def of_clock(ahead: float | None) -> Finding:
    """Say how far this machine's clock is from the service's; `ahead`: seconds that the service's is ahead."""
    if ahead is None:
        return Finding(WARNING, "clock", "not compared: the service tells no time.")
    if abs(ahead) > _CLOCKS:
        which = "behind" if ahead > 0 else "ahead of"
        return Finding(WARNING, "clock", f"this machine is {abs(ahead):.0f} s {which} the service: set its clock, or the ends of tokens and holds are wrong.")
    return Finding(OK, "clock", f"within {max(1, math.ceil(abs(ahead)))} s of the service's.")


def of_certificate(url: str, validated: bool, ends: float | None, now: float) -> Finding:
    """Say how long the service's certificate is valid; times in seconds since 1970."""
    if urlsplit(url).scheme != "https":
        return Finding(OK, "certificate", "none is needed: http on this machine.")
    if not validated:
        return Finding(WARNING, "certificate", "it is not checked, so that anybody in between gets the token: set validate_certs to true.")
    if ends is None:
        return Finding(WARNING, "certificate", "its end could not be read.")
    days, day = int((ends - now) // _DAY), datetime.fromtimestamp(ends, timezone.utc).strftime("%Y-%m-%d")
    if days < _CERTIFICATE_DAYS:
        return Finding(WARNING, "certificate", f"it ends on {day}, {api_token.days(days)} left: ask Betmatic, or who runs the proxy, when it is renewed.")
    return Finding(OK, "certificate", f"valid until {day}, {api_token.days(days)} left.")


def of_latency(exchanges: Sequence[Exchange], timeout: float) -> Finding:
    """Say how quickly the list is read, and how often it was not; `timeout`: seconds that an attempt may take."""
    lists = [one.seconds for one in exchanges if isinstance(one.answer, AccountList)]
    lost = [one.answer for one in exchanges if not isinstance(one.answer, AccountList)]
    if not lists:
        return Finding(WARNING, "latency", "not measured: the list was not read.")
    told = f"{len(lists)} reading{'' if len(lists) == 1 else 's'} of the list took {', '.join(f'{one * 1000:.0f}' for one in lists)} ms"
    if lost:
        return Finding(WARNING, "latency", f"{told}, and {len(lost)} of {len(exchanges)} failed ({_reasons(lost)}): check the network, and the proxy.")
    if max(lists) > min(_SLOW, timeout / 2):
        return Finding(WARNING, "latency", f"{told}, with a timeout of {timeout:g} s: check the network, or give more time.")
    return Finding(OK, "latency", f"{told}.")


def status_of(answer: Answer) -> int | None:
    """Return the HTTP status that came, None where none did."""
    return 200 if isinstance(answer, AccountList) else getattr(answer, "http_status", None)


def _reasons(answers: Sequence[Answer]) -> str:
    """Return each status, or why there is none, once."""
    return ", ".join(dict.fromkeys(_reason(one) for one in answers))


def _reason(answer: Answer) -> str:
    status = status_of(answer)
    return str(getattr(answer, "reason", "no answer") if status is None else status)


def _hours(rest: timedelta) -> str:
    hours = rest // timedelta(hours=1)
    return f"{hours} hour{'' if hours == 1 else 's'}" if hours else "less than an hour"


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - 10} more" if len(ids) > 10 else ""
    return ", ".join(ids[:10]) + more
