"""P10: people and events from CSV files, as `sincerely import` takes them in, against `.import` of the
same files into two bare tables of text. Where the program `sqlite3` is missing, the same library is
driven from Python: `csv.reader` and `executemany`. Ours also checks every value and address, knows what
it has seen, keeps the indexes, and makes people due.

`SIZE` sets the number of people (10,000 by default), with three events each.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.adapters.db.connect import connect, reading
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.tables import EVENT, METADATA, PERSON
from engine.adapters.mail.addresses import mailbox, normal
from engine.application.importing import ANY_ORDER, import_rows
from engine.application.row_kinds import Reader
from engine.application.rows import read_rows

IDS = ("P10",)
ROUNDS = 5
SIZE = int(os.environ.get("SIZE", "10000"))
NOW = datetime(2026, 11, 1, tzinfo=UTC)
NAMES = ("Ada", "Zoë", "José", "Anna", "Søren", "Bob")
PLACES = (("Portugal", "Europe/Lisbon"), ("Germany", "Europe/Berlin"), ("Japan", "Asia/Tokyo"))
COLUMNS = {
    "people": ("id", "email", "first_name", "country", "time_zone", "birthday", "created_at"),
    "events": ("id", "person", "name", "at", "total", "items"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "people.csv", COLUMNS["people"], people())
        write(folder / "events.csv", COLUMNS["events"], events())
        ratios, rates = [], []
        for _ in range(ROUNDS):
            bare, ours = seconds(into_bare_tables, folder), seconds(import_all, folder)
            ratios.append(bare / ours)
            rates.append(4 * SIZE / ours)
    print(f"{statistics.median(rates):,.0f} rows a second, bare by {by_program()}", file=sys.stderr)
    row = {
        "value": round(statistics.median(ratios), 3),
        "low": round(min(ratios), 3),
        "high": round(max(ratios), 3),
        "rounds": ROUNDS,
        "unit": "ratio",
    }
    print(json.dumps({"P10": row}))


def people() -> Iterator[tuple[object, ...]]:
    for n in range(SIZE):
        name, (country, zone) = NAMES[n % len(NAMES)], PLACES[n % len(PLACES)]
        day = f"{1950 + n % 50}-{1 + n % 12:02}-{1 + n % 28:02}"
        yield (f"c{n:07}", f"person{n}@example{n % 40}.com", name, country, zone, day, at(n))


def events() -> Iterator[tuple[object, ...]]:
    for n in range(3 * SIZE):
        person = f"c{n * 7919 % SIZE:07}"
        yield (f"o{n}", person, "order.placed", at(n), f"{n % 90}.{n % 10}5", 1 + n % 5)


def at(n: int) -> str:
    return f"{NOW - timedelta(minutes=n * 69621 % 500_000):%Y-%m-%dT%H:%M:%SZ}"


def write(path: Path, heading: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *rows])


def import_all(folder: Path) -> None:
    """The two files, as the command imports them."""
    engine = connect(f"sqlite:///{folder / 'ours.db'}")
    METADATA.create_all(engine)
    reader = Reader(NOW, ZoneInfo("UTC"), lambda text: (normal(text), mailbox(text)))
    began = time.perf_counter()
    for kind in COLUMNS:
        with (folder / f"{kind}.csv").open("rb") as stream:
            rows = read_rows(stream, kind, reader)
            by_person = kind in ANY_ORDER
            import_rows(rows, DatabaseIntake(engine), NOW, reject=refuse, by_person=by_person)
    took.append(time.perf_counter() - began)
    with reading(engine) as connection:
        counts = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar()
            for table in (PERSON, EVENT)
        ]
    engine.dispose()
    if counts != [SIZE, 3 * SIZE]:
        raise SystemExit(f"{counts} came in")


def into_bare_tables(folder: Path) -> None:
    """The same files into tables of text without an index."""
    place = folder / "bare.db"
    began = time.perf_counter()
    if program := shutil.which("sqlite3"):
        commands = [f".import {folder / kind}.csv {kind}" for kind in COLUMNS]
        subprocess.run([program, str(place), ".mode csv", *commands], check=True)
    else:
        database = sqlite3.connect(place)
        for kind, columns in COLUMNS.items():
            database.execute(f"CREATE TABLE {kind} ({', '.join(columns)})")
            marks = ", ".join("?" * len(columns))
            with (folder / f"{kind}.csv").open(newline="", encoding="utf-8") as file:
                rows = csv.reader(file)
                next(rows)
                database.executemany(f"INSERT INTO {kind} VALUES ({marks})", rows)
        database.commit()
        database.close()
    took.append(time.perf_counter() - began)


def by_program() -> str:
    return "the program sqlite3" if shutil.which("sqlite3") else "Python's sqlite3"


def refuse(row: object) -> None:
    raise SystemExit(f"a row was rejected: {row}")


took: list[float] = []


def seconds(way: Callable[[Path], None], folder: Path) -> float:
    """What the way itself noted, without its preparation; its database is new each time."""
    for old in folder.glob("*.db*"):
        old.unlink()
    way(folder)
    return took.pop()


if __name__ == "__main__":
    main()
