"""Moods read from messages (R6.3)."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, SEQUENCE, Row, table_of


class ReadingRow(Row, table=True):
    """One emotion of one message (`domain.emotion.Reading`).

    It holds a level from `at` to `until_LEVEL`, inclusive; null for a level it never reached.
    """

    __tablename__ = "reading"
    __table_args__: ClassVar[Any] = (
        Index("ix_reading_person_id", "person_id"),  # wider ones cost more than they find
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=SEQUENCE)
    person_id: str
    emotion: str
    at: int = Field(sa_type=MICROS)
    recorded_at: int | None = Field(default=None, sa_type=MICROS)
    probability: float
    message: str = ""
    until_low: int | None = Field(default=None, sa_type=MICROS)
    until_medium: int | None = Field(default=None, sa_type=MICROS)
    until_high: int | None = Field(default=None, sa_type=MICROS)


READING = table_of(ReadingRow)
