"""Whom a mail can reach: whether people who are angry or anxious can get it (mood design, 5.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.domain.condition import All as AllOf
from engine.domain.condition import AnyOf, Condition, Feels, InSegment, Not
from engine.domain.emotion import LEVELS
from engine.domain.facts import Rulebook
from engine.domain.journey import Every, Joins, Journey, Once, Send
from engine.domain.segment import Segment

SPARED = ("angry", "anxious")
"""Whom nobody frightens."""

_HELD_FROM = LEVELS[: LEVELS.index("medium") + 1]
_DEEPEST = 12


def reaches_spared(rules: Rulebook) -> frozenset[str]:
    """The mails that some journey can send to people who are angry or anxious: neither does its
    category hold mail for them (`hold_when`), nor does the journey keep them out or let them go."""
    return frozenset(
        node.mail
        for journey in rules.journeys.values()
        if not all(_spares(journey, emotion, rules) for emotion in SPARED)
        for node in journey.nodes.values()
        if isinstance(node, Send)
    )


def _spares(journey: Journey, emotion: str, rules: Rulebook) -> bool:
    segments = rules.segments
    holding = [h.condition for h in rules.policy.hold_when if h.category == journey.category]
    leaving = [] if journey.leave_when is None else [journey.leave_when]
    if any(_covers(condition, emotion, segments) for condition in (*holding, *leaving)):
        return True
    return any(_keeps_out(condition, emotion, segments) for condition in _ways_in(journey))


def _ways_in(journey: Journey) -> Iterator[Condition]:
    trigger = journey.enter.trigger
    if isinstance(trigger, Joins):
        yield InSegment(trigger.segment)
    elif isinstance(trigger, Every | Once):
        yield trigger.who
    if journey.enter.condition is not None:
        yield journey.enter.condition


def _covers(
    condition: Condition, emotion: str, segments: Mapping[str, Segment], deep: int = 0
) -> bool:
    """Whether it holds for everybody who feels this, from medium on."""
    match condition:
        case Feels(emotions, level):
            return emotion in emotions and level in _HELD_FROM
        case AnyOf(parts):
            return any(_covers(part, emotion, segments, deep) for part in parts)
        case AllOf(parts):
            return bool(parts) and all(_covers(part, emotion, segments, deep) for part in parts)
        case InSegment(name) if name in segments and deep < _DEEPEST:
            return _covers(segments[name].who, emotion, segments, deep + 1)
    return False


def _keeps_out(
    condition: Condition, emotion: str, segments: Mapping[str, Segment], deep: int = 0
) -> bool:
    """Whether nobody who feels this, from medium on, satisfies it."""
    match condition:
        case Not(part):
            return _covers(part, emotion, segments, deep)
        case AllOf(parts):
            return any(_keeps_out(part, emotion, segments, deep) for part in parts)
        case AnyOf(parts):
            return bool(parts) and all(_keeps_out(part, emotion, segments, deep) for part in parts)
        case InSegment(name) if name in segments and deep < _DEEPEST:
            return _keeps_out(segments[name].who, emotion, segments, deep + 1)
    return False
