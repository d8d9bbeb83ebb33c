"""What a provider has told already, so that nothing counts twice, and touches that wait for a judgement."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class ToldRow(Row, table=True):
    """One thing told (`domain.told.Told`), by keyed hashes: of what it says, and, where the provider gave
    it an id, of that (`twin`). Nothing of a person can be read from them. Received at `at`; removed
    when no provider repeats it any more."""

    __tablename__ = "told"
    __table_args__: ClassVar[Any] = (
        Index(
            "ux_told_twin",
            "twin",
            unique=True,
            postgresql_where=text("twin <> ''"),
            sqlite_where=text("twin <> ''"),
        ),
        Index("ix_told_at", "at"),
    )

    key: str = Field(primary_key=True)
    twin: str = ""
    at: int = Field(sa_type=MICROS)


class TouchRow(Row, table=True):
    """A mail was opened, or a `link` in it clicked, by the program `agent` (`domain.scanners.Touch`); kept
    only of people who agree to that. It waits until its neighbours are there, is judged, and stays as a
    neighbour of later ones for a while."""

    __tablename__ = "touch"
    __table_args__: ClassVar[Any] = (
        Index("ix_touch_send_id", "send_id"),
        Index("ix_touch_received_at", "received_at"),
        Index(
            "ix_touch_waiting",
            "received_at",
            postgresql_where=text("NOT judged"),
            sqlite_where=text("NOT judged"),
        ),
    )

    key: str = Field(primary_key=True)
    person_id: str
    send_id: str
    what: str
    at: int = Field(sa_type=MICROS)
    received_at: int = Field(sa_type=MICROS)
    link: str = ""
    agent: str = ""
    machine: bool = False
    judged: bool = False


TOLD = table_of(ToldRow)
TOUCH = table_of(TouchRow)
