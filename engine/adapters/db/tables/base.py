"""What all tables share: one metadata, the column types, the shard.

Instants and lengths are whole microseconds; `adapters.db.stored` translates them.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import JSON, BigInteger, Integer, LargeBinary, MetaData, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

MICROS = BigInteger()
"""An instant or a length of time, in microseconds."""

SEQUENCE = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database gives out, growing (SQLite does so for INTEGER only)."""

DOCUMENT = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON document."""

NUMBERS = LargeBinary()
"""A list of numbers, eight bytes each (`codec.packed`): as JSON they take a hundred times as long."""


class Row(SQLModel):
    """The base of all tables. Rows are read and written as Core statements on `table_of(...)`."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def table_of(row: type[Row]) -> Table:
    """The Core table of a SQLModel class: what every hot path uses."""
    return cast(Table, cast(Any, row).__table__)
