"""Why a condition holds or does not hold for one person: each part, with what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.domain.answer import (
    answer,
    consent_of,
    counted,
    felt,
    fitting_persona,
    known,
    open_tickets,
    quiet_limit,
    stage_of,
    total,
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
    OpenTicket,
    QuietFor,
    TotalOf,
)
from engine.domain.emotion import Reading
from engine.domain.event import Event, Value
from engine.domain.facts import OUTSIDE, Facts, Rulebook, Scope
from engine.language.spell import spell_condition

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """One condition: whether it holds, its words in the language, and what was found.

    `parts` are the conditions inside it: those of `all`, `any` and `not`, and of a segment its own.
    """

    holds: bool
    words: str
    found: str = ""
    parts: tuple[Evidence, ...] = ()


def evidence(
    condition: Condition, facts: Facts, rules: Rulebook, now: datetime, scope: Scope = OUTSIDE
) -> Evidence:
    """The answer of `domain.answer.holds`, with its grounds."""
    return _explained(condition, Asking(facts, rules, now, scope))


def _explained(condition: Condition, asking: Asking) -> Evidence:
    holds = answer(condition, asking)
    if isinstance(condition, All | AnyOf) and condition.parts:
        parts = tuple(_explained(part, asking) for part in condition.parts)
        return Evidence(holds, "all" if isinstance(condition, All) else "any", parts=parts)
    if isinstance(condition, Not):
        inner = _explained(condition.part, asking)
        if inner.parts:
            return Evidence(holds, "not", parts=(inner,))
        return Evidence(holds, spell_condition(condition), inner.found)
    if isinstance(condition, InSegment):
        return _segment(condition, holds, asking)
    found = _FOUND.get(type(condition), _nothing)(condition, asking)
    return Evidence(holds, spell_condition(condition), found)


def _segment(condition: InSegment, holds: bool, asking: Asking) -> Evidence:
    segment = asking.rules.segments.get(condition.name)
    since = asking.facts.memberships.get(condition.name)
    if segment is None or condition.name in asking.open:
        return Evidence(holds, spell_condition(condition), "there is no such segment here")
    found = ""
    if since is not None and since + segment.stay_at_least > asking.now:
        found = f"came in {_at(since)} and stays until {_at(since + segment.stay_at_least)}"
    opened, scope = asking.open, asking.scope
    asking.open, asking.scope = (*opened, condition.name), OUTSIDE
    inner = _explained(segment.who, asking)
    asking.open, asking.scope = opened, scope
    return Evidence(holds, spell_condition(condition), found, (inner,))


# ── what was found ────────────────────────────────────────────────────────────────────────────


def _nothing(condition: Condition, asking: Asking) -> str:
    return ""  # everyone, nobody: an empty `all` or `any` has no grounds


def _attribute(condition: Attribute, asking: Asking) -> str:
    value = value_of(condition, asking)
    return "there is none" if value is None else f"it is {_value(value)}"


def _in_stage(condition: InStage, asking: Asking) -> str:
    own = asking.facts.standing
    orders = f"{own.orders} orders" if own.orders != 1 else "1 order"
    last = f", the last {_at(own.last_order_at)}" if own.last_order_at else ""
    return f"{stage_of(asking.facts, asking.rules, asking.now)}: {orders}{last}"


def _quiet_for(condition: QuietFor, asking: Asking) -> str:
    own, limit = asking.facts.standing, quiet_limit(condition, asking)
    if limit is None or own.own_gap is None:
        return "no rhythm of their own yet: that takes four orders"
    return f"usual gap {_days(own.own_gap)}; quiet from {_at(limit)} on"


def _is_persona(condition: IsPersona, asking: Asking) -> str:
    persona = fitting_persona(asking)
    return f"it is {persona.name}" if persona else "no persona fits"


def _did(condition: Did, asking: Asking) -> str:
    return _events(counted(condition, asking))


def _total_of(condition: TotalOf, asking: Asking) -> str:
    number = total(condition, asking) / 1_000_000
    return f"{number:g} from {_events(counted(condition, asking))}"


def _open_ticket(condition: OpenTicket, asking: Asking) -> str:
    return _events(open_tickets(asking))


def _feels(condition: Feels, asking: Asking) -> str:
    if not asking.is_profiled:
        return "unknown: no consent for profiling_emotion"
    return _readings(felt(condition, asking))


def _mood_unknown(condition: MoodUnknown, asking: Asking) -> str:
    return _feels(known(condition), asking)


def _disposition(condition: Disposition, asking: Asking) -> str:
    held = asking.facts.disposition
    if held is None or not held.holds(asking.now):
        return "there is none"
    return f"it is {held.emotion} since {_at(held.since)}"


def _consent_is(condition: ConsentIs, asking: Asking) -> str:
    return f"it is {consent_of(condition.topic, asking.facts, asking.rules, asking.now)}"


_FOUND: dict[type, Callable[[Any, Asking], str]] = {
    Attribute: _attribute,
    InStage: _in_stage,
    QuietFor: _quiet_for,
    IsPersona: _is_persona,
    Did: _did,
    TotalOf: _total_of,
    OpenTicket: _open_ticket,
    Feels: _feels,
    MoodUnknown: _mood_unknown,
    Disposition: _disposition,
    ConsentIs: _consent_is,
}


def _events(events: Sequence[Event]) -> str:
    if not events:
        return "none"
    return f"{len(events)}: {_latest([event.at for event in events])}"


def _readings(readings: Sequence[Reading]) -> str:
    if not readings:
        return "no such mood was read"
    shown = sorted(readings, key=lambda reading: reading.at, reverse=True)[:_SHOWN]
    return ", ".join(f"{reading.emotion} {_at(reading.at)}" for reading in shown)


def _latest(moments: Sequence[datetime]) -> str:
    shown = ", ".join(_at(moment) for moment in sorted(moments, reverse=True)[:_SHOWN])
    return f"{shown} …" if len(moments) > _SHOWN else shown


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return str(value)


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def _days(length: timedelta) -> str:
    return f"{length / timedelta(days=1):.1f} days"
