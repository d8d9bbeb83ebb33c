"""Approvals: first sends of a step, and single drafts (R7.3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import due
from engine.adapters.db.stored import micros


def approve_first_send(
    connection: Connection, journey_version: str, step: str, now: datetime, by: str = ""
) -> None:
    """Approve the first send of a step in this version of its journey: any edit voids it."""
    _judge(connection, journey_version, step, None, True, now, by)
    due.mark_everybody(connection, now)


def judge_draft(
    connection: Connection,
    send_id: str,
    person_id: str,
    approved: bool,
    now: datetime,
    by: str = "",
) -> None:
    """Approve or reject one message of `approval: every_send`; its person is due at once."""
    _judge(connection, "", send_id, person_id, approved, now, by)
    due.mark(connection, [person_id], now)


def approved_first_sends(connection: Connection) -> frozenset[tuple[str, str]]:
    """`(journey version, step)` of all approved first sends: `Rulebook.approved`."""
    found = connection.execute(
        sql("SELECT version, subject FROM approval WHERE version <> '' AND approved")
    )
    return frozenset((version, step) for version, step in found)


def _judge(
    connection: Connection,
    version: str,
    subject: str,
    person_id: str | None,
    approved: bool,
    now: datetime,
    by: str,
) -> None:
    connection.execute(
        sql(
            "INSERT INTO approval (version, subject, person_id, approved, at, by)"
            " VALUES (:version, :subject, :person_id, :approved, :at, :by)"
            " ON CONFLICT (version, subject) DO UPDATE SET"
            " approved = excluded.approved, at = excluded.at, by = excluded.by"
        ),
        {
            "version": version,
            "subject": subject,
            "person_id": person_id,
            "approved": approved,
            "at": micros(now),
            "by": by,
        },
    )
