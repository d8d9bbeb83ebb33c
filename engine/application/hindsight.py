"""The past asked again: each turn taken anew with what it had seen, beside what the record says of it.

A turn is a pure function of the rules, the person and the events of its moment (R7.1), so taken again it
answers as it did. Where it does not, that is said and never smoothed over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from engine.application.ports.past import Past, TurnThen
from engine.domain.changes import Traced
from engine.domain.facts import Rulebook
from engine.domain.turn import turn
from engine.domain.values import END
from engine.domain.verdict import Asked

ABOUT_MAILS = ("queued", "ghost", "postponed", "dropped")
"""The lines of the trace that say what the gate, or an end before it, meant for a mail."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One line of the record and the same line of the turn taken again.

    `asked` is what was put to the gate, where the gate decided. `again` is None where the turn says
    nothing of the kind, or could not be taken; then `lost` says why it could not.
    """

    line: Traced
    again: Traced | None = None
    asked: Asked | None = None
    rules: Rulebook | None = None
    lost: str = ""

    @property
    def agrees(self) -> Literal["same", "differs", "not possible"]:
        """Whether record and replay say the same: verdict, reason, findings and version."""
        if self.lost:
            return "not possible"
        return "same" if self.again == self.line else "differs"


class Hindsight:
    """One person's past, each turn of it taken again at most once.

    `rules_of` gives the rules that a turn was taken with, None where they are not kept.
    """

    def __init__(self, past: Past, rules_of: Callable[[TurnThen], Rulebook | None]) -> None:
        self._past = past
        self._rules_of = rules_of
        self._taken: dict[int, _Again] = {}

    def replay(self, line: Traced) -> Replayed:
        """A line of the record, with the turn that wrote it taken again. Of several turns at one instant
        it is the one that says the same, if one does."""
        lost, other = "nothing is kept of the turn that decided it", None
        for then in self._around(line.at):
            again = self._again(then)
            if again.looked_at is not None and again.looked_at >= line.at:
                break
            if again.lost:
                return Replayed(line, lost=again.lost)
            lost = ""
            for found in again.lines:
                if found == line:
                    return Replayed(line, found, _asked(again, line), again.rules)
                if other is None and _place(found) == _place(line):
                    other = Replayed(line, found, _asked(again, line), again.rules)
        return other or Replayed(line, lost=lost)

    def _around(self, at: datetime) -> Sequence[TurnThen]:
        """The turns that may have written a line of an instant: those taken at it, or, where there are
        none, the first one after it, which replayed what it had missed."""
        found = self._past.turns(at, at)
        return found or self._past.turns(at, END - timedelta(days=1))[:1]

    def _again(self, then: TurnThen) -> _Again:
        if then.seq not in self._taken:
            self._taken[then.seq] = self._take(then)
        return self._taken[then.seq]

    def _take(self, then: TurnThen) -> _Again:
        seen, rules = self._past.seen_by(then), self._rules_of(then)
        if seen is None or rules is None:
            return _Again(lost="the engine knew nobody, or had no rules, at that moment")
        if seen.lost:
            return _Again(lost=seen.lost, looked_at=seen.life.looked_at)
        again = turn(rules, seen.life, seen.arrivals, then.at)
        lines = tuple(change for change in again.changes if isinstance(change, Traced))
        looked_at = None if seen.life.looked_at == then.at else seen.life.looked_at
        return _Again(lines, again.asked, rules, looked_at=looked_at)


@dataclass(frozen=True, slots=True)
class _Again:
    """What a turn said when it was taken again, and until when those before it had looked."""

    lines: tuple[Traced, ...] = ()
    asked: tuple[Asked, ...] = ()
    rules: Rulebook | None = None
    lost: str = ""
    looked_at: datetime | None = None


def _asked(again: _Again, line: Traced) -> Asked | None:
    """What the gate was asked last of the message of a line."""
    of_it = [
        one
        for one in again.asked
        if (one.candidate.run.id, one.candidate.step.id) == (line.run, line.step)
    ]
    return of_it[-1] if of_it else None


def _place(line: Traced) -> tuple[datetime, str, str | None, str]:
    kind = "mail" if line.what in ABOUT_MAILS else line.what
    return line.at, line.run, line.step, kind
