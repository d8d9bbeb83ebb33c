"""Mails that left, found again by the links in them."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import codec
from engine.adapters.db.connect import reading
from engine.adapters.db.consents import LINE, SHARED, line_in
from engine.adapters.db.people import document
from engine.adapters.db.preferences import CHOSEN, OF_MAILBOX, chosen_in
from engine.adapters.db.stored import beginning, instant
from engine.application.ports.past_mails import PastMail
from engine.domain.journey import Class


class DatabasePastMails:
    """`application.ports.past_mails.PastMails` on a database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, token_id: str) -> PastMail | None:
        """The mail whose send id begins so, by the primary key's own order, and its person's ledger."""
        columns = ", ".join(f"t.{name}" for name in LINE)
        with reading(self._engine) as connection:
            mail = connection.execute(
                sql(
                    "SELECT send_id, person_id, mail, category, klass, queued_at, journey,"
                    " (SELECT entered_at FROM run r WHERE r.id = outbox.run) AS began,"
                    " (SELECT mailbox_key FROM slot s WHERE s.send_id = outbox.send_id) AS went_to"
                    " FROM outbox"
                    " WHERE send_id >= :first AND send_id < :last LIMIT 1"
                ),
                beginning(token_id),
            ).first()
            if mail is None:
                return None
            own, shared = (
                connection.execute(
                    sql(
                        f"SELECT {columns}, p.mailbox_key FROM person p JOIN consent t ON {of}"
                        " WHERE p.id = :person_id ORDER BY t.seq"
                    ),
                    {"person_id": mail.person_id},
                ).all()
                for of in ("t.person_id = p.id", SHARED)
            )
            person = connection.execute(
                sql(
                    "SELECT country, zone, mailbox_key, attributes, first_order_at, erased"
                    " FROM person"
                    " WHERE id = :id"
                ),
                {"id": mail.person_id},
            ).first()
            chosen = connection.execute(
                sql(
                    f"SELECT {', '.join(f't.{name}' for name in CHOSEN)} FROM person p"
                    f" JOIN preference t ON {OF_MAILBOX} WHERE p.id = :id"
                ),
                {"id": mail.person_id},
            ).all()
            preferences, of_mailbox = chosen_in(map(tuple, chosen), mail.person_id)
            return PastMail(
                send_id=mail.send_id,
                person_id=mail.person_id,
                mail=mail.mail,
                topic=mail.category,
                klass=Class(mail.klass),
                queued_at=instant(mail.queued_at),
                consents=tuple(line_in(row[:-1], row[-1]) for row in own),
                mailbox_consents=tuple(line_in(row[:-1], row[-1]) for row in shared),
                country=person.country if person else None,
                went_here=person is None or mail.went_to in (None, person.mailbox_key),
                zone=person.zone if person else None,
                attributes=codec.values(document(person.attributes)) if person else {},
                ordered_since=instant(person.first_order_at) if person else None,
                preferences=preferences,
                mailbox_preferences=of_mailbox,
                journey=mail.journey,
                began=instant(mail.began),
                erased=person is not None and bool(person.erased),
            )
