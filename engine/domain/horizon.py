"""How long an answer stands if no new data arrive.

This is what makes segments and goals incremental (R1.1): a person is asked again when something came
in, or when the horizon is reached, and not before. A horizon may be too early, never too late.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from engine.domain import calendar
from engine.domain.answer import (
    PERSONA,
    TICKET_OPENED,
    TICKET_SOLVED,
    answer,
    counted,
    felt,
    known,
    quiet_limit,
    terms_of,
    value_of,
)
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
    Op,
    OpenTicket,
    QuietFor,
    Test,
    TotalOf,
    Within,
    WithinNext,
)
from engine.domain.consent import changes_at
from engine.domain.event import Value
from engine.domain.facts import OUTSIDE, Facts, Rulebook, Scope
from engine.domain.jurisdiction import ANY_YES, Terms
from engine.domain.value_tests import birthday_of, instant_of, passes
from engine.domain.values import COMPARE, END, MICROSECOND, ahead, back, day_of, midnight

_at = attrgetter("at")

Stands = tuple[bool, datetime]
"""An answer, and the first instant at which it may be another (`END`: never)."""


def horizon(
    condition: Condition, facts: Facts, rules: Rulebook, now: datetime, scope: Scope = OUTSIDE
) -> datetime | None:
    """The earliest instant after `now` at which the answer may change by time alone; None: never.

    What the facts hold from after `now` (an entry dated ahead) counts as time passing too.
    """
    return next_change(condition, Asking(facts, rules, now, scope))


def next_change(condition: Condition, asking: Asking) -> datetime | None:
    """`horizon` where several conditions are asked at one instant: what is worked out on the way is
    worked out once."""
    _, until = _stands(condition, asking)
    return None if until >= END else until


def _stands(condition: Condition, asking: Asking) -> Stands:
    return _STANDS[type(condition)](condition, asking)


def _soonest(edges: Iterable[datetime | None], now: datetime) -> datetime:
    return min((edge for edge in edges if edge is not None and edge > now), default=END)


# ── logic ─────────────────────────────────────────────────────────────────────────────────────


def _all(condition: All, asking: Asking) -> Stands:
    return _joined(condition.parts, asking, True)


def _any_of(condition: AnyOf, asking: Asking) -> Stands:
    return _joined(condition.parts, asking, False)


def _joined(parts: Iterable[Condition], asking: Asking, every: bool) -> Stands:
    """`All` (with `every`) is no for as long as one part is no, whatever the others do; and it is yes
    until the first part is not. `AnyOf` is the same turned round."""
    first, decided = END, None
    for part in parts:
        holds, until = _stands(part, asking)
        if holds is every:
            first = min(first, until)
        elif decided is None or until > decided:
            decided = until
            if until == END:
                break
    return (every, first) if decided is None else (not every, decided)


def _not(condition: Not, asking: Asking) -> Stands:
    holds, until = _stands(condition.part, asking)
    return not holds, until


# ── values ────────────────────────────────────────────────────────────────────────────────────


def _attribute(condition: Attribute, asking: Asking) -> Stands:
    value = value_of(condition, asking)
    return passes(condition.test, value, asking), _test_until(condition.test, value, asking)


def _test_until(test: Test, value: Value | None, asking: Asking) -> datetime:
    if value is None or not isinstance(test, (Within, WithinNext)):
        return END
    if isinstance(test, WithinNext) and test.yearly:
        return _birthday_until(test, value, asking)
    at = instant_of(value, asking)
    if at is None:
        return END
    if isinstance(test, Within):
        return _soonest((at, ahead(at, test.length)), asking.now)
    return _soonest((back(at, test.length), at), asking.now)


def _birthday_until(test: WithinNext, value: Value, asking: Asking) -> datetime:
    born = birthday_of(value)
    if born is None:
        return END
    today = day_of(asking.now, asking.zone)
    day = calendar.next_anniversary(born, today)
    ahead_of_it = day - timedelta(days=test.length.days)
    changes = ahead_of_it if today < ahead_of_it else day + calendar.DAY
    return midnight(changes, asking.zone)


# ── who they are ──────────────────────────────────────────────────────────────────────────────


def _in_stage(condition: InStage, asking: Asking) -> Stands:
    holds = asking.stages[0][1] in condition.stages
    for since, stage in asking.stages[1:]:
        if (stage in condition.stages) is not holds:
            return holds, since
    return holds, END


def _quiet_for(condition: QuietFor, asking: Asking) -> Stands:
    limit = quiet_limit(condition, asking)
    if limit is None or asking.now > limit:
        return limit is not None, END
    return False, ahead(limit, MICROSECOND)


def _is_persona(condition: IsPersona, asking: Asking) -> Stands:
    """The persona stands while the one that fits does, and none before it comes to fit."""
    if PERSONA in asking.open:
        return False, END
    first = END
    for persona in asking.rules.personas:
        fits, until = _from_outside(PERSONA, persona.who, asking)
        first = min(first, until)
        if fits:
            return persona.name in condition.names, first
    return False, first


def _in_segment(condition: InSegment, asking: Asking) -> Stands:
    segment = asking.rules.segments.get(condition.name)
    if segment is None or condition.name in asking.open:
        return False, END
    holds, until = _from_outside(condition.name, segment.who, asking)
    since = asking.facts.memberships.get(condition.name)
    if since is None:
        return holds, until
    stays = since + segment.stay_at_least
    if not since <= asking.now < stays:
        return holds, min(until, _soonest((since,), asking.now))
    return True, max(stays, until) if holds else stays


def _from_outside(name: str, who: Condition, asking: Asking) -> Stands:
    opened, scope = asking.open, asking.scope
    asking.open, asking.scope = (*opened, name), OUTSIDE
    try:
        return _stands(who, asking)
    finally:
        asking.open, asking.scope = opened, scope


# ── what happened ─────────────────────────────────────────────────────────────────────────────


def _did(condition: Did, asking: Asking) -> Stands:
    """A count falls as events leave the window: to below k when the k-th from the end has left."""
    if not asking.facts.history.named(condition.event):
        return COMPARE[condition.op](0, condition.times), END
    found = counted(condition, asking)
    holds = COMPARE[condition.op](len(found), condition.times)
    edges = _outer_edges(condition, asking)
    if condition.within is not None and not asking.is_forward:
        for fewest in _FEWEST[condition.op](condition.times):
            if 0 < fewest <= len(found):
                edges.append(ahead(found[-fewest].at, condition.within))
    return holds, _soonest(edges, asking.now)


def _total_of(condition: TotalOf, asking: Asking) -> Stands:
    edges = _outer_edges(condition, asking)
    if condition.within is not None and not asking.is_forward:
        edges += [ahead(event.at, condition.within) for event in counted(condition, asking)[:1]]
    return answer(condition, asking), _soonest(edges, asking.now)


_FEWEST: dict[Op, Callable[[int], tuple[int, ...]]] = {
    Op.AT_LEAST: lambda times: (times,),
    Op.AT_MOST: lambda times: (times + 1,),
    Op.MORE_THAN: lambda times: (times + 1,),
    Op.LESS_THAN: lambda times: (times,),
    Op.EXACTLY: lambda times: (times, times + 1),
}
"""The counts k at which an answer turns: it is another one with k events than with k - 1."""


def _outer_edges(condition: Did | TotalOf, asking: Asking) -> list[datetime]:
    """When an event dated ahead comes to count, and when one changes what it is in a `where`."""
    events = asking.facts.history.named(condition.event)
    coming = bisect_right(events, asking.now, key=_at)
    edges = [event.at for event in events[coming : coming + 1]]
    timely = [t for t in condition.where if isinstance(t.test, (Within, WithinNext))]
    edges += [
        _test_until(test.test, event.properties.get(test.name), asking)
        for event in (events if timely else ())
        for test in timely
    ]
    return edges


def _open_ticket(condition: OpenTicket, asking: Asking) -> Stands:
    history = asking.facts.history
    coming = (event.at for name in (TICKET_OPENED, TICKET_SOLVED) for event in history.named(name))
    return answer(condition, asking), _soonest(coming, asking.now)


# ── how they feel, what they agreed to ────────────────────────────────────────────────────────


def _feels(condition: Feels, asking: Asking) -> Stands:
    mood = _mood(condition, asking)
    if mood == (False, END):
        return mood
    profiled = _profiled(asking)
    both = [mood, profiled]
    if mood[0] and profiled[0]:
        return True, min(until for _, until in both)
    return False, max(until for holds, until in both if not holds)


def _mood(condition: Feels, asking: Asking) -> Stands:
    found = felt(condition, asking)
    if found:
        if asking.is_forward:
            return True, END
        last = max(reading.until[condition.level] for reading in found)
        return True, ahead(last, condition.within)
    return False, _soonest((reading.at for reading in asking.facts.readings), asking.now)


def _mood_unknown(condition: MoodUnknown, asking: Asking) -> Stands:
    holds, until = _feels(known(condition), asking)
    return not holds, until


def _disposition(condition: Disposition, asking: Asking) -> Stands:
    held = asking.facts.disposition
    if held is None or held.emotion not in condition.emotions or asking.now >= held.until:
        return False, END
    if asking.now < held.since:
        return False, held.since
    holds, until = _profiled(asking)
    return holds, min(until, held.until)


def _consent_is(condition: ConsentIs, asking: Asking) -> Stands:
    topic = condition.topic
    terms = terms_of(topic, asking.facts, asking.rules)
    return answer(condition, asking), _consent_until(topic, asking, terms)


def _profiled(asking: Asking) -> Stands:
    return asking.is_profiled, _consent_until("profiling_emotion", asking, ANY_YES)


def _consent_until(topic: str, asking: Asking, terms: Terms) -> datetime:
    return _soonest(changes_at(asking.facts.ledger(topic), topic, terms), asking.now)


_STANDS: dict[type, Callable[[Any, Asking], Stands]] = {
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
