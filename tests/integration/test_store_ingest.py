"""What comes in is kept once, judged as the pure core judges it, and makes its people due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from engine.adapters.db import due
from engine.adapters.db.address_key import require_key
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import Visit, load
from engine.adapters.db.people import find, page
from engine.adapters.db.tables import METADATA
from engine.application.ports.intake import Taken
from engine.domain.arrival import (
    Arrival,
    ConsentArrived,
    EventArrived,
    MessageRead,
    PersonArrived,
)
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.domain.facts import Facts
from engine.domain.person import Person
from engine.domain.profile import hand_written
from engine.domain.receiving import may_profile, receive

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
LEASE = timedelta(minutes=5)


# ── events ────────────────────────────────────────────────────────────────────────────────────


def test_the_same_event_delivered_three_times_is_one_event(store_engine: Engine) -> None:
    """R1.4, scenario 15"""
    order = _event("o-1", properties={"total": 12.5})
    assert _take(store_engine, [order]) == Taken(people=1, events=1)
    assert _take(store_engine, [order]) == Taken(duplicates=1)
    assert _take(store_engine, [order, order]) == Taken(duplicates=2)
    assert _take(store_engine, [_event("o-1", source="csv")]) == Taken(events=1)
    assert len(_visit(store_engine).arrivals) == 2


def test_one_batch_may_hold_an_event_twice(store_engine: Engine) -> None:
    """R1.4"""
    assert _take(store_engine, [_event("o-1"), _event("o-1")]) == Taken(
        people=1, events=1, duplicates=1
    )


@pytest.mark.parametrize(
    ("age", "starts"),
    [(timedelta(hours=72), True), (timedelta(hours=72, microseconds=1), False)],
)
def test_an_event_older_than_72_hours_starts_nothing(
    store_engine: Engine, age: timedelta, starts: bool
) -> None:
    """R1.3, scenario 17"""
    _take(store_engine, [_event("old", at=NOW - age)])
    [event] = _visit(store_engine).arrivals
    assert event.starts is starts
    assert event.at == NOW - age


def test_an_event_dated_ahead_is_flagged_and_acts_at_its_receipt(store_engine: Engine) -> None:
    """R1.3, scenario 17"""
    _take(store_engine, [_event("ahead", at=NOW + timedelta(hours=2))])
    [event] = _visit(store_engine).arrivals
    assert event.at == NOW
    with reading(store_engine) as connection:
        assert connection.execute(text("SELECT clock_skew FROM event")).scalar_one()


def test_arrivals_act_in_the_order_of_their_time_and_then_as_they_came(
    store_engine: Engine,
) -> None:
    hour = timedelta(hours=1)
    _take(store_engine, [_event("c"), _event("b", at=NOW - hour), _event("a", at=NOW - hour)])
    assert [event.id for event in _visit(store_engine).arrivals] == ["b", "a", "c"]


def test_a_replay_makes_nobody_due(store_engine: Engine) -> None:
    """R1.4"""
    batch: list[Arrival] = [
        PersonArrived("p", "p@x.org", "p@x.org", {"plan": "pro"}, NOW),
        _event("o"),
    ]
    _take(store_engine, batch)
    with writing(store_engine) as connection:
        connection.execute(text("UPDATE event SET pending = false"))
        connection.execute(text("UPDATE due SET due_at = NULL"))
    assert _take(store_engine, batch) == Taken(duplicates=1)
    with reading(store_engine) as connection:
        assert due.next_due(connection, NOW - timedelta(days=1)) is None


def test_text_that_no_database_keeps_is_mended_and_its_neighbours_are_in(
    store_engine: Engine,
) -> None:
    """R10.4"""
    bad = {"nul": "a\0b", "half": "\ud83d", "none": float("nan"), "list": ("x\0",)}
    _take(store_engine, [_event("bad", properties=bad), _event("good")])
    found = {event.id: event.properties for event in _visit(store_engine).arrivals}
    assert found == {"bad": {"nul": "ab", "half": "\ufffd", "list": ("x",)}, "good": {}}


# ── people ────────────────────────────────────────────────────────────────────────────────────


def test_whatever_arrives_for_a_stranger_makes_a_person_without_an_address(
    store_engine: Engine,
) -> None:
    _take(store_engine, [_event("o-1")])
    person = _visit(store_engine).life.facts.person
    assert person == Person("p")


def test_an_attribute_that_only_changes_its_type_is_a_change(store_engine: Engine) -> None:
    _take(store_engine, [PersonArrived("p", None, None, {"vip": 1}, NOW)])
    assert _take(store_engine, [PersonArrived("p", None, None, {"vip": True}, NOW)]).changed == 1
    assert _visit(store_engine).life.facts.person.attributes["vip"] is True


@pytest.mark.parametrize(
    ("values", "zone", "source"),
    [
        ({"time_zone": "America/New_York"}, "America/New_York", "person"),
        ({"time_zone": "GMT-8 Pacific", "country": "DE"}, "Europe/Berlin", "country"),
        ({"country": "US"}, None, None),
        ({}, None, None),
    ],
)
def test_the_zone_of_a_person_is_kept_with_its_source(
    store_engine: Engine, values: dict[str, str], zone: str | None, source: str | None
) -> None:
    """R4.1, scenario 14"""
    _take(store_engine, [PersonArrived("p", None, None, values, NOW)])
    with reading(store_engine) as connection:
        row = connection.execute(text("SELECT zone, zone_source FROM person")).one()
    assert tuple(row) == (zone, source)


def test_a_person_is_found_by_id_and_by_address(store_engine: Engine) -> None:
    _take(
        store_engine,
        [
            PersonArrived("p", "Ann@X.org", "ann@x.org", {}, NOW),
            PersonArrived("q", "q@x.org", "q@x.org", {}, NOW),
        ],
    )
    with reading(store_engine) as connection:
        assert find(connection, "p") == find(connection, "Ann@X.org") == "p"
        assert find(connection, "ANN@x.org") == "p"
        assert find(connection, "nobody") is None
        assert [person.id for person in page(connection)] == ["p", "q"]
        assert [person.id for person in page(connection, after="p")] == ["q"]


def test_nothing_is_taken_in_for_somebody_erased(store_engine: Engine) -> None:
    """R5.9"""
    _take(store_engine, [PersonArrived("p", "p@x.org", "p@x.org", {}, NOW)])
    with writing(store_engine) as connection:
        connection.execute(text("UPDATE person SET erased = true, email = NULL, mailbox = NULL"))
    again = PersonArrived("p", "p@x.org", "p@x.org", {"plan": "pro"}, NOW)
    consent = ConsentArrived("p", ConsentEntry("news", "express", NOW))
    assert _take(store_engine, [again, consent]) == Taken()
    assert _visit(store_engine).life.facts.person.email == ""


# ── the same as in the pure core ──────────────────────────────────────────────────────────────

moments = st.integers(0, 5).map(lambda days: NOW - timedelta(days=days))
topics = st.sampled_from(["news", "offers", "profiling_emotion", "*"])
entries = st.builds(
    ConsentEntry,
    topic=topics,
    state=st.sampled_from(["pending", "implied", "express", "unsubscribed"]),
    at=moments,
    confirmed=st.booleans(),
    expires_at=st.none() | moments,
    own_act=st.booleans(),
)
moods = st.builds(
    lambda emotion, at, p: hand_written(f"m-{at.day}", at, {emotion: p}),
    st.sampled_from(["angry", "grateful"]),
    moments,
    st.floats(0.05, 1),
)
values = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["", "a", "ü"])
    | st.just(("x",))
)
arrivals = st.lists(
    st.builds(
        PersonArrived,
        person_id=st.just("p"),
        email=st.sampled_from([None, "", "P@x.org"]),
        mailbox=st.sampled_from([None, "", "p@x.org"]),
        values=st.dictionaries(st.sampled_from("abc"), values, max_size=2),
        at=moments,
    )
    | st.builds(ConsentArrived, st.just("p"), entries)
    | st.builds(MessageRead, st.just("p"), moods),
    min_size=1,
    max_size=8,
)


@given(arrivals=arrivals, cut=st.integers(0, 8))
@settings(max_examples=max(60, settings().max_examples // 20))
def test_what_is_known_after_arrivals_is_what_the_pure_core_says(
    store_engine: Engine, arrivals: list[PersonArrived | ConsentArrived | MessageRead], cut: int
) -> None:
    """R5.5, R5.10: in however many batches they come, and however often. Beyond what the core asks, the
    store takes in no mood of somebody whose consent has ended by now."""
    _empty(store_engine)
    facts = Facts(Person("p"))
    for batch in (arrivals[:cut], arrivals[cut:]):
        for arrival in _people_first(batch):
            if not isinstance(arrival, MessageRead) or may_profile(facts.consents, NOW):
                facts = receive(facts, arrival)
        _take(store_engine, batch)
    known = _visit(store_engine).life.facts
    assert known.person == facts.person
    assert known.consents == facts.consents
    assert known.readings == facts.readings
    assert known.disposition == facts.disposition
    assert known.moods == tuple(sorted(facts.moods, key=lambda mood: (mood.at, mood.message)))


def _people_first(
    batch: Sequence[PersonArrived | ConsentArrived | MessageRead],
) -> list[PersonArrived | ConsentArrived | MessageRead]:
    """As the store takes a batch in: who people are, what they agreed to, and what they wrote."""
    order = (PersonArrived, ConsentArrived, MessageRead)
    return sorted(batch, key=lambda arrival: order.index(type(arrival)))


def test_consent_that_comes_twice_stands_in_the_ledger_once(store_engine: Engine) -> None:
    """R1.4, R5.5: also where it may not count, because the person unsubscribed (scenario 33)."""
    left = ConsentArrived("p", ConsentEntry("news", "unsubscribed", NOW, own_act=True))
    back = ConsentArrived("p", ConsentEntry("news", "express", NOW, source="import"))
    assert _take(store_engine, [left, back]).consents == 2
    assert _take(store_engine, [left, back]).consents == 0
    assert [entry.counts for entry in _visit(store_engine).life.facts.consents] == [True, False]


def test_a_batch_of_ten_thousand_takes_as_many_statements_as_one_of_ten(
    store_engine, statements
) -> None:
    require_key(store_engine)
    counts = []
    for size in (10, 10_000):
        _empty(store_engine)
        batch: list[Arrival] = []
        for n in range(size):
            batch.append(PersonArrived(f"p{n}", f"p{n}@x.org", f"p{n}@x.org", {"n": n}, NOW))
            batch.append(_event(f"o{n}", person=f"p{n}"))
        batch.append(ConsentArrived("p1", ConsentEntry("news", "express", NOW)))
        with statements() as sent:
            assert _take(store_engine, batch) == Taken(people=size, events=size, consents=1)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 12


def _event(
    event_id: str,
    *,
    person: str = "p",
    at: datetime = NOW,
    source: str = "api",
    properties: dict[str, object] | None = None,
) -> EventArrived:
    return EventArrived(person, Event(event_id, "order.placed", at, properties or {}, source))  # type: ignore[arg-type]


def _take(engine: Engine, arrivals: Sequence[Arrival]) -> Taken:
    with writing(engine, durable=False) as connection:
        return ingest(connection, arrivals, NOW)


def _visit(engine: Engine) -> Visit:
    with reading(engine) as connection:
        [visit] = load(connection, ["p"], NOW, moods=True)
    return visit


def _empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in METADATA.sorted_tables:
            if table.name != "address_key":
                connection.execute(table.delete())
