# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who runs it, and for which job."""

from __future__ import annotations

import os

import pytest

from ansible_collections.bookieops.betmatic.plugins.plugin_utils._audit import surroundings as _surroundings

AWX = {"awx_user_name": "anna", "awx_job_id": 42, "tower_user_name": "anna", "tower_job_id": 42}
GITLAB = {"GITLAB_CI": "true", "GITLAB_USER_LOGIN": "berta", "CI_JOB_ID": "7"}
GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "carl", "GITHUB_RUN_ID": "9"}


@pytest.mark.parametrize(
    "environment,extra,told",
    [
        ({}, {}, (None, None, None)),
        ({}, AWX, ("awx", "anna", "42")),
        ({"JOB_ID": "43"}, {"tower_user_name": "anna"}, ("awx", "anna", "43")),
        ({}, {"awx_job_id": 42}, ("awx", None, "42")),
        # A name of many tools, which says nothing alone.
        ({"JOB_ID": "43"}, {}, (None, None, None)),
        (GITLAB, {}, ("gitlab", "berta", "7")),
        (GITHUB, {}, ("github", "carl", "9")),
        ({**GITHUB, "GITHUB_TRIGGERING_ACTOR": "dora"}, {}, ("github", "dora", "9")),
        ({"JENKINS_URL": "http://ci", "BUILD_TAG": "jenkins-bots-3"}, {}, ("jenkins", None, "jenkins-bots-3")),
        ({"GITLAB_USER_LOGIN": "berta", "CI_JOB_ID": "7"}, {}, (None, None, None)),
        (GITLAB, AWX, ("awx", "anna", "42")),
        (GITLAB, {"awx_user_name": ["x"], "awx_job_id": True}, ("gitlab", "berta", "7")),
    ],
)
def test_the_platform_its_user_and_its_job(environment, extra, told):
    known = _surroundings.surroundings(environment, extra)
    assert (known.platform, known.platform_user, known.platform_job) == told


def test_the_user_is_what_the_operating_system_says():
    known = _surroundings.surroundings({"USER": "nobody-else", "SUDO_USER": "anna"}, {})
    assert (known.user, known.uid, known.sudo_user) == (_surroundings.pwd.getpwuid(os.getuid()).pw_name, os.getuid(), "anna")


def test_a_user_without_a_name_is_a_number(monkeypatch):
    def unknown(_uid):
        raise KeyError

    monkeypatch.setattr(_surroundings.pwd, "getpwuid", unknown)
    assert _surroundings.surroundings({}, {}).user == f"uid {os.getuid()}"
