"""People: made by whatever arrives for them first, and changed attribute by attribute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from json import loads
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, due, identities, tables
from engine.adapters.db.address_key import key_of
from engine.adapters.db.alterations import Alteration, Counted, Said, counting
from engine.adapters.db.connect import on_postgresql
from engine.adapters.db.former import note_people
from engine.adapters.db.stored import instant, length, mailbox_key, micros, shard
from engine.domain.arrival import Claim
from engine.domain.lifecycle import Standing
from engine.domain.own_data import Profile, with_address
from engine.domain.person import Person
from engine.domain.zones import named_zone, zone_of_country


class _Core(NamedTuple):
    """The columns of a person that arrivals change. `attributes` is a document, or its text."""

    shard: int
    email: str | None
    mailbox: str | None
    mailbox_key: str
    zone: str | None
    zone_source: str | None
    country: str | None
    locale: str | None
    attributes: Any
    created_at: int | None


_TYPES = ("text", "smallint", *["text"] * 8, "bigint", "text", "bigint", "boolean", "integer")
"""PostgreSQL's types of an id, the columns of `_Core`, `said_at`, `recorded_at`, `erased`, `orders`."""
_DOCUMENTS = ("attributes", "said_at")
_NOBODY = _Core(0, None, None, "", None, None, None, None, {}, None)


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who is `new`, who is another person now than before (`changed`), and of those who `moved` away
    from an address, the mailbox that they had before, and what `counted` of all that was said of them.
    `claims` are the addresses that were not taken."""

    new: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    moved: Mapping[str, str] = field(default_factory=dict)
    counted: Said = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()


def arrive(connection: Connection, alterations: Said, now: datetime) -> Arrived:
    """Make those people who do not exist yet, and alter the others. All of them stay locked
    (`due.lock`) until the transaction ends."""
    here = connection.execute(
        sql(f"SELECT id FROM person WHERE {batch.among(connection, 'id')}"),
        {"ids": batch.listed(connection, alterations)},
    )
    missing = alterations.keys() - set(here.scalars())
    made = _make(connection, {who: alterations[who] for who in sorted(missing)}, now)
    due.lock(connection, alterations.keys() - made.keys())
    known = {who: changes for who, changes in alterations.items() if changes and who not in made}
    altered = alter(connection, known, now)
    twice = [who for who, one in made.items() if len({a.mailbox for a in one.changes} - {None}) > 1]
    return Arrived(
        frozenset(made),
        altered.changed,
        {**altered.moved, **dict.fromkeys(twice, "")},
        {**altered.counted, **{who: made[who].changes for who in twice}},
        (*altered.claims, *(claim for one in made.values() for claim in one.claims)),
    )


def alter(connection: Connection, alterations: Said, now: datetime) -> Arrived:
    """Apply alterations in their order, and answer who is another person now than before.

    People who do not exist or are erased are passed over (R5.9). Who moves to another mailbox loses
    the lease of a turn in hand, since it was decided with the caps of the old one. Locks the people.
    """
    if not alterations:
        return Arrived()
    rows: list[tuple[Any, ...]] = []
    was: dict[str, dict[str, Any]] = {}
    left: dict[str, str] = {}
    moved: list[tuple[Any, ...]] = []
    addressed: list[tuple[Any, ...]] = []
    since: list[tuple[Any, ...]] = []
    spoken: list[tuple[Any, ...]] = []
    counted: dict[str, Sequence[Alteration]] = {}
    claims: list[Claim] = []
    key, columns = key_of(connection), ", ".join(_Core._fields)
    found = connection.execute(
        sql(
            f"SELECT id, said_at, recorded_at, address_since, {columns} FROM person"
            f" WHERE {batch.among(connection, 'id')} AND NOT erased ORDER BY id{batch.for_update(connection)}"
        ),
        {"ids": batch.listed(connection, alterations)},
    )
    for person_id, said_at, recorded_at, address_since, *stored in found:
        before = _Core(*stored)
        before = before._replace(attributes=document(before.attributes))
        heard = counting(alterations[person_id], document(said_at), before.mailbox)
        claims += heard.claims
        if heard.said_at is not None:
            spoken.append((person_id, codec.dump(heard.said_at)))
        after = _altered(key, person_id, before, heard.changes)
        if codec.same(after, before):
            continue
        rows.append((person_id, *after._replace(attributes=codec.dump(after.attributes))))
        was[person_id] = _other(before, after)
        if after.mailbox_key != before.mailbox_key:
            moved.append((person_id, after.shard, after.mailbox_key, None, None))
        if after.mailbox and after.mailbox != before.mailbox:
            was_known = Profile(
                person_id, before.mailbox, instant(recorded_at), instant(address_since)
            )
            since.append((person_id, micros(with_address(was_known, now))))
        if before.mailbox and after.mailbox != before.mailbox:
            left[person_id] = before.mailbox
            counted[person_id] = heard.changes
        if after.mailbox and not before.mailbox:
            addressed.append((person_id, before.mailbox_key, after.mailbox_key))
    batch.update(connection, tables.PERSON, ("id",), _Core._fields, rows)
    batch.update(connection, tables.PERSON, ("id",), ("said_at",), spoken)
    batch.update(connection, tables.PERSON, ("id",), ("address_since",), since)
    batch.update(
        connection,
        tables.DUE,
        ("person_id",),
        ("shard", "mailbox_key", "lease_owner", "lease_until"),
        moved,
    )
    _ledgers_have_an_address(connection, addressed)
    note_people(connection, was, now)
    return Arrived(
        changed=frozenset(row[0] for row in rows),
        moved=left,
        counted=counted,
        claims=tuple(claims),
    )


def _other(before: _Core, after: _Core) -> dict[str, Any]:
    """What was another before: columns, and attributes, null for one that was not there."""
    was: dict[str, Any] = {
        name: getattr(before, name)
        for name in ("email", "mailbox", "created_at")
        if getattr(before, name) != getattr(after, name)
    }
    values = {}
    for name in before.attributes.keys() | after.attributes.keys():
        one, other = before.attributes.get(name), after.attributes.get(name)
        if one != other or type(one) is not type(other):
            values[name] = one
    return was | {"values": values} if values else was


def _ledgers_have_an_address(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """What was said before there was an address speaks of the first one."""
    if not rows:
        return
    names = ("person_id", "before", "after")
    source, bound = batch.rows_of(connection, names, ("text", "text", "text"), rows)
    for ledger in ("consent", "preference"):
        connection.execute(
            sql(
                f"UPDATE {ledger} SET mailbox_key = v.after FROM {source}"
                f" WHERE {ledger}.person_id = v.person_id AND {ledger}.mailbox_key = v.before"
            ),
            bound,
        )


def find(connection: Connection, id_or_address: str) -> str | None:
    """The id of the person with this id, or with one that was merged into theirs, else with this address
    in its normal form or as given.

    Where several profiles share the address, the first by id.
    """
    who = identities.led_to(connection, codec.text(id_or_address))
    for column, value in (("id", who), ("mailbox", who), ("mailbox", who.lower()), ("email", who)):
        found = connection.execute(
            sql(f"SELECT id FROM person WHERE {column} = :value ORDER BY id LIMIT 1"),
            {"value": value},
        ).scalar()
        if found is not None:
            return str(found)
    return None


def mailbox_keys(connection: Connection, addresses: Iterable[str]) -> dict[str, str]:
    """The keys of mailboxes, each with its address (its normal form)."""
    secret = key_of(connection)
    return {mailbox_key(secret, codec.text(address), ""): address for address in addresses}


def by_address(connection: Connection, addresses: Iterable[str]) -> dict[str, str]:
    """Whose addresses these are today, by address; of several people of one the first by id."""
    keys = mailbox_keys(connection, addresses)
    found = connection.execute(
        sql(
            "SELECT mailbox_key, min(id) FROM person WHERE NOT erased"
            f" AND {batch.among(connection, 'mailbox_key')} GROUP BY mailbox_key"
        ),
        {"ids": batch.listed(connection, keys)},
    )
    return {keys[key]: str(person_id) for key, person_id in found}


def now_known_as(connection: Connection, old_id: str) -> str | None:
    """The id of the person that whoever had this id became part of (`person merge`), if they did."""
    found: str | None = connection.execute(
        sql("SELECT person_id FROM alias WHERE old_id = :old"), {"old": codec.text(old_id)}
    ).scalar()
    return found


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


def _make(connection: Connection, alterations: Said, now: datetime) -> dict[str, Counted]:
    """Make people who were not there, and answer whom, with what counted: on PostgreSQL somebody else
    may be first."""
    if not alterations:
        return {}
    names = ("id", *_Core._fields, "said_at", "recorded_at", "erased", "orders")
    key, rows, counted = key_of(connection), [], {}
    for person_id, changes in alterations.items():
        heard = counted[person_id] = counting(changes, None, None)
        made = (
            _altered(key, person_id, _NOBODY, heard.changes)
            if changes
            else _stranger(key, person_id)
        )
        core = made._replace(attributes=codec.dump(made.attributes))
        said_at = None if heard.said_at is None else codec.dump(heard.said_at)
        rows.append((person_id, *core, said_at, micros(now), False, 0))
    if not on_postgresql(connection):
        batch.insert(connection, tables.PERSON, names, rows)
        return counted
    source, bound = batch.rows_of(connection, names, _TYPES, rows)
    values = (f"CAST(v.{name} AS jsonb)" if name in _DOCUMENTS else f"v.{name}" for name in names)
    made_now = connection.execute(
        sql(
            f"INSERT INTO person ({', '.join(names)}) SELECT {', '.join(values)} FROM {source}"
            " ON CONFLICT (id) DO NOTHING RETURNING id"
        ),
        bound,
    )
    return {who: counted[who] for who in made_now.scalars()}


def _altered(key: bytes, person_id: str, before: _Core, alterations: Sequence[Alteration]) -> _Core:
    email, mailbox, created_at = before.email, before.mailbox, before.created_at
    attributes = dict(before.attributes)
    for alteration in alterations:
        email = email if alteration.email is None else codec.text(alteration.email)
        mailbox = mailbox if alteration.mailbox is None else codec.text(alteration.mailbox)
        for name, value in codec.clean(alteration.values).items():
            if name in alteration.if_missing and name in attributes:
                continue
            if value is None:
                attributes.pop(name, None)
            else:
                attributes[name] = value
        if created_at is None:
            created_at = alteration.at
        elif alteration.timed and alteration.at is not None:
            created_at = min(created_at, alteration.at)
    known_as = mailbox_key(key, mailbox or "", person_id)
    zone, source = _zone(attributes)
    country, locale = (
        attributes[name] if isinstance(attributes.get(name), str) else None
        for name in ("country", "locale")
    )
    return _Core(
        shard(known_as), email, mailbox, known_as, zone, source, country, locale, attributes,
        created_at,
    )  # fmt: skip


def _stranger(key: bytes, person_id: str) -> _Core:
    known_as = mailbox_key(key, "", person_id)
    return _NOBODY._replace(shard=shard(known_as), mailbox_key=known_as)


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
