"""Marks: what the engine remembers of itself, one row a name."""

from __future__ import annotations

from typing import Any

from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, Row, table_of


class MarkRow(Row, table=True):
    """When something of the engine's own happened last, and what there is to say of it."""

    __tablename__ = "mark"

    name: str = Field(primary_key=True)
    at: int = Field(sa_type=MICROS)
    said: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)


MARK = table_of(MarkRow)
