"""The past as it was: what is kept lets anybody be seen as they were at any instant (R3.9, R5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hypothesis import given, settings
from sqlalchemy import Engine

from engine.adapters.db import due, lives, past
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import Visit
from engine.adapters.db.living import DatabaseLives
from engine.adapters.db.past import Lived
from engine.adapters.db.then import DatabasePast
from engine.adapters.db.traces import traces_of
from engine.application.hindsight import Hindsight
from engine.application.ports.past import LifeThen
from engine.application.world import Walker, walk
from engine.domain.arrival import Arrival, EventArrived, PersonArrived
from engine.domain.engine_events import MOOD_EVENTS
from engine.domain.event import Event, History
from engine.domain.turn import Turn
from tests.integration.test_one_law import (
    HOUR,
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
                found = DatabasePast(connection, visit.person_id).life(at)
                assert found is not None
                assert _comparable(found) == _comparable(visit, lost=found.lost)
        for visit, at in seen:
            then = DatabasePast(connection, visit.person_id)
            looks = [look for turn in then.turns(at, at) if (look := then.seen_by(turn))]
            assert _comparable(visit, lost=looks[0].lost) in [_comparable(look) for look in looks]


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
            wakes = due.next_due(connection, START - SEASON)
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


MOODS = "the moods of then were cleared later, as the person wished"


def _comparable(visit: Visit | LifeThen, lost: str = "") -> tuple[object, ...]:
    """All of a life, but moods that are gone because the person wished so (R5.10)."""
    assert lost in ("", MOODS)
    facts, arrivals = visit.life.facts, visit.arrivals
    if lost:
        arrivals = tuple(event for event in arrivals if event.name not in MOOD_EVENTS)
        told = History(event for event in facts.history if event.name not in MOOD_EVENTS)
        facts = replace(facts, readings=(), disposition=None, history=told)
    life = replace(
        visit.life,
        facts=replace(
            facts,
            consents=tuple(facts.consents),
            mailbox_consents=tuple(sorted(facts.mailbox_consents, key=lambda line: repr(line))),
        ),
    )
    return life, arrivals, visit.mailbox_key


@given(history=histories())
@settings(max_examples=max(10, settings().max_examples // 100))
def test_every_decision_of_the_past_is_decided_again_the_same(
    store_engine: Engine, history: list[Arrival]
) -> None:
    """R7.1, R3.9: every line of the record, with its reason and findings, long after the fact."""
    _empty(store_engine)
    _live(store_engine, _edited(history))
    rules = sample_rules()
    with reading(store_engine) as connection:
        for person in ("ann", "ben"):
            hindsight = Hindsight(DatabasePast(connection, person), lambda turn: rules)
            for line in traces_of(connection, person):
                again = hindsight.replay(line)
                assert again.lost == "" or again.lost == MOODS
                assert again.agrees in ("same", "not possible"), again
                if again.lost:
                    continue
                if line.what in ("queued", "ghost", "postponed"):
                    assert again.asked is not None


def test_a_past_that_was_walked_at_once_is_told_from_its_record(store_engine: Engine) -> None:
    """The demo's eighteen months were lived in memory: no turn of them can be taken again."""
    rules = sample_rules()
    arrivals: list[Arrival] = [
        PersonArrived("ann", "ann@example.com", "ann@example.com", {"country": "US"}, START),
        EventArrived("ann", Event("1", "order.placed", START, {"total": 20})),
    ]
    walkers: dict[str, Walker] = {}
    changes = [c for h in walk(rules, walkers, arrivals, START + SEASON) for c in h.changes]
    took = Turn(walkers["ann"].life, tuple(changes), walkers["ann"].due_at)
    past.take_in_past(store_engine, arrivals, START + SEASON)
    past.write_past(store_engine, [Lived("ann", took, {}, {})], (), rules, START + SEASON)
    with reading(store_engine) as connection:
        then = DatabasePast(connection, "ann")
        hindsight = Hindsight(then, lambda turn: rules)
        lines = traces_of(connection, "ann")
        assert lines
        assert {hindsight.replay(line).agrees for line in lines} == {"not possible"}
        look = then.life(START + HOUR)
        assert look is not None
        assert "walked at once" in look.lost
