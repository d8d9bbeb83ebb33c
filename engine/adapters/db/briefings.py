"""What a task is about: the person as they are now, and the run that asked for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import codec, lives
from engine.adapters.db.people import document
from engine.application.ports.tasks import Task
from engine.domain.facts import Facts
from engine.domain.run import Run


def subject_of(
    connection: Connection, task: Task, now: datetime
) -> tuple[Facts | None, Run | None]:
    """The facts of the task's person (None where they were erased), and its run."""
    visits = lives.load(connection, [task.person_id], now, moods=True)
    facts = visits[0].life.facts if visits and not visits[0].life.facts.person.erased else None
    found = connection.execute(
        sql("SELECT * FROM run WHERE id = :run"), {"run": task.opened.run}
    ).first()
    if found is None:
        return facts, None
    row = found._asdict()
    return facts, codec.run_in(row, document(row["state"]))
