"""What is usual among the business's own customers: how often each mood is read in messages of each
source. Learned once a month from the scores, as thresholds are (R6.2), and kept with the day they hold from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, marks, tables
from engine.adapters.db.connect import writing
from engine.adapters.db.people import document
from engine.adapters.db.stored import micros
from engine.domain import calendar
from engine.domain.emotion import EMOTIONS, LEAST_USUAL, EmotionConfig
from engine.domain.facts import Rulebook

ENOUGH = 200
"""So many messages of a source say what is usual there; under that the model's own rates hold."""


def as_learned(connection: Connection, config: EmotionConfig, at: datetime) -> EmotionConfig:
    """The settings with the base rates that hold at an instant; as they are before any were learned."""
    found = connection.execute(
        sql(
            "SELECT source, rates FROM base_rate WHERE holds_from ="
            " (SELECT max(holds_from) FROM base_rate WHERE holds_from <= :at) ORDER BY source"
        ),
        {"at": micros(at)},
    ).all()
    if not found:
        return config
    rates = {source: tuple(document(stored)) for source, stored in found}
    return replace(config, base_rates=rates)


def learn_base_rates(engine: Engine, rules: Rulebook, now: datetime) -> int:
    """Learn anew if that has not been done this month (of the company's zone); answers of how many
    sources. They change nobody's disposition by themselves: that is decided at their next message."""
    month, _ = calendar.period(now, "month", rules.company_zone)
    with writing(engine) as connection:
        if not marks.take(connection, marks.BASE_RATES, now, month):
            return 0
        learned = _rates(connection)
        rows = [
            (micros(now), source, codec.dump(rates), messages)
            for source, (rates, messages) in sorted(learned.items())
        ]
        columns = ("holds_from", "source", "rates", "messages")
        return batch.insert(connection, tables.BASE_RATE, columns, rows)


def _rates(connection: Connection) -> Mapping[str, tuple[list[float], int]]:
    """The mean probabilities of each source with `ENOUGH` messages, and of how many they are."""
    many = [
        source
        for source, _ in connection.execute(
            sql("SELECT source, count(*) FROM score GROUP BY source HAVING count(*) >= :enough"),
            {"enough": ENOUGH},
        )
    ]
    sums: dict[str, list[float]] = {source: [0.0] * len(EMOTIONS) for source in many}
    counts: dict[str, int] = dict.fromkeys(many, 0)
    if not many:
        return {}
    rows: Any = connection.execute(
        sql(f"SELECT source, probabilities FROM score WHERE {batch.among(connection, 'source')}"),
        {"ids": batch.listed(connection, many)},
        execution_options={"yield_per": 10_000},
    )
    for source, stored in rows:
        counts[source] += 1
        sums[source] = list(map(float.__add__, sums[source], codec.unpacked(stored)))
    return {
        source: (
            [max(total / counts[source], LEAST_USUAL) for total in sums[source]],
            counts[source],
        )
        for source in many
    }
