"""What comes in from outside: by import, HTTP or simulation, always one of these.

All carry the business's own id of the person, who need not exist yet: whatever arrives for somebody
unknown makes a person without an address. Taking the same arrival in twice changes nothing (R1.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.domain.consent import ConsentEntry, Evidence
from engine.domain.emotion import EmotionConfig
from engine.domain.event import Event, Value
from engine.domain.message_mood import MessageMood
from engine.domain.preference import Preference

Claim = tuple[int, int]
"""The delivery that something came with, and its place in it."""


@dataclass(frozen=True, slots=True)
class PersonArrived:
    """A person is new or has changed at `at`.

    `email` is the address as given and `mailbox` its normal form; both are None where the row says
    nothing of the address (it stays as it is), both empty where it takes the address away. In
    `values` None takes an attribute away; what is not named stays. Those in `if_missing` count only
    where there is nothing yet.

    What may come late, or twice, is `timed`: each of its values, and the address, counts only if nothing
    newer was said of it, so that the order in which they come does not matter. Rows of a file are not:
    who imports one means what it says.

    Whoever may not change the address that somebody has makes a `claim`, by which the store names it if it
    does not count: then the address is taken only as the first one. What is claimed is `timed`.
    """

    person_id: str
    email: str | None
    mailbox: str | None
    values: Mapping[str, Value | None]
    at: datetime
    if_missing: frozenset[str] = frozenset()
    timed: bool = False
    claim: Claim | None = None


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
class PreferenceArrived:
    """Somebody chose something for themselves, as only they can."""

    person_id: str
    preference: Preference

    @property
    def at(self) -> datetime:
        """When they chose it."""
        return self.preference.at


@dataclass(frozen=True, slots=True)
class MessageRead:
    """How one message of a person reads; `mood.message` is the id of the event that brought it.

    It is the source of their mood and of their disposition (`profile`), worked out `by` the config in
    force when it comes in. Kept once a message, and only with consent for `profiling_emotion` when it
    was written and ever since (R5.10); who takes it in later asks whether that still stands. Of a
    sensitive one nothing is kept here.
    """

    person_id: str
    mood: MessageMood
    by: EmotionConfig = EmotionConfig()

    @property
    def at(self) -> datetime:
        """When the message was written."""
        return self.mood.at


Arrival = PersonArrived | EventArrived | ConsentArrived | PreferenceArrived | MessageRead
