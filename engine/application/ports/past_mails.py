"""Mails that left, as the links in them find them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from engine.domain.consent import ConsentEntry
from engine.domain.event import Value
from engine.domain.journey import Class
from engine.domain.preference import Preference


@dataclass(frozen=True, slots=True)
class PastMail:
    """One mail, to whom it went, and what that person has said. `topic` is its category, frozen at
    the send (R3.5), so the link works after the journey is deleted (R5.6). `mailbox_consents` are the
    lines of other profiles of the mailbox that hold for all of them (`consent.is_shared`), and
    `mailbox_preferences` likewise.

    `country`, `zone` (None for the company's) and `attributes` are those of today, `ordered_since` is when
    they first ordered. `went_here` says that it went to the mailbox that they have today: only then does
    following its link prove that they read that one. `began` is when they came into the `journey`.
    `erased` says that its person was forgotten: all else is empty then.
    """

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
    zone: str | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    ordered_since: datetime | None = None
    preferences: tuple[Preference, ...] = ()
    mailbox_preferences: tuple[Preference, ...] = ()
    journey: str = ""
    began: datetime | None = None
    erased: bool = False

    @property
    def locale(self) -> str | None:
        """Their language, as far as it is known."""
        said = self.attributes.get("locale")
        return said if isinstance(said, str) else None


class PastMails(Protocol):
    """Finds mails."""

    def find(self, token_id: str) -> PastMail | None:
        """The mail whose send id begins with these 20 hexadecimal digits, or None."""
