"""Who arrivals are about: ids that now lead to another profile, and those who asked to be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec
from engine.adapters.db.address_key import key_of
from engine.adapters.db.connect import on_postgresql
from engine.adapters.db.stored import instant, mailbox_key, micros
from engine.domain.arrival import Arrival, ConsentArrived, PersonArrived

_WHO_IS_WHO = 0x51C_E2E4
"""The advisory lock of who is who: shared by whoever lets people in, alone for erasure and merge."""


def stand_still(connection: Connection, *, alone: bool = False) -> None:
    """Until the transaction ends, nobody is erased or merged; with `alone`, nobody is let in either.

    To be called before anything else is locked. SQLite has one writer anyway.
    """
    if on_postgresql(connection):
        lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        connection.execute(sql(f"SELECT {lock}({_WHO_IS_WHO})"))


@dataclass(frozen=True, slots=True)
class Admitted:
    """The arrivals that may come in, under the ids that people have today, and how many were
    left out because somebody asked to be forgotten."""

    arrivals: Sequence[Arrival]
    left_out: int = 0


def admit(connection: Connection, arrivals: Sequence[Arrival], now: datetime) -> Admitted:
    """Lead merged ids to their profile, and keep out whoever was erased (R5.9).

    By id or by address: a new id with an address of somebody forgotten is kept out with all that comes
    for it, and from now on too. Somebody who is here keeps what they have; the address is not taken
    over. Only the person's own act (`ConsentEntry.own_act`), newer than the erasure, lets them in again.
    """
    stand_still(connection)
    if not _anybody(connection):
        return Admitted(arrivals)
    arrivals = _led(connection, arrivals)
    secret = key_of(connection)
    keys = {_id_key(secret, a.person_id) for a in arrivals}
    keys |= {_key(secret, a.mailbox) for a in arrivals if isinstance(a, PersonArrived)} - {""}
    graves = forgotten(connection, keys)
    if not graves:
        return Admitted(arrivals)
    back = _came_back(arrivals, secret, graves)
    if back:
        _forget_the_grave(connection, back)
        graves = {key: at for key, at in graves.items() if key not in back}
    addressed = {
        a.person_id
        for a in arrivals
        if isinstance(a, PersonArrived) and _key(secret, a.mailbox) in graves
    }
    here = _known(connection, addressed)
    strangers = addressed - here
    bury(connection, {_id_key(secret, who) for who in strangers}, now)
    out = {a.person_id for a in arrivals if _id_key(secret, a.person_id) in graves} | strangers
    let_in = [
        replace(a, email=None, mailbox=None)
        if isinstance(a, PersonArrived) and _key(secret, a.mailbox) in graves
        else a
        for a in arrivals
        if a.person_id not in out
    ]
    return Admitted(let_in, len(arrivals) - len(let_in))


def led_to(connection: Connection, person_id: str) -> str:
    """The id of today: another's where profiles were merged."""
    found = connection.execute(
        sql("SELECT person_id FROM alias WHERE old_id = :who"), {"who": person_id}
    ).scalar()
    return person_id if found is None else str(found)


def forgotten(connection: Connection, keys: Collection[str]) -> dict[str, datetime]:
    """Which keys of ids and mailboxes are of somebody who was erased, and when."""
    found = connection.execute(
        sql(f"SELECT key, at FROM tombstone WHERE {batch.among(connection, 'key')}"),
        {"ids": batch.listed(connection, keys)},
    )
    return {key: instant(at) for key, at in found}


def bury(connection: Connection, keys: Collection[str], now: datetime) -> None:
    """Keep these ids and mailboxes out from now on."""
    for key in sorted(keys):
        connection.execute(
            sql("INSERT INTO tombstone (key, at) VALUES (:key, :at) ON CONFLICT (key) DO NOTHING"),
            {"key": key, "at": micros(now)},
        )


def _anybody(connection: Connection) -> bool:
    """Whether anybody was ever merged or erased: most of the time one small look is all."""
    found = connection.execute(
        sql("SELECT EXISTS (SELECT 1 FROM alias) OR EXISTS (SELECT 1 FROM tombstone)")
    )
    return bool(found.scalar_one())


def _led(connection: Connection, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """An old id leads on; the address of its row does not take the place of the keeper's."""
    found = connection.execute(
        sql(
            "SELECT a.old_id, a.person_id, p.id IS NULL OR p.mailbox <> ''"
            " FROM alias a LEFT JOIN person p ON p.id = a.person_id"
            f" WHERE {batch.among(connection, 'a.old_id')}"
        ),
        {"ids": batch.listed(connection, {codec.text(a.person_id) for a in arrivals})},
    )
    today: dict[str, tuple[str, bool]] = {
        old: (who, bool(has_address)) for old, who, has_address in found
    }
    return [_led_on(a, *today[a.person_id]) if a.person_id in today else a for a in arrivals]


def _led_on(arrival: Arrival, person_id: str, has_address: bool) -> Arrival:
    if isinstance(arrival, PersonArrived) and has_address:
        arrival = replace(arrival, email=None, mailbox=None)
    return replace(arrival, person_id=person_id)


def _came_back(
    arrivals: Sequence[Arrival], secret: bytes, graves: Mapping[str, datetime]
) -> set[str]:
    """The keys of those who came back by an act of their own."""
    people = {
        a.person_id
        for a in arrivals
        if isinstance(a, ConsentArrived)
        and a.entry.own_act
        and a.entry.state != "unsubscribed"
        and a.at > max(_graves_of(a.person_id, arrivals, secret, graves), default=a.at)
    }
    return {
        key
        for a in arrivals
        if a.person_id in people
        for key in (
            _id_key(secret, a.person_id),
            _key(secret, a.mailbox) if isinstance(a, PersonArrived) else "",
        )
        if key in graves
    }


def _graves_of(
    person_id: str, arrivals: Sequence[Arrival], secret: bytes, graves: Mapping[str, datetime]
) -> list[datetime]:
    keys = {_id_key(secret, person_id)} | {
        _key(secret, a.mailbox)
        for a in arrivals
        if isinstance(a, PersonArrived) and a.person_id == person_id
    }
    return [graves[key] for key in keys if key in graves]


def _forget_the_grave(connection: Connection, keys: Collection[str]) -> None:
    connection.execute(
        sql(f"DELETE FROM tombstone WHERE {batch.among(connection, 'key')}"),
        {"ids": batch.listed(connection, keys)},
    )


def _known(connection: Connection, ids: Collection[str]) -> set[str]:
    found = connection.execute(
        sql(f"SELECT id FROM person WHERE {batch.among(connection, 'id')}"),
        {"ids": batch.listed(connection, ids)},
    )
    return set(found.scalars())


def _id_key(secret: bytes, person_id: str) -> str:
    return mailbox_key(secret, "", codec.text(person_id))


def _key(secret: bytes, mailbox: str | None) -> str:
    return mailbox_key(secret, codec.text(mailbox), "") if mailbox else ""
