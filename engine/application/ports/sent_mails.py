"""Mails that a provider took, as what it tells of them finds them again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from engine.domain.consent import ConsentEntry
from engine.domain.journey import Class
from engine.domain.scanners import Touch
from engine.domain.told import Told


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail and its person. `unsure` says that nobody knows yet whether it left (R10.1), and `erased`
    that its person was forgotten: then only what acts on the address may come in. `consents` are the
    person's lines on tracking and on all topics."""

    person_id: str
    send_id: str
    mail: str
    category: str
    klass: Class
    journey: str
    step: str
    unsure: bool = False
    erased: bool = False
    consents: tuple[ConsentEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class NewTouch:
    """An open or a click that came in, by the key of what was told."""

    key: str
    mail: SentMail
    what: str
    touch: Touch


@dataclass(frozen=True, slots=True)
class WaitingTouch:
    """A touch whose time to be judged has come: `all_of_mail` are the touches of the same kind and mail,
    `delivered` is when the provider delivered it, or took it where no more is known."""

    key: str
    person_id: str
    send_id: str
    what: str
    touch: Touch
    all_of_mail: tuple[Touch, ...]
    delivered: datetime | None
    about: Mapping[str, str]


class SentMails(Protocol):
    """Finds mails and their people, and remembers what was told of them."""

    def unheard(self, told: Sequence[Told]) -> list[Told]:
        """Those that were not told before, neither by what they say nor by the provider's id; each once."""
        ...

    def heard(self, told: Sequence[Told], now: datetime) -> None:
        """Remember that these were told, after they were taken in."""
        ...

    def by_send_id(self, send_ids: Collection[str]) -> Mapping[str, SentMail]:
        """The mails of these ids."""
        ...

    def last_to(
        self, address: str, at: datetime, back: timedelta, ahead: timedelta
    ) -> SentMail | None:
        """The newest mail that went to an address, from `back` before an instant until `ahead` after."""
        ...

    def person_of(self, addresses: Collection[str]) -> Mapping[str, str]:
        """Whose addresses these are today, by address; of several people of one the first."""
        ...

    def add_touches(self, touches: Sequence[NewTouch], now: datetime) -> None:
        """Keep touches until they are judged."""
        ...

    def suppress(self, address: str, because: str, now: datetime, source: str) -> None:
        """Never write to an address that nobody here has."""
        ...


class Touches(Protocol):
    """Touches that wait for a judgement."""

    def waiting(self, before: datetime, limit: int) -> list[WaitingTouch]:
        """Those that came in before, the oldest first."""
        ...

    def judged(self, keys: Collection[str]) -> None:
        """These were judged; they stay as neighbours of later ones."""
        ...
