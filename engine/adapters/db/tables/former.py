"""What was before each change, so that the past can be looked at as it was (`adapters.db.then`)."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, SEQUENCE, Row, table_of


class FormerRow(Row, table=True):
    """One change of what is kept of a person, by what it took away or replaced. Append-only.

    `what` is turn, person, disposition, run, slot, mood or walk (of the demo), and `about` the id of the
    run, or the key of the mailbox that the slot counted for. `was` holds only what is another now;
    `adapters.db.former` writes it and `adapters.db.then` reads it. `at` is when the change was recorded.
    Tables that only grow (events, the consent ledger) need no row here: their own say when they were
    recorded.
    """

    __tablename__ = "former"
    __table_args__: ClassVar[Any] = (
        Index("ix_former_person_id_seq", "person_id", "seq"),
        Index(
            "ix_former_slot",
            "about",
            postgresql_where=text("what = 'slot'"),
            sqlite_where=text("what = 'slot'"),
        ),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=SEQUENCE)
    person_id: str
    at: int = Field(sa_type=MICROS)
    what: str
    about: str = ""
    was: dict[str, Any] = Field(sa_type=DOCUMENT, nullable=False)


FORMER = table_of(FormerRow)
