"""From when on a mailbox opens what is known of its person: their data, and its erasure.

Whoever reads a mailbox is taken for the person. Where an address came to a profile that was there before
(by a call, a file or a merge) that may be a mistake, or a theft. So it opens nothing of its own for a
while, and whoever asks in the meantime is answered by a person (GDPR 12(3) gives a month, 12(6) lets us
make sure who asks).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.domain.care import DATA, UNTIL, law_wants_by
from engine.domain.engine_events import ANSWER_NEEDED
from engine.domain.event import Event, Value
from engine.domain.person import is_visitor

SETTLES = timedelta(days=30)
"""After so long an address that nobody objected to is the person's."""
NEWCOMER = timedelta(days=1)
"""Of whom nothing was known before, the first address opens what came shortly before it: an event may
overtake the row that says whose it is."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a profile's address: the `mailbox` is None where there never was one, and empty
    where it was taken away. `known_since` is when the engine first heard of them, and `address_since`
    when an address came to what was there before, None for never."""

    person_id: str
    mailbox: str | None
    known_since: datetime | None
    address_since: datetime | None

    def has_a_past(self, now: datetime) -> bool:
        """Whether there is anything that another mailbox must not open at once. A visitor is known by an
        id that nobody but their own device knows, so the address given with it is theirs."""
        if self.mailbox is not None or self.address_since is not None:
            return True
        if is_visitor(self.person_id):
            return False
        return self.known_since is None or now - self.known_since > NEWCOMER


def with_address(before: Profile, now: datetime) -> datetime | None:
    """`address_since` of a profile that gets another address, or its first, at `now`."""
    return now if before.has_a_past(now) else None


def with_profile(keep: Profile, other: Profile, now: datetime) -> datetime | None:
    """`address_since` of what two profiles become that are merged at `now`: the mailbox of the one may
    open what was the other's."""
    final = keep.mailbox or other.mailbox
    strangers = [one for one in (keep, other) if not final or one.mailbox != final]
    if any(one.has_a_past(now) for one in strangers):
        return now
    return max((one.address_since for one in (keep, other) if one.address_since), default=None)


def opens(address_since: datetime | None, asked_at: datetime) -> bool:
    """Whether what was asked for at `asked_at` is shown to the mailbox of then: its address was settled,
    and has not become another since."""
    return address_since is None or asked_at - address_since >= SETTLES


def asks_a_person(notice: str, now: datetime) -> Event:
    """What makes a task for the care team of somebody who has to be answered by a person. With its day the
    team hears of it also where a task of theirs is open for something else."""
    said: dict[str, Value] = {"why": DATA, "urgency": "this week", "message": notice}
    said[UNTIL] = law_wants_by(now)
    return Event(f"{notice}:{DATA}", ANSWER_NEEDED, now, said, source="engine")
