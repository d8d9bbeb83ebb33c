"""A past that was walked in memory, written as if the daemon had lived it.

The demo walks eighteen months at once; what it decided goes into the same tables, by the same
statements, so that `why`, `preview`, `status` and the daemon go on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, due, lives, slots, turns
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.former import walked_at_once
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import OUTBOX
from engine.adapters.db.thresholds import record_thresholds
from engine.domain.arrival import Arrival
from engine.domain.facts import Rulebook
from engine.domain.lifecycle import Thresholds
from engine.domain.reasons import Reason
from engine.domain.turn import Turn

_OWNER = "past"
_AT_ONCE = 1_000
_LEASE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Lived:
    """One person's walk: all it decided as one turn, where each mail went by its send id, and why a
    mail was not written."""

    person_id: str
    turn: Turn
    delivered: Mapping[str, str]
    failed: Mapping[str, Reason]


def take_in_past(engine: Engine, arrivals: Iterable[Arrival], now: datetime) -> None:
    """Store arrivals as received when they happened: they have acted, and wait for nobody."""
    arrivals = iter(arrivals)
    while chunk := list(islice(arrivals, 5 * _AT_ONCE)):
        with writing(engine, durable=False) as connection:
            ingest(connection, chunk, now)
    with writing(engine, durable=False) as connection:
        connection.execute(
            sql(
                "UPDATE event SET pending = false, starts = true, clock_skew = false,"
                " received_at = at WHERE pending"
            )
        )
        connection.execute(
            sql("UPDATE person SET recorded_at = created_at WHERE recorded_at = :now"),
            {"now": micros(now)},
        )


def write_past(
    engine: Engine,
    lived: Sequence[Lived],
    thresholds: Sequence[Thresholds],
    rules: Rulebook,
    now: datetime,
) -> None:
    """Store what people's walks decided up to `now`; they are due next when time says so."""
    by_person = {one.person_id: one for one in lived}
    ids = sorted(by_person)
    for start in range(0, len(ids), _AT_ONCE):
        chunk = ids[start : start + _AT_ONCE]
        due.claim_these(engine, chunk, now, _OWNER, _LEASE)
        with reading(engine) as connection:
            visits = lives.load(connection, chunk, now)
        taken = [(visit, by_person[visit.person_id].turn) for visit in visits]
        with writing(engine, durable=False) as connection:
            turns.store(connection, taken, rules, now, _OWNER)
            walked_at_once(connection, chunk, now)
    with writing(engine) as connection:
        connection.execute(
            sql(
                "UPDATE outbox SET status = 'sent', queued_at = slot.at, ready_at = slot.at,"
                " sent_at = slot.at, attempt = 1 FROM slot WHERE slot.send_id = outbox.send_id"
            )
        )
        places = [(i, place) for one in lived for i, place in one.delivered.items()]
        batch.update(connection, OUTBOX, ("send_id",), ("provider_id",), places)
        failed = [
            (i, "needs_attention" if r.kind == "needs attention" else "dropped", r.value, None)
            for one in lived
            for i, r in one.failed.items()
        ]
        batch.update(connection, OUTBOX, ("send_id",), ("status", "reason", "sent_at"), failed)
        slots.give_back(connection, [i for i, *_ in failed], now)
        for held in thresholds:
            if held.holds_from is not None:
                record_thresholds(connection, held, held.holds_from)
