"""Write keys: by what other programs may send data in."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class WriteKeyRow(Row, table=True):
    """One key, by a hash of it: the key itself is shown once and kept nowhere.

    A name is never used again, for what came through a key that was revoked still names it. `scopes`
    are words with a space between them, `source` is what its events come from.
    """

    __tablename__ = "write_key"

    name: str = Field(primary_key=True)
    hash: str = Field(index=True, unique=True)
    source: str
    scopes: str
    created_at: int = Field(sa_type=MICROS)
    created_by: str = ""
    last_used_at: int | None = Field(default=None, sa_type=MICROS)
    revoked_at: int | None = Field(default=None, sa_type=MICROS)


WRITE_KEY = table_of(WriteKeyRow)
