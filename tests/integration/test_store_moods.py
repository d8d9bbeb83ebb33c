"""What was read of messages, in the database as in memory: profiles, dispositions, and their end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from engine.adapters.db.address_key import require_key
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.keeping import DatabaseKeeping
from engine.adapters.db.lives import load
from engine.adapters.db.tables import METADATA
from engine.domain.arrival import Arrival, ConsentArrived, MessageRead
from engine.domain.consent import ConsentEntry
from engine.domain.disposition import profile_of
from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.facts import Facts
from engine.domain.message_mood import Evidence, MessageMood
from engine.domain.person import Person
from engine.domain.receiving import may_profile, receive

START, DAY = datetime(2026, 3, 1, 12, tzinfo=UTC), timedelta(days=1)
NOW = START + 90 * DAY
AGREED = ConsentArrived(
    "p", ConsentEntry("profiling_emotion", "express", START - DAY, own_act=True)
)
CONFIG = EmotionConfig(usual=(0.1,) * 10)


def wrote(day: float, emotion: str = "angry", p: float = 0.9, person: str = "p") -> MessageRead:
    every = dict.fromkeys(EMOTIONS, 0.03) | {emotion: p}
    at = START + day * DAY
    shown = (Evidence(0, 4, emotion, 0.5),)
    mood = MessageMood(f"{person} {day} {emotion}", at, "ticket", every, 0.9, 9, evidence=shown)
    return MessageRead(person, mood, CONFIG)


messages = st.lists(
    st.builds(
        lambda hours, emotion, p, words, thread, number: MessageRead(
            "p",
            MessageMood(
                f"m{number}", START + hours * timedelta(hours=1), "chat",
                dict.fromkeys(EMOTIONS, 0.04) | {emotion: p}, 0.95, words, thread,
            ),
            CONFIG,
        ),
        hours=st.integers(0, 1500) | st.integers(0, 20),
        emotion=st.sampled_from(EMOTIONS[:4]),
        p=st.floats(0.5, 1),
        words=st.integers(1, 9),
        thread=st.sampled_from(["", "t"]),
        number=st.integers(0, 10**6),
    ),
    min_size=2,
    max_size=10,
    unique_by=lambda read: read.mood.message,
)  # fmt: skip


@given(found=messages, cut=st.integers(0, 10), chance=st.randoms(use_true_random=False))
@settings(max_examples=max(20, settings().max_examples // 50))
def test_in_any_order_and_any_batches_the_database_comes_to_the_same(
    store_engine: Engine, found: list[MessageRead], cut: int, chance
) -> None:
    """R6.3, invariant 4: as memory does, and as all messages in the order of their time do."""
    _empty(store_engine)
    _take(store_engine, [AGREED])
    mixed = chance.sample(found, len(found))
    for batch in (mixed[:cut], mixed[cut:], mixed[:2]):
        _take(store_engine, batch)
    facts = Facts(Person("p"))
    for arrival in (AGREED, *mixed):
        facts = receive(facts, arrival)
    known = _facts(store_engine)
    assert known.disposition == facts.disposition
    assert known.readings == facts.readings
    assert known.moods == tuple(sorted(facts.moods, key=lambda mood: (mood.at, mood.message)))
    assert known.disposition == profile_of(known.moods, CONFIG).disposition


def test_a_score_is_stored_whole_and_without_a_word(store_engine: Engine) -> None:
    mood = replace(
        wrote(1).mood, thread="t", valence=-0.5, arousal=0.7, urgency=0.25, mixed=True,
        sarcasm_suspected=True, model="2026.11-hybrid",
    )  # fmt: skip
    _take(store_engine, [AGREED, MessageRead("p", mood, CONFIG)])
    assert _facts(store_engine).moods == (mood,)


def test_a_message_counts_once_however_often_it_comes(store_engine: Engine) -> None:
    """R1.4"""
    _take(store_engine, [AGREED, wrote(1), wrote(1)])
    assert _take(store_engine, [wrote(1)]) == 0
    assert len(_facts(store_engine).moods) == len(_facts(store_engine).readings) == 1


def test_of_messages_of_which_some_are_known_the_others_count(store_engine: Engine) -> None:
    """R1.4: also where one comes again with another time."""
    _take(store_engine, [AGREED, wrote(1), wrote(2)])
    again = replace(wrote(2).mood, at=START + 30 * DAY)
    assert _take(store_engine, [wrote(3), MessageRead("p", again, CONFIG), wrote(1)]) == 1
    facts = _facts(store_engine)
    assert facts.moods == tuple(wrote(day).mood for day in (1, 2, 3))
    assert facts.disposition == profile_of(facts.moods, CONFIG).disposition


def test_other_settings_work_a_profile_out_anew_from_its_scores(store_engine: Engine) -> None:
    _take(store_engine, [AGREED, wrote(1), wrote(2)])
    shorter = replace(CONFIG, disposition_half_life=20 * DAY)
    _take(store_engine, [replace(wrote(40), by=shorter)])
    facts = _facts(store_engine)
    assert facts.disposition == profile_of(facts.moods, shorter).disposition
    assert facts.disposition != profile_of(facts.moods, CONFIG).disposition


@pytest.mark.parametrize("topic", ["profiling_emotion", "*"])
def test_a_withdrawal_clears_everything_that_was_read(store_engine: Engine, topic: str) -> None:
    """R5.10, scenario 36: scores, moods, profile, disposition, and its past."""
    _take(store_engine, [AGREED, wrote(1), wrote(2), wrote(3, "satisfied", 0.95)])
    assert _facts(store_engine).disposition is not None
    left = ConsentEntry(topic, "unsubscribed", NOW, own_act=True)
    _take(store_engine, [ConsentArrived("p", left)])
    facts = _facts(store_engine)
    assert (facts.moods, facts.readings, facts.disposition) == ((), (), None)
    with reading(store_engine) as connection:
        for table in ("score", "reading", "profile"):
            assert not connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        was = connection.execute(text("SELECT what, was FROM former WHERE what <> 'turn'")).all()
        stored = connection.execute(
            text("SELECT disposition, disposition_since, disposition_until FROM person")
        ).one()
    assert [row.what for row in was] == ["mood"]
    assert tuple(stored) == (None, None, None)
    _take(store_engine, [wrote(1), wrote(2)])
    assert _facts(store_engine).moods == ()


def test_without_consent_nothing_is_kept(store_engine: Engine) -> None:
    """R5.10"""
    _take(store_engine, [wrote(1), wrote(2)])
    facts = _facts(store_engine)
    assert (facts.moods, facts.readings, facts.disposition) == ((), (), None)


def test_with_a_consent_that_has_ended_nothing_new_is_kept(store_engine: Engine) -> None:
    """R5.10: not even of a message that was written before the end."""
    ended = replace(AGREED, entry=replace(AGREED.entry, expires_at=NOW - DAY))
    _take(store_engine, [ended, wrote(1), wrote(2)])
    assert _facts(store_engine).moods == ()


lines = st.lists(
    st.builds(
        lambda topic, state, day, lasts, own: ConsentArrived(
            "p",
            ConsentEntry(
                topic, state, START + day * DAY,
                expires_at=lasts and START + (day + lasts) * DAY, own_act=own,
            ),
        ),
        topic=st.sampled_from(["profiling_emotion", "profiling_emotion", "*", "news"]),
        state=st.sampled_from(["express", "express", "implied", "pending", "unsubscribed"]),
        day=st.integers(-5, 95),
        lasts=st.none() | st.integers(1, 60),
        own=st.booleans(),
    ),
    max_size=4,
)  # fmt: skip


@given(said=lines, days=st.lists(st.integers(-6, 96), min_size=1, max_size=5, unique=True))
@settings(max_examples=max(60, settings().max_examples // 20))
def test_of_whatever_ledger_the_database_keeps_the_messages_that_the_rule_allows(
    store_engine: Engine, said: list[ConsentArrived], days: list[int]
) -> None:
    """R5.10: also where it never reads the ledger, for it is one yes without an end."""
    _empty(store_engine)
    _take(store_engine, said)
    _take(store_engine, [wrote(day) for day in days])
    facts = Facts(Person("p"))
    for line in said:
        facts = receive(facts, line)
    found = [wrote(day).mood.message for day in days if _allowed(facts, day)]
    with reading(store_engine) as connection:
        kept = connection.execute(text("SELECT message FROM score")).scalars().all()
    assert sorted(kept) == sorted(found)


def _allowed(facts: Facts, day: int) -> bool:
    return may_profile(facts.consents, START + day * DAY, NOW)


def test_of_a_sensitive_message_nothing_is_kept_here(store_engine: Engine) -> None:
    sensitive = MessageMood("m", START, "ticket", sensitive=True)
    _take(store_engine, [AGREED, MessageRead("p", sensitive, CONFIG)])
    assert _facts(store_engine).moods == ()


def test_a_thousand_messages_take_as_many_statements_as_ten(store_engine, statements) -> None:
    require_key(store_engine)
    counts = []
    for size in (10, 1000):
        _empty(store_engine)
        people = [f"p{n}" for n in range(size)]
        _take(store_engine, [replace(AGREED, person_id=who) for who in people])
        _take(store_engine, [wrote(1, person=who) for who in people])
        with statements() as sent:
            _take(store_engine, [wrote(2, person=who) for who in people])
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 15


def _take(engine: Engine, arrivals: Sequence[Arrival]) -> int:
    with writing(engine, durable=False) as connection:
        return ingest(connection, arrivals, NOW).readings


def _facts(engine: Engine) -> Facts:
    with reading(engine) as connection:
        [visit] = load(connection, ["p"], NOW, moods=True)
    return visit.life.facts


def _empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in METADATA.sorted_tables:
            if table.name != "address_key":
                connection.execute(table.delete())


def test_a_score_that_is_old_goes_as_if_it_had_never_been_read(store_engine: Engine) -> None:
    """mood.md 5.6: after 400 days; and which words spoke for a mood go with the words."""
    _take(store_engine, [AGREED, wrote(1), wrote(2), wrote(80, "satisfied")])
    house, before = DatabaseKeeping(store_engine), START + 50 * DAY
    assert house.remove_evidence(before) == 2
    assert house.remove_evidence(before) == 0
    shown = [bool(mood.evidence) for mood in _facts(store_engine).moods]
    assert shown == [False, False, True]

    assert _facts(store_engine).disposition is not None
    assert house.remove_scores(before, CONFIG, NOW) == 2
    assert house.remove_scores(before, CONFIG, NOW) == 0
    left = _facts(store_engine)
    assert [mood.at for mood in left.moods] == [START + 80 * DAY]
    assert {read.emotion for read in left.readings} == {"satisfied"}
    assert left.disposition is profile_of(left.moods, CONFIG).disposition is None
    assert house.remove_scores(NOW, CONFIG, NOW) == 1
    with reading(store_engine) as connection:
        assert not connection.execute(text("SELECT count(*) FROM profile")).scalar_one()


def test_when_a_consent_runs_out_what_was_read_goes(store_engine: Engine) -> None:
    """R5.10: of whom it ran out, and of nobody else."""
    ends = replace(AGREED, entry=replace(AGREED.entry, expires_at=NOW + DAY))
    _take(store_engine, [ends, wrote(1), wrote(2)])
    _take(store_engine, [replace(ends, person_id="q"), replace(AGREED, person_id="q")])
    _take(store_engine, [wrote(3, person="q")])
    house = DatabaseKeeping(store_engine)
    assert house.remove_without_consent(NOW) == 0
    assert house.remove_without_consent(NOW + DAY) == 1
    assert house.remove_without_consent(NOW + DAY) == 0
    facts = _facts(store_engine)
    assert (facts.moods, facts.readings, facts.disposition) == ((), (), None)
    with reading(store_engine) as connection:
        kept = connection.execute(text("SELECT person_id FROM score")).scalars().all()
    assert kept == ["q"]
