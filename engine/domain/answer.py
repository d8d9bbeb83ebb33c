"""The answer of a condition, in Python, for one person at one instant.

Only what had happened by `now` counts, whatever else the facts hold. `adapters.db.condition_sql`
gives the same answers for all people at once, and `horizon` says how long an answer stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any

from engine.domain import lifecycle
from engine.domain.asking import Asking
from engine.domain.condition import (
    All,
    AnyOf,
    Attribute,
    Condition,
    ConsentIs,
    Did,
    Disposition,
    Feels,
    InSegment,
    InStage,
    IsPersona,
    MoodUnknown,
    Not,
    OpenTicket,
    QuietFor,
    TotalOf,
)
from engine.domain.consent import Standing, standing
from engine.domain.emotion import EMOTIONS, LEVELS, Reading
from engine.domain.event import Event, Value
from engine.domain.facts import OUTSIDE, Facts, Rulebook, Scope
from engine.domain.jurisdiction import ANY_YES, Terms
from engine.domain.segment import Persona
from engine.domain.value_tests import counts, passes
from engine.domain.values import (
    BIGGEST_SUMMAND,
    COMPARE,
    ahead,
    is_number,
    millionths,
    same_stored,
    same_value,
)

__all__ = ["consent_of", "holds", "persona_of", "same_value", "stage_of", "terms_of"]

TICKET_OPENED = "ticket.opened"
TICKET_SOLVED = "ticket.solved"

_at = attrgetter("at")


def holds(
    condition: Condition, facts: Facts, rules: Rulebook, now: datetime, scope: Scope = OUTSIDE
) -> bool:
    """Whether a condition holds for one person at `now` (an aware UTC instant)."""
    return answer(condition, Asking(facts, rules, now, scope))


def persona_of(facts: Facts, rules: Rulebook, now: datetime) -> Persona | None:
    """The persona that fits a person at `now`, the lowest rank first, or None."""
    return fitting_persona(Asking(facts, rules, now, OUTSIDE))


def stage_of(facts: Facts, rules: Rulebook, now: datetime) -> str:
    """The lifecycle stage of a person at `now`, one of `lifecycle.STAGES` (R6.1)."""
    return lifecycle.stage(facts.standing, rules.thresholds, rules.lifecycle, now)


def consent_of(topic: str, facts: Facts, rules: Rulebook, now: datetime) -> Standing:
    """What a person's consent for a topic or purpose is worth at `now` (R5.2)."""
    return standing(facts.ledger(topic), topic, now, terms_of(topic, facts, rules))


def terms_of(topic: str, facts: Facts, rules: Rulebook) -> Terms:
    """Which consent is enough for a topic: what the law asks where the person lives, and nothing but a
    double opt-in where the category says so. For a purpose beside mail any yes is one (R5.2)."""
    category = rules.policy.categories.get(topic)
    if category is None:
        return ANY_YES
    there = rules.law.of(facts.person.attributes.get("country"))
    return there.double if category.consent == "double opt-in" else there.terms


def answer(condition: Condition, asking: Asking) -> bool:
    """Whether a condition holds in the middle of a question."""
    return _ANSWERS[type(condition)](condition, asking)


# ── logic ─────────────────────────────────────────────────────────────────────────────────────


def _all(condition: All, asking: Asking) -> bool:
    for part in condition.parts:
        if not _ANSWERS[type(part)](part, asking):
            return False
    return True


def _any_of(condition: AnyOf, asking: Asking) -> bool:
    for part in condition.parts:
        if _ANSWERS[type(part)](part, asking):
            return True
    return False


def _not(condition: Not, asking: Asking) -> bool:
    return not _ANSWERS[type(condition.part)](condition.part, asking)


# ── who they are ──────────────────────────────────────────────────────────────────────────────


def _attribute(condition: Attribute, asking: Asking) -> bool:
    return passes(condition.test, value_of(condition, asking), asking)


def value_of(condition: Attribute, asking: Asking) -> Value | None:
    """The value that an `Attribute` tests: the person's, or the entry event's."""
    if condition.of == "person":
        return asking.facts.person.attribute(condition.name)
    entry = asking.scope.entry
    return None if entry is None else entry.properties.get(condition.name)


def _in_stage(condition: InStage, asking: Asking) -> bool:
    return asking.stage in condition.stages


def _quiet_for(condition: QuietFor, asking: Asking) -> bool:
    limit = quiet_limit(condition, asking)
    return limit is not None and asking.now > limit


def quiet_limit(condition: QuietFor, asking: Asking) -> datetime | None:
    """The last instant at which the person is not quiet yet; None without a rhythm of their own."""
    own = asking.facts.standing
    if own.own_gap is None or own.last_order_at is None:
        return None
    return ahead(own.last_order_at, own.own_gap * condition.thousandths // 1000)


def _is_persona(condition: IsPersona, asking: Asking) -> bool:
    persona = fitting_persona(asking)
    return persona is not None and persona.name in condition.names


PERSONA = "persona:"
"""What stands in `Asking.open` while a persona is being found (no segment is called so)."""


def fitting_persona(asking: Asking) -> Persona | None:
    """The first persona that fits, asked from outside; None within another persona's condition."""
    if PERSONA in asking.open:
        return None
    for persona in asking.rules.personas:
        if from_outside(PERSONA, persona.who, asking):
            return persona
    return None


def _in_segment(condition: InSegment, asking: Asking) -> bool:
    segment = asking.rules.segments.get(condition.name)
    if segment is None or condition.name in asking.open:
        return False
    since = asking.facts.memberships.get(condition.name)
    if since is not None and since <= asking.now < since + segment.stay_at_least:
        return True
    return from_outside(condition.name, segment.who, asking)


def from_outside(name: str, who: Condition, asking: Asking) -> bool:
    """The answer of a segment's or persona's condition, which knows nothing of a run."""
    opened, scope = asking.open, asking.scope
    asking.open, asking.scope = (*opened, name), OUTSIDE
    try:
        return _ANSWERS[type(who)](who, asking)
    finally:
        asking.open, asking.scope = opened, scope


# ── what happened ─────────────────────────────────────────────────────────────────────────────


def _did(condition: Did, asking: Asking) -> bool:
    events = asking.facts.history.named(condition.event)
    if not events:
        count = 0
    elif condition.where or condition.same is not None or asking.in_run:
        count = len(counted(condition, asking))
    else:
        after, until = asking.span(condition.within)
        count = bisect_right(events, until, key=_at) - bisect_right(events, after, key=_at)
    return COMPARE[condition.op](count, condition.times)


def _total_of(condition: TotalOf, asking: Asking) -> bool:
    return COMPARE[condition.op](total(condition, asking), millionths(condition.number))


def total(condition: TotalOf, asking: Asking) -> int:
    """The sum in millionths, to the digit; what is no number counts nothing."""
    values = [event.properties.get(condition.property) for event in counted(condition, asking)]
    return sum(
        millionths(value) for value in values if is_number(value) and abs(value) <= BIGGEST_SUMMAND
    )


def counted(condition: Did | TotalOf, asking: Asking) -> list[Event]:
    """The events that a count or a sum counts, oldest first."""
    events = asking.facts.history.named(condition.event)
    if not events:
        return []
    after, until = asking.span(condition.within)
    first, last = bisect_right(events, after, key=_at), bisect_right(events, until, key=_at)
    entry, same = asking.scope.entry, condition.same if isinstance(condition, Did) else None
    found = list(events[first:last])
    if condition.where:
        found = [event for event in found if counts(event, condition.where, asking)]
    if same is not None:
        wanted = None if entry is None else entry.properties.get(same)
        found = [event for event in found if _equals(event.properties.get(same), wanted)]
    if entry is not None and asking.in_run:
        found = [event for event in found if (event.source, event.id) != (entry.source, entry.id)]
    return found


def _equals(value: Value | None, wanted: Value | None) -> bool:
    return wanted is not None and same_stored(value, wanted)


def _open_ticket(condition: OpenTicket, asking: Asking) -> bool:
    return bool(open_tickets(asking))


def open_tickets(asking: Asking) -> list[Event]:
    """The `ticket.opened` events without a `ticket.solved` of the same `ticket`, then or later.

    Tickets without a `ticket` property are one and the same.
    """
    history, now = asking.facts.history, asking.now
    tickets = history.named(TICKET_OPENED)
    if not tickets:
        return []
    solved = [event for event in history.named(TICKET_SOLVED) if event.at <= now]
    return [
        opened
        for opened in tickets
        if opened.at <= now
        and not any(
            event.at >= opened.at
            and same_stored(event.properties.get("ticket"), opened.properties.get("ticket"))
            for event in solved
        )
    ]


# ── how they feel, what they agreed to ────────────────────────────────────────────────────────


def _feels(condition: Feels, asking: Asking) -> bool:
    return bool(asking.facts.readings and felt(condition, asking)) and asking.is_profiled


def felt(condition: Feels, asking: Asking) -> list[Reading]:
    """The readings that reached the level at some moment of the window."""
    after, until = asking.span(condition.within)
    return [
        reading
        for reading in asking.facts.readings
        if reading.emotion in condition.emotions
        and condition.level in reading.until
        and reading.at <= until
        and reading.until[condition.level] > after
    ]


def known(condition: MoodUnknown) -> Feels:
    """What the mood being known means: any emotion at the lowest level."""
    return Feels(EMOTIONS, LEVELS[0], condition.within)


def _mood_unknown(condition: MoodUnknown, asking: Asking) -> bool:
    return not _feels(known(condition), asking)


def _disposition(condition: Disposition, asking: Asking) -> bool:
    held = asking.facts.disposition
    if held is None or held.emotion not in condition.emotions:
        return False
    return held.holds(asking.now) and asking.is_profiled


def _consent_is(condition: ConsentIs, asking: Asking) -> bool:
    state = consent_of(condition.topic, asking.facts, asking.rules, asking.now)
    return state in condition.states


_ANSWERS: dict[type, Callable[[Any, Asking], bool]] = {
    All: _all,
    AnyOf: _any_of,
    Not: _not,
    Attribute: _attribute,
    Did: _did,
    TotalOf: _total_of,
    InStage: _in_stage,
    QuietFor: _quiet_for,
    Feels: _feels,
    MoodUnknown: _mood_unknown,
    Disposition: _disposition,
    IsPersona: _is_persona,
    InSegment: _in_segment,
    ConsentIs: _consent_is,
    OpenTicket: _open_ticket,
}
