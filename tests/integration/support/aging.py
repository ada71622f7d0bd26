# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A token that gets old, and what the service saw of its renewal."""

from __future__ import annotations

import functools
import time

from ansible_collections.bookieops.betmatic.tests.simulator.tokens import LIFETIME, mint

WORDS = "words-of-the-service"


@functools.lru_cache(maxsize=None)
def token_for(days):
    """A token that lives so many days from now on; the same one for the same days."""
    return mint(f"for-{days}-days", time.time() - LIFETIME + days * 86400)


def sent(simulator):
    """The endpoints of all requests; nothing else was sent, and nothing against the contract."""
    assert simulator.violations() == []
    return [entry["endpoint"] for entry in simulator.log()]
