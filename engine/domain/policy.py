"""The gate: may this message go to this person now? (R3.9)

`policy(candidate, facts, rules, now, ...)` is pure. It answers `Go`, `WaitUntil` or `Stop`, each with
its reasons, and records every broken cap, not only the first (R3.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.domain.journey import Category, Journey, Send
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
    """It may go now."""

    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Not now: at `until` every broken question passes, as far as can be known today."""

    until: datetime
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...] = ()
    winner: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Never. `leaves` says that the run ends with it (`over_the_cap: leave`)."""

    reason: Reason
    findings: tuple[Finding, ...] = ()
    leaves: bool = False
    winner: str | None = None


Verdict = Go | WaitUntil | Stop
