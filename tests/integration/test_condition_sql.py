"""The Python answer and the SQL answer of a condition are equal (invariant 4), on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import Connection, Engine, create_engine, insert, select

from engine.adapters.db.codec import clean, dump
from engine.adapters.db.condition_sql import where, zones_in_use
from engine.adapters.db.connect import connect
from engine.adapters.db.tables import CONSENT, EVENT, MEMBERSHIP, METADATA, PERSON, READING
from engine.adapters.db.tables.base import length_micros, micros
from engine.domain.answer import holds
from engine.domain.condition import Attribute, Condition, Did, IsSet
from engine.domain.emotion import LEVELS
from engine.domain.facts import OUTSIDE, Facts, Rulebook
from engine.domain.person import Person
from engine.domain.zones import zone_of
from tests.worlds import NOWS, POLICY, World, worlds

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
        assert found == expected, engine.dialect.name


def test_the_zones_in_use_are_those_of_people_and_the_company(both: tuple[Engine, Engine]) -> None:
    """R4.1: a zone counts once, and the company's even if nobody lives there."""
    berlin, nowhere = ({"time_zone": zone} for zone in ("Europe/Berlin", "GMT-8 Pacific"))
    people = tuple(
        Facts(Person(str(n), attributes=a)) for n, a in enumerate((berlin, berlin, nowhere))
    )
    for engine in both:
        with engine.connect() as connection:
            store(connection, World(NOW, RULES, people, (), OUTSIDE, ()))
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
    """The people as the engine stores them, called `person-0` and so on."""
    rows: dict[Any, list[dict[str, Any]]] = {
        t: [] for t in (PERSON, EVENT, CONSENT, READING, MEMBERSHIP)
    }
    for number, facts in enumerate(world.people):
        for table, row in _rows(f"person-{number}", facts, world.rules):
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
            "disposition": facts.disposition,
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
