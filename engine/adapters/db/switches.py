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
            "INSERT INTO switch (journey, since, by) VALUES (:journey, :since, :by)"
            " ON CONFLICT (journey) DO NOTHING"
        ),
        {"journey": journey, "since": micros(now), "by": by},
    )


def resume(connection: Connection, journey: str = "") -> bool:
    """Resume; answer whether it was paused. Everybody's timers have gone on running (R3.6)."""
    gone = connection.execute(
        sql("DELETE FROM switch WHERE journey = :journey"), {"journey": journey}
    )
    return gone.rowcount > 0


def paused(connection: Connection) -> tuple[bool, frozenset[str]]:
    """Whether the engine is paused, and which journeys are: `Rulebook.paused, .paused_journeys`."""
    names = set(connection.execute(sql("SELECT journey FROM switch")).scalars())
    return "" in names, frozenset(names - {""})
