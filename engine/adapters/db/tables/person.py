"""People: who they are, and what is kept of them so that nobody has to count it again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import SmallInteger
from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, Row, table_of


class PersonRow(Row, table=True):
    """One profile (`domain.person.Person`), with the orders in brief (`Standing`).

    `email` and `mailbox` are null where nothing was ever said of an address, and empty where it was
    taken away. `zone` is the valid IANA zone that rule R4.1 leads to, null for the company's.
    `created_at` is the business's word, `recorded_at` when the engine first heard of them. `said_at` has
    the instant of what was said last of each attribute, where it may come late (`PersonArrived.timed`).
    `address_since` is when an address came to a profile that was there before (`domain.own_data`).
    """

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    shard: int = Field(sa_type=SmallInteger)
    email: str | None = None
    mailbox: str | None = Field(default=None, index=True)
    mailbox_key: str = Field(index=True)
    zone: str | None = None
    zone_source: str | None = None
    country: str | None = None
    locale: str | None = None
    attributes: dict[str, Any] = Field(sa_type=DOCUMENT, nullable=False)
    created_at: int | None = Field(default=None, sa_type=MICROS)
    recorded_at: int | None = Field(default=None, sa_type=MICROS)
    erased: bool = False
    orders: int = 0
    first_order_at: int | None = Field(default=None, sa_type=MICROS)
    last_order_at: int | None = Field(default=None, sa_type=MICROS, index=True)
    own_gap: int | None = Field(default=None, sa_type=MICROS)
    won_back_at: int | None = Field(default=None, sa_type=MICROS)
    stage: str | None = None
    disposition: str | None = None
    disposition_since: int | None = Field(default=None, sa_type=MICROS)
    disposition_until: int | None = Field(default=None, sa_type=MICROS)
    said_at: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)
    address_since: int | None = Field(default=None, sa_type=MICROS)


PERSON = table_of(PersonRow)
