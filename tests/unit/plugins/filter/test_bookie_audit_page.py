# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter's edge."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.bookieops.betmatic.plugins.filter.bookie_audit_page import FilterModule

PAGE = FilterModule().filters()["bookie_audit_page"]


def test_text_becomes_a_page():
    assert PAGE("", "a {}", "b()").startswith("<!DOCTYPE html>\n") and "<style>a {}</style>" in PAGE("", "a {}", "b()")


@pytest.mark.parametrize("given,name", [((None, "", ""), "The trail is NoneType"), (("", 1, ""), "style is int"), (("", "", {}), "script is dict")])
def test_what_is_no_text_is_named(given, name):
    with pytest.raises(AnsibleFilterError, match=name):
        PAGE(*given)
