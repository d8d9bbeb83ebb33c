"""The shop learns its thresholds from everybody's orders, once a month (R6.2)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from engine.adapters.db import due
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.learning import learn_thresholds
from engine.adapters.db.thresholds import thresholds_at
from engine.domain.arrival import EventArrived
from engine.domain.event import Event
from engine.domain.facts import Rulebook
from engine.domain.journey import Policy
from engine.domain.lifecycle import LifecycleConfig, Thresholds

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = Rulebook({}, {}, (), Policy({}), {})


def orders(people: int) -> list[EventArrived]:
    """Everybody orders twice; the n-th person n days after the first time."""
    return [
        EventArrived(f"p{n}", Event(f"{n}-{at}", "order.placed", NOW - at * DAY, {"total": 5}))
        for n in range(1, people + 1)
        for at in (200, 200 - n)
    ]


def learned(engine: Engine, at: datetime) -> Thresholds:
    with reading(engine) as connection:
        return thresholds_at(connection, at)


def test_a_hundred_people_who_bought_twice_teach_the_shop(store_engine: Engine) -> None:
    with writing(store_engine) as connection:
        ingest(connection, orders(100), NOW)
        connection.exec_driver_sql("UPDATE due SET due_at = NULL")
    assert learn_thresholds(store_engine, RULES, NOW) == 1
    found = learned(store_engine, NOW)
    assert (found.at_risk, found.lapsed, found.holds_from) == (80 * DAY, 95 * DAY, NOW)
    with reading(store_engine) as connection:
        assert due.next_due(connection, NOW - timedelta(seconds=1)) == NOW, (
            "new thresholds are an edit: everybody looks again"
        )


def test_it_is_learned_once_a_month(store_engine: Engine) -> None:
    with writing(store_engine) as connection:
        ingest(connection, orders(100), NOW)
    assert learn_thresholds(store_engine, RULES, NOW) == 1
    assert learn_thresholds(store_engine, RULES, NOW + DAY) == 0
    assert learn_thresholds(store_engine, RULES, NOW + 40 * DAY) == 1


def test_ninety_nine_teach_nothing_yet(store_engine: Engine) -> None:
    with writing(store_engine) as connection:
        ingest(connection, orders(99), NOW)
    learn_thresholds(store_engine, RULES, NOW)
    found = learned(store_engine, NOW)
    assert (found.at_risk, found.lapsed) == (182 * DAY, 385 * DAY)


def test_fixed_thresholds_are_not_learned(store_engine: Engine) -> None:
    fixed = replace(RULES, lifecycle=LifecycleConfig(fixed=(10 * DAY, 20 * DAY)))
    assert learn_thresholds(store_engine, fixed, NOW) == 0
