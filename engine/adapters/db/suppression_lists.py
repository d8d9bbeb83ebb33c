"""`application.ports.suppression_lists.Suppressing` on a database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, consents, marks, people
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.suppressions import LIFTED_BY_HAND, suppress_stranger
from engine.application.ports.suppression_lists import Progress, Somebody
from engine.domain.listed import Listed

PROGRESS = "imported suppression lists"


class DatabaseSuppressing:
    """A page of 500 entries is three looks, and one statement or two for each address that is new."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def people(self, addresses: Collection[str]) -> Mapping[str, Somebody]:
        """Who has these addresses."""
        with reading(self._engine) as connection:
            found = people.by_address(connection, addresses)
            ledgers = consents.ledgers(connection, found.values())
        return {
            address: Somebody(who, tuple(ledgers.get(who, ()))) for address, who in found.items()
        }

    def suppress(self, entries: Sequence[tuple[Listed, str]], now: datetime, by: str) -> int:
        """Never write to these addresses."""
        done = 0
        with writing(self._engine) as connection:
            keys = people.mailbox_keys(connection, {one.address for one, _ in entries})
            standing, lifted = _history(connection, keys)
            by_address = {address: key for key, address in keys.items()}
            for one, because in sorted(entries, key=lambda entry: entry[0].address):
                key = by_address[one.address]
                before = standing.get(key)
                if before is not None and (before == because or because in LIFTED_BY_HAND):
                    continue
                if key in lifted and lifted[key] >= one.since:
                    continue
                said = f"{by}, list of {one.on}: {one.status or one.reason or one.group}"
                source = said.strip(": ")[:200]
                done += suppress_stranger(connection, one.address, because, now, source)
                standing[key] = because
        return done

    def progress(self) -> Progress:
        """How far the import is."""
        with reading(self._engine) as connection:
            found = marks.marked(connection, PROGRESS)
        said = {} if found is None else found[1]
        return Progress(
            complete=instant(said.get("complete")),
            began=instant(said.get("began")),
            on=said.get("on"),
            offset=said.get("offset", 0),
        )

    def note(self, progress: Progress, now: datetime) -> None:
        """Remember how far it is."""
        said = {
            "complete": micros(progress.complete),
            "began": micros(progress.began),
            "on": progress.on,
            "offset": progress.offset,
        }
        with writing(self._engine, durable=False) as connection:
            marks.mark(connection, PROGRESS, now, said)


def _history(
    connection: Connection, keys: Collection[str]
) -> tuple[dict[str, str], dict[str, datetime]]:
    """Why mailboxes are suppressed now, and when it was lifted last where they are not."""
    found = connection.execute(
        sql(
            "SELECT mailbox_key, because, lifted_at FROM suppression"
            f" WHERE {batch.among(connection, 'mailbox_key')} ORDER BY seq"
        ),
        {"ids": batch.listed(connection, keys)},
    ).all()
    standing = {key: because for key, because, lifted_at in found if lifted_at is None}
    lifted = {
        key: instant(lifted_at)
        for key, _, lifted_at in found
        if lifted_at is not None and key not in standing
    }
    return standing, lifted
