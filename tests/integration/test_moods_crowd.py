"""Two hands on the moods of one person at once (R10.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from json import dumps
from threading import Event, Thread

import pytest
from sqlalchemy import Connection, Engine, text

from engine.adapters.db import consents, due, moods, scores
from engine.adapters.db.address_key import require_key
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.adapters.db.people import document
from engine.adapters.db.profile_rows import STATE, profile_in
from engine.adapters.db.turns import store
from engine.domain.arrival import Arrival, ConsentArrived, MessageRead
from engine.domain.consent import ConsentEntry, Evidence
from engine.domain.disposition import profile_of
from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.message_mood import MessageMood
from engine.domain.turn import turn
from tests.integration.news_shop import RULES

START, DAY = datetime(2026, 3, 1, 12, tzinfo=UTC), timedelta(days=1)
NOW = START + 20 * DAY
CONFIG = EmotionConfig()
AGREED = ConsentArrived(
    "p", ConsentEntry("profiling_emotion", "express", START - DAY, own_act=True)
)
LEFT = ConsentEntry("profiling_emotion", "unsubscribed", NOW, own_act=True)


def wrote(day: int) -> MessageRead:
    every = dict.fromkeys(EMOTIONS, 0.03) | {"angry": 0.9}
    return MessageRead(
        "p", MessageMood(f"m{day}", START + day * DAY, "ticket", every, 0.9, 9), CONFIG
    )


def test_two_imports_at_once_count_both_messages(store_engine: Engine) -> None:
    """R6.3: whoever waits for the other folds its message into what the other left."""
    _ready(store_engine)
    _at_once(store_engine, _takes([wrote(2)]), _takes([wrote(3)]))
    with reading(store_engine) as connection:
        known = scores.of(connection, ["p"])["p"]
        stored = connection.execute(text(f"SELECT {', '.join(STATE)} FROM profile")).one()
    assert [mood.message for mood in known] == ["m1", "m2", "m3"]
    whole = profile_of(known, CONFIG)
    assert profile_in(stored, whole.disposition) == whole


@pytest.mark.parametrize("first", ["message", "withdrawal"])
@pytest.mark.parametrize("by", ["a journey", "the person"])
def test_a_withdrawal_clears_what_comes_in_at_that_moment(
    store_engine: Engine, first: str, by: str
) -> None:
    """R5.10"""
    _ready(store_engine)
    withdraws = _takes([ConsentArrived("p", LEFT)]) if by == "the person" else _lowers
    hands = (_takes([wrote(2)]), withdraws)
    _at_once(store_engine, *(hands if first == "message" else reversed(hands)))
    with reading(store_engine) as connection:
        for table in ("score", "reading", "profile"):
            left = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            assert left == 0, table


def test_a_withdrawal_forgets_the_mood_that_a_turn_is_telling_of_right_now(
    store_engine: Engine,
) -> None:
    """R5.10"""
    _ready(store_engine)
    _at_once(store_engine, _tells, _takes([ConsentArrived("p", LEFT)]))
    with reading(store_engine) as connection:
        assert not connection.execute(text("SELECT count(*) FROM event")).scalar_one()


def test_a_withdrawal_forgets_what_a_run_keeps_of_the_mood_that_began_it(
    store_engine: Engine,
) -> None:
    """R5.10: runs keep the event that let them in, and so do entries that wait, and former states."""
    _ready(store_engine)
    entry = {"id": "e", "name": "mood.changed", "properties": {"to": "angry"}}
    told = {"knocking": [{"journey": "j", "event": entry}], "seen": [1]}
    with writing(store_engine) as connection:
        for statement in (
            "INSERT INTO run (id, person_id, journey, entry_key, entered_at, version, step, since,"
            " because, held_out, kept, state)"
            " VALUES ('r', 'p', 'j', 'k', 0, 'v', 's', 0, '', false, true, :entry)",
            "UPDATE due SET knocking = :knocking WHERE person_id = 'p'",
            "INSERT INTO former (person_id, at, what, about, was) VALUES ('p', 0, 'turn', '', :told)",
        ):
            values = {"entry": {"entry": entry}, "knocking": told["knocking"], "told": told}
            name = next(name for name in values if f":{name}" in statement)
            connection.execute(text(statement), {name: dumps(values[name])})
    _at_once(store_engine, _lowers, lambda connection: None)
    with reading(store_engine) as connection:
        for column in (
            "state FROM run",
            "knocking FROM due",
            "was FROM former WHERE what = 'turn'",
        ):
            kept = dumps(document(connection.execute(text(f"SELECT {column}")).scalar_one()))
            assert "mood.changed" in kept
            assert "angry" not in kept


def test_a_turn_and_the_housekeeping_that_clear_at_once_never_wait_for_each_other(
    store_engine: Engine,
) -> None:
    """R10.2: whoever takes the moods of a person back locks the person's place in the queue first."""
    _ready(store_engine)
    told = [{"journey": "j", "event": {"id": "e", "name": "mood.changed", "properties": {}}}]
    begun, done = Event(), Event()

    def clears() -> None:
        begun.wait(30)
        with writing(store_engine) as connection:
            moods.clear(connection, ["p"], NOW)
        done.set()

    with writing(store_engine) as connection:
        connection.execute(text("UPDATE due SET knocking = :told"), {"told": dumps(told)})
    thread = Thread(target=clears)
    thread.start()
    with writing(store_engine) as connection:
        due.lock(connection, ["p"])
        begun.set()
        done.wait(0.5)  # the housekeeping waits for the turn, and holds nothing that it needs
        moods.clear(connection, ["p"], NOW)
    thread.join(30)
    assert done.is_set()


@pytest.mark.parametrize("withdraws", [True, False])
def test_a_withdrawal_takes_the_flag_from_a_task_that_a_turn_is_opening_right_now(
    store_engine: Engine, withdraws: bool
) -> None:
    """R5.10: who asked for help still gets it, and nothing says why."""
    _ready(store_engine)
    sensitive = MessageMood("m9", NOW, "ticket", sensitive=True)
    rules = replace(RULES, emotion=replace(CONFIG, hand_to="care"))
    with writing(store_engine) as connection:
        ingest(connection, [MessageRead("p", sensitive, CONFIG)], NOW)
    due.claim_these(store_engine, ["p"], NOW, "w", timedelta(minutes=5))
    with reading(store_engine) as connection:
        [visit] = load(connection, ["p"], NOW)
    decided = turn(rules, visit.life, visit.arrivals, NOW)
    with writing(store_engine) as connection:
        ingest(connection, [ConsentArrived("p", LEFT)] if withdraws else [wrote(2)], NOW)
    with writing(store_engine) as connection:
        assert store(connection, [(visit, decided)], rules, NOW, "w")
    with reading(store_engine) as connection:
        [flag] = connection.execute(text("SELECT sensitive FROM task")).scalars()
    assert bool(flag) is not withdraws


def _tells(connection: Connection) -> None:
    due.lock(connection, ["p"])
    connection.execute(
        text(
            "INSERT INTO event (source, id, person_id, name, at, received_at, clock_skew, properties, starts,"
            " pending) VALUES ('engine', 'e', 'p', 'mood.changed', 0, 0, false, '{}', true, false)"
        )
    )


def _lowers(connection: Connection) -> None:
    line = consents.line("p", "", NOW, LEFT, Evidence())
    consents.add_consents(connection, [line])
    moods.clear(connection, ["p"], NOW)


def _takes(arrivals: Sequence[Arrival]) -> Callable[[Connection], None]:
    def take(connection: Connection) -> None:
        ingest(connection, arrivals, NOW)

    return take


def _ready(engine: Engine) -> None:
    require_key(engine)
    with writing(engine) as connection:
        ingest(connection, [AGREED, wrote(1)], NOW)


def _at_once(
    engine: Engine, one: Callable[[Connection], None], other: Callable[[Connection], None]
) -> None:
    """Both work before either has committed, as far as the database lets them: one is first."""
    begun, done = Event(), Event()

    def second() -> None:
        begun.wait(30)
        with writing(engine) as connection:
            other(connection)
        done.set()

    thread = Thread(target=second)
    thread.start()
    with writing(engine) as connection:
        one(connection)
        begun.set()
        done.wait(0.5)  # the other one runs into what this one holds
    thread.join(30)
    assert done.is_set()
