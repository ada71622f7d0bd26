# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""HTML from parts: text is escaped because it is text, and only what was made here is not."""

from __future__ import annotations

from html import escape
from typing import Any


class Html(str):
    """HTML that is ready; every other text is escaped when it is put into a tag."""


# Tags that have no content and no end.
_VOID = ("link", "meta")


def tag(element: str, *content: Any, **attributes: Any) -> Html:
    """Return an element.

    :param content: texts, elements, lists of both; None is nothing
    :param attributes: `data_day` becomes data-day, `class_` class; None and False leave one out, True has no value
    """
    start = "<" + element + "".join(_attribute(key, value) for key, value in attributes.items()) + ">"
    return Html(start if element in _VOID else start + join(content) + "</" + element + ">")


def join(content: Any) -> Html:
    """Return content, one after the other, escaped where it is text."""
    if content is None:
        return Html()
    if isinstance(content, Html):
        return content
    if isinstance(content, str):
        return Html(escape(content))
    return Html("".join(join(one) for one in content))


def _attribute(key: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return " " + name if value is True else f' {name}="{escape(str(value))}"'
