"""The consent ledger: append-only, so that any past mail can be justified (R5.1)."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, SEQUENCE, Row, table_of


class ConsentRow(Row, table=True):
    """One line (`domain.consent.ConsentEntry`); the state is a fold of them (`domain.consent.latest`)."""

    __tablename__ = "consent"
    __table_args__: ClassVar[Any] = (
        Index("ix_consent_person_id_topic_at", "person_id", "topic", "at", "seq"),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=SEQUENCE)
    person_id: str
    mailbox_key: str = Field(index=True)
    topic: str
    state: str
    basis: str = ""
    at: int = Field(sa_type=MICROS)
    recorded_at: int = Field(sa_type=MICROS)
    confirmed: bool = False
    expires_at: int | None = Field(default=None, sa_type=MICROS)
    own_act: bool = False
    source: str = ""
    wording: str = ""
    counts: bool = True


CONSENT = table_of(ConsentRow)
