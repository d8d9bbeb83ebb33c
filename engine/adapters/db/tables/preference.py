"""What people chose for themselves (`domain.preference`)."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, SEQUENCE, Row, table_of


class PreferenceRow(Row, table=True):
    """One line; what holds is a fold of them (`domain.preference.wishes`)."""

    __tablename__ = "preference"

    seq: int | None = Field(default=None, primary_key=True, sa_type=SEQUENCE)
    person_id: str = Field(index=True)
    mailbox_key: str = Field(index=True)
    what: str
    value: str = ""
    active: bool = True
    at: int = Field(sa_type=MICROS)
    recorded_at: int = Field(sa_type=MICROS)
    until: int | None = Field(default=None, sa_type=MICROS)
    source: str = ""


PREFERENCE = table_of(PreferenceRow)
