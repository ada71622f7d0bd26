# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the modules would refuse is told before a role does anything, by the name that the user gave."""

from __future__ import annotations

import pytest

from ansible_collections.bookieops.betmatic.plugins.filter.unusable_options import FilterModule

unusable_options = FilterModule().filters()["unusable_options"]


@pytest.mark.parametrize(("name", "value", "words"), [
    ("bookie_concurrency", 100, "is 100: give a whole number from 1 to 64."),
    ("bookie_concurrency", None, "is null, which is not a number: correct it, or remove it."),
    ("bookie_retries", "-1", "is -1: give a whole number from 0 to 20."),
    ("bookie_wait_timeout", 0, "is 0.0: give seconds, more than 0 and at most 86400."),
    ("bookie_deadline", "nan", "is nan: give seconds, more than 0 and at most 86400."),
    ("bookie_token_min_days", 300000, "is 300000.0: give days, more than 0 and at most 3650."),
    ("bookie_token_min_days", "soon", 'is "soon", which is not a number: correct it, or remove it.'),
])
def test_an_option_that_cannot_be_used_is_named_with_its_value_and_the_way_out(name, value, words):
    assert unusable_options({"bookie_deadline": 600, name: value}) == f"{name} {words}"


def test_what_can_be_used_is_silent_and_each_that_cannot_is_told():
    assert unusable_options({"bookie_concurrency": 64, "bookie_retries": "0", "bookie_wait_timeout": 0.5, "bookie_deadline": 86400}) == ""
    assert unusable_options({"bookie_concurrency": 0, "bookie_retries": 21}).count(": give a whole number from") == 2


@pytest.mark.parametrize(("lines", "words"), [
    ("BETMATIC_TIMEOUT=ten", "BETMATIC_TIMEOUT is not a number: correct it, or remove it."),
    ("BETMATIC_TIMEOUT=5\n export BETMATIC_TIMEOUT='0' # none", "BETMATIC_TIMEOUT is 0.0: give seconds, more than 0 and at most 86400."),
    ("BETMATIC_TIMEOUT=", "BETMATIC_TIMEOUT is not a number: correct it, or remove it."),
    ('BETMATIC_API_URL="http://betmatic.app/api"', "BETMATIC_API_URL would send the token in clear: http is for"),
    ("BETMATIC_API_URL=abc.def.ghi", "BETMATIC_API_URL must begin with https://; give it as https://betmatic.app/api."),
    ("BETMATIC_API_TOKEN_FILE=/etc/token", "BETMATIC_API_TOKEN_FILE stands beside BETMATIC_API_TOKEN, and only one of them can be used"),
    # What counts is the last line; what the shell has to work out is not judged, and neither is what no check knows.
    ("BETMATIC_TIMEOUT=ten\nBETMATIC_TIMEOUT=10", ""),
    ("BETMATIC_TIMEOUT=ten\nBETMATIC_TIMEOUT=$SECONDS", ""),
    ('BETMATIC_API_URL="https://$HOST/api"\nBETMATIC_TIMEOUT=1$(date)\nBETMATIC_API_TOKEN_FILE=', ""),
    ("#BETMATIC_TIMEOUT=ten\nBETMATIC_HOLDS=~/holds\nOTHER=ten\nBETMATIC_API_TOKEN=a b", ""),
])
def test_a_line_of_a_file_of_settings_that_the_modules_would_refuse(lines, words):
    told = unusable_options({}, lines + "\n")
    assert told.startswith(words) and bool(told) == bool(words)
