# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Events that ask for a stop, as they are posted, and what the service saw of it."""

from __future__ import annotations

import yaml

from ansible_collections.bookieops.betmatic.tests.integration.support.pages import block_with

STOP = {"action": "emergency_stop", "reason": "the feed is stale"}


def commands(simulator):
    """The requests but for the list, which the watch over the token reads as well."""
    return [entry for entry in simulator.log() if entry["endpoint"] != "list"]


def all_offs(simulator):
    """How many all_off were sent: a stop that the service lets through sends two, the second behind its hold."""
    return sum(entry["command"] == "all_off" for entry in simulator.log())


def is_stopped(simulator):
    return set(simulator.bots().values()) == {"STOPPED"}


def alert(status="firing", **more):
    """An alert as Alertmanager posts it, made of the documented rule."""
    rule = yaml.safe_load(block_with("docs/events.md", "alert"))
    return {"status": status, "labels": {"alertname": rule["alert"], **rule["labels"]}, "annotations": rule["annotations"], "fingerprint": "c4", **more}


def notice(*alerts):
    """What Alertmanager posts: several alerts, and what they have in common."""
    common = {"commonLabels": {"betmatic_emergency_stop": "true"}, "commonAnnotations": {}, "externalURL": "http://127.0.0.1:9093"}
    return {"version": "4", "status": "firing", "receiver": "betmatic", "groupLabels": {}, **common, "alerts": list(alerts)}
