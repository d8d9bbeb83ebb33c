"""What comes in from outside: by import, HTTP or simulation, always one of these.

All carry the business's own id of the person, who need not exist yet: whatever arrives for somebody
unknown makes a person without an address. Taking the same arrival in twice changes nothing (R1.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.domain.consent import ConsentEntry, Evidence
from engine.domain.emotion import Reading
from engine.domain.event import Event, Value


@dataclass(frozen=True, slots=True)
class PersonArrived:
    """A person is new or has changed at `at`.

    `email` is the address as given and `mailbox` its normal form; both are None where the row says
    nothing of the address (it stays as it is), both empty where it takes the address away. In
    `values` None takes an attribute away; what is not named stays.
    """

    person_id: str
    email: str | None
    mailbox: str | None
    values: Mapping[str, Value | None]
    at: datetime


@dataclass(frozen=True, slots=True)
class EventArrived:
    """Something happened to a person. `event.at` is as reported; R1.3 is applied on the way in."""

    person_id: str
    event: Event

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.event.at


@dataclass(frozen=True, slots=True)
class ConsentArrived:
    """A line for the consent ledger. Whether it counts (R5.5) is decided on the way in. `confirms`
    says that it is the answer to the mail that asked about a sign-up (R5.4), which no file can say."""

    person_id: str
    entry: ConsentEntry
    evidence: Evidence = Evidence()
    confirms: bool = False

    @property
    def at(self) -> datetime:
        """When consent was given or taken back."""
        return self.entry.at


@dataclass(frozen=True, slots=True)
class ReadingArrived:
    """A mood read from a message or given by hand, its `message` being the id of its event.

    Kept only with consent for `profiling_emotion` at `reading.at` (R5.10).
    """

    person_id: str
    reading: Reading

    @property
    def at(self) -> datetime:
        """When the message was written."""
        return self.reading.at


Arrival = PersonArrived | EventArrived | ConsentArrived | ReadingArrived
