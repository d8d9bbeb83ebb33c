"""The key by which addresses are hashed: its fingerprint, and the key itself unless it lies outside."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import Row, table_of


class AddressKeyRow(Row, table=True):
    """The only row. `secret` is null where the environment has it (`secrets.addresses`)."""

    __tablename__ = "address_key"

    fingerprint: str = Field(primary_key=True)
    secret: str | None = None


ADDRESS_KEY = table_of(AddressKeyRow)
