"""What is usual among the business's own customers is learned once a month (R6.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from engine.adapters.db.base_rates import ENOUGH, as_learned, learn_base_rates
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.moods import work_out
from engine.domain.arrival import Arrival, ConsentArrived, MessageRead
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.facts import Rulebook
from engine.domain.journey import Policy
from engine.domain.message_mood import MessageMood

NOW, DAY = datetime(2026, 5, 20, 12, tzinfo=UTC), timedelta(days=1)
RULES = Rulebook(journeys={}, segments={}, personas=(), policy=Policy({}), mails={})
ANGRY = dict.fromkeys(EMOTIONS, 0.0) | {"angry": 0.9}


def wrote(number: int, source: str, person: str = "p") -> MessageRead:
    at = NOW - 20 * DAY + number * timedelta(hours=1)
    mood = MessageMood(f"{source} {number}", at, source, ANGRY, 0.9, 12)
    return MessageRead(person, mood, RULES.emotion)


def take(engine: Engine, arrivals: list[Arrival]) -> None:
    with writing(engine, durable=False) as connection:
        ingest(connection, arrivals, NOW)


def config(engine: Engine, at: datetime) -> EmotionConfig:
    with reading(engine) as connection:
        return as_learned(connection, RULES.emotion, at)


def test_what_is_usual_is_learned_of_sources_with_enough_messages(store_engine: Engine) -> None:
    agreed = ConsentEntry("profiling_emotion", "express", NOW - 90 * DAY, own_act=True)
    take(store_engine, [ConsentArrived("p", agreed), ConsentArrived("q", agreed)])
    take(store_engine, [wrote(n, "review") for n in range(ENOUGH)])
    take(store_engine, [wrote(n, "ticket") for n in range(ENOUGH - 1)])
    take(store_engine, [wrote(n, "review", "q") for n in (500, 501)])
    assert config(store_engine, NOW) == RULES.emotion

    assert learn_base_rates(store_engine, RULES, NOW) == 1
    assert learn_base_rates(store_engine, RULES, NOW + DAY) == 0
    learned = config(store_engine, NOW)
    assert learned.base_rates.keys() == {"review"}
    assert dict(zip(EMOTIONS, learned.base_rates["review"], strict=True))["angry"] == pytest.approx(
        0.9
    )
    assert config(store_engine, NOW - DAY) == RULES.emotion
    assert learn_base_rates(store_engine, RULES, NOW + 20 * DAY) == 1

    held = "SELECT disposition FROM person WHERE id = 'q'"
    with writing(store_engine) as connection:
        assert connection.execute(text(held)).scalar_one() == "angry"
        work_out(connection, ["q"], RULES.emotion, NOW)
        assert connection.execute(text(held)).scalar_one() is None


def test_rates_are_part_of_what_a_profile_is_worked_out_by() -> None:
    """So that a profile by other rates is worked out anew at the next message."""
    from engine.adapters.db.profile_rows import name_of

    learned = replace(RULES.emotion, base_rates={"review": (0.2,) * 10})
    assert name_of(learned) != name_of(RULES.emotion)
