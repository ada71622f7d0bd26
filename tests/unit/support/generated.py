# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How many examples are generated: the same ones in each run, unless HYPOTHESIS_PROFILE says long."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

_CI = {
    "derandomize": True,
    "database": None,
    "deadline": None,
    "max_examples": 300,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


def load_profile() -> None:
    """Choose the profile: ci; unshrunk, which fails sooner; long, at random."""
    settings.register_profile("ci", **_CI)
    settings.register_profile("unshrunk", **_CI, phases=(Phase.explicit, Phase.generate))
    settings.register_profile("long", **dict(_CI, derandomize=False, max_examples=5000))
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
