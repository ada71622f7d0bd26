# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lines of a task whose result no callback sees: a signal ends its worker, or ansible-playbook is gone.

The callback notes a task before core forks its worker; so the worker knows where the trail is, and what its lines begin with.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Mapping

from . import entries, events, moments
from .append import append

# The trail's file and the task as the callback knows it, by the names of host and task.
_begun: dict[tuple[str, str], tuple[str, entries.Task]] = {}
_HIDDEN = "What the task returned is hidden by no_log."


def note(key: tuple[str, str], path: str, task: entries.Task) -> None:
    """Keep what a worker that is forked from now on needs for the lines of a task."""
    _begun[key] = (path, task)


def forget(key: tuple[str, str]) -> None:
    """Drop a task whose end the callback has seen."""
    _begun.pop(key, None)


def append_result(key: tuple[str, str], options: Mapping[str, Any], result: Mapping[str, Any], is_item: bool, is_hidden: bool) -> None:
    """Append the lines of a result; nothing for a task that was not noted. Raises OSError.

    :param result: with nothing in it that must be masked
    :param is_item: whether it is one of a loop, whose intent stays open
    :param is_hidden: whether no_log hides it
    """
    if key not in _begun:
        return
    path, task = _begun[key]
    told = {"changed": result["changed"], "censored": _HIDDEN} if is_hidden else result
    ended = entries.Ended(moments.now(), events.ITEM if is_item else events.RESULT, bool(result["failed"]))
    append(path, entries.lines(entries.results(replace(task, options={} if is_hidden else options), ended, told)))
