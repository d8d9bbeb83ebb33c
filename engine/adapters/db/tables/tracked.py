"""Where the tracked links of a mail lead."""

from __future__ import annotations

from typing import Any

from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, Row, table_of


class TrackedRow(Row, table=True):
    """The targets of one mail, in the order in which its links are numbered: a list that only grows. It
    outlives the journey, so that a link in a mail works as long as this is kept."""

    __tablename__ = "tracked"

    send_id: str = Field(primary_key=True)
    person_id: str = Field(index=True)
    at: int = Field(sa_type=MICROS, index=True)
    targets: list[Any] = Field(sa_type=DOCUMENT, nullable=False)


TRACKED = table_of(TrackedRow)
