"""Profiles from scores, as they come in: stored, with consent checked, folded, decided and committed.

Everybody has agreed, and writes twice; their messages come in the order of their time, ten thousand a
transaction, which is on the disk before the next begins. Each leaves its score, the moods that reach a
level, its person's profile and, where it is another, their disposition. On SQLite one process does all,
on PostgreSQL two share the people between them, each with half of the batches. A is the number of scores
a second by the clock; the rows `.cpu` are what noise cannot hide: the processor time of our processes, the
making of the messages included, that of a PostgreSQL server not. Python looks for cycles as seldom as it
does in the command.

`PEOPLE` sets how many people there are (20,000 by default); the aim is 1,000,000 people with 2,000,000
scores in 120 seconds, on two cores. PostgreSQL is measured where `POSTGRES` names an empty database.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import Engine, text

from engine.adapters.db import batch, moods
from engine.adapters.db.address_key import require_key
from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.schema import upgrade
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import CONSENT, PERSON
from engine.cli.main import COLLECTIONS
from engine.domain.arrival import MessageRead
from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.message_mood import MessageMood

IDS = ("P19",)
PEOPLE = int(os.environ.get("PEOPLE", "20000"))
EACH, BATCH, PROCESSES = 2, 10_000, 2
AIM = 2_000_000 / 120
UNITS = (f"scores/s of {PEOPLE:,} people", f"µs of processor a score, {PEOPLE:,} people")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
CONFIG = EmotionConfig()


def main() -> None:
    """Measure what can be, and print one row for each database."""
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(f"sqlite:///{Path(folder) / 'profiles.db'}", 1)
        rows["P19.sqlite"], rows["P19.sqlite.cpu"] = map(row, measured, UNITS)
    if url := os.environ.get("POSTGRES"):
        measured = measure(url, PROCESSES)
        rows["P19.postgresql"], rows["P19.postgresql.cpu"] = map(row, measured, UNITS)
    print(json.dumps(rows))


def row(value: float, unit: str) -> dict[str, object]:
    figure = round(value, 1)
    return {"value": figure, "low": figure, "high": figure, "rounds": 1, "unit": unit}


def measure(url: str, processes: int) -> tuple[float, float]:
    """Scores a second over one database, and what a score costs our processes in microseconds."""
    upgrade(url)
    engine = connect(url)
    require_key(engine)
    people(engine)
    engine.dispose()
    began, cpu = time.perf_counter(), os.times()
    if processes == 1:
        part(url, 0, 1)
    else:
        with get_context("spawn").Pool(processes) as pool:
            pool.starmap(part, [(url, number, processes) for number in range(processes)])
    took, spent = time.perf_counter() - began, os.times()
    used = sum(spent[:4]) - sum(cpu[:4])
    engine = connect(url)
    with reading(engine) as connection:
        scores, profiles, held = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM score), (SELECT count(*) FROM profile),"
                " (SELECT count(*) FROM person WHERE disposition IS NOT NULL)"
            )
        ).one()
    engine.dispose()
    if (scores, profiles) != (EACH * PEOPLE, PEOPLE) or not held:
        raise SystemExit(f"{scores} scores and {profiles} profiles, {held} of them decided")
    rate = scores / took
    print(
        f"{url.partition(':')[0]}: {scores:,} scores, {profiles:,} profiles, {held:,} dispositions in"
        f" {took:.1f} s ({used:.1f} s of CPU in Python): {rate:,.0f} a second, the aim is {AIM:,.0f}",
        file=sys.stderr,
    )
    return rate, used / scores * 1e6


def people(engine: Engine) -> None:
    """Everybody, with their consent to be read."""
    agreed = micros(NOW - timedelta(days=500))
    for first in range(0, PEOPLE, 20_000):
        ids = [f"p{n}" for n in range(first, min(PEOPLE, first + 20_000))]
        with writing(engine, durable=False) as connection:
            batch.insert(
                connection,
                PERSON,
                ("id", "shard", "mailbox_key", "attributes", "erased", "orders"),
                [(who, 0, who, "{}", False, 0) for who in ids],
            )
            columns = (
                "person_id", "mailbox_key", "topic", "state", "basis", "at", "recorded_at", "confirmed",
                "own_act", "source", "wording", "counts",
            )  # fmt: skip
            lines = [
                (
                    who,
                    who,
                    "profiling_emotion",
                    "express",
                    "",
                    agreed,
                    agreed,
                    False,
                    True,
                    "",
                    "",
                    True,
                )
                for who in ids
            ]
            batch.insert(connection, CONSENT, columns, lines)


def part(url: str, number: int, of: int) -> None:
    """One process: its people's messages, batch after batch."""
    gc.set_threshold(*COLLECTIONS)
    engine = connect(url)
    chance = random.Random(number)
    pending: list[MessageRead] = []
    for read in messages(chance, number, of):
        pending.append(read)
        if len(pending) == BATCH:
            store(engine, pending)
            pending = []
    if pending:
        store(engine, pending)
    engine.dispose()


def store(engine: Engine, read: list[MessageRead]) -> None:
    with writing(engine) as connection:
        moods.take_in(connection, read, NOW)


def messages(chance: random.Random, number: int, of: int) -> Iterator[MessageRead]:
    """Of the people of one process: everybody's first message, and then everybody's second."""
    kinds = [mood(chance, place % len(EMOTIONS)) for place in range(500)]
    ids = [*range(number, PEOPLE, of)]
    for round_ in range(EACH):
        chance.shuffle(ids)
        began = NOW - timedelta(days=60 - 30 * round_)
        for place, who in enumerate(ids):
            probabilities, sure, words = kinds[(who + round_) % len(kinds)]
            at = began + timedelta(seconds=place)
            read = MessageMood(f"m{round_}-{who}", at, "review", probabilities, sure, words)
            yield MessageRead(f"p{who}", read, CONFIG)


def mood(chance: random.Random, place: int) -> tuple[dict[str, float], float, int]:
    """A reading like those of the model: one emotion more or less clear, a little of the others."""
    said = {emotion: chance.uniform(0.005, 0.12) for emotion in EMOTIONS}
    said[EMOTIONS[place]] = chance.betavariate(4, 1.5)
    return said, chance.uniform(0.3, 0.9), chance.randint(2, 40)


if __name__ == "__main__":
    main()
