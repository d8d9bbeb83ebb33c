"""Journey tests as the runner walks them: a typed tree with the lines of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Literal

from engine.domain.consent import Standing
from engine.domain.event import Value


@dataclass(frozen=True, slots=True)
class GivenPerson:
    """Who the test is about: a persona's sample (`like`), attributes over it, consent by topic."""

    like: str | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    consent: Mapping[str, Standing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """What one test changes of the file's `given`; None is no change. `starts` is a wall time."""

    person: GivenPerson | None = None
    starts: datetime | None = None


@dataclass(frozen=True, slots=True)
class When:
    """Something that happens on a day (0 is the date of `starts`), at a wall time of the person.

    `event`: `name` and its properties. `message`: `name` is the text, `payload` emotion to level, and
    whether it is `urgent` or `sensitive`.
    `person`: `payload` are the attributes that change, `consent` the topics. `task`: `name` is
    `done`. `line` is the 1-based line in the file.
    """

    day: int
    time: time
    kind: Literal["event", "message", "person", "task"]
    name: str = ""
    payload: Mapping[str, Value] = field(default_factory=dict)
    consent: Mapping[str, Standing] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class ExpectedEmail:
    """A mail that has to leave at that time, with these words in its subject."""

    day: int
    time: time
    email: str
    subject_has: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class ExpectedTask:
    """A task that a team has to get; None for the time is any time."""

    team: str
    day: int | None = None
    time: time | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class ExpectedEnd:
    """How the run has to end: `because` is `goal`, `leave_when`, `end` or the words of a `leave`."""

    day: int | None = None
    time: time | None = None
    because: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Expect:
    """What has to come out. `emails` None asks nothing; empty asks that no mail leaves."""

    emails: tuple[ExpectedEmail, ...] | None = None
    never: tuple[str, ...] = ()
    handed_to: tuple[ExpectedTask, ...] | None = None
    ends: ExpectedEnd | None = None


@dataclass(frozen=True, slots=True)
class JourneyTest:
    """One test. `line` is that of its name."""

    name: str
    file: str
    line: int
    given: Given
    when: tuple[When, ...]
    expect: Expect


@dataclass(frozen=True, slots=True)
class JourneyTests:
    """One file of tests. `starts` is a wall time of the person."""

    journey: str
    file: str
    given_person: GivenPerson
    starts: datetime
    tests: tuple[JourneyTest, ...]
