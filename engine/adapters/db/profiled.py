"""People before a batch of moods: what they come to so far, and whether they may be read (R5.10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch
from engine.adapters.db.connect import on_postgresql
from engine.adapters.db.profile_rows import STATE, disposition_in, profile_in
from engine.adapters.db.stored import instant
from engine.domain.consent import ALL_TOPICS, PROFILING, ConsentEntry
from engine.domain.disposition import Disposition, Profile

_SAID = f"c.topic IN ('{PROFILING}', '{ALL_TOPICS}') AND c.counts"
_AGREED = f"""(SELECT CASE WHEN count(*) = 1 THEN min(CASE WHEN c.topic = '{PROFILING}'
 AND c.state IN ('express', 'implied') AND c.expires_at IS NULL THEN c.at END) END
 FROM consent c WHERE c.person_id = p.id AND {_SAID})"""


class Profiled(NamedTuple):
    """What is known of somebody: `config` is what their profile was worked out by, empty where there is
    none. Whose ledger is one yes without an end, as nearly everybody's is, may be read from `agreed` on
    (microseconds); where it is None, the ledger must be asked."""

    held: Disposition | None
    profile: Profile
    config: str
    agreed: int | None


def lock(connection: Connection, person_ids: Iterable[str]) -> None:
    """Nobody else reads or clears moods of these people until the transaction ends.

    A statement of its own, for on PostgreSQL one that waits for a lock still sees every other table as it
    was before it waited."""
    if on_postgresql(connection):
        connection.execute(
            sql(
                f"SELECT 1 FROM person WHERE {batch.among(connection, 'id')} ORDER BY id FOR UPDATE"
            ),
            {"ids": batch.listed(connection, person_ids)},
        )


def profiled(connection: Connection, person_ids: Collection[str]) -> dict[str, Profiled]:
    """Those of these people who are there, locked."""
    lock(connection, person_ids)
    found = connection.execute(
        sql(
            f"SELECT p.id, p.disposition, p.disposition_since, p.disposition_until, {_AGREED},"
            f" r.config, {', '.join(f'r.{name}' for name in STATE)}"
            " FROM person p LEFT JOIN profile r ON r.person_id = p.id"
            f" WHERE {batch.among(connection, 'p.id')} AND NOT p.erased"
        ),
        {"ids": batch.listed(connection, person_ids)},
    ).all()
    people: dict[str, Profiled] = {}
    for who, emotion, since, until, agreed, config, *state in found:
        held = disposition_in(emotion, since, until)
        people[who] = Profiled(held, profile_in(state, held), config or "", agreed)
    return people


def ledgers(connection: Connection, person_ids: Iterable[str]) -> dict[str, list[ConsentEntry]]:
    """What people said of profiling, in the order in which it came in; nobody who said nothing."""
    ids = list(person_ids)
    if not ids:
        return {}
    said = connection.execute(
        sql(
            "SELECT c.person_id, c.topic, c.state, c.at, c.basis, c.confirmed, c.expires_at, c.own_act"
            f" FROM consent c WHERE {batch.among(connection, 'c.person_id')} AND {_SAID}"
            " ORDER BY c.person_id, c.seq"
        ),
        {"ids": batch.listed(connection, ids)},
    )
    found: dict[str, list[ConsentEntry]] = {}
    for who, topic, state, at, basis, confirmed, expires_at, own_act in said:
        entry = ConsentEntry(
            topic, state, instant(at), basis, bool(confirmed), instant(expires_at), bool(own_act)
        )
        found.setdefault(who, []).append(entry)
    return found
