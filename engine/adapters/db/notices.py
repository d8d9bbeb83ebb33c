"""Notices to our own people, with the safety of the outbox (R2.7, R3.4, R10.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec
from engine.adapters.db.connect import on_postgresql, reading, writing
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.tables import NOTICE
from engine.application.ports.notices import Channel, Kind, Notice, Told

Queued = tuple[str, Kind, str, datetime]
"""Id, kind, what it is about, and from when on it may leave."""


def queue(
    connection: Connection,
    notices: Iterable[Queued],
    now: datetime,
    channel: Channel = "mail",
    said: str | None = None,
) -> None:
    """Put notices on their way, each once. `said` is JSON text."""
    columns = ("id", "kind", "about", "channel", "said", "queued_at", "ready_at", "status", "detail",
               "attempt")  # fmt: skip
    rows = [
        (key, kind, about, channel, said, micros(now), micros(ready), "queued", "", 0)
        for key, kind, about, ready in notices
    ]
    batch.insert(connection, NOTICE, columns, rows, "ON CONFLICT (id) DO NOTHING")


def next_notice(connection: Connection) -> datetime | None:
    """The earliest instant at which a notice may leave."""
    earliest: int | None = connection.execute(
        sql("SELECT min(ready_at) FROM notice WHERE status = 'queued'")
    ).scalar()
    return instant(earliest)


def undelivered(connection: Connection) -> dict[str, int]:
    """How many notices did not reach our people, by what happened to them."""
    found = connection.execute(
        sql(
            "SELECT detail, count(*) FROM notice"
            " WHERE status IN ('refused', 'unknown', 'needs_attention') GROUP BY detail"
        )
    )
    return {detail: count for detail, count in found}


class DatabaseNotices:
    """`application.ports.notices.NoticeStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(
        self, now: datetime, limit: int, owner: str, lease: timedelta, kinds: Collection[Kind]
    ) -> Sequence[Notice]:
        """Take the first ones in hand; committed on return. Looks before it locks."""
        with reading(self._engine) as connection:
            waiting = next_notice(connection)
        if waiting is None or waiting > now:
            return ()
        with writing(self._engine, durable=False) as connection:
            found = connection.execute(
                sql(
                    f"""
                    UPDATE notice SET lease_owner = :owner, lease_until = :until
                    WHERE id IN (
                        SELECT id FROM notice
                        WHERE status = 'queued' AND ready_at <= :now
                            AND (lease_until IS NULL OR lease_until <= :now)
                            AND {batch.among(connection, "kind")}
                        ORDER BY ready_at, id LIMIT :limit
                        {"FOR UPDATE SKIP LOCKED" if on_postgresql(connection) else ""}
                    )
                    RETURNING id, kind, about, channel, said, queued_at, attempt
                    """
                ),
                {
                    "owner": owner,
                    "until": micros(now + lease),
                    "now": micros(now),
                    "limit": limit,
                    "ids": batch.listed(connection, kinds),
                },
            ).all()
        claimed = [
            Notice(
                id=row.id,
                kind=row.kind,
                about=row.about,
                channel=row.channel,
                said=document(row.said) or {},
                queued_at=instant(row.queued_at),
                attempt=row.attempt,
            )
            for row in found
        ]
        return sorted(claimed, key=lambda notice: (notice.queued_at, notice.id))

    def mark_sending(self, notice_id: str, owner: str, until: datetime) -> bool:
        """Say that its hand-off begins; committed on return (R10.1)."""
        with writing(self._engine) as connection:
            marked = connection.execute(
                sql(
                    "UPDATE notice SET status = 'sending', attempt = attempt + 1,"
                    " lease_until = :until"
                    " WHERE id = :id AND lease_owner = :owner AND status = 'queued'"
                ),
                {"id": notice_id, "owner": owner, "until": micros(until)},
            )
        return marked.rowcount == 1

    def finish(self, told: Told, owner: str, now: datetime) -> None:
        """Keep what became of it and end the claim, where it is still ours."""
        with writing(self._engine) as connection:
            connection.execute(
                sql(
                    "UPDATE notice SET status = :status, detail = :detail, lease_owner = NULL,"
                    " lease_until = NULL, ready_at = coalesce(:ready_at, ready_at),"
                    " sent_at = :sent_at WHERE id = :id AND lease_owner = :owner"
                ),
                {
                    "id": told.id,
                    "owner": owner,
                    "status": told.status,
                    "detail": codec.text(told.detail),
                    "ready_at": micros(told.ready_at),
                    "sent_at": micros(now) if told.status == "sent" else None,
                },
            )

    def settle_unknown(self, now: datetime) -> int:
        """Once more with the same Message-ID, as transactional mail is (R10.1), then `unknown`."""
        stuck = "status = 'sending' AND lease_until <= :now"
        with reading(self._engine) as connection:
            found = connection.execute(
                sql(f"SELECT 1 FROM notice WHERE {stuck} LIMIT 1"), {"now": micros(now)}
            ).first()
        if found is None:
            return 0
        with writing(self._engine) as connection:
            return connection.execute(
                sql(
                    "UPDATE notice SET detail = 'the hand-off was begun and never finished',"
                    " status = CASE WHEN attempt < 2 THEN 'queued' ELSE 'unknown' END,"
                    f" lease_owner = NULL, lease_until = NULL WHERE {stuck}"
                ),
                {"now": micros(now)},
            ).rowcount

    def release(self, owner: str) -> int:
        """Give back what this owner has in hand and has not begun to send."""
        with writing(self._engine, durable=False) as connection:
            return connection.execute(
                sql(
                    "UPDATE notice SET lease_owner = NULL, lease_until = NULL"
                    " WHERE lease_owner = :owner AND status = 'queued'"
                ),
                {"owner": owner},
            ).rowcount
