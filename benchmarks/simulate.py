"""P15: person-days a second of `simulate`, in one process: the journey win-back, and the segments it
needs, over the whole past of the sample business (real purchases of 2,357 customers in 18 months).

Reading the history and starting up are not counted; walking everybody, learning thresholds each month
and telling the outcomes are. A person counts from the first day of the walk to its last. Every round
finds the same outcomes, or nothing is measured. `PROFILE=1` shows where the time goes instead.
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.adapters.files import read_sources
from engine.adapters.mail.addresses import mailbox, normal
from engine.adapters.sample.history import history
from engine.application.row_kinds import Reader, history_row
from engine.application.simulate import Outcome, Simulation, outcomes
from engine.bootstrap import compile_project
from engine.domain.arrival import Arrival
from engine.domain.facts import Rulebook

IDS = ("P15",)
ROUNDS = 5
JOURNEY = "win-back"
END = datetime(1998, 7, 1, tzinfo=UTC)


def main() -> int:
    rules, arrivals = prepared()
    since = arrivals[0].at - timedelta(days=1)
    if os.environ.get("PROFILE"):
        profile(rules, arrivals, since)
        return 0
    speeds, first = [], None
    for _ in range(ROUNDS):
        started = time.perf_counter()
        found, people = walk(rules, arrivals, since)
        seconds = time.perf_counter() - started
        first = first or found
        if found != first or not found:
            print("the rounds do not agree", file=sys.stderr)
            return 1
        speeds.append(people * ((END - since) / timedelta(days=1)) / seconds)
    row = {
        "value": round(statistics.median(speeds)),
        "low": round(min(speeds)),
        "high": round(max(speeds)),
        "rounds": ROUNDS,
        "unit": "person-days/s",
        "people": people,
        "outcomes": len(found),
    }
    print(json.dumps({"P15": row}))
    return 0


def prepared() -> tuple[Rulebook, list[Arrival]]:
    """The rulebook with that one journey in it, and everything that ever arrived."""
    project = compile_project(read_sources(Path(__file__).parents[1]))
    journey = project.rulebook.journeys[JOURNEY]
    rules = replace(project.rulebook, journeys={JOURNEY: journey})
    reader = Reader(
        now=END,
        zone=ZoneInfo(rules.company_zone),
        normal_address=lambda text: (normal(text), mailbox(text)),
        source="sample",
        emotion=project.config.emotion,
    )
    return rules, [arrival for row in history() for arrival in history_row(row, reader)]


def walk(
    rules: Rulebook, arrivals: Sequence[Arrival], since: datetime
) -> tuple[list[Outcome], int]:
    """All outcomes, and how many people were walked."""
    simulation = Simulation(rules, arrivals, since, END)
    found = [outcome for happening in simulation.run() for outcome in outcomes(happening)]
    return found, sum(len(party.walkers) for party in simulation.parties)


def profile(rules: Rulebook, arrivals: Sequence[Arrival], since: datetime) -> None:
    """Where the time of one walk goes."""
    profiler = cProfile.Profile()
    profiler.runcall(walk, rules, arrivals, since)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(35)


if __name__ == "__main__":
    raise SystemExit(main())
