"""Counts, for `status` and `plan`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db.tables.base import instant, micros


@dataclass(frozen=True, slots=True)
class Counts:
    """The engine at a glance. `overdue_since` is when the longest waiting turn was due (its lag)."""

    people: int
    events: int
    waiting_events: int
    overdue: int
    overdue_since: datetime | None
    next_due: datetime | None
    in_hand: int
    live_runs: Mapping[str, int]
    messages: Mapping[str, int]
    oldest_queued: datetime | None
    open_tasks: int
    suppressed: int


def counts(connection: Connection, now: datetime) -> Counts:
    """Count everything at `now`."""

    def number(statement: str) -> int:
        return int(connection.execute(sql(statement), _bound(statement, now)).scalar_one())

    def moment(statement: str) -> datetime | None:
        found: int | None = connection.execute(sql(statement), _bound(statement, now)).scalar()
        return instant(found)

    def grouped(statement: str) -> dict[str, int]:
        return {name: count for name, count in connection.execute(sql(statement))}

    return Counts(
        people=number("SELECT count(*) FROM person WHERE NOT erased"),
        events=number("SELECT count(*) FROM event"),
        waiting_events=number("SELECT count(*) FROM event WHERE pending"),
        overdue=number("SELECT count(*) FROM due WHERE due_at <= :now"),
        overdue_since=moment("SELECT min(due_at) FROM due WHERE due_at <= :now"),
        next_due=moment("SELECT min(due_at) FROM due WHERE due_at > :now"),
        in_hand=number("SELECT count(*) FROM due WHERE lease_until > :now"),
        live_runs=grouped(
            "SELECT journey, count(*) FROM run WHERE ended_at IS NULL GROUP BY journey"
            " ORDER BY journey"
        ),
        messages=grouped("SELECT status, count(*) FROM outbox GROUP BY status ORDER BY status"),
        oldest_queued=moment(
            "SELECT min(queued_at) FROM outbox WHERE status = 'queued' AND ready_at <= :now"
        ),
        open_tasks=number("SELECT count(*) FROM task WHERE closed_at IS NULL"),
        suppressed=number("SELECT count(*) FROM suppression"),
    )


def _bound(statement: str, now: datetime) -> dict[str, int]:
    return {"now": micros(now)} if ":now" in statement else {}


def people_at_steps(connection: Connection) -> dict[str, dict[str, int]]:
    """How many people stand on each step, by journey: what `plan` refuses to lose (R2.8)."""
    standing: dict[str, dict[str, int]] = {}
    for journey, step, count in connection.execute(
        sql(
            "SELECT journey, step, count(*) FROM run WHERE ended_at IS NULL AND step IS NOT NULL"
            " GROUP BY journey, step ORDER BY journey, step"
        )
    ):
        standing.setdefault(journey, {})[step] = count
    return standing


def segment_sizes(connection: Connection) -> dict[str, int]:
    """How many people are in each segment, as their last turns left it."""
    found = connection.execute(
        sql("SELECT segment, count(*) FROM membership GROUP BY segment ORDER BY segment")
    )
    return {segment: count for segment, count in found}
