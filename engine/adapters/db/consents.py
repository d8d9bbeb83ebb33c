"""The consent ledger, decided as `domain.receiving` decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, moods, tables
from engine.adapters.db.address_key import key_of
from engine.adapters.db.stored import instant, mailbox_key, micros
from engine.domain.arrival import ConsentArrived, PersonArrived
from engine.domain.consent import PURPOSES, ConsentEntry, Evidence
from engine.domain.facts import Facts
from engine.domain.person import Person
from engine.domain.receiving import receive, withdraws

LEDGER = (
    "topic", "state", "basis", "at", "confirmed", "expires_at", "own_act", "source", "wording",
    "counts",
)  # fmt: skip
EVIDENCE = (
    "channel", "jurisdiction", "captured_at", "url", "ip", "user_agent", "language", "wording_hash",
    "document", "actor",
)  # fmt: skip
LINE = ("seq", *LEDGER, "mailbox_key")
"""A line as it is read: `line_in`."""
SHARED = (
    "t.mailbox_key = p.mailbox_key AND t.person_id <> p.id"
    " AND (t.state = 'unsubscribed' OR t.own_act) AND t.topic NOT IN ("
    + ", ".join(f"'{purpose}'" for purpose in sorted(PURPOSES))
    + ")"
)
"""`domain.consent.is_shared`, for a line `t` of another profile of the mailbox of a person `p`."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was new, and for whom; and who took back consent to profiling."""

    people: frozenset[str] = frozenset()
    consents: int = 0
    withdrawn: frozenset[str] = frozenset()


Told = ConsentArrived | PersonArrived


def take_in(
    connection: Connection,
    arrivals: Sequence[Told],
    now: datetime,
    moved: Mapping[str, str],
) -> Heard:
    """Add to the ledger what is new, deciding what counts (R5.5); who no longer agrees to profiling loses
    what was read of them (R5.10).

    The people exist. They are locked, so that what counts is decided on the whole ledger. Of those who
    `moved` from a mailbox to another, `arrivals` holds the rows that say so, in their place among the
    others: a confirmation is of the mailbox of its time.
    """
    if not arrivals:
        return Heard()
    ids = {codec.text(arrival.person_id) for arrival in arrivals}
    known, keys = _known(connection, ids, moved)
    after = dict(known)
    lines: list[tuple[Any, ...]] = []
    withdrawn: set[str] = set()
    for arrival in arrivals:
        person_id = codec.text(arrival.person_id)
        if person_id not in after:
            continue
        before, place = after[person_id], keys[person_id]
        then = after[person_id] = receive(before, _cleaned(arrival))
        if not isinstance(arrival, ConsentArrived):
            continue
        key = place.mailbox_key
        if person_id in moved and then.person.mailbox:
            key = mailbox_key(key_of(connection), codec.text(then.person.mailbox), person_id)
        added = then.consents[len(before.consents) :]
        withdrawn |= {person_id for entry in added if withdraws(then.consents, entry)}
        proof = _proof(arrival.evidence, place.country)
        lines += [line(person_id, key, now, entry, proof) for entry in added]
    add_consents(connection, lines)
    moods.clear(connection, withdrawn, now)
    return Heard(frozenset(line[0] for line in lines), len(lines), frozenset(withdrawn))


def add_consents(connection: Connection, lines: Sequence[tuple[Any, ...]]) -> None:
    """Append lines, each of them a `line`."""
    columns = ("person_id", "mailbox_key", "recorded_at", *LEDGER, *EVIDENCE)
    batch.insert(connection, tables.CONSENT, columns, lines)


def line(
    person_id: str, mailbox_key: str, now: datetime, entry: ConsentEntry, proof: Evidence
) -> tuple[Any, ...]:
    """A line of the ledger, recorded at `now`, with its evidence."""
    return (person_id, mailbox_key, micros(now), *entry_out(entry), *_evidence_out(proof))


def ledger_of(
    connection: Connection, person_id: str
) -> list[tuple[ConsentEntry, Evidence, datetime]]:
    """All lines of a person with their evidence and when each was recorded, in the order in which
    they came in."""
    found = connection.execute(
        sql(
            f"SELECT recorded_at, {', '.join((*LEDGER, *EVIDENCE))} FROM consent"
            " WHERE person_id = :person_id ORDER BY seq"
        ),
        {"person_id": person_id},
    )
    return [
        (entry_in(row[: len(LEDGER)]), _evidence_in(row[len(LEDGER) :]), instant(recorded))
        for recorded, *row in found
    ]


def ledgers(
    connection: Connection, person_ids: Iterable[str], topics: Collection[str] = ()
) -> dict[str, list[ConsentEntry]]:
    """The ledgers of some people, of these topics where some are given; who said nothing has none."""
    of_topics = f" AND {batch.among(connection, 'topic', 'topics')}" if topics else ""
    bound = {"ids": batch.listed(connection, person_ids)}
    if topics:
        bound["topics"] = batch.listed(connection, topics)
    found = connection.execute(
        sql(
            f"SELECT person_id, {', '.join(LEDGER)} FROM consent"
            f" WHERE {batch.among(connection, 'person_id')}{of_topics} ORDER BY person_id, seq"
        ),
        bound,
    )
    known: dict[str, list[ConsentEntry]] = {}
    for person_id, *row in found:
        known.setdefault(person_id, []).append(entry_in(row))
    return known


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


def line_in(row: Sequence[Any], key: str) -> ConsentEntry:
    """The entry of the columns `LINE`, for a person whose mailbox has this key."""
    entry = entry_in(row[1:-1])
    return entry if row[-1] == key else replace(entry, elsewhere=row[-1])


class _Place(NamedTuple):
    """Where a person's lines belong."""

    mailbox_key: str
    country: str


def _known(
    connection: Connection, ids: set[str], moved: Mapping[str, str]
) -> tuple[dict[str, Facts], dict[str, _Place]]:
    keys = {
        person_id: _Place(key, (country or "").upper())
        for person_id, key, country in connection.execute(
            sql(
                f"SELECT id, mailbox_key, country FROM person WHERE {batch.among(connection, 'id')}"
                f" AND NOT erased ORDER BY id{batch.for_update(connection)}"
            ),
            {"ids": batch.listed(connection, ids)},
        )
    }
    said = ledgers(connection, ids)
    known = {
        person_id: Facts(
            person=Person(person_id, mailbox=moved.get(person_id, "")),
            consents=tuple(said.get(person_id, ())),
        )
        for person_id in keys
    }
    return known, keys


def _cleaned(arrival: Told) -> Told:
    if isinstance(arrival, PersonArrived):
        return replace(arrival, values={})
    return replace(arrival, entry=_clean_entry(arrival.entry))


def _clean_entry(entry: ConsentEntry) -> ConsentEntry:
    return replace(
        entry,
        topic=codec.text(entry.topic),
        basis=codec.text(entry.basis),
        source=codec.text(entry.source),
        wording=codec.text(entry.wording),
    )


def _proof(evidence: Evidence, country: str) -> Evidence:
    """Evidence with the jurisdiction of the person, where it names none itself."""
    return evidence if evidence.jurisdiction else replace(evidence, jurisdiction=country)


def _evidence_out(evidence: Evidence) -> tuple[Any, ...]:
    return tuple(
        micros(value) if isinstance(value, datetime) else codec.text(value) if value else None
        for value in (getattr(evidence, name) for name in EVIDENCE)
    )


def _evidence_in(row: Sequence[Any]) -> Evidence:
    stored = {name: value for name, value in zip(EVIDENCE, row, strict=True) if value is not None}
    if "captured_at" in stored:
        stored["captured_at"] = instant(stored["captured_at"])
    return Evidence(**stored)
