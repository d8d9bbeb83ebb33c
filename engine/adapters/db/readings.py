"""Moods as rows: what conditions compare (R6.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch
from engine.adapters.db.stored import instant, micros
from engine.domain.emotion import LEVELS, Reading

READINGS = (
    "emotion", "at", "probability", "message", "until_low", "until_medium", "until_high"
)  # fmt: skip


def reading_in(row: Sequence[Any]) -> Reading:
    """The reading of the columns `READINGS`."""
    emotion, at, probability, message, *until = row
    return Reading(
        emotion=emotion,
        at=instant(at),
        until={
            level: instant(stored)
            for level, stored in zip(LEVELS, until, strict=True)
            if stored is not None
        },
        probability=probability,
        message=message,
    )


def read_readings(
    connection: Connection, person_ids: Iterable[str]
) -> dict[str, tuple[Reading, ...]]:
    """The moods of people, in the order in which they came in."""
    found = connection.execute(
        sql(
            f"SELECT person_id, {', '.join(READINGS)} FROM reading"
            f" WHERE {batch.among(connection, 'person_id')} ORDER BY person_id, seq"
        ),
        {"ids": batch.listed(connection, person_ids)},
    )
    readings: dict[str, list[Reading]] = {}
    for person_id, *row in found:
        readings.setdefault(person_id, []).append(reading_in(row))
    return {person_id: tuple(read) for person_id, read in readings.items()}


def reading_out(read: Reading) -> tuple[Any, ...]:
    """A reading as the columns `READINGS`."""
    until = [micros(read.until[level]) if level in read.until else None for level in LEVELS]
    return (read.emotion, micros(read.at), read.probability, read.message, *until)
