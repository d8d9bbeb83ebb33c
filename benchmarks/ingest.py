"""P9: calls of Segment's tracking API, accepted by a real `serve` on SQLite and processed by it, in
batches of 100 as Segment's library sends them (identify and track, some 500 bytes each, gzipped), with
keep-alive from two connections. The other side of the ratio parses the same batches and inserts their
calls into one bare table, a transaction a batch, durably: no HTTP, no index, no check.

The machine is shared, so the CPU seconds of the server's process count beside the wall time: `P9.cpu`
says how many calls one core bears. `SIZE` sets the number of calls (20,000 by default).
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

IDS = ("P9",)
ROUNDS = 3
SIZE = int(os.environ.get("SIZE", "20000"))
BATCH = 100
CONNECTIONS = 2
NOW = datetime.now(UTC)
CONFIG = """\
company:
  { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin, site: "https://shop.example" }
secrets: { links: $SINCERELY_LINK_KEY }
senders: { lena: { name: Lena, email: lena@shop.example } }
"""
ENVIRONMENT = {
    **os.environ,
    "SINCERELY_LINK_KEY": "a key of the benchmark",
    "SINCERELY_DATABASE": "",
}


def main() -> None:
    bodies = [gzip.compress(json.dumps({"batch": batch}).encode(), 6) for batch in batches()]
    ratios, rates, per_core, memory = [], [], [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            bare = into_a_bare_table(Path(name), bodies)
            wall, cpu, peak = into_ours(Path(name), bodies)
        ratios.append(bare / cpu)
        rates.append(SIZE / wall)
        per_core.append(SIZE / cpu)
        memory.append(peak)
    print(
        json.dumps(
            {
                "P9": row(ratios, "ratio of CPU"),
                "P9.rate": row(rates, "calls/s", 0),
                "P9.cpu": row(per_core, "calls a CPU second", 0),
                "P9.memory": row(memory, "MB resident, most"),
            }
        )
    )


def batches() -> list[list[dict[str, object]]]:
    calls = [call(n) for n in range(SIZE)]
    return [calls[at : at + BATCH] for at in range(0, SIZE, BATCH)]


def call(n: int) -> dict[str, object]:
    """One in five tells of a person; there are a tenth as many people as calls."""
    about: dict[str, object] = {
        "userId": f"c{n * 7919 % max(1, SIZE // 10):06}",
        "messageId": f"ajs-{n:012}-5f0c2b1e",
        "timestamp": (NOW - timedelta(seconds=n % 600)).isoformat(timespec="milliseconds"),
        "context": {"library": {"name": "analytics-python", "version": "2.3.5"}, "locale": "de-DE"},
        "integrations": {},
    }  # fmt: skip
    if n % 5 == 0:
        person = about["userId"]
        traits = {
            "email": f"{person}@example{n % 40}.com",
            "firstName": "Ada",
            "plan": n % 7,
            "country": "DE",
        }
        return {**about, "type": "identify", "traits": traits}
    said = {"sku": f"mug-{n % 90}", "price": n % 90 + 0.5, "currency": "EUR", "category": "Mugs",
            "url": f"https://shop.example/mugs/{n % 90}", "position": n % 12}  # fmt: skip
    return {**about, "type": "track", "event": "Product Viewed", "properties": said}


def into_ours(folder: Path, bodies: Sequence[bytes]) -> tuple[float, float, float]:
    """Wall seconds from the first call to the last one processed; CPU seconds and the most memory (MB)
    of the server's process."""
    (folder / "config.yaml").write_text(CONFIG)
    sincerely(folder, "db", "upgrade")
    made = sincerely(folder, "--format", "json", "key", "add", "shop")
    key = json.loads(made)["key"]
    command = [sys.executable, "-m", "engine", "--project", str(folder), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as server:
        try:
            assert server.stdout is not None
            found = re.search(r":(\d+) ", server.stdout.readline())
            assert found is not None
            began, used = time.perf_counter(), cpu_of(server.pid)
            post_all(int(found[1]), key, bodies)
            wait_until_processed(folder / "sincerely.db")
            return time.perf_counter() - began, cpu_of(server.pid) - used, peak_of(server.pid)
        finally:
            server.kill()


def post_all(port: int, key: str, bodies: Sequence[bytes]) -> None:
    headers = {
        "Authorization": "Basic " + b64encode(f"{key}:".encode()).decode(),
        "Content-Encoding": "gzip",
    }

    def post(mine: Sequence[bytes]) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
            for body in mine:
                connection.request("POST", "/v1/batch", body, headers)
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)

    statuses: list[int] = []
    threads = [
        threading.Thread(target=post, args=(bodies[n::CONNECTIONS],)) for n in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if statuses != [200] * len(bodies):
        raise SystemExit(f"not all were accepted: {set(statuses)}")


def wait_until_processed(place: Path) -> None:
    with closing(sqlite3.connect(place, timeout=60)) as database:
        while database.execute("SELECT count(*) FROM inbox").fetchone()[0]:
            time.sleep(0.1)
        [events] = database.execute("SELECT count(*) FROM event").fetchone()
        [people] = database.execute("SELECT count(*) FROM person").fetchone()
    if (events, people) != (SIZE - SIZE // 5, max(1, SIZE // 10)):
        raise SystemExit(f"{events} events and {people} people came in")


def into_a_bare_table(folder: Path, bodies: Sequence[bytes]) -> float:
    """CPU seconds to unpack, parse and insert the same calls."""
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE call (id, type, person, at, body)")
        began = time.process_time()
        for body in bodies:
            calls = json.loads(gzip.decompress(body))["batch"]
            database.execute("BEGIN IMMEDIATE")
            database.executemany(
                "INSERT INTO call VALUES (?, ?, ?, ?, ?)",
                [
                    (
                        one["messageId"],
                        one["type"],
                        one["userId"],
                        one["timestamp"],
                        json.dumps(one),
                    )
                    for one in calls
                ],
            )
            database.execute("COMMIT")
        return time.process_time() - began


def sincerely(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "engine", "--project", str(folder), *arguments]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env=ENVIRONMENT
    ).stdout


def cpu_of(process: int) -> float:
    """CPU seconds of a process, all threads, by /proc."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_of(process: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def row(values: Sequence[float], unit: str, digits: int = 3) -> dict[str, object]:
    return {
        "value": round(statistics.median(values), digits),
        "low": round(min(values), digits),
        "high": round(max(values), digits),
        "rounds": len(values),
        "unit": unit,
    }


if __name__ == "__main__":
    main()
