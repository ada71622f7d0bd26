# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens in the shape of the service's: JWTs whose exp is readable without a key."""

from __future__ import annotations

import base64
import hashlib
import json

LIFETIME = 60 * 24 * 3600


def _part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def mint(serial, now):
    """A token unlike every other one; the serial keeps two of the same second apart."""
    head = _part(b'{"alg":"HS256","typ":"JWT"}')
    claims = _part(json.dumps({"user_id": 4711, "exp": int(now) + LIFETIME, "jti": f"simulator-{serial}"}).encode())
    return f"{head}.{claims}.{_part(hashlib.sha256(f'{head}.{claims}'.encode()).digest())}"
