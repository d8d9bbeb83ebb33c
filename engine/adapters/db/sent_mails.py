"""`application.ports.sent_mails.SentMails` on a database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, consents, people
from engine.adapters.db.address_key import key_of
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.stored import mailbox_key, micros
from engine.adapters.db.suppressions import suppress_stranger
from engine.adapters.db.tables import TOLD, TOUCH
from engine.application.ports.sent_mails import NewTouch, SentMail
from engine.domain.consent import ALL_TOPICS, ConsentEntry
from engine.domain.journey import Class
from engine.domain.told import Told

_COLUMNS = "o.send_id, o.person_id, o.mail, o.category, o.klass, o.journey, o.step"
_UNSURE = "(o.attempt > 0 AND o.status IN ('queued', 'sending', 'unknown')) AS unsure"
_TRACKING = ("tracking_clicks", "tracking_opens", ALL_TOPICS)


class DatabaseSentMails:
    """Each call is one look or one transaction; a delivery of a thousand events costs a handful."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def unheard(self, told: Sequence[Told]) -> list[Told]:
        """Those that were not told before, each once."""
        with reading(self._engine) as connection:
            keys = _known(connection, "key", {one.key for one in told})
            twins = _known(connection, "twin", {one.twin for one in told} - {""})
        new: list[Told] = []
        for one in told:
            if one.key in keys or (one.twin and one.twin in twins):
                continue
            keys.add(one.key)
            twins.add(one.twin)
            new.append(one)
        return new

    def heard(self, told: Sequence[Told], now: datetime) -> None:
        """Remember that these were told."""
        rows = sorted((one.key, one.twin, micros(now)) for one in told)
        with writing(self._engine, durable=False) as connection:
            batch.insert(connection, TOLD, ("key", "twin", "at"), rows, "ON CONFLICT DO NOTHING")

    def by_send_id(self, send_ids: Collection[str]) -> Mapping[str, SentMail]:
        """The mails of these ids."""
        ids = [codec.text(send_id) for send_id in send_ids]
        with reading(self._engine) as connection:
            rows = connection.execute(
                sql(
                    f"SELECT {_COLUMNS}, {_UNSURE}, coalesce(p.erased, false) AS erased"
                    " FROM outbox o LEFT JOIN person p ON p.id = o.person_id"
                    f" WHERE {batch.among(connection, 'o.send_id')}"
                ),
                {"ids": batch.listed(connection, ids)},
            ).all()
            ledgers = consents.ledgers(connection, {row.person_id for row in rows}, _TRACKING)
        return {row.send_id: _mail(row, ledgers.get(row.person_id, ())) for row in rows}

    def last_to(
        self, address: str, at: datetime, back: timedelta, ahead: timedelta
    ) -> SentMail | None:
        """The newest mail that went to an address around an instant, by the slots of its mailbox."""
        with reading(self._engine) as connection:
            row = connection.execute(
                sql(
                    f"SELECT {_COLUMNS}, {_UNSURE}, coalesce(p.erased, false) AS erased"
                    " FROM slot s JOIN outbox o ON o.send_id = s.send_id"
                    " LEFT JOIN person p ON p.id = o.person_id"
                    " WHERE s.mailbox_key = :key AND s.at > :first AND s.at <= :last AND NOT s.ghost"
                    " AND o.attempt > 0 ORDER BY s.at DESC, s.send_id LIMIT 1"
                ),
                {
                    "key": mailbox_key(key_of(connection), codec.text(address), ""),
                    "first": micros(at - back),
                    "last": micros(at + ahead),
                },
            ).first()
            return None if row is None else _mail(row, ())

    def person_of(self, addresses: Collection[str]) -> Mapping[str, str]:
        """Whose addresses these are today."""
        with reading(self._engine) as connection:
            return people.by_address(connection, addresses)

    def add_touches(self, touches: Sequence[NewTouch], now: datetime) -> None:
        """Keep touches until they are judged."""
        rows = [
            (
                new.key, new.mail.person_id, new.mail.send_id, new.what, micros(new.touch.at),
                micros(now), codec.text(new.touch.link), codec.text(new.touch.agent[:300]),
                new.touch.machine, False,
            )
            for new in touches
        ]  # fmt: skip
        with writing(self._engine, durable=False) as connection:
            batch.insert(connection, TOUCH, _TOUCH, rows, "ON CONFLICT DO NOTHING")

    def suppress(self, address: str, because: str, now: datetime, source: str) -> None:
        """Never write to an address that nobody here has."""
        with writing(self._engine) as connection:
            suppress_stranger(connection, address, because, now, source)


_TOUCH = (
    "key", "person_id", "send_id", "what", "at", "received_at", "link", "agent", "machine", "judged"
)  # fmt: skip


def _known(connection: Connection, column: str, values: Collection[str]) -> set[str]:
    found = connection.execute(
        sql(f"SELECT {column} FROM told WHERE {batch.among(connection, column)}"),
        {"ids": batch.listed(connection, values)},
    )
    return set(found.scalars())


def _mail(row: Any, consents: Sequence[ConsentEntry]) -> SentMail:
    return SentMail(
        person_id=row.person_id,
        send_id=row.send_id,
        mail=row.mail,
        category=row.category,
        klass=Class(row.klass),
        journey=row.journey,
        step=row.step,
        unsure=bool(row.unsure),
        erased=bool(row.erased),
        consents=tuple(consents),
    )
