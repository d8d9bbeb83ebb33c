"""Profiles from scores, as an import brings them in: stored, with consent checked, folded, decided and
committed.

Everybody has agreed, and writes twice; their messages come in the order of their time and go through
`application.importing`, which sorts a window of rows by person and takes them in two thousand a
transaction. Each is on the disk before the next begins. A message leaves its score, the moods that reach a
level, its person's profile and, where it is another, their disposition. On SQLite one process does all, on
PostgreSQL two share the people between them. The clock stands still while messages are made, which a file
or a model would do in life. A is the number of scores a second by the clock; the rows `.cpu` are what noise
cannot hide: the processor time of our processes, that of a PostgreSQL server not. Python looks for cycles
as seldom as it does in the command.

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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import Engine, text

from engine.adapters.db import batch, moods
from engine.adapters.db.address_key import require_key
from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.schema import upgrade
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import CONSENT, PERSON
from engine.application.importing import import_rows
from engine.application.ports.intake import Taken
from engine.application.rows import Accepted, Rejected
from engine.cli.main import COLLECTIONS
from engine.domain.arrival import Arrival, MessageRead
from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.message_mood import MessageMood

IDS = ("P19",)
PEOPLE = int(os.environ.get("PEOPLE", "20000"))
EACH, PROCESSES = 2, 2
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
    if processes == 1:
        parts = [part(url, 0, 1)]
    else:
        with get_context("spawn").Pool(processes) as pool:
            parts = pool.starmap(part, [(url, number, processes) for number in range(processes)])
    took, used = max(by_clock for by_clock, _ in parts), sum(cpu for _, cpu in parts)
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


def part(url: str, number: int, of: int) -> tuple[float, float]:
    """One process: its people's messages. Answers the seconds by the clock and of the processor."""
    gc.set_threshold(*COLLECTIONS)
    engine = connect(url)
    watch = Watch()
    rows = watch.without(messages(random.Random(number), number, of))
    with watch:
        import_rows(rows, Profiles(engine), NOW, reject=refuse, by_person=True)
    engine.dispose()
    return watch.clock, watch.processor


@dataclass(frozen=True, slots=True)
class Profiles:
    """What an intake does about moods, and nothing else."""

    engine: Engine

    def take_in(self, arrivals: Sequence[Arrival], now: datetime) -> Taken:
        read = [arrival for arrival in arrivals if isinstance(arrival, MessageRead)]
        with writing(self.engine) as connection:
            felt = moods.take_in(connection, read, now)
        return Taken(readings=felt.readings)


def refuse(row: Rejected) -> None:
    raise SystemExit(f"a row was refused: {row.reason}")


@dataclass(slots=True)
class Watch:
    """Seconds by the clock and of the processor, within `with` and not while rows are made."""

    clock: float = 0.0
    processor: float = 0.0

    def __enter__(self) -> None:
        self.clock -= time.perf_counter()
        self.processor -= time.process_time()

    def __exit__(self, *_: object) -> None:
        self.clock += time.perf_counter()
        self.processor += time.process_time()

    def without(self, made: Iterator[MessageRead]) -> Iterator[Accepted]:
        """The messages as rows, made ten thousand at a time."""
        while True:
            self.__exit__()
            some = [Accepted(0, (read,)) for read in islice(made, 10_000)]
            self.__enter__()
            if not some:
                return
            yield from some


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
