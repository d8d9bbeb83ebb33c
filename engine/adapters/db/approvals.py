"""Approvals: what was said of first sends of a step, and of single drafts (R7.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, due
from engine.adapters.db.outbox import queued_again
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.tables import APPROVAL
from engine.application.ports.outbox import Outgoing
from engine.domain.facts import Judgement
from engine.domain.reasons import Reason
from engine.domain.run import Run

JUDGED = ("version", "subject", "approved", "by", "at", "because")


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of a `subject`, which is a step, or the send id of the message to `person_id`."""

    version: str
    subject: str
    person_id: str | None
    said: Judgement


def judge(connection: Connection, judged: Sequence[Judged], waiting: Collection[str]) -> None:
    """Record judgements; whoever of `waiting` (people) waits for them is due at once.

    A later word on the same version replaces the earlier one. Messages that had passed the gate and
    wait for approval on their way out are asked again at once, too.
    """
    if not judged:
        return
    rows = [
        (
            one.version, one.subject, one.person_id, one.said.approved, micros(one.said.at),
            codec.text(one.said.by), codec.text(one.said.because),
        )
        for one in judged
    ]  # fmt: skip
    columns = ("version", "subject", "person_id", "approved", "at", "by", "because")
    changes = ", ".join(f"{name} = excluded.{name}" for name in ("approved", "at", "by", "because"))
    conflict = f"ON CONFLICT (version, subject) DO UPDATE SET {changes}"
    due.lock(connection, waiting)
    batch.insert(connection, APPROVAL, columns, rows, conflict)
    now = max(one.said.at for one in judged if one.said.at is not None)
    due.mark(connection, waiting, now)
    connection.execute(
        sql(
            "UPDATE outbox SET ready_at = :now WHERE status = 'queued' AND reason = 'approval'"
            f" AND {batch.among(connection, 'person_id')}"
        ),
        {"now": micros(now), "ids": batch.listed(connection, waiting)},
    )


def first_sends(
    connection: Connection, until: datetime | None = None
) -> dict[tuple[str, str], Judgement]:
    """What was said of first sends, up to an instant where one is given, by version and step:
    `Rulebook.judged`."""
    found = connection.execute(
        sql(
            f"SELECT {', '.join(JUDGED)} FROM approval WHERE person_id IS NULL"
            " AND (CAST(:until AS bigint) IS NULL OR at <= :until)"
        ),
        {"until": micros(until)},
    )
    return judged_in(found)


def judged_drafts(connection: Connection) -> dict[tuple[str, str], Judgement]:
    """What was said of single messages that still wait, by version and send id."""
    found = connection.execute(
        sql(
            f"SELECT {', '.join('a.' + name for name in JUDGED)} FROM approval a"
            " WHERE a.person_id IN (SELECT person_id FROM due WHERE due_at IS NOT NULL)"
        )
    )
    return judged_in(found)


def judged_in(rows: Iterable[Sequence[Any]]) -> dict[tuple[str, str], Judgement]:
    """Rows of the columns `JUDGED`, by version and subject."""
    return {
        (version, subject): Judgement(bool(approved), by, instant(at), because)
        for version, subject, approved, by, at, because in rows
    }


def latest(connection: Connection, limit: int) -> list[Judged]:
    """What was said last, the newest first."""
    found = connection.execute(
        sql(
            f"SELECT person_id, {', '.join(JUDGED)} FROM approval"
            " ORDER BY at DESC, version, subject LIMIT :limit"
        ),
        {"limit": limit},
    )
    return [
        Judged(version, subject, person, Judgement(bool(approved), by, instant(at), because))
        for person, version, subject, approved, by, at, because in found
    ]


def runs_at(connection: Connection, steps: Collection[tuple[str, str]]) -> list[Run]:
    """The live runs that stand at these steps (journey, step), the longest standing first."""
    rows: list[dict[str, Any]] = []
    for journey, step in steps:
        found = connection.execute(
            sql(
                "SELECT * FROM run WHERE ended_at IS NULL AND journey = :journey AND step = :step"
                " ORDER BY since, id"
            ),
            {"journey": journey, "step": step},
        )
        rows += [row._asdict() for row in found]
    return [codec.run_in(row, document(row["state"])) for row in rows]


def runs_stopped(connection: Connection) -> list[tuple[Run, Outgoing]]:
    """The messages that had passed the gate and wait for approval on their way out, for an edit voided
    the one they had; with their runs, which may have walked on."""
    stopped = queued_again(connection, Reason.APPROVAL)
    if not stopped:
        return []
    found = connection.execute(
        sql(f"SELECT * FROM run WHERE {batch.among(connection, 'id')}"),
        {"ids": batch.listed(connection, {one.run for one in stopped})},
    )
    rows = {row.id: row._asdict() for row in found}
    runs = {run: codec.run_in(row, document(row["state"])) for run, row in rows.items()}
    return [(runs[one.run], one) for one in stopped if one.run in runs]
