"""Soft bounces in a row, by mailbox (R5.8)."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class BounceRow(Row, table=True):
    """One message that bounced softly since the last delivery to this mailbox.

    `message` is its send id, or the id of the bounce where the provider does not name the message.
    """

    __tablename__ = "bounce"

    mailbox_key: str = Field(primary_key=True)
    message: str = Field(primary_key=True)
    at: int = Field(sa_type=MICROS)


BOUNCE = table_of(BounceRow)
