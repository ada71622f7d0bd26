# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Generated histories: what a service does, and what is asked of it."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.documents import (
    OFF,
    ON,
    RUNNING,
    STOPPED,
)
from ansible_collections.bookieops.betmatic.plugins.module_utils._switch.records import Limits, Target
from ansible_collections.bookieops.betmatic.tests.unit.support.service_in_memory import (
    LATE,
    LOST,
    NOT_SENT,
    PHANTOM,
    REFUSED,
    STARTING,
    STOPPING,
    STUCK,
    TRUE_WORD,
    Drift,
    Fate,
    History,
    name_of,
)

IDS = ("1", "2", "3")
NOBODYS = "404"
REFUSALS = (301, 302, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409, 418, 429, 451)
FREQUENT = (401, 403, 406, 429)

waits = st.sampled_from((None, 0.0, 0.5, 5.0, 29.0, 31.0, 7200.0))
delays = st.sampled_from((0.25, 0.25, 0.0, 1.0, 9.0, 60.0))
lost = st.builds(Fate, kind=st.just(LOST), delay=delays, applied=st.booleans(), http_status=st.sampled_from((None, 200, 201, 204, 500, 502, 504)))
# 503 that names a Retry-After says that nothing was done.
unavailable = st.builds(Fate, kind=st.just(LOST), applied=st.just(False), http_status=st.just(503), retry_after=waits)
refused = st.builds(Fate, kind=st.just(REFUSED), delay=delays, http_status=st.sampled_from(FREQUENT) | st.sampled_from(REFUSALS), retry_after=waits)
never_left = st.just(Fate(NOT_SENT))
late = st.builds(Fate, kind=st.sampled_from((LATE, STUCK)), delay=delays, applied=st.booleans())
bad_luck = st.one_of(lost, unavailable, refused, never_left, late)
words = st.sampled_from((TRUE_WORD, STARTING, STOPPING, "PAUSED", None))
answered = st.builds(Fate, delay=delays, word=words, previous=st.sampled_from((TRUE_WORD, None, "PAUSED")), twice=st.booleans())
failed = st.builds(Fate, applied=st.just(False), status=st.sampled_from(("failed", "error")), previous=st.sampled_from((TRUE_WORD, None)))
elsewhere = st.one_of(
    st.builds(Fate, answers_for=st.sampled_from((*IDS, PHANTOM)), applied=st.booleans()),
    st.builds(Fate, answers_name=st.just("Somebody Else"), applied=st.booleans()),
)
single_fates = st.one_of(st.just(Fate()), answered, failed, bad_luck, elsewhere)
some_ids = st.lists(st.sampled_from(IDS), max_size=2, unique=True).map(tuple)
bulk_answers = st.builds(
    Fate,
    delay=delays,
    applied=st.booleans(),
    status=st.sampled_from(("success", "success", "failed")),
    not_applied_to=some_ids,
    hidden=some_ids,
    lied_about=some_ids,
    phantom=st.booleans(),
    count=st.sampled_from((None, 0, 1, 3, 5)),
)
bulk_fates = st.one_of(st.just(Fate(count=3)), bulk_answers, bad_luck)
list_fates = st.one_of(
    st.just(Fate()), st.builds(Fate, delay=delays, hidden=some_ids, doubled=some_ids, answers_name=st.sampled_from((None, None, "Somebody Else"))), bad_luck
)
limits = st.builds(
    Limits,
    deadline=st.sampled_from((600.0, 600.0, 600.0, 40.0, 7.0, 0.4)),
    timeout=st.sampled_from((10.0, 1.0)),
    retries=st.integers(0, 3),
    wait=st.booleans(),
    wait_timeout=st.sampled_from((20.0, 3.0)),
    wait_sleep=st.sampled_from((2.0, 0.7)),
)
drifts = st.builds(Drift, st.sampled_from((0.1, 0.6, 3.0, 12.0)), st.sampled_from(IDS), st.sampled_from((RUNNING, STOPPED)))
histories = st.builds(
    History,
    bots=st.fixed_dictionaries({key: st.sampled_from((RUNNING, STOPPED, STARTING)) for key in IDS}),
    limits=limits,
    concurrency=st.integers(1, 3),
    single=st.fixed_dictionaries({key: st.lists(single_fates, max_size=4).map(tuple) for key in IDS}),
    bulk=st.lists(bulk_fates, max_size=3).map(tuple),
    lists=st.lists(list_fates, max_size=3).map(tuple),
    no_list=st.sampled_from((None, None, None, 401, 403, 404, 406)),
    startup=st.sampled_from((0.0, 3.0, 100.0)),
    stopping=st.sampled_from((0.0, 3.0, 100.0)),
    lingering=st.sampled_from((0.0, 3.0)),
    drifts=st.lists(drifts, max_size=1).map(tuple),
    signal_at=st.sampled_from((math.inf,) * 9 + (0.1, 1.1, 11.0)),
)
guards = st.sampled_from((None, None, None, "right", "wrong"))


def _targets(chosen: Any) -> tuple[Target, ...]:
    names = {"right": name_of, "wrong": lambda account_id: "Another Name"}
    return tuple(Target(key, state, names[guard](key) if guard else None) for key, (state, guard) in chosen.items())


wanted = st.tuples(st.sampled_from((OFF, ON)), guards)
targets = st.dictionaries(st.sampled_from((*IDS, *IDS, NOBODYS)), wanted, min_size=2).map(_targets)
states = st.sampled_from((OFF, ON))
