"""Write keys, by which other programs send data in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

IDENTITIES = "identities"
"""Who is who: another address of somebody who has one, and two ids that are one human."""
SCOPES = ("people", "events", "feedback", "consent", IDENTITIES)
"""What a key may be allowed to send."""


@dataclass(frozen=True, slots=True)
class WriteKey:
    """One key without the key itself. `source` is what its events come from (R1.4)."""

    name: str
    source: str
    scopes: frozenset[str]
    created_at: datetime
    created_by: str = ""
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class WriteKeys(Protocol):
    """The keys that there are."""

    def add(self, key: WriteKey, hash: str) -> bool:
        """Add one; False if there is, or was, one of that name."""
        ...

    def all(self) -> list[WriteKey]:
        """All of them, the revoked ones too, in the order of their making."""
        ...

    def allow(self, name: str, scopes: Collection[str]) -> WriteKey | None:
        """Let one send these, too, and answer it; None if none of that name is in use."""
        ...

    def revoke(self, name: str, now: datetime) -> bool:
        """Take one out of use at once; False if none of that name is in use."""
        ...

    def by_hash(self, hash: str) -> WriteKey | None:
        """The key with this hash, if it is in use."""
        ...

    def named(self, name: str) -> WriteKey | None:
        """The key of this name, also if it is revoked."""
        ...

    def used(self, name: str, now: datetime) -> None:
        """Note that it was used."""
        ...
