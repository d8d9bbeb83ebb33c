"""The way in, as the use cases see it: one transaction a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import identities
from engine.adapters.db.answers import settle_by_events
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.application.ports.intake import Taken
from engine.domain.arrival import Arrival, ConsentArrived, PreferenceArrived


class DatabaseIntake:
    """`application.ports.intake.Intake` on a database."""

    def __init__(
        self, engine: Engine, wake: Callable[[Connection], object] = lambda _: None
    ) -> None:
        self._engine = engine
        self._wake = wake

    def take_in(self, arrivals: Sequence[Arrival], now: datetime) -> Taken:
        """Store a batch. With consent or a preference in it, a power cut cannot undo it either.

        `wake` then says in the same transaction that somebody has something to do. What providers tell of
        messages settles those whose outcome nobody knew (R10.1).
        """
        durable = any(isinstance(a, ConsentArrived | PreferenceArrived) for a in arrivals)
        with writing(self._engine, durable=durable) as connection:
            identities.stand_still(connection)
            sent = settle_by_events(connection, arrivals, now)
            taken = ingest(connection, [*arrivals, *sent], now)
            self._wake(connection)
            return replace(taken, events=taken.events - len(sent))

    def shared_mailboxes(self) -> int:
        """How many mailboxes belong to more than one person; each counts as one (R3.5)."""
        statement = """SELECT count(*) FROM (
            SELECT mailbox FROM person WHERE mailbox <> '' GROUP BY mailbox HAVING count(*) > 1
        ) AS shared"""
        with reading(self._engine) as connection:
            return int(connection.execute(sql(statement)).scalar_one())
