"""Who asked to be forgotten (R5.9)."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class TombstoneRow(Row, table=True):
    """The key of an id or of a mailbox (`stored.mailbox_key`) that must not come in again."""

    __tablename__ = "tombstone"

    key: str = Field(primary_key=True)
    at: int = Field(sa_type=MICROS)


TOMBSTONE = table_of(TombstoneRow)
