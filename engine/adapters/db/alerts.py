"""Alerts that are open, each told once (`application.alerts`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import codec, notices
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.stored import instant, micros
from engine.application.alerts import said_of
from engine.application.ports.alerts import Alert
from engine.application.ports.notices import Channel
from engine.domain.ids import notice_id


class DatabaseAlerts:
    """`application.ports.alerts.AlertStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(
        self, name: str, text: str, now: datetime, channels: Collection[Channel], again: timedelta
    ) -> bool:
        """Open an alert, or go on with it; one statement decides who of several processes tells."""
        with writing(self._engine) as connection:
            told = connection.execute(
                sql(
                    "INSERT INTO alert (name, text, since, told_at) VALUES (:name, :text, :now, :now)"
                    " ON CONFLICT (name) DO UPDATE SET text = excluded.text,"
                    " since = CASE WHEN alert.cleared_at IS NULL THEN alert.since"
                    " ELSE excluded.since END, told_at = excluded.told_at, cleared_at = NULL"
                    " WHERE alert.cleared_at IS NOT NULL OR alert.told_at <= :before"
                    " RETURNING since"
                ),
                {
                    "name": name,
                    "text": codec.text(text),
                    "now": micros(now),
                    "before": micros(now - again),
                },
            ).scalar()
            if told is not None:
                _queue(connection, name, text, "open", instant(told), now, channels)
        return told is not None

    def close(self, name: str, now: datetime, channels: Collection[Channel]) -> bool:
        """End an alert and say so, where it was open. Looks before it locks."""
        with reading(self._engine) as connection:
            if all(alert.name != name for alert in open_alerts(connection)):
                return False
        with writing(self._engine) as connection:
            ended = connection.execute(
                sql(
                    "UPDATE alert SET cleared_at = :now WHERE name = :name AND cleared_at IS NULL"
                    " RETURNING text, since"
                ),
                {"name": name, "now": micros(now)},
            ).first()
            if ended is not None:
                _queue(connection, name, ended.text, "over", instant(ended.since), now, channels)
        return ended is not None


def open_alerts(connection: Connection) -> list[Alert]:
    """What is open, the oldest first."""
    found = connection.execute(
        sql("SELECT name, text, since FROM alert WHERE cleared_at IS NULL ORDER BY since, name")
    )
    return [Alert(name, text, instant(since)) for name, text, since in found]


def _queue(
    connection: Connection,
    name: str,
    text: str,
    state: str,
    since: datetime,
    now: datetime,
    channels: Collection[Channel],
) -> None:
    title = text.splitlines()[0] if text else name
    said = codec.dump(dict(said_of(title, text, state, since)))
    for channel in channels:
        key = notice_id("alert", name, state, now.isoformat(), channel)
        notices.queue(connection, [(key, "alert", name, now)], now, channel, said)
