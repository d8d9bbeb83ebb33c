"""Suppression: addresses that are never written to, by mailbox key (R5.2, R5.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import codec, due
from engine.adapters.db.stored import instant, mailbox_key, micros

LIFTED_BY_HAND = frozenset({"hard_bounce", "soft_bounces", "manual"})
"""What `suppression remove` may lift; a complaint and an opt-out it never does."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """One suppressed mailbox. `address` is its normal form."""

    address: str
    because: str
    since: datetime
    source: str


def suppress(
    connection: Connection, mailbox: str, because: str, now: datetime, source: str = ""
) -> bool:
    """Never write to a mailbox (its normal form) again; answer whether that was new.

    A complaint or an opt-out takes the place of a reason that could be lifted. Its people are due, so
    that what waits for them is decided anew.
    """
    key = mailbox_key(codec.text(mailbox), "")
    before = connection.execute(
        sql("SELECT because FROM suppression WHERE mailbox_key = :key"), {"key": key}
    ).scalar()
    if before is not None and (before not in LIFTED_BY_HAND or because in LIFTED_BY_HAND):
        return False
    connection.execute(
        sql(
            "INSERT INTO suppression (mailbox_key, because, since, source, address)"
            " VALUES (:key, :because, :since, :source, :address)"
            " ON CONFLICT (mailbox_key) DO UPDATE SET"
            " because = excluded.because, since = excluded.since, source = excluded.source"
        ),
        {
            "key": key,
            "because": because,
            "since": micros(now),
            "source": codec.text(source),
            "address": codec.text(mailbox),
        },
    )
    due.mark(connection, _people_of(connection, key), now)
    return before is None


def lift(connection: Connection, mailbox: str, now: datetime) -> Suppressed | None:
    """Lift a suppression that may be lifted by hand. Answers the one that stays, else None."""
    key = mailbox_key(codec.text(mailbox), "")
    found = find_suppression(connection, mailbox)
    if found is not None and found.because not in LIFTED_BY_HAND:
        return found
    connection.execute(sql("DELETE FROM suppression WHERE mailbox_key = :key"), {"key": key})
    due.mark(connection, _people_of(connection, key), now)
    return None


def find_suppression(connection: Connection, mailbox: str) -> Suppressed | None:
    """Why a mailbox is suppressed, or None."""
    found = connection.execute(
        sql("SELECT address, because, since, source FROM suppression WHERE mailbox_key = :key"),
        {"key": mailbox_key(codec.text(mailbox), "")},
    ).first()
    return None if found is None else Suppressed(found[0], found[1], instant(found[2]), found[3])


def all_suppressions(connection: Connection) -> list[Suppressed]:
    """Everybody who is never written to, the latest first."""
    found = connection.execute(
        sql("SELECT address, because, since, source FROM suppression ORDER BY since DESC, address")
    )
    return [Suppressed(a, because, instant(since), source) for a, because, since, source in found]


def _people_of(connection: Connection, key: str) -> list[str]:
    found = connection.execute(sql("SELECT id FROM person WHERE mailbox_key = :key"), {"key": key})
    return [str(person_id) for person_id in found.scalars()]
