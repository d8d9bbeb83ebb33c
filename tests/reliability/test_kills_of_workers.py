"""Workers are killed at every point, on PostgreSQL (R10.1, R10.2): alone, two together, and beside a daemon.

They share `SINCERELY_KILLS` with `test_kills`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import pytest

from tests.reliability.harness import RUN, WORKER, Command, Stage, Tally
from tests.reliability.test_kills import KILLS

SHARE = 0.05
"""Of all kills, for each company."""
A_WALK = 10
"""Kills in one walk."""
COMPANIES = {
    "one worker": [WORKER],
    "two workers": [WORKER, WORKER],
    "a daemon and a worker": [RUN, WORKER],
}


@pytest.mark.parametrize("stages", ["postgresql"], indirect=True)
@pytest.mark.parametrize("company", COMPANIES.values(), ids=COMPANIES)
def test_killed_at_any_mark_workers_lose_double_and_tear_nothing(
    stages: Callable[[], Stage],
    company: Sequence[Command],
    record_property: Callable[[str, object], None],
) -> None:
    calm = stages().walk_together(company)
    assert calm.faults == []
    assert calm.retries == calm.unknown == 0
    assert len(calm.sent) == 27
    chance, tally = Random(f"{company}, {KILLS} kills"), Tally()
    wanted = round(KILLS * SHARE)
    for place in range(-(-wanted // A_WALK)):
        first = 1 + (place * calm.marks * A_WALK) // wanted
        kills = sorted({first, *chance.sample(range(1, calm.marks), A_WALK - 1)})
        walk = stages().walk_together(company, kills)
        tally.add(walk, calm, f"{company} killed at marks {kills}: {', '.join(walk.killed_at)}")
    tally.say(f"of {company}", record_property)
    assert tally.killed >= wanted * 0.8, "how many marks there are depends on who came first"
