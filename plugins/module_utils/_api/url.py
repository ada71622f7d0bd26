# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The API's base URL: the default, and which others may get the token."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

DEFAULT_URL = "https://betmatic.app/api"
# Names of this machine, to which plain http is allowed.
LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
# The host and port as they stand: urlsplit finds a host in what is none.
_HOST_AND_PORT = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?", re.ASCII)
# The last part of a host that a resolver may read as an IP address.
_NUMBER = re.compile("[0-9]+|0x[0-9a-f]*", re.ASCII)
_VISIBLE = re.compile("[!-~]+", re.ASCII)
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*", re.ASCII)


def why_unusable(url: str) -> str | None:
    """Say why the token may not be sent to this URL, as the end of a sentence that begins with the option; None when it may."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is not a valid URL"
    # No part is shown before it is known that it holds no password.
    if "@" in url:
        return "must not hold a user or a password"
    # urlsplit silently drops line breaks and tabs.
    if not _VISIBLE.fullmatch(url):
        return f"{url!r} holds blanks, line breaks or characters that no URL has"
    if parts.query or parts.fragment or "?" in url or "#" in url:
        return "must not have a query or a fragment"
    if parts.scheme not in ("http", "https"):
        return f"{url!r} must begin with https://"
    if not _HOST_AND_PORT.fullmatch(parts.netloc) or port == 0:
        return f"{url!r} has no usable host or port"
    if _is_bent_address(host):
        return f"{url!r} has a host that looks like an IP address and is not written out as one"
    if parts.scheme == "http" and host not in LOOPBACK:
        return f"{url!r} would send the token in clear: http is for 127.0.0.1, ::1 and localhost"
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path) or any(set(piece) == {"."} for piece in path.split("/") if piece):
        return f"{url!r} has a path with characters or dots that are not allowed"
    return None


def _is_bent_address(host: str) -> bool:
    """Tell whether a resolver may take the host for an IP address that it does not spell out, as 127.1 for 127.0.0.1."""
    if ":" not in host and not _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return True
    # Older versions of Python accept zeros before a number, which a resolver reads as octal.
    return address.version == 4 and str(address) != host


def plain_host(host: str) -> str:
    """Return the host in one spelling: an IP address as the standard library writes it, a name without the dot at its end."""
    name = host.rstrip(".")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name
    return str(getattr(address, "ipv4_mapped", None) or address)
