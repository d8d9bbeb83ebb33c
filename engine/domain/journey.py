"""Journeys as graphs of nodes keyed by step id.

The list of steps that a marketer writes is compiled to this graph once (`language.journey_file`);
the interpreter, the diagram, the plan and the reachability check read only the graph. A `next` of
`None` is the end of the journey.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from engine.domain.caps import Cap
from engine.domain.condition import Condition
from engine.domain.duration import Duration
from engine.domain.event import Value


class Status(StrEnum):
    """R2.11."""

    DRAFT = "draft"
    SHADOW = "shadow"
    LIVE = "live"
    PAUSED = "paused"
    ENDING = "ending"


class Priority(StrEnum):
    """In the order in which they go first (R3.7)."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


# ── ways in (R1.1) ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class WhenEvent:
    """`when: order.placed`."""

    event: str


@dataclass(frozen=True, slots=True)
class Joins:
    """`joins: SEGMENT`: the edge from outside to inside."""

    segment: str


@dataclass(frozen=True, slots=True)
class OnDate:
    """`on_date: ATTRIBUTE`: at the wall time `at`, `days_before` days ahead of the local date.

    `yearly` ignores the year. 29 February counts as `leap_day` in other years (R4.6).
    """

    attribute: str
    at: time
    yearly: bool = False
    days_before: int = 0
    leap_day: Literal["feb28", "mar1"] = "feb28"


@dataclass(frozen=True, slots=True)
class Every:
    """`every: Monday 09:00` (or `every: day 09:00`): weekly or daily in the person's zone, for `who`."""

    weekday: int | None
    at: time
    who: Condition


@dataclass(frozen=True, slots=True)
class Once:
    """`once: 2026-12-24 10:00`: a single mailing at that wall time of the person, for `who`."""

    at: datetime  # naive: a wall time
    who: Condition


@dataclass(frozen=True, slots=True)
class Called:
    """`from: journey | api`: only `start` or a call of the API lets people in."""

    by: Literal["journey", "api"]


Trigger = WhenEvent | Joins | OnDate | Every | Once | Called


@dataclass(frozen=True, slots=True)
class Again:
    """Re-entry (R1.5): never, always (`after` of zero), or a duration after the last entry."""

    allowed: bool = False
    after: Duration = Duration()


@dataclass(frozen=True, slots=True)
class Enter:
    """Who comes in, and when. `one_run_per` names a property of the entry event (`order_id`)."""

    trigger: Trigger
    condition: Condition | None = None
    again: Again = Again()
    one_run_per: str | None = None
    backfill: bool = False


# ── small phrases ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Window:
    """`Mon-Fri 09:00-18:00`: wall time `[start, end)` on these weekdays (0 is Monday), where the day
    is that of the start; it wraps midnight when `end <= start`. An `end` of 00:00 is midnight."""

    start: time
    end: time
    weekdays: frozenset[int] = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class RelativeMoment:
    """`2 days before trial_ends_at, 10:00`: `direction` is -1 before, +1 after. Without `at` the time
    of day is that of the value (midnight for a bare date). `of="entry"` is `event.NAME`."""

    attribute: str
    of: Literal["person", "entry"] = "person"
    offset: Duration = Duration()
    direction: Literal[-1, 1] = -1
    at: time | None = None


@dataclass(frozen=True, slots=True)
class WeekdayMoment:
    """`Tuesday 09:00`, in the person's zone."""

    weekday: int
    at: time


@dataclass(frozen=True, slots=True)
class FixedMoment:
    """`2026-12-24 18:00`, a wall time in the person's zone."""

    at: datetime  # naive: a wall time


Moment = RelativeMoment | WeekdayMoment | FixedMoment


@dataclass(frozen=True, slots=True)
class Overflow:
    """What happens over a cap (R3.6): postpone up to a duration and then drop, skip, or leave."""

    do: Literal["postpone", "skip", "leave"] = "postpone"
    up_to: Duration = Duration(days=3)


# ── nodes ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What all steps share. `line` is the 1-based line of the step in its file."""

    id: str
    next: str | None = None
    was: tuple[str, ...] = ()
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Node):
    """`send: A/B`. What is None here is taken from the mail, the journey, the policy, in that order."""

    mail: str
    sender: str | None = None
    expires_after: Duration | None = None
    over_the_cap: Overflow | None = None
    tone: str | None = None
    approval: Literal["first_send", "every_send"] | None = None
    if_missing: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Node):
    """`wait: 3 days`, `at` a wall time on the day the wait ends (the next such time not before it)."""

    length: Duration
    at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitUntil(Node):
    """`wait_until: MOMENT`. `after_next` is the node behind `next`, where `skip_next` goes."""

    moment: Moment
    if_past: Literal["go_on", "skip_next", "leave"] | None = None
    same_day_after: Literal["go_on", "next_week"] | None = None
    after_next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor(Node):
    """`wait_for:` an event (with `same`) or a condition, `up_to` (R2.3). `next` is `then`'s way."""

    event: str | None = None
    condition: Condition | None = None
    same: str | None = None
    up_to: Duration = Duration()
    otherwise: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Node):
    """`if` and `choose`: the first arm whose condition holds, else `next` (the `otherwise`)."""

    arms: tuple[tuple[Condition, str | None], ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One arm of an experiment. `share` is in hundredths of a per cent (45% is 4500)."""

    name: str
    share: int
    first: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment(Node):
    """`experiment: "question"` (R2.5, R8.2). Shares add up to 100 %."""

    question: str
    variants: tuple[Variant, ...]
    measure: Condition
    at_least: int
    decide: Duration
    winner: Literal["suggest", "use"] = "suggest"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandTo(Node):
    """`hand_to: TEAM` (R2.7). Without `up_to` nobody waits. `next` is `then`'s way (task done)."""

    team: str
    because: str = ""
    urgency: Literal["now", "today", "this week"] = "today"
    briefing: str | None = None
    up_to: Duration | None = None
    otherwise: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(Node):
    """`update`: attributes to set, tags to add, numbers to increase, consent to lower (R2.6)."""

    set: Mapping[str, Value] = field(default_factory=dict)
    add_tags: tuple[str, ...] = ()
    increase: Mapping[str, float] = field(default_factory=dict)
    lower_consent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StartJourney(Node):
    """`start: JOURNEY`, by that journey's own rules."""

    journey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoTo(Node):
    """`go_to: STEP`, forward only; `next` is that step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Node):
    """`leave: "why"`."""

    why: str


@dataclass(frozen=True, slots=True)
class Removed:
    """What `removed:` says of a step that is gone: where its people go, or why they leave (R2.8)."""

    go_to: str | None = None
    leave: str | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    """One compiled journey. `version` is the hash of its text; `holdout` in hundredths of a per cent.

    `stay` is `while_matching` for journeys entered by a segment, else `always`, unless said (R1.7).
    `goal_within` is kept in the goal's own conditions (`within` runs from the entry there, R1.8).
    """

    name: str
    version: str
    status: Status
    category: str
    priority: Priority
    enter: Enter
    nodes: Mapping[str, Node]
    first: str | None
    title: str = ""
    owner: str = ""
    goal: Condition | None = None
    leave_when: Condition | None = None
    stay: Literal["always", "while_matching"] = "always"
    send_window: Window | None = None
    hold_other_mail: tuple[str, ...] = ()
    holdout: int = 0
    approval: Literal["first_send", "every_send"] | None = None
    removed: Mapping[str, Removed] = field(default_factory=dict)


# ── the sending policy of a project ───────────────────────────────────────────────────────────


class Class(StrEnum):
    """In the order in which they go first (R3.7, R5.3)."""

    TRANSACTIONAL = "transactional"
    SERVICE = "service"
    MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of mail; a marketing one is also the topic that people consent to (R5.3)."""

    name: str
    klass: Class
    consent: Literal["opt-in", "soft opt-in", "double opt-in"] = "opt-in"
    sells: bool = False
    caps: tuple[Cap, ...] = ()
    ignores_quiet_hours: bool = False
    skip_holidays: bool = False
    confirms: tuple[str, ...] = ()
    """The topics whose sign-ups its mails ask to confirm (R5.4)."""


@dataclass(frozen=True, slots=True)
class Hold:
    """`hold_when`: mail of `category` waits while the condition holds."""

    category: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Policy:
    """`policy:` of the config, with its defaults. `holdout` is in hundredths of a per cent."""

    categories: Mapping[str, Category]
    marketing_caps: tuple[Cap, ...] = ()
    over_the_cap: Overflow = Overflow()
    quiet_hours: Window | None = None
    hold_when: tuple[Hold, ...] = ()
    entry_grace: timedelta = timedelta(minutes=30)
    release_spread: timedelta = timedelta(minutes=15)
    reserve_ahead: Literal["today", "no"] = "today"
    holidays: frozenset[date] = frozenset()
    holdout: int = 0

    @property
    def marketing(self) -> tuple[str, ...]:
        """The marketing categories, which are the topics that people consent to (R5.3)."""
        return tuple(n for n, one in self.categories.items() if one.klass is Class.MARKETING)


@dataclass(frozen=True, slots=True)
class Team:
    """A human team; `open` is in the company's zone, and closed days are the policy's holidays."""

    name: str
    email: str
    open: Window | None = None
