"""The Python answer and the SQL answer of a condition are equal (invariant 4), on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import Connection, Engine, create_engine, insert, select

from engine.adapters.db.codec import clean, dump
from engine.adapters.db.condition_sql import where, zones_in_use
from engine.adapters.db.connect import connect
from engine.adapters.db.stored import length_micros, micros
from engine.adapters.db.tables import CONSENT, EVENT, MEMBERSHIP, METADATA, PERSON, READING
from engine.domain.answer import holds
from engine.domain.condition import (
    After,
    Attribute,
    Before,
    Between,
    Compare,
    Condition,
    Did,
    InStage,
    IsSet,
    OneOf,
    Op,
    QuietFor,
    TextTest,
    Within,
    WithinNext,
)
from engine.domain.disposition import Disposition
from engine.domain.emotion import LEVELS
from engine.domain.event import Value
from engine.domain.facts import OUTSIDE, Facts, Rulebook
from engine.domain.lifecycle import STAGES, LifecycleConfig, Standing, Thresholds
from engine.domain.person import Person
from engine.domain.zones import zone_of
from tests.questions import (
    DAY,
    MICROSECOND,
    NO_MOMENTS,
    NONE,
    NOWS,
    NUMBERS,
    PIECES,
    TEXTS,
    ZONES,
    text_of,
)
from tests.worlds import POLICY, World, worlds

EXAMPLES = max(500, settings().max_examples)


@pytest.fixture(scope="module")
def both(postgres_url: str) -> Iterator[tuple[Engine, Engine]]:
    """Empty tables on either kind of database; every example is rolled back."""
    sqlite = create_engine("sqlite://", json_serializer=dump)
    METADATA.create_all(sqlite)
    postgresql = connect(postgres_url)
    each_is_new = {"compiled_cache": None}
    yield sqlite.execution_options(**each_is_new), postgresql.execution_options(**each_is_new)
    sqlite.dispose()
    postgresql.dispose()


@settings(max_examples=EXAMPLES)
@given(world=worlds(people_each=4, conditions_each=5))
def test_python_and_sql_agree_on_every_person(both: tuple[Engine, Engine], world: World) -> None:
    """Invariant 4: five conditions, four people, two databases an example."""
    agree(both, world)


def agree(both: tuple[Engine, Engine], world: World) -> None:
    zones = [zone_of(facts.person, world.rules)[0] for facts in world.people]
    answers = [where(c, world.rules, world.now, lambda: zones) for c in world.conditions]
    statement = select(*answers).select_from(PERSON).order_by(PERSON.c.id)
    expected = [
        tuple(holds(condition, facts, world.rules, world.now) for condition in world.conditions)
        for facts in world.people
    ]
    for engine in both:
        with engine.connect() as connection:
            store(connection, world)
            found = [tuple(map(bool, row)) for row in connection.execute(statement)]
            connection.rollback()
        wrong = [
            f"{engine.dialect.name} says {said}, Python {answer}: {condition} of {facts}"
            for facts, rows, answers in zip(world.people, found, expected, strict=True)
            for condition, said, answer in zip(world.conditions, rows, answers, strict=True)
            if said is not answer
        ]
        assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("now", NOWS, ids=str)
def test_all_tests_of_dates_agree_on_odd_days(both: tuple[Engine, Engine], now: datetime) -> None:
    """R4.1, R4.3, R4.6: every test of every value in every zone, on days on which clocks change."""
    near = [now + days * DAY + nudge for days in (-1, 0, 1) for nudge in (-MICROSECOND, NONE)]
    days = sorted({at.date() + shift * DAY for at in near for shift in (-1, 0, 1)})
    born = [day.replace(year=1984) for day in days]
    edges = [*near, *(at.replace(tzinfo=None) for at in near), *days]
    tests = [
        *(test(edge) for test in (Before, After) for edge in edges),
        *(test(days * DAY) for test in (Within, WithinNext) for days in (1, 2)),
        *(WithinNext(days * DAY, yearly=True) for days in (0, 1, 366)),
    ]
    values = [*map(text_of, near), *map(str, (*days, *born, date(1984, 2, 29))), *NO_MOMENTS]
    people = tuple(
        Facts(Person(f"{number:04}", attributes={"d": value, "time_zone": zone}))
        for number, (value, zone) in enumerate(product(values, ZONES))
    )
    world = World(now, RULES, people, tuple(Attribute("d", test) for test in tests), OUTSIDE)
    agree(both, world)


def test_all_tests_of_texts_and_numbers_agree(both: tuple[Engine, Engine]) -> None:
    """Every test of every value: text by kind and case, numbers by value, truth by its words."""
    values: list[Value] = [
        *TEXTS,
        *NUMBERS,
        True,
        False,
        (),
        *((text,) for text in TEXTS),
        ("a", "3"),
    ]
    tests = [
        IsSet(),
        *(OneOf((text,)) for text in (*TEXTS, "false", "50", "1000000")),
        *(
            TextTest(op, piece)
            for op in ("starts_with", "ends_with", "contains")
            for piece in PIECES
        ),
        *(
            Compare(op, number)
            for op in Op
            for number in (-1.5, 0.0, 0.3, 3.0, float(2**53), 1e300)
        ),
        Between(-1.5, 3.0),
    ]
    people = tuple(
        Facts(Person(f"{number:04}", "", str(value), {"d": value}))
        for number, value in enumerate(values)
    )
    conditions = [Attribute(name, test) for name in ("d", "email", "id") for test in tests]
    agree(both, World(NOW, RULES, people, tuple(conditions), OUTSIDE))


@pytest.mark.parametrize("shop_gap", [None, 7 * DAY])
@pytest.mark.parametrize("fixed", [None, (DAY, 8 * DAY)])
def test_all_stages_agree_at_their_edges(
    both: tuple[Engine, Engine],
    shop_gap: timedelta | None,
    fixed: tuple[timedelta, timedelta] | None,
) -> None:
    """R6.1, R6.2: to the microsecond, for rhythms within and beyond a half and double."""
    rules = replace(
        RULES,
        lifecycle=LifecycleConfig(fixed=fixed),
        thresholds=Thresholds(at_risk=30 * DAY, lapsed=60 * DAY, shop_gap=shop_gap),
    )
    lengths = [bend * days * DAY for bend in (0.5, 0.6, 1, 2) for days in (1, 8, 30, 60)]
    edges = [length + nudge for length in lengths for nudge in (-MICROSECOND, NONE, MICROSECOND)]
    gaps = [None, NONE, *(bend * 7 * DAY for bend in (0.45, 0.5, 0.6, 1, 2, 2.2))]
    standings = [
        Standing(),
        *(Standing(4, NOW - 99 * DAY, NOW - edge, gap) for edge in edges for gap in gaps),
        *(Standing(3, NOW - edge, NOW) for edge in edges),
        *(Standing(3, NOW - 99 * DAY, NOW, None, NOW - edge) for edge in edges),
    ]
    people = tuple(
        Facts(Person(f"{number:04}"), standing=standing)
        for number, standing in enumerate(standings)
    )
    conditions = [InStage((stage,)) for stage in STAGES] + [
        QuietFor(n) for n in (0, 500, 1000, 2333)
    ]
    agree(both, World(NOW, rules, people, tuple(conditions), OUTSIDE))


def test_the_zones_in_use_are_those_of_people_and_the_company(both: tuple[Engine, Engine]) -> None:
    """R4.1: a zone counts once, and the company's even if nobody lives there."""
    berlin, nowhere = ({"time_zone": zone} for zone in ("Europe/Berlin", "GMT-8 Pacific"))
    people = tuple(
        Facts(Person(str(n), attributes=a)) for n, a in enumerate((berlin, berlin, nowhere))
    )
    for engine in both:
        with engine.connect() as connection:
            store(connection, World(NOW, RULES, people, (), OUTSIDE))
            assert zones_in_use(connection, RULES) == {"Europe/Berlin", "UTC"}
            connection.rollback()


@pytest.mark.parametrize(
    "condition", [Attribute("total", IsSet(), of="entry"), Did("order.placed", same="order_id")]
)
def test_a_question_about_a_run_is_not_asked_of_all_people(condition: Condition) -> None:
    with pytest.raises(ValueError, match="is asked of a run"):
        where(condition, RULES, NOW, tuple)


@pytest.mark.parametrize("name", ['"', "a\\b", "ä", "a\0", ""])
def test_a_name_that_means_something_in_a_path_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot read a value called"):
        where(Attribute(name, IsSet()), RULES, NOW, tuple)


RULES = Rulebook(journeys={}, segments={}, personas=(), policy=POLICY, mails={})
NOW = NOWS[0]


def store(connection: Connection, world: World) -> None:
    """The people as the engine stores them."""
    rows: dict[Any, list[dict[str, Any]]] = {
        t: [] for t in (PERSON, EVENT, CONSENT, READING, MEMBERSHIP)
    }
    for facts in world.people:
        for table, row in _rows(facts.person.id, facts, world.rules):
            rows[table].append(row)
    for table, new in rows.items():
        if new:
            connection.execute(insert(table), new)


def _rows(person: str, facts: Facts, rules: Rulebook) -> Iterator[tuple[Any, dict[str, Any]]]:
    zone, source = zone_of(facts.person, rules)
    standing = facts.standing
    yield (
        PERSON,
        {
            "id": person,
            "shard": 0,
            "mailbox": facts.person.mailbox,
            "mailbox_key": person,
            "zone": None if source == "company" else zone,
            "attributes": clean(facts.person.attributes),
            "orders": standing.orders,
            "first_order_at": micros(standing.first_order_at),
            "last_order_at": micros(standing.last_order_at),
            "own_gap": length_micros(standing.own_gap),
            "won_back_at": micros(standing.won_back_at),
            **_held(facts.disposition),
        },
    )
    for event in facts.history:
        yield (
            EVENT,
            {
                "id": f"{person} {event.id}",
                "person_id": person,
                "source": event.source,
                "name": event.name,
                "at": micros(event.at),
                "received_at": 0,
                "properties": clean(event.properties),
            },
        )
    for entry in facts.consents:
        yield (
            CONSENT,
            {
                "person_id": person,
                "mailbox_key": person,
                "topic": entry.topic,
                "state": entry.state,
                "basis": entry.basis,
                "at": micros(entry.at),
                "recorded_at": 0,
                "confirmed": entry.confirmed,
                "expires_at": micros(entry.expires_at),
                "own_act": entry.own_act,
                "counts": entry.counts,
            },
        )
    for reading in facts.readings:
        yield (
            READING,
            {
                "person_id": person,
                "emotion": reading.emotion,
                "at": micros(reading.at),
                "probability": reading.probability,
                **{f"until_{level}": micros(reading.until.get(level)) for level in LEVELS},
            },
        )
    for segment, since in facts.memberships.items():
        yield MEMBERSHIP, {"person_id": person, "segment": segment, "since": micros(since)}


def _held(held: Disposition | None) -> dict[str, Any]:
    return {
        "disposition": held and held.emotion,
        "disposition_since": held and micros(held.since),
        "disposition_until": held and micros(held.until),
    }
