"""A provider's own lists of addresses that it does not deliver to, and what importing them needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.consent import ConsentEntry
from engine.domain.listed import List, Listed


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list. `unread` counts entries that make no sense; `more` says that the list goes on."""

    entries: Sequence[Listed]
    more: bool
    unread: int = 0


class NotNow(Exception):
    """The lists cannot be read now: it is worth trying again at `retry_at`."""

    def __init__(self, detail: str, retry_at: datetime) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_at = retry_at


class NotAllowed(Exception):
    """The provider does not let us read its lists; the text says why."""


class SuppressionLists(Protocol):
    """Reads the lists of one provider."""

    def page(self, on: List, since: datetime | None, offset: int, now: datetime) -> Page:
        """Entries of a list from `offset` on, only those made at or after `since`, if it can tell.

        Raises:
            NotNow: if it is away, or we asked too often.
            NotAllowed: if it refuses.
        """
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. `complete` is when the last whole one began, `began` when this one did; it goes
    on with list `on` at `offset`."""

    complete: datetime | None = None
    began: datetime | None = None
    on: List | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person by an address, and their ledger."""

    person_id: str
    consents: tuple[ConsentEntry, ...]


class Suppressing(Protocol):
    """What importing lists needs of the store. Whatever returns is committed."""

    def people(self, addresses: Collection[str]) -> Mapping[str, Somebody]:
        """Who has these addresses, by address; of several the first."""
        ...

    def suppress(self, entries: Sequence[tuple[Listed, str]], now: datetime, by: str) -> int:
        """Never write to these addresses, each because of what stands beside it; answers how many are
        new. What was lifted here after it was listed stays lifted."""
        ...

    def progress(self) -> Progress:
        """How far the import is."""
        ...

    def note(self, progress: Progress, now: datetime) -> None:
        """Remember how far it is."""
        ...
