"""What is kept of a person between two turns, and the changes that a turn makes.

Every change is one fact to store; all changes of a turn are stored in one transaction (R10.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.domain.consent import ConsentEntry, Evidence
from engine.domain.event import Event, Value
from engine.domain.facts import Facts, Sent
from engine.domain.lifecycle import Standing
from engine.domain.reasons import Reason
from engine.domain.run import Run


@dataclass(frozen=True, slots=True)
class Knock:
    """An entry whose condition did not hold yet and is tested again until `until` (R1.2)."""

    journey: str
    event: Event
    until: datetime


@dataclass(frozen=True, slots=True)
class Life:
    """All that is kept of one person between two turns.

    `runs` are the live runs, and those that have ended but may still reach their goal (R1.8: for as
    long as `exits.goal_until`). `entries` has, per journey, the entry keys ever used with their times
    (R1.4, R1.5). `looked_at` is the instant of the last turn: schedules fire in `(looked_at, now]`.
    `stage` is the lifecycle stage announced last.
    """

    facts: Facts
    runs: tuple[Run, ...] = ()
    entries: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    knocking: tuple[Knock, ...] = ()
    looked_at: datetime | None = None
    stage: str | None = None
    zone: str | None = None
    due_at: datetime | None = None


# ── changes, each one fact to store ───────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Noted:
    """An event of the engine's own (`journey.entered`, `stage.changed` …) to add to the log."""

    event: Event


@dataclass(frozen=True, slots=True)
class Joined:
    """The person came into a segment. `edge` is False for a first look, which enters nobody (R1.1)."""

    segment: str
    at: datetime
    edge: bool = True


@dataclass(frozen=True, slots=True)
class Departed:
    """The person left a segment."""

    segment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A run is new, stands elsewhere, or ended; `run` is its whole new state."""

    run: Run


@dataclass(frozen=True, slots=True)
class Traced:
    """One line of the trace: what happened at a step, why, with the evidence of that moment.

    `what` is one of: entered, rejected, moved, chose, waits, matched, timed_out, queued, ghost,
    postponed, dropped, handed_over, updated, called, started, left, goal, ended.
    """

    at: datetime
    journey: str
    run: str
    step: str | None
    what: str
    reason: Reason | None = None
    because: str = ""
    detail: Mapping[str, Value] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Queued:
    """A message that passed the gate: a slot and an outbox row, in one transaction (R3.3).

    `send_id` is a hash of (run id, step id), so the same message of a run can exist only once
    (R2.10). A ghost takes a slot in its own ledger and no outbox row; a shadow takes neither.
    `due` and `expires` go to the row, where the gate is asked again at hand-off (R3.9).
    """

    send_id: str
    sent: Sent
    run: Run
    due: datetime
    expires: datetime | None
    entry: Event | None
    sender: str | None = None
    tone: str | None = None
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Assumed:
    """A message that may have left before the database was restored: it is not sent, and its slot
    counts as if it had been (R3.3: what is unknown counts)."""

    send_id: str
    sent: Sent


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """New values of attributes; None takes one away."""

    values: Mapping[str, Value | None]
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentLowered:
    """A journey lowered consent (never raised)."""

    entry: ConsentEntry


@dataclass(frozen=True, slots=True)
class ConsentImplied:
    """A purchase implied consent, where the law says so (`buying.implied_by`)."""

    entry: ConsentEntry
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """A human is asked to help (R2.7). `id` is a hash of (run id, step id).

    One that no journey opened (`care`) has neither, and its id is of person and message. `sensitive`
    says that it goes before all others.
    """

    id: str
    run: str
    journey: str
    step: str
    team: str
    because: str
    urgency: str
    at: datetime
    until: datetime | None
    briefing: str | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class TaskRaised:
    """An open task is about something more now. Where it has become more urgent by it, or the law gives it
    a day (`until`), the team is told again (`tell`)."""

    id: str
    urgency: str
    sensitive: bool
    at: datetime
    tell: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StandingChanged:
    """The orders in brief, and the stage announced."""

    standing: Standing
    stage: str


@dataclass(frozen=True, slots=True)
class KnockChanged:
    """The entries still being tested (R1.2)."""

    knocking: tuple[Knock, ...]


Change = (
    Noted | Joined | Departed | Moved | Traced | Queued | Assumed | PersonChanged | ConsentLowered
    | ConsentImplied | TaskOpened | TaskRaised | StandingChanged | KnockChanged
)  # fmt: skip
