"""Run the benchmarks and write what they measured: `make bench`, or `make bench ONLY=P4`.

Each other program in this folder measures ratios, A and B in turn in one run, and prints one JSON
document: `{"P4": {"value": …, "low": …, "high": …, "rounds": …, "unit": "ratio"}}`; `value` is the
median of its rounds, `low` and `high` their range. This one runs them one after the other, keeps the
rows of those that did not run, and writes `benchmarks/results.json` and `PERFORMANCE.md`.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
REPORT = HERE.parent / "PERFORMANCE.md"
TITLES = json.loads((HERE / "titles.json").read_text())
SHOWN = ("sqlalchemy", "jinja2", "pyyaml", "css-inline")


def main() -> int:
    wanted = {name.strip() for name in os.environ.get("ONLY", "").split(",") if name.strip()}
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    failed = 0
    for program in sorted(HERE.glob("*.py")):
        if program.name == "run.py" or (wanted and not wanted & ids_of(program)):
            continue
        print(f"{program.stem} …", flush=True)
        done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True)
        if done.returncode:
            failed += 1
            print(done.stderr[-2000:], file=sys.stderr)
            continue
        measured = json.loads(done.stdout.strip().splitlines()[-1])
        results.update(measured)
        for name, row in measured.items():
            print(f"  {name}: {row['value']} {row['unit']} ({row['low']} to {row['high']})")
    RESULTS.write_text(json.dumps(dict(sorted(results.items(), key=order)), indent=1) + "\n")
    REPORT.write_text(report(results))
    return 1 if failed else 0


def ids_of(program: Path) -> set[str]:
    """The ids a benchmark measures: a line `IDS = ("P4",)` near its top."""
    for line in program.read_text().splitlines():
        if line.startswith("IDS = "):
            return {part.strip(" \"'()") for part in line[6:].split(",")} - {""}
    return set()


def order(entry: tuple[str, object]) -> tuple[int, str]:
    number = entry[0].split(".")[0].lstrip("P")
    return (int(number) if number.isdigit() else 999, entry[0])


def report(results: dict[str, dict[str, object]]) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    lines = [
        "# What was measured",
        "",
        f"On {dt.datetime.now(dt.UTC).date().isoformat()}, {os.cpu_count()} cores ({platform.machine()}), "
        f"{platform.system()}, Python {platform.python_version()}; {versions}.",
        "Ratios are of A and B measured in turn in one run; `low` and `high` are the range over the",
        "rounds. `make bench` measures all of it again; `make bench ONLY=P4` one row.",
        "",
        "| id | what | value | unit | low | high | rounds |",
        "|---|---|---:|---|---:|---:|---:|",
    ]
    for name, row in sorted(results.items(), key=order):
        title = TITLES.get(name, TITLES.get(name.rpartition(".")[0], ""))
        lines.append(
            f"| {name} | {title} | {row['value']} | {row['unit']} | {row['low']} | {row['high']} "
            f"| {row['rounds']} |"
        )
    notes = HERE / "notes.md"
    tail = ["", notes.read_text().strip()] if notes.exists() else []
    return "\n".join([*lines, *tail, ""])


if __name__ == "__main__":
    raise SystemExit(main())
