"""`application.ports.tracked.Tracked` on a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from json import dumps

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.people import document
from engine.adapters.db.stored import beginning, micros
from engine.adapters.db.tables import TRACKED
from engine.application.ports.tracked import TrackedMail

_COLUMNS = ("send_id", "person_id", "at", "targets")


class DatabaseTracked:
    """One row a mail."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, mails: Sequence[TrackedMail], now: datetime) -> None:
        """Keep these. A power cut cannot take them away from a mail that left: what says that its
        hand-off begins is written after them, and durably."""
        rows = [
            (one.send_id, one.person_id, micros(now), dumps(list(one.targets)))
            for one in sorted(mails, key=lambda one: one.send_id)
        ]
        with writing(self._engine, durable=False) as connection:
            batch.insert(
                connection, TRACKED, _COLUMNS, rows,
                "ON CONFLICT (send_id) DO UPDATE SET targets = excluded.targets",
            )  # fmt: skip

    def find(self, start: str) -> TrackedMail | None:
        """The mail whose send id begins so, by the primary key's own order."""
        with reading(self._engine) as connection:
            found = connection.execute(
                sql(
                    "SELECT send_id, person_id, targets FROM tracked"
                    " WHERE send_id >= :first AND send_id < :last LIMIT 1"
                ),
                beginning(start),
            ).first()
        if found is None:
            return None
        return TrackedMail(found.send_id, found.person_id, tuple(document(found.targets)))
