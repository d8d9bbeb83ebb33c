"""Counts and glances, for `status` and `plan`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.application.status import Attention, Counts, HeldBack, LastMail, Wake
from engine.domain.reasons import Reason


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
        people=people(connection),
        events=number("SELECT count(*) FROM event"),
        waiting_events=number(
            "SELECT count(*) FROM event e JOIN person p ON p.id = e.person_id"
            " WHERE e.pending AND NOT p.erased"
        ),
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
        suppressed=number("SELECT count(*) FROM suppression WHERE lifted_at IS NULL"),
        told=told(connection, now - _LATELY),
    )


def told(connection: Connection, since: datetime) -> dict[str, int]:
    """What became of mails, by event: how many left, and what providers told of them."""
    found = connection.execute(
        sql(
            f"SELECT name, count(*) FROM event WHERE name IN {_TOLD} AND at > :since GROUP BY name"
        ),
        {"since": micros(since)},
    )
    return {name: count for name, count in found}


_LATELY = timedelta(days=7)
_TOLD = "('mail.sent', 'mail.delivered', 'mail.bounced', 'mail.dropped', 'mail.complained')"


def overdue_since(
    connection: Connection, now: datetime, *, paused: bool, skip: Collection[str]
) -> datetime | None:
    """Since when the longest waiting turn or message could have been dealt with; messages that a pause
    holds are not late."""
    turns = "SELECT min(due_at) AS since FROM due WHERE due_at <= :now"
    messages = (
        "SELECT min(ready_at) FROM outbox WHERE status = 'queued' AND ready_at <= :now"
        f" AND NOT ({batch.among(connection, 'journey')})"
    )
    both = turns if paused else f"{turns} UNION ALL {messages}"
    since: int | None = connection.execute(
        sql(f"SELECT min(since) FROM ({both}) AS waiting"),
        {"now": micros(now), "ids": batch.listed(connection, skip)},
    ).scalar()
    return instant(since)


def _bound(statement: str, now: datetime) -> dict[str, int]:
    return {"now": micros(now)} if ":now" in statement else {}


def people(connection: Connection) -> int:
    """How many people there are."""
    return int(connection.execute(sql("SELECT count(*) FROM person WHERE NOT erased")).scalar_one())


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


def attention(connection: Connection, limit: int = 50) -> list[Attention]:
    """Messages that wait for somebody, the most frequent trouble first."""
    found = connection.execute(
        sql(
            "SELECT journey, step, mail, coalesce(reason, status), detail, count(*),"
            " min(queued_at), min(person_id) FROM outbox"
            " WHERE status IN ('needs_attention', 'unknown')"
            " GROUP BY journey, step, mail, coalesce(reason, status), detail"
            " ORDER BY 6 DESC, 1, 2, 5 LIMIT :limit"
        ),
        {"limit": limit},
    )
    return [
        Attention(journey, step, mail, Reason(reason), detail, count, instant(since), person)
        for journey, step, mail, reason, detail, count, since, person in found
    ]


def held_back(connection: Connection) -> list[HeldBack]:
    """Messages that the provider could not or would not take yet."""
    found = connection.execute(
        sql(
            "SELECT reason, count(*), min(queued_at), min(ready_at), max(detail) FROM outbox"
            " WHERE status = 'queued' AND reason IN ('provider_down', 'provider_rate')"
            " GROUP BY reason ORDER BY reason"
        )
    )
    return [
        HeldBack(Reason(reason), count, instant(since), instant(next_try), detail)
        for reason, count, since, next_try, detail in found
    ]


def next_wakes(connection: Connection, now: datetime, limit: int) -> list[Wake]:
    """Who wakes next inside a journey, of the thousand people whose turn is due next."""
    found = connection.execute(
        sql(
            "SELECT r.wake_at, r.person_id, r.journey, r.step FROM"
            " (SELECT person_id FROM due WHERE due_at > :now ORDER BY due_at, person_id LIMIT 1000)"
            " AS d JOIN run r ON r.person_id = d.person_id"
            " WHERE r.ended_at IS NULL AND r.wake_at > :now"
            " ORDER BY r.wake_at, r.person_id, r.journey LIMIT :limit"
        ),
        {"now": micros(now), "limit": limit},
    )
    return [Wake(instant(at), person, journey, step or "") for at, person, journey, step in found]


def last_mails(connection: Connection, limit: int) -> list[LastMail]:
    """The mails that left last, the newest first."""
    found = connection.execute(
        sql(
            "SELECT at, person_id, properties FROM event WHERE name = 'mail.sent' AND source = 'engine'"
            " ORDER BY at DESC, person_id LIMIT :limit"
        ),
        {"limit": limit},
    )
    return [
        LastMail(instant(at), person, str(said.get("mail", "")), str(said.get("journey", "")))
        for at, person, properties in found
        for said in [document(properties)]
    ]
