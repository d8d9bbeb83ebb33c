"""Addresses that are never written to, with their whole history (R5.2, R5.8)."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, SEQUENCE, Row, table_of


class SuppressionRow(Row, table=True):
    """A mailbox, by its key, from `since` until `lifted_at`; in force where that is null.

    `because` is one of hard_bounce, soft_bounces, provider (nothing reaches it through the provider, which
    has it on a list of its own), complaint, opt_out, manual. A lifted row stays, so that it can be said of
    any past moment whether the mailbox was suppressed. `address` is empty where only the key is known:
    after an erasure, or for a bounce of an address that nobody has any more.
    """

    __tablename__ = "suppression"
    __table_args__: ClassVar[Any] = (
        Index("ix_suppression_mailbox_key", "mailbox_key"),
        Index(
            "ux_suppression_in_force",
            "mailbox_key",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
            sqlite_where=text("lifted_at IS NULL"),
        ),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=SEQUENCE)
    mailbox_key: str
    because: str
    since: int = Field(sa_type=MICROS)
    source: str = ""
    address: str = ""
    lifted_at: int | None = Field(default=None, sa_type=MICROS)
    lifted_by: str = ""


SUPPRESSION = table_of(SuppressionRow)
