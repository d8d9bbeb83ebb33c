"""The outbox: messages that passed the gate, and what became of each."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, SmallInteger, text
from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, Row, table_of


class OutboxRow(Row, table=True):
    """One message (`domain.turn.Queued`), unique by `send_id`, so no message of a run leaves twice.

    `status`: queued, sending (a hand-off has begun), sent, refused, unknown (R10.1), dropped, and
    needs_attention. `rank` and `priority` are the order of R3.7, lower first. `due` is when it was due
    first, and `ready_at` the earliest instant at which it may be claimed.
    """

    __tablename__ = "outbox"
    __table_args__: ClassVar[Any] = (
        Index(
            "ix_outbox_waiting",
            "rank",
            "priority",
            "due",
            "journey",
            "step",
            postgresql_where=text("status = 'queued'"),
            sqlite_where=text("status = 'queued'"),
        ),
        Index(
            "ix_outbox_sending",
            "lease_until",
            postgresql_where=text("status = 'sending'"),
            sqlite_where=text("status = 'sending'"),
        ),
        Index(
            "ix_outbox_attention",
            "ready_at",
            postgresql_where=text("status = 'needs_attention'"),
            sqlite_where=text("status = 'needs_attention'"),
        ),
        Index("ix_outbox_person_id", "person_id"),
    )

    send_id: str = Field(primary_key=True)
    person_id: str
    run: str
    journey: str
    step: str
    mail: str
    category: str
    klass: str
    rank: int = Field(sa_type=SmallInteger)
    priority: int = Field(sa_type=SmallInteger)
    due: int = Field(sa_type=MICROS)
    ready_at: int = Field(sa_type=MICROS)
    expires: int | None = Field(default=None, sa_type=MICROS)
    queued_at: int = Field(sa_type=MICROS)
    entry: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)
    sender: str | None = None
    tone: str | None = None
    status: str = "queued"
    reason: str | None = None
    detail: str = ""
    attempt: int = 0
    lease_owner: str | None = None
    lease_until: int | None = Field(default=None, sa_type=MICROS)
    provider_id: str = ""
    message_id: str = ""
    sent_at: int | None = Field(default=None, sa_type=MICROS)


OUTBOX = table_of(OutboxRow)
