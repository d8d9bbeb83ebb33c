"""Notices: a team hears of a task, the operator of an alert, and somebody of a link to their own data
(R2.7, R3.4)."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, Row, table_of


class NoticeRow(Row, table=True):
    """One notice by one `channel` (mail, webhook). `about` is a task's id, an alert's name, or the mail
    on whose page somebody asked for their data. What an alert says is in `said`, the rest is written when
    it leaves. It holds nothing of a person.

    `status`: queued, sending (a hand-off has begun), sent, dropped, refused, unknown, and
    needs_attention.
    """

    __tablename__ = "notice"
    __table_args__: ClassVar[Any] = (
        Index(
            "ix_notice_waiting",
            "ready_at",
            postgresql_where=text("status IN ('queued', 'sending')"),
            sqlite_where=text("status IN ('queued', 'sending')"),
        ),
    )

    id: str = Field(primary_key=True)
    kind: str
    about: str = Field(index=True)
    channel: str = "mail"
    said: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)
    queued_at: int = Field(sa_type=MICROS)
    ready_at: int = Field(sa_type=MICROS)
    status: str = "queued"
    detail: str = ""
    attempt: int = 0
    lease_owner: str | None = None
    lease_until: int | None = Field(default=None, sa_type=MICROS)
    sent_at: int | None = Field(default=None, sa_type=MICROS)


NOTICE = table_of(NoticeRow)
