"""Events: what happened, by the only door there is."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, SEQUENCE, Row, table_of


class EventRow(Row, table=True):
    """One event (`domain.event.Event`), unique by `(source, id)` (R1.4).

    `at` is when it acts: as reported, or `received_at` where the report lay in the future
    (`clock_skew`, R1.3). It is `pending` until its person's next turn has let it act; only then does
    it belong to the history.
    """

    __tablename__ = "event"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("source", "id"),
        Index("ix_event_person_id_name_at", "person_id", "name", "at"),
        Index("ix_event_name_at_person_id", "name", "at", "person_id"),
        Index(
            "ix_event_pending",
            "person_id",
            postgresql_where=text("pending"),
            sqlite_where=text("pending"),
        ),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=SEQUENCE)
    id: str
    source: str
    person_id: str
    name: str
    at: int = Field(sa_type=MICROS)
    received_at: int = Field(sa_type=MICROS)
    properties: dict[str, Any] = Field(sa_type=DOCUMENT, nullable=False)
    starts: bool = True
    clock_skew: bool = False
    pending: bool = False


EVENT = table_of(EventRow)
