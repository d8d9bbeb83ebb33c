"""`application.ports.authors.Authors` on a database."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, identities
from engine.adapters.db.address_key import key_of
from engine.adapters.db.connect import reading
from engine.adapters.db.consents import LEDGER, entry_in
from engine.adapters.db.people import document
from engine.adapters.db.stored import mailbox_key
from engine.application.ports.authors import MessageKey
from engine.domain.consent import ALL_TOPICS, PROFILING, ConsentEntry
from engine.domain.facts import Facts
from engine.domain.person import Person


class DatabaseAuthors:
    """Each call is one look, before the transaction that takes the messages in: that one decides again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def authors(self, person_ids: Collection[str]) -> Mapping[str, Facts]:
        """Of those who are known: attributes, and the lines on emotional profiling."""
        with reading(self._engine) as connection:
            return _authors(connection, person_ids)

    def known_messages(self, messages: Collection[MessageKey]) -> Collection[MessageKey]:
        """Which events are here."""
        with reading(self._engine) as connection:
            found = connection.execute(
                sql(f"SELECT source, id FROM event WHERE {batch.among(connection, 'id')}"),
                {"ids": batch.listed(connection, {codec.text(key) for _, key in messages})},
            )
            here = {(source, key) for source, key in found}
        return {one for one in messages if (codec.text(one[0]), codec.text(one[1])) in here}


def _authors(connection: Connection, given: Collection[str]) -> dict[str, Facts]:
    today = {who: codec.text(who) for who in given}
    aliases = connection.execute(
        sql(f"SELECT old_id, person_id FROM alias WHERE {batch.among(connection, 'old_id')}"),
        {"ids": batch.listed(connection, today.values())},
    )
    leads = {old: str(person_id) for old, person_id in aliases}
    today = {who: leads.get(known_as, known_as) for who, known_as in today.items()}
    ids = {"ids": batch.listed(connection, set(today.values()))}
    attributes = connection.execute(
        sql(
            "SELECT id, attributes FROM person"
            f" WHERE {batch.among(connection, 'id')} AND NOT erased"
        ),
        ids,
    )
    people = {who: Person(who, attributes=codec.values(document(a))) for who, a in attributes}
    ledgers = _ledgers(connection, ids)
    secret = key_of(connection)
    keys = {who: mailbox_key(secret, "", who) for who in today.values()}
    gone = identities.forgotten(connection, keys.values())
    return {
        who: Facts(
            people.get(known_as) or Person(known_as, erased=keys[known_as] in gone),
            consents=tuple(ledgers.get(known_as, ())),
        )
        for who, known_as in today.items()
        if known_as in people or keys[known_as] in gone
    }


def _ledgers(connection: Connection, ids: Mapping[str, object]) -> dict[str, list[ConsentEntry]]:
    found = connection.execute(
        sql(
            f"SELECT person_id, {', '.join(LEDGER)} FROM consent"
            f" WHERE {batch.among(connection, 'person_id')} AND topic IN (:profiling, :all)"
            " ORDER BY person_id, seq"
        ),
        {**ids, "profiling": PROFILING, "all": ALL_TOPICS},
    )
    ledgers: dict[str, list[ConsentEntry]] = {}
    for person_id, *row in found:
        ledgers.setdefault(person_id, []).append(entry_in(row))
    return ledgers
