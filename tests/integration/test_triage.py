"""Tasks in the order in which people should be helped (R2.7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from engine.adapters.db import tasks
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.stored import micros
from engine.domain.arrival import ConsentArrived, MessageRead
from engine.domain.consent import ConsentEntry
from engine.domain.profile import hand_written

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def test_tasks_come_in_the_order_in_which_people_should_be_helped(store_engine: Engine) -> None:
    """Sensitive first, then urgency, then how upset they are now, then how long they have waited."""
    hour = timedelta(hours=1)
    rows = [
        # task, person, urgency, sensitive, hours ago
        ("t1", "calm", "today", False, 5),
        ("t2", "angry", "today", False, 1),
        ("t3", "worried", "today", False, 2),
        ("t4", "calm", "this week", True, 1),
        ("t5", "angry", "now", False, 1),
        ("t6", "calm", "today", False, 9),
        ("t7", "was angry", "today", False, 20),
    ]
    agreed = [
        ConsentArrived(who, ConsentEntry("profiling_emotion", "express", NOW - 90 * DAY))
        for who in ("angry", "worried", "was angry")
    ]
    moods = [
        MessageRead(who, hand_written(f"m-{who}", NOW - ago, {emotion: probability}))
        for who, emotion, probability, ago in (
            ("angry", "angry", 0.95, hour),
            ("worried", "anxious", 0.6, hour),
            ("was angry", "angry", 0.95, 60 * DAY),
        )
    ]
    with writing(store_engine) as connection:
        ingest(connection, [*agreed, *moods], NOW)
        for task, who, urgency, sensitive, ago in rows:
            connection.execute(
                text(
                    "INSERT INTO task (id, person_id, run, journey, step, team, because, urgency, at,"
                    " sensitive, closed_by, note) VALUES (:task, :who, '', '', '', 'care', '', :urgency,"
                    " :at, :sensitive, '', '')"
                ),
                {
                    "task": task, "who": who, "urgency": urgency, "sensitive": sensitive,
                    "at": micros(NOW - ago * hour),
                },
            )  # fmt: skip
    with reading(store_engine) as connection:
        found = [task.opened.id for task in tasks.open_tasks(connection, NOW)]
    assert found == ["t4", "t5", "t2", "t3", "t7", "t6", "t1"]
