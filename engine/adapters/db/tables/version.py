"""Applied versions of the whole project, and the pictures they use."""

from __future__ import annotations

from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, SEQUENCE, Row, table_of


class VersionRow(Row, table=True):
    """One `apply`. `files` maps each path to its text, `assets` each picture's path to its hash.

    `since` has, under `segments` and `journeys`, since when each definition is live, and under
    `backfills` when each was confirmed (R1.1).
    """

    __tablename__ = "version"

    seq: int | None = Field(default=None, primary_key=True, sa_type=SEQUENCE)
    hash: str = Field(index=True)
    files: dict[str, Any] = Field(sa_type=DOCUMENT, nullable=False)
    assets: dict[str, Any] = Field(sa_type=DOCUMENT, nullable=False)
    since: dict[str, Any] = Field(sa_type=DOCUMENT, nullable=False)
    applied_at: int = Field(sa_type=MICROS)
    by: str = ""


class AssetRow(Row, table=True):
    """A picture, kept by the hash of its bytes, under which it is served for ever."""

    __tablename__ = "asset"

    hash: str = Field(primary_key=True)
    name: str
    content: bytes = Field(sa_type=LargeBinary)


VERSION = table_of(VersionRow)
ASSET = table_of(AssetRow)
