"""Links to one's own data: each is a notice on its way, so that it leaves with the safety of the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import lives, notices
from engine.adapters.db.address_key import key_of
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.stored import beginning, instant, mailbox_key, micros
from engine.application.ports.data_links import DataLink
from engine.domain.facts import Facts

_ONE_PER = timedelta(minutes=10)


class DatabaseDataLinks:
    """`application.ports.data_links.DataLinks` on a database. A notice names the mail, never the person;
    its id says nothing to who has not the key of all addresses."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, send_id: str, now: datetime) -> None:
        """One notice for a person and ten minutes, however often and by whichever mail they ask."""
        with writing(self._engine) as connection:
            who = connection.execute(
                sql("SELECT person_id FROM outbox WHERE send_id = :id"), {"id": send_id}
            ).scalar_one()
            whose = mailbox_key(key_of(connection), "", who)
            window = micros(now) // (_ONE_PER // timedelta(microseconds=1))
            key = sha256(f"data:{whose}:{window}".encode()).hexdigest()[:32]
            notices.queue(connection, [(key, "data", send_id, now)], now)

    def find(self, token_id: str) -> DataLink | None:
        """By the primary key's own order. The person is the one of today, after any merge; who was
        erased has no data to show."""
        with reading(self._engine) as connection:
            found = connection.execute(
                sql(
                    "SELECT o.person_id, o.send_id, n.queued_at FROM notice n"
                    " JOIN outbox o ON o.send_id = n.about"
                    " JOIN person p ON p.id = o.person_id AND NOT p.erased"
                    " WHERE n.id >= :first AND n.id < :last AND n.kind = 'data' LIMIT 1"
                ),
                beginning(token_id),
            ).first()
        if found is None:
            return None
        return DataLink(found.person_id, found.send_id, instant(found.queued_at))

    def reader(self, send_id: str, now: datetime) -> Facts | None:
        """Who asked on the page of a mail, as they are now; None where they were erased since."""
        with reading(self._engine) as connection:
            who = connection.execute(
                sql("SELECT person_id FROM outbox WHERE send_id = :id"), {"id": send_id}
            ).scalar_one_or_none()
            visits = lives.load(connection, [who], now, timedelta(0), ()) if who else []
        facts = visits[0].life.facts if visits else None
        return None if facts is None or facts.person.erased else facts
