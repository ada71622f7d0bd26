# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Did the module begin at all? What ansible-core refuses before that has sent nothing.

Core gives such a failure no mark, only words. They were seen on ansible-core 2.16, 2.19 and 2.21; words that are not known here
leave the answer open, and the trail then says that the task may have sent its commands.
"""

from __future__ import annotations

import re
from typing import Any, Mapping

# Core's check of the options, which ends the module before its own code. A result of the module's own code has `accounts`.
_OPTIONS = (
    r"value of \w+ must be one (?:or more )?of",
    r"Unsupported parameters for \((?:bookieops\.betmatic\.)?bookie_bot\) module",
    r"missing required arguments?:",
    r"argument '\w+' is of type ",
    r"Elements value for option '\w+' is of type ",
    # Templates of the options.
    r"Task failed: Finalization of task args for ",
    r"The task includes an option with an undefined variable",
    # `when`, which ansible-core 2.21 names, and what is wanted around the module.
    r"Task failed: A 'when' expression failed",
    r"(?:Task failed: )?the connection plugin '.+' was not found",
    r"(?:Task failed: )?Invalid become method specified",
)
# Core uses the same words for templates that it evaluates once the module has ended.
_TEMPLATES = (
    r"The conditional check '",
    r"Task failed: Error while evaluating conditional: ",
    r"template error while templating string",
    r"(?:Task failed: )?'[^']+' is undefined",
)
_SURE = re.compile("|".join(_OPTIONS))
_EARLY = re.compile("|".join(_OPTIONS + _TEMPLATES))
# Whoever has one of these got further than that, or cannot tell.
_STARTED = ("accounts", "timedout", "unreachable", "rc", "module_stdout", "module_stderr", "censored")


def never_started(result: Mapping[str, Any], late_templates: bool) -> bool:
    """Tell whether core refused the task before the module's own code began.

    :param late_templates: whether the task has templates that core evaluates after the module, `until` or a label of its loop
    """
    if any(key in result for key in _STARTED) or (result.get("ansible_job_id") and not result.get("finished")):
        return False
    msg = result.get("msg")
    return isinstance(msg, str) and bool((_SURE if late_templates else _EARLY).match(msg))
