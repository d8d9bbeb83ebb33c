"""Tasks: a person needs a person (R2.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row
from sqlalchemy import text as sql

from engine.adapters.db import codec, identities
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.stored import instant, micros
from engine.application.ports.tasks import Task
from engine.application.tasks import task_done
from engine.domain.emotion import GROUPS
from engine.domain.turn import TaskOpened, TaskRaised


class DatabaseTasks:
    """`application.ports.tasks.Tasks`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, start: str) -> Task | None:
        """The task whose id is this or begins so, where it is the only one."""
        with reading(self._engine) as connection:
            return find_task(connection, start)

    def close(self, task_id: str, now: datetime, by: str, note: str) -> bool:
        """Close a task, and let `task.done` in; committed on return."""
        with writing(self._engine) as connection:
            return close_task(connection, task_id, now, by, note)


def open_tasks(connection: Connection, now: datetime, team: str | None = None) -> list[Task]:
    """Tasks that nobody has closed, in the order in which people should be helped: what is sensitive
    first, then the most urgent, then who is the most upset now, then who has waited the longest."""
    return _tasks(connection, "closed_at IS NULL", _TRIAGE, team=team, now=now)


def closed_tasks(connection: Connection, limit: int, team: str | None = None) -> list[Task]:
    """Tasks that were closed, the latest first."""
    return _tasks(connection, "closed_at IS NOT NULL", "closed_at DESC, id", limit, team=team)


def find_task(connection: Connection, start: str) -> Task | None:
    """A task by its id, or by the first letters of it where they fit one only."""
    found = connection.execute(
        sql(f"SELECT {_COLUMNS} FROM task WHERE substr(id, 1, :length) = :start LIMIT 2"),
        {"start": codec.text(start), "length": len(start)},
    ).all()
    return _task(found[0]) if len(found) == 1 else None


def close_task(
    connection: Connection, task_id: str, now: datetime, by: str = "", note: str = ""
) -> bool:
    """Close a task and take in its `task.done`; answer whether it was open."""
    identities.stand_still(connection)
    closed = connection.execute(
        sql(
            "UPDATE task SET closed_at = :now, closed_by = :by, note = :note"
            " WHERE id = :id AND closed_at IS NULL"
        ),
        {"id": task_id, "now": micros(now), "by": codec.text(by), "note": codec.text(note)},
    )
    if not closed.rowcount:
        return False
    task = find_task(connection, task_id)
    assert task is not None
    ingest(connection, [task_done(task, now)], now)
    return True


def raise_task(connection: Connection, raised: TaskRaised) -> str | None:
    """Make an open task more urgent, or due sooner; answers whose it is, or None where it is closed by
    now."""
    team: str | None = connection.execute(
        sql(
            "UPDATE task SET urgency = :urgency, sensitive = sensitive OR :sensitive,"
            " until = CASE WHEN until <= CAST(:until AS BIGINT) THEN until"
            " ELSE COALESCE(CAST(:until AS BIGINT), until) END"
            " WHERE id = :id AND closed_at IS NULL RETURNING team"
        ),
        {
            "id": raised.id,
            "urgency": raised.urgency,
            "sensitive": raised.sensitive,
            "until": None if raised.until is None else micros(raised.until),
        },
    ).scalar()
    return team


def close_by_event(
    connection: Connection, task_id: str, person_id: str, at: datetime, source: str
) -> None:
    """Close a task because its `task.done` came in from outside, where it is still open."""
    connection.execute(
        sql(
            "UPDATE task SET closed_at = :at, closed_by = :source"
            " WHERE id = :id AND person_id = :who AND closed_at IS NULL"
        ),
        {"id": task_id, "who": person_id, "at": micros(at), "source": codec.text(source)},
    )


_COLUMNS = (
    "id, run, journey, step, team, because, urgency, at, until, briefing, sensitive, person_id,"
    " closed_at, closed_by, note"
)
_UPSET = ", ".join(f"'{emotion}'" for emotion in GROUPS["upset"])
_TRIAGE = f"""sensitive DESC, CASE urgency WHEN 'now' THEN 0 WHEN 'today' THEN 1 ELSE 2 END,
    coalesce((SELECT max(until_low) FROM reading WHERE reading.person_id = task.person_id
        AND reading.at <= :now AND until_low > :now AND emotion IN ({_UPSET})), 0) DESC, at, id"""
"""All moods fade at one pace, so who is heard the longest is the most upset now (`domain.mood`)."""


def _tasks(
    connection: Connection,
    where: str,
    order: str,
    limit: int = 10_000,
    *,
    team: str | None,
    now: datetime | None = None,
) -> list[Task]:
    found = connection.execute(
        sql(
            f"SELECT {_COLUMNS} FROM task WHERE {where}"
            " AND (CAST(:team AS varchar) IS NULL OR team = :team)"
            f" ORDER BY {order} LIMIT :limit"
        ),
        {"team": team, "limit": limit, **({"now": micros(now)} if now else {})},
    )
    return [_task(row) for row in found]


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
            sensitive=bool(row.sensitive),
        ),
        row.person_id,
        instant(row.closed_at),
        row.closed_by,
        row.note,
    )
