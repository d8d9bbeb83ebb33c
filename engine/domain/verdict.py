"""What the gate is asked, and what it answers (R3.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.domain.facts import Facts, Rulebook, Sent
from engine.domain.journey import Category, Class, Journey, Priority, Send
from engine.domain.reasons import Reason
from engine.domain.run import Run


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that a run has come to. `due` is when it was due first (R3.6)."""

    run: Run
    journey: Journey
    step: Send
    category: Category
    due: datetime

    @property
    def ghost(self) -> bool:
        """Whether it would be the ghost of a held-out person: of marketing only (R8.1)."""
        return self.run.held_out and self.category.klass is Class.MARKETING


@dataclass(frozen=True, slots=True)
class Planned:
    """A message of the same person that is expected to leave at `at`, later than now (R3.7)."""

    candidate: Candidate
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """One question of the gate and its answer, for `why`: `reason` is None where it passed.

    `detail` is evidence in the marketer's words ("3 per 7 days: sent 2026-03-04 10:00, …").
    `until` is the earliest instant at which this question alone would pass, if time can mend it.
    """

    question: str
    reason: Reason | None = None
    detail: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Go:
    """It may go now, and until `expires` if its hand-off takes longer."""

    findings: tuple[Finding, ...] = ()
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Not now: at `until` every broken question passes, as far as can be known today.

    `first_legal` and `expires` are those of R3.6.
    """

    until: datetime
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...] = ()
    winner: str | None = None
    first_legal: datetime | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Never. `leaves` says that the run ends with it (`over_the_cap: leave`)."""

    reason: Reason
    findings: tuple[Finding, ...] = ()
    leaves: bool = False
    winner: str | None = None


Verdict = Go | WaitUntil | Stop


@dataclass(frozen=True, slots=True)
class Asked:
    """One message put to the gate, what was known at that moment, and the answer: for `why`."""

    candidate: Candidate
    facts: Facts
    verdict: Verdict


# ── who goes first, and the slot ──────────────────────────────────────────────────────────────

_CLASSES = {klass: place for place, klass in enumerate(Class)}
_PRIORITIES = {priority: place for place, priority in enumerate(Priority)}


def rank(candidate: Candidate) -> tuple[int, int, datetime, str, str]:
    """The order in which competing messages go, smallest first (R3.7): class, priority, due time,
    journey id, step id."""
    return (
        _CLASSES[candidate.category.klass],
        _PRIORITIES[candidate.journey.priority],
        candidate.due,
        candidate.journey.name,
        candidate.step.id,
    )


def slot(candidate: Candidate, facts: Facts, rules: Rulebook, at: datetime) -> Sent:
    """The slot that the message takes at `at`, with category and tags frozen (R3.5)."""
    header = rules.mails.get(candidate.step.mail)
    return Sent(
        person=facts.person.id,
        mail=candidate.step.mail,
        category=candidate.category.name,
        klass=candidate.category.klass,
        at=at,
        tags=header.tags if header else (),
        run=candidate.run.id,
        step=candidate.step.id,
        ghost=candidate.ghost,
    )
