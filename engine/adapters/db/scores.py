"""The scores of messages, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import compress
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, tables
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.domain.arrival import MessageRead
from engine.domain.emotion import EMOTIONS, in_order
from engine.domain.message_mood import Evidence, MessageMood

COLUMNS = (
    "message", "at", "source", "thread", "words", "confidence", "probabilities", "valence", "arousal",
    "urgency", "mixed", "sarcasm_suspected", "evidence", "model",
)  # fmt: skip


def add(
    connection: Connection, read: Mapping[tuple[str, str], MessageRead], now: datetime
) -> Sequence[MessageRead]:
    """Keep the scores of messages that are not there yet, and answer of which; they come by person and
    message. Nearly always they are all new: then nobody has to ask first."""
    recorded = micros(now)
    rows = [(one.person_id, recorded, *_out(one.mood)) for one in read.values()]
    with connection.begin_nested() as attempt:
        if _insert(connection, rows) == len(rows):
            return list(read.values())
        attempt.rollback()
    there = _known(connection, list(read))
    new = [key not in there for key in read]
    _insert(connection, list(compress(rows, new)))
    return list(compress(read.values(), new))


def _insert(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
    columns = ("person_id", "recorded_at", *COLUMNS)
    return batch.insert(connection, tables.SCORE, columns, rows, "ON CONFLICT DO NOTHING")


def _known(connection: Connection, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    source, bound = batch.rows_of(connection, ("who", "what"), ("text", "text"), keys)
    found = connection.execute(
        sql(
            f"SELECT v.who, v.what FROM {source}"
            " JOIN score s ON s.person_id = v.who AND s.message = v.what"
        ),
        bound,
    )
    return {(who, what) for who, what in found}


def of(connection: Connection, person_ids: Iterable[str]) -> dict[str, tuple[MessageMood, ...]]:
    """What was read of the messages of people, oldest first."""
    found = connection.execute(
        sql(
            f"SELECT person_id, {', '.join(COLUMNS)} FROM score"
            f" WHERE {batch.among(connection, 'person_id')} ORDER BY person_id, at, message"
        ),
        {"ids": batch.listed(connection, person_ids)},
    )
    moods: dict[str, list[MessageMood]] = {}
    for person_id, *row in found:
        moods.setdefault(person_id, []).append(_in(row))
    return {person_id: tuple(read) for person_id, read in moods.items()}


def remove(connection: Connection, keys: Sequence[tuple[str, str]]) -> int:
    """The scores and moods of messages, by person and message, go; answers how many scores."""
    batch.delete(connection, tables.READING, ("person_id", "message"), keys)
    return batch.delete(connection, tables.SCORE, ("person_id", "message"), keys)


def old(connection: Connection, before: datetime, most: int) -> list[str]:
    """Some people who have scores from before an instant."""
    found = connection.execute(
        sql("SELECT person_id FROM score WHERE at < :before ORDER BY at LIMIT :most"),
        {"before": micros(before), "most": most},
    )
    return sorted(set(found.scalars()))


def remove_old(connection: Connection, person_ids: Iterable[str], before: datetime) -> int:
    """Their scores and moods from before an instant go; answers how many scores."""
    bound = {"ids": batch.listed(connection, person_ids), "before": micros(before)}
    where = f"{batch.among(connection, 'person_id')} AND at < :before"
    connection.execute(sql(f"DELETE FROM reading WHERE {where}"), bound)
    return connection.execute(sql(f"DELETE FROM score WHERE {where}"), bound).rowcount


def remove_evidence(connection: Connection, before: datetime, most: int) -> int:
    """Which words spoke for a mood, of some messages from before; answers of how many."""
    return connection.execute(
        sql(
            "UPDATE score SET evidence = NULL WHERE (person_id, message) IN (SELECT person_id, message"
            " FROM score WHERE evidence IS NOT NULL AND at < :before LIMIT :most)"
        ),
        {"before": micros(before), "most": most},
    ).rowcount


def _out(mood: MessageMood) -> tuple[Any, ...]:
    evidence = [(e.start, e.end, e.emotion, e.weight) for e in mood.evidence]
    return (
        mood.message,
        micros(mood.at),
        mood.source,
        mood.thread,
        mood.words,
        mood.confidence,
        codec.packed(in_order(mood.probabilities)),
        mood.valence,
        mood.arousal,
        mood.urgency,
        mood.mixed,
        mood.sarcasm_suspected,
        codec.dump(evidence) if evidence else None,
        mood.model,
    )


def _in(row: Sequence[Any]) -> MessageMood:
    (
        message, at, source, thread, words, confidence, probabilities, valence, arousal, urgency, mixed,
        sarcasm, evidence, model,
    ) = row  # fmt: skip
    return MessageMood(
        message=message,
        at=instant(at),
        source=source,
        probabilities=dict(zip(EMOTIONS, codec.unpacked(probabilities), strict=True)),
        confidence=confidence,
        words=words,
        thread=thread,
        valence=valence,
        arousal=arousal,
        urgency=urgency,
        mixed=bool(mixed),
        sarcasm_suspected=bool(sarcasm),
        evidence=tuple(Evidence(*told) for told in document(evidence) or ()),
        model=model,
    )
