"""The condition tree: one language for segments, entries, goals, branches and holds.

This file is the tree alone. It is answered in Python for one person (`answer.holds`), and as SQL for
all people at once (`adapters.db.condition_sql`); the two always agree. `answer.horizon` says until
when an answer stands if no new data arrive. Conditions that the language spells differently but that
mean the same are one node here: `plan: trial` and `country: DE` are `Attribute`, `received: A/B` is
`Did("mail.sent", where mail is A/B)`, `did_not` is `Not(Did(...))`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal


class Op(StrEnum):
    """How a number is compared. `exactly` belongs to counts only."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    EXACTLY = "exactly"


# ── tests of one value (an attribute of the person, a property of an event) ────────────────────


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value, or one element of a list, equals one of `values`; `none_of` is `Not(OneOf)`.

    Literals are text as written in the YAML. Text equals exactly; a number equals a literal that
    spells the same number; true equals `yes` and `true`, false `no` and `false`.
    """

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """The value is a number (not text, not a truth value) and stands in this relation to `number`."""

    op: Op
    number: float


@dataclass(frozen=True, slots=True)
class Between:
    """The value is a number, `low <= value <= high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TextTest:
    """The value is text (or a list with such an element) that starts, ends or goes on like `text`."""

    op: Literal["starts_with", "ends_with", "contains"]
    text: str


@dataclass(frozen=True, slots=True)
class IsSet:
    """A value is there (`is_set: no` is `Not(IsSet())`). An empty text and an empty list are not."""


@dataclass(frozen=True, slots=True)
class Within:
    """A date or instant in `(now - length, now]`. A bare date means its midnight in the person's zone."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class WithinNext:
    """A date or instant in `(now, now + length]`; with `yearly` (the attribute `birthday`), the next
    anniversary, by local dates: today counts, and so does the day `length` (whole days) ahead."""

    length: timedelta
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """Strictly before an instant or before (the midnight of) a local date."""

    moment: date | datetime


@dataclass(frozen=True, slots=True)
class After:
    """At or after an instant; for a date: after that whole local day (from the next midnight on)."""

    moment: date | datetime


Test = OneOf | Compare | Between | TextTest | IsSet | Within | WithinNext | Before | After


# ── the tree ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; an empty one holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; an empty one does not."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold. A missing value answers no, so `Not` turns it into yes."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Attribute:
    """A test of the person's attribute, or with `of="entry"` of the entry event's property
    (`event.NAME`; outside a run, and where the run has no entry event, it does not hold)."""

    name: str
    test: Test
    of: Literal["person", "entry"] = "person"


@dataclass(frozen=True, slots=True)
class PropertyTest:
    """A test of one property of a counted event. Several in one `where` all have to hold;
    `negated` is for `none_of` and `is_set: no`."""

    name: str
    test: Test
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Did:
    """How often an event happened. `within` is `(now - within, now]` unless the scope says otherwise.

    `same` asks that the property equals that of the entry event (`same: incident_id`).
    """

    event: str
    op: Op = Op.AT_LEAST
    times: int = 1
    within: timedelta | None = None
    where: tuple[PropertyTest, ...] = ()
    same: str | None = None


@dataclass(frozen=True, slots=True)
class TotalOf:
    """The sum of a numeric property over events; other values of the property count nothing."""

    event: str
    property: str
    op: Op
    number: float
    within: timedelta | None = None
    where: tuple[PropertyTest, ...] = ()


@dataclass(frozen=True, slots=True)
class InStage:
    """The lifecycle stage is one of these (R6.1)."""

    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuietFor:
    """The last order is more than `thousandths`/1000 of the person's own median gap ago (4 orders on)."""

    thousandths: int


@dataclass(frozen=True, slots=True)
class Feels:
    """One of the emotions reached `level` at some moment of `(now - within, now]` (R6.3).

    `emotions` holds the basic words: `upset` and `happy` are spelled out by the language.
    """

    emotions: tuple[str, ...]
    level: str
    within: timedelta


@dataclass(frozen=True, slots=True)
class MoodUnknown:
    """No reading above the confidence floor in `(now - within, now]` (R6.3)."""

    within: timedelta


@dataclass(frozen=True, slots=True)
class Disposition:
    """The slow, shrunk estimate is this emotion."""

    emotions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsPersona:
    """The persona that fits the person (lowest rank) is one of these."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InSegment:
    """The person is in the segment at this instant: `who` holds, or they joined less than
    `stay_at_least` ago (R1.7)."""

    name: str


@dataclass(frozen=True, slots=True)
class ConsentIs:
    """Consent for a topic or purpose is in one of the states of R5.2, as the YAML spells them."""

    topic: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A `ticket.opened` without a later `ticket.solved` of the same `ticket` property."""


Condition = (
    All
    | AnyOf
    | Not
    | Attribute
    | Did
    | TotalOf
    | InStage
    | QuietFor
    | Feels
    | MoodUnknown
    | Disposition
    | IsPersona
    | InSegment
    | ConsentIs
    | OpenTicket
)

ALWAYS = All(())
