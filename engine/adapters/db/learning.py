"""What the shop learns from all its people, once a month: lifecycle thresholds (R6.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db.codec import values
from engine.adapters.db.connect import writing
from engine.adapters.db.due import mark_everybody
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.thresholds import record_thresholds, thresholds_at
from engine.domain import calendar
from engine.domain.event import Event, History
from engine.domain.facts import Rulebook
from engine.domain.lifecycle import counting_orders, gaps, learn


def learn_thresholds(engine: Engine, rules: Rulebook, now: datetime) -> int:
    """Learn anew if that has not been done this month (of the company's zone); answers how often.

    New thresholds hold from now on. They are an edit: everybody is looked at again, and nobody enters
    by them, because the segments that depend on stages count as new (`in_force.Applied`).
    """
    config = rules.lifecycle
    if config.fixed is not None:
        return 0
    month, _ = calendar.period(now, "month", rules.company_zone)
    known = rules.thresholds.holds_from
    if known is not None and known >= month:
        return 0
    with writing(engine) as connection:
        held = thresholds_at(connection, now)
        if held.holds_from is not None and held.holds_from >= month:
            return 0
        learned = learn(_gaps(connection, rules, now), now)
        record_thresholds(connection, learned, now)
        mark_everybody(connection, now)
    return 1


def _gaps(connection: Connection, rules: Rulebook, now: datetime) -> Iterator[Sequence[timedelta]]:
    """The gaps between the counting orders of each person."""
    config = rules.lifecycle
    noun = config.order_event.partition(".")[0]
    rows = connection.execute(
        sql(
            "SELECT person_id, id, name, at, properties FROM event"
            " WHERE name IN (:placed, :refunded, :cancelled) AND at <= :now ORDER BY person_id, at"
        ),
        {
            "placed": config.order_event,
            "refunded": f"{noun}.refunded",
            "cancelled": f"{noun}.cancelled",
            "now": micros(now),
        },
        execution_options={"yield_per": 10_000},
    )
    for _, of_person in groupby(rows, key=lambda row: row.person_id):
        history = History(
            Event(row.id, row.name, instant(row.at), values(document(row.properties)))
            for row in of_person
        )
        yield gaps([order.at for order in counting_orders(history, config, now)])
