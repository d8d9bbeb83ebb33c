"""Simulation and life decide the same on the same history (invariant 5).

A few people of the sample business live a season twice: walked in memory, and through the database,
where each turn claims, loads, decides and stores as the daemon does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from json import dumps
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from engine.adapters.db import due, turns
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.adapters.db.living import DatabaseLives
from engine.adapters.db.tables import METADATA
from engine.adapters.files import read_sources
from engine.application.advance_due import take_turns
from engine.application.world import Walker, by_mailbox, walk
from engine.bootstrap import compile_project
from engine.domain.arrival import (
    Arrival,
    ConsentArrived,
    EventArrived,
    MessageRead,
    PersonArrived,
    PreferenceArrived,
)
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.domain.facts import Rulebook
from engine.domain.message import mail_event
from engine.domain.message_mood import MessageMood
from engine.domain.preference import Preference
from engine.domain.profile import hand_written
from engine.domain.turn import Change, Life, Queued

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
SEASON = timedelta(days=120)
LEASE = timedelta(minutes=5)
HOUR = timedelta(hours=1)


@cache
def sample_rules() -> Rulebook:
    """The sample business of the repository."""
    project = compile_project(read_sources(Path(__file__).parents[2]))
    assert project.ok, project.diagnostics
    return project.rulebook


moments = st.integers(0, int(SEASON / HOUR) - 1).map(lambda hours: START + hours * HOUR)
happenings = st.one_of(
    st.tuples(moments, st.just("order.placed"), st.just({"total": 24.5, "item": "beans"})),
    st.tuples(moments, st.just("order.delayed"), st.just({"days_late": 3})),
    st.tuples(moments, st.just("feedback.received"), st.just({"rating": 1, "text": "Cold."})),
    st.tuples(moments, st.just("feedback.received"), st.just({"rating": 5, "text": "Lovely."})),
)


def choices(at: datetime) -> st.SearchStrategy[Preference]:
    """What somebody may choose: most of it touches their mails of the next weeks."""
    return st.one_of(
        st.builds(Preference, what=st.just("pace"), at=st.just(at), active=st.booleans()),
        st.builds(
            Preference,
            what=st.just("pause"),
            at=st.just(at),
            active=st.booleans(),
            until=st.sampled_from((at + timedelta(days=2), at + timedelta(days=30))),
        ),
        st.just(Preference("theme", at, value="tips")),
        st.just(Preference("language", at, value="de")),
    )


def readings(message: str, at: datetime) -> st.SearchStrategy[MessageMood]:
    """How a bad review reads: angry, more or less urgent, or for a person to read."""
    angry = hand_written(message, at, {"angry": 0.8})
    return st.sampled_from(
        (
            angry,
            replace(angry, urgency=0.7),
            replace(angry, urgency=0.9),
            MessageMood(message, at, "review", sensitive=True),
        )
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Arrival]:
    """Two people, who may share a mailbox, from their first day on, in order of time."""
    shared = draw(st.booleans())
    arrivals: list[Arrival] = []
    for person in ("ann", "ben"):
        address = "both@example.com" if shared else f"{person}@example.com"
        attributes = {"first_name": person.title(), "country": draw(st.sampled_from(["US", "DE"])),
                      "time_zone": "Europe/Berlin", "birthday": "1990-02-11"}  # fmt: skip
        arrivals.append(PersonArrived(person, address, address, attributes, START))
        for topic in draw(st.sets(st.sampled_from(["onboarding", "review", "news", "promotion"]))):
            agreed = ConsentEntry(topic, "express", START, confirmed=True, own_act=True)
            arrivals.append(ConsentArrived(person, agreed))
        arrivals.append(
            ConsentArrived(
                person, ConsentEntry("profiling_emotion", "express", START, own_act=True)
            )
        )
        for number, (at, name, properties) in enumerate(draw(st.lists(happenings, max_size=6))):
            event = Event(f"{person}-{number}", name, at, properties)
            arrivals.append(EventArrived(person, event))
            if properties.get("rating") == 1:
                arrivals.append(MessageRead(person, draw(readings(event.id, at))))
        if not shared and draw(st.booleans()):
            new = f"{person}@another.example"
            arrivals.append(PersonArrived(person, new, new, {}, draw(moments)))
        chosen = [draw(choices(at)) for at in draw(st.lists(moments, max_size=2))]
        arrivals += [PreferenceArrived(person, line) for line in chosen]
        if draw(st.booleans()):
            left = ConsentEntry("*", "unsubscribed", draw(moments), own_act=True)
            arrivals.append(ConsentArrived(person, left))
    return sorted(arrivals, key=lambda arrival: arrival.at)


@given(history=histories())
@settings(max_examples=max(10, settings().max_examples // 100))
def test_the_database_lives_what_the_simulation_walks(
    store_engine: Engine, history: list[Arrival]
) -> None:
    rules = sample_rules()
    walkers: dict[str, Walker] = {}
    walked: list[tuple[datetime, Change]] = []
    for _, stream in by_mailbox(history):
        for happening in walk(rules, walkers, stream, START + SEASON):
            walked += [(happening.at, change) for change in happening.changes]
    _empty(store_engine)
    lived = _live(store_engine, rules, history, START + SEASON)
    assert _messages(lived) == _messages(walked)
    assert _told(lived) == _told(walked)
    with reading(store_engine) as connection:
        kept = {
            v.person_id: v.life for v in load(connection, list(walkers), START + SEASON, moods=True)
        }
    for person, walker in walkers.items():
        assert _comparable(kept[person]) == _comparable(walker.life)


def _live(
    engine: Engine, rules: Rulebook, history: Sequence[Arrival], until: datetime
) -> list[tuple[datetime, Change]]:
    """The history through the database, the clock jumping to whatever comes next."""
    lives = DatabaseLives(engine)
    decided: list[tuple[datetime, Change]] = []
    place = 0
    while True:
        with reading(engine) as connection:
            wakes = due.next_due(connection, START - SEASON)
        arrives = history[place].at if place < len(history) else None
        now = min((at for at in (wakes, arrives) if at is not None), default=None)
        if now is None or now > until:
            return decided
        batch: list[Arrival] = []
        while place < len(history) and history[place].at <= now:
            batch.append(history[place])
            place += 1
        with writing(engine) as connection:
            ingest(connection, batch, now)
        for person in lives.claim(now, 1, "life", LEASE):
            decided += _one_turn(engine, lives, person, rules, now)


def _one_turn(
    engine: Engine, lives: DatabaseLives, person: str, rules: Rulebook, now: datetime
) -> list[tuple[datetime, Change]]:
    """One person's turn, everything it queued being delivered at once, as in simulation."""
    taken = take_turns(lives.load([person], now, SEASON), rules, now)
    with writing(engine) as connection:
        turns.store(connection, taken, rules, now, "life")
        changes = [change for _, turn in taken for change in turn.changes]
        sent = [c for c in changes if isinstance(c, Queued) and not (c.sent.ghost or c.shadow)]
        ingest(connection, [EventArrived(person, _delivered(c, now)) for c in sent], now)
    return [(now, change) for change in changes]


def _delivered(queued: Queued, now: datetime) -> Event:
    return mail_event(
        "mail.sent",
        queued.send_id,
        now,
        mail=queued.sent.mail,
        category=queued.sent.category,
        journey=queued.run.journey,
        step=queued.sent.step,
    )


def _messages(changes: list[tuple[datetime, Change]]) -> set[tuple[datetime, str, str, bool]]:
    return {
        (at, change.sent.person, change.send_id, change.sent.ghost)
        for at, change in changes
        if isinstance(change, Queued)
    }


def _told(changes: list[tuple[datetime, Change]]) -> list[str]:
    """Everything but the messages, as sorted text. What a database does to the order of properties
    is no difference."""
    return sorted(
        f"{at} {type(change).__name__} {dumps(asdict(change), sort_keys=True, default=str)}"
        for at, change in changes
        if not isinstance(change, Queued)
    )


def _comparable(life: Life) -> tuple[object, ...]:
    """All of a life but its slots, which each runner forgets at its own time."""
    facts = life.facts
    return (
        facts.person,
        facts.history,
        facts.consents,
        facts.preferences,
        facts.mailbox_preferences,
        facts.readings,
        facts.disposition,
        facts.moods,
        facts.standing,
        facts.memberships,
        {run.id: run for run in life.runs},
        life.entries,
        life.knocking,
        life.looked_at,
        life.stage,
        life.zone,
        life.due_at,
    )


def _empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in METADATA.sorted_tables:
            if table.name != "address_key":
                connection.execute(table.delete())
