# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a line of the trail can be."""

from __future__ import annotations

# A task of bookie_bot is about to start: from now on it may send commands.
INTENT = "intent"
# What a task returned, one line for each account; after it the task is over.
RESULT = "result"
# The same of one item of a loop, and of one attempt that `until` repeats; the task goes on.
ITEM, ATTEMPT = "item", "attempt"
# The task goes on in the background; whether it is ever read is up to the playbook.
BACKGROUND = "background"
# The task ended without a result of its own: it was skipped, its loop is over, or it ran another module.
SKIPPED, END = "skipped", "end"
# What bookie_hold returned.
HOLD = "hold"

# These say that the intent of their task is settled.
CLOSING = frozenset((RESULT, BACKGROUND, SKIPPED, END))
# These tell nothing of an account and nothing of a success or a failure.
BARE = frozenset((INTENT, SKIPPED, END))
