"""Who is due for a turn, and who has them in hand: leases on people, in whole mailboxes.

One mailbox is never in two hands: its caps are counted by whoever decides, so two workers that each
held one of its profiles could take the last slot twice (R3.3, R3.5).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch
from engine.adapters.db.connect import on_postgresql, writing
from engine.adapters.db.stored import instant, micros

_CLAIMING = 0x51C_E2E1
"""The advisory lock under which claims stand in line: they are short, and mailboxes stay whole. A claim
within shards shares it with others of its kind, and has the locks of its shards to itself."""


_MAILBOX_FREE = """(
    SELECT 1 FROM due o WHERE o.mailbox_key = d.mailbox_key AND o.lease_until > :now LIMIT 1) IS NULL"""
"""Looked up one by one, which `NOT EXISTS` is not: PostgreSQL makes a join of that, and compares everybody
with all who are in hand."""

_LOCKED = """WITH locked AS MATERIALIZED (
    SELECT person_id, mailbox_key, lease_until, lease_owner = :owner AS ours FROM due
    WHERE person_id = ANY(CAST(:ids AS text[])) ORDER BY person_id FOR UPDATE)"""
_JOIN_LOCKED = """JOIN locked ON locked.person_id = v.person_id
    AND locked.mailbox_key = v.mailbox_key AND locked.lease_until = v.lease_until AND locked.ours"""
"""The order of `lock`, within the one statement. What is asked of them is asked there: PostgreSQL takes
a condition on `due` itself for a rare one, since hardly anybody is in hand when it takes its statistics,
and then compares all people with all."""
_STILL_OURS = """AND due.lease_owner = :owner AND due.lease_until = v.lease_until
    AND due.mailbox_key = v.mailbox_key"""

_SOONER = """ON CONFLICT (person_id) DO UPDATE SET
    changed = due.changed + 1,
    due_at = CASE WHEN due.due_at <= excluded.due_at THEN due.due_at ELSE excluded.due_at END"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A person in hand. `due_at` says since when the turn was due (it is the lag's measure)."""

    person_id: str
    mailbox_key: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a turn leaves behind of a person. `changed` is what it had seen, `mailbox_key` the mailbox
    whose caps it counted, `lease_until` the claim that it was taken under; `knocking` is JSON text."""

    person_id: str
    lease_until: int | None
    mailbox_key: str
    changed: int
    due_at: datetime | None
    looked_at: datetime | None
    wakes_at: datetime | None
    zone: str | None
    knocking: str


def claim(
    engine: Engine,
    now: datetime,
    limit: int,
    owner: str,
    lease: timedelta,
    shards: Collection[int] | None = None,
) -> list[Claimed]:
    """Take the longest due people in hand until `now + lease`: about `limit`, mailboxes whole.

    Of these `shards` only, where they are given: claims of different shards do not wait for each other
    (a mailbox lies in one shard).

    Committed when it returns. `owner` names one claimant at a time: a thread of a process, not a
    machine. Leases that ran out are free again, so a killed worker's people come back by themselves.
    Whoever shares a mailbox with somebody in other hands waits. In order of mailbox, then person.
    """
    with writing(engine, durable=False) as connection:
        _stand_in_line(connection, shards)
        within = "" if shards is None else f"AND {batch.among_numbers(connection, 'd.shard')}"
        mailboxes = f"""
            SELECT d.mailbox_key FROM due d WHERE d.due_at <= :now {within} AND {_MAILBOX_FREE}
            ORDER BY d.due_at, d.person_id LIMIT :limit"""
        bound = {} if shards is None else {"numbers": batch.listed_numbers(connection, shards)}
        return _take(
            connection, mailboxes, "d.due_at <= :now", now, owner, lease, limit=limit, **bound
        )


def claim_these(
    engine: Engine, person_ids: Collection[str], now: datetime, owner: str, lease: timedelta
) -> list[Claimed]:
    """Take certain people in hand, due or not, where nobody else has them or their mailbox.

    For the second look at the gate before a hand-off (R3.9), which counts caps as a turn does.
    """
    with writing(engine, durable=False) as connection:
        _stand_in_line(connection)
        these = batch.among(connection, "d.person_id")
        mailboxes = f"SELECT d.mailbox_key FROM due d WHERE {these} AND {_MAILBOX_FREE}"
        ids = batch.listed(connection, person_ids)
        return _take(connection, mailboxes, these, now, owner, lease, ids=ids)


def release(engine: Engine, owner: str, person_ids: Collection[str] | None = None) -> int:
    """Give back everybody this owner has in hand, or those of them that are named, as due as before;
    answer how many."""
    with writing(engine, durable=False) as connection:
        these = "" if person_ids is None else f" AND {batch.among(connection, 'person_id')}"
        bound = {} if person_ids is None else {"ids": batch.listed(connection, person_ids)}
        return connection.execute(
            sql(
                "UPDATE due SET lease_owner = NULL, lease_until = NULL"
                f" WHERE lease_owner = :owner{these}"
            ),
            {"owner": owner, **bound},
        ).rowcount


def settle(
    connection: Connection, settled: Sequence[Settled], owner: str, now: datetime
) -> frozenset[str]:
    """End the claims of people, and answer whose: only those that `owner` still had in hand by the same
    claim, and in the mailbox that they were claimed with. Who stalled, lost them, and claimed them once
    more has decided the first time without what others did meanwhile.

    Whoever has changed since their turn was loaded is due at once.
    """
    if not settled:
        return frozenset()
    names = (
        "person_id", "lease_until", "mailbox_key", "changed", "due_at", "looked_at", "wakes_at", "zone",
        "knocking",
    )  # fmt: skip
    types = ("text", "bigint", "text", *["bigint"] * 4, "text", "text")
    rows = [
        (s.person_id, s.lease_until, s.mailbox_key, s.changed, micros(s.due_at), micros(s.looked_at),
         micros(s.wakes_at), s.zone, s.knocking)
        for s in settled
    ]  # fmt: skip
    source, bound = batch.rows_of(connection, names, types, rows)
    if on_postgresql(connection):
        knocking, locked, join, ours = "CAST(v.knocking AS jsonb)", _LOCKED, _JOIN_LOCKED, ""
        bound["ids"] = bound["v_person_id"]
    else:
        knocking, locked, join, ours = "v.knocking", "", "", _STILL_OURS
    ended = connection.execute(
        sql(
            f"""
            {locked} UPDATE due SET
                due_at = CASE WHEN due.changed = v.changed THEN v.due_at ELSE :now END,
                looked_at = v.looked_at, wakes_at = v.wakes_at, zone = v.zone,
                knocking = {knocking}, lease_owner = NULL, lease_until = NULL
            FROM {source} {join}
            WHERE due.person_id = v.person_id {ours}
            RETURNING due.person_id
            """
        ),
        {**bound, "owner": owner, "now": micros(now)},
    )
    return frozenset(ended.scalars())


def lock(connection: Connection, person_ids: Collection[str]) -> None:
    """Lock people before anything of theirs is changed, in order of their ids.

    Whoever writes takes these locks first and in this order, so no two of them ever wait for each
    other. SQLite has one writer anyway.
    """
    if on_postgresql(connection):
        connection.execute(
            sql(
                f"SELECT 1 FROM due WHERE {batch.among(connection, 'person_id')}"
                " ORDER BY person_id FOR UPDATE"
            ),
            {"ids": batch.listed(connection, person_ids)},
        )


def lock_readers(connection: Connection, send_ids: Collection[str]) -> None:
    """As `lock`, for the people that messages go to."""
    if on_postgresql(connection):
        connection.execute(
            sql(
                "SELECT 1 FROM due WHERE person_id IN (SELECT person_id FROM outbox"
                f" WHERE {batch.among(connection, 'send_id')}) ORDER BY person_id FOR UPDATE"
            ),
            {"ids": batch.listed(connection, send_ids)},
        )


def mark(connection: Connection, person_ids: Collection[str], now: datetime) -> None:
    """Make people due at once, because something of theirs changed; also those in somebody's hand."""
    if not person_ids:
        return
    connection.execute(
        sql(
            f"""
            INSERT INTO due (person_id, shard, mailbox_key, due_at, changed)
            SELECT id, shard, mailbox_key, :now, 1 FROM person
            WHERE {batch.among(connection, "id")} ORDER BY id
            {_SOONER}
            """
        ),
        {"ids": batch.listed(connection, person_ids), "now": micros(now)},
    )


def mark_pending(connection: Connection, person_ids: Collection[str], now: datetime) -> None:
    """Make due whoever of these has an event that has not acted yet: at once, or when it comes."""
    connection.execute(
        sql(
            f"""
            INSERT INTO due (person_id, shard, mailbox_key, due_at, changed)
            SELECT p.id, p.shard, p.mailbox_key,
                   min(CASE WHEN e.at > :now THEN e.at ELSE :now END), 1
            FROM event e JOIN person p ON p.id = e.person_id
            WHERE e.pending AND NOT p.erased AND {batch.among(connection, "e.person_id")}
            GROUP BY p.id, p.shard, p.mailbox_key ORDER BY p.id
            {_SOONER}
            """
        ),
        {"ids": batch.listed(connection, person_ids), "now": micros(now)},
    )


def mark_everybody(connection: Connection, now: datetime) -> int:
    """Make everybody due at once, for the rules have changed (`apply`, new thresholds).

    Turns in hand were decided by the old rules: they lose their claim and are decided anew (R2.8).
    Answers how many people there are.
    """
    return connection.execute(
        sql(
            f"""
            INSERT INTO due (person_id, shard, mailbox_key, due_at, changed)
            SELECT id, shard, mailbox_key, :now, 1 FROM person WHERE NOT erased ORDER BY id
            {_SOONER}, lease_owner = NULL, lease_until = NULL
            """
        ),
        {"now": micros(now)},
    ).rowcount


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """The earliest instant after `now` at which somebody is due, or comes back from a hand that died."""
    earliest: int | None = connection.execute(
        sql(
            "SELECT min(at) FROM (SELECT min(due_at) AS at FROM due WHERE due_at > :now"
            " UNION ALL SELECT min(lease_until) FROM due"
            " WHERE due_at <= :now AND lease_until > :now) AS instants"
        ),
        {"now": micros(now)},
    ).scalar()
    return instant(earliest)


def database_clock(connection: Connection) -> datetime | None:
    """The database server's clock (R10.3); None for SQLite, which has the machine's own."""
    if not on_postgresql(connection):
        return None
    clock: datetime = connection.execute(sql("SELECT clock_timestamp()")).scalar_one()
    return clock


def _stand_in_line(connection: Connection, shards: Collection[int] | None = None) -> None:
    """Wait until no other claim can take the same mailboxes, and let none until this one is committed.

    Shards are locked in their order, so that two claims never wait for each other. The commit does not
    wait for the disk: a claim that a power cut undoes is one that its owner no longer has.
    """
    if not on_postgresql(connection):
        return
    at_ease = "SELECT set_config('synchronous_commit', 'off', true)"
    if shards is None:
        connection.execute(sql(f"{at_ease}, pg_advisory_xact_lock({_CLAIMING})"))
        return
    connection.execute(
        sql(
            f"{at_ease}, pg_advisory_xact_lock_shared({_CLAIMING}) UNION ALL"
            f" SELECT NULL, pg_advisory_xact_lock({_CLAIMING}, shard)"
            " FROM unnest(CAST(:shards AS integer[])) AS shard"
        ),
        {"shards": sorted(shards)},
    )


def _take(
    connection: Connection,
    mailboxes: str,
    who: str,
    now: datetime,
    owner: str,
    lease: timedelta,
    **bound: object,
) -> list[Claimed]:
    """Lease those of some free mailboxes `who` are meant, and those whose lease there ran out: their
    old holder must not store any more, now that the mailbox is in other hands.

    On PostgreSQL people whom ingest is just changing are left for the next. Arrays, where a list would
    do, make it look mailboxes up one by one instead of reading the table.
    """
    any_of, skip = "IN ({})", ""
    if on_postgresql(connection):
        any_of, skip = "= ANY (ARRAY({}))", " FOR UPDATE SKIP LOCKED"
    people = f"""
        SELECT d.person_id FROM due d WHERE d.mailbox_key {any_of.format(mailboxes)}
        AND ({who} OR d.lease_owner IS NOT NULL){skip}"""
    found = connection.execute(
        sql(
            f"""
            UPDATE due SET lease_owner = :owner, lease_until = :until
            WHERE person_id {any_of.format(people)} RETURNING person_id, mailbox_key, due_at
            """
        ),
        {"owner": owner, "until": micros(now + lease), "now": micros(now), **bound},
    )
    claimed = [Claimed(person, key, instant(at)) for person, key, at in found]
    return sorted(claimed, key=lambda c: (c.mailbox_key, c.person_id))
