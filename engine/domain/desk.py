"""The notebook of one turn: what is known so far, and what has been decided.

Mutable, and never seen outside a turn: `turn` opens one, the steps write into it, and it is read
off at the end into a new `Life` and a tuple of changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.domain.changes import Change, Knock, Life, Noted, PersonChanged, Traced
from engine.domain.event import Event, Value
from engine.domain.facts import Rulebook
from engine.domain.ids import event_id
from engine.domain.index import Index, index_of
from engine.domain.journey import Journey
from engine.domain.lifecycle import stage
from engine.domain.reasons import Reason
from engine.domain.replacing import replaced
from engine.domain.run import Run
from engine.domain.verdict import Asked, WaitUntil
from engine.domain.zones import zone_of


@dataclass(frozen=True, slots=True)
class Start:
    """A journey that another one starts (`start:`), or that the API asks for."""

    journey: str
    key: str
    entry: Event | None


def entry_order(run: Run) -> tuple[datetime, str]:
    """The order in which the runs of a person act, however they were stored."""
    return run.entered_at, run.id


class Desk:
    """One person's notebook. `now` moves forward through the instants that the turn replays.

    `news` are events of the engine's own that nobody has acted on yet, and `noisy` the journeys that
    such events have started at this instant; `starts` are journeys to be started. `late` are arrivals
    dated before the last turn; `waits_zone` and `scheduled_zone` are the zone by which waits and schedules
    were worked out last; `stage` is the one announced last, and `worked_out` what the rules of today say
    it was then; `postponed` has the mail and the newest wait of each run at the gate, and `asked` all that
    was ever put to it.
    """

    __slots__ = (
        "after", "asked", "changes", "entries", "facts", "index", "knocking", "late", "news", "noisy", "now",
        "postponed", "rules", "runs", "scheduled_zone", "stage", "starts", "waits_zone",
        "worked_out", "zone",
    )  # fmt: skip

    def __init__(self, rules: Rulebook, life: Life, now: datetime) -> None:
        self.rules = rules
        self.index: Index = index_of(rules)
        self.facts = life.facts
        self.zone = zone_of(life.facts.person, rules)[0]
        self.waits_zone = self.scheduled_zone = life.zone or self.zone
        self.runs: dict[str, Run] = {run.id: run for run in sorted(life.runs, key=entry_order)}
        self.entries: dict[str, Mapping[str, datetime]] = dict(life.entries)
        self.knocking: tuple[Knock, ...] = life.knocking
        self.changes: list[Change] = []
        self.news: list[Event] = []
        self.starts: list[Start] = []
        self.noisy: set[str] = set()
        self.late: list[Event] = []
        self.postponed: dict[str, tuple[str, WaitUntil]] = {}
        self.asked: list[Asked] = []
        self.now = now
        self.after: datetime | None = life.looked_at
        self.worked_out = stage(
            life.facts.standing, rules.thresholds, rules.lifecycle, self.after or now
        )
        self.stage = life.stage or self.worked_out

    def trace(
        self,
        journey: Journey,
        run: Run | None,
        what: str,
        *,
        step: str | None = None,
        reason: Reason | None = None,
        because: str = "",
        detail: Mapping[str, Value] | None = None,
    ) -> None:
        """Write one line of the trace."""
        self.changes.append(
            Traced(
                at=self.now,
                journey=journey.name,
                run=run.id if run else "",
                step=step,
                what=what,
                reason=reason,
                because=because,
                detail=detail or {},
                version=journey.version,
            )
        )

    def note(
        self, name: str, key: str, properties: Mapping[str, Value], *, starts: bool = True
    ) -> None:
        """An event of the engine's own, dated now; `key` tells it from others of its name."""
        event = Event(
            id=event_id(name, self.facts.person.id, key),
            name=name,
            at=self.now,
            properties=properties,
            source="engine",
            starts=starts,
        )
        history = self.facts.history.add(event)
        if history is not self.facts.history:
            self.facts = replaced(self.facts, history=history)
            self.changes.append(Noted(event))
            self.news.append(event)

    def change_person(self, values: Mapping[str, Value | None], key: str) -> None:
        """New values of attributes; later questions of the turn see them."""
        person = self.facts.person
        attributes = {**person.attributes, **values}
        kept = {name: value for name, value in attributes.items() if value is not None}
        self.facts = replaced(self.facts, person=replaced(person, attributes=kept))
        self.zone = zone_of(self.facts.person, self.rules)[0]
        self.changes.append(PersonChanged(values, self.now))
        self.note("person.changed", key, {"attributes": tuple(sorted(values))})
