# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is said of input that cannot be used, before anything is sent."""

from __future__ import annotations

# How a message ends where an input was refused: the audit trail tells by this that no account is concerned.
NOTHING_SENT = "Nothing was sent."


class InputError(ValueError):
    """An option, a variable or a file that cannot be used; the text names it, its value and the way out."""
