"""Mails that left, as the links in them find them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.consent import ConsentEntry
from engine.domain.journey import Class


@dataclass(frozen=True, slots=True)
class PastMail:
    """One mail, to whom it went, and that person's consent ledger. `topic` is its category, frozen at
    the send (R3.5), so the link works after the journey is deleted (R5.6). `mailbox_consents` are the
    lines of other profiles of the mailbox that hold for all of them (`consent.is_shared`). `country` is where
    the person lives, as far as known. `went_here` says that it went to the mailbox that they have today:
    only then does following its link prove that they read that one."""

    send_id: str
    person_id: str
    mail: str
    topic: str
    klass: Class
    queued_at: datetime
    consents: tuple[ConsentEntry, ...] = ()
    mailbox_consents: tuple[ConsentEntry, ...] = ()
    country: str | None = None
    went_here: bool = True


class PastMails(Protocol):
    """Finds mails."""

    def find(self, token_id: str) -> PastMail | None:
        """The mail whose send id begins with these 20 hexadecimal digits, or None."""
