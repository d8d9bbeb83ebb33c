"""Tasks: a person needs a person (R2.7)."""

from __future__ import annotations

from sqlalchemy import false
from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class TaskRow(Row, table=True):
    """One task (`domain.turn.TaskOpened`), and by whom it was closed."""

    __tablename__ = "task"

    id: str = Field(primary_key=True)
    person_id: str = Field(index=True)
    run: str
    journey: str
    step: str
    team: str
    because: str = ""
    urgency: str
    at: int = Field(sa_type=MICROS)
    until: int | None = Field(default=None, sa_type=MICROS)
    briefing: str | None = None
    sensitive: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    closed_at: int | None = Field(default=None, sa_type=MICROS)
    closed_by: str = ""
    note: str = ""


TASK = table_of(TaskRow)
