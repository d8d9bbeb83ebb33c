"""Other ids that a person was once known by (`person merge`)."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class AliasRow(Row, table=True):
    """Whatever comes in for `old_id` is for `person_id`, who is nobody's alias."""

    __tablename__ = "alias"

    old_id: str = Field(primary_key=True)
    person_id: str = Field(index=True)
    at: int = Field(sa_type=MICROS)


ALIAS = table_of(AliasRow)
