"""`application.ports.correspondence.Correspondence` on a database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row
from sqlalchemy import text as sql

from engine.adapters.db import codec
from engine.adapters.db.address_key import key_of
from engine.adapters.db.connect import reading
from engine.adapters.db.stored import beginning, instant, mailbox_key, micros
from engine.application.ports.correspondence import Answered

_COLUMNS = "o.send_id, o.person_id, o.mail, o.journey, o.step, o.queued_at, o.sent_at"
_MOST = 200
_HEXADECIMAL = re.compile(r"[0-9a-f]{20,32}")


class DatabaseCorrespondence:
    """Each call is one look."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def mail(self, send_id: str) -> Answered | None:
        """A mail by its send id, or how that begins, in the order of the primary key."""
        if not _HEXADECIMAL.fullmatch(send_id):
            return None
        with reading(self._engine) as connection:
            row = connection.execute(
                sql(
                    f"SELECT {_COLUMNS} FROM outbox o JOIN person p ON p.id = o.person_id"
                    " WHERE o.send_id >= :first AND o.send_id < :last AND NOT p.erased"
                    " ORDER BY o.send_id LIMIT 1"
                ),
                beginning(send_id),
            ).first()
        return None if row is None else _answered(row)

    def writers(self, address: str) -> Sequence[str]:
        """Everybody of a mailbox; who was written to last comes first."""
        with reading(self._engine) as connection:
            key = mailbox_key(key_of(connection), codec.text(address), "")
            found = connection.execute(
                sql(
                    "SELECT p.id FROM person p WHERE p.mailbox_key = :key AND NOT p.erased ORDER BY"
                    " coalesce((SELECT max(s.at) FROM slot s WHERE s.person_id = p.id AND NOT s.ghost), 0)"
                    " DESC, p.id"
                ),
                {"key": key},
            )
            return list(found.scalars())

    def mails_to(self, person_id: str, since: datetime) -> Sequence[Answered]:
        """The mails that left for somebody since an instant."""
        with reading(self._engine) as connection:
            found = connection.execute(
                sql(
                    f"SELECT {_COLUMNS} FROM outbox o WHERE o.person_id = :who AND o.attempt > 0"
                    " AND o.queued_at > :since ORDER BY o.queued_at DESC, o.send_id LIMIT :most"
                ),
                {"who": codec.text(person_id), "since": micros(since), "most": _MOST},
            ).all()
        return [_answered(row) for row in found]


def _answered(row: Row[Any]) -> Answered:
    return Answered(
        row.send_id, row.person_id, row.mail, row.journey, row.step,
        instant(row.queued_at if row.sent_at is None else row.sent_at),
    )  # fmt: skip
