"""Lifecycle thresholds, each with the day it holds from (R6.2)."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class ThresholdRow(Row, table=True):
    """One set (`domain.lifecycle.Thresholds`). Lengths are in microseconds."""

    __tablename__ = "threshold"

    holds_from: int = Field(primary_key=True, sa_type=MICROS)
    at_risk: int = Field(sa_type=MICROS)
    lapsed: int = Field(sa_type=MICROS)
    shop_gap: int | None = Field(default=None, sa_type=MICROS)
    because: str = ""


THRESHOLD = table_of(ThresholdRow)
