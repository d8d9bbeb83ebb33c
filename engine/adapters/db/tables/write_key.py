"""Write keys: by what other programs may send data in."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class WriteKeyRow(Row, table=True):
    """One key, by a hash of it: the key itself is shown once and kept nowhere.

    `scopes` are words with a space between them. `source` is what its events come from. Of the keys
    that are not revoked, no two have one name.
    """

    __tablename__ = "write_key"
    __table_args__: ClassVar[Any] = (
        Index(
            "ix_write_key_in_use",
            "name",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
            sqlite_where=text("revoked_at IS NULL"),
        ),
    )

    hash: str = Field(primary_key=True)
    name: str
    source: str
    scopes: str
    created_at: int = Field(sa_type=MICROS)
    created_by: str = ""
    last_used_at: int | None = Field(default=None, sa_type=MICROS)
    revoked_at: int | None = Field(default=None, sa_type=MICROS)


WRITE_KEY = table_of(WriteKeyRow)
