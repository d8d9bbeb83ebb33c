"""Suppression: addresses that are never written to, by mailbox key (R5.2, R5.8).

Nothing is ever deleted: what is lifted ends, and what takes the place of a weaker reason begins anew,
so that it can be said of any past moment whether a mailbox was suppressed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, due, identities
from engine.adapters.db.address_key import key_of
from engine.adapters.db.stored import instant, mailbox_key, micros

LIFTED_BY_HAND = frozenset({"hard_bounce", "soft_bounces", "provider", "manual"})
"""What `suppression remove` may lift; a complaint and an opt-out it never does."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """One suppression of a mailbox. `address` is its normal form, empty where only the key is known;
    `lifted_at` is None while it is in force."""

    address: str
    because: str
    since: datetime
    source: str
    lifted_at: datetime | None = None
    lifted_by: str = ""


def suppress(
    connection: Connection, mailbox: str, because: str, now: datetime, source: str = ""
) -> bool:
    """Never write to a mailbox (its normal form) again; answer whether that was new.

    A complaint or an opt-out takes the place of a reason that could be lifted. Its people are due, so
    that what waits for them is decided anew.
    """
    key = mailbox_key(key_of(connection), codec.text(mailbox), "")
    return suppress_key(connection, key, codec.text(mailbox), because, now, source)


def suppress_key(
    connection: Connection, key: str, mailbox: str, because: str, now: datetime, source: str = ""
) -> bool:
    """As `suppress`, for a mailbox of which perhaps no more is known than its key."""
    before = connection.execute(
        sql(f"SELECT because FROM suppression WHERE mailbox_key = :key AND {_IN_FORCE}"),
        {"key": key},
    ).scalar()
    if before is not None:
        if before not in LIFTED_BY_HAND or because in LIFTED_BY_HAND:
            return False
        _end(connection, key, now, f"{because} took its place")
    connection.execute(
        sql(
            "INSERT INTO suppression (mailbox_key, because, since, source, address, lifted_by)"
            " VALUES (:key, :because, :since, :source, :address, '')"
            f" ON CONFLICT (mailbox_key) WHERE {_IN_FORCE} DO NOTHING"
        ),
        {
            "key": key,
            "because": because,
            "since": micros(now),
            "source": codec.text(source),
            "address": mailbox,
        },
    )
    due.mark(connection, people_of(connection, [key]), now)
    return before is None


def suppress_stranger(
    connection: Connection, mailbox: str, because: str, now: datetime, source: str
) -> bool:
    """As `suppress`, for an address that a provider names and nobody here may have: of somebody who asked
    to be forgotten only the key is kept (R5.9)."""
    address = codec.text(mailbox)
    key = mailbox_key(key_of(connection), address, "")
    known_as = "" if identities.forgotten(connection, [key]) else address
    return suppress_key(connection, key, known_as, because, now, source)


def lift(connection: Connection, mailbox: str, now: datetime, by: str) -> Suppressed | None:
    """Lift a suppression that may be lifted by hand. Answers the one that stays, else None.

    Its soft bounces begin to count anew.
    """
    key = mailbox_key(key_of(connection), codec.text(mailbox), "")
    found = find_suppression(connection, mailbox)
    if found is not None and found.because not in LIFTED_BY_HAND:
        return found
    _end(connection, key, now, by)
    connection.execute(sql("DELETE FROM bounce WHERE mailbox_key = :key"), {"key": key})
    due.mark(connection, people_of(connection, [key]), now)
    return None


def find_suppression(connection: Connection, mailbox: str) -> Suppressed | None:
    """Why a mailbox is suppressed, or None."""
    found = connection.execute(
        sql(f"SELECT {_COLUMNS} FROM suppression WHERE mailbox_key = :key AND {_IN_FORCE}"),
        {"key": mailbox_key(key_of(connection), codec.text(mailbox), "")},
    ).first()
    return None if found is None else _suppressed(*found)


def all_suppressions(connection: Connection, *, lifted: bool = False) -> list[Suppressed]:
    """Everybody who is never written to, the latest first; with `lifted`, those of the past too."""
    which = "" if lifted else f" WHERE {_IN_FORCE}"
    found = connection.execute(
        sql(f"SELECT {_COLUMNS} FROM suppression{which} ORDER BY since DESC, address, seq DESC")
    )
    return [_suppressed(*row) for row in found]


def people_of(connection: Connection, keys: Collection[str]) -> list[str]:
    """The people of some mailboxes, by their keys."""
    found = connection.execute(
        sql(
            f"SELECT id FROM person WHERE {batch.among(connection, 'mailbox_key')} AND NOT erased"
            " ORDER BY id"
        ),
        {"ids": batch.listed(connection, keys)},
    )
    return [str(person_id) for person_id in found.scalars()]


_IN_FORCE = "lifted_at IS NULL"
_COLUMNS = "address, because, since, source, lifted_at, lifted_by"


def _end(connection: Connection, key: str, now: datetime, by: str) -> None:
    connection.execute(
        sql(
            "UPDATE suppression SET lifted_at = :now, lifted_by = :by"
            f" WHERE mailbox_key = :key AND {_IN_FORCE}"
        ),
        {"key": key, "now": micros(now), "by": codec.text(by)},
    )


def _suppressed(
    address: str, because: str, since: int, source: str, lifted_at: int | None, lifted_by: str
) -> Suppressed:
    return Suppressed(address, because, instant(since), source, instant(lifted_at), lifted_by)
