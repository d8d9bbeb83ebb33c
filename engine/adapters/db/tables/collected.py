"""How far the mailboxes that we read are read."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class CollectedRow(Row, table=True):
    """A mailbox, or one mail of a Maildir that is stored and not yet put away. `last` is the highest
    number that is stored, in the numbering `validity` (IMAP's UID and UIDVALIDITY, RFC 9051 2.3.1.1)."""

    __tablename__ = "collected"

    mailbox: str = Field(primary_key=True)
    validity: int = Field(sa_type=BigInteger)
    last: int = Field(sa_type=BigInteger)
    at: int = Field(sa_type=MICROS)


COLLECTED = table_of(CollectedRow)
