"""Rates that all processes keep together, and streams that are stopped (`domain.pace`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.tables import PACE
from engine.domain.journey import Class
from engine.domain.pace import Rate, Wanted, stream_to, take


def hold_back(
    connection: Connection, send_ids: Sequence[str], rates: Mapping[str, Rate], now: datetime
) -> dict[str, datetime]:
    """Which of these messages, in this order, have to wait until when; the others have their tokens.

    The streams are locked until the transaction ends, in order of their names. Without rates and stops
    it costs one statement.
    """
    stopped = stops(connection, now)
    if not send_ids or not (rates or stopped):
        return {}
    wanted = _wanted(connection, send_ids)
    used = {stream for one in wanted for stream in (stream_to(one.mailbox),)} | rates.keys()
    free_at = _locked(connection, sorted(used & rates.keys()))
    waiting, taken = take(wanted, rates, free_at, stopped, now)
    rows = [(stream, micros(at)) for stream, at in sorted(taken.items())]
    batch.update(connection, PACE, ("stream",), ("free_at",), rows)
    return waiting


def stop(connection: Connection, stream: str, now: datetime, until: datetime, because: str) -> bool:
    """Let nothing through a stream until an instant, if it is open; answer whether it was."""
    connection.execute(
        sql("INSERT INTO pace (stream, because) VALUES (:stream, '') ON CONFLICT DO NOTHING"),
        {"stream": stream},
    )
    stopped = connection.execute(
        sql(
            "UPDATE pace SET stopped_until = :until, because = :because WHERE stream = :stream"
            " AND (stopped_until IS NULL OR stopped_until <= :now)"
        ),
        {"stream": stream, "now": micros(now), "until": micros(until), "because": because},
    )
    return stopped.rowcount > 0


def stops(connection: Connection, now: datetime) -> dict[str, datetime]:
    """The streams that let nothing through now, and until when."""
    found = connection.execute(
        sql("SELECT stream, stopped_until FROM pace WHERE stopped_until > :now"),
        {"now": micros(now)},
    )
    return {stream: instant(until) for stream, until in found}


def _wanted(connection: Connection, send_ids: Sequence[str]) -> list[Wanted]:
    found = connection.execute(
        sql(
            "SELECT o.send_id, coalesce(p.mailbox, ''), o.klass FROM outbox o"
            " JOIN person p ON p.id = o.person_id"
            f" WHERE {batch.among(connection, 'o.send_id')}"
        ),
        {"ids": batch.listed(connection, send_ids)},
    )
    by_id = {send_id: Wanted(send_id, mailbox, Class(klass)) for send_id, mailbox, klass in found}
    return [by_id[send_id] for send_id in send_ids if send_id in by_id]


def _locked(connection: Connection, streams: Sequence[str]) -> dict[str, datetime]:
    batch.insert(
        connection,
        PACE,
        ("stream", "because"),
        [(stream, "") for stream in streams],
        "ON CONFLICT (stream) DO NOTHING",
    )
    found = connection.execute(
        sql(
            f"SELECT stream, free_at FROM pace WHERE {batch.among(connection, 'stream')}"
            f" ORDER BY stream{batch.for_update(connection)}"
        ),
        {"ids": batch.listed(connection, streams)},
    )
    return {stream: instant(at) for stream, at in found if at is not None}
