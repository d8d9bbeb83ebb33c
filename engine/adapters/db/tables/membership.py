"""Who is in which segment, and since when (R1.7)."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class MembershipRow(Row, table=True):
    """A person in a segment, as their last turn left it."""

    __tablename__ = "membership"

    person_id: str = Field(primary_key=True)
    segment: str = Field(primary_key=True, index=True)
    since: int = Field(sa_type=MICROS)


MEMBERSHIP = table_of(MembershipRow)
