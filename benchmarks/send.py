"""P1: the whole engine, one process, SQLite: an outbox full of mails of 16 KB is handed to Postfix's
`smtp-sink`, as the daemon's tick does it (claimed, asked at the gate again, rendered, written, marked
before and after, committed), against `smtp-source`, which sends one ready mail of the same size again
and again over a reused connection. Needs both programs (Debian: `postfix`).

`SIZE` sets the number of mails a round (1,000 by default).
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from shared.shop import NOW, open_shop, orders, people, settings, take_in
from sqlalchemy import Engine

from engine.adapters.db.connect import connect, reading
from engine.daemon.living import Living
from engine.daemon.scheduler import Tick

IDS = ("P1",)
ROUNDS = 9
SIZE = int(os.environ.get("SIZE", "1000"))
OCTETS = 16_000


def main() -> None:
    with tempfile.TemporaryDirectory() as name, sink() as port:
        folder = Path(name)
        full = folder / "full.db"
        fill(f"sqlite:///{full}", port, folder)
        ratios, rates = [], []
        for _ in range(ROUNDS):
            there, ours = source(port), engine(full, folder)
            ratios.append(there / ours)
            rates.append(SIZE / ours)
    print(f"{statistics.median(rates):,.0f} mails a second", file=sys.stderr)
    row = {
        "value": round(statistics.median(ratios), 3),
        "low": round(min(ratios), 3),
        "high": round(max(ratios), 3),
        "rounds": ROUNDS,
        "unit": "ratio",
    }
    print(json.dumps({"P1": row}))


@contextmanager
def sink() -> Iterator[int]:
    """Postfix's `smtp-sink` on a free port."""
    program = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise SystemExit("smtp-sink is missing: it comes with Postfix")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, *as_nobody, f"127.0.0.1:{port}", "100"])
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def source(port: int) -> float:
    """Seconds that `smtp-source` takes for as many mails."""
    program = shutil.which("smtp-source", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program
    began = time.perf_counter()
    size = ["-l", str(OCTETS), "-m", str(SIZE), "-s", "1"]
    subprocess.run([program, "-d", *size, f"inet:127.0.0.1:{port}"], check=True)
    return time.perf_counter() - began


def fill(url: str, port: int, folder: Path) -> None:
    """Everybody orders, takes their turn, and gets a message into the outbox."""
    database = open_shop(url, port)
    take_in(database, people(range(SIZE)))
    take_in(database, orders(range(SIZE)))
    living = Living(database, settings(folder), "bench")
    tick(living, "advance").work(NOW, lambda: False)
    if count(database, "queued") != SIZE:
        raise SystemExit("not everybody has a message in the outbox")
    database.dispose()


def engine(full: Path, folder: Path) -> float:
    """Seconds that the tick takes, from start-up done to the last mail settled."""
    place = folder / "now.db"
    for suffix in ("", "-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    shutil.copy(full, place)
    database = connect(f"sqlite:///{place}")
    living = Living(database, settings(folder), "bench")
    tick(living, "send").work(NOW - timedelta(hours=1), lambda: False)  # start-up; nothing is ready
    began = time.perf_counter()
    tick(living, "send").work(NOW, lambda: False)
    took = time.perf_counter() - began
    living.close()
    if count(database, "sent") != SIZE:
        raise SystemExit("not everything was sent")
    database.dispose()
    return took


def tick(living: Living, name: str) -> Tick:
    return next(tick for tick in living.ticks() if tick.name == name)


def count(database: Engine, status: str) -> int:
    with reading(database) as connection:
        found = connection.exec_driver_sql(
            f"SELECT count(*) FROM outbox WHERE status = '{status}'"
        ).scalar_one()
    return int(found)


if __name__ == "__main__":
    main()
