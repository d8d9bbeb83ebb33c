"""The words that people agreed to, once each."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class WordingRow(Row, table=True):
    """The words of a form in one version and language, as they were first shown at `since`. The ledger
    names them by `hash`."""

    __tablename__ = "wording"

    hash: str = Field(primary_key=True)
    form: str
    version: str
    language: str
    text: str
    since: int = Field(sa_type=MICROS)


WORDING = table_of(WordingRow)
