"""Small random worlds for property tests: a rulebook, a few people with a past, and an instant.

Instants are drawn around each other, at the edges of the windows that the conditions use, to the
microsecond; days on which clocks change, month ends and leap days are drawn often.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from engine.domain import condition as c
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import Reading
from engine.domain.event import Event, History, Value
from engine.domain.facts import OUTSIDE, Facts, Rulebook, Scope
from engine.domain.journey import Category, Class, Policy
from engine.domain.lifecycle import STAGES, LifecycleConfig, Standing, Thresholds
from engine.domain.person import Person
from engine.domain.segment import Persona, Segment

ZONES = ("America/New_York", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu")
NOWS = (
    datetime(2027, 3, 14, 5, tzinfo=UTC),  # midnight in New York, the day its clocks go forward
    datetime(2027, 11, 7, 5, 30, tzinfo=UTC),  # 01:30 there, the day they go back
    datetime(2007, 11, 4, 2, 31, tzinfo=UTC),  # St John's: 00:01 becomes 23:01 of the day before
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia has no such day
    datetime(2027, 10, 31, 1, tzinfo=UTC),
    datetime(2028, 2, 28, 23, tzinfo=UTC),
    datetime(2027, 2, 28, 5, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 6, 15, 12, tzinfo=UTC),
)
LENGTHS = tuple(
    timedelta(**length)
    for length in (
        {"days": 1}, {"days": 7}, {"days": 30}, {"days": 182}, {"days": 385},
        {"hours": 24, "minutes": 1}, {"minutes": 30}, {"days": 366}, {"days": 60}, {"days": 0},
    )
)  # fmt: skip
NUDGES = tuple(map(timedelta, (0, 0, 0, 0, 0, 1), (0, 0, 0, 3600, -7, 5), (0, 1, -1, 0, 0, 0)))
ATTRIBUTES = ("plan", "seats", "birthday", "signed_up_at", "tags", "country", "email", "id")
EVENTS = ("order.placed", "app.opened")
PROPERTIES = ("total", "order_id", "at_date")
TEXTS = (
    "trial", "Trial", "team", "", "3", "3.0", "yes", "true", "no", "0", "-1.5", "100%", "a_b", "ä",
    "Ä", "it's", '"q"', "\\", "🎉", "2026-02-31", "2026-13-01", "2026-6-1", "null", " trial", "DE", "us",
    "FR", "trial\n", "007", "1e3",
)  # fmt: skip
NUMBERS = (
    0,
    1,
    3,
    3.0,
    -1.5,
    0.1,
    0.2,
    0.3,
    49.99,
    50,
    1_000_000,
    2**53,
    2**53 + 1,
    10**12,
    -0.0,
    1e300,
)
EMOTIONS = ("angry", "frustrated", "delighted")
LEVELS = ("low", "medium", "high")
TOPICS = ("promotion", "onboarding", "profiling_emotion")
SEGMENTS = ("a", "b", "c")
PERSONAS = ("p", "q")

lengths = st.sampled_from(LENGTHS)


def around(build: Callable[..., st.SearchStrategy[Any]]) -> Callable[..., st.SearchStrategy[Any]]:
    """Strategies that depend on an instant: built once for each, and brief when printed."""

    @cache
    def strategy(now: datetime, **options: bool) -> st.SearchStrategy[Any]:
        built = build(now, **options)

        @st.composite
        def drawn(draw: st.DrawFn) -> Any:
            return draw(built)

        return drawn()

    return strategy


@dataclass(frozen=True)
class World:
    """What a property is about: everything that an answer depends on."""

    now: datetime
    rules: Rulebook
    people: tuple[Facts, ...]
    conditions: tuple[c.Condition, ...]
    scope: Scope
    later: tuple[datetime, ...]


# ── time ──────────────────────────────────────────────────────────────────────────────────────


@around
def instants(now: datetime) -> st.SearchStrategy[datetime]:
    """Instants at and near the edges of windows around `now`, most of them in the past."""
    signs = st.sampled_from((-1, -1, -1, 1))
    return st.builds(
        lambda sign, one, two, nudge: now + sign * (one + two) + nudge,
        signs, lengths, st.sampled_from((timedelta(0), timedelta(0), *LENGTHS)), st.sampled_from(NUDGES),
    )  # fmt: skip


@around
def past(now: datetime) -> st.SearchStrategy[datetime]:
    """Instants at or before `now`."""
    return instants(now).map(lambda at: min(at, now))


@around
def dates(now: datetime) -> st.SearchStrategy[date]:
    """Dates near the edges of windows, anniversaries of days near `now`, leap days."""

    def years_before(day: date, years: int) -> date:
        year = day.year - years
        return date(year, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=year)

    near = st.builds(
        lambda at, days: at.date() + timedelta(days=days), instants(now), st.integers(-2, 2)
    )
    born = st.builds(years_before, near, st.integers(0, 40))
    return st.one_of(
        near, born, st.sampled_from((date(1984, 2, 29), date(1, 1, 1), date(9999, 12, 31)))
    )


def text_of(instant: datetime) -> str:
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")


# ── values and tests of them ──────────────────────────────────────────────────────────────────


@around
def values(now: datetime) -> st.SearchStrategy[Value]:
    return st.one_of(
        st.sampled_from(TEXTS),
        st.sampled_from(NUMBERS),
        st.integers(-5, 5),
        st.integers(-(10**9), 10**9).map(lambda n: n / 1_000_000),
        st.booleans(),
        st.lists(st.sampled_from(TEXTS), max_size=3).map(tuple),
        dates(now).map(date.isoformat),
        instants(now).map(text_of),
    )


@around
def tests(now: datetime) -> st.SearchStrategy[c.Test]:
    numbers = st.sampled_from((0.0, 0.1, 0.3, 3.0, -1.5, 50.0, float(2**53), 1e300))
    moments = st.one_of(
        dates(now), instants(now), instants(now).map(lambda at: at.replace(tzinfo=None))
    )
    return st.one_of(
        st.builds(c.OneOf, st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3).map(tuple)),
        st.builds(c.Compare, st.sampled_from(list(c.Op)), numbers),
        st.builds(c.Between, numbers, numbers),
        st.builds(
            c.TextTest,
            st.sampled_from(("starts_with", "ends_with", "contains")),
            st.sampled_from((*TEXTS, "tri", "al", "T", "🎉", "%", "_")),
        ),
        st.just(c.IsSet()),
        st.builds(c.Within, lengths),
        st.builds(c.WithinNext, lengths, st.booleans()),
        st.builds(c.Before, moments),
        st.builds(c.After, moments),
    )


@around
def wheres(now: datetime) -> st.SearchStrategy[tuple[c.PropertyTest, ...]]:
    one = st.builds(c.PropertyTest, st.sampled_from(PROPERTIES), tests(now), st.booleans())
    return st.one_of(st.just(()), st.just(()), one.map(lambda test: (test,)), st.tuples(one, one))


# ── conditions ────────────────────────────────────────────────────────────────────────────────

maybe_lengths = st.one_of(st.none(), lengths)
ops = st.sampled_from(list(c.Op))


def some(words: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True).map(tuple)


@around
def leaves(now: datetime, *, in_run: bool) -> st.SearchStrategy[c.Condition]:
    of = st.sampled_from(("person", "entry")) if in_run else st.just("person")
    same = st.sampled_from((None, None, "order_id")) if in_run else st.none()
    totals = st.sampled_from((0.0, 0.3, 0.6, 49.99, 100.0, 1e12, -1.5, 1e15))
    return st.one_of(
        st.builds(c.Attribute, st.sampled_from(ATTRIBUTES), tests(now), of),
        st.builds(
            c.Attribute, st.just("birthday"), st.builds(c.WithinNext, lengths, st.just(True)), of
        ),
        st.builds(
            c.Did, st.sampled_from(EVENTS), ops, st.integers(0, 3), maybe_lengths, wheres(now), same
        ),
        st.builds(
            c.TotalOf,
            st.sampled_from(EVENTS),
            st.just("total"),
            ops,
            totals,
            maybe_lengths,
            wheres(now),
        ),
        st.builds(c.InStage, some(STAGES)),
        st.builds(c.QuietFor, st.sampled_from((0, 500, 1000, 2000, 2333))),
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
    )


@around
def conditions(now: datetime, *, in_run: bool = False) -> st.SearchStrategy[c.Condition]:
    def grow(parts: st.SearchStrategy[c.Condition]) -> st.SearchStrategy[c.Condition]:
        several = st.lists(parts, max_size=3).map(tuple)
        return st.one_of(
            st.builds(c.All, several), st.builds(c.AnyOf, several), st.builds(c.Not, parts)
        )

    return st.recursive(leaves(now, in_run=in_run), grow, max_leaves=4)


# ── rules ─────────────────────────────────────────────────────────────────────────────────────

POLICY = Policy(
    categories={
        "promotion": Category("promotion", Class.MARKETING, consent="double opt-in"),
        "onboarding": Category("onboarding", Class.MARKETING),
    }
)


@around
def rulebooks(now: datetime) -> st.SearchStrategy[Rulebook]:
    """Segments and personas that may refer to each other, in circles too."""
    who = conditions(now)
    positive = st.sampled_from([length for length in LENGTHS if length])

    def build(
        segments: list[tuple[c.Condition, timedelta]],
        personas: list[c.Condition],
        thresholds: tuple[timedelta, timedelta, timedelta | None],
        fixed: tuple[timedelta, timedelta] | None,
        company_zone: str,
    ) -> Rulebook:
        at_risk, lapsed, shop_gap = thresholds
        return Rulebook(
            journeys={},
            segments={
                name: Segment(name, who, stay_at_least=stay)
                for name, (who, stay) in zip(SEGMENTS, segments, strict=False)
            },
            personas=tuple(
                Persona(name, rank, who)
                for rank, (name, who) in enumerate(zip(PERSONAS, personas, strict=False))
            ),
            policy=POLICY,
            mails={},
            lifecycle=LifecycleConfig(fixed=fixed),
            thresholds=Thresholds(at_risk=at_risk, lapsed=lapsed, shop_gap=shop_gap),
            company_zone=company_zone,
        )

    return st.builds(
        build,
        st.lists(st.tuples(who, lengths), max_size=3),
        st.lists(who, max_size=2),
        st.tuples(positive, positive, st.one_of(st.none(), positive)),
        st.one_of(st.none(), st.none(), st.tuples(positive, positive)),
        st.sampled_from(ZONES),
    )


# ── people ────────────────────────────────────────────────────────────────────────────────────


@around
def histories(now: datetime) -> st.SearchStrategy[History]:
    total = st.one_of(
        st.sampled_from(NUMBERS),
        st.integers(-(10**9), 10**9).map(lambda n: n / 1_000_000),
        st.just("50"),
    )
    properties = st.fixed_dictionaries(
        {},
        optional={
            "total": total,
            "order_id": st.sampled_from(("1", 1, 1.0, True, "x")),
            "at_date": values(now),
        },
    )
    tickets = st.fixed_dictionaries(
        {}, optional={"ticket": st.sampled_from(("1", 1, 1.0, True, "x", ("x",)))}
    )
    event = st.one_of(
        st.tuples(st.sampled_from(EVENTS), instants(now), properties),
        st.tuples(st.sampled_from(EVENTS), instants(now), properties),
        st.tuples(st.sampled_from(("ticket.opened", "ticket.solved")), instants(now), tickets),
    )
    return st.lists(event, max_size=5).map(
        lambda found: History(
            Event(str(number), name, at, dict(properties))
            for number, (name, at, properties) in enumerate(found)
        )
    )


@around
def entries(now: datetime) -> st.SearchStrategy[ConsentEntry]:
    return st.builds(
        ConsentEntry,
        topic=st.sampled_from((*TOPICS, "profiling_emotion", "*")),
        state=st.sampled_from(("pending", "implied", "express", "express", "unsubscribed")),
        at=instants(now),
        confirmed=st.booleans(),
        expires_at=st.one_of(st.none(), st.none(), instants(now)),
        own_act=st.booleans(),
        counts=st.sampled_from((True, True, True, False)),
    )


@around
def readings(now: datetime) -> st.SearchStrategy[Reading]:
    def build(emotion: str, at: datetime, reached: int, lasts: list[timedelta]) -> Reading:
        until = {
            level: at + sum(lasts[place:], timedelta(0))
            for place, level in enumerate(LEVELS[:reached])
        }
        return Reading(emotion, at, until, 0.5)

    return st.builds(
        build,
        st.sampled_from(EMOTIONS), instants(now), st.integers(0, 3), st.lists(lengths, min_size=3, max_size=3),
    )  # fmt: skip


@around
def standings(now: datetime) -> st.SearchStrategy[Standing]:
    def build(
        orders: int, one: datetime, two: datetime, gap: timedelta | None, won: datetime | None
    ) -> Standing:
        if not orders:
            return Standing()
        first, last = sorted((one, two))
        return Standing(orders, first, last, gap, won)

    return st.builds(
        build,
        st.integers(0, 5), instants(now), past(now), st.one_of(st.none(), lengths),
        st.one_of(st.none(), instants(now)),
    )  # fmt: skip


@around
def people(now: datetime) -> st.SearchStrategy[Facts]:
    attributes = st.fixed_dictionaries(
        {},
        optional={
            "plan": values(now), "seats": values(now), "tags": values(now), "signed_up_at": values(now),
            "birthday": st.one_of(dates(now).map(date.isoformat), values(now)),
            "country": st.sampled_from(("DE", "us", "US", "fr", "ch", "uſ", "Germany", "", 7)),
            "time_zone": st.sampled_from((*ZONES, "GMT-8 Pacific", "Europe", "", 3)),
        },
    )  # fmt: skip
    mailboxes = st.sampled_from(("", "", "trial@cozy.example", "a_b@cozy.example", "yes"))

    def build(attributes: dict[str, Any], mailbox: str, **facts: Any) -> Facts:
        person = Person("", mailbox, mailbox, attributes)
        return Facts(
            person,
            **{**facts, "consents": tuple(facts["consents"]), "readings": tuple(facts["readings"])},
        )

    return st.builds(
        build,
        attributes=attributes,
        mailbox=mailboxes,
        history=histories(now),
        consents=st.lists(entries(now), max_size=4),
        readings=st.lists(readings(now), max_size=3),
        disposition=st.sampled_from((None, *EMOTIONS)),
        standing=standings(now),
        memberships=st.dictionaries(st.sampled_from(SEGMENTS), past(now), max_size=2),
    )


@around
def scopes(now: datetime) -> st.SearchStrategy[Scope]:
    entry = st.builds(
        lambda number, at, order: Event(number, "order.placed", at, {"order_id": order, "total": 50}),
        st.sampled_from(("0", "1", "other")), past(now), st.sampled_from(("1", 1, True, "x")),
    )  # fmt: skip
    return st.builds(
        Scope,
        st.one_of(st.none(), entry),
        st.one_of(st.none(), past(now)),
        st.booleans(),
        st.booleans(),
    )


# ── worlds ────────────────────────────────────────────────────────────────────────────────────


def worlds(
    people_each: int, conditions_each: int, *, in_run: bool = False
) -> st.SearchStrategy[World]:
    """Worlds around one of `NOWS`, or a nudge away from it."""

    @around
    def drawn(now: datetime) -> st.SearchStrategy[World]:
        return st.builds(
            World,
            st.sampled_from(NUDGES).map(lambda nudge: now + nudge),
            rulebooks(now),
            st.lists(people(now), min_size=people_each, max_size=people_each).map(tuple),
            st.lists(
                conditions(now, in_run=in_run), min_size=conditions_each, max_size=conditions_each
            ).map(tuple),
            st.one_of(st.just(OUTSIDE), scopes(now)) if in_run else st.just(OUTSIDE),
            st.tuples(instants(now), instants(now), instants(now)),
        )

    return st.sampled_from(NOWS).flatmap(drawn)
