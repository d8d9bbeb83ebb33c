"""What other programs send in, as it came: stored before it is answered, and gone once it is processed."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, SEQUENCE, Row, table_of


class InboxRow(Row, table=True):
    """One delivery. `kind` says who can read it, `sender` through which key or mailbox it came.

    It waits, in somebody's hands until `lease_until`; `attempts` counts how often somebody took it.
    What could not be understood is `kept`, and `problem` says why.
    Ids are never used twice, for a late worker may still speak of one that is gone.
    """

    __tablename__ = "inbox"
    __table_args__: ClassVar[Any] = (
        Index(
            "ix_inbox_waiting",
            "kind",
            "id",
            postgresql_where=text("NOT kept"),
            sqlite_where=text("NOT kept"),
        ),
        Index(
            "ix_inbox_kept",
            "received_at",
            postgresql_where=text("kept"),
            sqlite_where=text("kept"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=SEQUENCE)
    kind: str
    sender: str = ""
    content_type: str = ""
    body: bytes = Field(sa_type=LargeBinary)
    received_at: int = Field(sa_type=MICROS)
    attempts: int = 0
    lease_until: int | None = Field(default=None, sa_type=MICROS)
    kept: bool = False
    problem: str = ""


INBOX = table_of(InboxRow)
