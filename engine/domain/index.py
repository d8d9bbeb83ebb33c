"""What a rulebook says, sorted by the questions that a turn asks; worked out once per rulebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from engine.domain.answer import TICKET_OPENED, TICKET_SOLVED
from engine.domain.condition import Did, InSegment, InStage, TotalOf
from engine.domain.engine_events import (
    ANSWER_NEEDED,
    CARE_NEEDED,
    ENGINE_EVENTS,
    MOOD_CHANGED,
    TASK_DONE,
    TASK_OPENED,
    TASK_RAISED,
)
from engine.domain.facts import Rulebook
from engine.domain.journey import (
    Every,
    Joins,
    Journey,
    Once,
    OnDate,
    Status,
    WaitFor,
    WhenEvent,
)
from engine.domain.lifecycle import undoing
from engine.domain.run import Run
from engine.domain.segment import Segment

_KEPT = 8

Clock = Every | Once | OnDate
"""The ways into a journey that time opens."""


@dataclass(frozen=True, slots=True)
class Index:
    """`by_event` and `by_segment` are the journeys to enter by them, `scheduled` those with a clock;
    drafts are in none. `remembered` are the segments whose members are kept: those that a journey
    is entered by, and those with `stay_at_least` that a journey, persona or hold asks about.
    `holders` hold other journeys' mail. `asked` are the events that a condition, a step or a way in
    names, or the engine's own questions (`events_read`)."""

    by_event: Mapping[str, tuple[Journey, ...]]
    by_segment: Mapping[str, tuple[Journey, ...]]
    scheduled: tuple[tuple[Journey, Clock], ...]
    remembered: tuple[Segment, ...]
    holders: frozenset[str]
    asked: frozenset[str]


def index_of(rules: Rulebook) -> Index:
    """The index of a rulebook, made at its first turn and kept while it is in use. Switches and
    thresholds do not matter to it, so rulebooks that differ only in these share it."""
    parts = (rules.journeys, rules.segments, rules.personas, rules.policy)
    key = tuple(map(id, parts))
    found = _made.get(key)
    if found is None:
        if len(_made) >= _KEPT:
            _made.clear()
        found = _made[key] = (parts, _make(rules))
    return found[1]


_made: dict[tuple[int, ...], tuple[tuple[object, ...], Index]] = {}
"""By identity: the parts never change, and holding them here keeps their ids from being used again."""


def _make(rules: Rulebook) -> Index:
    by_event: dict[str, tuple[Journey, ...]] = {}
    by_segment: dict[str, tuple[Journey, ...]] = {}
    scheduled: list[tuple[Journey, Clock]] = []
    for _, journey in sorted(rules.journeys.items()):
        if journey.status is Status.DRAFT:
            continue
        match journey.enter.trigger:
            case WhenEvent(event):
                by_event[event] = (*by_event.get(event, ()), journey)
            case Joins(segment):
                by_segment[segment] = (*by_segment.get(segment, ()), journey)
            case OnDate() | Every() | Once() as clock:
                scheduled.append((journey, clock))
            case _:
                pass  # `Called`: `enter_started` looks it up by its name
    asked = _asked_about(rules, by_segment)
    return Index(
        by_event=by_event,
        by_segment=by_segment,
        scheduled=tuple(scheduled),
        remembered=tuple(
            segment
            for name, segment in sorted(rules.segments.items())
            if name in by_segment or (segment.stay_at_least and name in asked)
        ),
        holders=frozenset(
            name
            for name, journey in rules.journeys.items()
            if journey.hold_other_mail and journey.status not in (Status.DRAFT, Status.SHADOW)
        ),
        asked=_events_asked(rules) | (by_event.keys() & ENGINE_EVENTS.keys()),
    )


def holding(rules: Rulebook, runs: Iterable[Run]) -> list[str]:
    """The journeys among these runs that hold other journeys' mail now (`hold_other_mail`)."""
    holders = index_of(rules).holders
    return [run.journey for run in runs if run.live and not run.held_out and run.journey in holders]


def events_read(rules: Rulebook) -> frozenset[str]:
    """The names of the past events that a turn may look at: all others can stay where they are stored.

    Events of the engine's own that let somebody in are among them, because one that is known already is
    not noted again; so are orders and what undoes them, tickets, tasks, who needs care or an answer,
    and the mood announced last.
    """
    order = rules.lifecycle.order_event
    own = (MOOD_CHANGED, CARE_NEEDED, ANSWER_NEEDED, TASK_OPENED, TASK_RAISED, TASK_DONE)
    return index_of(rules).asked | {
        order, *undoing(order), TICKET_OPENED, TICKET_SOLVED, *own,
    }  # fmt: skip


def _events_asked(rules: Rulebook) -> frozenset[str]:
    places = (rules.journeys, rules.segments, rules.personas, rules.policy)
    conditions = parts_of(places, (Did, TotalOf))
    steps = [
        node
        for journey in rules.journeys.values()
        for node in journey.nodes.values()
        if isinstance(node, WaitFor)
    ]
    names = (*(part.event for part in conditions), *(node.event for node in steps))
    return frozenset(name for name in names if name is not None)


def by_stage(rules: Rulebook) -> frozenset[str]:
    """The segments that depend on lifecycle stages, by way of other segments too. New thresholds are
    an edit of these (R6.2)."""
    found: set[str] = set()
    grown = True
    while grown:
        more = {
            name
            for name, segment in rules.segments.items()
            if name not in found
            and any(
                isinstance(part, InStage) or part.name in found
                for part in parts_of(segment.who, (InStage, InSegment))
            )
        }
        found |= more
        grown = bool(more)
    return frozenset(found)


def _asked_about(rules: Rulebook, joined: Iterable[str]) -> frozenset[str]:
    """The segments that decisions depend on, by way of other segments too."""
    asked: set[str] = set()
    waiting = [*joined, *_segments_in((rules.journeys, rules.personas, rules.policy.hold_when))]
    while waiting:
        name = waiting.pop()
        if name not in asked:
            asked.add(name)
            if name in rules.segments:
                waiting += _segments_in(rules.segments[name].who)
    return frozenset(asked)


def _segments_in(part: object) -> list[str]:
    return [found.name for found in parts_of(part, (InSegment,))]


def parts_of(part: object, kinds: tuple[type, ...]) -> Iterator[Any]:
    """All conditions of these kinds below a part of a rulebook, wherever it keeps them."""
    if isinstance(part, kinds):
        yield part
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from parts_of(value, kinds)
    elif isinstance(part, tuple):
        for value in part:
            yield from parts_of(value, kinds)
    elif is_dataclass(part):
        for field in fields(part):
            yield from parts_of(getattr(part, field.name), kinds)
