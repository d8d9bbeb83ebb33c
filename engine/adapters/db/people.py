"""People: made by whatever arrives for them first, and changed attribute by attribute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from json import loads
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec
from engine.adapters.db.tables import DUE, PERSON
from engine.adapters.db.tables.base import instant, length, mailbox_key, shard
from engine.domain.event import Value
from engine.domain.lifecycle import Standing
from engine.domain.person import Person
from engine.domain.zones import named_zone, zone_of_country

_CHANGING = (
    "shard", "email", "mailbox", "mailbox_key", "zone", "zone_source", "country", "locale",
    "attributes", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alteration:
    """What changes of a person: the address unless it is None, and attributes (None takes away).

    `created_at`, in microseconds, counts only where the person has none yet.
    """

    email: str | None
    mailbox: str | None
    values: Mapping[str, Value | None]
    created_at: int | None = None


def make(connection: Connection, person_ids: Iterable[str]) -> frozenset[str]:
    """Make the people who do not exist yet, without an address; answer who was new."""
    keys = {person_id: mailbox_key("", person_id) for person_id in sorted(set(person_ids))}
    source, bound = batch.rows_of(
        connection,
        ("id", "shard", "mailbox_key"),
        ("text", "smallint", "text"),
        [(person_id, shard(key), key) for person_id, key in keys.items()],
    )
    made = connection.execute(
        sql(
            "INSERT INTO person (id, shard, mailbox_key, attributes, erased, orders)"
            f" SELECT v.id, v.shard, v.mailbox_key, '{{}}', false, 0 FROM {source} WHERE true"
            " ON CONFLICT (id) DO NOTHING RETURNING id"
        ),
        bound,
    )
    return frozenset(made.scalars())


def alter(
    connection: Connection, alterations: Mapping[str, Sequence[Alteration]]
) -> frozenset[str]:
    """Apply alterations in their order, and answer who is another person now than before.

    People who do not exist or are erased are passed over (R5.9). Who moves to another mailbox loses
    the lease of a turn in hand, since it was decided with the caps of the old one. Locks the people.
    """
    if not alterations:
        return frozenset()
    rows: list[tuple[Any, ...]] = []
    moved: list[tuple[Any, ...]] = []
    columns = ", ".join(_CHANGING)
    found = connection.execute(
        sql(
            f"SELECT id, {columns} FROM person WHERE {batch.among(connection, 'id')}"
            f" AND NOT erased ORDER BY id{batch.for_update(connection)}"
        ),
        {"ids": batch.listed(connection, alterations)},
    )
    for person_id, *stored in found:
        before = (*stored[:8], document(stored[8]), stored[9])
        after = _altered(person_id, before, alterations[person_id])
        if codec.same(after, before):
            continue
        rows.append((person_id, *after[:8], codec.dump(after[8]), after[9]))
        if after[3] != before[3]:
            moved.append((person_id, after[0], after[3], None, None))
    batch.update(connection, PERSON, ("id",), _CHANGING, rows)
    batch.update(
        connection,
        DUE,
        ("person_id",),
        ("shard", "mailbox_key", "lease_owner", "lease_until"),
        moved,
    )
    return frozenset(row[0] for row in rows)


def find(connection: Connection, id_or_address: str) -> str | None:
    """The id of the person with this id, else with this address as given or in its normal form."""
    found = connection.execute(
        sql(
            "SELECT id FROM person WHERE id = :who OR mailbox = :who OR mailbox = lower(:who)"
            " OR email = :who ORDER BY id <> :who, id LIMIT 1"
        ),
        {"who": codec.text(id_or_address)},
    ).first()
    return None if found is None else str(found[0])


def page(connection: Connection, after: str = "", limit: int = 1000) -> list[Person]:
    """Up to `limit` people in order of their ids, from the one after `after`."""
    found = connection.execute(
        sql(
            "SELECT id, email, mailbox, attributes, created_at, erased FROM person"
            " WHERE id > :after ORDER BY id LIMIT :limit"
        ),
        {"after": after, "limit": limit},
    )
    return [person_in(row._asdict()) for row in found]


def person_in(row: Mapping[str, Any]) -> Person:
    """The person of a row."""
    return Person(
        id=row["id"],
        email=row["email"] or "",
        mailbox=row["mailbox"] or "",
        attributes=codec.values(document(row["attributes"])),
        created_at=instant(row["created_at"]),
        erased=bool(row["erased"]),
    )


def standing_in(row: Mapping[str, Any]) -> Standing:
    """The orders in brief, of a person's row."""
    return Standing(
        orders=row["orders"],
        first_order_at=instant(row["first_order_at"]),
        last_order_at=instant(row["last_order_at"]),
        own_gap=length(row["own_gap"]),
        won_back_at=instant(row["won_back_at"]),
    )


def _altered(
    person_id: str, before: tuple[Any, ...], alterations: Sequence[Alteration]
) -> tuple[Any, ...]:
    _, email, mailbox, *_, attributes, created_at = before
    attributes = dict(attributes)
    for alteration in alterations:
        email = email if alteration.email is None else codec.text(alteration.email)
        mailbox = mailbox if alteration.mailbox is None else codec.text(alteration.mailbox)
        for name, value in codec.clean(alteration.values).items():
            if value is None:
                attributes.pop(name, None)
            else:
                attributes[name] = value
        created_at = alteration.created_at if created_at is None else created_at
    key = mailbox_key(mailbox or "", person_id)
    zone, source = _zone(attributes)
    country, locale = (
        attributes[name] if isinstance(attributes.get(name), str) else None
        for name in ("country", "locale")
    )
    return (
        shard(key), email, mailbox, key, zone, source, country, locale, attributes, created_at
    )  # fmt: skip


def _zone(attributes: Mapping[str, Any]) -> tuple[str | None, str | None]:
    own = attributes.get("time_zone")
    if isinstance(own, str) and named_zone(own) is not None:
        return own, "person"
    country = attributes.get("country")
    only = zone_of_country(country) if isinstance(country, str) else None
    return only, None if only is None else "country"


def document(stored: Any) -> Any:
    """A JSON column as read: PostgreSQL gives the document, SQLite its text."""
    return loads(stored) if isinstance(stored, str) else stored
