"""Due people: the only clockwork there is for a person."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, SmallInteger
from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, Row, table_of


class DueRow(Row, table=True):
    """When a person's next turn is due, and who has it in hand.

    `due_at` is null where time alone changes nothing. `changed` grows with every arrival, so that one
    that comes in during a turn makes the person due again. `looked_at`, `wakes_at` (its `due_at`),
    `zone` and `knocking` are the parts of `domain.turn.Life` that every turn may change.
    """

    __tablename__ = "due"
    __table_args__: ClassVar[Any] = (
        Index("ix_due_due_at_person_id", "due_at", "person_id"),
        Index("ix_due_mailbox_key", "mailbox_key"),
        Index("ix_due_shard_due_at", "shard", "due_at"),
    )

    person_id: str = Field(primary_key=True)
    shard: int = Field(sa_type=SmallInteger)
    mailbox_key: str
    due_at: int | None = Field(default=None, sa_type=MICROS)
    changed: int = Field(default=0, sa_type=MICROS)
    lease_owner: str | None = None
    lease_until: int | None = Field(default=None, sa_type=MICROS)
    looked_at: int | None = Field(default=None, sa_type=MICROS)
    wakes_at: int | None = Field(default=None, sa_type=MICROS)
    zone: str | None = None
    knocking: list[Any] | None = Field(default=None, sa_type=DOCUMENT)


DUE = table_of(DueRow)
