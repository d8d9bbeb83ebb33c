"""One message goes, and the store is as if it had never been written (R5.9, R6.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from json import dumps

import pytest
from sqlalchemy import Engine, text

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.export import export
from engine.adapters.db.lives import load
from engine.adapters.db.message_erasure import erase_message
from engine.adapters.db.tables import METADATA
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, MessageRead
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.engine_events import CARE_NEEDED, FEEDBACK, MOOD_CHANGED
from engine.domain.event import Event
from engine.domain.facts import Facts
from engine.domain.message_mood import Evidence, MessageMood

START, DAY = datetime(2026, 3, 1, 12, tzinfo=UTC), timedelta(days=1)
NOW = START + 90 * DAY
CONFIG = EmotionConfig(usual=(0.1,) * 10)
AGREED = ConsentArrived(
    "p", ConsentEntry("profiling_emotion", "express", START - DAY, own_act=True)
)


def said(number: int, day: float, source: str = "ticket") -> list[Arrival]:
    """A message with its words, and what was read of it."""
    at = START + day * DAY
    words = {"text": f"zebra {number}", "source": source}
    every = dict.fromkeys(EMOTIONS, 0.03) | {"angry": 0.95}
    shown = (Evidence(0, 5, "angry", 0.5),)
    mood = MessageMood(
        f"m{number}", at, source, every, 0.9, 9, "thread", urgency=0.9, evidence=shown
    )
    return [
        EventArrived("p", Event(f"m{number}", FEEDBACK, at, words, source="help desk")),
        MessageRead("p", mood, CONFIG),
    ]


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_it_is_as_if_it_had_never_been_written(store_engine: Engine, gone: int) -> None:
    """R6.3: whichever it is, the moods, the profile and the disposition are those of the others, to the
    last bit; and the life is the same, but that it is due."""
    days = {1: 0.0, 2: 0.5, 3: 40.0}
    _take(store_engine, [AGREED, *(a for n, d in days.items() if n != gone for a in said(n, d))])
    without, profile = _facts(store_engine), _profile(store_engine)
    _empty(store_engine)
    _take(store_engine, [AGREED, *(a for n, d in days.items() for a in said(n, d))])
    assert _facts(store_engine) != without
    assert _erase(store_engine, f"m{gone}") == {"event": 2, "score": 1}  # the message and its alarm
    assert _facts(store_engine) == without
    assert _profile(store_engine) == profile


def test_nothing_quotes_it_any_more(store_engine: Engine) -> None:
    """R5.9: neither runs, nor entries that wait, nor former states, nor what was noted because of it; of
    another message everything stays."""
    _take(store_engine, [AGREED, *said(1, 1), *said(2, 2)])
    noted = [
        Event("c1", MOOD_CHANGED, NOW, {"to": "angry", "message": "m1"}, source="engine"),
        Event("c2", MOOD_CHANGED, NOW, {"to": "angry", "message": "m2"}, source="engine"),
    ]
    _take(store_engine, [EventArrived("p", event) for event in noted])
    told = [{"id": f"m{n}", "name": FEEDBACK, "properties": {"text": f"zebra {n}"}} for n in (1, 2)]
    alarm = {"id": "x", "name": CARE_NEEDED, "properties": {"why": "zebra 1", "message": "m1"}}
    with writing(store_engine) as connection:
        connection.execute(
            text(
                "INSERT INTO run (id, person_id, journey, entry_key, entered_at, version, step, since,"
                " because, held_out, kept, state)"
                " VALUES ('r', 'p', 'j', 'k', 0, 'v', 's', 0, '', false, true, :state)"
            ),
            {"state": dumps({"entry": told[0], "answers": {"s": told[1]}})},
        )
        connection.execute(
            text("UPDATE due SET knocking = :knocking WHERE person_id = 'p'"),
            {"knocking": dumps([{"journey": "j", "event": alarm, "until": 0}])},
        )
        connection.execute(
            text(
                "INSERT INTO former (person_id, at, what, about, was)"
                " VALUES ('p', 0, 'turn', '', :was)"
            ),
            {"was": dumps({"knocking": [{"journey": "j", "event": told[0]}]})},
        )
    assert _erase(store_engine, "m1") is not None
    with reading(store_engine) as connection:
        left = dumps(export(connection, "p", NOW), default=str)
        noted_still = connection.execute(
            text(f"SELECT id FROM event WHERE name = '{MOOD_CHANGED}'")
        ).scalars()
        assert list(noted_still) == ["c2"]
    assert "zebra 1" not in left
    assert left.count("zebra 2") == 2


def test_a_message_of_which_nothing_was_read_goes_too(store_engine: Engine) -> None:
    """R5.10: without consent to be read there are only the words."""
    _take(store_engine, said(1, 1))
    assert _erase(store_engine, "m1") == {"event": 1, "score": 0}
    assert _erase(store_engine, "m1") is None


def test_what_others_wrote_under_the_same_id_stays(store_engine: Engine) -> None:
    _take(store_engine, [AGREED, replace(AGREED, person_id="q"), *said(1, 1)])
    words = Event("m1", FEEDBACK, START, {"text": "zebra"}, source="shop")
    _take(store_engine, [EventArrived("q", words)])
    assert _erase(store_engine, "m1") is not None
    with reading(store_engine) as connection:
        left = connection.execute(text("SELECT person_id FROM event")).scalars().all()
    assert left == ["q"]


@pytest.fixture(autouse=True)
def _emptied(store_engine: Engine) -> None:
    _empty(store_engine)


def _take(engine: Engine, arrivals: list[Arrival]) -> None:
    with writing(engine) as connection:
        ingest(connection, arrivals, NOW)


def _erase(engine: Engine, message: str) -> object:
    with writing(engine) as connection:
        return erase_message(connection, "p", message, CONFIG, NOW)


def _facts(engine: Engine) -> Facts:
    with reading(engine) as connection:
        [visit] = load(connection, ["p"], NOW, moods=True)
    return replace(visit.life.facts, history=type(visit.life.facts.history)([*visit.arrivals]))


def _profile(engine: Engine) -> object:
    with reading(engine) as connection:
        return connection.execute(text("SELECT * FROM profile")).all()


def _empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in METADATA.sorted_tables:
            if table.name != "address_key":
                connection.execute(table.delete())
