"""Walks through the shop in which daemons are killed, and the laws that hold afterwards."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from engine.adapters.db import due, outbox
from engine.adapters.db.connect import connect, reading
from engine.adapters.db.stored import micros
from engine.adapters.witness import FOLDER as WITNESS_FOLDER
from engine.domain.ids import send_id
from tests.reliability.receiver import Receiver
from tests.reliability.shop import LASTS, MARKETING_A_DAY, MARKETING_A_WEEK, START

ROOT = Path(__file__).parents[2]
Command = tuple[str, ...]
RUN: Command = ("run",)
"""The daemon. A walk in virtual time starts it with `--at TIME` before and `--once` behind."""
WORKER: Command = ("worker",)
"""It knows no `--at`: it runs all the time, in the real present or in one that is put in."""
RESTART = timedelta(seconds=1)
PATIENCE = 60.0
"""Seconds after which whoever leaves work undone is taken for stuck."""


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
class Tally:
    """What many walks with kills came to."""

    killed: int = 0
    retries: int = 0
    unknown: int = 0
    names: set[str] = field(default_factory=set)

    def add(self, walk: Walk, calm: Walk, where: str) -> None:
        """Count a walk, which may differ from a calm one by nothing but reasons."""
        assert walk.faults == [], where
        assert calm.sent <= walk.accounted, f"{where}: lost {calm.sent - walk.accounted}"
        assert walk.runs == calm.runs, where
        self.killed += len(walk.killed_at)
        self.names.update(walk.killed_at)
        self.retries, self.unknown = self.retries + walk.retries, self.unknown + walk.unknown

    def say(self, whose: str, record: Callable[[str, object], None]) -> None:
        for name in ("killed", "retries", "unknown"):
            record(name, getattr(self, name))
        twice = f"{self.retries} came twice by the one retry"
        print(f"{self.killed} kills {whose}: {twice}, {self.unknown} unknown; killed")
        print(", ".join(sorted(self.names)))


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

    def walk_together(self, commands: Sequence[Command], kills: Sequence[int] = ()) -> Walk:
        """The same five days with processes that run all the time, workers among them. When nobody has
        anything to do or in hand, time jumps on; who is killed is started again at once."""
        engine = connect(self.url)
        shutil.rmtree(self.project / WITNESS_FOLDER, ignore_errors=True)  # of another walk
        self.nursery.ask(do="reset", kills=list(kills))
        self.nursery.ask(do="jump", to=START.isoformat())
        self.nursery.ask(do="start", commands=self._whole(commands), present=True)
        try:
            faults = self._walk_together(engine)
            codes = self._stopped(signal.SIGKILL if faults else signal.SIGTERM)
            if not all(code in (0, -9) for code in codes):
                faults.append(f"told to stop they ended with {codes}")
            if faults:
                faults.append(self.nursery.said()[-2000:])
            counted = self.nursery.ask(do="count")
            with reading(engine) as connection:
                return _judged(connection, self.receiver, counted, faults)
        finally:
            self._stopped(signal.SIGKILL)
            engine.dispose()

    def _walk_together(self, engine: Engine) -> list[str]:
        faults: list[str] = []
        end = time.monotonic() + PATIENCE
        while not faults:
            found = self.nursery.ask(do="look")
            now = datetime.fromisoformat(found["now"])
            with reading(engine) as connection:
                if found["ended"]:
                    faults += [f"one ended with {code}" for code in found["ended"] if code != -9]
                    faults += [f"after the kill at {now}: {fault}" for fault in torn(connection)]
                elif not busy(connection, now, found["pids"]):
                    then = next_instant(connection, now)
                    if then is None or then > START + LASTS:
                        break
                    self.nursery.ask(do="jump", to=then.isoformat())
                    end = time.monotonic() + PATIENCE
                elif time.monotonic() > end:
                    faults.append(f"what is due at {now} is not done")
            time.sleep(0.01)
        return faults

    def _stopped(self, by: signal.Signals) -> list[int]:
        """Stop all that run; their exit codes."""
        for pid in self.nursery.ask(do="count")["pids"]:
            os.kill(pid, by)
        codes: list[int] = self.nursery.ask(do="wait")["codes"]
        return codes

    def _until_idle(self, engine: Engine, now: datetime) -> list[str]:
        """Wait until there is nothing left to do at an instant; or what came in between."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = self.nursery.ask(do="look")
            if found["ended"]:
                return ["killed" if c == -9 else f"one ended with {c}" for c in found["ended"]]
            with reading(engine) as connection:
                if not busy(connection, now, found["pids"]):
                    return []
            time.sleep(0.01)
        return ["what is due is not done"]

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
        """Daemons or workers in the real present, by their ids; at the end they are killed, and none of
        them ended before."""
        pids: list[int] = self.nursery.ask(do="start", commands=self._whole(commands))["pids"]
        try:
            yield pids
        finally:
            codes = self._stopped(signal.SIGKILL)
            assert set(codes) <= {0, -signal.SIGKILL}, self.nursery.said()[-2000:]

    def _whole(self, commands: Sequence[Command]) -> list[list[str]]:
        return [["--project", str(self.project), *command] for command in commands]


def next_instant(connection: Connection, now: datetime) -> datetime | None:
    """The next instant at which there is something to do, for anybody."""
    found = {due.next_due(connection, now), outbox.next_ready(connection, now)}
    return min((at for at in found if at is not None), default=None)


def busy(connection: Connection, now: datetime, living: Sequence[int]) -> bool:
    """Whether anybody living has something in hand, or could take something at `now`; in one look."""
    found = connection.execute(
        text("""
            WITH held AS (
                SELECT mailbox_key, lease_owner FROM due WHERE lease_until > :now
                UNION ALL SELECT NULL, lease_owner FROM outbox WHERE lease_until > :now)
            SELECT EXISTS (SELECT 1 FROM held
                    WHERE CAST(split_part(lease_owner, '-', 2) AS int) = ANY(:living))
                OR EXISTS (SELECT 1 FROM due WHERE due_at <= :now
                    AND mailbox_key NOT IN (SELECT mailbox_key FROM held WHERE mailbox_key <> ''))
                OR EXISTS (SELECT 1 FROM outbox WHERE coalesce(lease_until, 0) <= :now
                    AND (status = 'sending' OR status = 'queued' AND ready_at <= :now))"""),
        {"now": micros(now), "living": list(living)},
    )
    return bool(found.scalar())


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
