"""One question about one person: the facts, the rules, the instant and where it is asked from."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.domain.consent import standing
from engine.domain.facts import OUTSIDE, Facts, Rulebook, Scope
from engine.domain.jurisdiction import ANY_YES
from engine.domain.lifecycle import next_stage_change, stage
from engine.domain.values import BEGINNING, MICROSECOND, ahead, back
from engine.domain.zones import zone_of

Span = tuple[datetime, datetime]
"""A window of time: after the first instant, up to the second and with it."""


class Asking:
    """What an answer is worked out from, and what is worked out on the way.

    `open` names the segments (and `persona:`) whose condition is being asked: one that leads back to
    itself answers no. Python and SQL both follow this rule; the language refuses such circles.
    """

    __slots__ = ("_stage", "_stages", "_zone", "facts", "now", "open", "rules", "scope")

    def __init__(self, facts: Facts, rules: Rulebook, now: datetime, scope: Scope) -> None:
        self.facts = facts
        self.rules = rules
        self.now = now
        self.scope = scope
        self.open: tuple[str, ...] = ()
        self._zone: str | None = None
        self._stage = ""
        self._stages: tuple[tuple[datetime, str], ...] = ()

    @property
    def zone(self) -> str:
        """The name of the person's zone (R4.1)."""
        if self._zone is None:
            self._zone = zone_of(self.facts.person, self.rules)[0]
        return self._zone

    @property
    def stage(self) -> str:
        """The lifecycle stage now."""
        if not self._stage:
            rules = self.rules
            self._stage = stage(self.facts.standing, rules.thresholds, rules.lifecycle, self.now)
        return self._stage

    @property
    def stages(self) -> tuple[tuple[datetime, str], ...]:
        """The lifecycle stage now, and those that time alone will bring, each with its beginning."""
        if not self._stages:
            standing, rules = self.facts.standing, self.rules
            found = []
            at: datetime | None = self.now
            while at is not None:
                found.append((at, stage(standing, rules.thresholds, rules.lifecycle, at)))
                at = next_stage_change(standing, rules.thresholds, rules.lifecycle, at)
            self._stages = tuple(found)
        return self._stages

    @property
    def is_profiled(self) -> bool:
        """Whether the person agrees to emotional profiling; without it mood is unknown (R5.10)."""
        ledger = self.facts.consents
        if not ledger:
            return False
        return standing(ledger, "profiling_emotion", self.now, ANY_YES) == "given"

    @property
    def in_run(self) -> bool:
        """Whether only events since the entry count, and the entry event itself does not."""
        scope = self.scope
        return scope is not OUTSIDE and (scope.since_entry or scope.from_entry)

    @property
    def is_forward(self) -> bool:
        """Whether `within` runs forward from the entry (goal, measure)."""
        return self.in_run and self.scope.from_entry and self.scope.entered_at is not None

    def span(self, length: timedelta | None) -> Span:
        """The window that `within: length` means: back from now, or forward from the entry."""
        now, entered = self.now, self.scope.entered_at
        after = BEGINNING if length is None else back(now, length)
        if entered is None or not self.in_run:
            return after, now
        entry = entered - MICROSECOND
        if length is not None and self.scope.from_entry:
            return entry, min(now, ahead(entered, length))
        return max(after, entry), now
