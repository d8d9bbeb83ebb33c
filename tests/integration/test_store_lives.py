"""A life goes into the tables and comes out the same; claims keep mailboxes whole and turns fenced."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from engine.adapters.db import due
from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import Visit, load
from engine.adapters.db.tables import METADATA
from engine.adapters.db.turns import store
from engine.domain.arrival import EventArrived, PersonArrived, PreferenceArrived
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event, History
from engine.domain.facts import Facts, Rulebook, Sent
from engine.domain.journey import Class, Policy
from engine.domain.lifecycle import STAGES, Standing
from engine.domain.person import Person
from engine.domain.preference import Preference
from engine.domain.reasons import Reason
from engine.domain.run import Postponed, Run
from engine.domain.turn import (
    Change,
    ConsentLowered,
    Departed,
    Joined,
    Knock,
    KnockChanged,
    Life,
    Moved,
    Noted,
    PersonChanged,
    Queued,
    StandingChanged,
    TaskOpened,
    Traced,
    Turn,
)

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
LEASE = timedelta(minutes=5)
RULES = Rulebook(journeys={}, segments={}, personas=(), policy=Policy(categories={}), mails={})

# ── any life ──────────────────────────────────────────────────────────────────────────────────

instants = st.datetimes(datetime(1999, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
recent = st.datetimes(
    (NOW - timedelta(days=60)).replace(tzinfo=None),
    NOW.replace(tzinfo=None),
    timezones=st.just(UTC),
)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
names = st.text("abcdefghij_-", min_size=1, max_size=8)
numbers = st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9).map(lambda f: round(f, 6))
values = words | st.booleans() | numbers | st.lists(words, max_size=3).map(tuple)
documents = st.dictionaries(names, values, max_size=4)
events = st.builds(
    Event,
    id=st.uuids().map(str),
    name=names,
    at=instants,
    properties=documents,
    source=st.sampled_from(["api", "import", "engine"]),
    starts=st.booleans(),
)
consents = st.builds(
    ConsentEntry,
    topic=names,
    state=st.sampled_from(["pending", "implied", "express", "unsubscribed"]),
    at=instants,
    basis=words,
    confirmed=st.booleans(),
    expires_at=st.none() | instants,
    own_act=st.booleans(),
    source=words,
    wording=words,
    counts=st.booleans(),
)
preferences = st.builds(
    Preference,
    what=st.sampled_from(["pace", "pause", "theme"]),
    at=instants,
    active=st.booleans(),
    value=words,
    until=st.none() | instants,
    source=words,
)
standings = st.builds(
    Standing,
    orders=st.integers(0, 1000),
    first_order_at=st.none() | instants,
    last_order_at=st.none() | instants,
    own_gap=st.none() | st.timedeltas(timedelta(0), timedelta(days=900)),
    won_back_at=st.none() | instants,
)
postponed = st.builds(
    Postponed,
    due=instants,
    reasons=st.lists(st.sampled_from(Reason), max_size=3).map(tuple),
    first_legal=instants,
    expires=st.none() | instants,
    winner=st.none() | names,
)
runs = st.builds(
    Run,
    id=st.uuids().map(str),
    journey=names,
    person=st.just("p1"),
    entry_key=st.uuids().map(str),
    entered_at=instants,
    version=names,
    step=st.none() | names,
    since=instants,
    wake_at=st.none() | instants,
    entry=st.none() | events,
    answers=st.dictionaries(names, events, max_size=2),
    variants=st.dictionaries(names, names, max_size=2),
    visited=st.lists(names, max_size=3).map(tuple),
    sent=st.dictionaries(names, instants, max_size=2),
    postponed=st.none() | postponed,
    held_out=st.booleans(),
    goal_at=st.none() | instants,
    ended_at=st.none() | instants,
    because=st.none() | words,
)
slots = st.builds(
    Sent,
    person=st.just("p1"),
    mail=names,
    category=names,
    klass=st.sampled_from(Class),
    at=recent,
    tags=st.lists(names, max_size=2).map(tuple),
    run=names,
    step=names,
    ghost=st.booleans(),
)
knocks = st.builds(Knock, journey=names, event=events, until=instants)
lives = st.builds(
    Life,
    facts=st.builds(
        Facts,
        person=st.builds(
            Person,
            id=st.just("p1"),
            email=st.just("Ann@Example.com"),
            mailbox=st.just("ann@example.com"),
            attributes=documents,
            created_at=st.just(NOW),
        ),
        history=st.lists(events, max_size=4).map(History),
        consents=st.lists(consents, max_size=3).map(tuple),
        preferences=st.lists(preferences, max_size=3, unique=True).map(tuple),
        standing=standings,
        memberships=st.dictionaries(names, instants, max_size=3),
        sent=st.lists(slots, max_size=3, unique_by=lambda s: s.at).map(
            lambda many: tuple(sorted(many, key=lambda s: s.at))
        ),
    ),
    runs=st.lists(runs, max_size=3, unique_by=lambda r: r.entered_at).map(
        lambda many: tuple(sorted(many, key=lambda r: (r.entered_at, r.id)))
    ),
    knocking=st.lists(knocks, max_size=2).map(tuple),
    looked_at=st.none() | instants,
    stage=st.sampled_from(STAGES),
    zone=st.none() | st.just("Europe/Berlin"),
    due_at=st.none() | instants,
)


def changes_of(life: Life, forgotten: tuple[Run, ...]) -> tuple[Change, ...]:
    """The changes that lead from a new person to this life, through everything it also forgot."""
    facts = life.facts
    return (
        *(Noted(event) for event in facts.history),
        *(Joined(segment, at) for segment, at in facts.memberships.items()),
        *(Moved(run) for run in (*life.runs, *forgotten)),
        *(
            Queued(f"send-{place}", sent, _run(), sent.at, None, None)
            for place, sent in enumerate(facts.sent)
        ),
        PersonChanged(facts.person.attributes, NOW),
        *(ConsentLowered(entry) for entry in facts.consents),
        StandingChanged(facts.standing, life.stage or ""),
        KnockChanged(life.knocking),
    )


@given(life=lives, forgotten=st.lists(runs, max_size=2).map(tuple))
@settings(max_examples=max(60, settings().max_examples // 20))
def test_a_life_that_is_stored_is_loaded_the_same(
    store_engine: Engine, life: Life, forgotten: tuple[Run, ...]
) -> None:
    _empty(store_engine)
    with writing(store_engine) as connection:
        ingest(
            connection,
            [
                PersonArrived("p1", "Ann@Example.com", "ann@example.com", {}, NOW),
                *(PreferenceArrived("p1", line) for line in life.facts.preferences),
            ],
            NOW,
        )
    entries: dict[str, dict[str, datetime]] = {}
    for run in (*life.runs, *forgotten):
        entries.setdefault(run.journey, {})[run.entry_key] = run.entered_at
    life = replace(life, entries=entries)
    [visit] = _claimed(store_engine, "worker")
    turn = Turn(life, changes_of(life, forgotten), life.due_at)
    with writing(store_engine) as connection:
        assert store(connection, [(visit, turn)], RULES, NOW, "worker") == {"p1"}
    with reading(store_engine) as connection:
        [loaded] = load(connection, ["p1"], NOW)
    assert loaded.life == life
    assert loaded.arrivals == ()


# ── claims ────────────────────────────────────────────────────────────────────────────────────


def test_two_profiles_of_one_mailbox_are_claimed_together_and_see_each_others_slots(
    store_engine: Engine,
) -> None:
    """R3.5"""
    _people(store_engine, {"a": "both@example.com", "b": "both@example.com", "c": "c@example.com"})
    visits = _claimed(store_engine, "w1", limit=1)
    assert {v.person_id for v in visits} in ({"a", "b"}, {"c"})
    more = _claimed(store_engine, "w2", limit=10)
    assert sorted(v.person_id for v in (*visits, *more)) == ["a", "b", "c"]
    pair = [v for v in (*visits, *more) if v.person_id in "ab"]
    owner = "w1" if pair[0] in visits else "w2"
    queued = _queued("a", "s1")
    _store(store_engine, [(pair[0], _turn(pair[0], queued)), (pair[1], _turn(pair[1]))], owner)
    with reading(store_engine) as connection:
        seen = {v.person_id: v.life.facts.sent for v in load(connection, ["a", "b", "c"], NOW)}
    assert seen["a"] == seen["b"] == (queued.sent,)
    assert seen["c"] == ()


def test_a_person_whose_mailbox_is_in_other_hands_waits(store_engine: Engine) -> None:
    """R3.3: else two workers could take the last slot of one mailbox."""
    _people(store_engine, {"a": "both@example.com"})
    assert [v.person_id for v in _claimed(store_engine, "w1")] == ["a"]
    _people(store_engine, {"b": "both@example.com"})
    assert _claimed(store_engine, "w2") == []
    due.release(store_engine, "w1")
    assert [v.person_id for v in _claimed(store_engine, "w2")] == ["a", "b"]


def test_nobody_is_claimed_twice_until_the_lease_runs_out(store_engine: Engine) -> None:
    """R10.2"""
    _people(store_engine, {"a": "a@example.com"})
    assert len(_claimed(store_engine, "w1")) == 1
    assert _claimed(store_engine, "w2") == []
    assert _claimed(store_engine, "w2", now=NOW + LEASE - timedelta(microseconds=1)) == []
    assert len(_claimed(store_engine, "w2", now=NOW + LEASE)) == 1


def test_a_worker_that_was_too_slow_stores_nothing(store_engine: Engine) -> None:
    """R10.2: its lease ran out and somebody else decides now."""
    _people(store_engine, {"a": "a@example.com"})
    [slow] = _claimed(store_engine, "slow")
    [quick] = _claimed(store_engine, "quick", now=NOW + LEASE)
    assert _store(store_engine, [(slow, _turn(slow, _queued("a", "s1")))], "slow") == frozenset()
    assert _store(store_engine, [(quick, _turn(quick, _queued("a", "s1")))], "quick") == {"a"}
    assert _count(store_engine, "slot") == _count(store_engine, "outbox") == 1


def test_a_message_of_a_run_is_queued_once_whatever_happens(store_engine: Engine) -> None:
    """R2.10"""
    _people(store_engine, {"a": "a@example.com"})
    for _ in range(2):
        with writing(store_engine) as connection:
            due.mark(connection, ["a"], NOW)
        [visit] = _claimed(store_engine, "w")
        _store(store_engine, [(visit, _turn(visit, _queued("a", "same")))], "w")
    assert _count(store_engine, "slot") == _count(store_engine, "outbox") == 1


def test_what_arrives_during_a_turn_makes_the_person_due_again(store_engine: Engine) -> None:
    _people(store_engine, {"a": "a@example.com"})
    [visit] = _claimed(store_engine, "w")
    with writing(store_engine) as connection:
        ingest(connection, [_order("late")], NOW)
    _store(store_engine, [(visit, _turn(visit))], "w")
    [again] = _claimed(store_engine, "w")
    assert [event.id for event in again.arrivals] == ["late"]
    _store(store_engine, [(again, _turn(again))], "w")
    assert _claimed(store_engine, "w") == []
    with reading(store_engine) as connection:
        [seen] = load(connection, ["a"], NOW)
    assert [event.id for event in seen.life.facts.history] == ["late"]


def test_who_moves_to_another_mailbox_during_a_turn_is_decided_anew(store_engine: Engine) -> None:
    """R3.5: the turn had counted the caps of the old mailbox."""
    _people(store_engine, {"a": "a@example.com"})
    [visit] = _claimed(store_engine, "w")
    _people(store_engine, {"a": "new@example.com"})
    assert _store(store_engine, [(visit, _turn(visit, _queued("a", "s1")))], "w") == frozenset()
    [again] = _claimed(store_engine, "w")
    assert again.life.facts.person.mailbox == "new@example.com"
    assert again.mailbox_key != visit.mailbox_key


def test_a_claim_of_certain_people_respects_other_hands(store_engine: Engine) -> None:
    """R3.9: a second look at the gate counts caps as a turn does."""
    _people(store_engine, {"a": "a@example.com", "b": "b@example.com"})
    assert len(_claimed(store_engine, "turns", limit=1)) == 1
    taken = due.claim_these(store_engine, ["a", "b"], NOW, "sender", LEASE)
    assert len(taken) == 1
    assert due.claim_these(store_engine, ["a", "b"], NOW, "other", LEASE) == []
    assert due.release(store_engine, "sender") == 1


def test_who_holds_a_mailbox_after_a_lease_ran_out_holds_it_alone(store_engine: Engine) -> None:
    """R3.3: the late one had a person in hand who was not due; now another profile is decided."""
    _people(store_engine, {"a": "both@example.com"})
    [visit] = _claimed(store_engine, "w")
    _store(store_engine, [(visit, _turn(visit))], "w")
    due.claim_these(store_engine, ["a"], NOW, "late", LEASE)
    _people(store_engine, {"b": "both@example.com"})
    assert len(_claimed(store_engine, "w", now=NOW + LEASE)) == 2
    assert _store(store_engine, [(visit, _turn(visit, _queued("a", "s")))], "late") == frozenset()


def test_an_event_dated_a_little_ahead_waits_for_its_moment(store_engine: Engine) -> None:
    """R1.3: up to five minutes ahead it acts when it says."""
    ahead = NOW + timedelta(minutes=2)
    _people(store_engine, {"a": "a@example.com"})
    with writing(store_engine) as connection:
        ingest(connection, [_order("soon", at=ahead)], NOW)
    [visit] = _claimed(store_engine, "w")
    assert visit.arrivals == ()
    assert visit.next_arrival == ahead
    _store(store_engine, [(visit, _turn(visit))], "w")
    assert _claimed(store_engine, "w", now=ahead - timedelta(microseconds=1)) == []
    [later] = _claimed(store_engine, "w", now=ahead)
    assert [event.id for event in later.arrivals] == ["soon"]


def test_slots_are_loaded_as_far_back_as_the_caps_look(store_engine: Engine) -> None:
    """R3.2: the window is `(now - W, now]`."""
    _people(store_engine, {"a": "a@example.com"})
    [visit] = _claimed(store_engine, "w")
    _store(store_engine, [(visit, _turn(visit, _queued("a", "s1")))], "w")
    quarter = timedelta(days=90)
    for later, counts in ((quarter - timedelta(microseconds=1), 1), (quarter, 0)):
        with reading(store_engine) as connection:
            [seen] = load(connection, ["a"], NOW + later, quarter)
            [ever] = load(connection, ["a"], NOW + later)
        assert len(seen.life.facts.sent) == counts
        assert len(ever.life.facts.sent) == 1


def test_of_a_long_past_only_the_named_events_are_loaded(store_engine: Engine) -> None:
    """A turn costs what its rules look at; what has not acted yet is there whatever its name."""
    _people(store_engine, {"a": "a@example.com"})
    long_ago = [_order(f"o{n}", at=NOW - timedelta(days=n)) for n in range(1, 4)]
    seen = [EventArrived("a", Event(f"s{n}", "seen", NOW)) for n in range(20)]
    with writing(store_engine) as connection:
        ingest(connection, [*long_ago, *seen[:19]], NOW)
    [visit] = _claimed(store_engine, "w")
    _store(store_engine, [(visit, _turn(visit))], "w")
    with writing(store_engine) as connection:
        ingest(connection, seen[19:], NOW)
    with reading(store_engine) as connection:
        [whole] = load(connection, ["a"], NOW)
        [part] = load(connection, ["a"], NOW, events={"order.placed", "never"})
        [none] = load(connection, ["a"], NOW, events=())
    assert len(whole.life.facts.history) == 22
    assert [event.id for event in part.life.facts.history] == ["o3", "o2", "o1"]
    assert len(none.life.facts.history) == 0
    assert {[event.id for event in one.arrivals] == ["s19"] for one in (whole, part, none)} == {
        True
    }


def test_a_new_field_of_a_life_cannot_be_forgotten_by_the_store() -> None:
    """Whoever adds a field here has to store it, and to draw it in the strategies above."""
    stored = {
        Life: "facts runs entries knocking looked_at stage zone due_at",
        Facts: "person history consents readings disposition standing memberships sent suppressed"
        " judged mailbox_consents moods preferences mailbox_preferences",
        Person: "id email mailbox attributes created_at erased",
        Run: "id journey person entry_key entered_at version step since wake_at entry answers"
        " variants visited sent postponed held_out goal_at ended_at because",
        Postponed: "due reasons first_legal expires winner",
        Sent: "person mail category klass at tags run step ghost",
        ConsentEntry: "topic state at basis confirmed expires_at own_act source wording counts"
        " elsewhere",
        Preference: "what at active value until source mailbox",
        Standing: "orders first_order_at last_order_at own_gap won_back_at",
        Knock: "journey event until",
        Event: "id name at properties source starts",
    }
    for kind, names in stored.items():
        assert [field.name for field in fields(kind)] == names.split(), kind
    assert {kind.__name__ for kind in get_args(Change)} == {
        "Noted", "Joined", "Departed", "Moved", "Traced", "Queued", "Assumed", "PersonChanged",
        "ConsentImplied", "ConsentLowered", "TaskOpened", "TaskRaised", "StandingChanged",
        "KnockChanged",
    }  # fmt: skip


def test_leaving_a_segment_and_forgetting_a_run_are_stored(store_engine: Engine) -> None:
    _people(store_engine, {"a": "a@example.com"})
    [visit] = _claimed(store_engine, "w")
    run = _run("a")
    inside = replace(
        visit.life, runs=(run,), facts=replace(visit.life.facts, memberships={"vips": NOW})
    )
    turn = Turn(inside, (Joined("vips", NOW), Moved(run)), NOW)
    _store(store_engine, [(visit, turn)], "w")
    [visit] = _claimed(store_engine, "w")
    assert visit.life.runs == (run,)
    outside = replace(visit.life, runs=(), facts=replace(visit.life.facts, memberships={}))
    _store(store_engine, [(visit, Turn(outside, (Departed("vips", NOW),), None))], "w")
    with reading(store_engine) as connection:
        [seen] = load(connection, ["a"], NOW)
    assert seen.life.runs == ()
    assert seen.life.facts.memberships == {}
    assert seen.life.entries == {"welcome": {"once": NOW}}


def test_a_failure_in_the_middle_stores_nothing_at_all(store_engine: Engine) -> None:
    """R10.1: the state after a crash is the one before or the one after, never between."""
    _people(store_engine, {"a": "a@example.com"})
    before = {table.name: _count(store_engine, table.name) for table in METADATA.sorted_tables}
    [visit] = _claimed(store_engine, "w")
    with pytest.raises(KeyboardInterrupt), writing(store_engine) as connection:
        store(connection, [(visit, _turn(visit, _queued("a", "s1")))], RULES, NOW, "w")
        raise KeyboardInterrupt
    after = {table.name: _count(store_engine, table.name) for table in METADATA.sorted_tables}
    assert after == before
    assert _claimed(store_engine, "other", now=NOW + LEASE)[0].person_id == "a"


def test_a_thousand_people_cost_as_many_statements_as_one(store_engine, statements) -> None:
    """P6: claim, load and store of a batch, with an event, a move, a trace, a slot and a message each."""
    counts = []
    for size in (1, 1000):
        _empty(store_engine)
        people = [f"p{n:04}" for n in range(size)]
        with writing(store_engine) as connection:
            ingest(
                connection,
                [
                    *(
                        PersonArrived(p, f"{p}@example.com", f"{p}@example.com", {}, NOW)
                        for p in people
                    ),
                    *(_order(f"o-{p}", person=p) for p in people),
                ],
                NOW,
            )
        with statements() as sent:
            visits = _claimed(store_engine, "w", limit=1000)
            taken = [(v, _turn(v, *_busy(v.person_id))) for v in visits]
            assert len(_store(store_engine, taken, "w")) == size
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 15


def _busy(person: str) -> tuple[Change, ...]:
    return (
        Noted(Event(f"n-{person}", "journey.entered", NOW, source="engine")),
        Moved(_run(person)),
        Traced(NOW, "welcome", f"run-{person}", "hello", "queued"),
        _queued(person, f"s-{person}"),
        StandingChanged(Standing(orders=1), "new"),
        TaskOpened(f"t-{person}", "r", "welcome", "s", "care", "", "now", NOW, None),
    )


def _claimed(engine: Engine, owner: str, *, limit: int = 100, now: datetime = NOW) -> list[Visit]:
    claimed = due.claim(engine, now, limit, owner, LEASE)
    with reading(engine) as connection:
        return load(connection, [c.person_id for c in claimed], now)


def _store(engine: Engine, taken: list[tuple[Visit, Turn]], owner: str) -> frozenset[str]:
    with writing(engine) as connection:
        return store(connection, taken, RULES, NOW, owner)


def _turn(visit: Visit, *changes: Change) -> Turn:
    return Turn(visit.life, changes, None)


def _run(person: str = "p1") -> Run:
    return Run(f"run-{person}", "welcome", person, "once", NOW, "v1", "hello", NOW)


def _queued(person: str, send_id: str) -> Queued:
    sent = Sent(person, "welcome/hello", "news", Class.MARKETING, NOW, run="run", step="hello")
    return Queued(send_id, sent, _run(person), NOW, None, None)


def _order(event_id: str, *, person: str = "a", at: datetime = NOW) -> EventArrived:
    return EventArrived(person, Event(event_id, "order.placed", at))


def _people(engine: Engine, mailboxes: dict[str, str]) -> None:
    with writing(engine) as connection:
        ingest(connection, [PersonArrived(p, m, m, {}, NOW) for p, m in mailboxes.items()], NOW)


def _count(engine: Engine, table: str) -> int:
    with reading(engine) as connection:
        return int(connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one())


def _empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in METADATA.sorted_tables:
            if table.name != "address_key":
                connection.execute(table.delete())


def test_both_databases_are_what_they_say(store_engine: Engine) -> None:
    fresh = connect(store_engine.url.render_as_string(hide_password=False))
    with reading(fresh) as connection:
        version = "sqlite_version()" if fresh.dialect.name == "sqlite" else "version()"
        assert connection.execute(text(f"SELECT {version}")).scalar_one()
    fresh.dispose()
