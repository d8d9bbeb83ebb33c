"""The engine's switch: what is paused, without an edit (R2.11)."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class SwitchRow(Row, table=True):
    """A row is a pause, of the journey named or of the whole engine where the name is empty, from
    `since` up to `until`, or until today."""

    __tablename__ = "switch"

    journey: str = Field(primary_key=True)
    since: int = Field(primary_key=True, sa_type=MICROS)
    until: int | None = Field(default=None, sa_type=MICROS)
    by: str = ""


SWITCH = table_of(SwitchRow)
