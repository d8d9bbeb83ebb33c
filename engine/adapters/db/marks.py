"""Marks: what the engine remembers of itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, due
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.tables import MARK
from engine.domain.facts import Restored
from engine.domain.reasons import Reason

HEARTBEAT = "heartbeat"
COPIED = "copied"
RESTORED = "restored"
KEPT = "kept house"
BASE_RATES = "learned base rates"
FORMER_SINCE = "former since"


def mark(
    connection: Connection, name: str, at: datetime, said: Mapping[str, Any] | None = None
) -> None:
    """Note that something happened at `at`; the note before it is gone."""
    text = None if said is None else codec.dump(dict(said))
    batch.insert(
        connection, MARK, ("name", "at", "said"), [(name, micros(at), text)],
        "ON CONFLICT (name) DO UPDATE SET at = excluded.at, said = excluded.said",
    )  # fmt: skip


def take(connection: Connection, name: str, now: datetime, last_before: datetime) -> bool:
    """Note that something begins at `now`, if it was noted last at or before `last_before`, or never;
    answers whether that was so. Of several processes one is answered yes."""
    taken = connection.execute(
        sql(
            "INSERT INTO mark (name, at) VALUES (:name, :now) ON CONFLICT (name)"
            " DO UPDATE SET at = excluded.at WHERE mark.at <= :before RETURNING name"
        ),
        {"name": name, "now": micros(now), "before": micros(last_before)},
    )
    return taken.first() is not None


def marked(connection: Connection, name: str) -> tuple[datetime, dict[str, Any]] | None:
    """When something happened last, and what was said of it."""
    row = connection.execute(
        sql("SELECT at, said FROM mark WHERE name = :name"), {"name": name}
    ).first()
    return None if row is None else (instant(row.at), document(row.said) or {})


def marked_at(connection: Connection, name: str) -> datetime | None:
    """When something happened last."""
    found = marked(connection, name)
    return None if found is None else found[0]


def forget(connection: Connection, name: str) -> None:
    """Take a mark away."""
    connection.execute(sql("DELETE FROM mark WHERE name = :name"), {"name": name})


def forget_old(connection: Connection, beginning: str, before: datetime) -> None:
    """Take marks away whose names begin so and that were made before then."""
    connection.execute(
        sql("DELETE FROM mark WHERE name LIKE :names AND at < :before"),
        {"names": f"{beginning}%", "before": micros(before)},
    )


def restored(connection: Connection) -> Restored | None:
    """That the database was restored, and what was said of it: `Rulebook.restored`."""
    found = marked(connection, RESTORED)
    if found is None:
        return None
    until, said = found
    return Restored(instant(said["since"]), until, said["answer"])


def ask(connection: Connection, since: datetime, now: datetime) -> None:
    """The database has lost what happened since `since`: everything stands still for an answer. One
    that was asked already is asked from the earlier instant on."""
    before = restored(connection)
    if before is not None and before.answer == "asked":
        since = min(since, before.since)
    forget(connection, COPIED)
    mark(connection, RESTORED, now, {"since": micros(since), "answer": "asked"})


def answer(connection: Connection, given: str, now: datetime) -> int:
    """Go on after a restore: `skip` passes over what may have left already, `send` does not.

    Answers how many messages that were on their way are passed over now; what falls due in the lost
    time is passed over by the turns.
    """
    asked = restored(connection)
    assert asked is not None
    mark(connection, RESTORED, now, {"since": micros(asked.since), "answer": given})
    due.mark_everybody(connection, now)
    if given != "skip":
        return 0
    return connection.execute(
        sql(
            "UPDATE outbox SET status = 'dropped', reason = :reason,"
            " detail = 'it was on its way when the backup was made'"
            " WHERE status IN ('queued', 'needs_attention') AND klass <> 'transactional'"
            " AND queued_at <= :until"
        ),
        {"reason": Reason.RESTORED, "until": micros(asked.until)},
    ).rowcount
