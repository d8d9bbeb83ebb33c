"""The inbox in the database: what came waits, is taken in hand, goes, or is kept with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import dumps
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec
from engine.adapters.db.connect import on_postgresql, reading, writing
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.tables import INBOX
from engine.application.ports.inbox import Delivery, Part, Sent

LEASE = timedelta(minutes=2)
_IS_FREE = "NOT kept AND (lease_until IS NULL OR lease_until <= :now)"
_MOST_BYTES = 8_000_000
"""So much is taken in hand at once, so that memory stays flat."""
_COLUMNS = ("kind", "sender", "content_type", "body", "received_at", "attempts", "kept", "problem")


@dataclass(frozen=True, slots=True)
class Glance:
    """How many deliveries wait, by kind, the first since when, and how many were kept."""

    waiting: Mapping[str, int]
    since: datetime | None
    kept: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """What could not be understood, and why."""

    id: int
    kind: str
    sender: str
    content_type: str
    body: bytes
    received_at: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class _Free:
    id: int
    size: int
    attempts: int


class DatabaseInbox:
    """`application.ports.inbox.Inbox`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(
        self,
        kind: str,
        body: bytes,
        received_at: datetime,
        *,
        sender: str = "",
        content_type: str = "",
    ) -> int:
        """Store one thing durably, and answer its id."""
        row = _row(Sent(kind, body, received_at, sender, content_type))
        names = ", ".join(_COLUMNS)
        values = ", ".join(f":{name}" for name in _COLUMNS)
        with writing(self._engine) as connection:
            stored = connection.execute(
                sql(f"INSERT INTO inbox ({names}) VALUES ({values}) RETURNING id"),
                dict(zip(_COLUMNS, row, strict=True)),
            )
            return int(stored.scalar_one())

    def put_all(self, sent: Sequence[Sent]) -> None:
        """Store many in one transaction, durably."""
        with writing(self._engine) as connection:
            put(connection, sent)

    def take(self, kinds: Collection[str], now: datetime, limit: int) -> list[Delivery]:
        """Take the oldest in hand, until the lease runs out by the clock that says `now`."""
        with writing(self._engine, durable=False) as connection:
            taken = _together(_free(connection, kinds, now, limit))
            these, bound = _these(connection, taken)
            rows = connection.execute(
                sql(
                    f"UPDATE inbox SET lease_until = :until, attempts = attempts + 1 WHERE {these}"
                    " RETURNING id, kind, sender, content_type, body, received_at, attempts"
                ),
                {**bound, "until": micros(now + LEASE)},
            ).all()
        found = [
            Delivery(
                id=row.id,
                kind=row.kind,
                sender=row.sender,
                content_type=row.content_type,
                body=bytes(row.body),
                received_at=instant(row.received_at),
                attempts=row.attempts,
            )
            for row in rows
        ]
        return sorted(found, key=lambda one: one.id)

    def anything(self, now: datetime) -> bool:
        """Whether anything waits that nobody has in hand: one cheap statement."""
        with reading(self._engine) as connection:
            return bool(
                connection.execute(
                    sql(f"SELECT EXISTS (SELECT 1 FROM inbox WHERE {_IS_FREE})"),
                    {"now": micros(now)},
                ).scalar_one()
            )

    def done(self, ids: Collection[int]) -> None:
        """These go, with all that they held. A power cut may bring them back; that repeats them."""
        with writing(self._engine, durable=False) as connection:
            remove(connection, ids)

    def keep(self, id: int, problem: str, body: bytes | None = None) -> None:
        """Let one stay, with the reason."""
        with writing(self._engine) as connection:
            connection.execute(
                sql(
                    "UPDATE inbox SET kept = true, lease_until = NULL, problem = :problem,"
                    " body = coalesce(:body, body) WHERE id = :id"
                ),
                {"id": id, "problem": codec.text(problem), "body": body},
            )

    def keep_parts(self, id: int, parts: Sequence[Part]) -> None:
        """Let parts of one stay, each for itself, and the rest go. Of one that somebody else has finished
        in the meantime nothing is kept twice."""
        with writing(self._engine) as connection:
            gone = connection.execute(
                sql(
                    "DELETE FROM inbox WHERE id = :id AND NOT kept"
                    " RETURNING kind, sender, content_type, received_at"
                ),
                {"id": id},
            ).first()
            if gone is None:
                return
            newest = {codec.text(part.problem): part for part in parts if part.newest}
            if newest:
                connection.execute(
                    sql(
                        "DELETE FROM inbox WHERE kept AND kind = :kind AND sender = :sender"
                        f" AND {batch.among(connection, 'problem')}"
                    ),
                    {
                        "kind": gone.kind,
                        "sender": gone.sender,
                        "ids": batch.listed(connection, newest),
                    },
                )
            rows = [
                (gone.kind, gone.sender, codec.text(part.content_type) or gone.content_type, part.body,
                 gone.received_at, 0, True, codec.text(part.problem))
                for part in (*(part for part in parts if not part.newest), *newest.values())
            ]  # fmt: skip
            batch.insert(connection, INBOX, _COLUMNS, rows)

    def retry(self, ids: Collection[int]) -> int:
        """Let kept ones wait once more; answers how many there were."""
        with writing(self._engine) as connection:
            these, bound = _these(connection, ids)
            return connection.execute(
                sql(
                    f"UPDATE inbox SET kept = false, attempts = 0, problem = '' WHERE {these} AND kept"
                ),
                bound,
            ).rowcount

    def mend(self, id: int, body: bytes) -> bool:
        """Let a kept one wait once more, with another body; False if it is not there."""
        with writing(self._engine) as connection:
            return bool(
                connection.execute(
                    sql(
                        "UPDATE inbox SET kept = false, attempts = 0, problem = '', body = :body"
                        " WHERE id = :id AND kept"
                    ),
                    {"id": id, "body": body},
                ).rowcount
            )

    def drop(self, ids: Collection[int]) -> int:
        """Let kept ones go for good; answers how many there were."""
        with writing(self._engine) as connection:
            these, bound = _these(connection, ids)
            return connection.execute(
                sql(f"DELETE FROM inbox WHERE {these} AND kept"), bound
            ).rowcount


def put(connection: Connection, sent: Iterable[Sent]) -> None:
    """Store some, in the caller's transaction."""
    batch.insert(connection, INBOX, _COLUMNS, [_row(one) for one in sent])


def glance(connection: Connection) -> Glance:
    """What the inbox holds."""
    rows = connection.execute(
        sql("SELECT kind, kept, count(*) AS many, min(received_at) AS since FROM inbox"
            " GROUP BY kind, kept ORDER BY kind")
    ).all()  # fmt: skip
    waiting = [row for row in rows if not row.kept]
    return Glance(
        waiting={row.kind: row.many for row in waiting},
        since=instant(min((row.since for row in waiting), default=None)),
        kept={row.kind: row.many for row in rows if row.kept},
    )


def kept(connection: Connection, kinds: Collection[str] = ()) -> list[Kept]:
    """What was kept, of these kinds where some are given, the oldest first."""
    of_kinds = batch.among(connection, "kind") if kinds else "true"
    rows = connection.execute(
        sql(
            "SELECT id, kind, sender, content_type, body, received_at, problem FROM inbox"
            f" WHERE kept AND {of_kinds} ORDER BY id"
        ),
        {"ids": batch.listed(connection, kinds)} if kinds else {},
    )
    return [_kept(row) for row in rows]


def find(connection: Connection, id: int) -> Kept | None:
    """One that was kept."""
    row = connection.execute(
        sql(
            "SELECT id, kind, sender, content_type, body, received_at, problem FROM inbox"
            " WHERE kept AND id = :id"
        ),
        {"id": id},
    ).first()
    return None if row is None else _kept(row)


def remove(connection: Connection, ids: Iterable[int]) -> int:
    """Delete deliveries."""
    return batch.delete(connection, INBOX, ("id",), [(one,) for one in ids])


def remove_old(connection: Connection, before: datetime, limit: int) -> int:
    """Delete kept ones that came before; answers how many, at most `limit`."""
    return connection.execute(
        sql(
            "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox"
            " WHERE kept AND received_at < :before ORDER BY received_at LIMIT :limit)"
        ),
        {"before": micros(before), "limit": limit},
    ).rowcount


def _free(connection: Connection, kinds: Collection[str], now: datetime, limit: int) -> list[_Free]:
    """The oldest that nobody has in hand."""
    skip = " FOR UPDATE SKIP LOCKED" if on_postgresql(connection) else ""
    rows = connection.execute(
        sql(
            "SELECT id, length(body) AS size, attempts FROM inbox"
            f" WHERE {_IS_FREE} AND {batch.among(connection, 'kind')} ORDER BY id LIMIT :limit{skip}"
        ),
        {"ids": batch.listed(connection, kinds), "now": micros(now), "limit": limit},
    )
    return [_Free(row.id, row.size, row.attempts) for row in rows]


def _together(found: Iterable[_Free]) -> list[int]:
    """As many as fit into memory, and at least one. What was begun before and never finished goes for
    itself, so that one which cannot be finished stops only itself."""
    taken: list[int] = []
    room = _MOST_BYTES
    for one in found:
        if taken and (one.size > room or one.attempts):
            break
        taken.append(one.id)
        room -= one.size
        if one.attempts:
            break
    return taken


def _these(connection: Connection, ids: Collection[int]) -> tuple[str, dict[str, Any]]:
    """SQL that asks for these ids, and what to bind for it."""
    if on_postgresql(connection):
        return "id = ANY(CAST(:these AS bigint[]))", {"these": list(ids)}
    return "id IN (SELECT value FROM json_each(:these))", {"these": dumps(list(ids))}


def _row(sent: Sent) -> tuple[Any, ...]:
    """In the order of `_COLUMNS`."""
    said = (codec.text(sent.sender), codec.text(sent.content_type))
    return (sent.kind, *said, sent.body, micros(sent.received_at), 0, False, "")


def _kept(row: Any) -> Kept:
    return Kept(
        row.id,
        row.kind,
        row.sender,
        row.content_type,
        bytes(row.body),
        instant(row.received_at),
        row.problem,
    )
