"""Tasks: a person needs a person (R2.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from engine.adapters.db.stored import instant, micros
from engine.domain.turn import TaskOpened


@dataclass(frozen=True, slots=True)
class Task:
    """A task for a human team, and who closed it."""

    opened: TaskOpened
    person_id: str
    closed_at: datetime | None = None
    closed_by: str = ""
    note: str = ""


def open_tasks(connection: Connection, team: str | None = None) -> list[Task]:
    """Tasks that nobody has closed, the oldest first."""
    found = connection.execute(
        sql(
            f"SELECT {_COLUMNS} FROM task WHERE closed_at IS NULL"
            " AND (CAST(:team AS varchar) IS NULL OR team = :team) ORDER BY at, id"
        ),
        {"team": team},
    )
    return [_task(row) for row in found]


def find_task(connection: Connection, task_id: str) -> Task | None:
    """A task by its id, or by the first letters of it where they fit one only."""
    found = connection.execute(
        sql(f"SELECT {_COLUMNS} FROM task WHERE substr(id, 1, :length) = :start LIMIT 2"),
        {"start": task_id, "length": len(task_id)},
    ).all()
    return _task(found[0]) if len(found) == 1 else None


def close_task(
    connection: Connection, task_id: str, now: datetime, by: str = "", note: str = ""
) -> bool:
    """Close a task; answer whether it was open. The event `task.done` is the caller's to ingest."""
    closed = connection.execute(
        sql(
            "UPDATE task SET closed_at = :now, closed_by = :by, note = :note"
            " WHERE id = :id AND closed_at IS NULL"
        ),
        {"id": task_id, "now": micros(now), "by": by, "note": note},
    )
    return closed.rowcount > 0


_COLUMNS = (
    "id, run, journey, step, team, because, urgency, at, until, briefing, person_id, closed_at,"
    " closed_by, note"
)


def _task(row: Row[Any]) -> Task:
    return Task(
        TaskOpened(
            id=row.id,
            run=row.run,
            journey=row.journey,
            step=row.step,
            team=row.team,
            because=row.because,
            urgency=row.urgency,
            at=instant(row.at),
            until=instant(row.until),
            briefing=row.briefing,
        ),
        row.person_id,
        instant(row.closed_at),
        row.closed_by,
        row.note,
    )
