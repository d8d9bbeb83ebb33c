"""Addresses that are never written to (R5.2, R5.8)."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class SuppressionRow(Row, table=True):
    """A mailbox by its key. `because` is one of hard_bounce, soft_bounces, complaint, opt_out, manual."""

    __tablename__ = "suppression"

    mailbox_key: str = Field(primary_key=True)
    because: str
    since: int = Field(sa_type=MICROS)
    source: str = ""
    address: str = ""


SUPPRESSION = table_of(SuppressionRow)
