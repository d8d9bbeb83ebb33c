"""What a rulebook says, sorted by the questions that a turn asks; worked out once per rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.facts import Rulebook
from engine.domain.journey import Every, Joins, Journey, Once, OnDate, Status, WhenEvent
from engine.domain.segment import Segment

_KEPT = 8


@dataclass(frozen=True, slots=True)
class Index:
    """`by_event` and `by_segment` are the journeys to enter by them, `scheduled` those with a clock;
    drafts are in none. `remembered` are the segments whose members are kept: those that a journey
    is entered by, and those with `stay_at_least`. `holders` hold other journeys' mail."""

    by_event: Mapping[str, tuple[Journey, ...]]
    by_segment: Mapping[str, tuple[Journey, ...]]
    scheduled: tuple[Journey, ...]
    remembered: tuple[Segment, ...]
    holders: frozenset[str]


def index_of(rules: Rulebook) -> Index:
    """The index of a rulebook, made at its first turn and kept while it is in use."""
    found = _made.get(id(rules))
    if found is None or found[0] is not rules:
        if len(_made) >= _KEPT:
            _made.clear()
        found = _made[id(rules)] = (rules, _make(rules))
    return found[1]


_made: dict[int, tuple[Rulebook, Index]] = {}
"""By identity: a rulebook never changes, and holding it here keeps its id from being used again."""


def _make(rules: Rulebook) -> Index:
    by_event: dict[str, tuple[Journey, ...]] = {}
    by_segment: dict[str, tuple[Journey, ...]] = {}
    scheduled: list[Journey] = []
    for _, journey in sorted(rules.journeys.items()):
        if journey.status is Status.DRAFT:
            continue
        match journey.enter.trigger:
            case WhenEvent(event):
                by_event[event] = (*by_event.get(event, ()), journey)
            case Joins(segment):
                by_segment[segment] = (*by_segment.get(segment, ()), journey)
            case OnDate() | Every() | Once():
                scheduled.append(journey)
            case _:
                pass
    return Index(
        by_event=by_event,
        by_segment=by_segment,
        scheduled=tuple(scheduled),
        remembered=tuple(
            segment
            for name, segment in sorted(rules.segments.items())
            if segment.stay_at_least or name in by_segment
        ),
        holders=frozenset(
            name
            for name, journey in rules.journeys.items()
            if journey.hold_other_mail and journey.status not in (Status.DRAFT, Status.SHADOW)
        ),
    )
