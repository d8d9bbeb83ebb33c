"""`application.ports.joining.Joining` on a database.

An id that nobody is known by only leads on, whatever comes for it later. A profile is merged (`merging`),
unless it has an address that is not the keeper's: two mailboxes are two humans until a person says
otherwise (`sincerely person merge`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, identities, merging
from engine.adapters.db.address_key import key_of
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.stored import mailbox_key, micros
from engine.application.ports.joining import Join
from engine.domain.facts import Rulebook


class DatabaseJoining:
    """Each join that changes something is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def join(self, joins: Sequence[Join], rules: Rulebook, now: datetime) -> list[Join]:
        """Join ids; answers those that cannot be joined."""
        wanted = list(dict.fromkeys(joins))
        with reading(self._engine) as connection:
            known = _led(connection, wanted)
        refused = []
        for one in wanted:
            if codec.text(one.old) in known:
                continue
            with writing(self._engine) as connection:
                if not _join(connection, one, rules, now):
                    refused.append(one)
        return refused


def _led(connection: Connection, joins: Sequence[Join]) -> set[str]:
    """Which of the old ids lead to another already: most of the time all of them do."""
    found = connection.execute(
        sql(f"SELECT old_id FROM alias WHERE {batch.among(connection, 'old_id')}"),
        {"ids": batch.listed(connection, {codec.text(one.old) for one in joins})},
    )
    return set(found.scalars())


def _join(connection: Connection, one: Join, rules: Rulebook, now: datetime) -> bool:
    identities.stand_still(connection, alone=True)
    old = codec.text(one.old)
    keep = identities.led_to(connection, codec.text(one.keep))
    if identities.led_to(connection, old) != old or old == keep:
        return True
    mailboxes = {
        row.id: row.mailbox or ""
        for row in connection.execute(
            sql(
                f"SELECT id, mailbox FROM person WHERE {batch.among(connection, 'id')}"
                " AND NOT erased"
            ),
            {"ids": batch.listed(connection, [old, keep])},
        )
    }
    own = mailbox_key(key_of(connection), "", old)
    if keep not in mailboxes or identities.forgotten(connection, {own}):
        return True  # who asked to be forgotten is not found by another id either (R5.9)
    if old not in mailboxes:
        connection.execute(
            sql("INSERT INTO alias (old_id, person_id, at) VALUES (:old, :keep, :now)"),
            {"old": old, "keep": keep, "now": micros(now)},
        )
        return True
    if mailboxes[old] and mailboxes[keep] and mailboxes[old] != mailboxes[keep]:
        return False
    merging.merge(connection, keep, old, rules, now)
    return True
