"""`application.ports.sent_mails.Touches` on a database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch
from engine.adapters.db.connect import on_postgresql, reading, writing
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.tables import TOUCH
from engine.application.ports.sent_mails import WaitingTouch
from engine.domain.event import PROVIDER
from engine.domain.scanners import Touch


class DatabaseTouches:
    """Reads a batch with all that is known of its mails, in three looks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self, before: datetime, limit: int) -> list[WaitingTouch]:
        """Those that came in before, the oldest first."""
        with reading(self._engine) as connection:
            due = connection.execute(
                sql(
                    "SELECT key FROM touch WHERE NOT judged AND received_at <= :before"
                    " ORDER BY received_at, key LIMIT :limit"
                ),
                {"before": micros(before), "limit": limit},
            ).scalars()
            wanted = set(due)
            if not wanted:
                return []
            rows = _with_neighbours(connection, wanted)
            mails = {row.send_id for row in rows}
            delivered, about = _delivered(connection, mails), _about(connection, mails)
        by_mail: dict[tuple[str, str], list[Any]] = {}
        for row in rows:
            by_mail.setdefault((row.send_id, row.what), []).append(row)
        return [
            WaitingTouch(
                key=row.key,
                person_id=row.person_id,
                send_id=row.send_id,
                what=row.what,
                touch=_touch(row),
                all_of_mail=tuple(map(_touch, by_mail[row.send_id, row.what])),
                delivered=delivered.get(row.send_id),
                about=about.get(row.send_id, {}),
            )
            for row in rows
            if row.key in wanted
        ]

    def judged(self, keys: Collection[str]) -> None:
        """These were judged."""
        with writing(self._engine, durable=False) as connection:
            batch.update(connection, TOUCH, ("key",), ("judged",), [(key, True) for key in keys])


def _with_neighbours(connection: Connection, keys: Collection[str]) -> list[Any]:
    found = connection.execute(
        sql(
            "SELECT key, person_id, send_id, what, at, link, agent, machine FROM touch"
            f" WHERE send_id IN (SELECT send_id FROM touch WHERE {batch.among(connection, 'key')})"
            " ORDER BY at, key"
        ),
        {"ids": batch.listed(connection, keys)},
    )
    return list(found)


def _delivered(connection: Connection, mails: Collection[str]) -> dict[str, datetime]:
    """When each was delivered; where no delivery was told of, when it left."""
    name = "e.properties ->> 'send_id'"
    if not on_postgresql(connection):
        name = "json_extract(e.properties, '$.send_id')"
    found = connection.execute(
        sql(
            "SELECT o.send_id, coalesce((SELECT min(e.at) FROM event e"
            " WHERE e.person_id = o.person_id AND e.name = 'mail.delivered' AND e.source = :source"
            f" AND {name} = o.send_id), o.sent_at) FROM outbox o"
            f" WHERE {batch.among(connection, 'o.send_id')}"
        ),
        {"ids": batch.listed(connection, mails), "source": PROVIDER},
    )
    return {send_id: instant(at) for send_id, at in found if at is not None}


def _about(connection: Connection, mails: Collection[str]) -> dict[str, dict[str, str]]:
    found = connection.execute(
        sql(
            "SELECT send_id, mail, category, journey, step FROM outbox"
            f" WHERE {batch.among(connection, 'send_id')}"
        ),
        {"ids": batch.listed(connection, mails)},
    )
    return {row.send_id: dict(row._asdict()) for row in found}


def _touch(row: Any) -> Touch:
    return Touch(instant(row.at), row.link, row.agent, bool(row.machine))
