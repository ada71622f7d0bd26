# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A state is a boolean or one of six words, and nothing else."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.bookieops.betmatic.plugins.filter.as_state import FilterModule, as_state


@pytest.mark.parametrize("value", [True, "on", "On", "ON", "yes", "true", "True"])
def test_on(value):
    assert as_state(value) == "on"


@pytest.mark.parametrize("value", [False, "off", "Off", "OFF", "no", "false", "False"])
def test_off(value):
    assert as_state(value) == "off"


@pytest.mark.parametrize("value", [None, 0, 1, "", "0", "1", "offf", " off", "stopped", [], ["off"], {"off": True}, 1.0])
def test_anything_else_is_refused_and_named(value):
    with pytest.raises(AnsibleFilterError, match="is no state: say on or off") as error:
        as_state(value)
    assert repr(value) in str(error.value)


def test_the_filter_goes_by_its_name():
    assert FilterModule().filters() == {"as_state": as_state}
