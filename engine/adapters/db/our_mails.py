"""Mails that left, as reports about them find them again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import codec
from engine.adapters.db.address_key import key_of
from engine.adapters.db.connect import reading
from engine.adapters.db.stored import beginning, mailbox_key, micros
from engine.application.receive_mail import OurMail

_MAIL = (
    "SELECT o.send_id, o.person_id, CASE WHEN s.mailbox_key IS NULL OR s.mailbox_key = p.mailbox_key"
    " THEN coalesce(p.mailbox, '') ELSE '' END AS mailbox, o.mail, o.category, o.journey, o.step"
    " FROM outbox o JOIN person p ON p.id = o.person_id LEFT JOIN slot s ON s.send_id = o.send_id"
)


class DatabaseOurMails:
    """`application.receive_mail.OurMails` on a database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, begins: str) -> OurMail | None:
        """The mail whose send id begins so, by the primary key's own order."""
        with reading(self._engine) as connection:
            row = connection.execute(
                sql(
                    f"{_MAIL} WHERE o.send_id >= :first AND o.send_id < :last AND o.attempt > 0 LIMIT 1"
                ),
                beginning(begins),
            ).first()
        return None if row is None else OurMail(*row)

    def last_to(self, mailbox: str, since: datetime, until: datetime) -> OurMail | None:
        """The last one that left for this mailbox between these instants."""
        with reading(self._engine) as connection:
            key = mailbox_key(key_of(connection), codec.text(mailbox.strip().lower()), "")
            row = connection.execute(
                sql(
                    f"{_MAIL} WHERE s.mailbox_key = :key AND o.attempt > 0 AND s.at >= :since"
                    " AND s.at <= :until AND NOT s.ghost ORDER BY s.at DESC, o.send_id LIMIT 1"
                ),
                {"key": key, "since": micros(since), "until": micros(until)},
            ).first()
        return None if row is None else OurMail(*row)
