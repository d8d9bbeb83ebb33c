"""Small random worlds for property tests: a rulebook, a few people with a past, and an instant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import product
from random import Random
from typing import Any

from hypothesis import strategies

from engine.domain import condition as c
from engine.domain.consent import ConsentEntry
from engine.domain.disposition import Disposition
from engine.domain.emotion import Reading
from engine.domain.event import Event, History, Value
from engine.domain.facts import OUTSIDE, Facts, Rulebook, Scope
from engine.domain.journey import Category, Class, Policy
from engine.domain.jurisdiction import Jurisdiction, Law, law_of
from engine.domain.lifecycle import LifecycleConfig, Standing, Thresholds
from engine.domain.person import Person
from engine.domain.segment import Persona, Segment
from tests import chance as st
from tests.chance import Chance
from tests.questions import (
    DAY,
    EMOTIONS,
    EVENTS,
    LEVELS,
    MICROSECOND,
    NONE,
    NOWS,
    NUDGES,
    PERSONAS,
    SEGMENTS,
    THRESHOLDS,
    TOPICS,
    ZONES,
    birthdays,
    conditions,
    instants,
    lengths,
    lists,
    moments,
    numbers,
    past,
    texts,
    values,
)


@dataclass(frozen=True)
class World:
    """What a property is about: everything that an answer depends on."""

    now: datetime
    rules: Rulebook
    people: tuple[Facts, ...]
    conditions: tuple[c.Condition, ...]
    scope: Scope


# ── rules ─────────────────────────────────────────────────────────────────────────────────────

POLICY = Policy(
    categories={
        "promotion": Category("promotion", Class.MARKETING, consent="double opt-in"),
        "onboarding": Category("onboarding", Class.MARKETING),
    }
)
LAWS = tuple(
    law_of(files)
    for files in (
        (
            Jurisdiction("stern", countries=frozenset({"DE"}), enough={"double opt-in": None}),
            Jurisdiction(
                "mild",
                countries=frozenset({"FR", "US"}),
                enough={
                    "double opt-in": None,
                    "express": None,
                    "soft opt-in": DAY,
                    "implied": None,
                },
                confirm_within=7 * DAY,
            ),
            Jurisdiction(
                "other",
                countries=frozenset({"CA"}),
                enough={"express": 30 * DAY, "purchase": 60 * DAY, "inquiry": 7 * DAY},
            ),
        ),
        (Jurisdiction("one", countries=frozenset({"US", "DE"}), enough={"express": None}),),
        (),
    )
)
BASES = ("", "purchase", "soft opt-in", "inquiry", "something else")


@cache
def rulebooks(now: datetime) -> Chance:
    """Segments and personas that may refer to each other, in circles too."""
    who = conditions(now)
    positive = st.sampled_from(THRESHOLDS)

    def build(
        segments: tuple[tuple[c.Condition, timedelta], ...],
        personas: tuple[c.Condition, ...],
        learned: tuple[timedelta, timedelta, timedelta | None],
        fixed: tuple[timedelta, timedelta] | None,
        company_zone: str,
        law: Law,
    ) -> Rulebook:
        at_risk, lapsed, shop_gap = learned
        kinds = enumerate(zip(PERSONAS, personas, strict=True))
        return Rulebook(
            journeys={},
            segments={
                name: Segment(name, who, stay_at_least=stay)
                for name, (who, stay) in zip(SEGMENTS, segments, strict=False)
            },
            personas=tuple(Persona(name, rank, who) for rank, (name, who) in kinds),
            policy=POLICY,
            mails={},
            lifecycle=LifecycleConfig(fixed=fixed),
            thresholds=Thresholds(at_risk=at_risk, lapsed=lapsed, shop_gap=shop_gap),
            company_zone=company_zone,
            law=law,
        )

    segment = st.tuples(who, lengths)
    return st.builds(
        build,
        st.tuples(segment, segment),
        st.tuples(who, who),
        st.tuples(positive, positive, st.one_of(st.none(), positive, positive)),
        st.one_of(st.none(), st.none(), st.tuples(positive, positive)),
        st.sampled_from(ZONES),
        st.sampled_from(LAWS),
    )


# ── people ────────────────────────────────────────────────────────────────────────────────────

ORDER_IDS = ("1", 1, 1.0, True, "x")
TICKETS = (
    {"ticket": "1"},
    {"ticket": 1},
    {"ticket": 1.0},
    {"ticket": True},
    {"ticket": ("1",)},
    {},
)


@cache
def histories(now: datetime) -> Chance:
    amounts = st.one_of(numbers, st.sampled_from((0.1, 0.2, 50, 49.99)), st.just("50"))
    properties = st.fixed_dictionaries(
        {},
        optional={
            "total": amounts, "order_id": st.sampled_from(ORDER_IDS), "at_date": moments(now),
        },
    )  # fmt: skip
    event = st.tuples(st.sampled_from(EVENTS), instants(now), properties)
    ticket = st.tuples(
        st.sampled_from(("ticket.opened", "ticket.solved")),
        st.sampled_from((now - DAY, now - DAY + MICROSECOND, now, now + MICROSECOND)),
        st.sampled_from(TICKETS),
    )

    def build(*found: tuple[str, datetime, dict[str, Any]]) -> History:
        return History(
            Event(str(number), name, at, dict(properties))
            for number, (name, at, properties) in enumerate(found)
        )

    return st.one_of(
        st.builds(build, event, event, event, event),
        st.builds(build, event, ticket, ticket, ticket),
        st.builds(build),
    )


@cache
def entries(now: datetime) -> Chance:
    """Entries of few instants, so that several often fall on one."""
    instants = [now + after for after in (
        -DAY, NONE, MICROSECOND - DAY, -2 * DAY, MICROSECOND, -7 * DAY, -30 * DAY, MICROSECOND - 60 * DAY,
    )]  # fmt: skip
    return st.builds(
        ConsentEntry,
        topic=st.sampled_from((*TOPICS, "*")),
        state=st.sampled_from(("express", "implied", "pending", "unsubscribed", "express")),
        at=st.sampled_from(instants),
        basis=st.sampled_from(BASES),
        confirmed=st.booleans(),
        expires_at=st.sampled_from((None, None, *instants)),
        own_act=st.booleans(),
        counts=st.sampled_from((True, True, True, False)),
    )


@cache
def ledgers(now: datetime) -> Chance:
    entry = entries(now)
    agreed = ConsentEntry("profiling_emotion", "express", now - 400 * DAY)
    return st.one_of(
        st.just((agreed,)), st.tuples(st.just(agreed), entry), st.tuples(entry, entry, entry),
        st.tuples(entry, entry, entry, entry), st.just(()),
    )  # fmt: skip


@cache
def readings(now: datetime) -> Chance:
    def build(emotion: str, at: datetime, reached: int, *ends: datetime) -> Reading:
        until = sorted((max(end, at) for end in ends[:reached]), reverse=True)
        return Reading(emotion, at, dict(zip(LEVELS, until, strict=False)), 0.5)

    levels = st.sampled_from((3, 2, 1, 0))
    return st.builds(build, st.sampled_from(EMOTIONS), instants(now), levels, *[instants(now)] * 3)


@cache
def dispositions(now: datetime) -> Chance:
    return st.builds(Disposition, st.sampled_from(EMOTIONS), instants(now), instants(now))


@cache
def standings(now: datetime) -> Chance:
    """Orders whose last lies where a threshold does, bent to a rhythm or not."""
    bent = [length * bend for length, bend in product(THRESHOLDS, (1, 2, 0.5, 0.75))]
    edges = [now - length + nudge for length, nudge in product(bent, (NONE, *NUDGES))]
    own_gaps = [length * bend for length, bend in product(THRESHOLDS, (1, 0.75, 0.45, 2, 2.5, 0))]

    def build(
        orders: int, first: datetime, last: datetime, gap: timedelta, won: datetime
    ) -> Standing:
        first, last = min(first, last), max(first, last)
        if orders == 0:
            return Standing()
        return Standing(
            orders, first, last, gap if orders >= 4 else None, won if orders > 1 else None
        )

    return st.builds(
        build,
        st.sampled_from((4, 3, 5, 1, 0)), past(now), st.sampled_from(edges),
        st.sampled_from(own_gaps), instants(now),
    )  # fmt: skip


@cache
def people(now: datetime) -> Chance:
    def mostly(usual: Chance) -> Chance:
        return st.one_of(usual, usual, usual, values(now), st.none())

    def build(mailbox: str, facts: dict[str, Any], **attributes: Value | None) -> Facts:
        given = {name: value for name, value in attributes.items() if value is not None}
        return Facts(Person("", mailbox, mailbox, given), **facts)

    facts = st.fixed_dictionaries(
        {
            "history": histories(now),
            "consents": ledgers(now),
            "readings": st.one_of(st.tuples(readings(now), readings(now)), st.just(())),
            "disposition": st.one_of(dispositions(now), dispositions(now), st.none()),
            "standing": standings(now),
            "memberships": st.one_of(
                st.just({}), st.fixed_dictionaries({"a": past(now), "b": past(now)})
            ),
        }
    )
    return st.builds(
        build,
        st.sampled_from(("", "trial@cozy.example", "a_b@cozy.example", "yes")),
        facts,
        plan=mostly(texts),
        tags=mostly(lists),
        seats=mostly(numbers),
        birthday=mostly(st.one_of(birthdays(now).map(date.isoformat), moments(now))),
        signed_up_at=mostly(moments(now)),
        country=st.sampled_from((None, "DE", "us", "FR", "CA", "ch", "uſ", "Germany", "", 7)),
        time_zone=st.sampled_from((*ZONES, None, "GMT-8 Pacific", "Europe", "", 3)),
    )


@cache
def scopes(now: datetime) -> Chance:
    entry = st.builds(
        lambda number, at, order, day: Event(
            number, "order.placed", at, {"order_id": order, "total": 50, "birthday": day}
        ),
        st.sampled_from(("0", "1", "other")),
        past(now),
        st.sampled_from(ORDER_IDS),
        moments(now),
    )
    entered = st.one_of(past(now), past(now), st.none())
    return st.builds(Scope, st.one_of(entry, st.none()), entered, st.booleans(), st.booleans())


def named(unnamed: tuple[Facts, ...]) -> tuple[Facts, ...]:
    """The same people with ids: `person-0`, `person-1` and so on."""
    return tuple(
        replace(facts, person=replace(facts.person, id=f"person-{number}"))
        for number, facts in enumerate(unnamed)
    )


# ── worlds ────────────────────────────────────────────────────────────────────────────────────


def worlds(
    people_each: int, conditions_each: int, *, in_run: bool = False
) -> strategies.SearchStrategy[World]:
    """Worlds around one of `NOWS`, or a nudge away from it."""

    def around(now: datetime) -> Chance:
        return st.builds(
            World,
            st.sampled_from(NUDGES).map(lambda nudge: now + nudge),
            rulebooks(now),
            st.tuples(*[people(now)] * people_each).map(named),
            st.tuples(*[conditions(now, in_run=in_run)] * conditions_each),
            st.one_of(st.just(OUTSIDE), scopes(now)) if in_run else st.just(OUTSIDE),
        )

    world = st.one_of(*map(around, NOWS))
    return strategies.integers(0, 2**64 - 1).map(lambda seed: world.draw(Random(seed)))
