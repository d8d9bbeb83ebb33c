"""How far mailboxes are read, written in the transaction that stores what was read: whatever dies in
between, each mail is stored once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import codec, inbox
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.stored import micros
from engine.application.ports.collected import Read
from engine.application.ports.inbox import Sent


class DatabaseCollected:
    """`application.ports.collected.Collected`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, mailbox: str) -> Read | None:
        """How far a mailbox is read, or None if it never was."""
        with reading(self._engine) as connection:
            row = connection.execute(
                sql("SELECT validity, last FROM collected WHERE mailbox = :mailbox"),
                {"mailbox": codec.text(mailbox)},
            ).first()
        return None if row is None else Read(*row)

    def store(
        self,
        mailbox: str,
        before: Read | None,
        after: Read,
        mails: Sequence[bytes],
        now: datetime,
        *,
        by: str | None = None,
    ) -> bool:
        """Store mails in the inbox and note how far the mailbox is read; all or nothing."""
        with writing(self._engine) as connection:
            if not _advance(connection, codec.text(mailbox), before, after, now):
                return False
            through = mailbox if by is None else by
            inbox.put(
                connection, [Sent("mail", mail, now, through, "message/rfc822") for mail in mails]
            )
        return True

    def forget(self, mailbox: str) -> None:
        """The mailbox is no more. A power cut may bring this back; that repeats it."""
        with writing(self._engine, durable=False) as connection:
            connection.execute(
                sql("DELETE FROM collected WHERE mailbox = :mailbox"),
                {"mailbox": codec.text(mailbox)},
            )


def _advance(
    connection: Connection, mailbox: str, before: Read | None, after: Read, now: datetime
) -> bool:
    bound = {
        "mailbox": mailbox,
        "validity": after.validity,
        "last": after.last,
        "at": micros(now),
    }
    if before is None:
        changed = connection.execute(
            sql(
                "INSERT INTO collected (mailbox, validity, last, at)"
                " VALUES (:mailbox, :validity, :last, :at) ON CONFLICT (mailbox) DO NOTHING"
            ),
            bound,
        )
    else:
        changed = connection.execute(
            sql(
                "UPDATE collected SET validity = :validity, last = :last, at = :at"
                " WHERE mailbox = :mailbox AND validity = :was_validity AND last = :was_last"
            ),
            {**bound, "was_validity": before.validity, "was_last": before.last},
        )
    return changed.rowcount == 1
