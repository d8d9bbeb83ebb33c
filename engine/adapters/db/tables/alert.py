"""Alerts: what the operator has to know, told once until it is over."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class AlertRow(Row, table=True):
    """An alert by its name: open since `since`, told last at `told_at`, over since `cleared_at`."""

    __tablename__ = "alert"

    name: str = Field(primary_key=True)
    text: str
    since: int = Field(sa_type=MICROS)
    told_at: int = Field(sa_type=MICROS)
    cleared_at: int | None = Field(default=None, sa_type=MICROS)


ALERT = table_of(AlertRow)
