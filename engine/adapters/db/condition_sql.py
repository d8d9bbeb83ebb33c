"""The answer of a condition, in SQL, for all people at once.

`where` gives the very answer of `domain.answer.holds`, asked from outside a run, for every row of
`person`: a property test compares the two on both databases. What a condition needs to know of time
zones is worked out here, once a zone, since SQLite knows none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from engine.adapters.db.consent_sql import consent_word
from engine.adapters.db.json_sql import AsciiUpper, JsonMillionths, JsonText, SameMember
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import EVENT, MEMBERSHIP, PERSON, READING
from engine.adapters.db.value_sql import COMPARE, Column, Member, Setting, Sql, passes, sure
from engine.domain.answer import PERSONA, TICKET_OPENED, TICKET_SOLVED, known
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
    PropertyTest,
    QuietFor,
    TotalOf,
)
from engine.domain.emotion import LEVELS
from engine.domain.facts import Rulebook
from engine.domain.jurisdiction import ANY_YES, Law, Terms
from engine.domain.values import MICROSECOND, back, millionths

LARGEST = 2**63 - 1


def zones_in_use(connection: Connection, rules: Rulebook) -> frozenset[str]:
    """The names of all zones in which people live, the company's among them."""
    own = select(PERSON.c.zone).where(PERSON.c.zone.is_not(None)).distinct()
    return frozenset({*connection.execute(own).scalars(), rules.company_zone})


def where(
    condition: Condition, rules: Rulebook, now: datetime, zones: Callable[[], Collection[str]]
) -> ColumnElement[bool]:
    """Whether a condition holds at `now` (an aware UTC instant) for the row of `person` around it.

    `zones` gives all names that `person.zone` may have (`zones_in_use`); it is called only if the
    condition depends on them. The expression is never null. Erased people are not left out.

    Raises:
        ValueError: for a condition on the entry of a run (`event.NAME`, `same`): that is asked of
            one person, in Python; and for a name that no JSON path can spell.
    """
    zone = func.coalesce(PERSON.c.zone, rules.company_zone)
    setting = Setting(now, zone, cache(lambda: sorted({*zones(), rules.company_zone})))
    return _Asking(rules, now, setting).answer(condition)


class _Asking:
    """One statement in the making; `open` as in `domain.asking.Asking`."""

    def __init__(self, rules: Rulebook, now: datetime, setting: Setting) -> None:
        self.rules, self.now, self.setting = rules, now, setting
        self.micros = micros(now)
        self.open: tuple[str, ...] = ()

    def answer(self, condition: Condition) -> Sql:
        """The answer of any condition; never null."""
        return _ANSWERS[type(condition)](condition, self)

    def opened(self, name: str, who: Condition) -> Sql:
        """The answer of a segment's or persona's own condition."""
        before = self.open
        self.open = (*before, name)
        answer = self.answer(who)
        self.open = before
        return answer

    def since(self, length: timedelta) -> int:
        """The instant so long ago, in microseconds."""
        return micros(back(self.now, length))


# ── logic ─────────────────────────────────────────────────────────────────────────────────────


def _all(condition: All, asking: _Asking) -> Sql:
    return and_(true(), *map(asking.answer, condition.parts))


def _any_of(condition: AnyOf, asking: _Asking) -> Sql:
    return or_(false(), *map(asking.answer, condition.parts))


def _not(condition: Not, asking: _Asking) -> Sql:
    return not_(asking.answer(condition.part))


# ── who they are ──────────────────────────────────────────────────────────────────────────────


def _attribute(condition: Attribute, asking: _Asking) -> Sql:
    if condition.of == "entry":
        raise ValueError(f"event.{condition.name} is asked of a run, not of all people")
    columns = {"email": PERSON.c.mailbox, "id": PERSON.c.id}
    if condition.name in columns:
        return passes(condition.test, Column(columns[condition.name]), asking.setting)
    return passes(condition.test, Member(PERSON.c.attributes, condition.name), asking.setting)


def _in_stage(condition: InStage, asking: _Asking) -> Sql:
    return _stage(asking).in_(condition.stages)


def _stage(asking: _Asking) -> Sql:
    """`lifecycle.stage`, from the kept columns."""
    config, now = asking.rules.lifecycle, asking.micros
    age = now - PERSON.c.last_order_at
    at_risk, lapsed = _own_thresholds(asking)
    return case(
        (PERSON.c.last_order_at.is_(None), "lead"),
        (age > lapsed, "lapsed"),
        (age > at_risk, "at-risk"),
        (now - PERSON.c.won_back_at < config.won_back_for // MICROSECOND, "won-back"),
        (PERSON.c.orders >= config.loyal_from, "loyal"),
        (now - PERSON.c.first_order_at < config.new_for // MICROSECOND, "new"),
        else_="active",
    )


def _own_thresholds(asking: _Asking) -> tuple[Any, Any]:
    """`lifecycle.own_thresholds`: whole microseconds, whole divisions."""
    shop, fixed = asking.rules.thresholds, asking.rules.lifecycle.fixed
    lengths = fixed or (shop.at_risk, shop.lapsed)
    at_risk, lapsed = (literal(length // MICROSECOND, BigInteger()) for length in lengths)
    if fixed is not None or not shop.shop_gap:
        return at_risk, lapsed
    thousandths = PERSON.c.own_gap * 1000 // (shop.shop_gap // MICROSECOND)
    bend = case(
        (PERSON.c.own_gap.is_(None), 1000),
        (thousandths < 500, 500),
        (thousandths > 2000, 2000),
        else_=thousandths,
    )
    return at_risk * bend // 1000, lapsed * bend // 1000


def _quiet_for(condition: QuietFor, asking: _Asking) -> Sql:
    own, thousandths = PERSON.c.own_gap, condition.thousandths
    limit = own // 1000 * thousandths + own % 1000 * thousandths // 1000
    return sure(PERSON.c.last_order_at + limit < asking.micros)


def _is_persona(condition: IsPersona, asking: _Asking) -> Sql:
    if PERSONA in asking.open:
        return false()
    fits = [
        (
            asking.opened(PERSONA, persona.who),
            true() if persona.name in condition.names else false(),
        )
        for persona in asking.rules.personas
    ]
    return case(*fits, else_=false()) if fits else false()


def _in_segment(condition: InSegment, asking: _Asking) -> Sql:
    segment = asking.rules.segments.get(condition.name)
    if segment is None or condition.name in asking.open:
        return false()
    who = asking.opened(condition.name, segment.who)
    if not segment.stay_at_least:
        return who
    stays = _among(
        MEMBERSHIP,
        MEMBERSHIP.c.segment == condition.name,
        MEMBERSHIP.c.since > asking.since(segment.stay_at_least),
        MEMBERSHIP.c.since <= asking.micros,
    )
    return or_(stays, who)


def _among(rows: Any, *tests: Sql) -> Sql:
    """Whether the person has such a row, where few people have one: the database may begin there."""
    return PERSON.c.id.in_(select(rows.c.person_id).where(*tests))


# ── what happened ─────────────────────────────────────────────────────────────────────────────


def _did(condition: Did, asking: _Asking) -> Sql:
    if condition.same is not None:
        raise ValueError(f"same: {condition.same} is asked of a run, not of all people")
    times = condition.times
    at_least: dict[Op, Callable[[], Sql]] = {
        Op.AT_LEAST: lambda: _happened(condition, times, asking),
        Op.AT_MOST: lambda: not_(_happened(condition, times + 1, asking)),
        Op.MORE_THAN: lambda: _happened(condition, times + 1, asking),
        Op.LESS_THAN: lambda: not_(_happened(condition, times, asking)),
        Op.EXACTLY: lambda: and_(
            _happened(condition, times, asking), not_(_happened(condition, times + 1, asking))
        ),
    }
    return at_least[condition.op]()


def _happened(condition: Did, times: int, asking: _Asking) -> Sql:
    """Whether there are so many events, without counting any further."""
    if times <= 0:
        return true()
    found = _events(condition, asking, literal(1))
    return (found if times == 1 else found.limit(1).offset(times - 1)).exists()


def _total_of(condition: TotalOf, asking: _Asking) -> Sql:
    number = max(-LARGEST, min(LARGEST, millionths(condition.number)))
    events = EVENT.alias()
    total = JsonMillionths(events.c.properties, condition.property)
    compared = COMPARE[condition.op](total, literal(number, BigInteger()))
    return _events(condition, asking, compared, events).scalar_subquery()


def _events(
    condition: Did | TotalOf, asking: _Asking, wanted: Sql, events: Any = None
) -> Select[Any]:
    """The person's events that a count or a sum counts."""
    events = EVENT.alias() if events is None else events
    found = (
        select(wanted)
        .select_from(events)
        .where(
            events.c.person_id == PERSON.c.id,
            events.c.name == condition.event,
            events.c.at <= asking.micros,
            events.c.pending.is_(False),
        )
    )
    if condition.within is not None:
        found = found.where(events.c.at > asking.since(condition.within))
    for test in condition.where:
        found = found.where(_property(test, events, asking))
    return found.correlate_except(events)


def _property(test: PropertyTest, events: Any, asking: _Asking) -> Sql:
    passed = passes(test.test, Member(events.c.properties, test.name), asking.setting)
    return not_(passed) if test.negated else passed


def _open_ticket(condition: OpenTicket, asking: _Asking) -> Sql:
    opened, solved = EVENT.alias(), EVENT.alias()
    is_solved = (
        exists()
        .select_from(solved)
        .where(
            solved.c.person_id == opened.c.person_id,
            solved.c.name == TICKET_SOLVED,
            solved.c.at.between(opened.c.at, asking.micros),
            solved.c.pending.is_(False),
            SameMember(opened.c.properties, solved.c.properties, "ticket"),
        )
        .correlate_except(solved)
    )
    return _among(
        opened,
        opened.c.name == TICKET_OPENED,
        opened.c.at <= asking.micros,
        opened.c.pending.is_(False),
        not_(is_solved),
    )


# ── how they feel, what they agreed to ────────────────────────────────────────────────────────


def _feels(condition: Feels, asking: _Asking) -> Sql:
    if condition.level not in LEVELS:
        return false()
    felt = _among(
        READING,
        READING.c.emotion.in_(condition.emotions),
        READING.c.at <= asking.micros,
        READING.c[f"until_{condition.level}"] > asking.since(condition.within),
    )
    return and_(felt, _is_profiled(asking))


def _mood_unknown(condition: MoodUnknown, asking: _Asking) -> Sql:
    return not_(_feels(known(condition), asking))


def _disposition(condition: Disposition, asking: _Asking) -> Sql:
    held = and_(
        PERSON.c.disposition.in_(condition.emotions),
        PERSON.c.disposition_since <= asking.micros,
        PERSON.c.disposition_until > asking.micros,
    )
    return and_(sure(held), _is_profiled(asking))


def _is_profiled(asking: _Asking) -> Sql:
    return consent_word("profiling_emotion", (), ANY_YES, asking.micros) == "given"


def _consent_is(condition: ConsentIs, asking: _Asking) -> Sql:
    category = asking.rules.policy.categories.get(condition.topic)
    if category is None:
        word = consent_word(condition.topic, (), ANY_YES, asking.micros)
    else:
        doubly = category.consent == "double opt-in"
        word = consent_word(condition.topic, *_terms(asking.rules.law, doubly), asking.micros)
    return word.in_(condition.states)


def _terms(law: Law, doubly: bool) -> tuple[list[tuple[Sql, Terms]], Terms]:
    """The terms of each group of countries with the same ones (`answer.terms_of`), and all others'."""
    strictest = law.strictest.double if doubly else law.strictest.terms
    groups: list[tuple[Terms, list[str]]] = []
    for country, there in sorted(law.by_country.items()):
        terms = there.double if doubly else there.terms
        known = next((countries for other, countries in groups if other == terms), None)
        if known is not None:
            known.append(country)
        elif terms != strictest:
            groups.append((terms, [country]))
    here = AsciiUpper(JsonText(PERSON.c.attributes, "country"))
    return [(sure(here.in_(countries)), terms) for terms, countries in groups], strictest


_ANSWERS: dict[type, Callable[[Any, _Asking], Sql]] = {
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
