"""How fast mail may leave: what all processes together have used up of each rate."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class PaceRow(Row, table=True):
    """A stream (`domain.pace`): when its next token is there, and until when it lets nothing through,
    because of what."""

    __tablename__ = "pace"

    stream: str = Field(primary_key=True)
    free_at: int | None = Field(default=None, sa_type=MICROS)
    stopped_until: int | None = Field(default=None, sa_type=MICROS)
    because: str = ""


PACE = table_of(PaceRow)
