"""How values are stored: instants and lengths of time as integers, mailboxes as keys.

Instants are whole microseconds since 1970 in UTC, so that every database, and SQL and Python, compare
the same integers; lengths of time are whole microseconds too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import overload

SHARDS = 256
"""Into how many parts the people of a large business may be split, a mailbox never being cut."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@overload
def micros(moment: datetime) -> int: ...
@overload
def micros(moment: None) -> None: ...
def micros(moment: datetime | None) -> int | None:
    """An aware instant as microseconds since 1970 in UTC."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


@overload
def instant(stored: int) -> datetime: ...
@overload
def instant(stored: None) -> None: ...
def instant(stored: int | None) -> datetime | None:
    """The aware UTC instant of stored microseconds."""
    return None if stored is None else _EPOCH + timedelta(microseconds=stored)


@overload
def length_micros(length: timedelta) -> int: ...
@overload
def length_micros(length: None) -> None: ...
def length_micros(length: timedelta | None) -> int | None:
    """A length of time in microseconds."""
    return None if length is None else length // _MICROSECOND


@overload
def length(stored: int) -> timedelta: ...
@overload
def length(stored: None) -> None: ...
def length(stored: int | None) -> timedelta | None:
    """The length of time of stored microseconds."""
    return None if stored is None else timedelta(microseconds=stored)


def mailbox_key(mailbox: str, person_id: str) -> str:
    """By what caps, suppression, shards and claims know a mailbox: a hash of its normal form (R3.5).

    Who has no mailbox has a key of their own.
    """
    known_by = mailbox or f"person {person_id}"
    return sha256(known_by.encode("utf-8", "surrogatepass")).hexdigest()


def shard(key: str) -> int:
    """The shard of a mailbox key, from 0 to `SHARDS - 1`."""
    return int(key[:2], 16)
