"""What a sign-up has to know of whoever has that address, and where the words are kept that were shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.consent import ConsentEntry
from engine.domain.forms import Wording


@dataclass(frozen=True, slots=True)
class Known:
    """Whoever has a mailbox. Of a stranger, `person_id` is the one they would get, and all else empty.
    `consents` are the lines that count for the mailbox, `asked_at` when a form last led to a question."""

    person_id: str
    is_new: bool = True
    country: str = ""
    consents: tuple[ConsentEntry, ...] = ()
    asked_at: datetime | None = None


class SignUps(Protocol):
    """Finds people by their mailbox, and keeps wordings."""

    def known(self, mailbox: str) -> Known:
        """Whoever has this mailbox (its normal form); of several the first by id."""
        ...

    def keep(self, wording: Wording, now: datetime) -> None:
        """Keep these words by their hash for ever: the ledger names them."""
        ...

    def wording(self, digest: str) -> Wording | None:
        """The words of a hash."""
        ...
