"""Two hands on the moods of one person at once (R10.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import Connection, Engine, text

from engine.adapters.db import consents, moods, scores
from engine.adapters.db.address_key import require_key
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.people import document
from engine.domain.arrival import Arrival, ConsentArrived, MessageRead
from engine.domain.consent import ConsentEntry, Evidence
from engine.domain.disposition import profile_of
from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.message_mood import MessageMood

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
        stored = connection.execute(text("SELECT state FROM profile")).scalar_one()
    assert [mood.message for mood in known] == ["m1", "m2", "m3"]
    seen, sums, _ = document(stored)
    whole = profile_of(known, CONFIG)
    assert (seen, tuple(sums)) == (whole.seen, whole.sums)


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
