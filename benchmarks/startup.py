"""P13: the command from cold start, as a shell sees it: `sincerely --help`, and `sincerely preview … --for`
a person until the file is written, in a project of 20 journeys and 10,000 people in SQLite. Wall seconds
on whatever the machine does besides, and the command's own CPU seconds, which tell more on a busy one.

`SIZE` sets the number of people.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

IDS = ("P13",)
ROUNDS = 9
JOURNEYS = 20
SIZE = int(os.environ.get("SIZE", "10000"))
COMMAND = str(Path(sys.executable).with_name("sincerely"))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        draft = folder / ".preview" / "onboarding-welcome-c0000042.html"
        helps, previews = [], []
        for _ in range(ROUNDS):
            helps.append(run(folder, "--help"))
            draft.unlink(missing_ok=True)
            previews.append(run(folder, "preview", "onboarding/welcome", "--for", "c0000042"))
            if b"N42" not in draft.read_bytes():
                raise SystemExit("the mail was not written for this person")
    rows = {}
    for title, rounds in (("help", helps), ("preview", previews)):
        for suffix, unit, place in (("", "seconds", 0), ("_cpu", "CPU seconds", 1)):
            values = [taken[place] for taken in rounds]
            rows[f"P13.{title}{suffix}"] = {
                "value": round(statistics.median(values), 2),
                "low": round(min(values), 2),
                "high": round(max(values), 2),
                "rounds": ROUNDS,
                "unit": unit,
            }
    print(json.dumps(rows))


def prepare(folder: Path) -> None:
    """The sample business, its journeys copied until there are enough, and its people."""
    run(folder, "init", ".")
    journeys = folder / "journeys"
    sample = (journeys / "win-back.yaml").read_text()
    number = len([path for path in journeys.glob("*.yaml") if ".test." not in path.name])
    for copy in range(number, JOURNEYS):
        text = sample.replace("journey: win-back", f"journey: win-back-{copy}", 1)
        (journeys / f"win-back-{copy}.yaml").write_text(text)
    rows = (f"c{n:07},c{n:07}@example.com,Person {n},DE" for n in range(SIZE))
    (folder / "people.csv").write_text("\n".join(["id,email,first_name,country", *rows, ""]))
    order = (
        "id,person,name,at,order_id,total\no1,c0000042,order.placed,2026-11-01T10:00:00Z,N42,20\n"
    )
    (folder / "events.csv").write_text(order)
    for arguments in (
        ("check",),
        ("db", "upgrade"),
        ("import", "people", "people.csv"),
        ("import", "events", "events.csv"),
    ):
        run(folder, *arguments)


def run(folder: Path, *arguments: str) -> tuple[float, float]:
    """Wall and CPU seconds of the real command."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([COMMAND, *arguments], cwd=folder, capture_output=True, text=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"sincerely {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
