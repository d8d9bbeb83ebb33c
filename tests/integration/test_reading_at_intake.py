"""Messages are read at intake, in the transaction that stores them (R5.10, R1.4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db.authors import DatabaseAuthors
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.erasure import erase
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.lives import load
from engine.adapters.db.living import DatabaseLives
from engine.adapters.db.merging import merge
from engine.adapters.db.turns import store
from engine.application.advance_due import take_turns
from engine.application.ports.intake import Taken
from engine.application.read_messages import MessageReading, ReadingIntake
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import EmotionConfig
from engine.domain.engine_events import MOOD_CHANGED
from engine.domain.event import Event
from engine.domain.facts import Rulebook
from engine.domain.journey import Policy
from tests.standins.moods import StandInReader

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = Rulebook({}, {}, (), Policy(categories={}), {})


@pytest.fixture
def model() -> StandInReader:
    return StandInReader()


@pytest.fixture
def intake(store_engine: Engine, model: StandInReader) -> ReadingIntake:
    return ReadingIntake(
        DatabaseIntake(store_engine),
        DatabaseAuthors(store_engine),
        MessageReading(lambda: model, EmotionConfig()),
    )


def person(who: str = "ann", **values: str) -> Arrival:
    return PersonArrived(who, f"{who}@example.com", f"{who}@example.com", values, NOW - 30 * DAY)


def consent(who: str = "ann", state: str = "express", at: datetime = NOW - 20 * DAY) -> Arrival:
    return ConsentArrived(who, ConsentEntry("profiling_emotion", state, at, own_act=True))  # type: ignore[arg-type]


def wrote(text: str, key: str = "m1", who: str = "ann", at: datetime = NOW - DAY) -> Arrival:
    return EventArrived(who, Event(key, "feedback.received", at, {"text": text}))


def readings(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        found = connection.execute(sql("SELECT person_id, emotion FROM reading ORDER BY seq"))
        return [(who, emotion) for who, emotion in found]


def test_message_and_mood_are_there_together_and_a_second_import_reads_nothing(
    store_engine: Engine, intake: ReadingIntake, model: StandInReader
) -> None:
    """R1.4."""
    batch = [person(), consent(), wrote("Ridiculous!")]
    first, second = intake.take_in(batch, NOW), intake.take_in(batch, NOW)
    assert (first.events, first.felt, first.readings) == (1, 1, 1)
    assert second == Taken(duplicates=1)
    assert readings(store_engine) == [("ann", "angry")]
    assert len(model.given) == 1


def test_consent_and_names_in_the_store_count(intake: ReadingIntake, model: StandInReader) -> None:
    intake.take_in([person(first_name="Joy"), consent()], NOW)
    assert intake.take_in([wrote("Joy says thanks")], NOW).felt == 1
    assert model.given[0].names == ("Joy",)


def test_consent_that_comes_later_reads_no_old_text(
    intake: ReadingIntake, model: StandInReader
) -> None:
    """What was written before it was written to somebody who did not read moods."""
    assert intake.take_in([person(), wrote("Ridiculous!")], NOW).not_agreed == 1
    assert intake.take_in([consent(), wrote("Ridiculous!")], NOW) == Taken(consents=1, duplicates=1)
    assert not model.given


def test_who_asked_to_be_forgotten_is_not_read(
    store_engine: Engine, intake: ReadingIntake, model: StandInReader
) -> None:
    """R5.9: not even where the file says that they agree."""
    intake.take_in([person(), consent()], NOW - DAY)
    with writing(store_engine) as connection:
        erase(connection, "ann", "gone-1", NOW)
    imported = ConsentArrived("ann", ConsentEntry("profiling_emotion", "express", NOW - 2 * DAY))
    assert intake.take_in([imported, wrote("Ridiculous!")], NOW).left_out == 2
    assert not model.given


def test_an_old_id_leads_to_the_profile_of_today(
    store_engine: Engine, intake: ReadingIntake
) -> None:
    intake.take_in([person(), consent(), person("ben")], NOW)
    with writing(store_engine) as connection:
        merge(connection, "ann", "ben", RULES, NOW)
    assert intake.take_in([wrote("Ridiculous!", who="ben")], NOW).felt == 1
    assert readings(store_engine) == [("ann", "angry")]


def _turn(engine: Engine) -> None:
    lives = DatabaseLives(engine)
    for who in lives.claim(NOW, 10, "test", DAY):
        taken = take_turns(lives.load([who], NOW, DAY), RULES, NOW)
        with writing(engine) as connection:
            store(connection, taken, RULES, NOW, "test")


def _told(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        [visit] = load(connection, ["ann"], NOW)
    return [str(e.properties["to"]) for e in visit.life.facts.history.named(MOOD_CHANGED)]


def test_a_changed_mood_is_told_once_and_goes_with_the_consent(
    store_engine: Engine, intake: ReadingIntake
) -> None:
    """R5.10: neither scores nor what was told of them stays."""
    intake.take_in([person(), consent(), wrote("Ridiculous!")], NOW)
    _turn(store_engine)
    intake.take_in([wrote("Ridiculous!"), wrote("Nothing.", "m2")], NOW)
    _turn(store_engine)
    assert _told(store_engine) == ["angry"]
    intake.take_in([consent(state="unsubscribed", at=NOW)], NOW)
    _turn(store_engine)
    assert (_told(store_engine), readings(store_engine)) == ([], [])


def test_who_withdraws_while_their_turn_is_decided_is_not_told_of(
    store_engine: Engine, intake: ReadingIntake
) -> None:
    """R5.10: the turn was loaded before, and is stored after."""
    intake.take_in([person(), consent(), wrote("Ridiculous!")], NOW)
    lives = DatabaseLives(store_engine)
    [who] = lives.claim(NOW, 10, "test", DAY)
    taken = take_turns(lives.load([who], NOW, DAY), RULES, NOW)
    intake.take_in([consent(state="unsubscribed", at=NOW)], NOW)
    with writing(store_engine) as connection:
        assert store(connection, taken, RULES, NOW, "test") == {"ann"}
    assert _told(store_engine) == []
