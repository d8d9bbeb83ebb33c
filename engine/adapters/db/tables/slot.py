"""Slots: the ledger that caps count (R3.3), hold-out ghosts in theirs (R3.4)."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, Row, table_of


class SlotRow(Row, table=True):
    """One slot (`domain.facts.Sent`), with category and tags frozen. A message has one at most."""

    __tablename__ = "slot"
    __table_args__: ClassVar[Any] = (
        Index("ix_slot_mailbox_key_at", "mailbox_key", "at"),
        Index("ix_slot_person_id_at", "person_id", "at"),
    )

    send_id: str = Field(primary_key=True)
    person_id: str
    mailbox_key: str
    mail: str
    category: str
    klass: str
    at: int = Field(sa_type=MICROS)
    tags: list[str] = Field(sa_type=DOCUMENT, nullable=False)
    run: str = ""
    step: str = ""
    ghost: bool = False


SLOT = table_of(SlotRow)
