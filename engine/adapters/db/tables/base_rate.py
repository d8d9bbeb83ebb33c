"""How often each emotion is read in messages of the business's own customers (R6.3)."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, Row, table_of


class BaseRateRow(Row, table=True):
    """One source, learned from so many `messages`; `rates` are in the order of `emotion.EMOTIONS`. What holds
    at an instant are all rows of the newest `holds_from` before it."""

    __tablename__ = "base_rate"

    holds_from: int = Field(primary_key=True, sa_type=MICROS)
    source: str = Field(primary_key=True)
    rates: list[float] = Field(sa_type=DOCUMENT, nullable=False)
    messages: int


BASE_RATE = table_of(BaseRateRow)
