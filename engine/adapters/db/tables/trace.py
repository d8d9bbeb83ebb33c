"""The trace: what happened at each step, and why, with the evidence of that moment."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, SEQUENCE, Row, table_of


class TraceRow(Row, table=True):
    """One line (`domain.turn.Traced`)."""

    __tablename__ = "trace"
    __table_args__: ClassVar[Any] = (Index("ix_trace_person_id_at", "person_id", "at"),)

    seq: int | None = Field(default=None, primary_key=True, sa_type=SEQUENCE)
    person_id: str
    at: int = Field(sa_type=MICROS)
    journey: str
    run: str
    step: str | None = None
    what: str
    reason: str | None = None
    because: str = ""
    detail: dict[str, Any] = Field(sa_type=DOCUMENT, nullable=False)
    version: str = ""


TRACE = table_of(TraceRow)
