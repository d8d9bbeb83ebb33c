"""Runs: where people stand in their journeys."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, Row, table_of


class RunRow(Row, table=True):
    """One run (`domain.run.Run`). What is asked of many runs at once has a column; `state` is the rest.

    `kept` says that the next turn needs it: it is live, or its goal may still be reached (R1.8).
    """

    __tablename__ = "run"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("journey", "person_id", "entry_key"),
        Index("ix_run_person_id", "person_id"),
        Index(
            "ix_run_standing",
            "journey",
            "step",
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    person_id: str
    journey: str
    entry_key: str
    entered_at: int = Field(sa_type=MICROS)
    version: str
    step: str | None = None
    since: int = Field(sa_type=MICROS)
    wake_at: int | None = Field(default=None, sa_type=MICROS)
    ended_at: int | None = Field(default=None, sa_type=MICROS)
    because: str | None = None
    held_out: bool = False
    goal_at: int | None = Field(default=None, sa_type=MICROS)
    kept: bool = True
    state: dict[str, Any] = Field(sa_type=DOCUMENT, nullable=False)


RUN = table_of(RunRow)
