# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who runs this, and on which platform, by the operating system, the environment and the extra variables. Knows no file."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from typing import Any, Mapping

# A name of the environment that only this platform sets, then those of the user and of the job.
_PLATFORMS = (
    ("gitlab", "GITLAB_CI", ("GITLAB_USER_LOGIN",), "CI_JOB_ID"),
    # The first is who started a run again; the second whose event started it at first.
    ("github", "GITHUB_ACTIONS", ("GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"), "GITHUB_RUN_ID"),
    ("jenkins", "JENKINS_URL", ("BUILD_USER_ID",), "BUILD_TAG"),
)
# Automation controller, AWX and Tower give their jobs extra variables with these beginnings, and the environment JOB_ID.
_PREFIXES = ("awx", "tower")
_LONGEST = 200


@dataclass(frozen=True)
class Surroundings:
    """Who and where. Only `user` and `uid` are what the operating system says; whoever starts a run can set the rest."""

    user: str
    uid: int
    sudo_user: str | None = None
    platform: str | None = None
    platform_user: str | None = None
    platform_job: str | None = None


def surroundings(environment: Mapping[str, str], extra_variables: Mapping[str, Any]) -> Surroundings:
    """Return who runs this process, and for which job."""
    platform, user, job = _awx(environment, extra_variables) or _of_ci(environment) or (None, None, None)
    return Surroundings(_user(), os.getuid(), _text(environment.get("SUDO_USER")), platform, user, job)


def _awx(environment: Mapping[str, str], extra_variables: Mapping[str, Any]) -> tuple[str, str | None, str | None] | None:
    for prefix in _PREFIXES:
        user, job = (_text(extra_variables.get(f"{prefix}_{name}")) for name in ("user_name", "job_id"))
        if user or job:
            # A job that a schedule starts has no user.
            return "awx", user, job or _text(environment.get("JOB_ID"))
    return None


def _of_ci(environment: Mapping[str, str]) -> tuple[str, str | None, str | None] | None:
    for platform, sign, users, job in _PLATFORMS:
        if environment.get(sign):
            user = next(filter(None, map(environment.get, users)), None)
            return platform, _text(user), _text(environment.get(job))
    return None


def _text(value: Any) -> str | None:
    return str(value)[:_LONGEST] if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip() else None


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
