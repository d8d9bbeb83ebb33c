"""Small random worlds for property tests: a rulebook, a few people with a past, and an instant.

Instants lie at the edges of the windows that the conditions use, to the microsecond; days on which
clocks change, month ends and leap days come often.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import product
from random import Random
from typing import Any

from hypothesis import strategies

from engine.domain import condition as c
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import Reading
from engine.domain.event import Event, History, Value
from engine.domain.facts import OUTSIDE, Facts, Rulebook, Scope
from engine.domain.journey import Category, Class, Policy
from engine.domain.lifecycle import STAGES, LifecycleConfig, Standing, Thresholds
from engine.domain.person import Person
from engine.domain.segment import Persona, Segment
from tests import chance as st
from tests.chance import Chance

ZONES = ("America/New_York", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu")
NOWS = (
    datetime(2026, 6, 15, 12, tzinfo=UTC),
    datetime(2027, 3, 14, 5, tzinfo=UTC),  # midnight in New York, the day its clocks go forward
    datetime(2027, 11, 7, 5, 30, tzinfo=UTC),  # 01:30 there, the day they go back
    datetime(2007, 11, 4, 2, 31, tzinfo=UTC),  # St John's: 00:01 becomes 23:01 of the day before
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia has no such day
    datetime(2027, 10, 31, 1, tzinfo=UTC),  # Berlin's clocks go back
    datetime(2028, 2, 28, 23, tzinfo=UTC),  # midnight in Berlin, before a leap day
    datetime(2027, 2, 28, 5, tzinfo=UTC),  # midnight in New York, in a year without one
    datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
)
DAY, MICROSECOND, NONE = timedelta(days=1), timedelta(microseconds=1), timedelta(0)
LENGTHS = (
    7 * DAY, DAY, 30 * DAY, 60 * DAY, 182 * DAY, 366 * DAY, DAY + timedelta(minutes=1),
    timedelta(minutes=30), NONE,
)  # fmt: skip
THRESHOLDS = LENGTHS[:3]
NUDGES = (NONE, MICROSECOND, -MICROSECOND, timedelta(hours=1), timedelta(seconds=-7))
EVENTS = ("order.placed", "app.opened")
EMOTIONS = ("angry", "frustrated", "delighted")
LEVELS = ("low", "medium", "high")
TOPICS = ("promotion", "onboarding", "profiling_emotion")
SEGMENTS = ("a", "b", "c")
PERSONAS = ("p", "q")
TEXTS = (
    "trial", "Trial", "team", "3", "yes", "true", "", "no", "0", "-1.5", "3.0", "100%", "a_b", "ä", "Ä",
    "it's", '"q"', "\\", "🎉", "null", " trial", "trial\n", "007", "1e3",
)  # fmt: skip
NO_MOMENTS = (
    "2027-02-29", "2026-02-31", "2026-04-31", "2026-13-01", "2026-6-1", "0000-01-01", "1900-02-29",
    "2026-02-28T24:00:00.000000Z", "2026-02-30T10:00:00.000000Z", "2026-02-28 10:00:00.000000Z",
    "2026-02-28T10:60:00.000000Z", "2026-02-28T10:00:00Z", "２０２６-01-01", "2026-01-01\n",
)  # fmt: skip
PIECES = ("tri", "person-", "0", "al", "T", "", "🎉", "%", "_", "trial", "i", "\\", "l\n")
NUMBERS = (
    3, 3.0, 0, 1, -1.5, 0.1, 0.2, 0.3, 49.99, 50, 1_000_000, 10**12, 2**53, 2**53 + 1, -0.0, 1e300, 10**400,
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """What a property is about: everything that an answer depends on."""

    now: datetime
    rules: Rulebook
    people: tuple[Facts, ...]
    conditions: tuple[c.Condition, ...]
    scope: Scope


# ── time ──────────────────────────────────────────────────────────────────────────────────────

lengths = st.sampled_from(LENGTHS)
maybe_lengths = st.sampled_from((None, *LENGTHS))


@cache
def past_pool(now: datetime) -> tuple[datetime, ...]:
    """Instants at or before `now`, at and near the edges of windows."""
    pairs = [(one, NONE) for one in LENGTHS] * 4 + list(product(LENGTHS[:3], LENGTHS))
    near = [now - one - two + nudge for (one, two), nudge in product(pairs, (NONE, *NUDGES))]
    return tuple(min(at, now) for at in near)


@cache
def past(now: datetime) -> Chance:
    return st.sampled_from(past_pool(now))


@cache
def instants(now: datetime) -> Chance:
    """Instants most of which lie at or before `now`."""
    later = [now + length + nudge for length, nudge in product(LENGTHS, NUDGES)]
    return st.sampled_from((*past_pool(now), *later))


@cache
def date_pool(now: datetime) -> tuple[date, ...]:
    """Dates at and near the edges of windows."""
    edges = [now + sign * length for length, sign in product((NONE, *THRESHOLDS), (-1, 1))]
    return tuple(sorted({at.date() + days * DAY for at in edges for days in (-1, 0, 1)}))


@cache
def birthdays(now: datetime) -> Chance:
    """Dates of a leap year, so that none is missing, with their anniversaries near the edges."""
    born = [day.replace(year=1984) for day in date_pool(now)]
    return st.sampled_from((*born, date(1984, 2, 29), date(1, 1, 1), date(9999, 12, 31)))


def text_of(instant: datetime) -> str:
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")


@cache
def dates(now: datetime) -> Chance:
    return st.sampled_from(date_pool(now))


@cache
def moments(now: datetime) -> Chance:
    """Dates and instants as values hold them."""
    return st.one_of(
        dates(now).map(date.isoformat),
        instants(now).map(text_of),
        dates(now).map(date.isoformat),
        st.sampled_from(NO_MOMENTS),
    )


# ── values and tests of them ──────────────────────────────────────────────────────────────────

texts = st.one_of(st.sampled_from(TEXTS[:6]), st.sampled_from(TEXTS))
decimals = st.integers(-(10**9), 10**9).map(lambda millionths: millionths / 1_000_000)
numbers = st.one_of(st.sampled_from(NUMBERS[:4]), st.sampled_from(NUMBERS), decimals)
lists = st.lists(texts, max_size=3).map(tuple)


@cache
def values(now: datetime) -> Chance:
    return st.one_of(texts, numbers, st.booleans(), lists, moments(now))


text_tests = st.one_of(
    st.tuples(texts, texts).map(c.OneOf),
    st.builds(
        c.TextTest,
        st.sampled_from(("starts_with", "ends_with", "contains")),
        st.sampled_from(PIECES),
    ),
    st.just(c.IsSet()),
)
thresholds = st.sampled_from((3.0, 0.0, 0.1, 0.3, -1.5, 50.0, float(2**53), 1e300))
ops = st.sampled_from(list(c.Op))
number_tests = st.one_of(
    st.builds(c.Compare, ops, thresholds),
    st.builds(lambda low, high: c.Between(*sorted((low, high))), thresholds, thresholds),
    st.sampled_from((c.OneOf(("3", "0")), c.OneOf(("-1.5", "007", "1e3", "50")), c.IsSet())),
)


@cache
def moment_tests(now: datetime) -> Chance:
    edges = st.one_of(
        dates(now),
        instants(now),
        instants(now).map(lambda at: at.replace(tzinfo=None)),
        st.sampled_from((date(1, 1, 1), date(9999, 12, 31))),
    )
    return st.one_of(
        st.builds(c.Within, lengths),
        st.builds(c.WithinNext, lengths),
        st.builds(c.WithinNext, lengths, st.just(True)),
        st.builds(c.Before, edges),
        st.builds(c.After, edges),
    )


@cache
def tests(now: datetime) -> Chance:
    return st.one_of(text_tests, number_tests, moment_tests(now))


@cache
def attribute_tests(now: datetime, *, in_run: bool) -> Chance:
    """Tests of attributes that mostly hold what the test is for."""
    of = st.sampled_from(("person", "entry")) if in_run else st.just("person")
    anything = st.sampled_from(("plan", "seats", "tags", "birthday", "signed_up_at", "country"))
    return st.one_of(
        st.builds(c.Attribute, st.sampled_from(("plan", "tags", "email", "id")), text_tests),
        st.builds(c.Attribute, st.just("seats"), number_tests),
        st.builds(
            c.Attribute, st.sampled_from(("birthday", "signed_up_at")), moment_tests(now), of
        ),
        st.builds(c.Attribute, anything, tests(now), of),
    )


@cache
def wheres(now: datetime) -> Chance:
    one = st.one_of(
        st.builds(c.PropertyTest, st.just("total"), number_tests, st.booleans()),
        st.builds(c.PropertyTest, st.just("order_id"), text_tests, st.booleans()),
        st.builds(c.PropertyTest, st.just("at_date"), moment_tests(now), st.booleans()),
    )
    return st.one_of(st.just(()), one.map(lambda test: (test,)), st.tuples(one, one))


# ── conditions ────────────────────────────────────────────────────────────────────────────────


def some(words: tuple[str, ...]) -> Chance:
    return st.sampled_from([*((word,) for word in words), *product(words, words)])


@cache
def leaves(now: datetime, *, in_run: bool) -> Chance:
    same = st.sampled_from((None, None, "order_id")) if in_run else st.none()
    totals = st.sampled_from((0.3, 0.0, 0.6, 49.99, 100.0, 1e12, -1.5, 1e15))
    names, times = st.sampled_from(EVENTS), st.sampled_from((1, 2, 3, 0))
    kinds: list[Chance] = [
        attribute_tests(now, in_run=in_run),
        st.builds(c.Did, names, ops, times, maybe_lengths, wheres(now), same),
        st.builds(c.TotalOf, names, st.just("total"), ops, totals, maybe_lengths, wheres(now)),
        st.builds(c.InStage, some(STAGES)),
        st.builds(c.QuietFor, st.sampled_from((1000, 500, 2000, 2333, 0))),
        st.builds(c.Feels, some(EMOTIONS), st.sampled_from(LEVELS), lengths),
        st.builds(c.MoodUnknown, lengths),
        st.builds(c.Disposition, some(EMOTIONS)),
        st.builds(c.IsPersona, some((*PERSONAS, "nobody"))),
        st.builds(c.InSegment, st.sampled_from((*SEGMENTS, "unheard-of"))),
        st.builds(
            c.ConsentIs,
            st.sampled_from(TOPICS),
            some(("given", "pending", "unsubscribed", "unknown")),
        ),
        st.just(c.OpenTicket()),
    ]
    attribute, did, total = kinds[:3]
    return st.one_of(attribute, did, total, attribute, did, *kinds)


@cache
def conditions(now: datetime, *, in_run: bool = False) -> Chance:
    """Mostly single conditions, so that a wrong one is not hidden by another beside it."""
    leaf = leaves(now, in_run=in_run)
    one = st.one_of(leaf, leaf, leaf, st.builds(c.Not, leaf), several(leaf))
    return st.one_of(leaf, leaf, leaf, st.builds(c.Not, one), several(one))


def several(parts: Chance) -> Chance:
    few = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(st.builds(c.All, few), st.builds(c.AnyOf, few))


# ── rules ─────────────────────────────────────────────────────────────────────────────────────

POLICY = Policy(
    categories={
        "promotion": Category("promotion", Class.MARKETING, consent="double opt-in"),
        "onboarding": Category("onboarding", Class.MARKETING),
    }
)


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
        )

    segment = st.tuples(who, lengths)
    return st.builds(
        build,
        st.tuples(segment, segment),
        st.tuples(who, who),
        st.tuples(positive, positive, st.one_of(st.none(), positive, positive)),
        st.one_of(st.none(), st.none(), st.tuples(positive, positive)),
        st.sampled_from(ZONES),
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
    instants = [now + after for after in (-DAY, NONE, MICROSECOND - DAY, -2 * DAY, MICROSECOND)]
    return st.builds(
        ConsentEntry,
        topic=st.sampled_from((*TOPICS, "*")),
        state=st.sampled_from(("express", "implied", "pending", "unsubscribed", "express")),
        at=st.sampled_from(instants),
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
            "disposition": st.sampled_from((*EMOTIONS, None)),
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
        country=st.sampled_from((None, "DE", "us", "FR", "ch", "uſ", "Germany", "", 7)),
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
