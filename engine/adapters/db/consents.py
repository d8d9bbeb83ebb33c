"""The consent ledger and the moods that depend on it, decided as `domain.receiving` decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, tables
from engine.adapters.db.stored import instant, micros
from engine.domain.arrival import ConsentArrived, ReadingArrived
from engine.domain.consent import PURPOSES, ConsentEntry
from engine.domain.emotion import LEVELS, Reading
from engine.domain.facts import Facts
from engine.domain.person import Person
from engine.domain.receiving import receive

LEDGER = (
    "topic", "state", "basis", "at", "confirmed", "expires_at", "own_act", "source", "wording",
    "counts",
)  # fmt: skip
SHARED = (
    "t.mailbox_key = p.mailbox_key AND t.person_id <> p.id"
    " AND (t.state = 'unsubscribed' OR t.own_act) AND t.topic NOT IN ("
    + ", ".join(f"'{purpose}'" for purpose in sorted(PURPOSES))
    + ")"
)
"""`domain.consent.is_shared`, for a line `t` of another profile of the mailbox of a person `p`."""
READINGS = (
    "emotion", "at", "probability", "message", "until_low", "until_medium", "until_high"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """What was new, and for whom."""

    people: frozenset[str] = frozenset()
    consents: int = 0
    readings: int = 0


def take_in(
    connection: Connection, arrivals: Sequence[ConsentArrived | ReadingArrived], now: datetime
) -> Heard:
    """Add to the ledger and to the moods what is new, deciding what counts (R5.5, R5.10).

    The people exist. They are locked, so that what counts is decided on the whole ledger.
    """
    if not arrivals:
        return Heard()
    ids = {codec.text(arrival.person_id) for arrival in arrivals}
    known, keys = _known(connection, ids)
    after = dict(known)
    for arrival in arrivals:
        person_id = codec.text(arrival.person_id)
        if person_id in after:
            after[person_id] = receive(after[person_id], _cleaned(arrival))
    lines = [
        (person_id, keys[person_id], micros(now), *entry_out(entry))
        for person_id, facts in after.items()
        for entry in facts.consents[len(known[person_id].consents) :]
    ]
    add_consents(connection, lines)
    moods, added = _change_readings(connection, known, after, now)
    return Heard(frozenset({line[0] for line in lines} | moods), len(lines), added)


def add_consents(connection: Connection, lines: Sequence[tuple[Any, ...]]) -> None:
    """Append lines: person, mailbox key, recorded at, and then `entry_out`."""
    columns = ("person_id", "mailbox_key", "recorded_at", *LEDGER)
    batch.insert(connection, tables.CONSENT, columns, lines)


def clear_readings(connection: Connection, person_ids: Iterable[str]) -> None:
    """Forget the moods of people (R5.10)."""
    batch.delete(
        connection, tables.READING, ("person_id",), [(person_id,) for person_id in person_ids]
    )


def entry_out(entry: ConsentEntry) -> tuple[Any, ...]:
    """An entry as the columns `LEDGER`."""
    return (
        codec.text(entry.topic),
        entry.state,
        codec.text(entry.basis),
        micros(entry.at),
        entry.confirmed,
        micros(entry.expires_at),
        entry.own_act,
        codec.text(entry.source),
        codec.text(entry.wording),
        entry.counts,
    )


def entry_in(row: Sequence[Any]) -> ConsentEntry:
    """The entry of the columns `LEDGER`."""
    topic, state, basis, at, confirmed, expires_at, own_act, source, wording, counts = row
    return ConsentEntry(
        topic=topic,
        state=state,
        at=instant(at),
        basis=basis,
        confirmed=bool(confirmed),
        expires_at=instant(expires_at),
        own_act=bool(own_act),
        source=source,
        wording=wording,
        counts=bool(counts),
    )


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


def _known(connection: Connection, ids: set[str]) -> tuple[dict[str, Facts], dict[str, str]]:
    listed = {"ids": batch.listed(connection, ids)}
    keys = {
        person_id: key
        for person_id, key in connection.execute(
            sql(
                f"SELECT id, mailbox_key FROM person WHERE {batch.among(connection, 'id')}"
                f" AND NOT erased ORDER BY id{batch.for_update(connection)}"
            ),
            listed,
        )
    }
    ledgers: dict[str, list[ConsentEntry]] = {}
    for person_id, *row in connection.execute(
        sql(
            f"SELECT person_id, {', '.join(LEDGER)} FROM consent"
            f" WHERE {batch.among(connection, 'person_id')} ORDER BY person_id, seq"
        ),
        listed,
    ):
        ledgers.setdefault(person_id, []).append(entry_in(row))
    readings = read_readings(connection, ids)
    known = {
        person_id: Facts(
            person=Person(person_id),
            consents=tuple(ledgers.get(person_id, ())),
            readings=readings.get(person_id, ()),
        )
        for person_id in keys
    }
    return known, keys


def _change_readings(
    connection: Connection, known: Mapping[str, Facts], after: Mapping[str, Facts], now: datetime
) -> tuple[set[str], int]:
    changed = {p for p, facts in after.items() if facts.readings != known[p].readings}
    cleared = {
        p for p in changed
        if after[p].readings[: len(known[p].readings)] != known[p].readings
    }  # fmt: skip
    clear_readings(connection, sorted(cleared))
    rows = [
        (person_id, micros(now), *_reading_out(read))
        for person_id in changed
        for read in after[person_id].readings[
            0 if person_id in cleared else len(known[person_id].readings) :
        ]
    ]
    batch.insert(connection, tables.READING, ("person_id", "recorded_at", *READINGS), rows)
    return changed, len(rows)


def _reading_out(read: Reading) -> tuple[Any, ...]:
    until = (micros(read.until.get(level)) for level in LEVELS)
    return (read.emotion, micros(read.at), read.probability, codec.text(read.message), *until)


def _cleaned(arrival: ConsentArrived | ReadingArrived) -> ConsentArrived | ReadingArrived:
    if isinstance(arrival, ReadingArrived):
        read = arrival.reading
        return replace(arrival, reading=replace(read, message=codec.text(read.message)))
    entry = arrival.entry
    entry = replace(
        entry,
        topic=codec.text(entry.topic),
        basis=codec.text(entry.basis),
        source=codec.text(entry.source),
        wording=codec.text(entry.wording),
    )
    return replace(arrival, entry=entry)
