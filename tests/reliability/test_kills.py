"""Daemons are killed at every point (R10.1, R10.2, invariants 2, 3 and 6), on both databases.

`SINCERELY_KILLS` says how many kills there are in all; `make crash` sets 2,000.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from tests.reliability.harness import RUN, WORKER, Command, Stage, Tally
from tests.reliability.shop import ORDERS, order, sincerely

KILLS = int(os.environ.get("SINCERELY_KILLS", "200"))
SHARES = {1: 0.4, 2: 0.3, 4: 0.2}
"""Of all kills on either database, by the number of daemons; a tenth is left to random instants."""
A_WALK = 5
"""Kills in one walk: what comes after a crash may be hit by the next."""


@pytest.mark.parametrize("daemons", [1, 2, 4])
def test_killed_at_any_mark_nothing_is_lost_doubled_or_torn(
    stages: Callable[[], Stage], daemons: int, record_property: Callable[[str, object], None]
) -> None:
    calm = stages().walk(daemons)
    assert calm.faults == []
    assert calm.retries == calm.unknown == 0
    assert len(calm.sent) == 27
    chance, tally = Random(f"{daemons} daemons, {KILLS} kills"), Tally()
    wanted = round(KILLS / 2 * SHARES[daemons])
    for place in range(-(-wanted // A_WALK)):
        first = (
            1 + (place * calm.marks * A_WALK) // wanted
        )  # every stretch of the walk gets its turn
        kills = sorted({first, *chance.sample(range(1, calm.marks), A_WALK - 1)})
        walk = stages().walk(daemons, kills)
        tally.add(walk, calm, f"{daemons} daemons killed at {kills}: {', '.join(walk.killed_at)}")
    tally.say(f"of {daemons} daemons", record_property)
    assert tally.killed >= wanted * 0.9


@pytest.mark.parametrize("daemons", [1, 2])
def test_killed_at_any_instant_the_running_daemon_loses_and_doubles_nothing(
    database: str, open_stage: Callable[[str, datetime], Stage], daemons: int
) -> None:
    """The clockwork itself (`sincerely run`, in the real present), killed by its id while it works."""
    _kill_at_random(open_stage(database, present()), [RUN] * daemons, longest=0.9)


def test_killed_at_any_instant_workers_lose_and_double_nothing(
    postgres_url: str, open_stage: Callable[[str, datetime], Stage]
) -> None:
    """R10.2: the same with two workers, whose jobs are nothing but hints."""
    _kill_at_random(open_stage(postgres_url, present()), [WORKER, WORKER], longest=4)


def _kill_at_random(stage: Stage, commands: Sequence[Command], longest: float) -> None:
    chance, rounds = Random(f"{commands}"), max(2, round(KILLS / 50 / len(commands)))
    for place in range(rounds):
        file = order(stage.project, f"round-{place}", present())
        sincerely("--project", str(stage.project), "import", "events", str(file))
        with stage.running(commands):
            time.sleep(chance.uniform(0.05, longest))
    walk = stage.walk(1, start=present() + timedelta(seconds=1))
    assert walk.faults == []
    receipts = walk.accounted & stage.messages_of("receipt")
    assert len(receipts) == (rounds + 1) * ORDERS, "every order has its receipt, or says why not"
    twice, unknown = walk.retries, walk.unknown
    print(f"{rounds * len(commands)} kills at random: {twice} by the one retry, {unknown} unknown")


def present() -> datetime:
    return datetime.now(UTC)
