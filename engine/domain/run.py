"""One person's run through one journey: where they stand, and what has been decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.domain.event import Event
from engine.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Postponed:
    """A message that waits at the gate (R3.6).

    `due` is when it was due first; `expires` its expiry once known; `first_legal` the first instant
    that quiet hours and send window alone would have allowed.
    """

    due: datetime
    reasons: tuple[Reason, ...]
    first_legal: datetime
    expires: datetime | None = None
    winner: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Unique by `(journey, person, entry_key)` (R1.4); `id` is a hash of the three.

    `step` is where the person stands, None once ended. `since` is when they began to wait there, and
    `wake_at` when time alone will move them. `entry` is the event that started the run, `answers` the
    events that answered its `wait_for` steps, by step id; `sent` when each send step took its slot
    (a step that was dropped has no entry). `held_out` runs leave ghosts. `version` is the journey's
    at the last move.
    """

    id: str
    journey: str
    person: str
    entry_key: str
    entered_at: datetime
    version: str
    step: str | None
    since: datetime
    wake_at: datetime | None = None
    entry: Event | None = None
    answers: Mapping[str, Event] = field(default_factory=dict)
    variants: Mapping[str, str] = field(default_factory=dict)
    visited: tuple[str, ...] = ()
    sent: Mapping[str, datetime] = field(default_factory=dict)
    postponed: Postponed | None = None
    held_out: bool = False
    goal_at: datetime | None = None
    ended_at: datetime | None = None
    because: str | None = None

    @property
    def live(self) -> bool:
        """Whether the person is still inside."""
        return self.ended_at is None
