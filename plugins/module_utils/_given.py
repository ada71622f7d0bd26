# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which options a task names: core does not tell null from nothing, but asks for a fallback only where there is nothing."""

from __future__ import annotations

from typing import Any, Mapping

from ansible.module_utils.basic import env_fallback

from ._errors import InputError


class Fallback:
    """A fallback of an argument spec, of one task: takes the environment's value, and notes that the task names no value."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, *variables: str) -> str:
        """Return the value of the first variable that is set; raises AnsibleFallbackNotFound, as core expects it."""
        self.asked = True
        return env_fallback(*variables)


def noted(option: Mapping[str, Any], *variables: str) -> dict[str, Any]:
    """Return the option's spec with such a fallback, to these variables of the environment."""
    return dict(option, fallback=(Fallback(), list(variables)))


def given(spec: Mapping[str, Any], params: Mapping[str, Any]) -> frozenset[str]:
    """Return the options that the task names, null among them; of a spec that core has validated `params` with."""
    return frozenset(name for name, option in spec.items() if _is_given(option, params))


def require_one_name(spec: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Raise InputError for an option that the task gives under its name and under an alias: core keeps one of the two values, and drops the other."""
    for name, option in spec.items():
        fallback = option.get("fallback", (None,))[0]
        for alias in option.get("aliases", ()):
            if alias in params and isinstance(fallback, Fallback) and not fallback.asked:
                raise InputError(f"{name} and {alias} are both given: use one of them")


def _is_given(option: Mapping[str, Any], params: Mapping[str, Any]) -> bool:
    # Core asks for the fallback before it looks at aliases, and leaves the alias among the parameters.
    if any(alias in params for alias in option.get("aliases", ())):
        return True
    fallback = option.get("fallback", (None,))[0]
    return not (isinstance(fallback, Fallback) and fallback.asked)
