"""The engine's switch: `pause` and `resume`, without an edit (R2.11)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db.stored import micros


def pause(connection: Connection, now: datetime, journey: str = "", by: str = "") -> None:
    """Pause one journey, or with an empty name the whole engine; a repeat changes nothing."""
    connection.execute(
        sql(
            "INSERT INTO switch (journey, since, by) SELECT CAST(:journey AS varchar), :since, :by"
            " WHERE NOT EXISTS (SELECT 1 FROM switch WHERE journey = :journey AND until IS NULL)"
            " ON CONFLICT (journey, since) DO UPDATE SET until = NULL"
        ),
        {"journey": journey, "since": micros(now), "by": by},
    )


def resume(connection: Connection, now: datetime, journey: str = "") -> bool:
    """Resume; answer whether it was paused. Everybody's timers have gone on running (R3.6)."""
    ended = connection.execute(
        sql("UPDATE switch SET until = :now WHERE journey = :journey AND until IS NULL"),
        {"journey": journey, "now": micros(now)},
    )
    return ended.rowcount > 0


def paused(connection: Connection, at: datetime | None = None) -> tuple[bool, frozenset[str]]:
    """Whether the engine is paused, and which journeys are: `Rulebook.paused, .paused_journeys`. As it
    stands, or as it was at an instant."""
    found = connection.execute(
        sql(
            "SELECT journey FROM switch WHERE until IS NULL"
            if at is None
            else "SELECT journey FROM switch WHERE since <= :at AND (until IS NULL OR until > :at)"
        ),
        {} if at is None else {"at": micros(at)},
    )
    names = set(found.scalars())
    return "" in names, frozenset(names - {""})
