"""What all messages of a person come to (R6.3)."""

from __future__ import annotations

from typing import Any

from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, Row, table_of


class ProfileRow(Row, table=True):
    """One person (`domain.disposition.Profile`) at their newest message: `state` holds what was seen by
    source, the sums by emotion and the threads of that day. `config` is a hash of the settings that it was
    worked out by: by others it is worked out anew from the scores."""

    __tablename__ = "profile"

    person_id: str = Field(primary_key=True)
    at: int = Field(sa_type=MICROS)
    message: str
    config: str
    state: list[Any] = Field(sa_type=DOCUMENT, nullable=False)


PROFILE = table_of(ProfileRow)
