"""Links to one's own data: each is a notice on its way, so that it leaves with the safety of the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, events, identities, lives, notices
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.stored import beginning, instant, micros
from engine.application.ports.data_links import APART, MOST_A_DAY, Asker, DataLink
from engine.domain.arrival import EventArrived
from engine.domain.own_data import asks_a_person, opens

_DAY = timedelta(days=1)


class DatabaseDataLinks:
    """`application.ports.data_links.DataLinks` on a database. A notice names the mail, never the person;
    its id says nothing to who has not the key of all addresses."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, send_id: str, now: datetime) -> None:
        """One notice, unless the mailbox has had enough of them, by whichever profile and mail."""
        with writing(self._engine) as connection:
            identities.stand_still(connection)
            whose = connection.execute(
                sql(
                    "SELECT p.id, p.mailbox_key, p.address_since FROM outbox o"
                    " JOIN person p ON p.id = o.person_id WHERE o.send_id = :id AND NOT p.erased"
                ),
                {"id": send_id},
            ).first()
            if whose is None:
                return
            day = micros(now) // (_DAY // timedelta(microseconds=1))
            today, yesterday = _keys(whose.mailbox_key, day), _keys(whose.mailbox_key, day - 1)
            found = connection.execute(
                sql(f"SELECT id, queued_at FROM notice WHERE {batch.among(connection, 'id')}"),
                {"ids": batch.listed(connection, [*today, *yesterday])},
            )
            asked = {key: now - instant(at) for key, at in found}
            lately = [ago for ago in asked.values() if ago < _DAY]
            if len(lately) >= MOST_A_DAY or any(ago < APART for ago in lately):
                return
            key = next(key for key in today if key not in asked)
            notices.queue(connection, [(key, "data", send_id, now)], now)
            if not opens(instant(whose.address_since), now):
                events.note(connection, [EventArrived(whose.id, asks_a_person(key, now))], now)

    def find(self, token_id: str) -> DataLink | None:
        """By the primary key's own order. The person is the one of today, after any merge; who was
        erased has no data to show."""
        with reading(self._engine) as connection:
            found = connection.execute(
                sql(
                    "SELECT o.person_id, o.send_id, n.queued_at, p.address_since FROM notice n"
                    " JOIN outbox o ON o.send_id = n.about"
                    " JOIN person p ON p.id = o.person_id AND NOT p.erased"
                    " WHERE n.id >= :first AND n.id < :last AND n.kind = 'data' LIMIT 1"
                ),
                beginning(token_id),
            ).first()
        if found is None:
            return None
        return DataLink(
            found.person_id,
            found.send_id,
            instant(found.queued_at),
            instant(found.address_since),
        )

    def reader(self, send_id: str, now: datetime) -> Asker | None:
        """Who asked on the page of a mail, as they are now; None where they were erased since."""
        with reading(self._engine) as connection:
            found = connection.execute(
                sql(
                    "SELECT p.id, p.address_since FROM outbox o"
                    " JOIN person p ON p.id = o.person_id AND NOT p.erased WHERE o.send_id = :id"
                ),
                {"id": send_id},
            ).first()
            if found is None:
                return None
            [visit] = lives.load(connection, [found.id], now, timedelta(0), ())
        return Asker(visit.life.facts, instant(found.address_since))


def _keys(mailbox: str, day: int) -> list[str]:
    """The ids that the notices of one day may have: who asks twice at one moment gets one."""
    return [
        sha256(f"data:{mailbox}:{day}:{number}".encode()).hexdigest()[:32]
        for number in range(MOST_A_DAY)
    ]
