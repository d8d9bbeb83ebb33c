"""Walks through the shop in which daemons are killed, and the laws that hold afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from engine.adapters.db import due, outbox
from engine.adapters.db.connect import connect, reading
from engine.domain.ids import send_id
from tests.reliability.receiver import Receiver
from tests.reliability.shop import LASTS, MARKETING_A_DAY, MARKETING_A_WEEK, START

ROOT = Path(__file__).parents[2]
Command = tuple[str, ...]
RUN: Command = ("run",)
"""The daemon. A walk in virtual time starts it with `--at TIME` before and `--once` behind."""


WORKER: Command = ("worker",)
"""Only in the real present: workers know no other."""
RESTART = timedelta(seconds=1)


class Nursery:
    """The process that forks daemons (`tests.reliability.nursery`)."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.nursery", str(folder)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **told: Any) -> dict[str, Any]:
        """One command, and its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def said(self) -> str:
        """What all daemons said so far."""
        log = self.folder / "said.log"
        return log.read_text("utf-8") if log.exists() else ""

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@dataclass
class Walk:
    """What was found at the end of a walk."""

    marks: int
    killed_at: list[str]
    sent: set[str]
    accounted: set[str]
    runs: set[tuple[str, str, str]]
    retries: int
    unknown: int
    faults: list[str] = field(default_factory=list)


@dataclass
class Stage:
    """A shop in a database of its own, a receiver, and a nursery."""

    project: Path
    url: str
    nursery: Nursery
    receiver: Receiver

    def warm_up(self) -> None:
        """Let the nursery live an instant of the shop itself, so that its forks have all of it loaded."""
        command = ["--project", str(self.project), "--at", START.isoformat(), *RUN, "--once"]
        code = self.nursery.ask(do="warm", command=command)["code"]
        assert code == 0, self.nursery.said()

    def walk(
        self,
        daemons: int,
        kills: Sequence[int] = (),
        command: Command = RUN,
        start: datetime = START,
    ) -> Walk:
        """Live for five days from `start` on, time jumping to whatever is due next, with so many daemons
        at each instant. Whoever comes to a mark of `kills` is killed there, and started again a second
        later."""
        engine = connect(self.url)
        try:
            return self._walk(engine, daemons, kills, command, start)
        finally:
            engine.dispose()

    def _walk(
        self, engine: Engine, daemons: int, kills: Sequence[int], command: Command, start: datetime
    ) -> Walk:
        self.nursery.ask(do="reset", kills=list(kills))
        faults: list[str] = []
        now: datetime | None = start
        while now is not None and now <= start + LASTS:
            codes = self.live(now, daemons, command)
            if any(code not in (0, -9) for code in codes):
                faults.append(
                    f"a daemon ended with {codes} at {now}: {self.nursery.said()[-2000:]}"
                )
                break
            with reading(engine) as connection:
                if -9 in codes:
                    faults += [f"after the kill at {now}: {f}" for f in torn(connection)]
                    now += RESTART
                else:
                    now = next_instant(connection, now)
        counted = self.nursery.ask(do="count")
        with reading(engine) as connection:
            return _judged(connection, self.receiver, counted, faults)

    def live(self, now: datetime, daemons: int, command: Command = RUN) -> list[int]:
        """One instant of all daemons; their exit codes."""
        whole = ["--project", str(self.project), "--at", now.isoformat(), *command, "--once"]
        self.nursery.ask(do="start", commands=[whole] * daemons)
        codes: list[int] = self.nursery.ask(do="wait")["codes"]
        return codes

    def messages_of(self, journey: str) -> set[str]:
        """The send ids of a journey's messages."""
        engine = connect(self.url)
        with reading(engine) as connection:
            found = connection.execute(
                text("SELECT send_id FROM outbox WHERE journey = :journey"), {"journey": journey}
            )
            messages = set(found.scalars())
        engine.dispose()
        return messages

    @contextmanager
    def running(self, commands: Sequence[Command]) -> Iterator[list[int]]:
        """Daemons in the real present, by their ids; at the end they are killed."""
        whole = [["--project", str(self.project), *command] for command in commands]
        pids: list[int] = self.nursery.ask(do="start", commands=whole)["pids"]
        try:
            yield pids
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            self.nursery.ask(do="wait")


def next_instant(connection: Connection, now: datetime) -> datetime | None:
    """The next instant at which there is something to do, for anybody."""
    found = {due.next_due(connection, now), outbox.next_ready(connection, now)}
    return min((at for at in found if at is not None), default=None)


# ── the laws ──────────────────────────────────────────────────────────────────────────────────


def _judged(
    connection: Connection, receiver: Receiver, counted: dict[str, Any], faults: list[str]
) -> Walk:
    counts = receiver.counts()
    rows = {
        row.send_id: row
        for row in connection.execute(
            text("SELECT send_id, status, reason, klass, attempt, person_id, category FROM outbox")
        )
    }
    retries = 0
    for message, count in counts.items():
        row = rows.get(message)
        if row is None or row.status not in ("sent", "unknown"):
            faults.append(f"{message} left, and its record says {row and row.status}")
        elif count == 2 and row.klass == "transactional" and row.attempt >= 2:
            retries += 1
        elif count > 1:
            faults.append(f"{message} ({row.klass}) came {count} times")
    for message, row in rows.items():
        if row.status == "sent" and not counts[message]:
            faults.append(f"{message} is recorded as sent and never came")
        if row.status in ("queued", "sending"):
            faults.append(f"{message} is still {row.status}")
        if row.status not in ("sent", "queued", "sending") and row.reason is None:
            faults.append(f"{message} is {row.status} without a reason")
    faults += torn(connection)
    faults += _over_the_cap(connection)
    faults += _left_over(connection)
    dropped = connection.execute(
        text("SELECT run, step FROM trace WHERE reason IS NOT NULL AND what = 'dropped'")
    )
    reasons = {send_id(run, step) for run, step in dropped if step}
    return Walk(
        marks=counted["marks"],
        killed_at=counted["killed_at"],
        sent=set(counts),
        accounted=set(counts) | reasons | {i for i, r in rows.items() if r.reason is not None},
        runs={
            (journey, person, because)
            for journey, person, because in connection.execute(
                text("SELECT journey, person_id, because FROM run")
            )
        },
        retries=retries,
        unknown=sum(row.status == "unknown" for row in rows.values()),
        faults=faults,
    )


_TORN = {
    "a message without its line in the trace": """
        SELECT o.send_id FROM outbox o WHERE 1 <> (SELECT count(*) FROM trace t
            WHERE t.run = o.run AND t.step = o.step AND t.what = 'queued')""",
    "a line in the trace without its message": """
        SELECT t.run FROM trace t WHERE t.what = 'queued' AND NOT EXISTS (SELECT 1 FROM outbox o
            WHERE o.run = t.run AND o.step = t.step)""",
    "a message that counts without its slot": """
        SELECT o.send_id FROM outbox o WHERE o.status IN ('queued', 'sending', 'sent', 'unknown')
            AND NOT EXISTS (SELECT 1 FROM slot s WHERE s.send_id = o.send_id)""",
    "a slot without a message that counts": """
        SELECT s.send_id FROM slot s WHERE NOT s.ghost AND NOT EXISTS (SELECT 1 FROM outbox o
            WHERE o.send_id = s.send_id
            AND o.status IN ('queued', 'sending', 'sent', 'unknown'))""",
    "a message of a run that is not there": """
        SELECT o.send_id FROM outbox o WHERE NOT EXISTS (SELECT 1 FROM run r WHERE r.id = o.run)""",
    "a run that did not enter exactly once": """
        SELECT r.id FROM run r WHERE 1 <> (SELECT count(*) FROM trace t
            WHERE t.run = r.id AND t.what = 'entered')""",
    "an entrance without its run": """
        SELECT t.run FROM trace t WHERE t.what = 'entered'
            AND NOT EXISTS (SELECT 1 FROM run r WHERE r.id = t.run)""",
    "a run whose end and trace differ": """
        SELECT r.id FROM run r WHERE (r.ended_at IS NULL) = EXISTS (SELECT 1 FROM trace t
            WHERE t.run = r.id AND t.what IN ('ended', 'left', 'goal'))""",
    "a message that is sent and not in the history, or the other way round": """
        SELECT o.send_id FROM outbox o WHERE (o.status = 'sent') <> EXISTS (SELECT 1 FROM event e
            WHERE e.source = 'engine' AND e.id = 'mail.sent:' || o.send_id)""",
    "an event that acted on nobody's history twice": """
        SELECT id FROM event GROUP BY source, id HAVING count(*) > 1""",
    "a message that is being sent by nobody and never lost": """
        SELECT send_id FROM outbox WHERE status = 'sending' AND lease_until IS NULL""",
}


def torn(connection: Connection) -> list[str]:
    """Invariant 6: what a step writes is all there or not at all."""
    return [
        f"{fault}: {row[0]}"
        for fault, statement in _TORN.items()
        for row in connection.execute(text(statement))
    ]


def _over_the_cap(connection: Connection) -> list[str]:
    """R3.2, R3.5, by hand: the slots of each mailbox, counted in every window that ends with one."""
    faults = []
    by_mailbox: dict[str, list[int]] = {}
    marketing = text("SELECT mailbox_key, at FROM slot WHERE klass = 'marketing' ORDER BY at")
    for key, at in connection.execute(marketing):
        by_mailbox.setdefault(key, []).append(at)
    hour = 3_600_000_000
    for key, instants in by_mailbox.items():
        for at in instants:
            # All live in UTC or eight hours behind; none of their mail leaves between 0:00 and 8:00 UTC.
            day = sum(at // (24 * hour) == other // (24 * hour) for other in instants)
            week = sum(at - 168 * hour < other <= at for other in instants)
            if day > MARKETING_A_DAY or week > MARKETING_A_WEEK:
                faults.append(f"mailbox {key[:8]} got {day} in a day, {week} in a week")
    return faults


def _left_over(connection: Connection) -> list[str]:
    held = "SELECT person_id FROM due WHERE lease_owner IS NOT NULL"
    asleep = "SELECT id FROM run WHERE ended_at IS NULL"
    return [f"still in hand: {row[0]}" for row in connection.execute(text(held))] + [
        f"a run that never ended: {row[0]}" for row in connection.execute(text(asleep))
    ]
