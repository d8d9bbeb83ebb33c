"""Rates that all processes keep together, and lanes that are stopped (`domain.pace`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.tables import PACE
from engine.domain.journey import Class
from engine.domain.pace import Rate, Wanted, lane_to, take


def hold_back(
    connection: Connection, send_ids: Sequence[str], rates: Mapping[str, Rate], now: datetime
) -> dict[str, datetime]:
    """Which of these messages, in this order, have to wait until when; the others have their tokens.

    The lanes are locked until the transaction ends, in order of their names. Without rates and stops
    it costs one statement.
    """
    stopped = stops(connection, now)
    if not send_ids or not (rates or stopped):
        return {}
    wanted = _wanted(connection, send_ids)
    used = {lane for one in wanted for lane in (lane_to(one.mailbox),)} | rates.keys()
    free_at = _locked(connection, sorted(used & rates.keys()))
    waiting, taken = take(wanted, rates, free_at, stopped, now)
    rows = [(lane, micros(at)) for lane, at in sorted(taken.items())]
    batch.update(connection, PACE, ("lane",), ("free_at",), rows)
    return waiting


def stop(connection: Connection, lane: str, now: datetime, until: datetime, because: str) -> bool:
    """Let nothing through a lane until an instant, if it is open; answer whether it was."""
    connection.execute(
        sql("INSERT INTO pace (lane, because) VALUES (:lane, '') ON CONFLICT DO NOTHING"),
        {"lane": lane},
    )
    stopped = connection.execute(
        sql(
            "UPDATE pace SET stopped_until = :until, because = :because WHERE lane = :lane"
            " AND (stopped_until IS NULL OR stopped_until <= :now)"
        ),
        {"lane": lane, "now": micros(now), "until": micros(until), "because": because},
    )
    return stopped.rowcount > 0


def stops(connection: Connection, now: datetime) -> dict[str, datetime]:
    """The lanes that let nothing through now, and until when."""
    found = connection.execute(
        sql("SELECT lane, stopped_until FROM pace WHERE stopped_until > :now"), {"now": micros(now)}
    )
    return {lane: instant(until) for lane, until in found}


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


def _locked(connection: Connection, lanes: Sequence[str]) -> dict[str, datetime]:
    batch.insert(
        connection,
        PACE,
        ("lane", "because"),
        [(lane, "") for lane in lanes],
        "ON CONFLICT (lane) DO NOTHING",
    )
    found = connection.execute(
        sql(
            f"SELECT lane, free_at FROM pace WHERE {batch.among(connection, 'lane')}"
            f" ORDER BY lane{batch.for_update(connection)}"
        ),
        {"ids": batch.listed(connection, lanes)},
    )
    return {lane: instant(at) for lane, at in found if at is not None}
