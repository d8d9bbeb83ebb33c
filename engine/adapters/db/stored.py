"""How values are stored: instants and lengths of time as integers, mailboxes as keys.

Instants are whole microseconds since 1970 in UTC, so that every database, and SQL and Python, compare
the same integers; lengths of time are whole microseconds too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import blake2b, sha256
from typing import overload

from engine.domain.values import MICROSECOND

SHARDS = 256
"""Into how many parts the people of a large business may be split, a mailbox never being cut."""

_AFTER_HEXADECIMAL = "g"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@overload
def micros(moment: datetime) -> int: ...
@overload
def micros(moment: None) -> None: ...
def micros(moment: datetime | None) -> int | None:
    """An aware instant as microseconds since 1970 in UTC."""
    return None if moment is None else (moment - _EPOCH) // MICROSECOND


@overload
def instant(stored: int) -> datetime: ...
@overload
def instant(stored: None) -> None: ...
def instant(stored: int | None) -> datetime | None:
    """The aware UTC instant of stored microseconds."""
    return None if stored is None else _EPOCH + stored * MICROSECOND


@overload
def length_micros(length: timedelta) -> int: ...
@overload
def length_micros(length: None) -> None: ...
def length_micros(length: timedelta | None) -> int | None:
    """A length of time in microseconds."""
    return None if length is None else length // MICROSECOND


@overload
def length(stored: int) -> timedelta: ...
@overload
def length(stored: None) -> None: ...
def length(stored: int | None) -> timedelta | None:
    """The length of time of stored microseconds."""
    return None if stored is None else timedelta(microseconds=stored)


def beginning(digits: str) -> dict[str, str]:
    """What to bind so that `x >= :first AND x < :last` finds the ids that begin with these hexadecimal
    digits, in the order of their index."""
    return {"first": digits, "last": digits + _AFTER_HEXADECIMAL}


def mailbox_key(key: bytes, mailbox: str, person_id: str) -> str:
    """By what caps, suppression, tombstones, shards and claims know a mailbox: a keyed hash (R3.5, R5.9).

    `key` comes from `address_key.key_of`, `mailbox` is the normal form. Who has no mailbox has a key of
    their own, by their id. What is hashed with the key is the plain hash, so that a database made
    before there was a key could be brought to it.
    """
    known_by = mailbox or f"person {person_id}"
    return keyed(key, sha256(known_by.encode("utf-8", "surrogatepass")).hexdigest())


def keyed(key: bytes, plain_hash: str) -> str:
    """128 bits of BLAKE2b, in hexadecimal digits."""
    return blake2b(plain_hash.encode(), key=key, digest_size=16).hexdigest()


def shard(key: str) -> int:
    """The shard of a mailbox key, from 0 to `SHARDS - 1`."""
    return int(key[:2], 16)
