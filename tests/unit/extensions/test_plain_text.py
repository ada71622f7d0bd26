# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The event filter: what others wrote, made fit to be handed to a playbook."""

from __future__ import annotations

import json

import yaml
from hypothesis import given, settings, strategies

from ansible_collections.bookieops.betmatic.extensions.eda.plugins.event_filter import plain_text

TEXTS = strategies.text() | strategies.sampled_from(["{{ 7*7 }}", "{% set x = 1 %}", "{# x #}", "\ud800", "\U0001f525"])
EVENTS = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats() | TEXTS,
    lambda inner: strategies.lists(inner) | strategies.dictionaries(TEXTS, inner),
    max_leaves=20,
)


def texts(event):
    """Every text of an event, keys among them."""
    if isinstance(event, dict):
        return [text for pair in event.items() for one in pair for text in texts(one)]
    if isinstance(event, list):
        return [text for one in event for text in texts(one)]
    return [event] if isinstance(event, str) else []


@settings(max_examples=50, deadline=None)
@given(EVENTS)
def test_no_text_is_a_template_and_each_survives_the_file_of_extra_variables(event):
    event = plain_text.main(event)
    for text in texts(event):
        assert not set(text) & set("{}") and text.isprintable() and len(text) <= plain_text.LONGEST
    # How ansible-rulebook writes the file; the engine's characters beyond U+FFFF would not come back from it.
    assert yaml.safe_load(yaml.dump(event)) == event
    json.dumps(event, allow_nan=False)
    assert all(ord(character) <= 0xFFFF for text in texts(event) for character in text)


def test_what_is_plain_stays_as_it_is():
    event = {"payload": {"action": "emergency_stop", "reason": "cote erronée, 100 %", "count": 3, "rate": 0.5, "ok": True, "more": [None, "x"]}}
    assert plain_text.main(event) == event


def test_what_is_not_plain_is_replaced():
    assert plain_text.main({"a": "{{ x }} \U0001f525\nb"}) == {"a": "(( x )) ? b"}


def test_no_key_is_empty_at_any_depth():
    assert plain_text.main({"": {"": [{"": ""}]}, "a": 1}) == {"_": {"_": [{"_": ""}]}, "a": 1}
