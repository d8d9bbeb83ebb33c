"""What all messages of a person come to (R6.3)."""

from __future__ import annotations

from typing import Any

from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, NUMBERS, Row, table_of


class ProfileRow(Row, table=True):
    """One person (`domain.disposition.Profile`) at their newest message. `sums` are what was seen of each of
    `sources`, a JSON list of names, and then the sums in the order of `emotion.EMOTIONS`; `talks` are the
    threads of that day, null where there are none. `config` is a hash of the settings that it was worked out
    by: by others it is worked out anew from the scores."""

    __tablename__ = "profile"

    person_id: str = Field(primary_key=True)
    at: int = Field(sa_type=MICROS)
    message: str
    config: str
    sources: str
    sums: bytes = Field(sa_type=NUMBERS)
    talks: list[Any] | None = Field(default=None, sa_type=DOCUMENT)


PROFILE = table_of(ProfileRow)
