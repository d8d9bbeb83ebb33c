"""The outbox: claimed for hand-off in the order of R3.7, marked before it begins, finished after.

A row goes queued, sending, and then sent, refused, unknown, dropped, needs_attention, or back to
queued with a later `ready_at`. `sending` is committed before the hand-off begins, so a process that
dies in it leaves an unknown outcome behind and never a second mail (R10.1). Every change of a row in
hand names its owner: whoever lost the claim changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, slots
from engine.adapters.db.connect import on_postgresql, writing
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.application.ports.outbox import Finished, Outgoing, Status
from engine.domain.journey import Class
from engine.domain.policy import CLAIM_GOOD_FOR
from engine.domain.reasons import Reason


def claim_outbox(
    engine: Engine,
    now: datetime,
    limit: int,
    owner: str,
    lease: timedelta,
    *,
    engaged_by: Collection[str] = (),
) -> list[Outgoing]:
    """Take the first messages in hand: by class, priority, due time, journey, step (R3.7).

    Committed when it returns; a claim that runs out is free again. What is paused stays where it is,
    from the moment of the pause on (R2.11). With `engaged_by` those go first, among equals of class
    and priority, of whom one of these events was heard last: for the warm-up.
    """
    with writing(engine) as connection:
        bound = {"now": micros(now), "ids": batch.listed(connection, engaged_by)}
        order = "due, journey, step, send_id"
        if engaged_by:
            order = f"{_ENGAGED.format(batch.among(connection, 'name'))} DESC NULLS LAST, {order}"
        found = connection.execute(
            sql(
                "SELECT send_id FROM outbox WHERE status = 'queued' AND ready_at <= :now"
                " AND (lease_until IS NULL OR lease_until <= :now)"
                " AND NOT EXISTS (SELECT 1 FROM switch s"
                " WHERE s.until IS NULL AND s.journey IN ('', outbox.journey))"
                f" ORDER BY rank, priority, {order} LIMIT :limit"
                f"{' FOR UPDATE OF outbox SKIP LOCKED' if on_postgresql(connection) else ''}"
            ),
            {**bound, "limit": limit},
        )
        ordered = list(found.scalars())
        if not ordered:
            return []
        taken = connection.execute(
            sql(
                "UPDATE outbox SET lease_owner = :owner, lease_until = :until"
                f" WHERE {batch.among(connection, 'send_id')} RETURNING {_COLUMNS}"
            ),
            {
                "owner": owner,
                "until": micros(now + lease),
                "ids": batch.listed(connection, ordered),
            },
        )
        rows = {row.send_id: _outgoing(row._asdict()) for row in taken}
    return [rows[send_id] for send_id in ordered]


_ENGAGED = "(SELECT max(e.at) FROM event e WHERE e.person_id = outbox.person_id AND e.{})"


def mark_sending(
    connection: Connection, send_ids: Collection[str], owner: str, until: datetime
) -> frozenset[str]:
    """Say that hand-off begins, and answer for which: only rows still in this owner's hand.

    Commit before the first byte leaves (R10.1). `until` is when, without an answer, the outcome counts
    as unknown. A hand-off begun is an attempt.
    """
    marked = connection.execute(
        sql(
            f"""
            UPDATE outbox SET status = 'sending', attempt = attempt + 1, lease_until = :until
            WHERE {batch.among(connection, "send_id")} AND lease_owner = :owner
                AND status = 'queued'
            RETURNING send_id
            """
        ),
        {
            "ids": batch.listed(connection, send_ids),
            "owner": owner,
            "until": micros(until),
        },
    )
    return frozenset(marked.scalars())


def finish(connection: Connection, finished: Sequence[Finished], owner: str) -> list[Outgoing]:
    """Record what became of claimed messages and end the claims; answer those that were still ours, as
    they are now."""
    if not finished:
        return []
    names = (
        "send_id", "status", "reason", "detail", "provider_id", "message_id", "sent_at", "ready_at"
    )  # fmt: skip
    types = (*["text"] * 6, "bigint", "bigint")
    rows = [
        (
            f.send_id, f.status, f.reason, codec.text(f.detail), codec.text(f.provider_id),
            codec.text(f.message_id), micros(f.sent_at), micros(f.ready_at),
        )
        for f in finished
    ]  # fmt: skip
    source, bound = batch.rows_of(connection, names, types, rows)
    ended = connection.execute(
        sql(
            f"""
            UPDATE outbox SET status = v.status, reason = v.reason, detail = v.detail,
                provider_id = v.provider_id, message_id = v.message_id, sent_at = v.sent_at,
                ready_at = coalesce(v.ready_at, outbox.ready_at), lease_owner = NULL,
                lease_until = CASE WHEN v.status = 'sending' THEN v.ready_at END
            FROM {source} WHERE outbox.send_id = v.send_id AND outbox.lease_owner = :owner
            RETURNING {_OF_OUTBOX}
            """
        ),
        {**bound, "owner": owner},
    )
    return [_outgoing(row._asdict()) for row in ended]


def claim_lost(
    engine: Engine, now: datetime, limit: int, owner: str, lease: timedelta
) -> list[Outgoing]:
    """Take in hand messages whose hand-off nobody finished in time: they may have left (R10.1).

    Committed when it returns. They stay `sending` until `finish`; whoever began them has lost them.
    """
    with writing(engine) as connection:
        found = connection.execute(
            sql(
                f"""
                UPDATE outbox SET lease_owner = :owner, lease_until = :until
                WHERE send_id IN (
                    SELECT send_id FROM outbox WHERE status = 'sending' AND lease_until <= :now
                    ORDER BY lease_until, send_id LIMIT :limit
                    {"FOR UPDATE SKIP LOCKED" if on_postgresql(connection) else ""}
                )
                RETURNING {_COLUMNS}
                """
            ),
            {"owner": owner, "until": micros(now + lease), "now": micros(now), "limit": limit},
        ).all()
    return [_outgoing(row._asdict()) for row in found]


def settle_accepted(
    connection: Connection, accepted: Mapping[tuple[str, str], datetime]
) -> list[Outgoing]:
    """Messages that may have left did leave: a provider says so (R10.1). `accepted` holds when, by
    person and send id; answers those that were open until now.

    Whoever has one in hand loses it, so that it is not sent again.
    """
    names, types = ("person_id", "send_id", "at"), ("text", "text", "bigint")
    rows = [(person, send_id, micros(at)) for (person, send_id), at in accepted.items()]
    source, bound = batch.rows_of(connection, names, types, rows)
    found = connection.execute(
        sql(
            f"""
            UPDATE outbox SET status = 'sent', reason = NULL, sent_at = coalesce(sent_at, v.at),
                lease_owner = NULL, lease_until = NULL
            FROM {source} WHERE outbox.send_id = v.send_id AND outbox.person_id = v.person_id
                AND outbox.attempt > 0 AND outbox.status IN ('queued', 'sending', 'unknown')
            RETURNING {_OF_OUTBOX}
            """
        ),
        bound,
    )
    return [_outgoing(row._asdict()) for row in found]


def release_outbox(engine: Engine, owner: str) -> int:
    """Give back the messages this owner has in hand and has not begun to send; answer how many."""
    with writing(engine) as connection:
        return connection.execute(
            sql(
                "UPDATE outbox SET lease_owner = NULL, lease_until = NULL"
                " WHERE lease_owner = :owner AND status = 'queued'"
            ),
            {"owner": owner},
        ).rowcount


def readdress(connection: Connection, person_ids: Collection[str], now: datetime) -> None:
    """What waits for people whose address has become another: nobody's claim holds, the whole gate is
    asked again as for a row older than 60 s (R3.9), and the slot counts for the mailbox it goes to."""
    if not person_ids:
        return
    ids = batch.listed(connection, person_ids)
    theirs = batch.among(connection, "person_id")
    connection.execute(
        sql(
            "UPDATE outbox SET lease_owner = NULL, lease_until = NULL,"
            " queued_at = CASE WHEN queued_at < :stale THEN queued_at ELSE :stale END"
            f" WHERE {theirs} AND status = 'queued'"
        ),
        {"ids": ids, "stale": micros(now - CLAIM_GOOD_FOR) - 1},
    )
    waiting = connection.execute(
        sql(
            f"SELECT send_id FROM outbox WHERE {theirs} AND status IN ('queued', 'needs_attention')"
        ),
        {"ids": ids},
    )
    slots.follow(connection, list(waiting.scalars()), now)


MENDABLE = "('missing_value', 'render_failed')"


def try_again(connection: Connection, now: datetime, after: timedelta) -> int:
    """Queue messages again that could not be written, once there is a reason to hope (R9.1): their
    person was looked at since, another version was applied, or `after` has passed.

    Each takes its slot back, so that nobody else does meanwhile; but somebody may have taken the room
    before, so the whole gate is asked anew at the hand-off, where its own slot does not count against
    it. Answers how many there were.
    """
    found = connection.execute(
        sql(
            f"""
            UPDATE outbox SET status = 'queued', reason = NULL, detail = '', ready_at = :now,
                queued_at = CASE WHEN queued_at < :stale THEN queued_at ELSE :stale END
            WHERE status = 'needs_attention' AND reason IN {MENDABLE} AND ready_at < :now AND (
                ready_at <= :before
                OR ready_at < (SELECT max(applied_at) FROM version)
                OR EXISTS (SELECT 1 FROM due d WHERE d.person_id = outbox.person_id
                    AND d.looked_at > outbox.ready_at))
            RETURNING send_id
            """
        ),
        {
            "now": micros(now),
            "before": micros(now - after),
            "stale": micros(now - CLAIM_GOOD_FOR) - 1,
        },
    )
    send_ids = [row.send_id for row in found]
    if send_ids:
        slots.take_back(connection, send_ids, now)
    return len(send_ids)


def find_message(connection: Connection, send_id: str) -> tuple[Outgoing, str] | None:
    """A message and the mailbox key it was queued for, by its send id (the links in mails name it)."""
    found = connection.execute(
        sql(
            f"SELECT {_COLUMNS}, (SELECT mailbox_key FROM person p WHERE p.id = outbox.person_id)"
            " AS person_key FROM outbox WHERE send_id = :send_id"
        ),
        {"send_id": codec.text(send_id)},
    ).first()
    if found is None:
        return None
    row = found._asdict()
    return _outgoing(row), row["mailbox_key"] or row["person_key"]


def next_ready(connection: Connection, now: datetime) -> datetime | None:
    """The earliest instant after `now` at which a message may be claimed, or is given up as lost."""
    earliest: int | None = connection.execute(
        sql(
            "SELECT min(at) FROM ("
            " SELECT min(ready_at) AS at FROM outbox WHERE status = 'queued' AND ready_at > :now"
            " UNION ALL SELECT min(lease_until) FROM outbox"
            " WHERE status IN ('queued', 'sending') AND lease_until > :now) AS instants"
        ),
        {"now": micros(now)},
    ).scalar()
    return instant(earliest)


def messages_of(connection: Connection, person_id: str) -> list[Outgoing]:
    """All messages of a person, oldest first, for `why` and their timeline."""
    found = connection.execute(
        sql(f"SELECT {_COLUMNS} FROM outbox WHERE person_id = :who ORDER BY queued_at, send_id"),
        {"who": person_id},
    )
    return [_outgoing(row._asdict()) for row in found]


def with_status(connection: Connection, status: Status, limit: int = 1000) -> list[Outgoing]:
    """Messages in a status, oldest first: what needs attention, what is unknown."""
    found = connection.execute(
        sql(
            f"SELECT {_COLUMNS} FROM outbox WHERE status = :status"
            " ORDER BY queued_at, send_id LIMIT :limit"
        ),
        {"status": status, "limit": limit},
    )
    return [_outgoing(row._asdict()) for row in found]


def queued_again(connection: Connection, reason: Reason) -> list[Outgoing]:
    """Messages that had passed the gate and were stopped for this reason on their way out, oldest
    first."""
    found = connection.execute(
        sql(
            f"SELECT {_COLUMNS} FROM outbox WHERE status = 'queued' AND reason = :reason"
            " ORDER BY queued_at, send_id"
        ),
        {"reason": reason},
    )
    return [_outgoing(row._asdict()) for row in found]


_FIELDS = tuple(Outgoing.__dataclass_fields__)
_SLOT_KEY = "(SELECT s.mailbox_key FROM slot s WHERE s.send_id = outbox.send_id) AS mailbox_key"
_COLUMNS = ", ".join(_SLOT_KEY if name == "mailbox_key" else name for name in _FIELDS)
_OF_OUTBOX = ", ".join(
    _SLOT_KEY if name == "mailbox_key" else f"outbox.{name} AS {name}" for name in _FIELDS
)


def _outgoing(row: Mapping[str, Any]) -> Outgoing:
    fields = {name: row[name] for name in _FIELDS}
    for name in ("due", "ready_at", "expires", "queued_at", "sent_at"):
        fields[name] = instant(fields[name])
    entry = document(fields["entry"])
    fields["entry"] = None if entry is None else codec.event_in(entry)
    fields["klass"] = Class(fields["klass"])
    return Outgoing(**fields)
