"""What was before a change, written in the transaction that makes it; `then` reads it back.

Only what a change takes away or replaces is written, so what merely comes in (a new person, an event, a
line of the ledger) costs nothing here, and the oldest rows can be dropped without touching the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, tables
from engine.adapters.db.connect import on_postgresql
from engine.adapters.db.stored import length_micros, micros
from engine.domain.changes import Assumed, Departed, Joined, Moved, Queued
from engine.domain.facts import Rulebook
from engine.domain.run import Run
from engine.domain.turn import Turn

if TYPE_CHECKING:
    from engine.adapters.db.lives import Visit

_COLUMNS = ("person_id", "at", "what", "about", "was")
_RUN = ("version", "step", "since", "wake_at", "ended_at", "because", "goal_at", "held_out")
_STATE = ("answers", "variants", "visited", "sent", "postponed")
SLOT_COLUMNS = (
    "send_id", "person_id", "mailbox_key", "mail", "category", "klass", "at", "tags", "run", "step",
    "ghost",
)  # fmt: skip


def note_people(
    connection: Connection, was: Mapping[str, Mapping[str, Any]], now: datetime
) -> None:
    """People who have changed: the columns and, under `values`, the attributes that were another."""
    at = micros(now)
    rows = [(who, at, "person", "", codec.dump(before)) for who, before in was.items()]
    batch.insert(connection, tables.FORMER, _COLUMNS, rows)


def note_cleared(connection: Connection, person_ids: Iterable[str], now: datetime) -> None:
    """People whose moods were cleared, as they wished (R5.10): that there were some, and no more."""
    rows = [(who, micros(now), "mood", "", codec.dump({"cleared": True})) for who in person_ids]
    batch.insert(connection, tables.FORMER, _COLUMNS, rows)


def note_dispositions(
    connection: Connection, was: Mapping[str, Sequence[Any]], now: datetime
) -> None:
    """People whose disposition is another, with the one before: emotion, since and until."""
    rows = [
        (who, micros(now), "disposition", "", codec.dump({"held": held}))
        for who, held in was.items()
    ]
    batch.insert(connection, tables.FORMER, _COLUMNS, rows)


def forget_dispositions(connection: Connection, person_ids: Iterable[str]) -> None:
    """Take the dispositions of people out of their past (R5.10)."""
    connection.execute(
        sql(
            f"DELETE FROM former WHERE what = 'disposition' AND {batch.among(connection, 'person_id')}"
        ),
        {"ids": batch.listed(connection, person_ids)},
    )


def note_turns(
    connection: Connection, taken: Sequence[tuple[Visit, Turn]], rules: Rulebook, now: datetime
) -> None:
    """Turns that are stored: what each had seen, what it let act, and what it changed."""
    at = micros(now)
    by: dict[str, Any] = {"version": rules.version}
    paused = [*([""] if rules.paused else ()), *sorted(rules.paused_journeys)]
    if paused:
        by["paused"] = paused
    rows = [
        (visit.person_id, at, "turn", "", codec.dump({**_before_turn(visit, turn), **by}))
        for visit, turn in taken
    ]
    batch.insert(connection, tables.FORMER, _COLUMNS, rows)


def walked_at_once(connection: Connection, person_ids: Iterable[str], now: datetime) -> None:
    """Say that what was stored for people at `now` was no turn but a whole past, walked elsewhere."""
    connection.execute(
        sql(
            "UPDATE former SET what = 'walk' WHERE what = 'turn' AND at = :now"
            f" AND {batch.among(connection, 'person_id')}"
        ),
        {"ids": batch.listed(connection, person_ids), "now": micros(now)},
    )


def note_runs(connection: Connection, moved: Iterable[tuple[Run, Run]], now: datetime) -> None:
    """Runs that something else than a turn has moved: each before and after."""
    at = micros(now)
    rows = [
        (before.person, at, "run", before.id, codec.dump(_before_run(before, after)))
        for before, after in moved
    ]
    batch.insert(connection, tables.FORMER, _COLUMNS, rows)


def note_slots(connection: Connection, send_ids: Iterable[str], now: datetime) -> None:
    """Slots that are about to be moved or given back."""
    postgresql = on_postgresql(connection)
    tags, build = ("tags", "jsonb_build_object") if postgresql else ("json(tags)", "json_object")
    slot = ", ".join(f"'{name}', {tags if name == 'tags' else name}" for name in SLOT_COLUMNS)
    connection.execute(
        sql(
            "INSERT INTO former (person_id, at, what, about, was)"
            f" SELECT person_id, :at, 'slot', mailbox_key, {build}({slot}) FROM slot"
            f" WHERE {batch.among(connection, 'send_id')}"
        ),
        {"ids": batch.listed(connection, send_ids), "at": micros(now)},
    )


def _before_turn(visit: Visit, turn: Turn) -> dict[str, Any]:
    life, after = visit.life, turn.life
    was: dict[str, Any] = {
        "seen": visit.seen,
        "due": (micros(life.looked_at), micros(life.due_at), life.zone),
    }
    if visit.seqs:
        was["acted"] = visit.seqs
    if life.knocking != after.knocking:
        was["knocking"] = [codec.knock_out(knock) for knock in life.knocking]
    if life.facts.standing != after.facts.standing or life.stage != after.stage:
        orders = life.facts.standing
        was["standing"] = (
            orders.orders, micros(orders.first_order_at), micros(orders.last_order_at),
            length_micros(orders.own_gap), micros(orders.won_back_at), life.stage,
        )  # fmt: skip
    runs, inside, took = _changed(visit, turn)
    if runs:
        was["runs"] = runs
    if inside:
        was["inside"] = inside
    if took:
        was["took"] = took
    return was


def _changed(visit: Visit, turn: Turn) -> tuple[dict[str, Any], dict[str, int | None], list[str]]:
    """What a turn did to runs (null: it made them), memberships and slots."""
    before = {run.id: run for run in visit.life.runs}
    since = visit.life.facts.memberships
    runs: dict[str, Any] = {}
    inside: dict[str, int | None] = {}
    took: list[str] = []
    for change in turn.changes:
        if isinstance(change, Moved):
            was = before.get(change.run.id)
            runs[change.run.id] = None if was is None else _before_run(was, change.run)
        elif isinstance(change, Joined | Departed):
            inside[change.segment] = micros(since.get(change.segment))
        elif isinstance(change, Assumed) or (isinstance(change, Queued) and not change.shadow):
            took.append(change.send_id)
    kept = {run.id for run in turn.life.runs}
    for run_id in before.keys() - kept:
        runs.setdefault(run_id, {})
    return runs, inside, took


def _before_run(before: Run, after: Run) -> dict[str, Any]:
    """The columns and the parts of the state that were another."""
    was: dict[str, Any] = {}
    for name in _RUN:
        value = getattr(before, name)
        if value != getattr(after, name):
            was[name] = micros(value) if isinstance(value, datetime) else value
    if any(getattr(before, name) != getattr(after, name) for name in _STATE):
        earlier, later = codec.run_out(before), codec.run_out(after)
        was["state"] = {
            name: earlier.get(name) for name in _STATE if earlier.get(name) != later.get(name)
        }
    return was
