"""`application.ports.sign_ups` on a database."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec
from engine.adapters.db.address_key import key_of
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.consents import LINE, SHARED, line_in
from engine.adapters.db.stored import instant, mailbox_key, micros
from engine.adapters.db.tables import WORDING
from engine.application.ports.sign_ups import Known
from engine.domain.engine_events import SUBMITTED
from engine.domain.forms import SOURCE, Wording

_COLUMNS = ", ".join(f"t.{name}" for name in LINE)


class DatabaseSignUps:
    """Whoever has a mailbox, and the words of forms."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self, mailbox: str) -> Known:
        """Whoever has this mailbox, in whatever case its own part is written."""
        with reading(self._engine) as connection:
            key = mailbox_key(key_of(connection), codec.text(mailbox), "")
            person = connection.execute(
                sql(
                    "SELECT id, country, mailbox_key FROM person WHERE mailbox_key = :key"
                    " AND NOT erased ORDER BY id LIMIT 1"
                ),
                {"key": key},
            ).first()
            if person is None:
                return Known(_id_for(key))
            lines = [
                line_in(row[:-1], row[-1])
                for of in ("t.person_id = p.id", SHARED)
                for row in connection.execute(
                    sql(
                        f"SELECT {_COLUMNS}, p.mailbox_key FROM person p JOIN consent t ON {of}"
                        " WHERE p.id = :person_id ORDER BY t.seq"
                    ),
                    {"person_id": person.id},
                )
            ]
            asked = connection.execute(
                sql(
                    "SELECT max(at) FROM event WHERE person_id = :person_id AND name = :name"
                    " AND source = :source"
                ),
                {"person_id": person.id, "name": SUBMITTED, "source": SOURCE},
            ).scalar()
            return Known(person.id, False, person.country or "", tuple(lines), instant(asked))

    def keep(self, wording: Wording, now: datetime) -> None:
        """Keep these words."""
        row = (
            wording.hash, wording.form, wording.version, wording.language,
            codec.text(wording.text), micros(now),
        )  # fmt: skip
        with writing(self._engine) as connection:
            batch.insert(connection, WORDING, _WORDING, [row], "ON CONFLICT (hash) DO NOTHING")

    def wording(self, digest: str) -> Wording | None:
        """The words of a hash."""
        with reading(self._engine) as connection:
            found = connection.execute(
                sql("SELECT form, version, language, text FROM wording WHERE hash = :hash"),
                {"hash": digest},
            ).first()
            return None if found is None else Wording(*found)


_WORDING = ("hash", "form", "version", "language", "text", "since")


def _id_for(key: str) -> str:
    """The id of somebody who comes by a form: the same for the same mailbox, and no one can guess it."""
    return f"form-{blake2b(key.encode(), digest_size=8, person=b'sign-up').hexdigest()}"
