"""What serving rests on: the database, its schema, and a daemon that does the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from engine.adapters.db.connect import passes, reading
from engine.adapters.db.gauges import daemon_seen
from engine.adapters.db.schema import current, head
from engine.web.operations import DAEMON, Finding


def readiness(engine: Engine, now: Callable[[], datetime]) -> Callable[[], list[Finding]]:
    """What `/readyz` looks at. A database that is away is a finding and no error."""

    def look() -> list[Finding]:
        try:
            stands = current(engine)
            with reading(engine) as connection:
                seen, lately = daemon_seen(connection, now())
        except Exception as error:
            if not passes(error):
                raise
            return [Finding("database", False, "it does not answer")]
        needed = head()
        schema = "current" if stands == needed else f"{stands or 'none'}, needed is {needed}"
        last = "never seen" if seen is None else f"seen {seen:%Y-%m-%dT%H:%M:%SZ}"
        return [
            Finding("database", True, "it answers"),
            Finding("schema", stands == needed, schema),
            Finding(DAEMON, lately, last),
        ]

    return look
