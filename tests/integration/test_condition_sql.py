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
from engine.domain.facts import Facts, Rulebook
from engine.domain.zones import zone_of
from tests.worlds import World, worlds

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
@given(world=worlds(people_each=3, conditions_each=3))
def test_python_and_sql_agree_on_every_person(both: tuple[Engine, Engine], world: World) -> None:
    expected = [
        tuple(holds(condition, facts, world.rules, world.now) for condition in world.conditions)
        for facts in world.people
    ]
    for engine in both:
        with engine.connect() as connection:
            for number, facts in enumerate(world.people):
                store(connection, f"person-{number}", facts, world.rules)
            zones = zones_in_use(connection, world.rules)
            answers = [where(c, world.rules, world.now, zones) for c in world.conditions]
            rows = connection.execute(select(*answers).select_from(PERSON).order_by(PERSON.c.id))
            found = [tuple(map(bool, row)) for row in rows]
            connection.rollback()
        assert found == expected, engine.dialect.name


def store(connection: Connection, person: str, facts: Facts, rules: Rulebook) -> None:
    """One person as the engine stores them."""
    zone, source = zone_of(facts.person, rules)
    standing = facts.standing
    row = {
        "id": person,
        "shard": 0,
        "mailbox": facts.person.mailbox or None,
        "mailbox_key": person,
        "zone": None if source == "company" else zone,
        "attributes": clean(facts.person.attributes),
        "orders": standing.orders,
        "first_order_at": micros(standing.first_order_at),
        "last_order_at": micros(standing.last_order_at),
        "own_gap": length_micros(standing.own_gap),
        "won_back_at": micros(standing.won_back_at),
        "disposition": facts.disposition,
    }
    connection.execute(insert(PERSON), [row])
    _insert(connection, EVENT, person, [
        {
            "id": f"{person} {event.id}",
            "source": event.source,
            "name": event.name,
            "at": micros(event.at),
            "received_at": 0,
            "properties": clean(event.properties),
        }
        for event in facts.history
    ])  # fmt: skip
    _insert(connection, CONSENT, person, [
        {
            "mailbox_key": person,
            "topic": entry.topic,
            "state": entry.state,
            "at": micros(entry.at),
            "recorded_at": 0,
            "confirmed": entry.confirmed,
            "expires_at": micros(entry.expires_at),
            "own_act": entry.own_act,
            "counts": entry.counts,
        }
        for entry in facts.consents
    ])  # fmt: skip
    _insert(connection, READING, person, [
        {
            "emotion": reading.emotion,
            "at": micros(reading.at),
            "probability": reading.probability,
            **{f"until_{level}": micros(reading.until.get(level)) for level in ("low", "medium", "high")},
        }
        for reading in facts.readings
    ])  # fmt: skip
    _insert(connection, MEMBERSHIP, person, [
        {"segment": segment, "since": micros(since)} for segment, since in facts.memberships.items()
    ])  # fmt: skip


def _insert(connection: Connection, table: Any, person: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), [{"person_id": person, **row} for row in rows])
