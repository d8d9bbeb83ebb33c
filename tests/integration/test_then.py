"""The past as it was: what is kept lets anybody be seen as they were at any instant (R3.9, R5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hypothesis import given, settings
from sqlalchemy import Engine

from engine.adapters.db import due, lives, then
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import Visit
from engine.adapters.db.living import DatabaseLives
from engine.domain.arrival import Arrival, PersonArrived
from tests.integration.test_one_law import (
    LEASE,
    SEASON,
    START,
    _empty,
    _one_turn,
    histories,
    sample_rules,
)


@given(history=histories())
@settings(max_examples=max(10, settings().max_examples // 100))
def test_anybody_can_be_seen_as_they_were(store_engine: Engine, history: list[Arrival]) -> None:
    """At every instant of a season, and with the eyes of every turn."""
    _empty(store_engine)
    seen, rested = _live(store_engine, _edited(history))
    with reading(store_engine) as connection:
        for at, visits in rested:
            for visit in visits:
                found = then.as_of(connection, visit.person_id, at)
                assert found is not None
                assert _comparable(found.visit) == _comparable(visit)
        for visit, at in seen:
            taken = then.turns_of(connection, visit.person_id, at, at)
            looks = [then.as_seen_by(connection, turn) for turn in taken]
            assert _comparable(visit) in [_comparable(look.visit) for look in looks if look]


def _edited(history: Sequence[Arrival]) -> list[Arrival]:
    """The history, with a person who moves, changes their address and loses an attribute."""
    places = [number for number, arrival in enumerate(history) if number % 5 == 4]
    edits = [
        PersonArrived(
            "ann",
            "ann@elsewhere.example" if number % 2 else None,
            "ann@elsewhere.example" if number % 2 else None,
            {"country": "US", "first_name": None, "visits": number},
            history[place].at,
        )
        for number, place in enumerate(places)
    ]
    return sorted([*history, *edits], key=lambda arrival: arrival.at)


def _live(
    engine: Engine, history: Sequence[Arrival]
) -> tuple[list[tuple[Visit, datetime]], list[tuple[datetime, list[Visit]]]]:
    """What each turn saw, and everybody as they stood when an instant was over."""
    rules, lived = sample_rules(), DatabaseLives(engine)
    seen: list[tuple[Visit, datetime]] = []
    rested: list[tuple[datetime, list[Visit]]] = []
    place = 0
    while True:
        with reading(engine) as connection:
            wakes = due.next_due(connection)
        arrives = history[place].at if place < len(history) else None
        now = min((at for at in (wakes, arrives) if at is not None), default=None)
        if now is None or now > START + SEASON:
            return seen, rested
        coming: list[Arrival] = []
        while place < len(history) and history[place].at <= now:
            coming.append(history[place])
            place += 1
        with writing(engine) as connection:
            ingest(connection, coming, now)
        while people := lived.claim(now, 1, "life", LEASE):
            for person in people:
                seen += [(visit, now) for visit in lived.load([person], now, SEASON)]
                _one_turn(engine, lived, person, rules, now)
        with reading(engine) as connection:
            rested.append((now, lives.load(connection, ["ann", "ben"], now)))


def _comparable(visit: Visit) -> tuple[object, ...]:
    facts = visit.life.facts
    life = replace(
        visit.life,
        facts=replace(
            facts,
            consents=tuple(facts.consents),
            mailbox_consents=tuple(sorted(facts.mailbox_consents, key=lambda line: repr(line))),
        ),
    )
    return life, visit.arrivals, visit.next_arrival
